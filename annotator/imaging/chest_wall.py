"""What lies in the chest wall: outside the hull of both lungs, slice by slice; no weights."""

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from annotator.imaging.bone import Mask, cell_voxels
from annotator.imaging.components import Components, Floats, Ints
from annotator.kernels import kernel
from annotator.model.layers import Where
from annotator.model.shapes import Vec3
from annotator.model.volume import Hu

LUNG_HU = (-980.0, -600.0)
"""Gas in a windpipe or in a stomach is darker."""
PLACE_MM, RUN, TALL = 3.0, 3, 8
"""Every so far a slice is looked at. Less than 9 mm wide or 24 mm tall is a mattress, or skin."""
LEAST_LUNG = 0.06
"""Of the body's cut, on either side; where less is lung, its hull says nothing of the wall."""
WALL_MM, BEYOND_MM, OVERLAP_MM = 4.0, 5.0, 3.0
"""A thing lies in the wall from so far out on, or so far on average and hardly inside."""
DEEP_MM, ASKED = 60.0, 31
"""So far inside the hull of the lungs lies no bone; and which share of voxels is asked, one of."""
CUT_MM3, CUT_BEYOND_MM = 400.0, 1.5
"""What the scan's first or last slice cuts off, of this size and so far out, is a rib's end."""


def is_in_wall(found: Components, hu: Hu, spacing_mm: Vec3, body: Mask, chosen: Mask) -> Mask:
    """Tell which components lie in the chest wall, shape (n,).

    Ribs and the cartilage before them do, plaques of the pleura do not: those touch the hull.
    Where one lung is not aerated nothing is told to lie there.

    Parameters
    ----------
    body
        Cells that belong to the body, as `annotator.imaging.bone.body_of` returns them.
    chosen
        Which components to tell of, shape (n,); of the others it is not told.
    """
    least, mean = beyond_lungs_mm(found, hu, spacing_mm, body, chosen)
    is_near = (mean >= BEYOND_MM) & (least >= -OVERLAP_MM)
    is_cut = (found.low[:, 0] == 0) | (found.high[:, 0] == found.shape[0] - 1)
    is_large = found.voxels * float(np.prod(spacing_mm)) >= CUT_MM3
    is_rib = is_cut & is_large & (mean >= CUT_BEYOND_MM)
    return np.asarray(chosen & ((least >= WALL_MM) | is_near | is_rib))


def beyond_lungs_mm(
    found: Components, hu: Hu, spacing_mm: Vec3, body: Mask, chosen: Mask
) -> tuple[Floats, Floats]:
    """Return how far components lie outside the hull of the lungs: the nearest voxel, and all.

    Negative inside; minus infinity where a component is not told of, or where the lungs of a
    slice say nothing.

    Returns
    -------
    tuple
        Distance of the nearest voxel and mean distance, in millimetres, shape (n,) each.
    """
    least, total = np.full(len(found), np.inf), np.zeros(len(found))
    where = found.where_all(chosen)
    of = found.of(where)
    for part, away in _by_hull(where, hu, spacing_mm, body):
        np.minimum.at(least, of[part], away)
        np.add.at(total, of[part], away)
    mean = total / np.maximum(found.voxels, 1)
    least[~chosen], mean[~chosen] = -np.inf, -np.inf
    return least, mean


def between_lungs_mm3(
    found: Components, hu: Hu, spacing_mm: Vec3, body: Mask, chosen: Mask
) -> float:
    """Return how much of some components lies deep between the lungs, where no bone reaches.

    A heart full of contrast agent does, a spine does not. About as much: every 31st voxel is asked.
    """
    where = found.where_all(chosen)[::ASKED]
    deep = sum(
        int(np.count_nonzero((away <= -DEEP_MM) & np.isfinite(away)))
        for _part, away in _by_hull(where, hu, spacing_mm, body)
    )
    return deep * ASKED * float(np.prod(spacing_mm))


