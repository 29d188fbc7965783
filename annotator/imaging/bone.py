"""Which bright structures are bone or lie outside the body; told by size and place, no weights."""

import numpy as np
import numpy.typing as npt

from annotator.imaging.components import Components, Floats, Ints
from annotator.imaging.growing import BONE_EXTENT_MM, BONE_MM3
from annotator.model.shapes import Vec3
from annotator.model.volume import Hu

CELL_MM = 5.0
BODY_HU = -300.0

Mask = npt.NDArray[np.bool_]


def is_bone(found: Components, spacing_mm: Vec3, *, bone_mm3: float = BONE_MM3) -> Mask:
    """Tell which components reach the size of bone, or stretch as far as only bone or a table.

    A vessel full of contrast agent is as large, and is told as bone, too.

    Parameters
    ----------
    spacing_mm
        (z, y, x).

    Returns
    -------
    numpy.ndarray
        Shape (n,).
    """
    mm3 = found.voxels * float(np.prod(spacing_mm))
    extent_mm = ((found.high - found.low + 1) * np.array(spacing_mm)).max(axis=1, initial=0.0)
    return np.asarray((mm3 >= bone_mm3) | (extent_mm >= BONE_EXTENT_MM))


def distance_to_bone_mm(found: Components, bone: Mask, spacing_mm: Vec3) -> Floats:
    """Return how far the centre of each component is from the nearest bone, shape (n,).

    Measured on a grid of 5 mm cells; 0 for bone itself, infinite where there is no bone.
    """
    from scipy import ndimage  # noqa: PLC0415 - takes a fifth of a second to import

    if not bone.any():
        return np.full(len(found), np.inf)
    step = cell_voxels(spacing_mm)
    grid = np.zeros(-(-np.array(found.shape) // step), np.bool_)
    k, j, i = np.unravel_index(found.where_all(bone), found.shape)
    grid[k // step[0], j // step[1], i // step[2]] = True
    away = ndimage.distance_transform_edt(~grid, sampling=step * np.array(spacing_mm))
    distance = np.asarray(away[_cells(found, step)], np.float64)
    distance[bone] = 0.0
    return distance


def body_of(hu: Hu, spacing_mm: Vec3) -> Mask:
    """Return which cells of 5 mm belong to the body, shape as `hu` divided by the cell, rounded up.

    The body is the largest piece above −300 HU, with what it encloses in each slice, that is wider
    than two cells; tables, wires and blankets are thinner or apart.
    """
    from scipy import ndimage  # noqa: PLC0415 - as above

    step = cell_voxels(spacing_mm)
    coarse = hu[:: step[0], :: step[1], :: step[2]] >= BODY_HU
    # Filled before thin things are taken away: a chest's wall may be thin.
    whole = np.stack([ndimage.binary_fill_holes(cut) for cut in coarse])
    pieces, count = ndimage.label(ndimage.binary_opening(whole, np.ones((1, 3, 3), np.bool_)))
    if not count:
        return np.zeros_like(whole)
    return np.asarray(pieces == np.bincount(pieces.ravel())[1:].argmax() + 1)


def depth_mm(found: Components, body: Mask, spacing_mm: Vec3) -> Floats:
    """Return how deep below the skin the centre of each component lies, shape (n,); 0 outside.

    Parameters
    ----------
    body
        As `body_of` returns it.
    """
    from scipy import ndimage  # noqa: PLC0415 - as above

    step = cell_voxels(spacing_mm)
    if not body.any():
        return np.zeros(len(found))
    # In the slice only: the scan's first and last slice are not the body's skin.
    depth = np.stack(
        [ndimage.distance_transform_edt(cut, sampling=(step * spacing_mm)[1:]) for cut in body]
    )
    return np.asarray(depth[_cells(found, step)], np.float64)


def cell_voxels(spacing_mm: Vec3) -> Ints:
    """Return how many voxels (z, y, x) a cell of 5 mm has."""
    return np.maximum(1, np.round(CELL_MM / np.array(spacing_mm))).astype(np.int64)


def _cells(found: Components, step: Ints) -> tuple[Ints, Ints, Ints]:
    at = np.floor(found.centroid).astype(np.int64) // step
    return at[:, 0], at[:, 1], at[:, 2]
