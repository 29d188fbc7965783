"""The grips of a shape: where they are, and which of them a pointer is on."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from itertools import product

import numpy as np
import numpy.typing as npt

from annotator.geometry.boxes import world_from_box
from annotator.geometry.vectors import vec3
from annotator.model.shapes import (
    Box3D,
    Cylinder3D,
    Face,
    Polygon3D,
    Polyline3D,
    Shape,
    Vec2,
    Vec3,
)

REACH_PX = 9.0
_SMALL_PX, _TINY_PX = 130.0, 50.0

Floats = npt.NDArray[np.float64]
ToPx = Callable[[list[Vec3]], Floats]


class Kind(StrEnum):
    """What dragging a grip does."""

    FACE = "face"
    EDGE = "edge"
    CORNER = "corner"
    TURN = "turn"
    VERTEX = "vertex"
    RADIUS = "radius"


@dataclass(frozen=True, slots=True)
class Handle:
    """A grip in world metres; an upright edge moves the two faces it joins, a corner three.

    Attributes
    ----------
    vertex
        Which vertex of an outline or a wall it holds.
    """

    kind: Kind
    faces: tuple[Face, ...]
    at_m: Vec3
    vertex: int = 0


SIDES: dict[Face, Vec3] = {
    Face.FRONT: (1, 0, 0),
    Face.BACK: (-1, 0, 0),
    Face.LEFT: (0, 1, 0),
    Face.RIGHT: (0, -1, 0),
    Face.TOP: (0, 0, 1),
    Face.BOTTOM: (0, 0, -1),
}
_EDGES = tuple(product((Face.FRONT, Face.BACK), (Face.LEFT, Face.RIGHT)))
_CORNERS = tuple((*edge, end) for edge, end in product(_EDGES, (Face.TOP, Face.BOTTOM)))


def handles(shape: Shape) -> tuple[Handle, ...]:
    """Return the grips of a shape, the most useful first; what only moves has none."""
    match shape:
        case Box3D():
            return _box_handles(shape)
        case Cylinder3D():
            return _cylinder_handles(shape)
        case Polyline3D(vertices) | Polygon3D(vertices):
            held = [Handle(Kind.VERTEX, (), at, i) for i, at in enumerate(vertices)]
            return (*held, *_raising(shape))
        case _:
            return ()


def grips_in_view(shape: Shape, to_px: ToPx) -> tuple[tuple[Handle, ...], Floats]:
    """Return the grips that there is room for, and where they are in the view, shape (n, 2), px.

    A box that looks small keeps the grips of its faces, a tiny one none: it is then only moved.
    """
    found = handles(shape)
    if not found:
        return (), np.zeros((0, 2))
    places = to_px([handle.at_m for handle in found])
    if not isinstance(shape, Box3D):
        return found, places
    wide_px = float(np.nan_to_num(np.ptp(places, axis=0), nan=math.inf).max())
    kinds = {Kind.FACE, Kind.TURN} if wide_px >= _TINY_PX else set()
    kept = [i for i, h in enumerate(found) if wide_px >= _SMALL_PX or h.kind in kinds]
    return tuple(found[i] for i in kept), places[kept]


def ring_radius_m(box: Box3D) -> float:
    """Return the radius of the ring on the floor that turns a box."""
    return math.hypot(box.size_m[0], box.size_m[1]) / 2 + 0.3


def ring_of(box: Box3D) -> Floats:
    """Return the ring on the floor that turns a box as segments, shape (48, 2, 3), metres."""
    angle, radius = np.linspace(0, math.tau, 49), ring_radius_m(box)
    level = np.full(49, -box.size_m[2] / 2)
    own = np.column_stack([radius * np.cos(angle), radius * np.sin(angle), level])
    pose = world_from_box(box)
    ring = own @ pose[:3, :3].T + pose[:3, 3]
    return np.stack([ring[:-1], ring[1:]], axis=1)


def face_normal(shape: Shape, face: Face) -> Vec3:
    """Return the outward direction of a face in the world."""
    if not isinstance(shape, Box3D):
        return SIDES[face]
    return vec3(world_from_box(shape)[:3, :3] @ np.asarray(SIDES[face], float))


def nearest(
    found: tuple[Handle, ...], places_px: npt.NDArray[np.float64], at_px: Vec2
) -> Handle | None:
    """Return the grip under the pointer, if it is within reach."""
    if not found:
        return None
    apart = np.hypot(*(places_px - np.asarray(at_px)).T)
    apart = np.where(np.isfinite(apart), apart, np.inf)
    best = int(apart.argmin())
    return found[best] if apart[best] <= REACH_PX else None


def _box_handles(box: Box3D) -> tuple[Handle, ...]:
    """Six faces, four upright edges, eight corners, and the ring's grip ahead of the front."""
    pose, half = world_from_box(box), np.asarray(box.size_m) / 2

    def at(own: npt.ArrayLike) -> Vec3:
        return vec3(pose[:3, :3] @ (np.asarray(own) * half) + pose[:3, 3])

    def joining(kind: Kind, faces: tuple[Face, ...]) -> Handle:
        return Handle(kind, faces, at(np.sum([SIDES[face] for face in faces], axis=0)))

    return (
        *(joining(Kind.FACE, (face,)) for face in SIDES),
        *(joining(Kind.EDGE, pair) for pair in _EDGES),
        *(joining(Kind.CORNER, three) for three in _CORNERS),
        Handle(Kind.TURN, (), at((ring_radius_m(box) / half[0], 0, -1))),
    )


def _cylinder_handles(shape: Cylinder3D) -> tuple[Handle, ...]:
    x, y, z = shape.center_m
    half, r = shape.height_m / 2, shape.radius_m
    around = [(x + r, y, z), (x - r, y, z), (x, y + r, z), (x, y - r, z)]
    return (
        Handle(Kind.FACE, (Face.TOP,), (x, y, z + half)),
        Handle(Kind.FACE, (Face.BOTTOM,), (x, y, z - half)),
        *(Handle(Kind.RADIUS, (), at) for at in around),
    )


def _raising(shape: Polyline3D | Polygon3D) -> tuple[Handle, ...]:
    """Return the grip on the top of a wall, over the middle of its longest part."""
    if isinstance(shape, Polygon3D) or not shape.height_m:
        return ()
    pairs = list(zip(shape.vertices_m, shape.vertices_m[1:], strict=False))
    a, b = max(pairs, key=lambda pair: math.dist(*pair))
    middle = ((a[0] + b[0]) / 2, (a[1] + b[1]) / 2, (a[2] + b[2]) / 2 + shape.height_m)
    return (Handle(Kind.FACE, (Face.TOP,), middle),)
