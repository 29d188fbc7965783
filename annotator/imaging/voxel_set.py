"""A set of voxels that grows while a kernel looks around: a hash set of flat indices."""

import numpy as np

from annotator.kernels import kernel
from annotator.model.layers import Where


@kernel
def empty_voxel_set() -> Where:
    """Return a set without members."""
    return np.full(1024, -1, np.int64)


@kernel
def add_voxel(taken: Where, value: int) -> bool:
    """Put a number into a set of a power of two places; tell whether it is new."""
    mask = len(taken) - 1
    place = (value * 0x9E3779B1 >> 7) & mask
    while taken[place] >= 0:
        if taken[place] == value:
            return False
        place = (place + 1) & mask
    taken[place] = value
    return True


@kernel
def set_with_room(taken: Where, count: int) -> Where:
    """Return the set, or one of twice its places where it is half full."""
    if 2 * count <= len(taken):
        return taken
    larger = np.full(2 * len(taken), -1, np.int64)
    for value in taken:
        if value >= 0:
            add_voxel(larger, value)
    return larger


@kernel
def list_with_room(queue: Where, count: int) -> Where:
    """Return a list of which so many places are used, with room for one more."""
    if count < len(queue):
        return queue
    longer = np.empty(2 * count, np.int64)
    longer[:count] = queue
    return longer
