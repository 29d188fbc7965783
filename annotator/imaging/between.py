"""Fills the slices between those that were drawn, by blending distances to the outline."""

from itertools import pairwise

import numpy as np
import numpy.typing as npt

from annotator.model.layers import Where
from annotator.model.shapes import Vec3

Mask = npt.NDArray[np.bool_]


def between_slices(where: Where, shape: tuple[int, ...], spacing_mm: Vec3) -> Where:
    """Return what a focus lacks between the slices it touches.

    The signed distance to the outline is blended linearly from one drawn slice to the next; a
    voxel is inside where the blend is (Raya and Udupa 1990, "Shape-based interpolation").

    Parameters
    ----------
    where
        Sorted flat indices.
    spacing_mm
        (z, y, x).

    Returns
    -------
    numpy.ndarray
        Sorted flat indices; empty where no slice is left out.
    """
    k, j, i = np.unravel_index(where, shape)
    drawn = np.unique(k).tolist()
    if len(drawn) < 2:
        return np.zeros(0, np.int64)
    low = np.array((j.min(), i.min())) - 1
    size = np.array((j.max(), i.max())) - low + 2
    found = []
    for below, above in pairwise(drawn):
        if above - below < 2:
            continue
        ends = [_signed_mm(_cut(k, j, i, n, low, size), spacing_mm[1:]) for n in (below, above)]
        for number in range(below + 1, above):
            share = (number - below) / (above - below)
            inside = (1 - share) * ends[0] + share * ends[1] < 0
            rows, columns = np.nonzero(inside)
            at = (np.full(len(rows), number), rows + low[0], columns + low[1])
            found.append(np.ravel_multi_index(at, shape))
    return np.concatenate(found) if found else np.zeros(0, np.int64)


def _cut(  # noqa: PLR0917 - the three indices belong together
    k: npt.NDArray[np.intp],
    j: npt.NDArray[np.intp],
    i: npt.NDArray[np.intp],
    number: int,
    low: npt.NDArray[np.int64],
    size: npt.NDArray[np.int64],
) -> Mask:
    on = k == number
    mask = np.zeros(size, np.bool_)
    mask[j[on] - low[0], i[on] - low[1]] = True
    return mask


def _signed_mm(mask: Mask, spacing_mm: tuple[float, ...]) -> npt.NDArray[np.float64]:
    """Return the distance to the outline, negative inside."""
    from scipy import ndimage  # noqa: PLC0415 - takes a fifth of a second to import

    outside = ndimage.distance_transform_edt(~mask, sampling=spacing_mm)
    inside = ndimage.distance_transform_edt(mask, sampling=spacing_mm)
    return np.asarray(outside - inside, np.float64)
