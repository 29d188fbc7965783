"""Where a place of one series is in another of the same patient."""

from dataclasses import dataclass

import numpy as np

from annotator.imaging.orientation import lps_of
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
    place_mm = np.array(lps_of(start.lps_from_voxel, voxel))
    if not by_position:
        place_mm += np.array(_lowest_mm(end)) - _lowest_mm(start)
    i, j, k = (float(at) for at in (np.linalg.inv(end.lps_from_voxel) @ (*place_mm, 1.0))[:3])
    return (i, j, k)


def _lowest_mm(series: Series) -> Vec3:
    """Return the middle of the slice that is nearest to the feet, LPS."""
    slices, rows, columns = series.shape
    lowest = 0 if series.lps_from_voxel[2, 2] >= 0 else slices - 1
    return lps_of(series.lps_from_voxel, ((columns - 1) / 2, (rows - 1) / 2, float(lowest)))
