"""What is found out about a scan once, so that every question after it is quick."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from annotator.geometry.ground import Ground, find_ground
from annotator.geometry.neighbours import PointIndex, Points, index_points
from annotator.model.shapes import Vec3

_FLAT_M = 0.3
FLOOR_NOISE_M, _CEILING_NOISE_M = 0.05, 0.08
"""How far the points of floor and ceiling stray into the room."""
_AT_ONCE = 500_000


@dataclass(frozen=True, slots=True, eq=False)
class Survey:
    """A scan's index and ground, both in the scan's own axes, about its origin.

    Attributes
    ----------
    has_floor
        Whether a floor was seen that objects stand on; a radar's few points, or points that all
        have one height, show none.
    stands
        Which points are neither the floor's nor the ceiling's, shape (N,); None without a floor.
    """

    index: PointIndex
    ground: Ground
    has_floor: bool = True
    stands: npt.NDArray[np.bool_] | None = None


def ceiling_m(found: Survey) -> float | None:
    """Return the usual height of the ceiling over most of the floor; None under open sky."""
    storeys = found.ground.storeys
    if not storeys:
        return None
    widest = max(storeys, key=lambda storey: int(storey.measured.sum()))
    heights = widest.ceiling_m[np.isfinite(widest.ceiling_m) & widest.measured]
    return float(np.median(heights)) if len(heights) else None


def survey(xyz_m: Points, seen_from_m: Vec3 | None = None) -> Survey:
    """Index points and find their floors and ceilings; 1 M points take about half a second.

    Parameters
    ----------
    seen_from_m
        Where the scan was taken, in the axes of its points, if that is known.
    """
    index = index_points(xyz_m, seen_from_m=seen_from_m)
    ground = find_ground(xyz_m, index)
    has_floor = ground.is_seen and _span_m(xyz_m) > _FLAT_M
    return Survey(index, ground, has_floor, _stands(xyz_m, ground) if has_floor else None)


def _stands(xyz_m: Points, ground: Ground) -> npt.NDArray[np.bool_]:
    """Tell the points between floor and ceiling, piece by piece, as heights take much room."""
    stands = np.zeros(len(xyz_m), np.bool_)
    for start in range(0, len(xyz_m), _AT_ONCE):
        piece = xyz_m[start : start + _AT_ONCE]
        free = ground.heights_m(piece) > FLOOR_NOISE_M
        for storey in range(len(ground.storeys)):
            ceilings = ground.ceilings_at(piece[:, :2], storey)
            free &= np.abs(ceilings - piece[:, 2]) > _CEILING_NOISE_M
        stands[start : start + _AT_ONCE] = free
    return stands


def _span_m(xyz_m: Points) -> float:
    heights = xyz_m[:: max(1, len(xyz_m) // 20_000), 2]
    heights = heights[np.isfinite(heights)]
    return float(np.ptp(heights)) if len(heights) else 0.0
