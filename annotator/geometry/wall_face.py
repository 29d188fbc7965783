"""Finds where on a wall's face a line of sight meets it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from annotator.model.shapes import Polyline3D, Vec3

_SAME_PLANE_M, _SAME_TURN = 0.12, 0.01


@dataclass(frozen=True, slots=True)
class OnFace:
    """A place on a wall.

    Attributes
    ----------
    stretch
        Which stretch of the foot it is on, from 0.
    along_m
        Distance along the whole foot from its first vertex.
    up_m
        Height above the foot.
    ahead_m
        Distance from the eye.
    """

    stretch: int
    along_m: float
    up_m: float
    ahead_m: float


def on_face(
    wall: Polyline3D, origin_m: Vec3, direction: Vec3, stretch: int | None = None
) -> OnFace | None:
    """Return where a ray of unit direction first meets a wall; None where it misses.

    Parameters
    ----------
    stretch
        Look at this stretch only, and bring a place beside it onto its nearest edge.
    """
    met: list[OnFace] = []
    before_m = 0.0
    for number, (a, b) in enumerate(pairwise(wall.vertices_m)):
        length = math.dist(a[:2], b[:2])
        if length > 0 and stretch in (None, number):
            place = _met(a, b, origin_m, direction)
            if place is not None:
                along, up, ahead = place
                if stretch is not None:
                    along, up = _within(along, length), _within(up, wall.height_m)
                if 0 <= along <= length and 0 <= up <= wall.height_m:
                    met.append(OnFace(number, before_m + along, up, ahead))
        before_m += length
    return min(met, key=lambda place: place.ahead_m, default=None)


def face_corners(wall: Polyline3D, start_m: float, end_m: float) -> tuple[Vec3, Vec3]:
    """Return the two places of the foot at two distances along it."""
    return _along(wall, start_m), _along(wall, end_m)


def foot_length_m(vertices_m: Sequence[Vec3]) -> float:
    """Return how long a wall's foot is in plan, along all its stretches."""
    return sum(math.dist(a[:2], b[:2]) for a, b in pairwise(vertices_m))


def is_same_wall(one: Polyline3D, other: Polyline3D) -> bool:
    """Tell whether two straight walls lie in one plane and share a stretch of it."""
    if len(one.vertices_m) != 2 or len(other.vertices_m) != 2:
        return False
    (ax, ay, _az), (bx, by, _bz) = one.vertices_m
    length = math.dist((ax, ay), (bx, by))
    if length == 0:
        return False
    ux, uy = (bx - ax) / length, (by - ay) / length
    along = sorted(ux * (x - ax) + uy * (y - ay) for x, y, _z in other.vertices_m)
    off = [abs(-uy * (x - ax) + ux * (y - ay)) for x, y, _z in other.vertices_m]
    shared = min(along[1], length) - max(along[0], 0.0)
    return shared > 0 and max(off) < _SAME_PLANE_M + _SAME_TURN * (along[1] - along[0] + length)


def _met(a: Vec3, b: Vec3, origin_m: Vec3, direction: Vec3) -> tuple[float, float, float] | None:
    length = math.dist(a[:2], b[:2])
    ux, uy = (b[0] - a[0]) / length, (b[1] - a[1]) / length
    towards = -uy * direction[0] + ux * direction[1]
    if abs(towards) < 1e-6:
        return None
    apart = -uy * (a[0] - origin_m[0]) + ux * (a[1] - origin_m[1])
    ahead = apart / towards
    x, y, z = (o + ahead * d for o, d in zip(origin_m, direction, strict=True))
    along = ux * (x - a[0]) + uy * (y - a[1])
    foot = a[2] + (b[2] - a[2]) * _within(along / length, 1.0)
    return along, z - foot, ahead


def _along(wall: Polyline3D, at_m: float) -> Vec3:
    left = at_m
    for a, b in pairwise(wall.vertices_m):
        length = math.dist(a[:2], b[:2])
        if left <= length and length > 0:
            x, y, z = (p + (q - p) * left / length for p, q in zip(a, b, strict=True))
            return (x, y, z)
        left -= length
    return wall.vertices_m[-1]


def _within(value: float, most: float) -> float:
    return min(max(value, 0.0), most)
