"""Finds the round or square section of something upright, seen from one side."""

import math
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from annotator.kernels import kernel
from annotator.model.shapes import Vec2

Floats = npt.NDArray[np.float64]

SMALLEST_M, LARGEST_M = 0.08, 0.75  # half widths and radii
_ON_FACE_M = 0.04
_COLUMN_M = 0.01  # a scanner's columns of points lie farther apart
_ON_SECTION_M, _BESIDE_M = 0.035, 0.06
_ROUND, _TELLS = 1.1, 1.35  # so many times as likely is round, and is told from the other
_GAP_M = 0.15  # a longer stretch without a point ends a side


@dataclass(frozen=True, slots=True, eq=False)
class Outline:
    """A section in plan: a circle, or a rectangle.

    Attributes
    ----------
    mask
        Which points lie on it.
    is_told
        Whether they tell it from a section of the other kind.
    """

    middle_m: Vec2
    half_m: Vec2
    yaw_rad: float
    round: bool
    mask: npt.NDArray[np.bool_]
    residual_m: float
    is_told: bool = True

    @property
    def on(self) -> int:
        """How many points lie on it."""
        return int(self.mask.sum())


def best_outline(plan: Floats) -> Outline:
    """Return the circle or the rectangle that points lie best on, wherever they were seen from.

    Parameters
    ----------
    plan
        Shape (N, 2), metres, about a place on or in it.
    """
    round_one, square = _best_circle(plan), _best_square(plan)
    chosen = round_one if _is_round(round_one, square) else square
    return replace(chosen, is_told=_is_told(round_one, square))


