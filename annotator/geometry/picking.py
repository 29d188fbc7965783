"""Reads which point a picture of rows shows at a pixel."""

import numpy as np
import numpy.typing as npt

from annotator.geometry.drawing import NOTHING, Entries, Pixels
from annotator.kernels import kernel
from annotator.model.shapes import Vec2

Rows = npt.NDArray[np.int64]
Marked = npt.NDArray[np.uint8]
Seen = npt.NDArray[np.bool_]

_ROW = np.uint64(0xFFFFFFFF)
_RIM = np.uint32(0xFFF2F4F8)


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


def marked(rows: Rows, count: int) -> Marked:
    """Return one byte for each of a scan's ``count`` rows, 1 for some of them."""
    found = np.zeros(count, np.uint8)
    found[rows] = 1
    return found


def tinted(entries: Entries, marks: Marked, color: np.uint32) -> Pixels:
    """Return a picture that has a colour, 0xAARRGGBB, where a picture of rows shows a marked one.

    They are larger there, and a light rim is seen over whatever colours the others have.
    """
    larger = _widened(_shown(entries, marks))
    return np.asarray(larger * color + (_widened(larger) ^ larger) * _RIM)


def ringed(entries: Entries, marks: Marked, color: np.uint32) -> Pixels:
    """Return a picture that has a colour around the pixels that show a marked row."""
    own = _shown(entries, marks)
    return np.asarray((_widened(own) ^ own) * color)


def _shown(entries: Entries, marks: Marked) -> Seen:
    """Tell which pixels show a marked row."""
    seen = np.zeros(entries.shape, np.bool_)
    _mark(entries, marks, seen)
    return seen


def _widened(seen: Seen) -> Seen:
    """Add the pixels around."""
    wide = seen.copy()
    wide[:, 1:] |= seen[:, :-1]
    wide[:, :-1] |= seen[:, 1:]
    high = wide.copy()
    high[1:] |= wide[:-1]
    high[:-1] |= wide[1:]
    return high


@kernel
def _mark(entries: Entries, marks: Marked, seen: Seen) -> None:
    height, width = entries.shape
    for line in range(height):
        for column in range(width):
            entry = entries[line, column]
            if entry != NOTHING and marks[entry & np.uint64(0xFFFFFFFF)]:
                seen[line, column] = True
