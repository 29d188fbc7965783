"""Finds the floors and ceilings of a scan as height maps, ramps and several storeys included."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from annotator.geometry.neighbours import PointIndex, Points, Rows, index_points
from annotator.kernels import kernel
from annotator.model.shapes import Vec2

Floats = npt.NDArray[np.float64]

# A person cannot stand up between a floor and what lies lower than this above it, so a wide
# surface there is a row of car roofs, not the next floor.
_LEAST_HEADROOM_M = 2.05
_STEEPEST = 0.27  # 15°: steeper than any drivable ramp
_LEVELS = 8
_FIRM = 4
_BIN_M = 0.1


@dataclass(frozen=True, slots=True, eq=False)
class Storey:
    """One floor with the ceiling above it.

    Attributes
    ----------
    floor_m, ceiling_m
        Heights at the centres of the columns, shape (columns along x, along y), filled in where
        nothing was seen; the ceiling is infinite under open sky.
    measured
        Where the floor itself was seen.
    """

    floor_m: Floats
    ceiling_m: Floats
    measured: npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """Floor and ceiling as functions of x and y.

    Attributes
    ----------
    storeys
        From the lowest up; at least one.
    """

    low_m: Vec2
    cell_m: float
    storeys: tuple[Storey, ...]

    def floor_at(self, x_m: float, y_m: float, z_m: float | None = None) -> float:
        """Return the height of the floor that z stands on; of the lowest floor without z."""
        return float(self.floors_at(np.array([[x_m, y_m]]), self.storey_at(x_m, y_m, z_m))[0])

    def ceiling_at(self, x_m: float, y_m: float, z_m: float | None = None) -> float:
        """Return the height of the ceiling above that floor; infinite under open sky."""
        storey = self.storey_at(x_m, y_m, z_m)
        return float(self.ceilings_at(np.array([[x_m, y_m]]), storey)[0])

    def storey_at(self, x_m: float, y_m: float, z_m: float | None = None) -> int:
        """Return the number of the highest storey whose floor is not above z (0.3 m allowed)."""
        if z_m is None or len(self.storeys) == 1:
            return 0
        at = np.array([[x_m, y_m]])
        floors = [float(self.floors_at(at, s)[0]) for s in range(len(self.storeys))]
        below = [s for s, floor in enumerate(floors) if floor <= z_m + 0.3]
        return max(below, key=lambda s: floors[s]) if below else int(np.argmin(floors))

    def floors_at(self, xy_m: npt.NDArray[np.floating], storey: int = 0) -> Floats:
        """Return floor heights at (N, 2) places of one storey, between column centres linearly."""
        return _between(self.storeys[storey].floor_m, xy_m, self.low_m, self.cell_m)

    def ceilings_at(self, xy_m: npt.NDArray[np.floating], storey: int = 0) -> Floats:
        """Return ceiling heights at (N, 2) places of one storey."""
        return _between(self.storeys[storey].ceiling_m, xy_m, self.low_m, self.cell_m)

    def heights_m(self, xyz_m: Points) -> Floats:
        """Return each point's height above the floor it stands on, shape (N,); NaN for NaN."""
        heights = np.full(len(xyz_m), np.inf)
        for number in range(len(self.storeys)):
            above = xyz_m[:, 2] - self.floors_at(xyz_m[:, :2], number)
            heights = np.where(above >= -0.3, np.minimum(heights, above), heights)
        lowest = xyz_m[:, 2] - self.floors_at(xyz_m[:, :2], 0)
        return np.where(np.isinf(heights), lowest, heights)

    def is_floor(self, xyz_m: Points, *, within_m: float = 0.08) -> npt.NDArray[np.bool_]:
        """Tell which points lie on a floor, shape (N,)."""
        with np.errstate(invalid="ignore"):
            return np.asarray(np.abs(self.heights_m(xyz_m)) <= within_m)

    def is_ceiling(self, xyz_m: Points, *, within_m: float = 0.08) -> npt.NDArray[np.bool_]:
        """Tell which points lie on a ceiling, shape (N,)."""
        on = np.zeros(len(xyz_m), np.bool_)
        with np.errstate(invalid="ignore"):
            for number in range(len(self.storeys)):
                gap = xyz_m[:, 2] - self.ceilings_at(xyz_m[:, :2], number)
                on |= np.abs(gap) <= within_m
        return on


