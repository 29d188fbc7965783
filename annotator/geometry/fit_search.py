"""Scores footprints against a few hundred points, and moves them to where they score best."""

import numpy as np
import numpy.typing as npt

from annotator.geometry.ground import FLOOR_M
from annotator.kernels import kernel

Floats = npt.NDArray[np.float64]

# What one thinned point says about a footprint, as a share of a point on a side.
_ON_TOP = 0.30  # inside, and high enough to be bonnet or roof
_INSIDE = -0.8  # inside, and so low that the object would be hollow
_FLOOR_INSIDE = -1.0  # the floor is not seen through an object, but for a strip below its sides
UPRIGHT_M = 50.0
"""Points of walls and pillars are given this height or more: no object holds one."""

_UPRIGHT_INSIDE = -1.5
_JUST_OUTSIDE = -1.5
_LEFT_OUT = -0.3  # in line beyond an end, as the bonnet of a car whose cabin was taken for all
_IN_LINE = 0.2  # so far beyond an end, as a share of the usual length
_SPARSE = 350
_CLICK_OUTSIDE = 60.0  # per metre
_SIZE_COUNTS = 0.015  # per point and squared usual straying

# Turn, each side alone, then front with back and left with right.
_MOVES = np.array(
    [
        [1.0, 0.0, 0.0, 0.0, 0.0],
        [0.0, 1.0, 0.0, 0.0, 0.0],
        [0.0, 0.0, 1.0, 0.0, 0.0],
        [0.0, 0.0, 0.0, 1.0, 0.0],
        [0.0, 0.0, 0.0, 0.0, 1.0],
        [0.0, 1.0, 1.0, 0.0, 0.0],
        [0.0, 0.0, 0.0, 1.0, 1.0],
    ]
)


@kernel
def footprint_score(  # noqa: C901, PLR0912, PLR0917 - kernels take no keywords and call no functions
    points: Floats,
    foot: Floats,
    usual: Floats,
    spread: Floats,
    band: float,
    low: float,
    inside_counts: float,
    outside_counts: float,
) -> float:
    """Return how well a footprint explains points.

    Parameters
    ----------
    points
        Thinned (x, y, height) around the anchor, shape (N, 3), metres.
    foot
        (yaw, front, back, left, right): sides in axes turned by yaw, metres from the anchor.
    usual, spread
        Length and width that the class usually has, and how far it usually strays.
    band
        How near to a side a point counts as on it.
    low
        Height below which an object has no upward faces.
    inside_counts, outside_counts
        What a low point well inside, and a point just outside the sides, say; not positive.
    """
    c, s = np.cos(foot[0]), np.sin(foot[0])
    um, vm = 0.5 * (foot[1] + foot[2]), 0.5 * (foot[3] + foot[4])
    a, b = 0.5 * (foot[1] - foot[2]), 0.5 * (foot[3] - foot[4])
    margin = band + 0.12
    reach = max(margin, _IN_LINE * usual[0])
    score = 0.0
    covered = 0
    for i in range(len(points)):
        out_u = abs(c * points[i, 0] + s * points[i, 1] - um) - a
        if out_u > reach:
            continue
        out_v = abs(-s * points[i, 0] + c * points[i, 1] - vm) - b
        if out_v > margin:
            continue
        if out_u > margin:
            if out_v < -0.15 and FLOOR_M < points[i, 2] < UPRIGHT_M:
                score += _LEFT_OUT
            continue
        out = max(out_u, out_v)
        height = points[i, 2]
        if height < FLOOR_M:
            if out < -0.25:
                score += _FLOOR_INSIDE
            continue
        if height >= UPRIGHT_M:
            if out < -0.12:
                score += _UPRIGHT_INSIDE
            continue
        if out > band:
            score += outside_counts
            continue
        covered += 1
        # the higher a point, the likelier it lies on bonnet or roof, which have no sides
        side = max(_ON_TOP, 1.0 - 0.9 * max(0.0, height - low) / low)
        within = _ON_TOP if height > low else inside_counts
        if out <= -band:
            score += within
        elif out <= 0:
            near = 1.0 + out / band
            score += near * side + (1.0 - near) * within
        else:
            near = 1.0 - out / band
            score += near * side + (1.0 - near) * outside_counts
    outside = max(abs(um) - a, abs(vm) - b) - 0.06
    if outside > 0:  # what was clicked belongs to the object
        score -= _CLICK_OUTSIDE * outside + 1000.0 * max(0.0, outside - 0.1)
    strays = ((2 * a - usual[0]) / spread[0]) ** 2 + ((2 * b - usual[1]) / spread[1]) ** 2
    return float(score - max(1.5, _SIZE_COUNTS * covered) * strays)


