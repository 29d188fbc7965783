"""Cuts of a volume in three planes, one slice thin or a slab thick."""

from enum import StrEnum

import numpy as np

from annotator.kernels import kernel
from annotator.model.volume import Hu


class Plane(StrEnum):
    """A stack of cuts; named for a patient who lies along the slice axis."""

    AXIAL = "axial"
    CORONAL = "coronal"
    SAGITTAL = "sagittal"

    @property
    def axis(self) -> int:
        """Which axis of (slice, row, column) the cuts are stacked along."""
        return _AXIS[self]


_AXIS = {Plane.AXIAL: 0, Plane.CORONAL: 1, Plane.SAGITTAL: 2}


class Mix(StrEnum):
    """How the slices of a slab become one."""

    MAXIMUM = "maximum"
    MINIMUM = "minimum"
    MEAN = "mean"


def cut(hu: Hu, plane: Plane, index: int) -> Hu:
    """Return one cut: axial (rows, columns), coronal (slices, columns), sagittal (slices, rows).

    Contiguous; an axial cut is a view of the volume.
    """
    shown: Hu = hu[index] if plane is Plane.AXIAL else slab(hu, plane, index, count=1)
    return shown


def slab(hu: Hu, plane: Plane, index: int, *, count: int, mix: Mix = Mix.MAXIMUM) -> Hu:
    """Return one picture of ``count`` neighbouring cuts around ``index``.

    Notes
    -----
    A sagittal slab reads one piece of a cache line per row, so that a second layout of the
    volume, which would double the memory, gains nothing.
    """
    first = max(0, index - (count - 1) // 2)
    end = min(hu.shape[plane.axis], index + count // 2 + 1)
    shape = [size for axis, size in enumerate(hu.shape) if axis != plane.axis]
    out = np.empty(shape, hu.dtype)
    order = (Mix.MAXIMUM, Mix.MINIMUM, Mix.MEAN).index(mix)
    (_across if plane is Plane.SAGITTAL else _along)(
        hu if plane is not Plane.CORONAL else hu.swapaxes(0, 1), first, end, order, out
    )
    return out


@kernel
def _along(hu: Hu, first: int, end: int, mix: int, out: Hu) -> None:
    """Mix whole pictures, row by row."""
    _, rows, columns = hu.shape
    total = np.empty(columns, np.float32)
    for j in range(rows):
        total[:] = hu[first, j]
        for k in range(first + 1, end):
            row = hu[k, j]
            for i in range(columns):
                if mix == 0:
                    total[i] = max(total[i], row[i])
                elif mix == 1:
                    total[i] = min(total[i], row[i])
                else:
                    total[i] += row[i]
        for i in range(columns):
            out[j, i] = np.rint(total[i] / (end - first)) if mix == 2 else total[i]


@kernel
def _across(hu: Hu, first: int, end: int, mix: int, out: Hu) -> None:
    """Mix neighbouring columns of each row."""
    slices, rows, _ = hu.shape
    for k in range(slices):
        for j in range(rows):
            total = np.float32(hu[k, j, first])
            for i in range(first + 1, end):
                value = np.float32(hu[k, j, i])
                if mix == 0:
                    total = max(total, value)
                elif mix == 1:
                    total = min(total, value)
                else:
                    total += value
            out[k, j] = np.rint(total / (end - first)) if mix == 2 else total
