"""Draws rows at random, evenly over a scan, so that any beginning of them is an even sketch."""

import numpy as np
import numpy.typing as npt

from annotator.kernels import kernel

_SEED = 7


def shuffled_rows(total: int, most: int) -> npt.NDArray[np.int32]:
    """Return up to ``most`` different rows of ``total`` in random order, always the same.

    One row of each equal stretch is taken, so that nothing is drawn twice and nothing is left out
    that is long in the file.
    """
    return _shuffled_rows(total, min(total, most), _SEED)


@kernel
def _shuffled_rows(total: int, count: int, seed: int) -> npt.NDArray[np.int32]:
    np.random.seed(seed)  # noqa: NPY002 - compiled: a state of this thread, of numba's own
    rows = np.empty(count, np.int32)
    for i in range(count):
        low, high = total * i // count, total * (i + 1) // count
        rows[i] = low + np.random.randint(0, high - low)  # noqa: NPY002
    for i in range(count - 1, 0, -1):
        j = np.random.randint(0, i + 1)  # noqa: NPY002
        rows[i], rows[j] = rows[j], rows[i]
    return rows