def outline_like(plan: Floats, known: Outline, seen_from_m: Vec2 | None = None) -> Outline:
    """Return where the section ``known`` explains points best; it keeps its size and its turn.

    Parameters
    ----------
    plan
        Shape (N, 2), metres, about where its middle is looked for.
    seen_from_m
        Where the scan was taken, about the same place: no face that looks away was seen.
    """
    some = plan[:: max(1, len(plan) // 200)]
    x, y = 0.0, 0.0

    def explained(at_m: Vec2) -> float:
        return _explained(some, replace(known, middle_m=at_m), seen_from_m)

    for reach_m, step_m in ((0.5, 0.05), (0.05, 0.01)):
        aside = np.arange(-reach_m, reach_m + step_m / 2, step_m)
        places = [(x + dx, y + dy) for dx in aside.tolist() for dy in aside.tolist()]
        x, y = max(
            places, key=lambda at: _explained(some, replace(known, middle_m=at), seen_from_m)
        )
    return through(plan, replace(known, middle_m=(x, y)))


def through(plan: Floats, outline: Outline) -> Outline:
    """Return a section that knows which points lie on it."""
    off, _is_away = _off_m(plan, outline, None)
    mask = np.abs(off) < _ON_SECTION_M
    residual = float(np.sqrt(np.mean(off[mask] ** 2))) if mask.any() else 1.0
    return replace(outline, mask=mask, residual_m=residual)


def _explained(plan: Floats, outline: Outline, seen_from_m: Vec2 | None) -> float:
    """Return how many points lie on a section, less those that it cannot have where they are."""
    off, is_away = _off_m(plan, outline, seen_from_m)
    on = np.clip(1 - np.abs(off) / _BESIDE_M, 0, None) * ~is_away
    return float(on.sum() - (off < -_BESIDE_M).sum() - ((np.abs(off) < _BESIDE_M) & is_away).sum())


def _off_m(
    plan: Floats, outline: Outline, seen_from_m: Vec2 | None
) -> tuple[Floats, npt.NDArray[np.bool_]]:
    """Return how far outside a section points are, and which are on a side that looks away."""
    c, s = math.cos(outline.yaw_rad), math.sin(outline.yaw_rad)
    axes = np.array([[c, s], [-s, c]])
    own = (plan - outline.middle_m) @ axes.T
    toward = (
        np.zeros(2) if seen_from_m is None else axes @ (seen_from_m - np.array(outline.middle_m))
    )
    if outline.round:
        return np.hypot(*own.T) - outline.half_m[0], own @ toward < 0
    beyond = np.abs(own) - np.array(outline.half_m)
    side = beyond.argmax(axis=1)
    return beyond.max(axis=1), np.take_along_axis(own * toward, side[:, None], 1)[:, 0] < 0


def _is_round(circle: Outline, square: Outline) -> bool:
    return circle.on >= 5 and _likely(circle) > _ROUND * _likely(square)


def _is_told(circle: Outline, square: Outline) -> bool:
    """Tell whether points lie clearly better on one of two sections."""
    ratio = _likely(circle) / max(_likely(square), 1e-9) / _ROUND
    return circle.on < 5 or not 1 / _TELLS < ratio < _TELLS


def _likely(outline: Outline) -> float:
    return outline.on / (outline.residual_m + 0.01)


def _best_circle(plan: Floats) -> Outline:
    some = np.ascontiguousarray(plan[:: max(1, len(plan) // 300)])
    x, y, radius = _circle_search(some, SMALLEST_M, LARGEST_M)
    for band in (0.06, 0.04, 0.03):
        near = np.abs(np.hypot(plan[:, 0] - x, plan[:, 1] - y) - radius) < band
        if near.sum() < 5:
            break
        x, y, radius = _least_squares_circle(plan[near], (x, y, radius))
    off = np.hypot(plan[:, 0] - x, plan[:, 1] - y) - radius
    mask = np.abs(off) < _ON_SECTION_M
    residual = float(np.sqrt(np.mean(off[mask] ** 2))) if mask.any() else 1.0
    if not SMALLEST_M * 0.8 < radius < LARGEST_M * 1.2:
        mask = np.zeros_like(mask)
    return Outline((x, y), (radius, radius), 0.0, round=True, mask=mask, residual_m=residual)


@kernel
def _circle_search(  # noqa: C901 - one nest of loops, compiled
    plan: Floats, smallest: float, largest: float
) -> tuple[float, float, float]:
    """Try circles through three points and keep the one with most points on it, none inside."""
    n = len(plan)
    best, bx, by, br = -1.0, 0.0, 0.0, 0.3
    state = np.uint64(88172645463325252)  # xorshift: the same click gives the same answer
    for _trial in range(400):
        pick = np.empty(3, np.int64)
        for k in range(3):
            state ^= state << np.uint64(13)
            state ^= state >> np.uint64(7)
            state ^= state << np.uint64(17)
            pick[k] = int(state % np.uint64(n))
        ax, ay = plan[pick[0], 0], plan[pick[0], 1]
        ux, uy = plan[pick[1], 0] - ax, plan[pick[1], 1] - ay
        vx, vy = plan[pick[2], 0] - ax, plan[pick[2], 1] - ay
        cross = 2.0 * (ux * vy - uy * vx)
        if abs(cross) < 1e-6:
            continue
        uu, vv = ux * ux + uy * uy, vx * vx + vy * vy
        cx, cy = (vy * uu - uy * vv) / cross, (ux * vv - vx * uu) / cross
        r = np.hypot(cx, cy)
        if not smallest < r < largest:
            continue
        cx, cy = cx + ax, cy + ay
        if np.hypot(cx, cy) > r + 0.5:
            continue
        score = 0.0
        for i in range(n):
            off = np.hypot(plan[i, 0] - cx, plan[i, 1] - cy) - r
            if abs(off) < 0.025:
                score += 1.0
            elif off < 0:
                score -= 1.0
            elif off < 0.1:
                score -= 0.5
        if score > best:
            best, bx, by, br = score, cx, cy, r
    return bx, by, br


def _least_squares_circle(
    plan: Floats, start: tuple[float, float, float]
) -> tuple[float, float, float]:
    x, y, radius = start
    for _step in range(6):  # Gauss-Newton
        dx, dy = plan[:, 0] - x, plan[:, 1] - y
        reach = np.maximum(np.hypot(dx, dy), 1e-6)
        jacobian = np.column_stack([-dx / reach, -dy / reach, -np.ones(len(plan))])
        step, *_rest = np.linalg.lstsq(jacobian, radius - reach, rcond=None)
        x, y, radius = x + step[0], y + step[1], radius + step[2]
    return float(x), float(y), float(radius)


def _best_square(plan: Floats) -> Outline:
    """Find the faces by turning: two seen faces make two sharp peaks of the points' places."""
    near = plan[np.hypot(plan[:, 0], plan[:, 1]) < 1.2]
    use = near if len(near) >= 5 else plan
    found = _square_search(np.ascontiguousarray(use[:: max(1, len(use) // 100)]))
    yaw, front, back, left, right = _grown(use, found)
    for band in (0.09, 0.06, 0.04, 0.03):
        yaw, front, back, left, right = _square_refined(plan, (yaw, front, back, left, right), band)
    c, s = math.cos(yaw), math.sin(yaw)
    half = (max((front - back) / 2, 0.02), max((left - right) / 2, 0.02))
    um, vm = (front + back) / 2, (left + right) / 2
    own = np.column_stack(
        [c * plan[:, 0] + s * plan[:, 1] - um, -s * plan[:, 0] + c * plan[:, 1] - vm]
    )
    gap = np.abs(own) - np.array(half)
    off = gap.max(axis=1)
    mask = np.abs(off) < _ON_SECTION_M
    residual = float(np.sqrt(np.mean(off[mask] ** 2))) if mask.any() else 1.0
    middle = (c * um - s * vm, s * um + c * vm)
    return Outline(middle, half, yaw, round=False, mask=mask, residual_m=residual)


@kernel
def _square_search(  # noqa: C901 - one nest of loops, compiled
    plan: Floats,
) -> tuple[float, float, float, float, float]:
    """Return the (yaw, front, back, left, right) with most points on its sides.

    Where a side is not seen, the pillar is taken for as deep as it is wide.
    """
    best = -np.inf
    found = (0.0, 0.3, -0.3, 0.3, -0.3)
    n = len(plan)
    u, v = np.empty(n), np.empty(n)
    for t in range(12):
        yaw = np.pi / 2 * t / 12
        c, s = np.cos(yaw), np.sin(yaw)
        for i in range(n):
            u[i] = c * plan[i, 0] + s * plan[i, 1]
            v[i] = -s * plan[i, 0] + c * plan[i, 1]
        for a in range(-8, 9):
            um = 0.1 * a
            for b in range(-8, 9):
                vm = 0.1 * b
                for w in range(3, 15):
                    half = 0.05 * w
                    if max(abs(um), abs(vm)) > half + 0.15:
                        continue
                    score = -0.25 * n * half  # the smallest that explains the points
                    for i in range(n):
                        off = max(abs(u[i] - um) - half, abs(v[i] - vm) - half)
                        if off > 0.18:
                            continue
                        if off > 0.06:
                            score -= 0.7
                        elif off > -0.06:
                            score += 1.0 - abs(off) / 0.06
                        else:
                            score -= 1.0
                    if score > best:
                        best = score
                        found = (yaw, um + half, um - half, vm + half, vm - half)
    return found


def _grown(
    plan: Floats, found: tuple[float, float, float, float, float]
) -> tuple[float, float, float, float, float]:
    """Push the sides of a square out to where the points beside it end, as oblong pillars need."""
    yaw, *sides = found
    c, s = math.cos(yaw), math.sin(yaw)
    own = np.column_stack([c * plan[:, 0] + s * plan[:, 1], -s * plan[:, 0] + c * plan[:, 1]])
    for side in (0, 1, 2, 3, 0, 1, 2, 3):
        across, along, first = (0, 1, 2) if side < 2 else (1, 0, 0)
        place = own[:, along]
        beside = (place < sides[first] + 0.05) & (place > sides[first + 1] - 0.05)
        sign = 1.0 if side % 2 == 0 else -1.0
        out = np.sort(sign * own[beside, across])
        end = sign * sides[side]
        beyond = out[out > end - 0.05]
        steps = np.flatnonzero(np.diff(beyond, prepend=end) > _GAP_M)
        last = int(steps[0]) if len(steps) else len(beyond)
        if last:
            sides[side] = sign * max(end, float(beyond[last - 1]))
    return yaw, sides[0], sides[1], sides[2], sides[3]


def _square_refined(
    plan: Floats, found: tuple[float, float, float, float, float], band: float
) -> tuple[float, float, float, float, float]:
    """Lay the seen sides flat by least squares; an unseen side follows the others' size."""
    yaw, *sides = found
    c, s = math.cos(yaw), math.sin(yaw)
    own = np.column_stack([c * plan[:, 0] + s * plan[:, 1], -s * plan[:, 0] + c * plan[:, 1]])
    tt = td = 0.0
    seen = [False] * 4
    ends: list[list[float]] = [[], [], [], []]
    for side in range(4):
        across, along = (0, 1) if side < 2 else (1, 0)
        first = 2 if side < 2 else 0
        off = own[:, across] - sides[side]
        place = own[:, along]
        on = (
            (np.abs(off) < band) & (place < sides[first] + 0.08) & (place > sides[first + 1] - 0.08)
        )
        if on.sum() < 3 or np.ptp(place[on]) < 0.35 * (sides[first] - sides[first + 1]):
            continue
        seen[side] = True
        turn = 1.0 if side < 2 else -1.0
        tt += float(((place[on] - place[on].mean()) ** 2).sum())
        td += turn * float(((place[on] - place[on].mean()) * off[on]).sum())
        sides[side] += float(np.mean(off[on]))
        step = _step_m(place[on])
        ends[first].append(float(place[on].max()) + step)
        ends[first + 1].append(float(place[on].min()) - step)
    for side in range(4):  # a seen face ends where the side beside it begins
        if not seen[side] and ends[side]:
            sides[side] = max(ends[side]) if side % 2 == 0 else min(ends[side])
            seen[side] = True
    sides = _completed(sides, seen)
    return yaw - (td / tt if tt > 0 else 0.0), sides[0], sides[1], sides[2], sides[3]


def _step_m(places: Floats) -> float:
    """Return how far beyond the last point of a face its end is to be expected."""
    ordered = np.sort(places)
    gaps = np.diff(ordered)
    columns = gaps[gaps > _COLUMN_M]
    if columns.sum() > 0.5 * (ordered[-1] - ordered[0]):
        return float(np.median(columns)) / 2
    return float(ordered[-1] - ordered[0]) / len(ordered)


def _completed(sides: list[float], seen: list[bool]) -> list[float]:
    widths = [sides[k] - sides[k + 1] for k in (0, 2) if seen[k] and seen[k + 1]]
    rough = [sides[0] - sides[1], sides[2] - sides[3]]
    for k in (0, 2):
        width = widths[0] if widths else sum(rough) / 2
        if seen[k] and not seen[k + 1]:
            sides[k + 1] = sides[k] - width
        elif seen[k + 1] and not seen[k]:
            sides[k] = sides[k + 1] + width
    return sides
