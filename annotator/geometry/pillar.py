"""Fits an upright prism or cylinder to the pillar that a person clicked."""

import math
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from annotator.errors import AnnotatorError
from annotator.geometry.ground import Ground
from annotator.geometry.neighbours import PointIndex, Rows
from annotator.i18n import gettext as _
from annotator.kernels import kernel
from annotator.model.shapes import Box3D, Cylinder3D, Face, Vec2, Vec3

Floats = npt.NDArray[np.float64]

_SMALLEST_M, _LARGEST_M = 0.08, 0.75  # half widths and radii
_WIDEST_M, _MOST_OBLONG = 1.3, 2.5
_BESIDE_M, _LEAST_SHARE = 0.25, 0.5  # so many of the points about a pillar lie on its sides
_GAP_M = 0.15  # a longer stretch without a point ends a side
_BEAM_M = 0.7  # beams under a ceiling are no deeper


class NoPillarError(AnnotatorError):
    """A click where nothing stands from floor to ceiling, with the reason as a sentence."""


@dataclass(frozen=True, slots=True, eq=False)
class PillarFit:
    """A pillar in the index's axes, from floor to ceiling.

    Attributes
    ----------
    shape
        A box for a square or oblong pillar, a cylinder for a round one.
    rows
        Points on it; sorted.
    residual_m
        Root mean square distance of these from its faces.
    """

    shape: Box3D | Cylinder3D
    rows: Rows
    residual_m: float


def fit_pillar(
    index: PointIndex, ground: Ground, at_m: Vec2 | Vec3, *, height_m: float = 2.8
) -> PillarFit:
    """Fit a pillar to what stands upright at a place.

    Parameters
    ----------
    height_m
        Taken under open sky, where no ceiling tells it.

    Raises
    ------
    NoPillarError
        If nothing upright is within 1 m, or it is too large or too oblong for a pillar.
    """
    storey = ground.storey_at(at_m[0], at_m[1], at_m[2] if len(at_m) == 3 else None)
    rows, points, hangs = _upright(index, ground, at_m, storey, height_m)
    plan = points[:, :2] - np.asarray(at_m[:2])
    free = ~_walls(plan, hangs)
    rows, plan = rows[free], plan[free]
    if len(plan) < 5:
        raise NoPillarError(_("nothing stands from floor to ceiling here; click a pillar"))
    round_one = _best_circle(plan)
    square = _best_square(plan)
    if max(round_one.on, square.on) < 5:
        raise NoPillarError(_("nothing stands from floor to ceiling here; click a pillar"))
    chosen = round_one if _is_round(round_one, square) else square
    _must_be_plausible(chosen, plan)
    x, y = chosen.middle_m[0] + at_m[0], chosen.middle_m[1] + at_m[1]
    floor = float(ground.floors_at(np.array([[x, y]]), storey)[0])
    ceiling = float(ground.ceilings_at(np.array([[x, y]]), storey)[0])
    height = ceiling - floor if math.isfinite(ceiling) else height_m
    return PillarFit(
        _shape(chosen, (x, y, floor + height / 2), height), rows[chosen.mask], chosen.residual_m
    )


def along_grid(one: PillarFit, other: PillarFit, count: int) -> tuple[Vec2, ...]:
    """Return where the next pillars of a row would stand: ``other`` is one step from ``one``."""
    (ax, ay, _az), (bx, by, _bz) = one.shape.center_m, other.shape.center_m
    return tuple((bx + k * (bx - ax), by + k * (by - ay)) for k in range(1, count + 1))


def same_again(
    index: PointIndex, ground: Ground, one: PillarFit, other: PillarFit, *, most: int = 30
) -> tuple[PillarFit, ...]:
    """Fit the next pillars of a row, as far as there are any; a missing one is stepped over.

    Each is fitted anew and taken only where it has the kind and about the size of ``other``.
    """
    found: list[PillarFit] = []
    missed = 0
    last, before = other, one
    while len(found) < most and missed < 2:
        at = along_grid(before, last, 1 + missed)[-1]
        try:
            fitted = fit_pillar(index, ground, at, height_m=_height(other.shape))
        except NoPillarError:
            missed += 1
            continue
        if not _alike(fitted, other, at):
            missed += 1
            continue
        found.append(fitted)
        step = missed + 1
        lx, ly, _lz = last.shape.center_m
        fx, fy, fz = fitted.shape.center_m
        back = (fx - (fx - lx) / step, fy - (fy - ly) / step, fz)
        before, last, missed = (
            replace(fitted, shape=replace(fitted.shape, center_m=back)),
            fitted,
            0,
        )
    return tuple(found)


