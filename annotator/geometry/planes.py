"""Finds the flat surface at a place of a scan."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from annotator.errors import AnnotatorError
from annotator.geometry.neighbours import PointIndex
from annotator.i18n import gettext as _
from annotator.model.shapes import Vec3

Floats = npt.NDArray[np.float64]

_REACHES_M = (0.3, 0.5, 0.8, 1.2)
_ENOUGH = 12
_FLAT = 0.35
_BAND_M = 0.05


class NotFlatError(AnnotatorError):
    """A click where no flat surface is, with the reason as a sentence."""


@dataclass(frozen=True, slots=True)
class Plane:
    """A plane through a place, in the axes of the index.

    Attributes
    ----------
    normal
        Unit direction square to it.
    """

    at_m: Vec3
    normal: Vec3


def plane_at(index: PointIndex, at_m: Vec3) -> Plane:
    """Fit a plane to the points around a place.

    The smallest surroundings with enough points are taken, then widened once on the plane itself,
    because close to a click noise tilts what is flat.

    Raises
    ------
    NotFlatError
        If there are too few points, or they do not lie flat.
    """
    for reach in _REACHES_M:
        near = _near(index, at_m, reach)
        if len(near) >= _ENOUGH:
            break
    if len(near) < 3:
        raise NotFlatError(_("there is nothing flat here; click a floor, a ceiling or a wall"))
    middle, normal, flatness = _fitted(near)
    if flatness > _FLAT:
        raise NotFlatError(_("this is not flat; click a floor, a ceiling or a wall"))
    wide = _near(index, at_m, 2 * reach)
    on = wide[np.abs((wide - middle) @ normal) < _BAND_M]
    if len(on) >= _ENOUGH:
        middle, normal, flatness = _fitted(on)
    x, y, z = (np.asarray(at_m) - ((np.asarray(at_m) - middle) @ normal) * normal).tolist()
    return Plane((x, y, z), (float(normal[0]), float(normal[1]), float(normal[2])))


def near_plane(
    xyz_m: npt.NDArray[np.floating], plane: Plane, within_m: float
) -> npt.NDArray[np.bool_]:
    """Tell which points lie within a distance of a plane, shape (N,); NaN points do not."""
    with np.errstate(invalid="ignore"):
        off = (xyz_m - np.asarray(plane.at_m)) @ np.asarray(plane.normal)
        return np.asarray(np.abs(off) <= within_m)


def _near(index: PointIndex, at_m: Vec3, reach_m: float) -> Floats:
    xyz = index.xyz_m[index.within(at_m[0], at_m[1], reach_m)].astype(np.float64)
    return np.asarray(xyz[np.linalg.norm(xyz - at_m, axis=1) <= reach_m])


def _fitted(points: Floats) -> tuple[Floats, Floats, float]:
    """Return the middle, the normal, and thickness as a share of the lesser width."""
    middle = points.mean(axis=0)
    values, vectors = np.linalg.eigh(np.cov((points - middle).T))
    spread = np.sqrt(np.maximum(values, 0))
    return middle, np.asarray(vectors[:, 0]), float(spread[0] / max(spread[1], 1e-9))
