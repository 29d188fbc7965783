"""The voxels under a brush."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from annotator.imaging.slabs import Plane
from annotator.kernels import kernel
from annotator.model.layers import Where
from annotator.model.shapes import Vec3
from annotator.model.volume import Hu


@dataclass(frozen=True, slots=True)
class Brush:
    """How a brush takes voxels.

    Attributes
    ----------
    radius_mm
        A voxel is taken when its centre is no farther from the stroke, and the one under the
        pointer always.
    is_ball
        Across slices too; else a disc in the plane that is drawn in.
    low_hu, high_hu
        Voxels outside this range are left alone.
    """

    radius_mm: float = 2.0
    is_ball: bool = False
    low_hu: float = -math.inf
    high_hu: float = math.inf

    def __post_init__(self) -> None:
        if not self.radius_mm > 0:
            raise ValueError(f"a brush needs a positive radius, got {self.radius_mm} mm")


def under_brush(
    hu: Hu,
    brush: Brush,
    start: Vec3,
    end: Vec3,
    *,
    spacing_mm: Vec3,
    plane: Plane = Plane.AXIAL,
) -> Where:
    """Return the sorted flat indices that a brush takes between two places.

    Parameters
    ----------
    start, end
        Continuous (i, j, k); whole numbers are voxel centres. A dot has both the same.
    spacing_mm
        (z, y, x).
    """
    a, b = np.array(start[::-1], np.float64), np.array(end[::-1], np.float64)
    reach = brush.radius_mm / np.array(spacing_mm)
    if not brush.is_ball:
        a[plane.axis] = b[plane.axis] = round(float(b[plane.axis]))
        reach[plane.axis] = 0.0
    size = np.array(hu.shape)
    low = np.maximum(np.ceil(np.minimum(a, b) - np.maximum(reach, 0.5)), 0).astype(np.int64)
    high = np.minimum(np.floor(np.maximum(a, b) + np.maximum(reach, 0.5)), size - 1)
    if (low > high).any():
        return np.zeros(0, np.int64)
    return _capsule(
        hu,
        np.stack((low, high.astype(np.int64))),
        np.stack((a, b)) * spacing_mm,
        np.array(spacing_mm, np.float64),
        np.array((brush.radius_mm, brush.low_hu, brush.high_hu), np.float64),
    )


@kernel
def _capsule(
    hu: Hu,
    box: npt.NDArray[np.int64],
    ends_mm: npt.NDArray[np.float64],
    spacing_mm: npt.NDArray[np.float64],
    brush: npt.NDArray[np.float64],
) -> Where:
    """Go through a bounding box in raster order and keep what is near the segment."""
    _, rows, columns = hu.shape
    span = box[1] - box[0] + 1
    taken = np.empty(span[0] * span[1] * span[2], np.int64)
    count = 0
    along = ends_mm[1] - ends_mm[0]
    length2 = (along**2).sum()
    under = np.floor(ends_mm[1] / spacing_mm + 0.5)
    for k in range(box[0, 0], box[1, 0] + 1):
        for j in range(box[0, 1], box[1, 1] + 1):
            for i in range(box[0, 2], box[1, 2] + 1):
                if not brush[1] <= hu[k, j, i] <= brush[2]:
                    continue
                z = k * spacing_mm[0] - ends_mm[0, 0]
                y = j * spacing_mm[1] - ends_mm[0, 1]
                x = i * spacing_mm[2] - ends_mm[0, 2]
                share = 0.0
                if length2 > 0:
                    share = (z * along[0] + y * along[1] + x * along[2]) / length2
                    share = min(max(share, 0.0), 1.0)
                away2 = (
                    (z - share * along[0]) ** 2
                    + (y - share * along[1]) ** 2
                    + (x - share * along[2]) ** 2
                )
                is_under = k == under[0] and j == under[1] and i == under[2]
                if away2 <= brush[0] ** 2 or is_under:
                    taken[count] = (k * rows + j) * columns + i
                    count += 1
    return taken[:count].copy()
