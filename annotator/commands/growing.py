"""Grows boxes to what stands out of them."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from annotator.commands.boxes import resize_face
from annotator.geometry.boxes import in_box_axes
from annotator.geometry.nearby import rows_around
from annotator.model.annotations import Annotation
from annotator.model.cloud import PointCloud
from annotator.model.edits import Put
from annotator.model.shapes import Box3D, Face

Floats = npt.NDArray[np.float64]

_REACH_M = 0.5
_GAP_M = 0.12
"""What is farther from the next point inward than this is something else."""
_INSET_M = 0.08
_FLOOR_M = 0.15
"""What is lower than this above the bottom may be the floor."""
_LEAST_POINTS = 12
_AXIS: dict[Face, tuple[int, float]] = {
    Face.TOP: (2, 1.0),
    Face.FRONT: (0, 1.0),
    Face.BACK: (0, -1.0),
    Face.LEFT: (1, 1.0),
    Face.RIGHT: (1, -1.0),
}


def grow_to_points(annotation: Annotation, cloud: PointCloud) -> Put | None:
    """Push top and sides out to the last point in a row with those inside; None where none is.

    Raises
    ------
    NotABoxError
        If the annotation is none.
    """
    put: Put | None = None
    for face in _AXIS:
        by_m = _beyond_m(annotation, cloud, face)
        if by_m > 0:
            put = resize_face(annotation, face, by_m)
            annotation = put.annotation
    return put


def above_m(annotation: Annotation, cloud: PointCloud) -> float:
    """Return how far the points of a box's object reach above it; 0 where they are few."""
    return _beyond_m(annotation, cloud, Face.TOP)


def _beyond_m(annotation: Annotation, cloud: PointCloud, face: Face) -> float:
    box = annotation.shape
    if not isinstance(box, Box3D):
        return 0.0
    axis, sign = _AXIS[face]
    own, half = _own(box, cloud), np.asarray(box.size_m) / 2
    others = [n for n in range(3) if n != axis]
    within = (np.abs(own[:, others]) <= half[others] - _INSET_M).all(axis=1)
    within &= own[:, 2] > _FLOOR_M - half[2]
    out_m = np.sort(sign * own[within, axis] - half[axis])
    return _last_in_a_row(out_m[(out_m > -_GAP_M) & (out_m <= _REACH_M)])


def _last_in_a_row(out_m: Floats) -> float:
    """Return the farthest of sorted distances that no gap parts from the face; at least 0."""
    gaps = np.flatnonzero(np.diff(out_m, prepend=0.0) > _GAP_M)
    row = out_m[: gaps[0]] if len(gaps) else out_m
    beyond = row[row > 0]
    return float(beyond[-1]) if len(beyond) >= _LEAST_POINTS else 0.0


def _own(box: Box3D, cloud: PointCloud) -> Floats:
    rows = rows_around(cloud.xyz_m, box, origin_m=cloud.origin_m, margin_m=(_REACH_M,) * 3)
    x, y, z = np.subtract(box.center_m, cloud.origin_m).tolist()
    return in_box_axes(cloud.xyz_m[rows], replace(box, center_m=(x, y, z)))
