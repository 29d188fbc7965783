"""Adds fitted walls, and cuts openings into them."""

import math
from collections.abc import Iterable
from dataclasses import replace

from annotator.commands.vertices import move_vertex
from annotator.geometry.ground import Ground
from annotator.geometry.neighbours import PointIndex
from annotator.geometry.openings import merged
from annotator.geometry.shifting import in_world
from annotator.geometry.snapping import WITHIN_M
from annotator.geometry.wall import fit_wall, snapped
from annotator.geometry.wall_face import face_corners
from annotator.model.annotations import Annotation, Origin
from annotator.model.cloud import PointCloud
from annotator.model.edits import Batch, Edit, Put
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
    fit = fit_wall(index, ground, cloud.own_m(at_m), gap_m=gap_m)
    shape = snapped(in_world(fit.shape, cloud), others)
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


def join_corners(made: Annotation, others: Iterable[Annotation]) -> Edit:
    """Add a wall, and let the ends of others that nearly meet its own reach the same corner.

    Parameters
    ----------
    made
        Squared and joined to the others' lines already; see `fit_wall_at`.
    """
    wall = made.shape
    if not isinstance(wall, Polyline3D):
        raise TypeError("only a wall has corners")
    ends = (wall.vertices_m[0], wall.vertices_m[-1])
    joined = [put for other in others if (put := _joined(other, ends)) is not None]
    return Batch((Put(made), *joined)) if joined else Put(made)


def cut_opening(annotation: Annotation, opening: Opening) -> Put:
    """Cut a door or a gate into a wall; what it overlaps becomes one opening with it."""
    return _with_openings(annotation, merged(_wall(annotation).openings, opening))


def change_opening(annotation: Annotation, number: int, opening: Opening) -> Put:
    """Let an opening of a wall be elsewhere, or larger."""
    others = _wall(annotation).openings
    return _with_openings(annotation, merged((*others[:number], *others[number + 1 :]), opening))


def fill_opening(annotation: Annotation, number: int) -> Put:
    """Make a wall whole again where an opening was cut."""
    others = _wall(annotation).openings
    return _with_openings(annotation, (*others[:number], *others[number + 1 :]))


def _joined(other: Annotation, corners: Iterable[Vec3]) -> Put | None:
    wall = other.shape
    if not isinstance(wall, Polyline3D) or len(wall.vertices_m) != 2:
        return None
    ends = [_nearest(end, corners) for end in wall.vertices_m]
    if ends == list(wall.vertices_m):
        return None
    (ax, ay, _az), (bx, by, _bz) = ends
    if math.dist((ax, ay), (bx, by)) < WITHIN_M:
        return None
    number = 0 if ends[0] != wall.vertices_m[0] else 1
    put = move_vertex(other, number, ends[number])
    if ends[1 - number] != wall.vertices_m[1 - number]:
        put = move_vertex(put.annotation, 1 - number, ends[1 - number])
    return Put(replace(put.annotation, origin=other.origin))


def _nearest(end: Vec3, corners: Iterable[Vec3]) -> Vec3:
    """Return the corner that an end nearly is, at its own height; the end itself if none is."""
    near = min(corners, key=lambda corner: math.dist(corner[:2], end[:2]))
    is_near = 0 < math.dist(near[:2], end[:2]) <= WITHIN_M
    return (near[0], near[1], end[2]) if is_near else end


def _wall(annotation: Annotation) -> Polyline3D:
    if not isinstance(annotation.shape, Polyline3D):
        raise TypeError("only a wall has openings")
    return annotation.shape


def _with_openings(annotation: Annotation, openings: tuple[Opening, ...]) -> Put:
    return Put(replace(annotation, shape=replace(_wall(annotation), openings=openings)))


def _carried(opening: Opening, wall: Polyline3D, onto: Polyline3D) -> Opening | None:
    (ax, ay, _az), (bx, by, _bz) = onto.vertices_m[0], onto.vertices_m[-1]
    length = math.dist((ax, ay), (bx, by))
    ends = [
        ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / length
        for x, y, _z in face_corners(wall, opening.start_m, opening.end_m)
    ]
    start, end = max(min(ends), 0.0), min(max(ends), length)
    return replace(opening, start_m=start, end_m=end) if end > start else None
