"""Puts a box around exactly the points that a person gave, turned the way they lie."""

import math

import numpy as np
import numpy.typing as npt

from annotator.errors import AnnotatorError
from annotator.i18n import gettext as _
from annotator.model.shapes import Box3D

Floats = npt.NDArray[np.float64]

_MOST = 1500
_COARSE_RAD, _FINE_RAD = math.radians(1), math.radians(0.1)
_NEAREST_M = 0.02
_LEAST_M = 0.02


class TooFewPointsError(AnnotatorError):
    """Points that span no box."""


def tight_box(xyz_m: npt.NDArray[np.floating], *, heads_rad: float | None = None) -> Box3D:
    """Return the upright box whose faces touch the outermost of the points.

    The turn is the one by which most points lie close to a side, so that the two sides of a car
    that a scanner saw become two sides of the box.

    Parameters
    ----------
    xyz_m
        Shape (N, 3), metres; NaN rows are passed over.
    heads_rad
        The front is the side that heads there most nearly; by default length runs along the
        longer side, with the front on the side of +x.

    Raises
    ------
    TooFewPointsError
        With fewer than three points.

    References
    ----------
    X. Zhang, W. Xu, C. Dong, J. M. Dolan, "Efficient L-shape fitting for vehicle detection using
    laser scanners", IV 2017: the closeness criterion.
    """
    points = np.asarray(xyz_m, np.float64)
    points = points[np.isfinite(points).all(axis=1)]
    if len(points) < 3:
        raise TooFewPointsError(_("a box needs at least three points; there are fewer here"))
    yaw = _turned(_turn(points[:, :2]), points[:, :2], heads_rad)
    own = _in_axes(points[:, :2], yaw)
    low, high = own.min(axis=0), own.max(axis=0)
    bottom, top = points[:, 2].min(), points[:, 2].max()
    middle = _in_axes(((low + high) / 2)[None], -yaw)[0]
    length, width = np.maximum(high - low, _LEAST_M).tolist()
    return Box3D(
        (float(middle[0]), float(middle[1]), float(bottom + top) / 2),
        (length, width, max(float(top - bottom), _LEAST_M)),
        yaw,
    )


def _turn(plan: Floats) -> float:
    """Return the turn of a quarter at most by which most points are close to a side."""
    some = plan[:: max(1, len(plan) // _MOST)] - plan.mean(axis=0)
    coarse = np.arange(0, math.pi / 2, _COARSE_RAD)
    best = coarse[np.argmax([_closeness(some, turn) for turn in coarse])]
    fine = best + np.arange(-_COARSE_RAD, _COARSE_RAD, _FINE_RAD)
    return float(fine[np.argmax([_closeness(some, turn) for turn in fine])])


def _closeness(plan: Floats, turn_rad: float) -> float:
    own = _in_axes(plan, turn_rad)
    apart = np.minimum(own - own.min(axis=0), own.max(axis=0) - own)
    return float((1 / np.maximum(apart.min(axis=1), _NEAREST_M)).sum())


def _turned(turn_rad: float, plan: Floats, heads_rad: float | None) -> float:
    quarters = turn_rad + np.arange(4) * math.pi / 2
    if heads_rad is not None:
        off = [abs(math.remainder(yaw - heads_rad, math.tau)) for yaw in quarters]
        return float(quarters[int(np.argmin(off))])
    length, width = np.ptp(_in_axes(plan, turn_rad), axis=0)
    along = turn_rad if length >= width else turn_rad + math.pi / 2
    return along if math.cos(along) >= 0 else along + math.pi


def _in_axes(plan: Floats, turn_rad: float) -> Floats:
    c, s = math.cos(turn_rad), math.sin(turn_rad)
    return np.column_stack([c * plan[:, 0] + s * plan[:, 1], c * plan[:, 1] - s * plan[:, 0]])
