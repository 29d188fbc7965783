"""Shapes as upright boxes, for formats that know nothing else."""

import math
from collections.abc import Iterator

from annotator.model.shapes import Box3D, Cylinder3D, Polyline3D, Shape

_THINNEST_M = 0.05


def boxed(shape: Shape, *, walls: bool) -> list[Box3D]:
    """Return the upright boxes that stand for a shape; none where no box can.

    Parameters
    ----------
    walls
        Whether a wall becomes one thin box per stretch.
    """
    match shape:
        case Box3D(center, size, yaw):
            return [Box3D(center, size, yaw)]
        case Cylinder3D(center, radius, height):
            return [Box3D(center, (2 * radius, 2 * radius, height))]
        case Polyline3D() if walls and shape.height_m > 0:
            return list(_stretches(shape))
        case _:
            return []


def _stretches(wall: Polyline3D) -> Iterator[Box3D]:
    """Go through a wall's stretches; openings are walled up."""
    for (ax, ay, az), (bx, by, bz) in zip(wall.vertices_m, wall.vertices_m[1:], strict=False):
        length_m = math.hypot(bx - ax, by - ay)
        if length_m > 0:
            yield Box3D(
                ((ax + bx) / 2, (ay + by) / 2, (az + bz) / 2 + wall.height_m / 2),
                (length_m, max(wall.thickness_m, _THINNEST_M), wall.height_m),
                math.atan2(by - ay, bx - ax),
            )
