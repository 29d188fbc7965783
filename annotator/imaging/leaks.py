"""What a bright set is or runs into, told by the bones and the blood of its scan."""

import numpy as np

from annotator.imaging.blood import Blood
from annotator.imaging.candidates import Candidates
from annotator.imaging.components import Floats, Ints
from annotator.imaging.growing import Leak
from annotator.imaging.voxel_set import add_voxel, empty_voxel_set, list_with_room, set_with_room
from annotator.kernels import kernel
from annotator.model.layers import Where
from annotator.model.shapes import Vec2, Vec3
from annotator.model.volume import Hu, Volume

BESIDE_MM, ASKED = 3.0, 500
"""A gap that cuts a piece off its bone is no wider; and how many voxels are asked at most."""
BRIGHTEST = 0.99
"""Of a set's voxels: the brightest of more than a hundred may be noise."""
LUMEN_MM, LUMEN_MM3 = 1.0, 5.0
"""Lumen is as bright as blood so far around as well; the rim of a calcification is thinner."""


def leak_of(where: Where, volume: Volume, known: Candidates) -> Leak:
    """Tell what a set of voxels is or runs into, instead of being a calcification.

    Parameters
    ----------
    where
        Sorted flat indices of a set that hangs together at any threshold; not empty.

    Notes
    -----
    3 000 voxels take about a millisecond, a focus of 300 a quarter of one.
    """
    of = known.found.of(where)
    if known.wall[of[of >= 0]].any():
        return Leak.WALL
    if _is_beside_bone(where, volume, known):
        return Leak.BONE
    return Leak.NONE if known.blood is None else _blood_in(where, volume, known.blood)


def bright_beside(hu: Hu, where: Where, spacing_mm: Vec3, at_least_hu: float) -> Where:
    """Return the voxels that reach a threshold in and close round a set, each of them once."""
    some = where[:: len(where) // ASKED + 1]
    spacing = np.array(spacing_mm, np.float64)
    return _bright_beside(hu, some, spacing, BESIDE_MM, float(at_least_hu))


def inner_voxels(hu: Hu, where: Where, spacing_mm: Vec3, between_hu: Vec2) -> int:
    """Count the voxels of a set that lie within a range with all that is around in their slice."""
    reach = np.array([max(1, round(LUMEN_MM / mm)) for mm in spacing_mm[1:]], np.int64)
    low_hu, high_hu = between_hu
    return int(_inner(hu, where, reach, float(low_hu), float(high_hu)))


def _is_beside_bone(where: Where, volume: Volume, known: Candidates) -> bool:
    """Tell whether a set is a piece of what is known as bone, or lies close beside it."""
    found, blood = known.found, known.blood
    spacing_mm = volume.series.spacing_mm
    near = bright_beside(volume.hu, where, spacing_mm, found.threshold_hu)
    of = found.of(near)
    bone = near[(of >= 0) & known.skeleton[of]]
    # Where a spine touches an aorta, both are one component.
    lumen = blood.holds(bone, found.shape) if blood is not None else np.zeros(len(bone), np.bool_)
    return 2 * int(np.count_nonzero(lumen)) < len(bone)


def _blood_in(where: Where, volume: Volume, blood: Blood) -> Leak:
    values = volume.hu.take(where)
    if np.quantile(values, BRIGHTEST, method="higher") <= blood.high_hu:
        return Leak.VESSEL
    between_hu = (blood.low_hu, blood.high_hu)
    inner = inner_voxels(volume.hu, where, volume.series.spacing_mm, between_hu)
    is_lumen = inner * volume.series.voxel_mm3 >= LUMEN_MM3
    return Leak.INTO_VESSEL if is_lumen else Leak.NONE


@kernel
def _inner(hu: Hu, where: Where, reach: Ints, low_hu: float, high_hu: float) -> int:
    _, rows, columns = hu.shape
    count = 0
    for at in where:
        k, j, i = at // (rows * columns), (at // columns) % rows, at % columns
        is_inner = True
        for dy in (-reach[0], 0, reach[0]):
            for dx in (-reach[1], 0, reach[1]):
                y, x = min(max(j + dy, 0), rows - 1), min(max(i + dx, 0), columns - 1)
                is_inner &= low_hu <= hu[k, y, x] <= high_hu
        count += is_inner
    return count


@kernel
def _bright_beside(
    hu: Hu, where: Where, spacing_mm: Floats, reach_mm: float, threshold_hu: float
) -> Where:
    slices, rows, columns = hu.shape
    dz, dy = int(reach_mm / spacing_mm[0]), int(reach_mm / spacing_mm[1])
    dx = int(reach_mm / spacing_mm[2])
    found, taken, count = np.empty(256, np.int64), empty_voxel_set(), 0
    for at in where:
        k, j, i = at // (rows * columns), (at // columns) % rows, at % columns
        for z in range(max(k - dz, 0), min(k + dz + 1, slices)):
            for y in range(max(j - dy, 0), min(j + dy + 1, rows)):
                for x in range(max(i - dx, 0), min(i + dx + 1, columns)):
                    away = (
                        ((z - k) * spacing_mm[0]) ** 2
                        + ((y - j) * spacing_mm[1]) ** 2
                        + ((x - i) * spacing_mm[2]) ** 2
                    )
                    if away > reach_mm * reach_mm or not hu[z, y, x] >= threshold_hu:
                        continue
                    if add_voxel(taken, (z * rows + y) * columns + x):
                        found = list_with_room(found, count)
                        found[count] = (z * rows + y) * columns + x
                        count += 1
                        taken = set_with_room(taken, count)
    return found[:count]
