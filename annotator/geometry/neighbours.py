"""Finds the points near a place without looking at all of them."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from annotator.kernels import kernel
from annotator.model.shapes import Vec2, Vec3

Rows = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Points = npt.NDArray[np.float32]

_MOST_CELLS = 4_000_000


@dataclass(frozen=True, slots=True, eq=False)
class PointIndex:
    """Points of a scan, sorted into square columns in plan.

    Attributes
    ----------
    xyz_m
        The scan's own points, shape (N, 3), float32; NaN rows are in no column.
    low_m
        Corner of the first column. Far strays are kept in the outermost columns.
    cell_m
        Side of a column.
    shape
        Columns along x and y.
    start
        Shape (columns + 1,): ``rows[start[c]:start[c + 1]]`` are the rows in column c.
    seen_from_m
        Where the scan was taken, if it was taken from one place that is known.
    """

    xyz_m: Points
    low_m: Vec2
    cell_m: float
    shape: tuple[int, int]
    start: Rows
    rows: npt.NDArray[np.int32]
    seen_from_m: Vec3 | None = None

    def within(self, x_m: float, y_m: float, radius_m: float) -> Rows:
        """Return the rows within a radius in plan, whatever their height, sorted."""
        rows = _within(
            self.xyz_m,
            self.start,
            self.rows,
            self.low_m,
            self.cell_m,
            self.shape,
            x_m,
            y_m,
            radius_m,
        )
        rows.sort()
        return rows

    def some_around(self, x_m: float, y_m: float, reach_m: float, most: int) -> Rows:
        """Return rows of the columns within a reach both ways, no more than about so many."""
        (i0, j0), (i1, j1) = (
            self._column(x_m + reach, y_m + reach) for reach in (-reach_m, reach_m)
        )
        strips = [
            self.rows[self.start[i * self.shape[1] + j0] : self.start[i * self.shape[1] + j1 + 1]]
            for i in range(i0, i1 + 1)
        ]
        rows = np.concatenate(strips)
        return rows[:: max(1, len(rows) // most)].astype(np.int64)

    def _column(self, x_m: float, y_m: float) -> tuple[int, int]:
        """Return the column that holds a place, or the nearest one."""
        i, j = (
            int((at - low) / self.cell_m) for at, low in zip((x_m, y_m), self.low_m, strict=True)
        )
        return min(max(i, 0), self.shape[0] - 1), min(max(j, 0), self.shape[1] - 1)

    def along(self, at_m: Vec2, normal: Floats, width_m: float, reach_m: float) -> Rows:
        """Return the rows in a strip in plan, sorted: so near a line through a place, so far along.

        Parameters
        ----------
        normal
            Unit vector across the strip, shape (2,).
        width_m, reach_m
            How far to both sides of the line, and how far along it both ways.
        """
        rows = _along(
            self.xyz_m,
            self.start,
            self.rows,
            self.low_m,
            self.cell_m,
            self.shape,
            (at_m[0], at_m[1], float(normal[0]), float(normal[1])),
            width_m,
            reach_m,
        )
        rows.sort()
        return rows

    def nearest(self, at_m: Vec3, radius_m: float) -> int | None:
        """Return the row nearest to a place in space, or None when none is within the radius."""
        rows = self.within(at_m[0], at_m[1], radius_m)
        if not len(rows):
            return None
        distance = np.linalg.norm(self.xyz_m[rows].astype(np.float64) - at_m, axis=1)
        best = int(distance.argmin())
        return int(rows[best]) if distance[best] <= radius_m else None


def index_points(
    xyz_m: Points, *, cell_m: float = 0.5, seen_from_m: Vec3 | None = None
) -> PointIndex:
    """Sort points into columns in plan; 1 M points take about 20 ms.

    The extent is that of the bulk of the points (0.1 % cut off on each side, then widened), so
    that a stray a kilometre away costs no memory; columns grow where a map would need too many.
    """
    low, high = _bulk(xyz_m)
    while math.prod(s := _shape(low, high, cell_m)) > _MOST_CELLS:
        cell_m *= 2
    cell_of = _cells(xyz_m, low, cell_m, s)
    start, rows = _sorted_by_cell(cell_of, s[0] * s[1])
    return PointIndex(xyz_m, low, cell_m, s, start, rows, seen_from_m)


def _bulk(xyz_m: Points) -> tuple[Vec2, Vec2]:
    sample = xyz_m[:: max(1, len(xyz_m) // 20_000), :2]
    sample = sample[np.isfinite(sample).all(axis=1)]
    if not len(sample):
        return (0.0, 0.0), (1.0, 1.0)
    low, high = np.quantile(sample.astype(np.float64), (0.001, 0.999), axis=0)
    room = np.maximum(0.05 * (high - low), 1.0)
    low, high = low - room, high + room
    return (float(low[0]), float(low[1])), (float(high[0]), float(high[1]))


def _shape(low: Vec2, high: Vec2, cell_m: float) -> tuple[int, int]:
    return (
        max(1, math.ceil((high[0] - low[0]) / cell_m)),
        max(1, math.ceil((high[1] - low[1]) / cell_m)),
    )


@kernel
def _cells(
    xyz_m: Points, low: Vec2, cell_m: float, shape: tuple[int, int]
) -> npt.NDArray[np.int32]:
    cells = np.empty(len(xyz_m), np.int32)
    for i in range(len(xyz_m)):
        x, y, z = xyz_m[i, 0], xyz_m[i, 1], xyz_m[i, 2]
        if not (np.isfinite(x) and np.isfinite(y) and np.isfinite(z)):
            cells[i] = -1
            continue
        fx = min(max((x - low[0]) / cell_m, 0.0), shape[0] - 1.0)
        fy = min(max((y - low[1]) / cell_m, 0.0), shape[1] - 1.0)
        cells[i] = int(fx) * shape[1] + int(fy)
    return cells


@kernel
def _sorted_by_cell(
    cell_of: npt.NDArray[np.int32], cells: int
) -> tuple[Rows, npt.NDArray[np.int32]]:
    start = np.zeros(cells + 1, np.int64)
    for i in range(len(cell_of)):
        if cell_of[i] >= 0:
            start[cell_of[i] + 1] += 1
    for c in range(cells):
        start[c + 1] += start[c]
    rows = np.empty(start[cells], np.int32)
    place = start[:-1].copy()
    for i in range(len(cell_of)):
        c = cell_of[i]
        if c >= 0:
            rows[place[c]] = i
            place[c] += 1
    return start, rows


@kernel
def _within(  # noqa: PLR0917 - kernels take no keywords
    xyz_m: Points,
    start: Rows,
    rows: npt.NDArray[np.int32],
    low: Vec2,
    cell_m: float,
    shape: tuple[int, int],
    x: float,
    y: float,
    radius: float,
) -> Rows:
    i0 = int(min(max((x - radius - low[0]) / cell_m, 0.0), shape[0] - 1.0))
    i1 = int(min(max((x + radius - low[0]) / cell_m, 0.0), shape[0] - 1.0))
    j0 = int(min(max((y - radius - low[1]) / cell_m, 0.0), shape[1] - 1.0))
    j1 = int(min(max((y + radius - low[1]) / cell_m, 0.0), shape[1] - 1.0))
    most = 0
    for i in range(i0, i1 + 1):
        most += start[i * shape[1] + j1 + 1] - start[i * shape[1] + j0]
    found = np.empty(most, np.int64)
    n = 0
    for i in range(i0, i1 + 1):
        for k in range(start[i * shape[1] + j0], start[i * shape[1] + j1 + 1]):
            r = rows[k]
            dx, dy = xyz_m[r, 0] - x, xyz_m[r, 1] - y
            if dx * dx + dy * dy <= radius * radius:
                found[n] = r
                n += 1
    return found[:n]


@kernel
def _along(  # noqa: PLR0917 - kernels take no keywords
    xyz_m: Points,
    start: Rows,
    rows: npt.NDArray[np.int32],
    low: Vec2,
    cell_m: float,
    shape: tuple[int, int],
    line: tuple[float, float, float, float],
    width: float,
    reach: float,
) -> Rows:
    x0, y0, nx, ny = line
    found = np.empty(start[-1], np.int64)
    n = 0
    for i in range(shape[0]):
        for j in range(shape[1]):
            dx = low[0] + (i + 0.5) * cell_m - x0
            dy = low[1] + (j + 0.5) * cell_m - y0
            edge = i in (0, shape[0] - 1) or j in (0, shape[1] - 1)  # these hold far strays
            if not edge and abs(nx * dx + ny * dy) > width + 0.71 * cell_m:
                continue
            for k in range(start[i * shape[1] + j], start[i * shape[1] + j + 1]):
                r = rows[k]
                dx, dy = xyz_m[r, 0] - x0, xyz_m[r, 1] - y0
                if abs(nx * dx + ny * dy) <= width and abs(nx * dy - ny * dx) <= reach:
                    found[n] = r
                    n += 1
    return found[:n].copy()
