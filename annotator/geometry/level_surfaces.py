"""Finds the wide, nearly level surfaces of a scan, column by column."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from annotator.geometry.neighbours import PointIndex, Points, Rows
from annotator.kernels import kernel
from annotator.model.shapes import Vec2

Floats = npt.NDArray[np.float64]

_STEEPEST = 0.27  # 15°: steeper than any drivable ramp
_LEVELS = 8
_FIRM = 4
_BIN_M = 0.1
_OFF_M, _FEWEST_AROUND = 0.15, 6
_SLAB_M = 0.25  # both sides of a slab are no one surface


@dataclass(frozen=True, slots=True, eq=False)
class Surface:
    """One joined surface: its patches' heights in the columns it covers, NaN elsewhere."""

    height_m: Floats
    cells: int
    points: float


def surfaces_in(columns: PointIndex) -> list[Surface]:
    """Return the surfaces that are wide enough to be a floor or a ceiling, the lowest first."""
    nx, ny = columns.shape
    levels = _levels(columns.xyz_m, columns.start, columns.rows, nx * ny, columns.cell_m)
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


@kernel
def _is_over_itself(levels: Floats, label: npt.NDArray[np.int32], level: int, number: int) -> bool:
    """Tell whether a surface is in a patch's column already, at another height."""
    for other in range(_LEVELS):
        if label[other] == number and abs(levels[other, 2] - levels[level, 2]) > _SLAB_M:
            return True
    return False


@kernel
def _joined(  # noqa: C901 - one nest of loops, compiled
    levels: Floats, nx: int, ny: int, rise: float
) -> npt.NDArray[np.int32]:
    """Return the surface that each patch belongs to; patches join across a column's sides.

    Only a patch that four around it agree with passes its surface on, or else stray patches on the
    sides of cars would be steps from the floor up to the roofs.

    A surface is at one height in each column, though a ramp joins storeys. What is nearer joins
    first: no way over a ramp to a place above is shorter than the way to the one below it.
    """
    label = np.full((nx * ny, _LEVELS), -1, np.int32)
    queue = np.empty((nx * ny * _LEVELS, 2), np.int64)
    firm = _agreeing(levels, nx, ny, rise)
    number = 0
    for c0 in range(nx * ny):
        for l0 in range(_LEVELS):
            if label[c0, l0] >= 0 or firm[c0, l0] < _FIRM:
                continue
            label[c0, l0] = number
            queue[0, 0], queue[0, 1] = c0, l0
            first, end = 0, 1
            while first < end:
                c, lv = queue[first, 0], queue[first, 1]
                first += 1
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
                        if abs(levels[d, m, 2] - levels[c, lv, 2]) > 0.04 + rise * reach:
                            continue
                        if not _is_over_itself(levels[d], label[d], m, number):
                            label[d, m] = number
                            queue[end, 0], queue[end, 1] = d, m
                            end += 1
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


def _surface(
    levels: Floats,
    label: npt.NDArray[np.int32],
    number: int,
    shape: tuple[int, int],
    columns: PointIndex,
) -> Surface:
    at, level = np.nonzero(label == number)
    order = np.argsort(-levels[at, level, 3], kind="stable")[::-1]  # the fuller patch is kept
    at, level = at[order], level[order]
    patches = np.full((shape[0] * shape[1], 4), np.nan)
    patches[at] = levels[at, level]
    centred = _plane_heights(patches.reshape(*shape, 4), columns.low_m, columns.cell_m)
    return Surface(centred, len(np.unique(at)), float(levels[at, level, 3].sum()))


@kernel
def _plane_heights(patches: Floats, low: Vec2, cell: float) -> Floats:
    """Return heights at column centres from planes through each patch and those around it.

    A patch far off the plane of those around it is of a car's side or of a box, and is left out.
    """
    nx, ny = patches.shape[0], patches.shape[1]
    off = _off_those_around(patches, low, cell)
    kept = patches.copy()
    for i in range(nx):
        for j in range(ny):
            around = off[max(0, i - 2) : i + 3, max(0, j - 2) : j + 3]
            if off[i, j] > _OFF_M and off[i, j] == around.max():
                kept[i, j, 2] = np.nan
    heights = np.full((nx, ny), np.nan)
    for i in range(nx):
        for j in range(ny):
            if not np.isnan(kept[i, j, 2]):
                heights[i, j] = _plane_around(kept, i, j, low, cell, 1.0)[2]
    return heights


@kernel
def _off_those_around(patches: Floats, low: Vec2, cell: float) -> Floats:
    """Return how far each patch is off the plane of those around it; 0 where few are."""
    nx, ny = patches.shape[0], patches.shape[1]
    off = np.zeros((nx, ny))
    for i in range(nx):
        for j in range(ny):
            if np.isnan(patches[i, j, 2]):
                continue
            a, b, z0, around = _plane_around(patches, i, j, low, cell, 0.0)
            if around >= _FEWEST_AROUND:
                x = patches[i, j, 0] - (low[0] + (i + 0.5) * cell)
                y = patches[i, j, 1] - (low[1] + (j + 0.5) * cell)
                off[i, j] = abs(patches[i, j, 2] - (z0 + a * x + b * y))
    return off


@kernel
def _plane_around(  # noqa: PLR0917 - kernels take no keywords
    patches: Floats, i: int, j: int, low: Vec2, cell: float, own: float
) -> tuple[float, float, float, int]:
    """Return the plane through patches around a column, (slope x, slope y, height), and how many.

    It is fitted four times, and patches off it count less each time, so that a wheel or a box
    bottom does not lift the floor. ``own`` is how much the column's own patch counts.
    """
    nx, ny = patches.shape[0], patches.shape[1]
    cx, cy = low[0] + (i + 0.5) * cell, low[1] + (j + 0.5) * cell
    a, b, z0 = 0.0, 0.0, patches[i, j, 2]
    n = 0
    for turn in range(4):
        scale = 1e9 if turn == 0 else 0.06 / turn
        sw = sx = sy = sz = sxx = sxy = syy = sxz = syz = 0.0
        n = 0
        for p in range(max(0, i - 2), min(nx, i + 3)):
            for q in range(max(0, j - 2), min(ny, j + 3)):
                z = patches[p, q, 2]
                if np.isnan(z) or (own == 0.0 and p == i and q == j):
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
            z0 = sz / sw if n else z0
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
    return a, b, z0, n
