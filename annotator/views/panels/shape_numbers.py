"""The numbers of a shape that a person reads and types."""

import math
from collections.abc import Callable
from dataclasses import replace

from annotator.commands.boxes import with_size
from annotator.commands.shapes import higher
from annotator.i18n import gettext as _
from annotator.model.shapes import Box3D, Cylinder3D, Polyline3D, Shape

Give = Callable[[float], Shape]


def numbers_of(shape: Shape) -> list[tuple[str, float, str, Give]]:
    """Return a shape's numbers, each with its name, its unit and what the shape is with another.

    What is given back raises `ValueError` for a number that no shape can have.
    """
    match shape:
        case Box3D():
            return [*_box_lengths(shape), *_box_angles(shape)]
        case Cylinder3D():
            return [
                *_place(shape),
                (
                    _("Diameter"),
                    2 * shape.radius_m,
                    "m",
                    lambda v: replace(shape, radius_m=v / 2, assumed=False),
                ),
                (_("Height"), shape.height_m, "m", lambda v: higher(shape, v)),
            ]
        case Polyline3D():
            return [
                (_("Height"), shape.height_m, "m", lambda v: replace(shape, height_m=v)),
                (_("Thickness"), shape.thickness_m, "m", lambda v: replace(shape, thickness_m=v)),
            ]
        case _:
            return []


def _place(shape: Box3D | Cylinder3D) -> list[tuple[str, float, str, Give]]:
    def center(axis: int) -> Give:
        return lambda v: replace(shape, center_m=_with(shape.center_m, axis, v))

    return [(name, shape.center_m[axis], "m", center(axis)) for axis, name in enumerate("xyz")]


def _box_lengths(box: Box3D) -> list[tuple[str, float, str, Give]]:
    def size(axis: int) -> Give:
        return lambda v: with_size(box, _with(box.size_m, axis, v))

    sizes = (_("Length"), _("Width"), _("Height"))
    return [
        *_place(box),
        *((name, box.size_m[axis], "m", size(axis)) for axis, name in enumerate(sizes)),
    ]


def _box_angles(box: Box3D) -> list[tuple[str, float, str, Give]]:
    def yaw(v: float) -> Shape:
        return replace(box, yaw_rad=math.radians(v))

    def pitch(v: float) -> Shape:
        return replace(box, pitch_rad=math.radians(v))

    def roll(v: float) -> Shape:
        return replace(box, roll_rad=math.radians(v))

    return [
        (_("Yaw"), math.degrees(box.yaw_rad), "°", yaw),
        (_("Pitch"), math.degrees(box.pitch_rad), "°", pitch),
        (_("Roll"), math.degrees(box.roll_rad), "°", roll),
    ]


def _with(
    vector: tuple[float, float, float], axis: int, value: float
) -> tuple[float, float, float]:
    changed = list(vector)
    changed[axis] = value
    return (changed[0], changed[1], changed[2])
