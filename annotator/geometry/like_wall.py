"""Tells a click on a wall from one on an object, which a wall would pass for with some size."""

import math

import numpy as np

from annotator.geometry.between_floors import standing
from annotator.geometry.ground import Ground
from annotator.geometry.neighbours import PointIndex
from annotator.geometry.wall import NoWallError, fit_wall
from annotator.model.shapes import Vec2, Vec3

_COLUMN_M, _BESIDE_M, _ON_M = 0.3, 0.6, 0.06
_HIGH, _TO_CEILING = 0.8, 0.88
"""What share of the room a long wall is seen up to, and a short piece of one."""
_SHORT_M = 1.0
_ABOVE_M, _BELOW_M = 0.1, 0.05


def wall_length_m(
    index: PointIndex, ground: Ground, at_m: Vec2 | Vec3, *, longer_than_m: float
) -> float | None:
    """Return how long the wall is that was clicked; None for what is no wall.

    A wall is flat and upright, goes up to about the ceiling where it was clicked, and is longer
    than an object; a piece of which little is seen goes up to the very ceiling. Under open sky
    nothing counts as one: a lorry is as high.
    """
    if len(at_m) == 2:
        return None
    storey = ground.storey_at(*at_m)
    room_m = ground.ceiling_at(*at_m) - ground.floor_at(*at_m)
    if not math.isfinite(room_m):
        return None
    beside = index.within(at_m[0], at_m[1], _COLUMN_M)
    _rows, near = standing(index, ground, beside, storey, above_m=_ABOVE_M, below_m=_BELOW_M)
    floor_m = ground.floor_at(*at_m)
    if not len(near) or near[:, 2].max() < floor_m + _HIGH * room_m:
        return None  # which is quick to tell, and so for almost every object
    try:
        fit = fit_wall(index, ground, at_m)
    except NoWallError:
        return None
    own = index.xyz_m[fit.rows]
    here = own[np.hypot(own[:, 0] - at_m[0], own[:, 1] - at_m[1]) < _BESIDE_M]
    ends = fit.shape.vertices_m
    length_m = math.dist(ends[0][:2], ends[-1][:2])
    up_m = float(here[:, 2].max()) - floor_m if len(here) else 0.0
    is_whole = up_m >= _TO_CEILING * room_m and length_m > _SHORT_M
    is_long = up_m >= _HIGH * room_m and length_m > longer_than_m
    is_on = _off_m(ends[0], ends[-1], at_m) < _ON_M
    return length_m if is_on and (is_long or is_whole) else None


def _off_m(one_m: Vec3, other_m: Vec3, at_m: Vec3) -> float:
    """Return how far a place is from the line through two, in plan."""
    dx, dy = other_m[0] - one_m[0], other_m[1] - one_m[1]
    across = dx * (at_m[1] - one_m[1]) - dy * (at_m[0] - one_m[0])
    return abs(across) / max(math.hypot(dx, dy), 1e-9)
