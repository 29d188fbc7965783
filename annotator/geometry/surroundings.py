"""Sorts what stands around a click into objects, floor, and what reaches up to the ceiling."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from annotator.geometry.ground import FLOOR_M, Ground
from annotator.geometry.neighbours import PointIndex, Rows
from annotator.geometry.sparse_walls import sparse_walls
from annotator.geometry.thinning import thinned_to
from annotator.kernels import kernel
from annotator.model.shapes import Vec2, Vec3

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

SMALL_M = 2.0
"""Vehicles are longer, and of a usual size; smaller things may be of any."""

_LEAST_FLOOR_M, _STRAYS = 0.03, 4.0
_CEILING_M = 0.12
_OVER = 1.1  # hardly a thing of a class is so many times as high as usual
_AROUND_M, _MOST_AROUND = 12.0, 5000
_LINES_M, _MOST_LINES = 0.25, 300


@dataclass(frozen=True, slots=True, eq=False)
class Surroundings:
    """What stands around a click.

    Attributes
    ----------
    rows, points
        Of what may be objects: rows of the scan, and (x, y, height above the floor), shape (N, 3),
        metres.
    upright
        Some points of what reaches up to the ceiling, above the objects.
    barrier
        Points of the same beside the objects.
    above
        Points higher than an object of this class, below the ceiling.
    floor
        Points on the floor; none where the floor was seen through objects, too.
    below
        Points lower than the map of floors has it.
    around
        A few hundred points of all that stands farther around, which tell how rows and walls lie.
    """

    ground: Ground
    storey: int
    rows: Rows
    points: Floats
    upright: Floats
    barrier: Floats
    above: Floats
    floor: Floats
    below: Floats
    around: Floats


def surroundings(index: PointIndex, ground: Ground, at_m: Vec2 | Vec3, usual: Vec3) -> Surroundings:
    """Look around a click as far as an object of the usual size may reach from it."""
    reach = math.hypot(usual[0], usual[1]) + 0.3
    rows = index.within(at_m[0], at_m[1], reach)
    storey = ground.storey_at(at_m[0], at_m[1], at_m[2] if len(at_m) == 3 else None)
    xyz = index.xyz_m[rows].astype(np.float64)
    floors = ground.floors_at(xyz[:, :2], storey)
    room = ground.ceilings_at(xyz[:, :2], storey) - floors
    points = np.column_stack([xyz[:, :2], xyz[:, 2] - floors])
    tall = max(1.45 * usual[2], usual[2] + 0.35)
    least = min(tall, 2.2)
    height = points[:, 2]
    low = (height > _floor_m(height, usual)) & (height < np.minimum(room - _CEILING_M, tall))
    high = (height >= least) & (height < np.minimum(room - 0.2, 6.0))
    over = height > np.where(np.isfinite(room), min(_OVER * usual[2], least), least)
    columns = _upright(points[over & (height < np.minimum(room - _CEILING_M, 6.0))], least)
    upright = np.concatenate([columns, sparse_walls(points[high], points[low])])
    free = low.copy()
    free[low] = ~_beside(points[low], upright)
    floor = points[np.abs(height) < 0.06]
    below = points[(height > -0.6) & (height <= -0.06)]
    if _floor_shows_through(floor, points[free & (height > 0.45 * usual[2])]):
        floor = floor[:0]
    barrier = points[low & ~free & (height > 0.2) & (height < min(1.3, tall))]
    return Surroundings(
        ground,
        storey,
        rows[free],
        points[free],
        upright,
        barrier,
        points[high],
        floor,
        below,
        _around(index, ground, at_m, storey),
    )


def _around(index: PointIndex, ground: Ground, at_m: Vec2 | Vec3, storey: int) -> Floats:
    """Return some points between floor and ceiling, (x, y, height) about a click."""
    rows = index.some_around(at_m[0], at_m[1], _AROUND_M, _MOST_AROUND)
    xyz = index.xyz_m[rows].astype(np.float64)
    floors = ground.floors_at(xyz[:, :2], storey)
    ceilings = ground.ceilings_at(xyz[:, :2], storey)
    below = np.minimum(ceilings - _CEILING_M, floors + 6.0)
    solid = (xyz[:, 2] > floors + FLOOR_M) & (xyz[:, 2] < below)
    about = xyz - np.column_stack([np.tile(at_m[:2], (len(xyz), 1)), floors])
    return thinned_to(about[solid], _LINES_M, _MOST_LINES)


def _floor_m(heights: Floats, usual: Vec3) -> float:
    """Return how high the floor reaches: beside small things no higher than its points stray."""
    if usual[0] > SMALL_M:
        return FLOOR_M
    near = np.abs(heights[np.abs(heights) < FLOOR_M])
    stray = _STRAYS * float(np.median(near)) if len(near) else 0.0
    return float(np.clip(stray, _LEAST_FLOOR_M, FLOOR_M))


def _floor_shows_through(floor: Floats, tops: Floats) -> bool:
    """Tell whether the floor was seen below objects too, as in scans merged from many places."""
    if len(floor) < 20 or not len(tops):
        return False
    thin = thinned_to(floor, 0.15, 2000)
    some, open_floor = (
        np.ascontiguousarray(places[:: max(1, len(places) // 100)]) for places in (tops, thin)
    )
    below = around_each(some, thin, 0.3).mean()
    around = around_each(open_floor, thin, 0.3).mean() - 1
    return bool(below > 0.8 * around)


@kernel
def around_each(places: Floats, points: Floats, radius: float) -> Floats:
    """Return how many points lie within a radius of each place in plan."""
    counts = np.zeros(len(places))
    for i in range(len(places)):
        for j in range(len(points)):
            dx, dy = points[j, 0] - places[i, 0], points[j, 1] - places[i, 1]
            if dx * dx + dy * dy <= radius * radius:
                counts[i] += 1.0
    return counts


def _upright(over: Floats, least_m: float) -> Floats:
    """Keep what stands in a column, as pillars and walls do and pipes under a ceiling do not.

    Parameters
    ----------
    over
        Points higher than hardly a thing of the class.
    least_m
        How high a column reaches at least.
    """
    if len(over) < 3:
        return over[:0]
    thin = thinned_to(over, 0.1, 1500)
    return np.asarray(thin[in_columns(thin, least_m)])


@kernel
def in_columns(points: Floats, least: float) -> Mask:
    """Tell which points have others over or under them, near where they are dense.

    The highest of them must reach a least height.
    """
    stands = np.zeros(len(points), np.bool_)
    for i in range(len(points)):
        for radius in (0.12, 0.35):
            n, low, high = 0, np.inf, -np.inf
            for j in range(len(points)):
                dx, dy = points[j, 0] - points[i, 0], points[j, 1] - points[i, 1]
                if dx * dx + dy * dy <= radius * radius:
                    n += 1
                    low, high = min(low, points[j, 2]), max(high, points[j, 2])
            if n >= 6:
                break
        stands[i] = n >= 3 and high - low > 0.3 and high > least
    return stands


def _beside(points: Floats, upright: Floats) -> Mask:
    """Tell which points lie within 16 cm of something upright in plan."""
    if not len(upright) or not len(points):
        return np.zeros(len(points), np.bool_)
    return marked(points, upright, 0.16, 0.04)


@kernel
def marked(points: Floats, marks: Floats, radius: float, cell: float) -> Mask:
    """Tell which points lie within a radius of a mark, to half a cell of a map in plan."""
    x0, y0 = points[:, 0].min() - radius, points[:, 1].min() - radius
    nx = int((points[:, 0].max() + radius - x0) / cell) + 1
    ny = int((points[:, 1].max() + radius - y0) / cell) + 1
    near = np.zeros((nx, ny), np.bool_)
    reach = int(np.ceil(radius / cell))
    for m in range(len(marks)):
        i, j = int(np.floor((marks[m, 0] - x0) / cell)), int(np.floor((marks[m, 1] - y0) / cell))
        for p in range(max(0, i - reach), min(nx, i + reach + 1)):
            for q in range(max(0, j - reach), min(ny, j + reach + 1)):
                dx = x0 + (p + 0.5) * cell - marks[m, 0]
                dy = y0 + (q + 0.5) * cell - marks[m, 1]
                if dx * dx + dy * dy <= radius * radius:
                    near[p, q] = True
    found = np.empty(len(points), np.bool_)
    for k in range(len(points)):
        found[k] = near[int((points[k, 0] - x0) / cell), int((points[k, 1] - y0) / cell)]
    return found
