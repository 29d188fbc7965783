"""Moves a hand-drawn corner onto corners and right angles that are there already."""

import math
from collections.abc import Iterable, Sequence
from itertools import pairwise

from annotator.geometry.vectors import heading_rad
from annotator.model.shapes import Polyline3D, Vec3

WITHIN_M = 0.4
WITHIN_RAD = math.radians(5)


def snapped_vertex(
    at_m: Vec3,
    before: Sequence[Vec3],
    walls: Iterable[Polyline3D] = (),
    *,
    within_m: float = WITHIN_M,
    within_rad: float = WITHIN_RAD,
) -> Vec3:
    """Return where the next vertex of a foot goes.

    Parameters
    ----------
    before
        Vertices drawn so far, in order.
    walls
        Walls that are there: their corners attract first, then the right angle with the last
        stretch drawn, or, for the first stretch, the angle of any wall.
    """
    walls = tuple(walls)
    corners = [*before[:-1], *(v for wall in walls for v in wall.vertices_m)]
    near = min(corners, key=lambda v: math.dist(v[:2], at_m[:2]), default=None)
    if near is not None and math.dist(near[:2], at_m[:2]) <= within_m:
        return (near[0], near[1], at_m[2])
    if not before or before[-1][:2] == at_m[:2]:
        return at_m
    return _squared(at_m, before, walls, within_rad)


def _squared(
    at_m: Vec3, before: Sequence[Vec3], walls: tuple[Polyline3D, ...], within_rad: float
) -> Vec3:
    start = before[-1]
    way = heading_rad(start, at_m)
    known = [before[-2:]] if len(before) > 1 else [p for w in walls for p in pairwise(w.vertices_m)]
    turns = [math.remainder(heading_rad(a, b) - way, math.pi / 2) for a, b in known]
    turn = min(turns, key=abs, default=math.inf)
    if abs(turn) > within_rad:
        return at_m
    length = math.dist(start[:2], at_m[:2]) * math.cos(turn)
    x, y = start[0] + length * math.cos(way + turn), start[1] + length * math.sin(way + turn)
    return (x, y, at_m[2])
