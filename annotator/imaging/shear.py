"""Slices of a tilted gantry, put where they are in the patient, for cuts across them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar, cast

import numpy as np
import numpy.typing as npt

from annotator.imaging.slabs import Plane
from annotator.model.layers import Where
from annotator.model.shapes import Vec3
from annotator.model.volume import Affine

A = TypeVar("A", bound=npt.NDArray[np.generic])
Ints = npt.NDArray[np.int64]
SMALLEST = 1e-3
"""Voxels per slice; less is what headers are rounded by."""


@dataclass(frozen=True, slots=True)
class Shear:
    """How far each slice lies aside of the middle one, in whole voxels.

    Whole, so that every voxel of a straightened cut is a voxel of the scan: what is seen is what
    is clicked.

    Attributes
    ----------
    i_per_slice, j_per_slice
        Columns and rows that a slice lies farther than the one below it.
    middle
        The slice that stays where it is.
    """

    i_per_slice: float
    j_per_slice: float
    middle: int

    def shifts(self, slices: int) -> tuple[Ints, Ints]:
        """Return the shift of each slice along j and along i, shape (slices,) each."""
        away = np.arange(slices, dtype=np.float64) - self.middle
        return _whole(away * self.j_per_slice), _whole(away * self.i_per_slice)

    def straight(self, voxel: Vec3) -> Vec3:
        """Return where a voxel (i, j, k) of the scan is in straightened cuts."""
        i, j, k = voxel
        away = round(k) - self.middle
        return (i + round(away * self.i_per_slice), j + round(away * self.j_per_slice), k)

    def stored(self, voxel: Vec3) -> Vec3:
        """Return which voxel (i, j, k) of the scan is at a place of straightened cuts."""
        i, j, k = voxel
        away = round(k) - self.middle
        return (i - round(away * self.i_per_slice), j - round(away * self.j_per_slice), k)

    def first(self, plane: Plane, slices: int) -> int:
        """Return the straightened index of a straightened cut's first column; 0 or less."""
        along_j, along_i = self.shifts(slices)
        return min(0, int((along_i if plane is Plane.CORONAL else along_j).min(initial=0)))

    def cut(
        self,
        slices: Iterable[tuple[int, A]],
        shape: tuple[int, ...],
        plane: Plane,
        index: int,
        outside: A,
    ) -> A:
        """Return a straightened cut: coronal (slices, columns) or sagittal (slices, rows).

        Parameters
        ----------
        slices
            Numbers and values, each (rows, columns); those left out hold the outside's value.
        shape
            Of the scan: (slices, rows, columns).
        index
            The cut, counted on the middle slice.
        outside
            One value, where a slice does not reach; the cut is of its type.
        """
        along_j, along_i = self.shifts(shape[0])
        is_coronal = plane is Plane.CORONAL
        across, along = (along_j, along_i) if is_coronal else (along_i, along_j)
        first, width = self.first(plane, shape[0]), shape[2 if is_coronal else 1]
        columns = max(0, int(along.max(initial=0))) - first + width
        out = np.full((shape[0], columns), outside, outside.dtype)
        for k, values in slices:
            at, start = index - int(across[k]), int(along[k]) - first
            if 0 <= at < shape[plane.axis]:
                out[k, start : start + width] = values[at] if is_coronal else values[:, at]
        return cast("A", out)

    def on_cut(
        self, where: Where, shape: tuple[int, ...], plane: Plane, index: int
    ) -> tuple[Where, Where]:
        """Return rows and columns, of a straightened cut, of the voxels that lie on it."""
        k, j, i = np.unravel_index(where, shape)
        along_j, along_i = self.shifts(shape[0])
        straight_j, straight_i = j + along_j[k], i + along_i[k]
        is_coronal = plane is Plane.CORONAL
        across, along = (straight_j, straight_i) if is_coronal else (straight_i, straight_j)
        here = across == index
        return k[here], along[here] - self.first(plane, shape[0])


def shear_of(lps_from_voxel: Affine, slices: int) -> Shear | None:
    """Return the shear of a series; None where its slices lie straight above each other."""
    column, row, step = (lps_from_voxel[:3, axis] for axis in range(3))
    i_per_slice = float(step @ column / (column @ column))
    j_per_slice = float(step @ row / (row @ row))
    if max(abs(i_per_slice), abs(j_per_slice)) < SMALLEST:
        return None
    return Shear(i_per_slice, j_per_slice, slices // 2)


def straightened(lps_from_voxel: Affine) -> Affine:
    """Return the affine of straightened cuts: each slice right above the one below it."""
    column, row, step = (lps_from_voxel[:3, axis] for axis in range(3))
    aside = column * (step @ column / (column @ column)) + row * (step @ row / (row @ row))
    straight = lps_from_voxel.copy()
    straight[:3, 2] = step - aside
    return straight


def _whole(shift: npt.NDArray[np.float64]) -> Ints:
    """Round as Python does, so that pictures and pointers agree."""
    return np.asarray(np.rint(shift), np.int64)
