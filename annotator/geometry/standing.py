"""Tells an object that stood still while several scans were taken from one that moved."""

import numpy as np
import numpy.typing as npt

from annotator.geometry.boxes import in_box_axes
from annotator.model.cloud import Points
from annotator.model.shapes import Box3D

_AROUND_M = 1.0
_ABOVE_FLOOR_M = 0.25
_INSIDE_SHARE = 0.45
_LEAST_POINTS = 8
_ENDS = (5, 95)
_ALIKE = 0.4
"""Where the ends go very different ways, more or less is seen of a thing that stands."""


def gone_m(xyz_m: Points, frames: npt.NDArray[np.integer], box: Box3D) -> float | None:
    """Return how far what scans show in a box has gone between the first of them and the last.

    What is seen of a thing changes with where it is seen from, but one end of it stays where it
    is; it has moved where both its ends have gone the same way, about as far.

    Parameters
    ----------
    xyz_m, frames
        Points of all scans laid over each other, shape (N, 3), and the scan of each.
    box
        About where the thing is in one of them.

    Returns
    -------
    float or None
        The longer of the ways along and across the box; None where fewer than two scans show it.
    """
    near = np.flatnonzero(_is_near(xyz_m, box))
    own, of = in_box_axes(xyz_m[near], box), frames[near]
    low = own[:, 2] > -box.size_m[2] / 2 + _ABOVE_FLOOR_M
    low &= own[:, 2] < box.size_m[2] / 2 + _ABOVE_FLOOR_M
    own, of = own[low], of[low]
    gone = [_gone_m(own, of, box, axis) for axis in (0, 1)]
    return max((way for way in gone if way is not None), default=None)


def _is_near(xyz_m: Points, box: Box3D) -> npt.NDArray[np.bool_]:
    reach = np.float32(np.hypot(*box.size_m[:2]) / 2 + _AROUND_M)
    offsets = np.abs(xyz_m[:, :2] - np.array(box.center_m[:2], np.float32))
    with np.errstate(invalid="ignore"):
        return np.asarray((offsets <= reach).all(axis=1))


def _gone_m(
    own: npt.NDArray[np.float64], frames: npt.NDArray[np.integer], box: Box3D, axis: int
) -> float | None:
    """Return how far both ends have gone along an axis; None where too few scans show them."""
    other = 1 - axis
    # its neighbours beside it say nothing about its ends
    kept = np.abs(own[:, other]) < _INSIDE_SHARE * box.size_m[other]
    kept &= np.abs(own[:, axis]) < box.size_m[axis] / 2 + _AROUND_M
    along, of = own[kept, axis], frames[kept]
    numbers, counts = np.unique(of, return_counts=True)
    seen = numbers[counts >= _LEAST_POINTS]
    if len(seen) < 2:
        return None
    first, last = (np.percentile(along[of == n], _ENDS) for n in (seen[0], seen[-1]))
    one, two = np.sort(np.abs(last - first))
    is_whole = bool(np.prod(last - first) > 0) and one > _ALIKE * two
    return float(one) if is_whole else 0.0
