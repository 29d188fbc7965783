"""Where in the chest a bright spot lies, told by what surrounds it; no weights."""

from itertools import product

import numpy as np
import numpy.typing as npt

from annotator.imaging.components import Components, Floats
from annotator.kernels import kernel
from annotator.model.shapes import Vec3
from annotator.model.volume import Hu

LUNG_HU, AIR_HU, BONE_HU = -500.0, -930.0, 200.0
REACH_MM = 30.0
BARE_MM = 1.6
"""Less than this between a spot and lung is the scan's blur, not tissue."""
BESIDE_MM = 6.0
CHEST_WALL_MM = 15.0

_LUNG, _AIR, _BONE = 1, 2, 3


def sites_of(
    found: Components, hu: Hu, spacing_mm: Vec3, to_bone_mm: Floats
) -> npt.NDArray[np.str_]:
    """Name the likeliest site of each component, shape (n,): a default for a person to correct.

    From its middle 26 rays go out. Where almost all meet lung it lies in the lung, or in a nodule
    if soft tissue comes first. Where lung is close on one side it lies at the pleura if bone is
    near, else in a vessel's wall; windpipe and bronchi hold darker air than lung. What is left is
    mediastinum: a long and thin spot is a wall's, a compact one a node's.

    Parameters
    ----------
    spacing_mm
        (z, y, x).
    to_bone_mm
        Distance of each from the nearest bone; 0 for bone itself.
    """
    met, away_mm = _rays(
        hu,
        found.centroid,
        np.array(spacing_mm, np.float64),
        _directions(),
        found.threshold_hu,
    )
    lung = (met == _LUNG).mean(axis=1)
    air = (met == _AIR).mean(axis=1)
    beside = ((met == _LUNG) & (away_mm <= BESIDE_MM)).mean(axis=1)
    # The median ray, of those that meet lung at all.
    first_mm = np.nanmedian(
        np.where(met == _LUNG, away_mm, np.where(lung[:, None] > 0, np.nan, REACH_MM)), axis=1
    )
    named = np.where(_is_thin(found, spacing_mm), "vessel wall", "node")
    wall = np.where(to_bone_mm <= CHEST_WALL_MM, "pleura", "vessel wall")
    named = np.where(beside >= 0.2, wall, named)
    named = np.where((air >= 0.15) & (air >= lung), "airway", named)
    named = np.where(lung >= 0.6, np.where(first_mm <= BARE_MM, "lung", "nodule"), named)
    k, j, i = np.round(found.centroid).astype(np.int64).T
    named = np.where(hu[k, j, i] < LUNG_HU, "airway", named)  # it lies round air
    return np.asarray(np.where(to_bone_mm <= 0, "bone", named))


def _is_thin(found: Components, spacing_mm: Vec3) -> npt.NDArray[np.bool_]:
    """Tell which fill little of their bounding box and stretch over at least 6 mm."""
    sides = found.high - found.low + 1
    extent_mm = (sides * np.array(spacing_mm)).max(axis=1, initial=0.0)
    return np.asarray((found.voxels / sides.prod(axis=1) < 0.4) & (extent_mm >= 6.0))


def _directions() -> Floats:
    steps = np.array([s for s in product((-1, 0, 1), repeat=3) if any(s)], np.float64)
    return np.asarray(steps / np.linalg.norm(steps, axis=1, keepdims=True))


@kernel
def _rays(
    hu: Hu, centers: Floats, spacing_mm: Floats, directions: Floats, bright_hu: float
) -> tuple[npt.NDArray[np.int64], Floats]:
    """Return what each ray meets first, and how far beyond the spot's edge, both (n, 26)."""
    slices, rows, columns = hu.shape
    met = np.zeros((len(centers), len(directions)), np.int64)
    away_mm = np.full((len(centers), len(directions)), REACH_MM)
    for n in range(len(centers)):
        for d in range(len(directions)):
            edge_mm = -1.0
            for step in range(1, int(2 * REACH_MM)):
                at_mm = 0.5 * step
                k = round(centers[n, 0] + directions[d, 0] * at_mm / spacing_mm[0])
                j = round(centers[n, 1] + directions[d, 1] * at_mm / spacing_mm[1])
                i = round(centers[n, 2] + directions[d, 2] * at_mm / spacing_mm[2])
                if not (0 <= k < slices and 0 <= j < rows and 0 <= i < columns):
                    break
                value = hu[k, j, i]
                if edge_mm < 0:
                    if value < bright_hu:
                        edge_mm = at_mm
                    else:
                        continue
                if value < LUNG_HU:
                    met[n, d] = _darkness(hu, k, j, i, directions[d], spacing_mm)
                elif value >= BONE_HU and at_mm > edge_mm + 2:
                    met[n, d] = _BONE
                if met[n, d]:
                    away_mm[n, d] = at_mm - edge_mm
                    break
    return met, away_mm


@kernel
def _darkness(  # noqa: PLR0917 - numba knows no keyword-only arguments
    hu: Hu, k: int, j: int, i: int, direction: Floats, spacing_mm: Floats
) -> int:
    """Tell lung from an airway by what lies 3 mm on, past the blurred border."""
    slices, rows, columns = hu.shape
    z = min(max(round(k + direction[0] * 3.0 / spacing_mm[0]), 0), slices - 1)
    y = min(max(round(j + direction[1] * 3.0 / spacing_mm[1]), 0), rows - 1)
    x = min(max(round(i + direction[2] * 3.0 / spacing_mm[2]), 0), columns - 1)
    return _AIR if hu[z, y, x] < AIR_HU else _LUNG