def find_ground(xyz_m: Points, index: PointIndex | None = None) -> Ground:
    """Find floors and ceilings.

    Points are sorted into columns; each column's peaks of height become level patches; patches of
    neighbouring columns that meet within a ramp's slope join into surfaces. The lowest wide surface
    is a floor, the next one above a person's height its ceiling or the next floor: the largest
    plane of an indoor scan may be a wall, so planes are never ranked by size.

    Parameters
    ----------
    xyz_m
        Shape (N, 3), float32, metres; NaN rows are passed over.
    index
        Of the same points, if there is one already.

    Returns
    -------
    Ground
        Of a scan without a finite point: one floor at height 0 under open sky.
    """
    index = index or index_points(xyz_m)
    columns = _columns(index)
    levels = _levels(
        columns.xyz_m, columns.start, columns.rows, math.prod(columns.shape), columns.cell_m
    )
    surfaces = _surfaces(levels, columns)
    return Ground(columns.low_m, columns.cell_m, _storeys(surfaces, columns))


def _columns(index: PointIndex) -> PointIndex:
    """Widen the columns until a column of floor holds enough points to be told from a stray."""
    filled = np.diff(index.start)
    typical = float(np.median(filled[filled > 0])) if (filled > 0).any() else 0.0
    widening = math.sqrt(18 / typical) if typical else 1.0
    if widening <= 1.2:
        return index
    return index_points(index.xyz_m, cell_m=min(2.0, index.cell_m * widening))


@kernel
def _levels(
    xyz_m: Points, start: Rows, rows: npt.NDArray[np.int32], columns: int, cell: float
) -> Floats:
    """Return per column up to eight level patches as (x, y, z, count), z ascending, NaN-padded."""
    levels = np.full((columns, _LEVELS, 4), np.nan)
    for c in range(columns):
        n = start[c + 1] - start[c]
        if n < 3:
            continue
        low, high = np.inf, -np.inf
        for k in range(start[c], start[c + 1]):
            z = xyz_m[rows[k], 2]
            low, high = min(low, z), max(high, z)
        bins = min(int((high - low) / _BIN_M) + 1, 400)
        step = max(_BIN_M, (high - low) / bins * 1.0001)
        counts = np.zeros(bins + 2, np.int64)
        for k in range(start[c], start[c + 1]):
            counts[int((xyz_m[rows[k], 2] - low) / step) + 1] += 1
        most = counts.max()
        enough = max(2.0, 0.12 * most)
        found = 0
        b = 1
        while b <= bins and found < _LEVELS:
            pair = counts[b] + counts[b + 1]
            # a peak of two neighbouring bins that stands out, as nothing of a wall's even smear
            # of heights does
            smear = 2.0 * (n - pair) / max(bins - 2, 1)
            if (
                pair >= max(enough, 2.2 * smear + 1.0)
                and pair >= counts[b - 1] + counts[b]
                and (b + 2 > bins + 1 or pair >= counts[b + 1] + counts[b + 2])
            ):
                sx = sy = sz = sxx = sxy = syy = 0.0
                m = 0
                first = rows[start[c]]
                for k in range(start[c], start[c + 1]):
                    r = rows[k]
                    at = int((xyz_m[r, 2] - low) / step) + 1
                    if at in (b, b + 1):
                        x = float(xyz_m[r, 0] - xyz_m[first, 0])
                        y = float(xyz_m[r, 1] - xyz_m[first, 1])
                        sx += x
                        sy += y
                        sz += xyz_m[r, 2]
                        sxx += x * x
                        sxy += x * y
                        syy += y * y
                        m += 1
                vx, vy = sxx / m - (sx / m) ** 2, syy / m - (sy / m) ** 2
                vxy = sxy / m - sx * sy / m / m
                narrow = 0.5 * (vx + vy) - np.sqrt(0.25 * (vx - vy) ** 2 + vxy * vxy)
                if narrow > (0.09 * cell) ** 2:  # a wall's points lie on a line in plan
                    levels[c, found, 0] = xyz_m[first, 0] + sx / m
                    levels[c, found, 1] = xyz_m[first, 1] + sy / m
                    levels[c, found, 2] = sz / m
                    levels[c, found, 3] = m
                    found += 1
                b += 3
            else:
                b += 1
    return levels


