"""Fits a box to the object that a person has drawn a rectangle around."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from annotator.geometry.between_floors import BELOW_M
from annotator.geometry.fit import Fit, NoObjectError, fit_box
from annotator.geometry.fit_cluster import fit_points
from annotator.geometry.ground import FLOOR_M, Ground
from annotator.geometry.neighbours import PointIndex, Points, Rows, index_points
from annotator.geometry.parts import parts_by_gap
from annotator.i18n import gettext as _
from annotator.model.labels import GHOST, Label

Floats = npt.NDArray[np.float64]

_TALL = 1.45
_GAP_M = 0.5
_GHOST_GAP_M = 0.8  # a radar's points are few
_LEAST_POINTS = 5


def fit_within(index: PointIndex, ground: Ground, rows: Rows, label: Label) -> Fit:
    """Fit a box to the largest thing among some points; what is not among them is not looked at.

    Of ghosts, and where nothing stands on the floor, it is what lies below that.

    Raises
    ------
    NoObjectError
        Where there is nothing above the floor, or nothing to fit.
    """
    xyz = index.xyz_m[rows]
    heights = ground.heights_m(xyz)
    tall = _TALL * (label.usual_size_m or (1.0, 1.0, 1.0))[2]
    with np.errstate(invalid="ignore"):
        solid = np.flatnonzero((heights > FLOOR_M) & (heights < tall))
        floor = np.flatnonzero(np.abs(heights) <= FLOOR_M)
    loose = _loose(ground, xyz, heights) if label.name == GHOST else _below(heights)
    if len(loose) and (label.name == GHOST or not len(solid)):
        largest = loose[parts_by_gap(xyz[loose], _GHOST_GAP_M) == 0]
        return fit_points(index, np.sort(rows[largest]))
    own = solid[parts_by_gap(xyz[solid], _GAP_M) == 0]
    if len(own) < _LEAST_POINTS:
        raise NoObjectError(_("there is nothing in this rectangle; drag it around an object"))
    kept = np.sort(np.concatenate([own, floor]))
    away = np.linalg.norm(xyz[own] - np.median(xyz[own], axis=0), axis=1)
    x, y, z = xyz[own[int(away.argmin())]].tolist()
    among = index_points(xyz[kept], seen_from_m=index.seen_from_m)
    fit = fit_box(among, ground, (x, y, z), label)
    return replace(fit, rows=np.sort(rows[kept[fit.rows]]))


def _below(heights_m: Floats) -> Rows:
    with np.errstate(invalid="ignore"):
        return np.flatnonzero(heights_m < -BELOW_M)


def _loose(ground: Ground, xyz_m: Points, heights_m: Floats) -> Rows:
    """Return which points a ghost may be of: those below the floor, or else all in the air."""
    low = _below(heights_m)
    with np.errstate(invalid="ignore"):
        high = (heights_m > FLOOR_M) & ~ground.is_overhead(xyz_m, FLOOR_M)
    return low if len(low) else np.flatnonzero(high)
