"""What is found out about a scan once, so that every question after it is quick."""

from dataclasses import dataclass

from annotator.geometry.ground import Ground, find_ground
from annotator.geometry.neighbours import PointIndex, Points, index_points


@dataclass(frozen=True, slots=True, eq=False)
class Survey:
    """A scan's index and ground, both in the scan's own axes, about its origin."""

    index: PointIndex
    ground: Ground


def survey(xyz_m: Points) -> Survey:
    """Index points and find their floors and ceilings; 1 M points take about half a second."""
    index = index_points(xyz_m)
    return Survey(index, find_ground(xyz_m, index))
