"""Tells the lines that show a shape, and what a shape holds, whichever kind it is."""

import math
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from annotator.geometry.boxes import corners, points_in_box
from annotator.geometry.vectors import vec3
from annotator.model.shapes import (
    Box3D,
    Cylinder3D,
    Face,
    Focus,
    Point3D,
    Polygon3D,
    Polyline3D,
    Shape,
    Vec2,
    Vec3,
)

Floats = npt.NDArray[np.float64]

# Corner pairs of `boxes.corners` that border each face.
BORDERS: dict[Face, tuple[tuple[int, int], ...]] = {
    Face.BOTTOM: ((0, 1), (1, 2), (2, 3), (3, 0)),
    Face.TOP: ((4, 5), (5, 6), (6, 7), (7, 4)),
    Face.FRONT: ((0, 3), (3, 7), (7, 4), (4, 0)),
    Face.BACK: ((1, 2), (2, 6), (6, 5), (5, 1)),
    Face.LEFT: ((0, 1), (1, 5), (5, 4), (4, 0)),
    Face.RIGHT: ((2, 3), (3, 7), (7, 6), (6, 2)),
}
EDGES = (*BORDERS[Face.BOTTOM], *BORDERS[Face.TOP], (0, 4), (1, 5), (2, 6), (3, 7))

_CROSS_M = 0.15
_THINNEST_M = 0.1
"""As thin as a box around a line or a place may be."""
_FLAT_M = 0.3
_ROUND = 32


@lru_cache(maxsize=8192)
def lines_of(shape: Shape) -> Floats:
    """Return the ends of the lines that show a shape, shape (n, 2, 3), world metres.

    A box has its twelve in the order of `EDGES`; a focus has none. The array is shared: it cannot
    be written to.
    """
    lines = _lines(shape)
    lines.setflags(write=False)
    return lines


def assumed_lines(shape: Shape) -> npt.NDArray[np.bool_]:
    """Tell which of `lines_of` a shape no point showed: a box's border such a face."""
    match shape:
        case Box3D():
            assumed = {frozenset(edge) for face in shape.assumed for edge in BORDERS[face]}
            return np.array([frozenset(edge) in assumed for edge in EDGES])
        case Cylinder3D(assumed=True):
            return np.ones(len(lines_of(shape)), np.bool_)
        case Polygon3D():
            return np.isin(np.arange(len(shape.vertices_m)), sorted(shape.assumed))
        case _:
            return np.zeros(len(lines_of(shape)), np.bool_)


def faces_of(shape: Shape) -> list[Floats]:
    """Return the outlines, each (n, 3), world metres, that together cover what a shape shows.

    A line without height, a place and a focus have none.
    """
    match shape:
        case Box3D():
            return [corners(shape)[[first for first, _next in ring]] for ring in BORDERS.values()]
        case Cylinder3D():
            low, high = _rings(shape)
            return [low, high, *_between(low, high)]
        case Polyline3D(vertices, height) if height:
            foot = np.asarray(vertices, float)
            return _between(foot, foot + np.array([0, 0, height]))
        case Polygon3D(vertices):
            return [np.asarray(vertices, float)]
        case _:
            return []


def holds(shape: Shape, at_m: Vec3, margin_m: float = 0.05) -> bool:
    """Tell whether a place lies in a shape, or on it; a line and a place hold what is near."""
    match shape:
        case Box3D():
            near = math.dist(shape.center_m, at_m) < math.hypot(*shape.size_m) / 2 + 2 * margin_m
            return near and bool(points_in_box(np.array([at_m]), shape, margin_m=margin_m)[0])
        case Cylinder3D((x, y, z), radius, height):
            apart = math.hypot(at_m[0] - x, at_m[1] - y)
            return apart <= radius + margin_m and abs(at_m[2] - z) <= height / 2 + margin_m
        case Polyline3D():
            return _is_on_wall(shape, at_m, margin_m)
        case Polygon3D(vertices):
            heights = [z for _x, _y, z in vertices]
            within = min(heights) - _FLAT_M <= at_m[2] <= max(heights) + _FLAT_M
            return within and is_inside(np.asarray(vertices)[:, :2], at_m[:2])
        case Point3D(at):
            return math.dist(at, at_m) <= _CROSS_M
        case Focus():
            return False


def is_inside(ring: Floats, at: Vec2) -> bool:
    """Tell by the even-odd rule whether a place lies in a flat outline, shape (n, 2)."""
    x, y = at
    x0, y0 = ring.T
    x1, y1 = np.roll(ring, -1, axis=0).T
    crosses = (y0 <= y) != (y1 <= y)
    with np.errstate(divide="ignore", invalid="ignore"):
        meets = x0 + (y - y0) * (x1 - x0) / (y1 - y0)
    return bool(np.count_nonzero(crosses & (meets > x)) % 2)


def bulk_m3(shape: Shape) -> float:
    """Return a measure that orders shapes by how much room they take: the smallest is picked."""
    if isinstance(shape, Box3D):
        return math.prod(shape.size_m)
    low, high = extent_m(shape) or ((0, 0, 0), (0, 0, 0))
    return math.prod(max(b - a, 0.05) for a, b in zip(low, high, strict=True))


def extent_m(shape: Shape) -> tuple[Vec3, Vec3] | None:
    """Return the lowest and highest world coordinates of a shape; None of a focus."""
    lines = lines_of(shape)
    if not len(lines):
        return None
    places = lines.reshape(-1, 3)
    return vec3(places.min(axis=0)), vec3(places.max(axis=0))


