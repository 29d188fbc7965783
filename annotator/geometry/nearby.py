"""Finds the points in or around a box in one pass, without copying the scan."""

import numpy as np
import numpy.typing as npt

from annotator.geometry.boxes import box_from_world
from annotator.geometry.drawing import Mask, Points
from annotator.kernels import kernel
from annotator.model.shapes import Box3D, Vec3

Rows = npt.NDArray[np.int64]


def rows_around(
    xyz_m: Points, box: Box3D, *, origin_m: Vec3 = (0.0, 0.0, 0.0), margin_m: Vec3 = (0.0, 0.0, 0.0)
) -> Rows:
    """Return the sorted rows of points in a box that is larger by a margin on every side.

    Parameters
    ----------
    xyz_m
        Points about the scan's origin, shape (N, 3); a NaN point is nowhere.
    margin_m
        Along the box's length, width and height.
    """
    pose = box_from_world(box)
    pose[:3, 3] += pose[:3, :3] @ np.asarray(origin_m)
    half = np.asarray(box.size_m) / 2 + np.asarray(margin_m)
    return _rows_around(xyz_m, pose[:3].astype(np.float32), half.astype(np.float32))


def mask_around(xyz_m: Points, box: Box3D, *, origin_m: Vec3 = (0.0, 0.0, 0.0)) -> Mask:
    """Return one byte per point, 1 where it is in a box; 5 M points take about 20 ms."""
    pose = box_from_world(box)
    pose[:3, 3] += pose[:3, :3] @ np.asarray(origin_m)
    half = np.asarray(box.size_m) / 2
    mask = np.zeros(len(xyz_m), np.uint8)
    _mark_around(xyz_m, pose[:3].astype(np.float32), half.astype(np.float32), mask)
    return mask


def in_axes_of(
    xyz_m: Points, rows: Rows, box: Box3D, *, origin_m: Vec3 = (0.0, 0.0, 0.0)
) -> Points:
    """Return some points in the box's own axes, shape (n, 3), metres from its centre."""
    pose = box_from_world(box)
    offset = pose[:3, :3] @ np.asarray(origin_m) + pose[:3, 3]
    return np.asarray(xyz_m[rows] @ pose[:3, :3].T + offset, np.float32)


@kernel
def _mark_around(
    xyz: Points, pose: npt.NDArray[np.float32], half: npt.NDArray[np.float32], mask: Mask
) -> None:
    for i in range(len(xyz)):
        x, y, z = xyz[i, 0], xyz[i, 1], xyz[i, 2]
        a = pose[0, 0] * x + pose[0, 1] * y + pose[0, 2] * z + pose[0, 3]
        b = pose[1, 0] * x + pose[1, 1] * y + pose[1, 2] * z + pose[1, 3]
        c = pose[2, 0] * x + pose[2, 1] * y + pose[2, 2] * z + pose[2, 3]
        if abs(a) <= half[0] and abs(b) <= half[1] and abs(c) <= half[2]:
            mask[i] = 1


@kernel
def _rows_around(xyz: Points, pose: npt.NDArray[np.float32], half: npt.NDArray[np.float32]) -> Rows:
    found = np.empty(1024, np.int64)
    count = 0
    for i in range(len(xyz)):
        x, y, z = xyz[i, 0], xyz[i, 1], xyz[i, 2]
        inside = True
        for axis in range(3):
            own = pose[axis, 0] * x + pose[axis, 1] * y + pose[axis, 2] * z + pose[axis, 3]
            if not (abs(own) <= half[axis]):  # "not": NaN is outside too
                inside = False
                break
        if inside:
            if count == len(found):
                larger = np.empty(2 * count, np.int64)
                larger[:count] = found
                found = larger
            found[count] = i
            count += 1
    return found[:count].copy()