@dataclass(frozen=True, slots=True, eq=False)
class _Surface:
    """One joined surface: its patches' heights in the columns it covers, NaN elsewhere."""

    height_m: Floats
    cells: int
    points: float


@kernel
def _joined(  # noqa: C901 - one nest of loops, compiled
    levels: Floats, nx: int, ny: int, rise: float
) -> npt.NDArray[np.int32]:
    """Return the surface that each patch belongs to; patches join across a column's sides.

    Only a patch that four around it agree with passes its surface on, or else stray patches on the
    sides of cars would be steps from the floor up to the roofs.
    """
    label = np.full((nx * ny, _LEVELS), -1, np.int32)
    stack = np.empty((nx * ny * _LEVELS, 2), np.int64)
    firm = _agreeing(levels, nx, ny, rise)
    number = 0
    for c0 in range(nx * ny):
        for l0 in range(_LEVELS):
            if label[c0, l0] >= 0 or firm[c0, l0] < _FIRM:
                continue
            label[c0, l0] = number
            stack[0, 0], stack[0, 1] = c0, l0
            top = 1
            while top:
                top -= 1
                c, lv = stack[top, 0], stack[top, 1]
                if firm[c, lv] < _FIRM:
                    continue
                i, j = c // ny, c % ny
                for step in range(8):
                    far = 1 + step // 4  # a column hidden by a wheel or a kerb is stepped over
                    di = far if step % 4 == 0 else (-far if step % 4 == 1 else 0)
                    dj = far if step % 4 == 2 else (-far if step % 4 == 3 else 0)
                    if not (0 <= i + di < nx and 0 <= j + dj < ny):
                        continue
                    d = (i + di) * ny + j + dj
                    for m in range(_LEVELS):
                        if label[d, m] >= 0 or np.isnan(levels[d, m, 2]):
                            continue
                        reach = np.hypot(
                            levels[d, m, 0] - levels[c, lv, 0], levels[d, m, 1] - levels[c, lv, 1]
                        )
                        if abs(levels[d, m, 2] - levels[c, lv, 2]) <= 0.04 + rise * reach:
                            label[d, m] = number
                            stack[top, 0], stack[top, 1] = d, m
                            top += 1
            number += 1
    return label


@kernel
def _agreeing(levels: Floats, nx: int, ny: int, rise: float) -> npt.NDArray[np.int32]:
    """Return in how many of the eight columns around a patch there is one that continues it."""
    agreeing = np.zeros((nx * ny, _LEVELS), np.int32)
    for c in range(nx * ny):
        i, j = c // ny, c % ny
        for p in range(max(0, i - 1), min(nx, i + 2)):
            for q in range(max(0, j - 1), min(ny, j + 2)):
                d = p * ny + q
                if d == c:
                    continue
                for level in range(_LEVELS):
                    for m in range(_LEVELS):
                        reach = np.hypot(
                            levels[d, m, 0] - levels[c, level, 0],
                            levels[d, m, 1] - levels[c, level, 1],
                        )
                        if abs(levels[d, m, 2] - levels[c, level, 2]) <= 0.04 + rise * reach:
                            agreeing[c, level] += 1
                            break
    return agreeing


def _surfaces(levels: Floats, columns: PointIndex) -> list[_Surface]:
    """Return the surfaces that are wide enough to be a floor or a ceiling, the lowest first."""
    nx, ny = columns.shape
    label = _joined(levels, nx, ny, 0.6 * _STEEPEST)
    if not (label >= 0).any():
        return []
    sizes = np.bincount(label[label >= 0])
    least = max(4.0, 0.02 * int((~np.isnan(levels[:, 0, 2])).sum()))
    wide = np.flatnonzero(sizes >= least)
    if not len(wide):
        wide = np.array([sizes.argmax()])
    found = [_surface(levels, label, int(n), (nx, ny), columns) for n in wide]
    return sorted(found, key=lambda s: float(np.nanmedian(s.height_m)))


