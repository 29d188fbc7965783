"""Tells what stands in a storey, without floor and ceiling, and what lies below its floor."""

import numpy as np
import numpy.typing as npt

from annotator.geometry.ground import Ground
from annotator.geometry.neighbours import PointIndex, Rows
from annotator.model.shapes import Vec2, Vec3

Floats = npt.NDArray[np.float64]

BELOW_M = 0.3
"""So far below a floor nothing is of it: its points stray less, and so does its own height."""


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


def beneath(
    index: PointIndex, ground: Ground, rows: Rows, storey: int, *, below_m: float
) -> tuple[Rows, Floats]:
    """Return those of the rows that lie lower below the floor than that, and where, (n, 3)."""
    xyz = index.xyz_m[rows].astype(np.float64)
    low = xyz[:, 2] < ground.floors_at(xyz[:, :2], storey) - below_m
    return rows[low], xyz[low]


def is_beneath(ground: Ground, at_m: Vec2 | Vec3) -> bool:
    """Tell whether a place lies below the floor, as what a floor mirrors does."""
    return len(at_m) == 3 and at_m[2] < ground.floor_at(*at_m) - BELOW_M
