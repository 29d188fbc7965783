"""Tells an object that stood still while several scans were taken from one that moved."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from annotator.geometry.boxes import in_box_axes
from annotator.model.cloud import Points
from annotator.model.shapes import Box3D

Floats = npt.NDArray[np.float64]

_AROUND_M = 1.0
_ABOVE_FLOOR_M, _OVER_M = 0.25, 0.25
_INSIDE_SHARE = 0.45
_LEAST_POINTS = 8
_ENDS = (5, 95)
_ALIKE = 0.4
"""Where the ends go very different ways, more or less is seen of a thing that stands."""


def gone_m(scans: Sequence[Points], box: Box3D) -> float | None:
    """Return how far what scans show in a box has gone between the first of them and the last.

    What is seen of a thing changes with where it is seen from, but one end of it stays where it
    is; it has moved where both its ends have gone the same way, about as far.

    Parameters
    ----------
    scans
        Points of each scan in turn, shape (N, 3), all in the axes of the box.
    box
        About where the thing is in one of them.

    Returns
    -------
    float or None
        The longer of the ways along and across the box; None where fewer than two scans show it.
    """
    own = [_in_box(xyz_m, box) for xyz_m in scans]
    gone = [_gone_m(own, box, axis) for axis in (0, 1)]
    return max((way for way in gone if way is not None), default=None)


def _in_box(xyz_m: Points, box: Box3D) -> Floats:
    """Return the points around a box, above the floor, in its own axes."""
    reach = np.float32(np.hypot(*box.size_m[:2]) / 2 + _AROUND_M)
    x, y = np.float32(box.center_m[0]), np.float32(box.center_m[1])
    with np.errstate(invalid="ignore"):
        near = (np.abs(xyz_m[:, 0] - x) <= reach) & (np.abs(xyz_m[:, 1] - y) <= reach)
    own = in_box_axes(xyz_m[near], box)
    half_m = box.size_m[2] / 2
    return np.asarray(own[(own[:, 2] > _ABOVE_FLOOR_M - half_m) & (own[:, 2] < half_m + _OVER_M)])


def _gone_m(scans: Sequence[Floats], box: Box3D, axis: int) -> float | None:
    """Return how far both ends have gone along an axis; None where too few scans show them."""
    other = 1 - axis
    ends: list[Floats] = []
    for own in scans:
        # its neighbours beside it say nothing about its ends
        kept = np.abs(own[:, other]) < _INSIDE_SHARE * box.size_m[other]
        kept &= np.abs(own[:, axis]) < box.size_m[axis] / 2 + _AROUND_M
        if np.count_nonzero(kept) >= _LEAST_POINTS:
            ends.append(np.percentile(own[kept, axis], _ENDS))
    if len(ends) < 2:
        return None
    gone = ends[-1] - ends[0]
    one, two = np.sort(np.abs(gone))
    is_whole = bool(np.prod(gone) > 0) and one > _ALIKE * two
    return float(one) if is_whole else 0.0
