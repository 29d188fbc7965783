"""Draws a cut, its mask and a lens as one picture."""

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar, cast

import numpy as np
import numpy.typing as npt

from annotator.imaging.windows import Window
from annotator.kernels import kernel
from annotator.model.volume import Hu

A = TypeVar("A", bound=npt.NDArray[np.generic])
Argb = npt.NDArray[np.uint32]
Labels = npt.NDArray[np.uint32]
Styles = npt.NDArray[np.uint8]

Part = tuple[int, int, int, int]
"""Pixels of a picture: left, top, and the right and bottom beyond them."""

BOLD = 1
"""An outline of two picture pixels, as for what is selected."""
DOTTED = 2
"""An outline with gaps, as for what no person has accepted."""
_THREADS = min(os.cpu_count() or 1, 4)
_WORTH_THREADS_PX = 200_000


@dataclass(frozen=True, slots=True)
class Framing:
    """Which part of a cut fills a picture.

    Attributes
    ----------
    left, top
        Continuous column and row of the cut at the picture's top left corner; whole numbers
        are the centres of the cut's pixels.
    columns_per_px, rows_per_px
        How far one picture pixel goes in the cut.
    """

    left: float
    top: float
    columns_per_px: float
    rows_per_px: float


@dataclass(frozen=True, slots=True, eq=False)
class Lens:
    """A round part of a picture that shows other values through another window."""

    hu: Hu
    window: Window
    center_px: tuple[float, float]
    radius_px: float


def picture(
    hu: Hu,
    window: Window,
    framing: Framing,
    out: Argb,
    *,
    labels: Labels | None = None,
    colors: Argb | None = None,
    styles: Styles | None = None,
    smooth: bool = True,
    is_inverted: bool = False,
    lens: Lens | None = None,
    part: Part | None = None,
) -> Argb:
    """Draw a cut, its mask and a lens into one picture, in one pass.

    Parameters
    ----------
    hu
        The cut, shape (rows, columns).
    out
        Shape (height, width), filled with 0xffRRGGBB and returned; black outside the cut.
    labels
        Shape (rows, columns); 0 is no label.
    colors
        0xAARRGGBB per label: AA is how much the fill covers; 0 fills nothing. The outline is one
        picture pixel at any zoom and always covers. A label beyond the table is not drawn.
    styles
        `BOLD` and `DOTTED` per label; none where it is not given.
    smooth
        Interpolate linearly between voxels, before windowing; else show each as it is.
    is_inverted
        Dark for bright, in the lens too.
    part
        Only these pixels are drawn, the others stay as they are.

    Notes
    -----
    1024 × 1024 from 512 × 512 with a mask takes about 4 ms on one core; large pictures are drawn
    by several.
    """
    hu = _writable(hu)
    through = lens or Lens(hu, window, (0.0, 0.0), -1.0)
    given = (
        hu,
        np.array(_line(window, is_inverted=is_inverted), np.float64),
        np.array(
            (framing.left, framing.top, framing.columns_per_px, framing.rows_per_px), np.float64
        ),
        _NO_LABELS if labels is None else _writable(labels),
        _NO_COLORS if colors is None else colors,
        np.zeros(0 if colors is None else len(colors), np.uint8) if styles is None else styles,
        smooth,
        through.hu,
        np.array(
            (*_line(through.window, is_inverted=is_inverted), *through.center_px, through.radius_px)
        ),
    )
    left, top, right, bottom = part or (0, 0, out.shape[1], len(out))
    size_px = (right - left) * (bottom - top)
    threads = _THREADS if size_px >= _WORTH_THREADS_PX else 1
    edges = [top + (bottom - top) * n // threads for n in range(threads + 1)]
    if threads == 1:
        _draw(*given, top, bottom, left, right, out)
    else:
        draw = _pool().map(
            lambda a, b: _draw(*given, a, b, left, right, out), edges[:-1], edges[1:]
        )
        list(draw)
    return out


@cache
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(_THREADS, thread_name_prefix="slices")


def _writable(cut: A) -> A:
    """Return the same memory as numba takes it for the one kernel that is compiled.

    A read-only array is another type to numba; the kernel only reads, so nothing is copied.
    """
    return cut if cut.flags.writeable else cast("A", np.asarray(_Lent(cut)))


class _Lent:
    """Shows an array's memory to numpy as if it could be written, and keeps it alive."""

    def __init__(self, array: npt.NDArray[Any]) -> None:
        self._array = array
        there = array.__array_interface__
        self.__array_interface__ = {**there, "data": (there["data"][0], False)}


def _line(window: Window, *, is_inverted: bool) -> tuple[float, float]:
    slope, offset = window.line()
    return (-slope, 255.0 - offset) if is_inverted else (slope, offset)


_NO_LABELS = np.zeros((0, 0), np.uint32)
_NO_COLORS = np.zeros(0, np.uint32)


@kernel
def _draw(  # noqa: PLR0917 - numba knows no keyword-only arguments
    hu: Hu,
    line: npt.NDArray[np.float64],
    framing: npt.NDArray[np.float64],
    labels: Labels,
    colors: Argb,
    styles: Styles,
    smooth: bool,  # noqa: FBT001 - kernels take no keywords
    lens_hu: Hu,
    lens: npt.NDArray[np.float64],
    start: int,
    stop: int,
    left_px: int,
    right_px: int,
    out: Argb,
) -> None:
    """Draw some lines of a picture; threads that draw others do not meet."""
    height, width = out.shape
    rows, columns = hu.shape
    near, share = _steps(framing[0], framing[2], width, columns, smooth)
    nearest = _nearest(framing[0], framing[2], width, columns)
    near_row, share_row = _steps(framing[1], framing[3], height, rows, smooth)
    nearest_row = _nearest(framing[1], framing[3], height, rows)
    first, end = _inside(nearest)
    first, end = max(first, left_px), min(end, right_px)
    scanline = np.empty(columns + 1, np.float32)
    for y in range(start, stop):
        out[y, left_px:right_px] = 0xFF000000
        if nearest_row[y] < 0:
            continue
        _blend(hu, near_row[y], share_row[y], scanline)
        _shade(scanline, near, share, line[0], line[1], first, end, out[y])
        half = lens[4] ** 2 - (y + 0.5 - lens[3]) ** 2
        if lens[4] > 0 and half > 0:
            left = max(first, int(lens[2] - half**0.5))
            right = min(end, int(lens[2] + half**0.5) + 1)
            _blend(lens_hu, near_row[y], share_row[y], scanline)
            _shade(scanline, near, share, lens[0], lens[1], left, right, out[y])
        if labels.size:
            _tint(labels, colors, styles, nearest, nearest_row, y, first, end, out)


@kernel
def _steps(
    start: float,
    step: float,
    count: int,
    size: int,
    smooth: bool,  # noqa: FBT001 - kernels take no keywords
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float32]]:
    """Return, per picture pixel, the source pixel before it and the share of the next one."""
    near = np.empty(count, np.int64)
    share = np.zeros(count, np.float32)
    for x in range(count):
        at = min(max(start + (x + 0.5) * step, 0.0), size - 1.0)
        near[x] = int(at) if smooth else int(at + 0.5)
        if smooth:
            share[x] = at - near[x]
    return near, share


