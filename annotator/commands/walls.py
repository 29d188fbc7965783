"""Adds fitted walls, and cuts openings into them."""

import math
from collections.abc import Iterable
from dataclasses import replace

from annotator.geometry.ground import Ground
from annotator.geometry.neighbours import PointIndex
from annotator.geometry.wall import fit_wall, snapped
from annotator.geometry.wall_face import face_corners
from annotator.model.annotations import Annotation, Origin
from annotator.model.cloud import PointCloud
from annotator.model.edits import Put
from annotator.model.shapes import Opening, Polyline3D, Vec3


def fit_wall_at(
    cloud: PointCloud,
    index: PointIndex,
    ground: Ground,
    at_m: Vec3,
    *,
    others: Iterable[Polyline3D] = (),
    gap_m: float = 1.2,
    label: str = "wall",
    frame: int | None = None,
) -> Put:
    """Add the wall at a world position, squared with the others and joined to their corners.

    Parameters
    ----------
    gap_m
        A longer stretch without a point ends the wall.

    Raises
    ------
    NoWallError
        With a sentence, where no upright plane grows.
    """
    x, y, z = cloud.origin_m
    fit = fit_wall(index, ground, (at_m[0] - x, at_m[1] - y, at_m[2] - z), gap_m=gap_m)
    shape = snapped(_moved(fit.shape, cloud.origin_m), others)
    return Put(Annotation(label, shape, origin=Origin.FIT, frame=frame))


def draw_wall(
    foot_m: Iterable[Vec3],
    *,
    height_m: float,
    thickness_m: float = 0.2,
    label: str = "wall",
    frame: int | None = None,
) -> Put:
    """Add a wall along the foot that a person clicked."""
    return Put(Annotation(label, Polyline3D(tuple(foot_m), height_m, thickness_m), frame=frame))


def regrow_wall(annotation: Annotation, grown: Polyline3D) -> Put:
    """Let a wall reach as far as it was grown anew; its openings stay where they are."""
    wall = annotation.shape
    if not isinstance(wall, Polyline3D):
        raise TypeError("only a wall is regrown")
    kept = tuple(o for o in (_carried(o, wall, grown) for o in wall.openings) if o is not None)
    shape = replace(grown, thickness_m=wall.thickness_m, openings=kept)
    return Put(replace(annotation, shape=shape, origin=Origin.FIT))


def cut_opening(annotation: Annotation, opening: Opening) -> Put:
    """Cut a door or a gate into a wall."""
    wall = annotation.shape
    if not isinstance(wall, Polyline3D):
        raise TypeError("only a wall has openings")
    return Put(replace(annotation, shape=replace(wall, openings=(*wall.openings, opening))))


def _carried(opening: Opening, wall: Polyline3D, onto: Polyline3D) -> Opening | None:
    (ax, ay, _az), (bx, by, _bz) = onto.vertices_m[0], onto.vertices_m[-1]
    length = math.dist((ax, ay), (bx, by))
    ends = [
        ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / length
        for x, y, _z in face_corners(wall, opening.start_m, opening.end_m)
    ]
    start, end = max(min(ends), 0.0), min(max(ends), length)
    return replace(opening, start_m=start, end_m=end) if end > start else None


def _moved(wall: Polyline3D, by_m: Vec3) -> Polyline3D:
    dx, dy, dz = by_m
    return replace(wall, vertices_m=tuple((x + dx, y + dy, z + dz) for x, y, z in wall.vertices_m))
