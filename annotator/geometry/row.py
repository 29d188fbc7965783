"""Fits a row of parked cars from one of them and a sweep along the row."""

import math

import numpy as np

from annotator.geometry.boxes import shared_area_m2
from annotator.geometry.fit import Fit, NoObjectError, fit_box
from annotator.geometry.ground import Ground
from annotator.geometry.neighbours import PointIndex
from annotator.model.labels import Label
from annotator.model.shapes import Box3D, Vec2

_STEP_M = 0.6
_MOST_TURNED = math.radians(12)


def fit_row(
    index: PointIndex, ground: Ground, first: Box3D, to_m: Vec2, label: Label
) -> tuple[Fit, ...]:
    """Fit the objects between a labelled one and the end of a sweep; empty slots give nothing.

    Parameters
    ----------
    first
        The labelled object, in the index's axes; it is not among the results. The others stand
        parallel to it (12° allowed), and are of about its size.
    to_m
        Where the sweep ended, in plan.

    Returns
    -------
    tuple of Fit
        In the order of the sweep, none overlapping another by a tenth.
    """
    start = np.asarray(first.center_m[:2])
    way = np.asarray(to_m) - start
    length = float(np.linalg.norm(way))
    found: list[Fit] = []
    taken = [first]
    for reach in np.arange(_STEP_M, length + _STEP_M / 2, _STEP_M):
        x, y = (start + way * (reach / max(length, 1e-9))).tolist()
        if any(_covers(box, x, y) for box in taken):
            continue
        try:
            fit = fit_box(index, ground, (x, y, first.center_m[2]), label)
        except NoObjectError:
            continue
        if _belongs(fit, first, label, taken):
            found.append(fit)
            taken.append(fit.box)
    return tuple(found)


def _covers(box: Box3D, x: float, y: float) -> bool:
    c, s = math.cos(box.yaw_rad), math.sin(box.yaw_rad)
    dx, dy = x - box.center_m[0], y - box.center_m[1]
    return (
        abs(c * dx + s * dy) < box.size_m[0] / 2 + 0.1
        and abs(-s * dx + c * dy) < box.size_m[1] / 2 + 0.1
    )


def _belongs(fit: Fit, first: Box3D, label: Label, taken: list[Box3D]) -> bool:
    box = fit.box
    if len(fit.rows) < label.minimum_points:
        return False
    if abs(math.remainder(box.yaw_rad - first.yaw_rad, math.pi)) > _MOST_TURNED:
        return False
    if not all(0.6 < a / b < 1.6 for a, b in zip(box.size_m, first.size_m, strict=True)):
        return False
    area = box.size_m[0] * box.size_m[1]
    return all(shared_area_m2(box, other) < 0.1 * area for other in taken)
