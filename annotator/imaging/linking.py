"""Where a place of one series is in another of the same patient."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from annotator.model.shapes import Vec3
from annotator.model.volume import Series


@dataclass(frozen=True, slots=True, eq=False)
class Link:
    """Two series of one patient, and what their positions have to do with each other.

    Within one frame of reference a position is one place. Two examinations have two: there the
    middles of the lowest slices are taken for one place, which is near the truth and no more.
    """

    first: Series
    second: Series

    @property
    def is_by_position(self) -> bool:
        """Whether both are in one frame of reference."""
        first, second = self.first, self.second
        is_one = first.frame_of_reference_uid == second.frame_of_reference_uid
        return is_one and (bool(first.frame_of_reference_uid) or _are_of_one_study(first, second))

    def in_second(self, voxel: Vec3) -> Vec3:
        """Return where a voxel (i, j, k) of the first series is in the second."""
        return _carried(voxel, self.first, self.second, by_position=self.is_by_position)

    def in_first(self, voxel: Vec3) -> Vec3:
        """Return where a voxel (i, j, k) of the second series is in the first."""
        return _carried(voxel, self.second, self.first, by_position=self.is_by_position)


def _are_of_one_study(one: Series, other: Series) -> bool:
    return one.study_uid == other.study_uid


def _carried(voxel: Vec3, start: Series, end: Series, *, by_position: bool) -> Vec3:
    place_mm = start.lps_of(voxel)
    if not by_position:
        x, y, z = np.array(place_mm) + _lowest_mm(end) - _lowest_mm(start)
        place_mm = (float(x), float(y), float(z))
    return end.voxel_of(place_mm)


def _lowest_mm(series: Series) -> npt.NDArray[np.float64]:
    """Return the middle of the slice that is nearest to the feet, LPS."""
    slices, rows, columns = series.shape
    lowest = 0 if series.lps_from_voxel[2, 2] >= 0 else slices - 1
    return np.array(series.lps_of(((columns - 1) / 2, (rows - 1) / 2, float(lowest))))
