"""Lays a grid of round metres on the floor."""

import math

import numpy as np
import numpy.typing as npt

from annotator.model.shapes import Vec3

Floats = npt.NDArray[np.float64]

_STEPS_M = (1.0, 5.0, 10.0, 50.0, 100.0, 1000.0)
_CLOSEST_PX, _MOST_LINES = 18.0, 60


def grid_step_m(px_per_m: float) -> float:
    """Return the smallest round step whose lines are not too close to each other on the screen."""
    return next((step for step in _STEPS_M if step * px_per_m >= _CLOSEST_PX), _STEPS_M[-1])


def grid_lines(low_m: Vec3, high_m: Vec3, floor_m: float, step_m: float, around_m: Vec3) -> Floats:
    """Return lines at multiples of a step, shape (n, 2, 3), world metres.

    They cover what lies between two corners, but never more than some dozens of lines each way:
    then those around a place.
    """
    spans = [_span(low_m[i], high_m[i], step_m, around_m[i]) for i in (0, 1)]
    (x0, x1), (y0, y1) = spans
    along_y = [[(x, y0, floor_m), (x, y1, floor_m)] for x in np.arange(x0, x1 + step_m / 2, step_m)]
    along_x = [[(x0, y, floor_m), (x1, y, floor_m)] for y in np.arange(y0, y1 + step_m / 2, step_m)]
    return np.array([*along_y, *along_x], float)


def _span(low: float, high: float, step: float, middle: float) -> tuple[float, float]:
    start, end = math.floor(low / step), math.ceil(high / step)
    if end - start > _MOST_LINES:
        near = min(max(round(middle / step), start + _MOST_LINES // 2), end - _MOST_LINES // 2)
        start, end = near - _MOST_LINES // 2, near + _MOST_LINES // 2
    return start * step, end * step
