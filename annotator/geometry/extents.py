"""Reckons where an object ends, from its last points and the usual size of its class."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

_NOISE_M = 0.02
HIDDEN = 0.3
"""How often the far end of a surface is where the shadow, not the object, ends."""

_NEAR_M = 0.6  # what lies so near beyond an end speaks against it, and tells how dense points are
_LEFT_OUT, _LEFT_OUT_MOST = 0.5, 6.0  # what points beyond an end cost, in nats
_GROUND, _GROUND_MOST = 1.0, 8.0  # what floor or wall inside an end costs
_OVERHANG = 0.045  # floor is seen so far below bumpers, as a share of the usual size
_FACES_M = (0.15, 0.03)
_FACE_M = 0.05
_STRAY_M = 0.012  # how far points of a flat face stray from it
_BEFORE_LAST = -20.0  # for an end before the last point that no face explains, in nats
_FACE_DOUBT, _ROOF_DOUBT = 4.0, -8.0  # the last points may lie on a side; the highest do on a roof
_FEW, _CHANCE_M = 2.0, 0.15  # a face holds more points than so many, and than chance so near
_ON_FACE = (1.0, 3.0, 10.0)  # times as many
_STEPS = 140
_LEVEL_M = 0.025  # points no farther apart in height are of one ring of a scanner
_TOP_M = 0.8
_OVER_ROOF = 100  # one in so many points may lie above the roof
_ROOFS = 25
_SLACK_M = 0.05
_ABOVE, _ABOVE_MOST = 2.0, 20.0  # what points above the top cost, in nats


@dataclass(frozen=True, slots=True, eq=False)
class Axis:
    """One axis of a footprint, and what points say about its two ends.

    Attributes
    ----------
    high_m, low_m
        Where both ends were seen; NaN for one that no point showed.
    rough_m
        The (high, low) ends before.
    places_m
        Sorted places of the points that may be the object's.
    reach_m
        The (high, low) places that points reach without a gap.
    ground_m
        Sorted places of floor and walls, where no object can be.
    usual_m, spread_m
        The size that the class usually has along it, and how far it usually strays.
    hidden
        How often points end where a shadow, not the object, ends.
    """

    high_m: float
    low_m: float
    rough_m: tuple[float, float]
    places_m: Floats
    reach_m: tuple[float, float]
    ground_m: Floats
    usual_m: float
    spread_m: float
    hidden: float = HIDDEN

    def ends(self) -> tuple[float, float]:
        """Return the expected (high, low) ends.

        Where a surface ends in the open, the gap beyond its last point is exponential with the
        surface's density of points; where it ends in a shadow, anything is possible; points
        beyond an end, if there are any, need another object. The usual size weighs them all.
        """
        if math.isfinite(self.high_m) and math.isfinite(self.low_m):
            return self.high_m, self.low_m
        high, for_high = _likely_end(self, 1.0)
        low, for_low = _likely_end(self, -1.0)
        size = high[:, None] + low[None, :]
        likely = for_high[:, None] + for_low[None, :]
        likely = likely - 0.5 * ((size - self.usual_m) / self.spread_m) ** 2
        likely[size < 0.08] = -np.inf
        weight = np.exp(likely - likely.max())
        weight /= weight.sum()
        return float(weight.sum(axis=1) @ high), -float(weight.sum(axis=0) @ low)


def likely_top_m(heights_m: Floats, usual_m: float, spread_m: float) -> float:
    """Return the highest point of an object, where what is above may be of something else.

    A few points far above the usual height are of a pillar or a pipe; many are of a van.
    """
    tops = np.sort(heights_m)
    above = len(tops) - np.searchsorted(tops, tops + _SLACK_M)
    tall = np.maximum(tops - usual_m, 0.0) / spread_m
    likely = -0.5 * tall**2 - np.minimum(_ABOVE * above, _ABOVE_MOST)
    best = np.flatnonzero(likely >= likely.max() - 1e-9)
    return float(tops[best[-1]]) + _SLACK_M


def roof_m(heights_m: Floats) -> float:
    """Return how high an object's roof lies, of points that stray about it and of its sides'."""
    tops = np.sort(heights_m)
    highest = float(tops[-1 - len(tops) // _OVER_ROOF])
    roofs = highest + np.linspace(-3 * _STRAY_M, _STRAY_M, _ROOFS)
    likely = _stands_on(roofs, tops, highest, _ROOF_DOUBT)
    weight = np.exp(likely - likely.max())
    return float(weight @ roofs / weight.sum())


def reckoned_height_m(heights_m: Floats, top_m: float, usual_m: float, spread_m: float) -> float:
    """Return the expected height of an object whose highest points are known, its roof not.

    The next ring of a scanner would have met the object too, were it much higher.
    """
    near = np.sort(heights_m[heights_m > top_m - _TOP_M])
    levels = 1 + int((np.diff(near) > _LEVEL_M).sum())
    per_m = levels / min(_TOP_M, max(top_m, 0.1))
    beyond = np.linspace(0.0, max(0.5, 0.5 * usual_m), 101)
    likely = -per_m * beyond - 0.5 * ((top_m + beyond - usual_m) / spread_m) ** 2
    weight = np.exp(likely - likely.max())
    return top_m + float(weight @ beyond / weight.sum())


def _likely_end(axis: Axis, sign: float) -> tuple[Floats, Floats]:
    """Return places of an end along its outward direction, and their logarithmic likelihood."""
    seen = axis.high_m if sign > 0 else -axis.low_m
    if math.isfinite(seen):
        return np.array([seen]), np.zeros(1)
    middle = sign * (axis.rough_m[0] + axis.rough_m[1]) / 2
    half = (axis.rough_m[0] - axis.rough_m[1]) / 2
    reach = axis.reach_m[0] if sign > 0 else -axis.reach_m[1]
    first = max(reach, middle + 0.3 * half)
    most = max(0.3, axis.usual_m + 3 * axis.spread_m - half - (first - middle))
    step = most / _STEPS
    ends = first + step * np.arange(-int(3 * _STRAY_M / step), _STEPS, dtype=np.float64)
    out = axis.places_m if sign > 0 else -axis.places_m[::-1]
    ground = axis.ground_m if sign > 0 else -axis.ground_m[::-1]
    face = _stands_on(ends, out, reach, _FACE_DOUBT)
    return ends, _open_end(ends, out, axis.hidden, reach, face) + _on_ground(
        ends - _OVERHANG * axis.usual_m, ground, middle
    )


def _open_end(ends: Floats, out: Floats, hidden: float, reach: float, face: Floats) -> Floats:
    if not len(out):
        return np.zeros(len(ends))
    inside = np.searchsorted(out, np.maximum(ends, reach) + _NOISE_M)
    beyond = np.searchsorted(out, ends + _NEAR_M) - inside
    last = np.where(inside > 0, out[np.maximum(inside - 1, 0)], -np.inf)
    per_m = np.maximum(1.0, (inside - np.searchsorted(out, last - _NEAR_M)) / _NEAR_M)
    for width in _FACES_M:  # points of a face lie closer together than those of a roof
        per_m = np.maximum(per_m, (inside - 1 - np.searchsorted(out, last - width)) / width)
    gap = np.minimum(np.maximum(ends - last, 0.0), 50.0)
    ends_here = np.log((1 - hidden) * per_m) + face - per_m * gap
    likely = np.logaddexp(ends_here, math.log(hidden * 0.5))
    return np.asarray(likely - np.minimum(_LEFT_OUT * beyond, _LEFT_OUT_MOST))


def _stands_on(ends: Floats, places: Floats, reach: float, doubt: float) -> Floats:
    """Return how much likelier a face at an end makes the last points, in nats.

    Points of a face stray to both sides of it, so that the last of them lies beyond it; without
    a face no end is before the last point.
    """
    from scipy.special import ndtr  # noqa: PLC0415 - takes 0.1 s

    own = places[: np.searchsorted(places, reach, "right")]
    off = own[np.searchsorted(own, reach - 7 * _STRAY_M) :]
    z = (off[None, :] - ends[ends < reach + 4 * _STRAY_M, None]) / _STRAY_M
    bell = np.exp(-0.5 * z**2) / (_STRAY_M * math.sqrt(math.tau))
    inside = np.minimum(1.0, 2 * ndtr(-z))
    per_m = _before(own, reach)
    likely = np.where(ends < reach - 1e-9, _BEFORE_LAST, 0.0)
    for times in _ON_FACE:
        many = times * (_FEW + _CHANCE_M * per_m)
        face = np.log(inside + many / per_m * bell).sum(axis=1) - many - doubt
        likely[: len(face)] = np.logaddexp(likely[: len(face)], face)
    return np.asarray(likely)


def _before(own: Floats, reach: float) -> float:
    """Return how many points there are per metre before those that may be a face's."""
    first, last = np.searchsorted(own, (reach - _NEAR_M, reach - _FACE_M))
    return max(1.0, float(last - first) / (_NEAR_M - _FACE_M))


def _on_ground(ends: Floats, ground: Floats, middle: float) -> Floats:
    covered = np.searchsorted(ground, ends) - np.searchsorted(ground, middle)
    return np.asarray(-np.minimum(_GROUND * np.maximum(covered, 0), _GROUND_MOST))
