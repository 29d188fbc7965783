"""Keeps one point of each little cube, so that near and far count alike."""

import math

import numpy as np
import numpy.typing as npt

from annotator.kernels import kernel

Floats = npt.NDArray[np.float64]


@kernel
def thinned(points: Floats, cell_m: float) -> Floats:
    """Return the first point of each cube of side ``cell_m``, so that near and far count alike."""
    n = len(points)
    keys = np.empty(n, np.int64)
    for i in range(n):
        x = int(np.floor(points[i, 0] / cell_m)) + 4096
        y = int(np.floor(points[i, 1] / cell_m)) + 4096
        z = int(np.floor(points[i, 2] / cell_m)) + 4096
        keys[i] = (x * 8192 + y) * 8192 + z
    order = np.argsort(keys, kind="mergesort")
    kept = np.empty((n, points.shape[1]))
    m = 0
    for k in range(n):
        if k == 0 or keys[order[k]] != keys[order[k - 1]]:
            kept[m] = points[order[k]]
            m += 1
    return kept[:m]


def thinned_to(points: Floats, cell_m: float, most: int) -> Floats:
    """Thin points, coarser where more than ``most`` would be left."""
    kept = thinned(points, cell_m)
    while len(kept) > most:
        cell_m *= max(1.1, math.sqrt(len(kept) / most))
        kept = thinned(kept, cell_m)
    return kept
