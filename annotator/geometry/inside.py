"""Finds the points of a scan that are objects': those in a shape, those off floor and ceiling."""

import math

import numpy as np

from annotator.geometry.nearby import in_axes_of, rows_around
from annotator.geometry.neighbours import Rows
from annotator.geometry.survey import FLOOR_NOISE_M, Survey
from annotator.geometry.wireframes import surrounding_box
from annotator.model.cloud import PointCloud
from annotator.model.shapes import Box3D, Cylinder3D, Shape

MARGIN_M = 0.03


def can_hold(shape: Shape) -> bool:
    """Tell whether points can be in a shape."""
    return isinstance(shape, Box3D | Cylinder3D)


def rows_in(cloud: PointCloud, shape: Shape, survey: Survey | None) -> Rows:
    """Return the sorted rows of points in a box or a cylinder; none for any other shape.

    Parameters
    ----------
    shape
        In world axes.
    survey
        Tells the floor's points; None while they are still being found, and then they count.
    """
    box = surrounding_box(shape)
    if box is None or not can_hold(shape):
        return np.zeros(0, np.int64)
    rows = _rows_in_box(cloud, box, survey)
    if isinstance(shape, Cylinder3D):
        own = in_axes_of(cloud.xyz_m, rows, box, origin_m=cloud.origin_m)
        rows = rows[np.hypot(own[:, 0], own[:, 1]) <= shape.radius_m + MARGIN_M]
    if survey is None or not survey.has_floor or not len(rows):
        return rows
    return rows[survey.ground.heights_m(cloud.xyz_m[rows]) > FLOOR_NOISE_M]


def between(rows: Rows, survey: Survey | None) -> Rows:
    """Return those of the rows that are neither the floor's nor the ceiling's.

    All of them where neither is known, and where there is nothing else among them.
    """
    if survey is None or survey.stands is None or not len(rows):
        return rows
    if rows.max() >= len(survey.stands):  # of scans laid over this one, not surveyed yet
        return rows
    stands = survey.stands[rows]
    return rows[stands] if stands.any() else rows


def _rows_in_box(cloud: PointCloud, box: Box3D, survey: Survey | None) -> Rows:
    """Return the rows in a box, looked for near it where there is an index."""
    margin_m = (MARGIN_M, MARGIN_M, MARGIN_M)
    if survey is None:
        return rows_around(cloud.xyz_m, box, origin_m=cloud.origin_m, margin_m=margin_m)
    x, y = (at - origin for at, origin in zip(box.center_m[:2], cloud.origin_m[:2], strict=True))
    reach_m = math.dist((0, 0, 0), box.size_m) / 2 + MARGIN_M
    near = survey.index.within(x, y, reach_m)
    own = in_axes_of(cloud.xyz_m, near, box, origin_m=cloud.origin_m)
    half = np.asarray(box.size_m) / 2 + MARGIN_M
    inside: Rows = near[(np.abs(own) <= half).all(axis=1)]
    return inside
