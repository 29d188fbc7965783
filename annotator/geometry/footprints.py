"""Outlines what was fitted, in plan: seen sides, and those that only the fit tells of."""

import math

import numpy as np
import numpy.typing as npt

from annotator.geometry.boxes import corners, in_box_axes
from annotator.geometry.cluster import contour
from annotator.geometry.outlines import simplified
from annotator.model.shapes import Box3D, Cylinder3D, Face, Polygon3D, Polyline3D, Vec3

Floats = npt.NDArray[np.float64]

_EDGES = (Face.LEFT, Face.BACK, Face.RIGHT, Face.FRONT)
"""Which side of a box starts at each of its four lower corners, counter-clockwise from above."""
_REACHED_M = 0.25  # the corners of cars are round
_CORNERS_OF_ROUND = 24
_BESIDE_RAD = math.radians(30)


def box_outline(box: Box3D, points_m: npt.NDArray[np.floating]) -> Polygon3D:
    """Return an outline along an object's points, and along its box where no point showed it.

    Parameters
    ----------
    points_m
        The points in the box without the floor's, shape (N, 3), in the box's axes of the world.
    """
    foot = corners(box)[:4]
    told = [number for number in range(4) if not _is_seen(number, foot, box, points_m)]
    ring = simplified(contour(np.concatenate([points_m, foot[told]]), float(foot[0, 2])).vertices_m)
    sides = [_side_of(middle, box) for middle in _middles(ring)]
    return Polygon3D(ring, frozenset(k for k, side in enumerate(sides) if side in box.assumed))


def pillar_outline(pillar: Box3D | Cylinder3D, points_m: npt.NDArray[np.floating]) -> Polygon3D:
    """Return the section of a pillar, which was laid through its points.

    Parameters
    ----------
    points_m
        The points on the pillar, shape (N, 3); what of a round one lies far from all is assumed.
    """
    if isinstance(pillar, Box3D):
        ring = tuple((x, y, z) for x, y, z in corners(pillar)[:4].tolist())
        return Polygon3D(ring, frozenset(k for k in range(4) if _EDGES[k] in pillar.assumed))
    (x, y, z), step = pillar.center_m, math.tau / _CORNERS_OF_ROUND
    foot, turns = z - pillar.height_m / 2, step * np.arange(_CORNERS_OF_ROUND)
    offsets = np.asarray(points_m[:, :2], np.float64) - (x, y)
    seen = np.arctan2(offsets[:, 1], offsets[:, 0])
    apart = np.abs(np.angle(np.exp(1j * (turns[:, None] + step / 2 - seen))))
    unseen = np.flatnonzero(apart.min(axis=1, initial=math.pi) > _BESIDE_RAD)
    ring = tuple(
        (x + pillar.radius_m * math.cos(turn), y + pillar.radius_m * math.sin(turn), foot)
        for turn in turns.tolist()
    )
    return Polygon3D(ring, frozenset(unseen.tolist()))


def wall_outline(wall: Polyline3D, seen_from_m: Vec3 | None) -> Polygon3D:
    """Return the outline of a straight wall behind the face that was seen.

    Parameters
    ----------
    seen_from_m
        Where the scan was taken; where that is not known the wall lies half to each side, and
        nothing tells where any of its sides is.
    """
    a, b = (np.asarray(vertex) for vertex in (wall.vertices_m[0], wall.vertices_m[-1]))
    left = np.array([a[1] - b[1], b[0] - a[0], 0.0]) / math.dist(a[:2], b[:2]) * wall.thickness_m
    if seen_from_m is None:
        return _ring(a - left / 2, b - left / 2, left, frozenset(range(4)))
    if float((np.asarray(seen_from_m) - a)[:2] @ left[:2]) > 0:
        a, b, left = b, a, -left
    return _ring(a, b, left, frozenset((1, 2, 3)))


def _is_seen(number: int, foot: Floats, box: Box3D, points_m: npt.NDArray[np.floating]) -> bool:
    """Tell whether points show a lower corner: both its sides were seen, and near it."""
    if {_EDGES[number], _EDGES[number - 1]} & box.assumed:
        return False
    apart = np.hypot(*(np.asarray(points_m[:, :2], np.float64) - foot[number, :2]).T)
    return bool(apart.min(initial=math.inf) <= _REACHED_M)


def _middles(ring: tuple[Vec3, ...]) -> Floats:
    vertices = np.asarray(ring)
    return np.asarray((vertices + np.roll(vertices, -1, axis=0)) / 2)


def _side_of(place: Floats, box: Box3D) -> Face:
    """Return the side of a box that is nearest to a place on or about its outline."""
    u, v, _w = in_box_axes(place[None], box)[0].tolist()
    length, width, _height = box.size_m
    if length / 2 - abs(u) < width / 2 - abs(v):
        return Face.FRONT if u > 0 else Face.BACK
    return Face.LEFT if v > 0 else Face.RIGHT


def _ring(a: Floats, b: Floats, across: Floats, assumed: frozenset[int]) -> Polygon3D:
    corners_m = (a, b, b + across, a + across)
    return Polygon3D(tuple((x, y, z) for x, y, z in np.array(corners_m).tolist()), assumed)