@kernel
def _nearest(start: float, step: float, count: int, size: int) -> npt.NDArray[np.int64]:
    """Return, per picture pixel, the source pixel under it, or −1 outside the source."""
    nearest = np.empty(count, np.int64)
    for x in range(count):
        at = np.floor(start + (x + 0.5) * step + 0.5)
        nearest[x] = int(at) if 0 <= at < size else -1
    return nearest


@kernel
def _inside(nearest: npt.NDArray[np.int64]) -> tuple[int, int]:
    first, end = 0, len(nearest)
    while first < end and nearest[first] < 0:
        first += 1
    while end > first and nearest[end - 1] < 0:
        end -= 1
    return first, end


@kernel
def _blend(hu: Hu, row: int, share: float, scanline: npt.NDArray[np.float32]) -> None:
    """Mix two rows of the source; the last value is repeated, so that its neighbour exists."""
    columns = hu.shape[1]
    if share == 0:
        for c in range(columns):
            scanline[c] = hu[row, c]
    else:
        for c in range(columns):
            scanline[c] = hu[row, c] + share * (np.float32(hu[row + 1, c]) - hu[row, c])
    scanline[columns] = scanline[columns - 1]


@kernel
def _shade(  # noqa: PLR0917 - numba knows no keyword-only arguments
    scanline: npt.NDArray[np.float32],
    near: npt.NDArray[np.int64],
    share: npt.NDArray[np.float32],
    slope: float,
    offset: float,
    first: int,
    end: int,
    out: Argb,
) -> None:
    for x in range(first, end):
        before = scanline[near[x]]
        value = before + share[x] * (scanline[near[x] + 1] - before)
        grey = np.uint32(min(max(value * slope + offset, 0.0), 255.0) + 0.5)
        out[x] = np.uint32(0xFF000000) | (grey * np.uint32(0x010101))


@kernel
def _tint(  # noqa: PLR0917 - numba knows no keyword-only arguments
    labels: Labels,
    colors: Argb,
    styles: Styles,
    nearest: npt.NDArray[np.int64],
    nearest_row: npt.NDArray[np.int64],
    y: int,
    first: int,
    end: int,
    out: Argb,
) -> None:
    row = nearest_row[y]
    if not labels[row].any():
        return
    for x in range(first, end):
        label = labels[row, nearest[x]]
        if label == 0 or label >= len(colors) or colors[label] == 0:
            continue
        is_edge = _differs(labels, nearest, nearest_row, x, y, 1)
        if styles[label] & BOLD and not is_edge:
            is_edge = _differs(labels, nearest, nearest_row, x, y, 2)
        if styles[label] & DOTTED and (x + y) % 6 > 2:
            is_edge = False
        alpha: np.uint32 = np.uint32(255) if is_edge else colors[label] >> np.uint32(24)
        out[y, x] = _over(out[y, x], colors[label], alpha)


@kernel
def _differs(  # noqa: PLR0917 - as above
    labels: Labels,
    nearest: npt.NDArray[np.int64],
    nearest_row: npt.NDArray[np.int64],
    x: int,
    y: int,
    reach: int,
) -> bool:
    """Tell whether another label lies that many picture pixels away; the cut's end is none."""
    row, column = nearest_row[y], nearest[x]
    label = labels[row, column]
    for step in (-reach, reach):
        if 0 <= x + step < len(nearest):
            beside = nearest[x + step]
            if beside >= 0 and labels[row, beside] != label:
                return True
        if 0 <= y + step < len(nearest_row):
            beside = nearest_row[y + step]
            if beside >= 0 and labels[beside, column] != label:
                return True
    return False


@kernel
def _over(under: np.uint32, color: np.uint32, alpha: np.uint32) -> np.uint32:
    result = np.uint32(0xFF000000)
    for shift in (0, 8, 16):
        a = (under >> np.uint32(shift)) & np.uint32(255)
        b = (color >> np.uint32(shift)) & np.uint32(255)
        mixed = (a * (np.uint32(255) - alpha) + b * alpha + np.uint32(127)) // np.uint32(255)
        result |= mixed << np.uint32(shift)
    return result
