"""Tells what stands in a storey: its points without the floor's and the ceiling's."""

import numpy as np
import numpy.typing as npt

from annotator.geometry.ground import Ground
from annotator.geometry.neighbours import PointIndex, Rows

Floats = npt.NDArray[np.float64]


def standing(
    index: PointIndex, ground: Ground, rows: Rows, storey: int, *, above_m: float, below_m: float
) -> tuple[Rows, Floats]:
    """Return those of the rows that are neither floor nor ceiling, and where they are, (n, 3).

    Parameters
    ----------
    above_m, below_m
        What is lower above the floor, or nearer below the ceiling, belongs to these.
    """
    xyz = index.xyz_m[rows].astype(np.float64)
    floors = ground.floors_at(xyz[:, :2], storey)
    ceilings = ground.ceilings_at(xyz[:, :2], storey)
    free = (xyz[:, 2] > floors + above_m) & (xyz[:, 2] < ceilings - below_m)
    return rows[free], xyz[free]