@dataclass(frozen=True, slots=True, eq=False)
class _Outline:
    middle_m: Vec2
    half_m: Vec2
    yaw_rad: float
    round: bool
    mask: npt.NDArray[np.bool_]
    residual_m: float

    @property
    def on(self) -> int:
        return int(self.mask.sum())


def _upright(
    index: PointIndex, ground: Ground, at_m: Vec2 | Vec3, storey: int, height_m: float
) -> tuple[Rows, Floats, npt.NDArray[np.bool_]]:
    """Return what is above the cars, and what is below it where there is nothing above.

    The third array tells what is so high that it may hang from the ceiling, as beams do.
    """
    rows = index.within(at_m[0], at_m[1], 1.6)
    xyz = index.xyz_m[rows].astype(np.float64)
    floors = ground.floors_at(xyz[:, :2], storey)
    room = ground.ceilings_at(xyz[:, :2], storey) - floors
    height = xyz[:, 2] - floors
    top = np.minimum(room - 0.12, height_m + 1.0)
    high = (height > np.minimum(1.9, 0.6 * top)) & (height < top)
    every = (height > 0.12) & (height < top)
    use = high if high.sum() >= 12 else every
    if not use.any():
        raise NoPillarError(_("nothing stands from floor to ceiling here; click a pillar"))
    # where the ceiling was not found, the highest point stands for it
    ceiling = np.where(np.isfinite(room), room, height[use].max())
    return rows[use], xyz[use], (height > ceiling - _BEAM_M)[use]


def _must_be_plausible(outline: _Outline, plan: Floats) -> None:
    wide, narrow = 2 * max(outline.half_m), 2 * min(outline.half_m)
    if wide > _WIDEST_M or wide > _MOST_OBLONG * narrow or wide < _SMALLEST_M:
        raise NoPillarError(
            _(
                "this is {width:.1f} m by {depth:.1f} m, not a pillar; use the box or the wall tool"
            ).format(width=wide, depth=narrow)
        )
    c, s = math.cos(outline.yaw_rad), math.sin(outline.yaw_rad)
    off = plan - np.array(outline.middle_m)
    own = np.abs(np.column_stack([c * off[:, 0] + s * off[:, 1], -s * off[:, 0] + c * off[:, 1]]))
    about = (own < np.array(outline.half_m) + _BESIDE_M).all(axis=1)
    if outline.on < _LEAST_SHARE * about.sum():
        raise NoPillarError(
            _("what stands here has no pillar's shape; use the box or the wall tool")
        )


def _is_round(circle: _Outline, square: _Outline) -> bool:
    if circle.on < 5:
        return False
    fit_round = circle.on / (circle.residual_m + 0.01)
    return fit_round > 1.1 * square.on / (square.residual_m + 0.01)


