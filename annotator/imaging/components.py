"""All connected bright structures of a scan, with their statistics."""

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Literal, TypeVar

import numpy as np
import numpy.typing as npt

from annotator.kernels import kernel
from annotator.model.layers import Where
from annotator.model.volume import Hu

T = TypeVar("T", bound=np.generic)
Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Connectivity = Literal[4, 6, 8, 26]


@dataclass(frozen=True, slots=True, eq=False)
class Components:
    """The 26-connected sets of voxels ≥ a threshold, in raster order of their first voxel.

    Voxels are kept as runs along a row: a scan with a million bright voxels costs a few
    megabytes, not a second volume.

    Attributes
    ----------
    voxels, max_hu, mean_hu
        One number per component, shape (n,).
    largest_px
        Pixels of each on the slice where it has most, shape (n,).
    low, high
        First and last (slice, row, column) of the bounding box, both inside, shape (n, 3).
    centroid
        Mean (slice, row, column), shape (n, 3).
    """

    shape: tuple[int, int, int]
    threshold_hu: float
    voxels: Ints
    largest_px: Ints
    max_hu: Floats
    mean_hu: Floats
    low: Ints
    high: Ints
    centroid: Floats
    _run_start: Ints
    _run_length: Ints
    _first_run: Ints
    _raster: tuple[Ints, Ints, Ints]
    """Start, end and component of each run, in raster order."""

    def __len__(self) -> int:
        return len(self.voxels)

    def where(self, number: int) -> Where:
        """Return the sorted flat indices of one component, counted from 0."""
        part = slice(self._first_run[number], self._first_run[number + 1])
        return _flat(self._run_start[part], self._run_length[part])

    def where_all(self, chosen: npt.NDArray[np.bool_]) -> Where:
        """Return the sorted flat indices of all components that are true in (n,)."""
        of = np.repeat(np.arange(len(self)), np.diff(self._first_run))
        kept = chosen[of]
        return np.sort(_flat(self._run_start[kept], self._run_length[kept]))

    def of(self, where: Where) -> Ints:
        """Return the component of each voxel, or −1 where it is below the threshold."""
        start, end, component = self._raster
        if not len(start):
            return np.full(len(where), -1)
        run = np.maximum(np.searchsorted(start, where, side="right") - 1, 0)
        inside = (where >= start[run]) & (where < end[run])
        return np.asarray(np.where(inside, component[run], -1))

    def seeds(self) -> Where:
        """Return one flat index inside each component, shape (n,)."""
        return self._run_start[self._first_run[:-1]]


def components(hu: Hu, *, at_least_hu: float, threads: int | None = None) -> Components:
    """Find all 26-connected sets of voxels ≥ a threshold.

    Parameters
    ----------
    hu
        Shape (slices, rows, columns).

    Notes
    -----
    Rows become runs on all cores; runs that touch are joined by union-find.
    """
    slices, rows, columns = hu.shape
    start, length, total, peak, row_end = _all_runs(hu, float(at_least_hu), threads)
    of = _joined(start % columns, length, row_end, slices, rows)
    count = int(of.max()) + 1 if len(of) else 0
    voxels, peaks, sums, low, high, center = _statistics(
        start, length, total, peak, of, count, rows, columns
    )
    order = np.argsort(of, kind="stable")
    first = np.searchsorted(of[order], np.arange(count + 1))
    return Components(
        shape=(slices, rows, columns),
        threshold_hu=float(at_least_hu),
        voxels=voxels,
        largest_px=_largest_px(start[order], length[order], first, rows * columns),
        max_hu=peaks,
        mean_hu=sums / voxels,
        low=low,
        high=high,
        centroid=center / voxels[:, None],
        _run_start=start[order],
        _run_length=length[order],
        _first_run=first,
        _raster=(start, start + length, of),
    )


def connected_parts(
    where: Where, shape: tuple[int, ...], *, connectivity: Connectivity = 26
) -> Ints:
    """Return numbers, from 0 in raster order, for the connected parts of a set of voxels.

    Parameters
    ----------
    where
        Sorted flat indices.
    connectivity
        4 or 8 neighbours within a slice, 6 or 26 across slices.

    Returns
    -------
    numpy.ndarray
        The part of each voxel, shape (N,).
    """
    return _parts(where, shape[-2], shape[-1], connectivity in {6, 26}, connectivity in {8, 26})


