"""Moves, turns and resizes annotations of any shape."""

import math
from dataclasses import replace

from annotator.commands.boxes import LEAST_SIZE_M, resize_face, turn_box
from annotator.geometry.shifting import shifted
from annotator.model.annotations import Annotation, Origin
from annotator.model.edits import Put
from annotator.model.shapes import (
    Box3D,
    Cylinder3D,
    Face,
    Polygon3D,
    Polyline3D,
    Shape,
    Vec3,
)

_UP_AND_DOWN = (Face.TOP, Face.BOTTOM)


def move_annotation(annotation: Annotation, by_m: Vec3) -> Put:
    """Shift an annotation along the world axes; a focus stays where its voxels are."""
    return _put(annotation, shifted(annotation.shape, by_m))


def turn_annotation(annotation: Annotation, by_rad: float) -> Put | None:
    """Turn an annotation about its own middle, counter-clockwise; None where that is no change."""
    match annotation.shape:
        case Box3D():
            return turn_box(annotation, by_rad)
        case Polyline3D(vertices) | Polygon3D(vertices) as shape:
            turned = replace(shape, vertices_m=_turned(vertices, by_rad))
            return _put(annotation, turned)
        case _:
            return None


def pull_face(annotation: Annotation, face: Face, by_m: float) -> Put | None:
    """Pull a face of a shape outward, or push it in; None where the shape has no such face.

    A cylinder is as wide all around.
    """
    match annotation.shape:
        case Box3D():
            return resize_face(annotation, face, by_m)
        case Cylinder3D(_center, radius_m):
            if face in _UP_AND_DOWN:
                return pull_cylinder(annotation, face, by_m)
            return widen_cylinder(annotation, radius_m + by_m / 2)
        case Polyline3D(height_m=height_m) if height_m > 0 and face is Face.TOP:
            return raise_wall(annotation, by_m)
        case _:
            return None


def widen_cylinder(annotation: Annotation, radius_m: float) -> Put:
    """Give a cylinder a radius."""
    return _put(
        annotation, replace(_cylinder(annotation), radius_m=max(radius_m, LEAST_SIZE_M / 2))
    )


def pull_cylinder(annotation: Annotation, face: Face, by_m: float) -> Put:
    """Pull the top or the bottom of a cylinder outward, or push it in; the other end stays."""
    shape = _cylinder(annotation)
    by = max(by_m, LEAST_SIZE_M - shape.height_m)
    x, y, z = shape.center_m
    middle = z + (by / 2 if face is Face.TOP else -by / 2)
    return _put(annotation, replace(shape, center_m=(x, y, middle), height_m=shape.height_m + by))


def higher(shape: Cylinder3D, height_m: float) -> Cylinder3D:
    """Return a cylinder of another height that stands where it stood.

    Raises
    ------
    ValueError
        If the height is not positive.
    """
    x, y, z = shape.center_m
    middle = z + (height_m - shape.height_m) / 2
    return replace(shape, center_m=(x, y, middle), height_m=height_m)


def other_section(annotation: Annotation) -> Put:
    """Make a round pillar square, or a square one round; it stays as wide as it is."""
    match annotation.shape:
        case Cylinder3D(center_m, radius_m, height_m):
            size = (2 * radius_m, 2 * radius_m, height_m)
            return _put(annotation, Box3D(center_m, size))
        case Box3D(center_m, (length, width, height)):
            return _put(annotation, Cylinder3D(center_m, (length + width) / 4, height))
        case _:
            raise TypeError("only a pillar has a section")


def raise_wall(annotation: Annotation, by_m: float) -> Put:
    """Make a wall higher, or lower; its foot stays."""
    shape = annotation.shape
    if not isinstance(shape, Polyline3D):
        raise TypeError("only a wall can be raised")
    return _put(annotation, replace(shape, height_m=max(shape.height_m + by_m, LEAST_SIZE_M)))


def _cylinder(annotation: Annotation) -> Cylinder3D:
    if not isinstance(annotation.shape, Cylinder3D):
        raise TypeError("only a cylinder has a radius")
    return annotation.shape


def _put(annotation: Annotation, shape: Shape) -> Put:
    return Put(replace(annotation, shape=shape, origin=Origin.HAND))


def _turned(vertices_m: tuple[Vec3, ...], by_rad: float) -> tuple[Vec3, ...]:
    """Return places turned about the middle of what they span, seen from above."""
    middle = [
        (min(v[axis] for v in vertices_m) + max(v[axis] for v in vertices_m)) / 2 for axis in (0, 1)
    ]
    cos, sin = math.cos(by_rad), math.sin(by_rad)
    from_middle = [(x - middle[0], y - middle[1], z) for x, y, z in vertices_m]
    return tuple(
        (middle[0] + cos * dx - sin * dy, middle[1] + sin * dx + cos * dy, z)
        for dx, dy, z in from_middle
    )
