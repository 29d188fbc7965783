"""Chooses the footprint that best explains what stands around a click."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from annotator.geometry.fit_search import (
    UPRIGHT_M,
    coarse_footprints,
    edge_votes,
    gridded_footprints,
    neighbouring,
    scanned_footprint,
    settled_footprint,
)
from annotator.geometry.ground import FLOOR_M
from annotator.geometry.thinning import thinned_to

Floats = npt.NDArray[np.float64]
Scored = tuple[float, Floats]

_ALIGNED = 0.25  # the share of its score that a footprint askew to all around it loses
_HOLLOW = 0.3  # the share that one with an empty stretch of its best seen side loses
_NEIGHBOUR = 0.75  # per point that a neighbour would explain
_PARALLEL = 0.25  # the same, among footprints that lie alike
_LEFT_OUT = 1.0  # per point right beside a footprint that neither it nor a neighbour explains
_LEFT_OUT_MOST = 4  # more are of a neighbour that was not found
_RIGHT_BESIDE_M = 0.4
_RIVALS = 0.6  # what explains such a share as much is not given up for the first
_ALIKE_RAD, _ACROSS_RAD = math.radians(30), math.radians(45)
_SNAPPED_RAD = math.radians(8)
_CLEAR = 0.5
_LEVEL_RAD, _ASKEW_RAD = math.radians(2), math.radians(20)


@dataclass(frozen=True, slots=True, eq=False)
class Usual:
    """What is usual for a class.

    Attributes
    ----------
    size_m, spread_m
        Length and width, and how far they usually stray, shape (2,).
    low_m
        Height below which an object has no upward faces.
    """

    size_m: Floats
    spread_m: Floats
    low_m: float


@dataclass(frozen=True, slots=True)
class _Explained:
    """What a footprint explains alone, what its neighbours would, and how many points neither."""

    own: float
    beside: float
    left_out: int

    @property
    def all(self) -> float:
        return self.own + _NEIGHBOUR * self.beside

    @property
    def among_alike(self) -> float:
        """How good it is among footprints that lie alike, of one car in a row or of the next."""
        return self.own + _PARALLEL * self.beside - _LEFT_OUT * self.left_out


@dataclass(frozen=True, slots=True, eq=False)
class Likely:
    """Likely footprints as (yaw, front, back, left, right).

    Attributes
    ----------
    feet
        The best first.
    across
        The best of those that lie across the first, where it explains nearly as much.
    along_rad
        The way that most around lies, by quarter turns, where it does so clearly.
    """

    feet: list[Floats]
    across: Floats | None = None
    along_rad: float | None = None


def likely_footprints(
    coarse: Floats, fine: Floats, usual: Usual, *, around: Floats, band_m: float, centred: float
) -> Likely:
    """Return likely footprints.

    Parameters
    ----------
    coarse, fine
        The same points thinned more and less, (x, y, height) about the anchor, floor included.
    around
        Points of what stands farther around: of what is near, a few alone tell no direction.
    centred
        How much a footprint loses where the anchor is at the middle of a side.
    """
    size, spread, low = usual.size_m, usual.spread_m, usual.low_m
    votes = _votes(around)
    aligned = _alignment(votes)
    tried = coarse_footprints(coarse, size, spread, low, 24, 0.3, centred)
    rough = [
        settled_footprint(coarse, start, size, spread, low, 0.45, 0.07, 0.1, 0.5)
        for start in _apart(tried[np.argsort(-tried[:, 0]), 1:], 16)
    ]
    middling = thinned_to(fine, 0.12, 500)
    gridded = gridded_footprints(middling, _likely_turns(votes), size, spread, low, centred)
    rough += [
        (float(row[0] + centred * abs(row[0]) * _off_middle(row[1:])), row[1:]) for row in gridded
    ]
    dense = thinned_to(fine, 0.05, 900)
    scanned = [
        scanned_footprint(dense, start, size, spread, low, 0.08)
        for start in _both_ways(_ranked(rough, aligned, centred), 8, 12)
    ]
    starts = _both_ways(_ranked(scanned, aligned, centred), 6, 8)
    settled = [_settled(fine, start, usual, band_m) for start in starts]
    moved = _both_ways(_ranked(settled, aligned, centred), 2, 2)
    settled += [_moved_in(fine, _other_side(foot, votes), usual, band_m) for foot in moved]
    worth = _worth(fine, settled, aligned, centred)
    order, across = _most_telling(fine, settled, worth, usual, band_m)
    best = settled[order[0]]
    again = [_moved_in(fine, start, usual, band_m) for start in _turned_along(best[1], votes)]
    rivals = [best, *(found for found in again if found[0] > best[0])]
    worth = _worth(fine, rivals, aligned, centred)
    first = rivals[_most_telling(fine, rivals, worth, usual, band_m)[0][0]]
    feet = [first[1], *(settled[k][1] for k in order[1:])]
    return Likely(feet, None if across is None else settled[across][1], _clear_way(votes))


def _moved_in(points: Floats, start: Floats, usual: Usual, band_m: float) -> Scored:
    size, spread, low = usual.size_m, usual.spread_m, usual.low_m
    _score, nearer = scanned_footprint(points, start, size, spread, low, 0.08)
    return _settled(points, nearer, usual, band_m)


def _settled(points: Floats, start: Floats, usual: Usual, band_m: float) -> Scored:
    return settled_footprint(
        points, start, usual.size_m, usual.spread_m, usual.low_m, 0.2, 0.008, band_m, 1.0
    )


def _other_side(foot: Floats, votes: Floats) -> Floats:
    """Return a footprint with the anchor at its other side, turned as most around it.

    What was clicked between two parked cars may belong to either of them.
    """
    yaw, front, back, left, right = foot.tolist()
    off = math.remainder(math.radians(int(votes.argmax())) - yaw, math.pi / 2)
    turned = yaw + off if abs(off) < _SNAPPED_RAD else yaw
    return np.array((turned, front, back, -right, -left))


def _turned_along(foot: Floats, votes: Floats) -> list[Floats]:
    """Return a footprint, and where it lies askew the same one turned as most around it."""
    off = math.remainder(math.radians(int(votes.argmax())) - foot[0], math.pi / 2)
    if not _LEVEL_RAD < abs(off) < _ASKEW_RAD:
        return [foot]
    x, y = _middle(foot)
    turned = _shifted(foot, -x, -y) + np.array((off, 0.0, 0.0, 0.0, 0.0))
    return [foot, _shifted(turned, x, y)]


def _votes(points: Floats) -> Floats:
    return edge_votes(points, 0.2) if len(points) else np.ones(90)


def _alignment(votes: Floats) -> Floats:
    """Return how doubtful each turn of a quarter, in degrees, is: 0 where most edges lie so.

    Parked cars, walls and pillars share their directions; where nothing does, no turn is doubted.
    """
    usual, most = float(np.median(votes)), float(votes.max())
    doubt = np.clip(1 - (votes - usual) / (0.5 * (most - usual) + 1e-9), 0, 1)
    return np.asarray(_ALIGNED * _clearness(votes) * doubt)


def _clearness(votes: Floats) -> float:
    """Return how clearly most lies one way, 0 to 1."""
    return float(np.clip((votes.max() / np.median(votes) - 1.1) / 0.5, 0.0, 1.0))


def _clear_way(votes: Floats) -> float | None:
    return math.radians(int(votes.argmax())) if _clearness(votes) > _CLEAR else None


def _likely_turns(votes: Floats) -> Floats:
    """Return turns in which most edges lie, and those a few degrees off the first of them."""
    first = int(votes.argmax())
    far = np.abs((np.arange(90) - first + 45) % 90 - 45) > 8
    second = int(np.where(far, votes, 0).argmax())
    quarter = np.array([first, first - 3, first + 3, second], np.float64)
    return np.asarray(np.radians(np.concatenate([quarter, quarter + 90])))


def _ranked(found: list[Scored], aligned: Floats, centred: float) -> Floats:
    """Return footprints, the best first."""
    worth = [
        score - abs(score) * (centred * _off_middle(foot) + _askew(foot, aligned))
        for score, foot in found
    ]
    return np.array([found[k][1] for k in np.argsort(-np.array(worth), kind="stable")])


def _both_ways(feet: Floats, most: int, across: int) -> list[Floats]:
    """Return the first footprints that differ, those that lie across the first one among them.

    Of cars in a row the fronts look like one car's side, so neither way is given up early.
    """
    crosswise = np.array([_turned(feet[0], foot) > _ACROSS_RAD for foot in feet])
    return _apart(feet[~crosswise], most) + _apart(feet[crosswise], across)


def _most_telling(
    points: Floats,
    settled: list[Scored],
    worth: Floats,
    usual: Usual,
    band_m: float,
) -> tuple[list[int], int | None]:
    """Return which footprints, with what would stand beside them, explain most points.

    The second is which one across the first explains nearly as much, if one does.

    A box across two parked cars explains both their fronts, but leaves what is behind them; a box
    on one of them leaves the other front to the neighbour.
    """
    order = [k for k in np.argsort(-worth, kind="stable") if worth[k] >= 0.25 * worth.max()]
    some: list[int] = []
    for k in order or [int(worth.argmax())]:
        if not any(_alike(settled[k][1], settled[other][1]) for other in some):
            some.append(int(k))
    if len(some) == 1:
        return some, None
    by = {k: _explained(points, settled[k][1], worth[k], usual, band_m) for k in some}
    best = max(some, key=lambda k: by[k].all)
    parallel = {k: _turned(settled[k][1], settled[best][1]) < _ALIKE_RAD for k in some}
    order = sorted(some, key=lambda k: (not parallel[k], -by[k].among_alike))
    across = [k for k in some if _turned(settled[k][1], settled[order[0]][1]) > _ACROSS_RAD]
    rival = max(across, key=lambda k: by[k].all, default=None)
    is_rival = rival is not None and by[rival].all > _RIVALS * by[order[0]].all
    return order, rival if is_rival else None


def _explained(points: Floats, foot: Floats, own: float, usual: Usual, band_m: float) -> _Explained:
    """Return what a footprint explains, with the best ones on its left and on its right."""
    rest = points[~_covered(points, foot, 0.12)]
    beside, others = _beside(rest, foot, usual, band_m)
    wider = foot + np.array((0.0, 0.0, 0.0, _RIGHT_BESIDE_M, -_RIGHT_BESIDE_M))
    left_out = _covered(rest, wider, 0.0) & (rest[:, 2] > FLOOR_M) & (rest[:, 2] < UPRIGHT_M)
    for other in others:
        left_out &= ~_covered(rest, other, band_m)
    return _Explained(own, beside, min(int(left_out.sum()), _LEFT_OUT_MOST))


def _beside(rest: Floats, foot: Floats, usual: Usual, band_m: float) -> tuple[float, list[Floats]]:
    """Return how well the best footprints beside one explain the rest, and these."""
    others: list[Floats] = []
    if not len(rest):
        return 0.0, others
    size, spread, low = usual.size_m, usual.spread_m, usual.low_m
    total = 0.0
    thin = thinned_to(rest, 0.15, 250)
    for side in (-1.0, 1.0):
        beside = foot
        for _car in range(2):
            start = neighbouring(thin, beside, size, spread, low, side)
            c, s = math.cos(start[0]), math.sin(start[0])
            um, vm = (start[1] + start[2]) / 2, (start[3] + start[4]) / 2
            about = rest - (c * um - s * vm, s * um + c * vm, 0.0)
            centred = start - (0.0, um, um, vm, vm)
            score, found = settled_footprint(
                about, centred, size, spread, low, 0.3, 0.02, band_m, 1.0
            )
            if score <= 0:
                break
            total += score
            others.append(_shifted(found, c * um - s * vm, s * um + c * vm))
            beside = start
    return total, others


def _shifted(foot: Floats, x_m: float, y_m: float) -> Floats:
    c, s = math.cos(foot[0]), math.sin(foot[0])
    u, v = c * x_m + s * y_m, -s * x_m + c * y_m
    return np.asarray(foot + np.array((0.0, u, u, v, v)))


def _covered(points: Floats, foot: Floats, margin: float) -> npt.NDArray[np.bool_]:
    c, s = math.cos(foot[0]), math.sin(foot[0])
    u = c * points[:, 0] + s * points[:, 1]
    v = -s * points[:, 0] + c * points[:, 1]
    return np.asarray(
        (u < foot[1] + margin)
        & (u > foot[2] - margin)
        & (v < foot[3] + margin)
        & (v > foot[4] - margin)
    )


def _worth(points: Floats, found: list[Scored], aligned: Floats, centred: float) -> Floats:
    return np.array([s - abs(s) * _doubt(points, foot, aligned, centred) for s, foot in found])


def _doubt(points: Floats, foot: Floats, aligned: Floats, centred: float) -> float:
    return centred * _off_middle(foot) + _gap_share(points, foot) + _askew(foot, aligned)


def _askew(foot: Floats, aligned: Floats) -> float:
    return float(aligned[round(math.degrees(foot[0])) % 90])


def _gap_share(points: Floats, foot: Floats) -> float:
    """Return how doubtful an empty stretch of the best seen side makes a footprint, 0 to 0.3.

    A footprint that lies across two parked cars has a gap there, and one that reaches from a car
    over an empty slot an end without points.
    """
    c, s = math.cos(foot[0]), math.sin(foot[0])
    solid = points[(points[:, 2] > FLOOR_M) & (points[:, 2] < UPRIGHT_M)]
    own = np.column_stack([c * solid[:, 0] + s * solid[:, 1], -s * solid[:, 0] + c * solid[:, 1]])
    densest, missed = 0.0, 0.0
    for side in range(4):
        across, first = (0, 3) if side < 2 else (1, 1)
        high, low = float(foot[first]), float(foot[first + 1])
        near = np.abs(own[:, across] - foot[1 + side]) < 0.1
        places = own[near & (own[:, 1 - across] < high) & (own[:, 1 - across] > low), 1 - across]
        if len(places) / (high - low) > densest:
            densest = len(places) / (high - low)
            gaps = np.diff(np.sort(np.concatenate([[low], places, [high]])))
            hole = float(gaps.max()) / (high - low)
            missed = hole / max(1 - hole, 0.05) * len(places)
    return float(np.clip((missed - 4) / 8, 0.0, 1.0)) * _HOLLOW if densest else 0.0


def _off_middle(foot: Floats) -> float:
    """Return how far the anchor is from the middle: 1 at the middle of a side, 2 at a corner."""
    u = (foot[1] + foot[2]) / (foot[1] - foot[2])
    v = (foot[3] + foot[4]) / (foot[3] - foot[4])
    return float(u * u + v * v)


def _apart(feet: Floats, most: int) -> list[Floats]:
    """Return the first footprints that differ in turn or place."""
    kept: list[Floats] = []
    for foot in feet:
        if not any(_alike(foot, other) for other in kept):
            kept.append(foot.copy())
        if len(kept) == most:
            break
    return kept


def _turned(one: Floats, other: Floats) -> float:
    return abs(math.remainder(one[0] - other[0], math.pi))


def _alike(one: Floats, other: Floats) -> bool:
    (x, y), (p, q) = _middle(one), _middle(other)
    c, s = math.cos(one[0]), math.sin(one[0])
    along, across = abs(c * (p - x) + s * (q - y)), abs(-s * (p - x) + c * (q - y))
    return _turned(one, other) < math.radians(8) and (along < 0.4) and (across < 0.2)


def _middle(foot: Floats) -> tuple[float, float]:
    c, s = math.cos(foot[0]), math.sin(foot[0])
    u, v = (foot[1] + foot[2]) / 2, (foot[3] + foot[4]) / 2
    return c * u - s * v, s * u + c * v