def _all_runs(
    hu: Hu, threshold: float, threads: int | None
) -> tuple[Ints, Ints, Floats, Floats, Ints]:
    cores = threads or min(os.cpu_count() or 1, 8)
    edges = np.linspace(0, len(hu), min(cores, len(hu)) + 1).astype(int).tolist()
    with ThreadPoolExecutor(cores) as pool:
        found = list(pool.map(lambda a, b: _runs(hu, a, b, threshold), edges[:-1], edges[1:]))
    before = np.cumsum([0, *(len(part[0]) for part in found[:-1])])
    ends = [part[4] + offset for part, offset in zip(found, before, strict=True)]
    start, length, total, peak = (np.concatenate([part[n] for part in found]) for n in range(4))
    return start, length, total, peak, np.concatenate(ends)


def _largest_px(start: Ints, length: Ints, first: Ints, slice_px: int) -> Ints:
    """Return the pixels of each component on the slice where it has most."""
    if not len(start):
        return np.zeros(0, np.int64)
    begins = np.zeros(len(start), np.bool_)
    begins[1:] = np.diff(start // slice_px) != 0
    begins[first[:-1]] = True
    at = np.flatnonzero(begins)
    return np.maximum.reduceat(np.add.reduceat(length, at), np.searchsorted(at, first[:-1]))


def _flat(start: Ints, length: Ints) -> Where:
    if not len(start):
        return np.zeros(0, np.int64)
    jump = np.repeat(start - np.concatenate(([0], np.cumsum(length)[:-1])), length)
    return jump + np.arange(int(length.sum()))


@kernel
def _runs(
    hu: Hu, first: int, end: int, threshold: float
) -> tuple[Ints, Ints, Floats, Floats, Ints]:
    """Find the runs of some slices; ``row_end`` counts the runs up to the end of each row."""
    _, rows, columns = hu.shape
    start, length = np.empty(4096, np.int64), np.empty(4096, np.int64)
    total, peak = np.empty(4096, np.float64), np.empty(4096, np.float64)
    row_end = np.empty((end - first) * rows, np.int64)
    count = 0
    for k in range(first, end):
        for j in range(rows):
            row = hu[k, j]
            if count + columns > len(start):
                start, length = _longer(start, columns), _longer(length, columns)
                total, peak = _longer(total, columns), _longer(peak, columns)
            for block in range(0, columns, 64):
                stop = min(block + 64, columns)
                bright = False
                for i in range(block, stop):  # no early exit: this loop becomes vector code
                    bright |= row[i] >= threshold
                if not bright:
                    continue
                for i in range(block, stop):
                    value = float(row[i])
                    if not value >= threshold:
                        continue
                    at = (k * rows + j) * columns + i
                    goes_on = i > 0 and count > 0 and start[count - 1] + length[count - 1] == at
                    if goes_on:
                        length[count - 1] += 1
                        total[count - 1] += value
                        peak[count - 1] = max(peak[count - 1], value)
                    else:
                        start[count], length[count] = at, 1
                        total[count], peak[count] = value, value
                        count += 1
            row_end[(k - first) * rows + j] = count
    return start[:count], length[:count], total[:count], peak[:count], row_end


@kernel
def _joined(column: Ints, length: Ints, row_end: Ints, slices: int, rows: int) -> Ints:
    """Join runs of neighbouring rows that touch, corners included; number what results."""
    parent = np.arange(len(column))
    for k in range(slices):
        for j in range(rows):
            here = k * rows + j
            if row_end[here] == (row_end[here - 1] if here else 0):
                continue
            if j > 0:
                _join_rows(column, length, row_end, parent, here, here - 1)
            if k > 0:
                for y in range(max(j - 1, 0), min(j + 2, rows)):
                    _join_rows(column, length, row_end, parent, here, here - j - rows + y)
    return _numbered(parent)


@kernel
def _longer(values: npt.NDArray[T], by: int) -> npt.NDArray[T]:
    longer = np.empty(2 * len(values) + by, values.dtype)
    longer[: len(values)] = values
    return longer


@kernel
def _join_rows(  # noqa: PLR0917 - numba knows no keyword-only arguments
    column: Ints, length: Ints, row_end: Ints, parent: Ints, here: int, other: int
) -> None:
    a, a_end = (row_end[here - 1] if here else 0), row_end[here]
    b, b_end = (row_end[other - 1] if other else 0), row_end[other]
    while a < a_end and b < b_end:
        a_last, b_last = column[a] + length[a] - 1, column[b] + length[b] - 1
        if column[a] <= b_last + 1 and column[b] <= a_last + 1:
            _union(parent, a, b)
        if a_last < b_last:
            a += 1
        else:
            b += 1


@kernel
def _union(parent: Ints, a: int, b: int) -> None:
    a, b = _root(parent, a), _root(parent, b)
    parent[max(a, b)] = min(a, b)


@kernel
def _root(parent: Ints, run: int) -> int:
    while parent[run] != run:
        parent[run] = parent[parent[run]]
        run = parent[run]
    return run


@kernel
def _statistics(  # noqa: PLR0917 - as above
    start: Ints,
    length: Ints,
    total: Floats,
    peak: Floats,
    of: Ints,
    count: int,
    rows: int,
    columns: int,
) -> tuple[Ints, Floats, Floats, Ints, Ints, Floats]:
    voxels = np.zeros(count, np.int64)
    peaks, sums = np.full(count, -np.inf), np.zeros(count)
    low = np.full((count, 3), np.iinfo(np.int64).max)
    high = np.full((count, 3), -1)
    center = np.zeros((count, 3))
    for run in range(len(start)):
        n, voxel_count = of[run], length[run]
        k, j = start[run] // (rows * columns), (start[run] // columns) % rows
        i = start[run] % columns
        voxels[n] += voxel_count
        peaks[n] = max(peaks[n], peak[run])
        sums[n] += total[run]
        low[n, 0], high[n, 0] = min(low[n, 0], k), max(high[n, 0], k)
        low[n, 1], high[n, 1] = min(low[n, 1], j), max(high[n, 1], j)
        low[n, 2], high[n, 2] = min(low[n, 2], i), max(high[n, 2], i + voxel_count - 1)
        center[n, 0] += k * voxel_count
        center[n, 1] += j * voxel_count
        center[n, 2] += (i + (voxel_count - 1) / 2) * voxel_count
    return voxels, peaks, sums, low, high, center


@kernel
def _parts(
    where: Where,
    rows: int,
    columns: int,
    across: bool,  # noqa: FBT001 - as above
    corners: bool,  # noqa: FBT001 - as above
) -> Ints:
    """Join each voxel with its neighbours that come before it, found by bisection."""
    parent = np.arange(len(where))
    for n in range(len(where)):
        k, j = where[n] // (rows * columns), (where[n] // columns) % rows
        i = where[n] % columns
        if n > 0 and i > 0 and where[n - 1] == where[n] - 1:
            _union(parent, n, n - 1)
        for z in range(max(k - 1, 0) if across else k, k + 1):
            for y in range(max(j - 1, 0), min(j + 2, rows)):
                if z == k and y >= j:
                    break
                if not corners and z < k and y != j:
                    continue
                left = (z * rows + y) * columns + (max(i - 1, 0) if corners else i)
                right = (z * rows + y) * columns + (min(i + 1, columns - 1) if corners else i)
                found = np.searchsorted(where[:n], left)
                while found < n and where[found] <= right:
                    _union(parent, n, found)
                    found += 1
    return _numbered(parent)


@kernel
def _numbered(parent: Ints) -> Ints:
    numbers = np.empty(len(parent), np.int64)
    count = 0
    for n in range(len(parent)):
        root = _root(parent, n)
        if root == n:
            numbers[n] = count
            count += 1
        else:
            numbers[n] = numbers[root]
    return numbers