def _surface(
    levels: Floats,
    label: npt.NDArray[np.int32],
    number: int,
    shape: tuple[int, int],
    columns: PointIndex,
) -> _Surface:
    at, level = np.nonzero(label == number)
    order = np.argsort(-levels[at, level, 3], kind="stable")[::-1]  # the fuller patch is kept
    at, level = at[order], level[order]
    patches = np.full((shape[0] * shape[1], 4), np.nan)
    patches[at] = levels[at, level]
    centred = _plane_heights(patches.reshape(*shape, 4), columns.low_m, columns.cell_m)
    return _Surface(centred, len(np.unique(at)), float(levels[at, level, 3].sum()))


@kernel
def _plane_heights(patches: Floats, low: Vec2, cell: float) -> Floats:
    """Return heights at column centres from planes through each patch and those around it.

    Each plane is fitted three times, and patches off it count less each time, so that a wheel or
    a box bottom does not lift the floor.
    """
    nx, ny = patches.shape[0], patches.shape[1]
    heights = np.full((nx, ny), np.nan)
    for i in range(nx):
        for j in range(ny):
            if np.isnan(patches[i, j, 2]):
                continue
            cx, cy = low[0] + (i + 0.5) * cell, low[1] + (j + 0.5) * cell
            a, b, z0 = 0.0, 0.0, patches[i, j, 2]
            for turn in range(4):
                scale = 1e9 if turn == 0 else 0.06 / turn
                sw = sx = sy = sz = sxx = sxy = syy = sxz = syz = 0.0
                n = 0
                for p in range(max(0, i - 2), min(nx, i + 3)):
                    for q in range(max(0, j - 2), min(ny, j + 3)):
                        z = patches[p, q, 2]
                        if np.isnan(z):
                            continue
                        x, y = patches[p, q, 0] - cx, patches[p, q, 1] - cy
                        r = (z - (z0 + a * x + b * y)) / scale
                        w = min(patches[p, q, 3], 30.0) / (1.0 + r * r) ** 2
                        w /= 1.0 + (x * x + y * y) / (cell * cell)
                        n += 1
                        sw += w
                        sx += w * x
                        sy += w * y
                        sz += w * z
                        sxx += w * x * x
                        sxy += w * x * y
                        syy += w * y * y
                        sxz += w * x * z
                        syz += w * y * z
                if n < 5:
                    z0 = sz / sw
                    continue
                mx, my, mz = sx / sw, sy / sw, sz / sw
                vxx = sxx / sw - mx * mx + 1e-3
                vyy = syy / sw - my * my + 1e-3
                vxy = sxy / sw - mx * my
                vxz, vyz = sxz / sw - mx * mz, syz / sw - my * mz
                det = vxx * vyy - vxy * vxy
                a = (vxz * vyy - vyz * vxy) / det
                b = (vyz * vxx - vxz * vxy) / det
                steep = np.hypot(a, b)
                if steep > _STEEPEST:
                    a, b = a * _STEEPEST / steep, b * _STEEPEST / steep
                z0 = mz - a * mx - b * my
            heights[i, j] = z0
    return heights


def _storeys(surfaces: list[_Surface], columns: PointIndex) -> tuple[Storey, ...]:
    if not surfaces:
        flat = np.zeros(columns.shape)
        return (Storey(flat, np.full(columns.shape, np.inf), np.zeros(columns.shape, np.bool_)),)
    storeys: list[Storey] = []
    left = surfaces
    while left:
        floor, left = _joined_floor(left)
        filled = filled_in(floor)
        left = [s for s in left if _median_above(s, filled) > _LEAST_HEADROOM_M]
        over = [s for s in left if _median_above(s, filled) < 8.0]
        storeys.append(Storey(filled, _ceiling(over, filled, columns.shape), np.isfinite(floor)))
        # a slab seen from both sides: its lower side is this ceiling, its upper side the next floor
        left = [s for s in left if not _is_ceiling_only(s, over, left)]
    return tuple(storeys)


