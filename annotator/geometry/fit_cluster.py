"""Boxes the points that hang together around a click, of whatever size and at any height."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from annotator.geometry.between_floors import is_beneath
from annotator.geometry.cluster import grow_cluster
from annotator.geometry.fit import Fit, fit_box
from annotator.geometry.ground import Ground
from annotator.geometry.neighbours import PointIndex, Rows
from annotator.geometry.parts import bridging_gap_m
from annotator.geometry.tight import tight_box
from annotator.geometry.vectors import vec3
from annotator.model.labels import GHOST, Label
from annotator.model.shapes import Box3D, Vec2, Vec3

Floats = npt.NDArray[np.float64]

_REACH_M = 2.5  # a ghost beside a wall is not the wall
_LEAST_M, _MARGIN_M = 0.3, 0.02
_TURNED_FROM = 12  # of fewer points nobody sees how they lie


def fit_at(index: PointIndex, ground: Ground, at_m: Vec2 | Vec3, label: Label) -> Fit:
    """Fit a box to the object at a place; to its points alone where no usual size tells of it.

    Raises
    ------
    AnnotatorError
        With a sentence, where there is nothing to fit.
    """
    if len(at_m) == 3 and (label.name == GHOST or is_beneath(ground, at_m)):
        return fit_cluster(index, ground, at_m)
    return fit_box(index, ground, at_m, label)


def fit_cluster(index: PointIndex, ground: Ground, at_m: Vec3) -> Fit:
    """Box the points that hang together around a place, on its side of the floor.

    Raises
    ------
    AnnotatorError
        With a sentence, where there are none.
    """
    gap_m = bridging_gap_m(index, at_m)
    return fit_points(index, grow_cluster(index, ground, at_m, gap_m=gap_m, most_m=_REACH_M))


def fit_points(index: PointIndex, rows: Rows) -> Fit:
    """Box some points, at least one; the box is never too small to be seen and held."""
    points = index.xyz_m[rows].astype(np.float64)
    tight = tight_box(points) if len(points) >= _TURNED_FROM else _upright(points)
    size_m = vec3(np.maximum(np.array(tight.size_m) + 2 * _MARGIN_M, _LEAST_M))
    return Fit(replace(tight, size_m=size_m), rows, 1.0, is_turn_told=False)


def _upright(points: Floats) -> Box3D:
    low, high = points.min(axis=0), points.max(axis=0)
    return Box3D(vec3((low + high) / 2), vec3(np.maximum(high - low, _MARGIN_M)))