def _by_hull(where: Where, hu: Hu, spacing_mm: Vec3, body: Mask) -> Iterator[tuple[slice, Floats]]:
    """Yield pieces of sorted voxels, and how far beyond the hull of the lungs each lies."""
    slices, rows, columns = hu.shape
    cell_size = cell_voxels(spacing_mm)
    thick = int(cell_size[0])
    starts = np.minimum(np.arange(len(body) + 1) * thick, slices)
    edges = np.searchsorted(where, starts * rows * columns).tolist()
    for cell, (first, end) in enumerate(pairwise(edges)):
        if first == end:
            continue
        sides = _hull(hu[cell * thick], body[cell], cell_size, spacing_mm)
        at = where[first:end] % (rows * columns)
        x_mm, y_mm = (at % columns) * float(spacing_mm[2]), (at // columns) * float(spacing_mm[1])
        away = _beyond(sides, x_mm.astype(np.float64), y_mm.astype(np.float64))
        yield slice(first, end), away


def _beyond(sides: Floats | None, x_mm: Floats, y_mm: Floats) -> Floats:
    if sides is None:
        return np.full(len(x_mm), -np.inf)
    return np.asarray(
        (np.outer(x_mm, sides[:, 0]) + np.outer(y_mm, sides[:, 1]) + sides[:, 2]).max(axis=1)
    )


def _hull(cut: Hu, body: Mask, cell_size: Ints, spacing_mm: Vec3) -> Floats | None:
    """Return the sides (nx, ny, offset) of the lungs' hull in a slice; None where it says nothing.

    A point lies ``nx · x + ny · y + offset`` millimetres beyond a side.
    """
    from scipy.spatial import ConvexHull  # noqa: PLC0415 - takes a fifth of a second to import

    step = np.array([max(1, round(PLACE_MM / mm)) for mm in spacing_mm[1:]], np.int64)
    ends, counts, wide = _ends(cut, body, cell_size[1:], step, *LUNG_HU)
    if counts.min() < max(1.0, LEAST_LUNG * wide):
        return None
    return np.asarray(ConvexHull(ends * np.array(spacing_mm[1:])[::-1]).equations)


@kernel
def _ends(  # noqa: PLR0917 - numba knows no keyword-only arguments
    cut: Hu, body: Mask, cell: Ints, step: Ints, low: float, high: float
) -> tuple[Floats, Ints, int]:
    """Return where lung begins and ends in rows of a slice, (m, 2) as column and row.

    Also how many places are lung on either side of the body's middle, and how many are body.
    """
    rows, columns = -(-cut.shape[0] // step[0]), -(-cut.shape[1] // step[1])
    lung = np.zeros((rows, columns), np.bool_)
    sum_x, wide = 0.0, 0
    for r in range(rows):
        for c in range(columns):
            j, i = r * step[0], c * step[1]
            if body[j // cell[0], i // cell[1]]:
                sum_x += c
                wide += 1
                lung[r, c] = low <= cut[j, i] <= high
    lung = _runs(_runs(lung, RUN).T, TALL).T
    middle = sum_x / max(wide, 1)
    ends, counts = np.empty((2 * rows, 2), np.float64), np.zeros(2, np.int64)
    found = 0
    for r in range(rows):
        first, last = -1, -1
        for c in range(columns):
            if lung[r, c]:
                counts[1 if c > middle else 0] += 1
                first, last = c if first < 0 else first, c
        if first >= 0:
            ends[found, 0], ends[found, 1] = first * step[1], r * step[0]
            ends[found + 1, 0], ends[found + 1, 1] = last * step[1], r * step[0]
            found += 2
    return ends[:found], counts, wide


@kernel
def _runs(lung: Mask, least: int) -> Mask:
    """Return what belongs to a run along a row of so many places at least."""
    long = np.zeros(lung.shape, np.bool_)
    for r in range(lung.shape[0]):
        run = 0
        for c in range(lung.shape[1]):
            run = run + 1 if lung[r, c] else 0
            if run == least:
                long[r, c - least + 1 : c + 1] = True
            elif run > least:
                long[r, c] = True
    return long
