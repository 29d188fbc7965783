"""Shapes that an annotation can have."""

import math
from dataclasses import dataclass, fields
from enum import StrEnum

from annotator.model.plain_numbers import with_plain_numbers

Vec3 = tuple[float, float, float]
Vec2 = tuple[float, float]


class Face(StrEnum):
    """A side of a box, in the box's own axes: front is +x (heading), left is +y, top is +z."""

    FRONT = "front"
    BACK = "back"
    LEFT = "left"
    RIGHT = "right"
    TOP = "top"
    BOTTOM = "bottom"


def wrapped_rad(angle_rad: float) -> float:
    """Return the same direction as an angle in (−π, π]."""
    wrapped = math.remainder(angle_rad, math.tau)
    return math.pi if wrapped == -math.pi else wrapped


@dataclass(frozen=True, slots=True)
class Box3D:
    """A cuboid in a frame's world axes (x forward, y left, z up).

    Attributes
    ----------
    center_m
        Centre of the cuboid, in metres.
    size_m
        Length (along the heading), width and height, in metres, all positive.
    yaw_rad
        Turn about +z, counter-clockwise from +x, in (−π, π].
    pitch_rad, roll_rad
        Turns about the box's +y and +x; the rotation is Rz(yaw) · Ry(pitch) · Rx(roll).
    assumed
        Faces that no point showed: their place is the class's usual size, not a measurement.
    """

    center_m: Vec3
    size_m: Vec3
    yaw_rad: float = 0.0
    pitch_rad: float = 0.0
    roll_rad: float = 0.0
    assumed: frozenset[Face] = frozenset()

    def __post_init__(self) -> None:
        _hold_plain(self)
        turns = (self.yaw_rad, self.pitch_rad, self.roll_rad)
        _require_finite("box", self.center_m, self.size_m, turns)
        if min(self.size_m) <= 0:
            raise ValueError(f"box size must be positive, got {self.size_m} m")
        object.__setattr__(self, "yaw_rad", wrapped_rad(self.yaw_rad))


@dataclass(frozen=True, slots=True)
class Cylinder3D:
    """An upright cylinder, as round pillars are; its axis runs along +z.

    Attributes
    ----------
    center_m
        Middle of the axis, in metres.
    radius_m, height_m
        In metres, both positive.
    assumed
        Whether too little is seen of it to know that it is round.
    """

    center_m: Vec3
    radius_m: float
    height_m: float
    assumed: bool = False

    def __post_init__(self) -> None:
        _hold_plain(self)
        _require_finite("cylinder", self.center_m, (self.radius_m, self.height_m))
        if min(self.radius_m, self.height_m) <= 0:
            raise ValueError("a cylinder needs a positive radius and height")


@dataclass(frozen=True, slots=True)
class Opening:
    """A gap in a wall: a door or a gate.

    Attributes
    ----------
    start_m, end_m
        Distances along the wall's foot from its first vertex, in metres.
    bottom_m, top_m
        Heights above the wall's foot, in metres.
    """

    start_m: float
    end_m: float
    bottom_m: float
    top_m: float

    def __post_init__(self) -> None:
        _hold_plain(self)
        _require_finite("opening", (self.start_m, self.end_m, self.bottom_m, self.top_m))
        if not (0 <= self.start_m < self.end_m and self.bottom_m < self.top_m):
            raise ValueError("an opening must have a positive width and height")


@dataclass(frozen=True, slots=True)
class Polyline3D:
    """An open line of vertices; with a height it is a wall that stands on the line.

    Attributes
    ----------
    vertices_m
        At least two (x, y, z), in metres. For a wall: the middle of its foot.
    height_m, thickness_m
        Zero for a plain line.
    openings
        Gaps, only in a wall.
    """

    vertices_m: tuple[Vec3, ...]
    height_m: float = 0.0
    thickness_m: float = 0.0
    openings: tuple[Opening, ...] = ()

    def __post_init__(self) -> None:
        _hold_plain(self)
        _require_finite("polyline", *self.vertices_m, (self.height_m, self.thickness_m))
        if len(self.vertices_m) < 2:
            raise ValueError("a polyline needs at least two vertices")
        if min(self.height_m, self.thickness_m) < 0:
            raise ValueError("a wall's height and thickness cannot be negative")


@dataclass(frozen=True, slots=True)
class Polygon3D:
    """A closed outline; the last vertex joins the first, which is not repeated.

    Attributes
    ----------
    vertices_m
        At least three (x, y, z), in metres.
    assumed
        Edges that no point showed, by the number of the vertex that each starts at.
    """

    vertices_m: tuple[Vec3, ...]
    assumed: frozenset[int] = frozenset()

    def __post_init__(self) -> None:
        _hold_plain(self)
        _require_finite("polygon", *self.vertices_m)
        if len(self.vertices_m) < 3:
            raise ValueError("a polygon needs at least three vertices")
        if not self.assumed <= frozenset(range(len(self.vertices_m))):
            raise ValueError(f"a polygon has no such edges: {sorted(self.assumed)}")


@dataclass(frozen=True, slots=True)
class Point3D:
    """One place: metres in a cloud's world, millimetres (LPS) in a CT."""

    at: Vec3

    def __post_init__(self) -> None:
        _hold_plain(self)
        _require_finite("point", self.at)


@dataclass(frozen=True, slots=True)
class Focus:
    """The voxels whose value in the document's instance layer is ``instance``."""

    instance: int

    def __post_init__(self) -> None:
        _hold_plain(self)
        if self.instance < 1:
            raise ValueError("instance 0 means no focus")


Shape = Box3D | Cylinder3D | Polyline3D | Polygon3D | Point3D | Focus


def _hold_plain(shape: object) -> None:
    """Let a shape hold Python's own numbers, as files and the store know no others."""
    for field in fields(shape):  # type: ignore[arg-type]  # only dataclasses come here
        value = getattr(shape, field.name)
        plain = with_plain_numbers(value)
        if plain is not value:
            object.__setattr__(shape, field.name, plain)


def _require_finite(what: str, *numbers: tuple[float, ...]) -> None:
    if not all(math.isfinite(n) for group in numbers for n in group):
        raise ValueError(f"a {what} cannot hold a number that is infinite or not a number")
