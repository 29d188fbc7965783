"""Finds walls of which a few points are seen, too far apart to stand above each other."""

import numpy as np
import numpy.typing as npt

from annotator.geometry.thinning import thinned_to
from annotator.kernels import kernel

Floats = npt.NDArray[np.float64]

_MOST_POINTS, _MOST_WALLS = 60, 4
_LEAST_POINTS, _LEAST_BELOW, _LEAST_LENGTH_M, _LEAST_RISE_M = 8, 8, 2.5, 0.3
_BAND_M, _GAP_M, _STEP_M = 0.05, 3.0, 0.1
_LOW_M = 1.2


def sparse_walls(high: Floats, low: Floats) -> Floats:
    """Return places in plan along upright planes, every 10 cm, shape (M, 3).

    Parameters
    ----------
    high
        (x, y, height above the floor) above all objects, shape (N, 3).
    low
        The same of what may be objects: a wall goes on below, a pipe or a duct does not.
    """
    left, found = thinned_to(high, 0.1, _MOST_POINTS), [high[:0]]
    for _wall in range(_MOST_WALLS):
        if len(left) < _LEAST_POINTS:
            break
        start, way = _best_line(left)
        on = _on_line(left, start, way)
        if on.sum() < _LEAST_POINTS:
            break
        found.append(_along(left[on], low, start, way))
        left = left[~on]
    return np.concatenate(found)


def _along(high: Floats, low: Floats, start: Floats, way: Floats) -> Floats:
    """Return places from end to end of a wall; none where it is none."""
    below = low[_on_line(low, start, way)]
    ends = np.sort((high[:, :2] - start) @ way)[[0, -1]]
    seen = np.sort((np.concatenate([high, below])[:, :2] - start) @ way)
    gaps_m = np.diff(seen[(seen >= ends[0]) & (seen <= ends[1])])
    goes_on = len(below) >= _LEAST_BELOW and below[:, 2].min() < _LOW_M
    is_wall = np.ptp(ends) >= _LEAST_LENGTH_M and np.ptp(high[:, 2]) >= _LEAST_RISE_M
    if not (goes_on and is_wall and gaps_m.max() <= _GAP_M):
        return high[:0]
    places = start + np.arange(ends[0], ends[1] + _STEP_M, _STEP_M)[:, None] * way
    return np.column_stack([places, np.full(len(places), high[:, 2].max())])


def _on_line(points: Floats, start: Floats, way: Floats) -> npt.NDArray[np.bool_]:
    off = (points[:, 0] - start[0]) * way[1] - (points[:, 1] - start[1]) * way[0]
    return np.asarray(np.abs(off) < _BAND_M)


def _best_line(points: Floats) -> tuple[Floats, Floats]:
    """Return a place and the way of the line in plan that most points lie on."""
    a, b = _best_pair(np.ascontiguousarray(points[:, :2]), _BAND_M)
    way = points[b, :2] - points[a, :2]
    return points[a, :2], way / max(float(np.hypot(*way)), 1e-9)


@kernel
def _best_pair(plan: Floats, band_m: float) -> tuple[int, int]:
    best, first, second = 0, 0, 1
    for a in range(len(plan)):
        for b in range(a + 1, len(plan)):
            x, y = plan[b, 0] - plan[a, 0], plan[b, 1] - plan[a, 1]
            length = np.hypot(x, y)
            if length < 0.5:
                continue
            count = 0
            for i in range(len(plan)):
                off = (plan[i, 0] - plan[a, 0]) * y - (plan[i, 1] - plan[a, 1]) * x
                if abs(off) < band_m * length:
                    count += 1
            if count > best:
                best, first, second = count, a, b
    return first, second