@kernel
def coarse_footprints(  # noqa: PLR0917 - kernels take no keywords
    points: Floats,
    usual: Floats,
    spread: Floats,
    low: float,
    turns: int,
    step: float,
    centred: float,
) -> Floats:
    """Try the usual footprint in every turn and place that covers the anchor.

    Parameters
    ----------
    centred
        The share of its score that a footprint loses with the anchor at the middle of a side.

    Returns
    -------
    numpy.ndarray
        Shape (9 * turns, 6): (score, yaw, front, back, left, right), for each turn the best with
        the anchor in each ninth of the footprint.
    """
    best = np.full((9 * turns, 6), -np.inf)
    foot = np.empty(5)
    a, b = 0.5 * usual[0], 0.5 * usual[1]
    nu, nv = int(np.ceil(usual[0] / step)), int(np.ceil(usual[1] / step))
    for t in range(turns):
        yaw = np.pi * t / turns
        for i in range(nu + 1):
            um = -a + usual[0] * i / nu
            for j in range(nv + 1):
                vm = -b + usual[1] * j / nv
                foot[0] = yaw
                foot[1], foot[2], foot[3], foot[4] = um + a, um - a, vm + b, vm - b
                score = footprint_score(points, foot, usual, spread, 0.25, low, 0.0, -0.8)
                score -= centred * abs(score) * ((um / a) ** 2 + (vm / b) ** 2)
                ninth = 9 * t + 3 * (3 * i // (nu + 1)) + 3 * j // (nv + 1)
                if score > best[ninth, 0]:
                    best[ninth, 0] = score
                    best[ninth, 1:] = foot
    return best


@kernel
def scanned_footprint(  # noqa: PLR0917 - kernels take no keywords
    every_point: Floats, start: Floats, usual: Floats, spread: Floats, low: float, band: float
) -> tuple[float, Floats]:
    """Shift a footprint sideways, then lengthwise, to where it scores best.

    Between cars parked 30 cm apart the score has a hill for each car and one for each gap, too
    wide apart for small steps.
    """
    points = _near(every_point, start, 0.9 + _IN_LINE * usual[0])
    best = start.copy()
    trial = start.copy()
    kept = start.copy()
    score = footprint_score(points, best, usual, spread, band, low, _INSIDE, _JUST_OUTSIDE)
    for _turn in range(2):
        for axis in (3, 1):
            middle = 0.5 * (best[axis] + best[axis + 1])
            extent = usual[0] if axis == 1 else usual[1]
            stray = spread[0] if axis == 1 else spread[1]
            for k in range(-8, 9):
                for size in range(-1, 2):
                    half = 0.5 * (extent + size * stray)
                    trial[:] = best
                    trial[axis] = middle + 0.08 * k + half
                    trial[axis + 1] = middle + 0.08 * k - half
                    gained = footprint_score(
                        points, trial, usual, spread, band, low, _INSIDE, _JUST_OUTSIDE
                    )
                    if gained > score:
                        score = gained
                        kept = trial.copy()
            if score > footprint_score(
                points, best, usual, spread, band, low, _INSIDE, _JUST_OUTSIDE
            ):
                best[:] = kept
    return score, best


@kernel
def settled_footprint(  # noqa: PLR0917 - kernels take no keywords
    every_point: Floats,
    start: Floats,
    usual: Floats,
    spread: Floats,
    low: float,
    first_step: float,
    last_step: float,
    least: float,
    strict: float,
) -> tuple[float, Floats]:
    """Move sides and turn, in ever smaller steps, while the score rises."""
    foot = start.copy()
    trial = start.copy()
    points = _near(every_point, start, max(_IN_LINE * usual[0], 0.4) + 2.0 * first_step)
    step = first_step
    while step > last_step:
        band = max(least, 0.6 * step)
        score = footprint_score(
            points, foot, usual, spread, band, low, strict * _INSIDE, strict * _JUST_OUTSIDE
        )
        for _ in range(6):
            before = score
            for m in range(len(_MOVES)):
                for sign in (-1.0, 1.0):
                    for k in range(5):
                        reach = 0.35 * step if k == 0 else step
                        trial[k] = foot[k] + sign * reach * _MOVES[m, k]
                    if m == 0:
                        _turn_about_middle(trial, trial[0] - foot[0])
                    if trial[1] - trial[2] < 0.1 or trial[3] - trial[4] < 0.1:
                        continue
                    gained = footprint_score(
                        points,
                        trial,
                        usual,
                        spread,
                        band,
                        low,
                        strict * _INSIDE,
                        strict * _JUST_OUTSIDE,
                    )
                    if gained > score + 1e-9:
                        score = gained
                        foot[:] = trial
            if score <= before:
                break
        step *= 0.6
    return footprint_score(
        points, foot, usual, spread, least, low, strict * _INSIDE, strict * _JUST_OUTSIDE
    ), foot


@kernel
def _turn_about_middle(foot: Floats, by: float) -> None:
    """Keep a footprint's middle where it was when its axes turned ``by`` about the anchor."""
    um, vm = 0.5 * (foot[1] + foot[2]), 0.5 * (foot[3] + foot[4])
    c, s = np.cos(by), np.sin(by)
    du, dv = c * um + s * vm - um, -s * um + c * vm - vm
    foot[1] += du
    foot[2] += du
    foot[3] += dv
    foot[4] += dv


@kernel
def gridded_footprints(  # noqa: PLR0917 - kernels take no keywords
    points: Floats, turns: Floats, usual: Floats, spread: Floats, low: float, centred: float
) -> Floats:
    """Try the usual footprint in likely turns at close places.

    Returns
    -------
    numpy.ndarray
        Shape (6 * turns, 6), as of `coarse_footprints`, for each turn the best in each sixth.
    """
    b = 0.5 * usual[1]
    nu, nv = int(np.ceil(usual[0] / 0.3)), int(np.ceil(usual[1] / 0.12))
    best = np.full((6 * len(turns), 6), -np.inf)
    best[:, 1:] = 0.0
    foot = np.empty(5)
    longer = 1 if len(points) < _SPARSE else 0  # among few points a longer one may be the only one
    for t in range(len(turns)):
        foot[0] = turns[t]
        for size in range(longer + 1):
            a = 0.5 * (usual[0] + 1.4 * size * spread[0])
            for i in range(nu + 1):
                um = (-a + 2 * a * i / nu) * (1 + (1 - size) * spread[0] / a)
                for j in range(nv + 1):
                    vm = (-b + usual[1] * j / nv) * (1 + spread[1] / b)
                    # a longer or wider one reaches the anchor, too
                    foot[1], foot[2] = max(um + a, 0.0), min(um - a, 0.0)
                    foot[3], foot[4] = max(vm + b, 0.0), min(vm - b, 0.0)
                    score = footprint_score(
                        points, foot, usual, spread, 0.15, low, 0.5 * _INSIDE, _JUST_OUTSIDE
                    )
                    score -= centred * abs(score) * ((um / a) ** 2 + (vm / b) ** 2)
                    sixth = 6 * t + 3 * (2 * i // (nu + 1)) + 3 * j // (nv + 1)
                    if score > best[sixth, 0]:
                        best[sixth, 0] = score
                        best[sixth, 1:] = foot
    return best


@kernel
def neighbouring(  # noqa: PLR0917 - kernels take no keywords
    points: Floats, foot: Floats, usual: Floats, spread: Floats, low: float, side: float
) -> Floats:
    """Return the best usual footprint on the left (side 1) or on the right (-1) of one."""
    found = foot.copy()
    trial = np.empty(5)
    about = np.empty_like(points)
    a, b = 0.5 * usual[0], 0.5 * usual[1]
    trial[1], trial[2], trial[3], trial[4] = a, -a, b, -b
    best = -np.inf
    for turn in range(-1, 2):
        trial[0] = foot[0] + 0.05 * turn
        c, s = np.cos(trial[0]), np.sin(trial[0])
        for k in range(9):
            vm = 0.5 * (foot[3] + foot[4])
            vm += side * (0.5 * (foot[3] - foot[4]) + b + 0.1 + 0.15 * k)
            for j in range(-3, 4):
                um = 0.5 * (foot[1] + foot[2]) + 0.15 * j
                for i in range(len(points)):
                    about[i, 0] = points[i, 0] - (c * um - s * vm)
                    about[i, 1] = points[i, 1] - (s * um + c * vm)
                    about[i, 2] = points[i, 2]
                score = footprint_score(
                    about, trial, usual, spread, 0.15, low, _INSIDE, _JUST_OUTSIDE
                )
                if score > best:
                    best = score
                    found[:] = trial
                    found[1] += um
                    found[2] += um
                    found[3] += vm
                    found[4] += vm
    return found


@kernel
def edge_votes(points: Floats, cell: float) -> Floats:
    """Return, for each degree of a quarter turn, how much points lie in lines that way."""
    votes = np.zeros(90)
    counts = np.zeros(256)
    for t in range(90):
        c, s = np.cos(np.pi * t / 180), np.sin(np.pi * t / 180)
        for axis in range(2):
            counts[:] = 0.0
            for i in range(len(points)):
                x, y = points[i, 0], points[i, 1]
                across = c * x + s * y if axis == 0 else -s * x + c * y
                counts[int(np.floor(across / cell)) & 255] += 1.0
            votes[t] += (counts * counts).sum()
    return votes


@kernel
def _near(points: Floats, foot: Floats, margin: float) -> Floats:
    """Return the points that a footprint covers, or could after settling."""
    c, s = np.cos(foot[0]), np.sin(foot[0])
    kept = np.empty_like(points)
    n = 0
    for i in range(len(points)):
        u = c * points[i, 0] + s * points[i, 1]
        v = -s * points[i, 0] + c * points[i, 1]
        if foot[2] - margin < u < foot[1] + margin and foot[4] - margin < v < foot[3] + margin:
            kept[n] = points[i]
            n += 1
    return kept[:n]
