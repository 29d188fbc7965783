"""Lets the colour of a point also say its class: tinted by it, or faded with it, by a table alone.

The colours of a scan are a table, and a number per point. Here the table is repeated in blocks, one
for each class, and a point's number lies in its class's block: to tint or to fade a class then is
another table, for which no point is looked at.
"""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from annotator.geometry.colouring import AT_ONCE, Numbers, Table
from annotator.model.labels import Rgb, Taxonomy

MOST_COLOURS = 1 << 16
_TINT_SHARE, _FADED_SHARE = 0.72, 0.22
_BEHIND: Rgb = (18, 21, 26)

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class ClassBlocks:
    """In which block of the table each class's points look their colour up.

    Attributes
    ----------
    stride
        Colours in a block.
    of_value
        Block of each label value; the last one is for values that no class has.
    """

    stride: int
    of_value: npt.NDArray[np.uint16]

    @property
    def count(self) -> int:
        """How many blocks there are."""
        return int(self.of_value.max(initial=0)) + 1

    def numbers(self, plain: Numbers, values: npt.NDArray[np.integer]) -> Numbers:
        """Return colour numbers in the blocks of the points' label values, shape (N,)."""
        numbers = plain.copy()
        last, steps = len(self.of_value) - 1, self.of_value * np.uint16(self.stride)
        for start in range(0, len(values), AT_ONCE):  # else other threads would wait too long
            part = slice(start, start + AT_ONCE)
            numbers[part] += steps[np.minimum(values[part], last)]
        return numbers

    def plain(self, numbers: Numbers) -> Numbers:
        """Return what the numbers were before they were put in blocks."""
        return np.asarray(numbers % np.uint16(self.stride))


def blocks_for(taxonomy: Taxonomy, stride: int, *, most: int = MOST_COLOURS) -> ClassBlocks | None:
    """Return a block for every class; None where a table cannot be that long.

    Parameters
    ----------
    stride
        Colours of the plain table.
    most
        Colours that the whole table may have.
    """
    labels = tuple(taxonomy)
    if stride * (len(labels) + 1) > most:
        return None
    of_value = np.zeros(2 + max((label.value for label in labels), default=0), np.uint16)
    for block, label in enumerate(labels, start=1):
        of_value[label.value] = block
    return ClassBlocks(stride, of_value)


def table_in_blocks(
    plain: Table, taxonomy: Taxonomy, *, tints: bool, faded: Collection[int]
) -> Table:
    """Return a table with a block for every class, behind the one for points without a class.

    Parameters
    ----------
    tints
        Whether a class's points take its colour on, yet still tell what the plain colours tell.
    faded
        Label values of classes that are hardly to be seen; 0 is of points without one.
    """
    blocks = [_packed(dimmed(unpacked(plain))) if 0 in faded else plain]
    for label in taxonomy:
        rgb = unpacked(plain)
        if tints:
            rgb = tinted(rgb, label.color)
        if label.value in faded:
            rgb = dimmed(rgb)
        blocks.append(_packed(rgb))
    return np.concatenate(blocks)


def with_faded(table: Table, values: Collection[int]) -> Table:
    """Return a table in which some of its colours are hardly to be seen."""
    chosen = [value for value in values if value < len(table)]
    faded = table.copy()
    faded[chosen] = _packed(dimmed(unpacked(table[chosen])))
    return faded


def tinted(rgb: Floats, color: Rgb) -> Floats:
    """Return a class's colour, lighter and darker as the colours are, shape (n, 3)."""
    light = rgb @ np.array((0.2126, 0.7152, 0.0722)) / 255
    shade = (_TINT_SHARE + (1 - _TINT_SHARE) * 2 * light)[:, None]
    return np.asarray(np.clip(shade * np.array(color), 0, 255))


def dimmed(rgb: Floats) -> Floats:
    """Return colours that hardly stand out from the dark behind them."""
    behind = np.array(_BEHIND, float)
    return np.asarray(behind + _FADED_SHARE * (rgb - behind))


def unpacked(table: Table) -> Floats:
    """Return 0xffRRGGBB as red, green and blue, shape (n, 3), 0 to 255."""
    shifts = np.array((16, 8, 0), np.uint32)
    return ((table[:, None] >> shifts) & 0xFF).astype(float)


def _packed(rgb: Floats) -> Table:
    wide = np.round(rgb).astype(np.uint32)
    return np.asarray(np.uint32(0xFF000000) | wide[:, 0] << 16 | wide[:, 1] << 8 | wide[:, 2])
