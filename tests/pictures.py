"""What pictures of rows show."""

import numpy as np
import numpy.typing as npt

from annotator.geometry.drawing import NOTHING, Entries


def rows_seen(entries: Entries) -> npt.NDArray[np.int64]:
    """The rows that a picture shows anywhere, sorted."""
    return np.unique((entries[entries != NOTHING] & np.uint64(0xFFFFFFFF)).astype(np.int64))


def share_covered(entries: Entries) -> float:
    """The share of a picture's pixels that show a point."""
    return float((entries != NOTHING).mean())
