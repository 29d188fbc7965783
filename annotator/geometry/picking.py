"""Reads which point a picture of rows shows at a pixel."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from annotator.geometry.drawing import NOTHING, Entries, Pixels
from annotator.kernels import kernel
from annotator.model.shapes import Vec2

Rows = npt.NDArray[np.int64]
Marked = npt.NDArray[np.uint8]

_ROW = np.uint64(0xFFFFFFFF)
_RING_PX = 1


def pick(entries: Entries, at_px: Vec2, *, within_px: int = 4) -> int | None:
    """Return the row seen at a pixel, or close to it; None on nothing.

    The closest pixel wins, and of equally close ones the nearest point. Cost does not depend on
    the number of points.
    """
    column, line = int(np.floor(at_px[0])), int(np.floor(at_px[1]))
    left, top = max(column - within_px, 0), max(line - within_px, 0)
    around = entries[top : max(line + within_px + 1, 0), left : max(column + within_px + 1, 0)]
    lines, columns = np.nonzero(around != NOTHING)
    if not len(lines):
        return None
    apart = (lines + top - line) ** 2 + (columns + left - column) ** 2
    if int(apart.min()) > within_px**2:
        return None
    found = around[lines, columns]
    best = np.lexsort((found, apart))[0]
    return int(found[best] & _ROW)


def tinted(entries: Entries, rows: Rows, count: int, color: np.uint32) -> Pixels:
    """Return a picture that has a colour, 0xAARRGGBB, where a picture of rows shows one of them.

    Parameters
    ----------
    count
        How many rows the scan has.
    """
    return _laid(_tint, entries, rows, count, color)


def ringed(entries: Entries, rows: Rows, count: int, color: np.uint32) -> Pixels:
    """Return a picture that has a colour around the pixels that show one of some rows.

    Parameters
    ----------
    count
        How many rows the scan has.
    """
    return _laid(_ring, entries, rows, count, color)


def _laid(
    kind: Callable[[Entries, Marked, np.uint32, Pixels], None],
    entries: Entries,
    rows: Rows,
    count: int,
    color: np.uint32,
) -> Pixels:
    marked = np.zeros(count, np.uint8)
    marked[rows] = 1
    pixels = np.zeros(entries.shape, np.uint32)
    kind(entries, marked, color, pixels)
    return pixels


@kernel
def _tint(entries: Entries, marked: Marked, color: np.uint32, pixels: Pixels) -> None:
    height, width = entries.shape
    for line in range(height):
        for column in range(width):
            entry = entries[line, column]
            if entry != NOTHING and marked[entry & np.uint64(0xFFFFFFFF)]:
                pixels[line, column] = color


@kernel
def _ring(entries: Entries, marked: Marked, color: np.uint32, pixels: Pixels) -> None:
    height, width = entries.shape
    for line in range(height):
        for column in range(width):
            entry = entries[line, column]
            if entry == NOTHING or marked[entry & np.uint64(0xFFFFFFFF)] == 0:
                continue
            for y in range(max(line - _RING_PX, 0), min(line + _RING_PX + 1, height)):
                for x in range(max(column - _RING_PX, 0), min(column + _RING_PX + 1, width)):
                    other = entries[y, x]
                    if other == NOTHING or marked[other & np.uint64(0xFFFFFFFF)] == 0:
                        pixels[y, x] = color
