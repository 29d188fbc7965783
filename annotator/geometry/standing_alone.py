"""Lays a rectangle about a small thing that stands apart from what is around it."""

import math

import numpy as np
import numpy.typing as npt

from annotator.geometry.parts import parts_by_gap
from annotator.geometry.thinning import thinned_to
from annotator.model.shapes import Vec3

Floats = npt.NDArray[np.float64]

_GAP_M = (0.15, 0.4)
_LEAST_POINTS = 4
_MOST_POINTS = 400
_NEAR_M = 0.02
_THIN_M = 0.22  # what is thinner shows one face, whose far side is unknown
_DEPTH = 0.4  # of the largest size: no deeper is one seen face taken for
_EDGE = 0.02  # share of points that may lie outside of an edge


def footprint_alone(
    points: Floats, reach_m: float, seen_from_m: Vec3 | None = None
) -> Floats | None:
    """Return (yaw, front, back, left, right) about the points that hang together at the anchor.

    Parameters
    ----------
    points
        (x, y, height above the floor) about the anchor, shape (N, 3), metres; no floor.
    reach_m
        No thing of the class is larger.
    seen_from_m
        Where the scan was taken, about the anchor: one seen face is taken for as deep as wide,
        away from there.

    Returns
    -------
    numpy.ndarray or None
        None where too little, or something larger, or only one face, is to be seen.
    """
    near = points[np.hypot(points[:, 0], points[:, 1]) < 1.5 * reach_m]
    thin = thinned_to(near, 0.02, _MOST_POINTS)
    if len(thin) < _LEAST_POINTS:
        return None
    part = parts_by_gap(thin, _bridging_m(thin))
    own = thin[part == part[np.hypot(thin[:, 0], thin[:, 1]).argmin()]]
    if len(own) < _LEAST_POINTS:
        return None
    foot = _rectangle(own)
    sides = (foot[1] - foot[2], foot[3] - foot[4])
    if max(sides) > reach_m:
        return None
    if min(sides) >= _THIN_M:
        return foot
    return None if seen_from_m is None else _deepened(foot, seen_from_m, _DEPTH * reach_m)


def _deepened(foot: Floats, seen_from_m: Vec3, most_m: float) -> Floats:
    """Push the far side of a thin footprint away from where it was seen."""
    c, s = math.cos(foot[0]), math.sin(foot[0])
    x, y, _z = seen_from_m
    first, toward = (
        (3, c * y - s * x) if foot[1] - foot[2] > foot[3] - foot[4] else (1, c * x + s * y)
    )
    deep = np.array(foot)
    wide = min(max(foot[1] - foot[2], foot[3] - foot[4]), most_m)
    if toward > foot[first]:
        deep[first + 1] = foot[first] - wide
    else:
        deep[first] = foot[first + 1] + wide
    return deep


def _bridging_m(points: Floats) -> float:
    from scipy.spatial import cKDTree  # noqa: PLC0415 - takes 0.2 s

    distance, _row = cKDTree(points).query(points, k=min(4, len(points)))
    return float(np.clip(2.5 * np.median(distance[:, -1]), *_GAP_M))


def _rectangle(points: Floats) -> Floats:
    """Return the rectangle that points lie closest to the edges of (Zhang et al. 2017)."""
    turns = np.radians(np.arange(90))
    c, s = np.cos(turns), np.sin(turns)
    u = np.outer(c, points[:, 0]) + np.outer(s, points[:, 1])
    v = np.outer(c, points[:, 1]) - np.outer(s, points[:, 0])
    gaps = [
        np.minimum(high[:, None] - place, place - low[:, None])
        for place in (u, v)
        for low, high in (np.quantile(place, (_EDGE, 1 - _EDGE), axis=1),)
    ]
    off = np.maximum(np.abs(np.minimum(*gaps)), _NEAR_M)
    best = int((1 / off).sum(axis=1).argmax())
    ends = (u[best].max(), u[best].min(), v[best].max(), v[best].min())
    return np.array((math.radians(best), *ends))
