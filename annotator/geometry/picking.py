"""Reads which point a picture of rows shows at a pixel."""

import numpy as np
import numpy.typing as npt

from annotator.geometry.drawing import NOTHING, Entries
from annotator.model.shapes import Vec2

_ROW = np.uint64(0xFFFFFFFF)


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


def rows_seen(entries: Entries) -> npt.NDArray[np.int64]:
    """Return the rows that a picture shows anywhere, sorted."""
    return np.unique((entries[entries != NOTHING] & _ROW).astype(np.int64))