def surrounding_box(shape: Shape) -> Box3D | None:
    """Return a box itself, or the upright one that just holds another shape; None of a focus.

    A straight wall's lies along the wall, and is as thick and as high as the wall is said to be.
    """
    if isinstance(shape, Box3D):
        return shape
    if isinstance(shape, Polyline3D) and fills_its_box(shape):
        return _around_wall(shape)
    extent = extent_m(shape)
    if extent is None:
        return None
    (x0, y0, z0), (x1, y1, z1) = extent
    size = (max(x1 - x0, _THINNEST_M), max(y1 - y0, _THINNEST_M), max(z1 - z0, _THINNEST_M))
    is_guess = isinstance(shape, Cylinder3D) and shape.assumed
    assumed = frozenset(Face) if is_guess else frozenset[Face]()
    return Box3D(((x0 + x1) / 2, (y0 + y1) / 2, (z0 + z1) / 2), size, assumed=assumed)


def fills_its_box(shape: Shape) -> bool:
    """Tell whether the box around a shape shows it: not around an outline, or a bent wall."""
    match shape:
        case Box3D() | Cylinder3D():
            return True
        case Polyline3D(vertices, height):
            return len(vertices) == 2 and height > 0
        case _:
            return False


def _around_wall(wall: Polyline3D) -> Box3D:
    (ax, ay, az), (bx, by, bz) = wall.vertices_m
    middle = ((ax + bx) / 2, (ay + by) / 2, (az + bz + wall.height_m) / 2)
    length = max(math.dist((ax, ay), (bx, by)), _THINNEST_M)
    size = (length, max(wall.thickness_m, _THINNEST_M), wall.height_m)
    return Box3D(middle, size, math.atan2(by - ay, bx - ax))


def _lines(shape: Shape) -> Floats:
    match shape:
        case Box3D():
            return np.asarray(corners(shape)[np.array(EDGES)])
        case Cylinder3D():
            return _cylinder(shape)
        case Polyline3D():
            return _wall(shape)
        case Polygon3D(vertices):
            ring = np.asarray(vertices, float)
            return np.stack([ring, np.roll(ring, -1, axis=0)], axis=1)
        case Point3D(at):
            arms = np.eye(3)[:, None] * np.array([[-_CROSS_M], [_CROSS_M]])
            return np.asarray(arms + np.asarray(at))
        case Focus():
            return np.zeros((0, 2, 3))


def _cylinder(shape: Cylinder3D) -> Floats:
    low, high = _rings(shape)
    rings = [np.stack([r[:-1], r[1:]], axis=1) for r in (low, high)]
    uprights = np.stack([low[: -1 : _ROUND // 4], high[: -1 : _ROUND // 4]], axis=1)
    return np.concatenate([*rings, uprights])


def _rings(shape: Cylinder3D) -> tuple[Floats, Floats]:
    """Return the lower and the upper rim, each back to where it began."""
    angle = np.linspace(0, math.tau, _ROUND + 1)
    ring = np.column_stack([np.cos(angle), np.sin(angle), 0 * angle]) * shape.radius_m
    low = ring + np.asarray(shape.center_m) - np.array([0, 0, shape.height_m / 2])
    return low, low + np.array([0, 0, shape.height_m])


def _between(low: Floats, high: Floats) -> list[Floats]:
    """Return the upright faces between two lines of as many vertices."""
    return list(np.stack([low[:-1], low[1:], high[1:], high[:-1]], axis=1))


def _wall(wall: Polyline3D) -> Floats:
    """Return foot, top and ends, and the frames of openings."""
    foot = np.asarray(wall.vertices_m, float)
    along = np.stack([foot[:-1], foot[1:]], axis=1)
    if not wall.height_m:
        return along
    up = np.array([0, 0, wall.height_m])
    frames = [_frame(foot, o.start_m, o.end_m, o.bottom_m, o.top_m) for o in wall.openings]
    return np.concatenate([along, along + up, np.stack([foot, foot + up], axis=1), *frames])


def _frame(foot: Floats, start_m: float, end_m: float, bottom_m: float, top_m: float) -> Floats:
    steps = np.hypot(*np.diff(foot[:, :2], axis=0).T)
    length = np.concatenate([[0.0], np.cumsum(steps)])
    ends = np.column_stack([np.interp((start_m, end_m), length, foot[:, i]) for i in range(3)])
    low, high = ends + np.array([0, 0, bottom_m]), ends + np.array([0, 0, top_m])
    return np.array([low, high, [low[0], high[0]], [low[1], high[1]]])


def _is_on_wall(wall: Polyline3D, at_m: Vec3, margin_m: float) -> bool:
    foot = np.asarray(wall.vertices_m, float)
    a, b, at = foot[:-1, :2], foot[1:, :2], np.asarray(at_m[:2])
    along = b - a
    share = ((at - a) * along).sum(axis=1) / np.maximum((along**2).sum(axis=1), 1e-9)
    share = np.clip(share, 0, 1)[:, None]
    apart = np.hypot(*(at - a - share * along).T)
    nearest = int(apart.argmin())
    level = foot[nearest, 2] + float(share[nearest, 0]) * (foot[nearest + 1, 2] - foot[nearest, 2])
    high = wall.height_m or _CROSS_M
    within = level - margin_m <= at_m[2] <= level + high + margin_m
    return within and bool(apart[nearest] <= max(wall.thickness_m / 2, 0.1) + margin_m)
