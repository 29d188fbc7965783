"""Looks for the footprint that best explains a few hundred points around a click."""

import math

import numpy as np
import numpy.typing as npt

from annotator.kernels import kernel

Floats = npt.NDArray[np.float64]

# What one thinned point says about a footprint, as a share of a point on a side.
_ON_A_SIDE = 1.0
_ON_TOP = 0.30  # inside, and high enough to be bonnet or roof
_INSIDE = -0.35  # inside, and so low that the object would be hollow
_JUST_OUTSIDE = -0.8

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
def footprint_score(
    points: Floats,
    foot: Floats,
    usual: Floats,
    spread: Floats,
    band: float,
    low: float,
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
    """
    c, s = np.cos(foot[0]), np.sin(foot[0])
    um, vm = 0.5 * (foot[1] + foot[2]), 0.5 * (foot[3] + foot[4])
    a, b = 0.5 * (foot[1] - foot[2]), 0.5 * (foot[3] - foot[4])
    margin = band + 0.12
    score = 0.0
    for i in range(len(points)):
        out_u = abs(c * points[i, 0] + s * points[i, 1] - um) - a
        if out_u > margin:
            continue
        out_v = abs(-s * points[i, 0] + c * points[i, 1] - vm) - b
        if out_v > margin:
            continue
        out = max(out_u, out_v)
        if out > band:
            score += _JUST_OUTSIDE
        elif out > -band:
            score += _ON_A_SIDE * (1.0 - (out / band) ** 2)
            if out > 0:
                score += _JUST_OUTSIDE * out / band
            elif points[i, 2] > low:
                score += -_ON_TOP * out / band
        elif points[i, 2] > low:
            score += _ON_TOP
        else:
            score += _INSIDE
    strays = ((2 * a - usual[0]) / spread[0]) ** 2 + ((2 * b - usual[1]) / spread[1]) ** 2
    return score - 1.5 * strays


@kernel
def coarse_footprints(
    points: Floats, usual: Floats, spread: Floats, low: float, turns: int, step: float
) -> Floats:
    """Try the usual footprint in every turn and place that covers the anchor.

    Returns
    -------
    numpy.ndarray
        Shape (turns, 6): for each turn its best (score, yaw, front, back, left, right).
    """
    best = np.full((turns, 6), -np.inf)
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
                score = footprint_score(points, foot, usual, spread, 0.15, low)
                score -= 0.5 * ((um / a) ** 2 + (vm / b) ** 2)  # clicks are rarely at a corner
                if score > best[t, 0]:
                    best[t, 0] = score
                    best[t, 1:] = foot
    return best


@kernel
def settled_footprint(
    points: Floats, start: Floats, usual: Floats, spread: Floats, low: float, least: float
) -> tuple[float, Floats]:
    """Move sides and turn, in ever smaller steps, while the score rises."""
    foot = start.copy()
    trial = start.copy()
    step = 0.2
    while step > 0.008:
        band = max(least, 0.6 * step)
        score = footprint_score(points, foot, usual, spread, band, low)
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
                    gained = footprint_score(points, trial, usual, spread, band, low)
                    if gained > score + 1e-9:
                        score = gained
                        foot[:] = trial
            if score <= before:
                break
        step *= 0.6
    return footprint_score(points, foot, usual, spread, least, low), foot


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


def best_footprint(
    coarse: Floats, fine: Floats, usual: Floats, spread: Floats, low: float, *, band_m: float
) -> tuple[float, Floats]:
    """Return the score and (yaw, front, back, left, right) of the best footprint.

    Parameters
    ----------
    coarse, fine
        The same points thinned more and less, (x, y, height) about the anchor.
    """
    tried = coarse_footprints(coarse, usual, spread, low, 36, 0.3)
    order = np.argsort(-tried[:, 0])
    starts: list[int] = []
    for t in order:
        turns = (abs(math.remainder(tried[t, 1] - tried[o, 1], math.pi)) for o in starts)
        if min(turns, default=1.0) > math.radians(12):
            starts.append(int(t))
        if len(starts) == 3:
            break
    settled = [
        settled_footprint(fine, tried[t, 1:].copy(), usual, spread, low, band_m) for t in starts
    ]
    return max(settled, key=lambda s: s[0])


@kernel
def thinned(points: Floats, cell: float) -> Floats:
    """Return the first point of each cube of side ``cell``, so that near and far count alike."""
    n = len(points)
    keys = np.empty(n, np.int64)
    for i in range(n):
        x = int(np.floor(points[i, 0] / cell)) + 4096
        y = int(np.floor(points[i, 1] / cell)) + 4096
        z = int(np.floor(points[i, 2] / cell)) + 4096
        keys[i] = (x * 8192 + y) * 8192 + z
    order = np.argsort(keys, kind="mergesort")
    kept = np.empty((n, points.shape[1]))
    m = 0
    for k in range(n):
        if k == 0 or keys[order[k]] != keys[order[k - 1]]:
            kept[m] = points[order[k]]
            m += 1
    return kept[:m]