def _joined_floor(surfaces: list[_Surface]) -> tuple[Floats, list[_Surface]]:
    """Take the lowest surface, and with it what continues it elsewhere at about its height."""
    widest = max(s.cells for s in surfaces)
    first = next(s for s in surfaces if s.cells >= 0.15 * widest)
    floor, rest = first.height_m.copy(), []
    for other in surfaces:
        if other is first:
            continue
        above = _median_above(other, filled_in(floor))
        overlap = np.isfinite(other.height_m) & np.isfinite(floor)
        if abs(above) < 0.3 and overlap.sum() <= 0.1 * other.cells:
            floor = np.where(np.isnan(floor), other.height_m, floor)
        else:
            rest.append(other)
    return floor, rest


def _median_above(surface: _Surface, floor_m: Floats) -> float:
    return float(np.nanmedian(surface.height_m - floor_m))


def _ceiling(over: list[_Surface], floor_m: Floats, shape: tuple[int, int]) -> Floats:
    """Return the lowest surface over each column; infinite where nothing wide hangs near it."""
    lowest = np.full(shape, np.nan)
    for surface in over:
        high_enough = np.where(
            surface.height_m - floor_m > _LEAST_HEADROOM_M, surface.height_m, np.nan
        )
        lowest = np.fmin(lowest, high_enough)
    if np.isfinite(lowest).sum() < 0.05 * shape[0] * shape[1]:
        return np.full(shape, np.inf)
    above = filled_in(lowest - floor_m)  # a ramp's ceiling follows its floor where it was not seen
    return np.asarray(np.where(np.isfinite(lowest), lowest, floor_m + above))


def _is_ceiling_only(surface: _Surface, over: list[_Surface], left: list[_Surface]) -> bool:
    if surface not in over:
        return False
    height = float(np.nanmedian(surface.height_m))
    higher = [s for s in left if float(np.nanmedian(s.height_m)) - height > 0.1]
    close = [s for s in higher if float(np.nanmedian(s.height_m)) - height < 1.2]
    roomy = [s for s in higher if float(np.nanmedian(s.height_m)) - height > _LEAST_HEADROOM_M]
    return bool(close) or not roomy


def filled_in(heights_m: Floats) -> Floats:
    """Return a height map with its gaps filled from the nearest seen columns, smoothly."""
    known = np.isfinite(heights_m)
    if known.all() or not known.any():
        return np.where(known, heights_m, 0.0)
    from scipy import ndimage  # noqa: PLC0415 - takes 0.2 s

    nearest = ndimage.distance_transform_edt(~known, return_distances=False, return_indices=True)
    filled = heights_m[tuple(nearest)]
    for _step in range(12):  # a few steps of heat flow from the seen columns into the gaps
        flowed = ndimage.uniform_filter(filled, 3, mode="nearest")
        filled = np.where(known, heights_m, flowed)
    return np.asarray(filled)


def _between(map_m: Floats, xy_m: npt.NDArray[np.floating], low_m: Vec2, cell_m: float) -> Floats:
    return _bilinear(
        map_m, np.ascontiguousarray(xy_m[:, 0]), np.ascontiguousarray(xy_m[:, 1]), low_m, cell_m
    )


@kernel
def _bilinear(
    map_m: Floats,
    x: npt.NDArray[np.floating],
    y: npt.NDArray[np.floating],
    low: Vec2,
    cell: float,
) -> Floats:
    nx, ny = map_m.shape
    heights = np.empty(len(x))
    for n in range(len(x)):
        if not (np.isfinite(x[n]) and np.isfinite(y[n])):
            heights[n] = np.nan
            continue
        u = min(max((x[n] - low[0]) / cell - 0.5, 0.0), nx - 1.0)
        v = min(max((y[n] - low[1]) / cell - 0.5, 0.0), ny - 1.0)
        i, j = min(int(u), max(nx - 2, 0)), min(int(v), max(ny - 2, 0))
        i1, j1 = min(i + 1, nx - 1), min(j + 1, ny - 1)
        fu, fv = u - i, v - j
        if np.isinf(map_m[i, j]) or np.isinf(map_m[i1, j1]):
            heights[n] = np.inf
            continue
        heights[n] = (map_m[i, j] * (1 - fu) + map_m[i1, j] * fu) * (1 - fv) + (
            map_m[i, j1] * (1 - fu) + map_m[i1, j1] * fu
        ) * fv
    return heights
