"""The grips of a box: where they are, and which of them a pointer is on."""

import math
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from annotator.geometry.boxes import world_from_box
from annotator.model.shapes import Box3D, Face, Vec2, Vec3

REACH_PX = 9.0


class Kind(StrEnum):
    """What dragging a grip does."""

    FACE = "face"
    EDGE = "edge"
    TURN = "turn"


@dataclass(frozen=True, slots=True)
class Handle:
    """A grip in world metres; a face has one, an upright edge moves the two faces it joins."""

    kind: Kind
    faces: tuple[Face, ...]
    at_m: Vec3


_SIDES: dict[Face, Vec3] = {
    Face.FRONT: (1, 0, 0),
    Face.BACK: (-1, 0, 0),
    Face.LEFT: (0, 1, 0),
    Face.RIGHT: (0, -1, 0),
    Face.TOP: (0, 0, 1),
    Face.BOTTOM: (0, 0, -1),
}
_EDGES = tuple((a, b) for a in (Face.FRONT, Face.BACK) for b in (Face.LEFT, Face.RIGHT))


def handles(box: Box3D) -> tuple[Handle, ...]:
    """Return six face grips, four on the upright edges, and the ring's grip ahead of the front."""
    pose, half = world_from_box(box), np.asarray(box.size_m) / 2

    def at(own: npt.ArrayLike) -> Vec3:
        x, y, z = (pose[:3, :3] @ (np.asarray(own) * half) + pose[:3, 3]).tolist()
        return (x, y, z)

    faces = [Handle(Kind.FACE, (face,), at(side)) for face, side in _SIDES.items()]
    edges = [
        Handle(Kind.EDGE, pair, at(np.asarray(_SIDES[pair[0]]) + _SIDES[pair[1]]))
        for pair in _EDGES
    ]
    ahead = (ring_radius_m(box) / half[0], 0, -1)
    return (*faces, *edges, Handle(Kind.TURN, (), at(ahead)))


def ring_radius_m(box: Box3D) -> float:
    """Return the radius of the ring on the floor that turns a box."""
    return math.hypot(box.size_m[0], box.size_m[1]) / 2 + 0.3


def face_normal(box: Box3D, face: Face) -> Vec3:
    """Return the outward direction of a face in the world."""
    x, y, z = (world_from_box(box)[:3, :3] @ np.asarray(_SIDES[face])).tolist()
    return (x, y, z)


def nearest(
    found: tuple[Handle, ...], places_px: npt.NDArray[np.float64], at_px: Vec2
) -> Handle | None:
    """Return the grip under the pointer, if it is within reach."""
    apart = np.hypot(*(places_px - np.asarray(at_px)).T)
    apart = np.where(np.isfinite(apart), apart, np.inf)
    best = int(apart.argmin())
    return found[best] if apart[best] <= REACH_PX else None
