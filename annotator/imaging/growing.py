"""The focus under a click: the connected voxels at or above a threshold."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from annotator.imaging.voxel_set import add_voxel, empty_voxel_set, list_with_room, set_with_room
from annotator.kernels import kernel
from annotator.model.layers import Where
from annotator.model.shapes import Vec3
from annotator.model.volume import Hu

# A calcified granuloma of 15 mm is 1 770 mm³ and the largest arch plaque among our real series
# 1 151 mm³; the smallest piece of a rib that a scan shows whole is beyond 4 000 mm³.
BONE_MM3 = 4000.0
# Whatever is as long is bone, a vessel or a table, however thin it is.
BONE_EXTENT_MM = 60.0
VOXEL_CAP = 200_000

Voxel = tuple[int, int, int]
"""(slice, row, column): k, j, i."""


class Leak(StrEnum):
    """What a set probably runs into, or is a piece of, instead of a focus."""

    NONE = ""
    TOO_LARGE = "too-large"
    """It met the cap on voxels; what lies beyond was not looked at."""
    BONE_SIZED = "bone-sized"
    """It is as large, or as long, as a piece of bone or a vessel full of contrast."""
    WALL = "wall"
    """It lies in the chest's wall, as ribs and their cartilage do."""
    BONE = "bone"
    """It is a piece of what is known as bone, or lies close beside it."""
    VESSEL = "vessel"
    """It is no brighter than blood with contrast agent."""
    INTO_VESSEL = "into-vessel"
    """It is brighter, and holds a piece of lumen as well."""


@dataclass(frozen=True, slots=True, eq=False)
class Grown:
    """What a click would take.

    Attributes
    ----------
    where
        Sorted flat indices into the volume; empty where the seed lies below the threshold.
    leak
        What the set alone tells: where it is not ``NONE`` it is as large or as long as bone, or
        was not looked at to its end.
    is_cut
        Whether it goes on beyond the radius.
    """

    where: Where
    max_hu: float
    mean_hu: float
    leak: Leak
    is_cut: bool = False


def grow(
    hu: Hu,
    seed: Voxel,
    *,
    at_least_hu: float,
    spacing_mm: Vec3,
    radius_mm: float | None = None,
    bone_mm3: float = BONE_MM3,
    voxel_cap: int = VOXEL_CAP,
) -> Grown:
    """Return the 26-connected voxels ≥ a threshold that hang together with a seed.

    Parameters
    ----------
    hu
        Shape (slices, rows, columns).
    seed
        (slice, row, column).
    spacing_mm
        (z, y, x).
    radius_mm
        Voxels whose centre is farther from the seed are not taken.
    bone_mm3, voxel_cap
        Growing stops when the set becomes this large, whatever the volume holds.

    Raises
    ------
    IndexError
        If the seed lies outside the volume.

    Notes
    -----
    Memory follows the size of the result, not of the volume. 500 voxels take about 0.1 ms.
    """
    if not all(0 <= at < size for at, size in zip(seed, hu.shape, strict=True)):
        raise IndexError(f"seed {seed} lies outside a volume of {hu.shape}")
    bone_voxels = int(bone_mm3 / float(np.prod(spacing_mm))) + 1
    reach = np.inf if radius_mm is None else radius_mm
    cap = min(voxel_cap, bone_voxels)
    found, total, peak, left = _grow(
        hu,
        np.array(seed, np.int64),
        float(at_least_hu),
        np.array(spacing_mm, np.float64),
        float(reach),
        cap,
    )
    leak = Leak.NONE
    if len(found) >= cap:
        leak = Leak.BONE_SIZED if cap == bone_voxels else Leak.TOO_LARGE
    elif not left and _extent_mm(found, hu.shape, spacing_mm) >= BONE_EXTENT_MM:
        leak = Leak.BONE_SIZED
    mean = total / len(found) if len(found) else float("nan")
    return Grown(np.sort(found), float(peak), float(mean), leak, is_cut=bool(left))


def _extent_mm(where: Where, shape: tuple[int, ...], spacing_mm: Vec3) -> float:
    """Return how long a set is along its longest axis; 0 of an empty one."""
    if not len(where):
        return 0.0
    sides = (np.ptp(at) + 1 for at in np.unravel_index(where, shape))
    return max(float(n) * mm for n, mm in zip(sides, spacing_mm, strict=True))


@kernel
def _grow(  # noqa: PLR0917 - one flat loop is what compiles well
    hu: Hu,
    seed: npt.NDArray[np.int64],
    threshold: float,
    spacing: npt.NDArray[np.float64],
    reach: float,
    cap: int,
) -> tuple[Where, float, float, bool]:
    """Breadth first; ``queue`` is the result, ``taken`` a hash set of the same voxels."""
    slices, rows, columns = hu.shape
    queue = np.empty(256, np.int64)
    taken = empty_voxel_set()
    total, peak, left = 0.0, -np.inf, False
    count, head = 0, 0
    if hu[seed[0], seed[1], seed[2]] >= threshold:
        queue[0] = (seed[0] * rows + seed[1]) * columns + seed[2]
        add_voxel(taken, queue[0])
        count = 1
    while head < count:
        at = queue[head]
        head += 1
        k, j, i = at // (rows * columns), (at // columns) % rows, at % columns
        value = float(hu[k, j, i])
        total += value
        peak = max(peak, value)
        if count == cap:
            continue
        for z in range(max(k - 1, 0), min(k + 2, slices)):
            for y in range(max(j - 1, 0), min(j + 2, rows)):
                for x in range(max(i - 1, 0), min(i + 2, columns)):
                    if count == cap or not hu[z, y, x] >= threshold:
                        continue
                    away = (
                        ((z - seed[0]) * spacing[0]) ** 2
                        + ((y - seed[1]) * spacing[1]) ** 2
                        + ((x - seed[2]) * spacing[2]) ** 2
                    )
                    if away > reach * reach:
                        left = True
                    elif add_voxel(taken, (z * rows + y) * columns + x):
                        queue = list_with_room(queue, count)
                        queue[count] = (z * rows + y) * columns + x
                        count += 1
                        taken = set_with_room(taken, count)
    return queue[:count], total, peak, left
