"""How bright contrast agent makes the blood of a scan, and where it flows; no weights."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from annotator.imaging.bone import Mask, cell_voxels
from annotator.imaging.components import Components, Floats, Ints
from annotator.kernels import kernel
from annotator.model.layers import Where
from annotator.model.shapes import Vec3
from annotator.model.volume import Hu

TISSUE_HU = (0.0, 110.0)
"""Cells of muscle and organs, in which noise is measured."""
SMOOTH, LEAST_CELLS = 1.5, 20
"""Blood varies hardly more than the quietest quarter of the tissue; spongy bone varies more."""
QUANTUM_HU = 1.0
LEAST_MM3 = 3000.0
"""Smooth marrow hangs together over 2 200 mm³ in slices of 5 mm, 40 mm of an aorta over 9 000."""
SHELL_HU, SHELL_SHARE = 100.0, 0.7
"""Marrow is wrapped in what is so much brighter, a vessel is not: half of one full of plaques."""
NOISE_SPREAD = 3.0
"""By so many times its noise a voxel of blood may differ from the middle of its cell."""
ASKED = 31


@dataclass(frozen=True, slots=True, eq=False)
class Blood:
    """What the great vessels of a scan with contrast agent look like.

    Attributes
    ----------
    low_hu, high_hu
        Between these lie the voxels of their lumen, noise included.
    lumen
        Cells of 5 mm that hold lumen or touch such a cell, shaped as
        `annotator.imaging.bone.body_of` returns them.
    """

    low_hu: float
    high_hu: float
    lumen: Mask
    _cell: Ints

    def holds(self, where: Where, shape: tuple[int, ...]) -> Mask:
        """Tell which voxels lie in or beside a great vessel, shape as ``where``."""
        k, j, i = np.unravel_index(where, shape)
        return np.asarray(self.lumen[k // self._cell[0], j // self._cell[1], i // self._cell[2]])

    def fills(self, found: Components, chosen: Mask) -> Mask:
        """Tell which of the chosen components are great vessels for the most part, shape (n,).

        About as much: every 31st voxel is asked.
        """
        filled = np.zeros(len(found), np.bool_)
        for number in np.flatnonzero(chosen).tolist():
            some = found.where(number)[::ASKED]
            filled[number] = self.holds(some, found.shape).mean() >= 0.5
        return filled


def blood_of(hu: Hu, spacing_mm: Vec3, body: Mask, *, at_least_hu: float) -> Blood | None:
    """Measure the blood of a scan with contrast agent; None where no great vessel is seen.

    A great vessel is the smooth inside of what reaches the threshold, in cells of 5 mm that hang
    together, without the bright shell that marrow has.

    Parameters
    ----------
    spacing_mm
        (z, y, x).
    body
        Cells that belong to the body, as `annotator.imaging.bone.body_of` returns them.
    """
    from scipy import ndimage  # noqa: PLC0415 - takes a fifth of a second to import

    cell = cell_voxels(spacing_mm)
    mean, spread, peak = _cells(hu, cell, TISSUE_HU[0])
    is_tissue = body & (mean > TISSUE_HU[0]) & (mean < TISSUE_HU[1])
    if np.count_nonzero(is_tissue) < LEAST_CELLS:
        return None
    noise_hu = max(float(np.percentile(spread[is_tissue], 25)), QUANTUM_HU)
    is_smooth = body & (mean >= at_least_hu) & (spread <= SMOOTH * noise_hu)
    parts, _count = ndimage.label(is_smooth)
    lumen = np.zeros_like(body)
    for part in _large(parts, cell, spacing_mm):
        inside = parts == part
        if not _has_shell(inside, mean, peak):
            lumen |= inside
    if not lumen.any():
        return None
    noise_hu = NOISE_SPREAD * float(np.median(spread[lumen]))
    low_hu, high_hu = np.percentile(mean[lumen], (2, 98))
    whole = ndimage.binary_dilation(lumen, np.ones((3, 3, 3), np.bool_))
    return Blood(float(low_hu) - noise_hu, float(high_hu) + noise_hu, whole, cell)


def _large(parts: npt.NDArray[np.int32], cell: Ints, spacing_mm: Vec3) -> list[int]:
    """Return the numbers of the parts that are as large as great vessels."""
    cell_mm3 = float(np.prod(cell * np.array(spacing_mm)))
    sizes = np.bincount(parts.ravel())
    sizes[0] = 0
    return [int(part) for part in np.flatnonzero(sizes * cell_mm3 >= LEAST_MM3)]


def _has_shell(inside: Mask, mean: Floats, peak: Floats) -> bool:
    """Tell whether almost everything round a part is much brighter than it, as round marrow."""
    from scipy import ndimage  # noqa: PLC0415 - as above

    rim = ndimage.binary_dilation(inside, np.ones((3, 3, 3), np.bool_)) & ~inside
    bright = peak[rim] >= float(mean[inside].mean()) + SHELL_HU
    return bool(bright.mean() >= SHELL_SHARE)


@kernel
def _cells(hu: Hu, cell: Ints, least_hu: float) -> tuple[Floats, Floats, Floats]:
    """Return mean, spread and peak of each cell; nothing of those whose middle is darker."""
    slices, rows, columns = hu.shape
    shape = (-(-slices // cell[0]), -(-rows // cell[1]), -(-columns // cell[2]))
    mean, spread = np.full(shape, -np.inf), np.full(shape, np.inf)
    peak = np.full(shape, -np.inf)
    for a in range(shape[0]):
        for b in range(shape[1]):
            for c in range(shape[2]):
                k0, j0, i0 = a * cell[0], b * cell[1], c * cell[2]
                k1, j1 = min(k0 + cell[0], slices), min(j0 + cell[1], rows)
                i1 = min(i0 + cell[2], columns)
                if hu[(k0 + k1) // 2, (j0 + j1) // 2, (i0 + i1) // 2] < least_hu:
                    continue
                total, squares, most = 0.0, 0.0, -np.inf
                for k in range(k0, k1):
                    for j in range(j0, j1):
                        for i in range(i0, i1):
                            value = float(hu[k, j, i])
                            total += value
                            squares += value * value
                            most = max(most, value)
                count = (k1 - k0) * (j1 - j0) * (i1 - i0)
                mean[a, b, c], peak[a, b, c] = total / count, most
                spread[a, b, c] = np.sqrt(max(squares / count - mean[a, b, c] ** 2, 0.0))
    return mean, spread, peak
