"""Grows boxes to what stands out of them."""

import numpy as np
import numpy.typing as npt

from annotator.commands.boxes import OUTWARD, resize_face, shrink_face_to_points
from annotator.geometry.boxes import in_box_axes, points_in_box
from annotator.geometry.nearby import rows_around
from annotator.i18n import gettext as _
from annotator.model.annotations import Annotation
from annotator.model.cloud import PointCloud
from annotator.model.edits import Put
from annotator.model.findings import Finding, Severity
from annotator.model.shapes import Box3D, Face

Floats = npt.NDArray[np.float64]

OUTGROWN = "outgrown"
"""Code of what is found of an object that is larger than its box."""
_CLEARLY_LARGER_M = 0.08
_REACH_M = 0.5
_GAP_M = 0.12
"""What is farther from the next point inward than this is something else."""
_LEAST_GAP_UP_M, _MOST_GAP_UP_M, _UNEVEN = 0.16, 0.22, 1.5
"""Its next row is as far up as its rows are apart: far off, or of few beams, that is more."""
_INSET_M = 0.08
_RISEN_FLOOR_M = 0.15
"""How high above the bottom the floor may be as far away as a box grows: ramps rise to it."""
_LEAST_POINTS, _LEAST_ABOVE = 12, 8
_LEAST_ASKED, _LEAST_SHARE = 3, 0.05
"""A person who asks sees what stands out: of few points three are no stray ones."""
_GROWN = (Face.TOP, Face.FRONT, Face.BACK, Face.LEFT, Face.RIGHT)


def grow_to_points(annotation: Annotation, cloud: PointCloud) -> Put | None:
    """Push top and sides out to the last point in a row with those inside.

    Returns
    -------
    Put or None
        None where no more than single points stand out.
    """
    put: Put | None = None
    near_m = _near_m(annotation, cloud)
    least = _least_points(annotation, near_m)
    for face in _GROWN:
        by_m = _beyond_m(annotation, near_m, face, least)
        if by_m > 0:
            put = resize_face(annotation, face, by_m)
            annotation = put.annotation
    return put


def fit_face_to_points(annotation: Annotation, cloud: PointCloud, face: Face) -> Put | None:
    """Move a face to the last point in a row with those inside; None where the box holds no point.

    It goes out where points stand out in a row, else in.
    """
    near_m = _near_m(annotation, cloud)
    out_m = _beyond_m(annotation, near_m, face, _least_points(annotation, near_m))
    if out_m > 0 and face in _GROWN:
        return resize_face(annotation, face, out_m)
    return shrink_face_to_points(annotation, cloud, face)


def outgrown_m(annotation: Annotation, cloud: PointCloud) -> dict[Face, float]:
    """Return how far the points of a box's object reach above, before and behind it, 0 if few do.

    What is beside it may be another car's mirror or door.
    """
    near_m = _near_m(annotation, cloud)
    ends = {Face.TOP: _LEAST_ABOVE, Face.FRONT: _LEAST_POINTS, Face.BACK: _LEAST_POINTS}
    return {face: _beyond_m(annotation, near_m, face, least) for face, least in ends.items()}


def outgrown(made: Annotation, cloud: PointCloud) -> Finding | None:
    """Say where an object is clearly larger than its box: it was seen from farther before."""
    by_m = outgrown_m(made, cloud)
    face = max(by_m, key=lambda one: by_m[one])
    if by_m[face] < _CLEARLY_LARGER_M:
        return None
    text = {
        Face.TOP: _("its points reach {cm} cm above its box"),
        Face.FRONT: _("its points reach {cm} cm before its box"),
        Face.BACK: _("its points reach {cm} cm behind its box"),
    }[face].format(cm=round(100 * by_m[face]))
    return Finding(OUTGROWN, text, Severity.NOTE, made.id)


def _near_m(annotation: Annotation, cloud: PointCloud) -> Floats:
    """Return the points that any face may grow to, shape (N, 3), with one look at the scan."""
    if not isinstance(annotation.shape, Box3D):
        return np.zeros((0, 3))
    reach_m = (_REACH_M, _REACH_M, _REACH_M)
    rows = rows_around(cloud.xyz_m, annotation.shape, origin_m=cloud.origin_m, margin_m=reach_m)
    return np.asarray(cloud.xyz_m[rows] + np.asarray(cloud.origin_m, np.float64))


def _least_points(annotation: Annotation, near_m: Floats) -> int:
    """Return how many points a face must grow by, by how many the box holds."""
    if not isinstance(annotation.shape, Box3D):
        return _LEAST_POINTS
    held = int(points_in_box(near_m, annotation.shape).sum())
    return min(max(round(_LEAST_SHARE * held), _LEAST_ASKED), _LEAST_POINTS)


def _beyond_m(annotation: Annotation, near_m: Floats, face: Face, least: int) -> float:
    box = annotation.shape
    if not isinstance(box, Box3D):
        return 0.0
    axis, sign = OUTWARD[face]
    own, half = in_box_axes(near_m, box), np.asarray(box.size_m) / 2
    others = [n for n in range(3) if n != axis]
    within = (np.abs(own[:, others]) <= half[others] - _INSET_M).all(axis=1)
    within &= own[:, 2] > _RISEN_FLOOR_M - half[2]
    out_m = np.sort(sign * own[within, axis] - half[axis])
    out_m = out_m[(out_m > -_REACH_M) & (out_m <= _REACH_M)]
    gap_m = _row_gap_m(out_m) if face is Face.TOP else _GAP_M
    return _last_in_a_row(out_m[out_m > -gap_m], least, gap_m)


def _row_gap_m(out_m: Floats) -> float:
    """Return how far the next row above may be, by how far those inside are from each other."""
    inside = out_m[out_m <= 0]
    widest_m = _UNEVEN * float(np.diff(inside).max(initial=0.0))
    return min(max(widest_m, _LEAST_GAP_UP_M), _MOST_GAP_UP_M)


def _last_in_a_row(out_m: Floats, least: int, gap_m: float) -> float:
    """Return the farthest of sorted distances that no gap parts from the face; at least 0."""
    gaps = np.flatnonzero(np.diff(out_m, prepend=0.0) > gap_m)
    row = out_m[: gaps[0]] if len(gaps) else out_m
    beyond = row[row > 0]
    return float(beyond[-1]) if len(beyond) >= least else 0.0
