"""Where pixels of another file lie on a series' voxels: exactly on them, or not at all."""

from pathlib import Path

import numpy as np
import numpy.typing as npt

from annotator.errors import WrongDataError
from annotator.i18n import gettext as _
from annotator.model.layers import Where
from annotator.model.volume import Affine, Series

_OFF_VOXELS = 0.1
"""Headers round positions; a tenth of a voxel is no other place."""

Whole = npt.NDArray[np.int64]


def voxels_on(
    series: Series, lps_from_pixel: Affine, pixels: npt.NDArray[np.int64], path: Path
) -> Where:
    """Return the flat indices of the series' voxels on which pixels lie, in their order.

    Parameters
    ----------
    lps_from_pixel
        (4, 4): millimetres from (column, row, slice, 1) of the file's own grid.
    pixels
        Shape (N, 3): column, row, slice in the file's grid.

    Raises
    ------
    WrongDataError
        If the grids are turned, stretched or shifted against each other, or a pixel lies outside.
    """
    exact = np.asarray(np.linalg.solve(series.lps_from_voxel, lps_from_pixel), np.float64)
    turned, start = _whole(exact, path)
    ijk = pixels @ turned.T + start
    drift = np.abs(exact[:3, :3] - turned) @ pixels.max(axis=0, initial=0)
    if drift.max() > _OFF_VOXELS:
        raise _elsewhere(path, _("its voxels have another size or direction than the series'"))
    slices, rows, columns = series.shape
    if len(ijk) and (ijk.min() < 0 or np.any(ijk.max(axis=0) >= (columns, rows, slices))):
        raise _elsewhere(path, _("it marks voxels outside the series"))
    i, j, k = ijk.T
    return np.asarray((k * rows + j) * columns + i, np.int64)


def slice_at(series: Series, position_mm: npt.NDArray[np.float64], path: Path) -> int:
    """Return which slice lies at a position; slices need not be evenly spaced.

    Raises
    ------
    WrongDataError
        If none does.
    """
    normal = normal_of(series.lps_from_voxel)
    places = np.array([s.position_mm for s in series.slices]) @ normal
    off_mm = np.abs(places - position_mm @ normal)
    k = int(np.argmin(off_mm))
    if off_mm[k] > max(_OFF_VOXELS * series.spacing_mm[0], 0.01):
        raise _elsewhere(path, _("one of its slices lies where the series has none"))
    return k


def normal_of(lps_from_voxel: Affine) -> npt.NDArray[np.float64]:
    """Return the unit normal of the slices, toward growing slice numbers."""
    normal = np.cross(lps_from_voxel[:3, 0], lps_from_voxel[:3, 1])
    normal /= np.linalg.norm(normal)
    return np.asarray(normal * (np.sign(normal @ lps_from_voxel[:3, 2]) or 1.0), np.float64)


def is_sheared(lps_from_voxel: Affine) -> bool:
    """Tell whether the axes are not at right angles, as under a tilted gantry."""
    axes = lps_from_voxel[:3, :3] / np.linalg.norm(lps_from_voxel[:3, :3], axis=0)
    return bool(np.abs(axes.T @ axes - np.eye(3)).max() > 1e-4)


def _whole(voxel_from_pixel: Affine, path: Path) -> tuple[Whole, Whole]:
    turned, start = voxel_from_pixel[:3, :3], voxel_from_pixel[:3, 3]
    near = np.rint(turned).astype(np.int64)
    is_turn = np.array_equal(np.abs(near).sum(axis=0), [1, 1, 1]) and (
        abs(int(np.rint(np.linalg.det(near)))) == 1
    )
    if not is_turn or np.abs(turned - near).max() > 2e-3:
        raise _elsewhere(path, _("its voxels have another size or direction than the series'"))
    if np.abs(start - np.rint(start)).max() > _OFF_VOXELS:
        raise _elsewhere(path, _("its voxels lie between those of the series"))
    return near, np.rint(start).astype(np.int64)


def _elsewhere(path: Path, problem: str) -> WrongDataError:
    return WrongDataError(path, problem, _("open the series that it was made for"))