def _best_circle(plan: Floats) -> _Outline:
    x, y, radius = _circle_search(plan[:: max(1, len(plan) // 300)], _SMALLEST_M, _LARGEST_M)
    for band in (0.06, 0.04, 0.03):
        near = np.abs(np.hypot(plan[:, 0] - x, plan[:, 1] - y) - radius) < band
        if near.sum() < 5:
            break
        x, y, radius = _least_squares_circle(plan[near], (x, y, radius))
    off = np.hypot(plan[:, 0] - x, plan[:, 1] - y) - radius
    mask = np.abs(off) < 0.035
    residual = float(np.sqrt(np.mean(off[mask] ** 2))) if mask.any() else 1.0
    if not _SMALLEST_M * 0.8 < radius < _LARGEST_M * 1.2:
        mask = np.zeros_like(mask)
    return _Outline((x, y), (radius, radius), 0.0, round=True, mask=mask, residual_m=residual)


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


def _best_square(plan: Floats) -> _Outline:
    """Find the faces by turning: two seen faces make two sharp peaks of the points' places."""
    near = plan[np.hypot(plan[:, 0], plan[:, 1]) < 1.2]
    use = near if len(near) >= 5 else plan
    found = _square_search(use[:: max(1, len(use) // 100)])
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
    mask = np.abs(off) < 0.035
    residual = float(np.sqrt(np.mean(off[mask] ** 2))) if mask.any() else 1.0
    middle = (c * um - s * vm, s * um + c * vm)
    return _Outline(middle, half, yaw, round=False, mask=mask, residual_m=residual)


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
        step = float(np.ptp(place[on])) / int(on.sum())
        ends[first].append(float(place[on].max()) + step)
        ends[first + 1].append(float(place[on].min()) - step)
    for side in range(4):  # a seen face ends where the side beside it begins
        if not seen[side] and ends[side]:
            sides[side] = max(ends[side]) if side % 2 == 0 else min(ends[side])
            seen[side] = True
    sides = _completed(sides, seen)
    return yaw - (td / tt if tt > 0 else 0.0), sides[0], sides[1], sides[2], sides[3]


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


def _walls(plan: Floats, hangs: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Tell which points lie on walls or beams beside the pillar; refuse a click on a wall."""
    taken = np.zeros(len(plan), np.bool_)
    angles = np.linspace(0, math.pi, 90, endpoint=False)
    normals = np.column_stack([np.cos(angles), np.sin(angles)])
    for _line in range(4):  # a pillar in a corner has two walls, one under a beam has two sides
        rest = plan[~taken]
        if len(rest) < 12:
            break
        normal, offset = _longest_line(rest[:: max(1, len(rest) // 400)], normals)
        near = ~taken & (np.abs(plan @ normal - offset) < 0.07)
        along = plan @ np.array([-normal[1], normal[0]])
        if not _is_long(along[near]):
            break
        if not _is_long(along[near & ~hangs]):
            taken |= near & hangs
            continue
        if abs(offset) < 0.15:
            raise NoPillarError(_("this is a wall; use the wall tool"))
        taken |= near
    return taken


def _is_long(along: Floats) -> bool:
    return len(along) >= 12 and bool(np.ptp(along) >= 1.9) and _hole(along) <= 0.8


def _longest_line(plan: Floats, normals: Floats) -> tuple[Floats, float]:
    across = plan @ normals.T
    bins = np.clip(((across + 1.7) / 0.05).astype(np.int64), 0, 67)
    votes = np.zeros((len(normals), 68))
    np.add.at(votes, (np.arange(len(normals))[None, :].repeat(len(plan), 0), bins), 1)
    angle, at = np.unravel_index(int(votes.argmax()), votes.shape)
    mask = bins[:, angle] == at
    return normals[angle], float(across[mask, angle].mean())


def _hole(along: Floats) -> float:
    return float(np.diff(np.sort(along)).max())


def _shape(outline: _Outline, center_m: Vec3, height: float) -> Box3D | Cylinder3D:
    if outline.round:
        return Cylinder3D(center_m, outline.half_m[0], height)
    size = (2 * outline.half_m[0], 2 * outline.half_m[1], height)
    return Box3D(center_m, size, outline.yaw_rad, assumed=frozenset((Face.TOP, Face.BOTTOM)))


def _height(shape: Box3D | Cylinder3D) -> float:
    return shape.height_m if isinstance(shape, Cylinder3D) else shape.size_m[2]


def _alike(fitted: PillarFit, model: PillarFit, expected_m: Vec2) -> bool:
    if math.dist(fitted.shape.center_m[:2], expected_m) > 0.5:
        return False
    return 0.6 < _reach(fitted.shape) / _reach(model.shape) < 1.7


def _reach(shape: Box3D | Cylinder3D) -> float:
    return shape.radius_m if isinstance(shape, Cylinder3D) else sum(shape.size_m[:2]) / 4
