"""Finds the section of a pillar by the rays that met it, all from one place."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from annotator.geometry.pillar_outline import LARGEST_M, SMALLEST_M, Outline, through
from annotator.kernels import kernel
from annotator.model.shapes import Vec2

Floats = npt.NDArray[np.float64]
Section = tuple[float, float, float, float, float]
"""Half length, half width (0 of a circle), turn and middle; metres and radians from the sensor."""

_ABOUT_M = 1.3  # no pillar reaches farther from a place on it
_LEAST_RAYS, _MOST_RAYS = 5, 80
_NOISE_M, _ON_M = 0.02, 0.06  # of ranges; three times that is still on the section
_ABOUT_ON_M, _BANDS_M = 0.18, (0.15, _ON_M)
_STEPS, _FARTHEST_STEP, _CLOSE = 3, 0.05, 1e-4
_MOST_OBLONG = 2.5
_COLUMN_M, _HOLE = 0.01, 3  # columns lie farther apart, but not so many times as usual
_USUAL_M, _STRAYS_M = 0.3, 0.15  # half the width of pillars
_SQUARE_M, _OBLONG_M = 0.03, 0.2  # how far half a length strays from half a width
_SQUARE, _ROUND, _ODD, _TELLS = 0.5, 1.0, 3.0, 1.0
"""So many points more must lie on what is square, round, or oblong or askew, than on what is known
from other pillars; and on a section than on one of the other kind to tell it."""


@dataclass(frozen=True, slots=True, eq=False)
class _Kind:
    """Sections that a pillar may have.

    Attributes
    ----------
    sizes
        Groups of half length, half width and turn to begin with, each of shape (n, 3).
    free
        Which numbers of a section follow the rays from there.
    odd
        How many points more must lie on it than on the likeliest kind.
    oblong_m
        How far half a length strays from half a width.
    """

    sizes: tuple[Floats, ...]
    free: tuple[int, ...]
    odd: float
    oblong_m: float = _SQUARE_M


@dataclass(frozen=True, slots=True, eq=False)
class _Rays:
    """Where rays ended; a place on the pillar is ahead.

    Attributes
    ----------
    ends
        Bearing, range, and the bearing's cosine and sine of each, shape (n, 4).
    beyond_rad
        How far a section reaches beyond the outermost ray that it stopped, on average.
    """

    ends: Floats
    ahead_m: float
    beyond_rad: float


@dataclass(frozen=True, slots=True)
class _Laid:
    """A section where most points lie on it; ``score`` is in points, less what is ``odd``."""

    section: Section
    score: float
    odd: float

    @property
    def is_round(self) -> bool:
        return self.section[1] == 0


def outline_seen(
    plan: Floats,
    seen_from_m: Vec2,
    known: Iterable[Outline] = (),
    square_with_rad: float | None = None,
) -> Outline:
    """Return the section that explains best how far rays went.

    Where they do not tell, it is that of a known pillar, or else square: most pillars are.

    Parameters
    ----------
    plan
        Shape (N, 2), metres, about a place on or in the pillar.
    seen_from_m
        Where the scan was taken, about the same place.
    known
        Sections of other pillars of the garage.
    square_with_rad
        The turn of the building, if it is known: few square pillars have another.
    """
    turn = math.atan2(-seen_from_m[1], -seen_from_m[0])
    rays = _rays(plan, seen_from_m, turn)
    ahead = None if square_with_rad is None else square_with_rad - turn
    laid = [_laid(rays, kind) for kind in (*_alike(known, turn), *_usual(ahead))]
    chosen = max(laid, key=lambda one: one.score)
    other = max(one.score for one in laid if one.is_round != chosen.is_round)
    is_told = chosen.odd >= _ROUND or chosen.score - other >= _TELLS
    return through(plan, _outline(chosen, seen_from_m, turn, is_told=is_told))


def _alike(known: Iterable[Outline], turn: float) -> list[_Kind]:
    sections = {
        (k.half_m[0], 0.0, 0.0) if k.round else (*k.half_m, k.yaw_rad - turn) for k in known
    }
    return [_Kind((np.array([section]),), (3, 4), 0.0) for section in sorted(sections)]


def _usual(square_with_rad: float | None) -> list[_Kind]:
    halves = (np.arange(0.1, 0.24, 0.05), np.arange(0.25, 0.39, 0.05), np.arange(0.4, 0.61, 0.05))
    circles = tuple(np.column_stack([half, 0 * half, 0 * half]) for half in halves)
    kinds = [_Kind(circles, (0, 3, 4), _ROUND)]
    if square_with_rad is not None:
        squares = tuple(_squares(half, square_with_rad) for half in halves)
        kinds.append(_Kind(squares, (0, 1, 3, 4), _SQUARE))
        kinds.append(_Kind(_oblongs(square_with_rad), (0, 1, 3, 4), _ODD, _OBLONG_M))
    turned = tuple(_squares(np.concatenate(halves), k * math.pi / 12) for k in range(6))
    odd = _SQUARE if square_with_rad is None else _ODD
    return [*kinds, _Kind(turned, (0, 1, 2, 3, 4), odd)]


def _squares(halves: Floats, turn: float) -> Floats:
    return np.column_stack([halves, halves, np.full(len(halves), turn)])


def _oblongs(turn: float) -> tuple[Floats, ...]:
    halves = np.arange(0.15, 0.56, 0.1)
    longer = np.array([(a, b, turn) for a in halves for b in halves if b < a <= _MOST_OBLONG * b])
    return longer, longer[:, [1, 0, 2]]


def _rays(plan: Floats, seen_from_m: Vec2, turn: float) -> _Rays:
    own = plan[np.hypot(*plan.T) < _ABOUT_M] - seen_from_m
    bearings = np.angle(np.exp(1j * (np.arctan2(own[:, 1], own[:, 0]) - turn)))
    ahead = math.hypot(*seen_from_m)
    ends = [bearings, np.hypot(*own.T), np.cos(bearings), np.sin(bearings)]
    return _Rays(np.column_stack(ends), ahead, _beyond_rad(bearings, _COLUMN_M / ahead))


def _beyond_rad(bearings: Floats, column_rad: float) -> float:
    """Return how far it is on average from any bearing to the next ray, holes left out.

    Gaps within a column count for nothing, as long as columns are most of what there is.
    """
    gaps = np.diff(np.sort(bearings))
    columns = gaps[gaps > column_rad]
    gaps = columns if columns.sum() > gaps.sum() / 2 else gaps
    gaps = gaps[gaps <= _HOLE * np.median(gaps)] if len(gaps) else gaps
    return float((gaps**2).sum() / (2 * gaps.sum())) if gaps.any() else column_rad


def _laid(rays: _Rays, kind: _Kind) -> _Laid:
    """Lay the likeliest section of a kind through the ends of the rays."""
    some = np.ascontiguousarray(rays.ends[:: max(1, len(rays.ends) // _MOST_RAYS)])
    tried: list[Section] = []
    for sizes in kind.sizes:
        section = _searched(some, rays.beyond_rad, rays.ahead_m, sizes)
        tried.append(section)
        for band_m in _BANDS_M:
            for _step in range(_STEPS):
                section = _nearer(rays, section, kind.free, band_m, kind.oblong_m)
            tried.append(section)
    scores = [_score(rays.ends, rays.beyond_rad, one, _ON_M) for one in tried]
    best = int(np.argmax(scores))
    return _Laid(tried[best], scores[best] - kind.odd, kind.odd)


def _nearer(
    rays: _Rays, section: Section, free: tuple[int, ...], band_m: float, oblong_m: float
) -> Section:
    """Take one step of Gauss and Newton toward the ends of the rays that lie within a band."""
    off = rays.ends[:, 1] - _ranges_m(rays.ends, section)
    on = np.ascontiguousarray(rays.ends[np.abs(off) < band_m])
    if len(on) < _LEAST_RAYS:
        return section
    seen = (on[:, 0].min() - rays.beyond_rad, on[:, 0].max() + rays.beyond_rad)
    beside_rad = max(rays.beyond_rad, _NOISE_M / rays.ahead_m)

    def strays(tried: Section) -> Floats:
        ahead = (on[:, 1] - _ranges_m(on, tried)) / _NOISE_M
        aside = np.subtract(_sides_rad(tried), seen) / beside_rad
        oblong = (tried[0] - tried[1]) / oblong_m if tried[1] else 0.0
        return np.concatenate([ahead, aside, [(tried[0] - _USUAL_M) / _STRAYS_M, oblong]])

    now = strays(section)
    moved = (strays(_moved(section, (number,), (_CLOSE,))) for number in free)
    slopes = np.column_stack([(there - now) / _CLOSE for there in moved])
    kept = np.isfinite(now) & np.isfinite(slopes).all(axis=1)
    step, *_rest = np.linalg.lstsq(slopes[kept], -now[kept], rcond=None)
    return _moved(section, free, np.clip(step, -_FARTHEST_STEP, _FARTHEST_STEP).tolist())


def _moved(section: Section, numbers: Iterable[int], by: Iterable[float]) -> Section:
    values = list(section)
    for number, step in zip(numbers, by, strict=True):
        values[number] += step
        if number < 2:
            values[number] = min(max(values[number], SMALLEST_M), LARGEST_M)
    half, other, turn, x, y = values
    return half, other, turn, x, y


def _outline(laid: _Laid, seen_from_m: Vec2, turn: float, *, is_told: bool) -> Outline:
    half, other, own_turn, x, y = laid.section
    c, s = math.cos(turn), math.sin(turn)
    return Outline(
        middle_m=(seen_from_m[0] + c * x - s * y, seen_from_m[1] + s * x + c * y),
        half_m=(half, half if laid.is_round else other),
        yaw_rad=0.0 if laid.is_round else own_turn + turn,
        round=laid.is_round,
        mask=np.zeros(0, np.bool_),
        residual_m=0.0,
        is_told=is_told,
    )


@kernel
def _searched(ends: Floats, beyond_rad: float, ahead_m: float, sizes: Floats) -> Section:
    """Return the section, and where it stands, with most points on it, to within a decimetre."""
    best = -np.inf
    found = (sizes[0, 0], sizes[0, 1], sizes[0, 2], ahead_m, 0.0)
    for k in range(len(sizes)):
        for a in range(-6, 10):
            for b in range(-6, 7):
                place = (ahead_m + 0.1 * a, 0.1 * b)
                section = (sizes[k, 0], sizes[k, 1], sizes[k, 2], place[0], place[1])
                score = _score(ends, beyond_rad, section, _ABOUT_ON_M)
                if score > best:
                    best, found = score, section
    return found


@kernel
def _score(ends: Floats, beyond_rad: float, section: Section, within_m: float) -> float:
    """Return how many points lie on a section, less those missing from it and those behind it."""
    score, count, low, high = 0.0, 0, np.inf, -np.inf
    for i in range(len(ends)):
        off = ends[i, 1] - _range_m(ends[i, 2], ends[i, 3], section)
        if abs(off) < within_m:
            score += 1.0 - (off / within_m) ** 2
            count += 1
            low, high = min(low, ends[i, 0]), max(high, ends[i, 0])
        elif off > 0:
            score -= 1.0
    if count < 3:
        return -1e9
    first, last = _sides_rad(section)
    # a whole step may lie between the outermost ray and the side, but no more
    bare = max(low - first - 2 * beyond_rad, 0.0) + max(last - high - 2 * beyond_rad, 0.0)
    return score - bare * count / max(high - low, beyond_rad)


@kernel
def _ranges_m(ends: Floats, section: Section) -> Floats:
    ranges = np.empty(len(ends))
    for i in range(len(ends)):
        ranges[i] = _range_m(ends[i, 2], ends[i, 3], section)
    return ranges


@kernel
def _range_m(dx: float, dy: float, section: Section) -> float:
    """Return how far a ray goes until it meets a section; NaN if it does not."""
    half, other, turn, x, y = section
    if other == 0:
        along = x * dx + y * dy
        inside = half * half - (x * x + y * y - along * along)
        return along - np.sqrt(inside) if inside >= 0 else np.nan
    c, s = np.cos(turn), np.sin(turn)
    u, v = c * dx + s * dy, c * dy - s * dx
    u, v = u if abs(u) > 1e-9 else 1e-9, v if abs(v) > 1e-9 else 1e-9
    um, vm = (c * x + s * y) / u, (c * y - s * x) / v
    met = max(um - abs(half / u), vm - abs(other / v))
    return met if met <= min(um + abs(half / u), vm + abs(other / v)) else np.nan


@kernel
def _sides_rad(section: Section) -> tuple[float, float]:
    """Return between which bearings the sensor sees a section."""
    half, other, turn, x, y = section
    middle = np.arctan2(y, x)
    if other == 0:
        aside = np.arcsin(min(half / np.hypot(x, y), 1.0))
        return middle - aside, middle + aside
    c, s = np.cos(turn), np.sin(turn)
    low, high = 0.0, 0.0
    for k in range(4):
        u, v = half if k < 2 else -half, other if k % 2 == 0 else -other
        px, py = x + c * u - s * v, y + s * u + c * v
        aside = np.arctan2(x * py - y * px, x * px + y * py)
        low, high = min(low, aside), max(high, aside)
    return middle + low, middle + high
