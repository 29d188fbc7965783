"""Finds the floors and ceilings of a scan as height maps, ramps and several storeys included."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from annotator.geometry.level_surfaces import Surface, surfaces_in
from annotator.geometry.neighbours import PointIndex, Points, index_points
from annotator.kernels import kernel
from annotator.model.shapes import Vec2

Floats = npt.NDArray[np.float64]

FLOOR_M = 0.10
"""What lies lower above the floor belongs to the floor, kerbs and cables included."""

# A person cannot stand up between a floor and what lies lower than this above it, so a wide
# surface there is a row of car roofs, not the next floor.
_LEAST_HEADROOM_M = 2.05
_SLAB_M = 0.08  # a slab is thicker, and no floor's points stray so far down
# Of the columns with points; far strays make room for any number that have none.
_LEAST_SHARE = 0.03  # less is no floor, but a few arcs of one
_LEAST_CEILING = 0.05
_WIDEST_COLUMN_M = 2.0
_HIDDEN_M, _KNEE_M = 8.0, 0.3  # a row of cars hides the floor up to the wall behind it
_SLOPE_M = 5.0  # what a car hides is as steep as the floor so near to it, no farther
_FOOT_PERCENT = 5  # so much of a ramp is close to the floor that it rises from; no car's roof is
_STIFF = 4.0  # what holds a slope level that few columns tell


@dataclass(frozen=True, slots=True, eq=False)
class Storey:
    """One floor with the ceiling above it.

    Attributes
    ----------
    floor_m, ceiling_m
        Heights at the centres of the columns, shape (columns along x, along y), filled in where
        nothing was seen; the ceiling is infinite under open sky, and so is the floor of a higher
        storey beside it.
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

    @property
    def is_seen(self) -> bool:
        """Whether any floor was seen; of a radar's few points none is, and it is taken for 0."""
        return any(bool(storey.measured.any()) for storey in self.storeys)

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

    def is_overhead(self, xyz_m: Points, below_m: float) -> npt.NDArray[np.bool_]:
        """Tell which points are of a ceiling, or hang less than so far below it, shape (N,).

        What stands on the floor above a ceiling is not; nothing stands above the highest.
        """
        overhead, xy, z = np.zeros(len(xyz_m), np.bool_), xyz_m[:, :2], xyz_m[:, 2]
        for number in range(len(self.storeys)):
            high = np.flatnonzero(z > self.storeys[number].ceiling_m.min() - below_m)
            hangs = z[high] > self.ceilings_at(xy[high], number) - below_m
            if number + 1 < len(self.storeys):
                hangs &= z[high] < self.floors_at(xy[high], number + 1) - _SLAB_M
            overhead[high] |= hangs
        return overhead

    def is_in_storey(self, xyz_m: Points, storey: int) -> npt.NDArray[np.bool_]:
        """Tell which points are of a storey, its floor and ceiling included, shape (N,).

        The lowest holds all below it, too, and the highest all above it.
        """
        xy, z = xyz_m[:, :2], xyz_m[:, 2]
        is_in = np.ones(len(xyz_m), np.bool_)
        if storey > 0:
            is_in &= z > self.floors_at(xy, storey) - _SLAB_M
        for above in range(storey + 1, len(self.storeys)):
            is_in &= z <= self.floors_at(xy, above) - _SLAB_M
        return is_in

    def heights_m(self, xyz_m: Points) -> Floats:
        """Return each point's height above the floor it stands on, shape (N,); NaN for NaN."""
        heights = np.full(len(xyz_m), np.inf)
        for number in range(len(self.storeys)):
            above = xyz_m[:, 2] - self.floors_at(xyz_m[:, :2], number)
            heights = np.where(above >= -0.3, np.minimum(heights, above), heights)
        lowest = xyz_m[:, 2] - self.floors_at(xyz_m[:, :2], 0)
        return np.where(np.isinf(heights), lowest, heights)


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
    surfaces = surfaces_in(columns)
    while _share(surfaces, columns) < _LEAST_SHARE and columns.cell_m < _WIDEST_COLUMN_M:
        # of a low scanner the floor shows arcs far apart, which only wider columns join
        wider = index_points(index.xyz_m, cell_m=min(_WIDEST_COLUMN_M, 2 * columns.cell_m))
        found = surfaces_in(wider)
        if _share(found, wider) <= _share(surfaces, columns):
            break
        columns, surfaces = wider, found
    return Ground(columns.low_m, columns.cell_m, _storeys(surfaces, columns))


def _columns(index: PointIndex) -> PointIndex:
    """Widen the columns until a column of floor holds enough points to be told from a stray."""
    filled = np.diff(index.start)
    typical = float(np.median(filled[filled > 0])) if (filled > 0).any() else 0.0
    widening = math.sqrt(18 / typical) if typical else 1.0
    if widening <= 1.2:
        return index
    cell_m = min(_WIDEST_COLUMN_M, index.cell_m * widening)
    return index_points(index.xyz_m, cell_m=cell_m)


def _share(surfaces: list[Surface], columns: PointIndex) -> float:
    """Return the share of the columns with points that the widest surface covers."""
    return max((surface.cells for surface in surfaces), default=0) / max(1, _filled(columns))


def _filled(columns: PointIndex) -> int:
    """Return how many columns hold points."""
    return int((np.diff(columns.start) > 0).sum())


def _storeys(surfaces: list[Surface], columns: PointIndex) -> tuple[Storey, ...]:
    if not surfaces:
        flat = np.zeros(columns.shape)
        return (Storey(flat, np.full(columns.shape, np.inf), np.zeros(columns.shape, np.bool_)),)
    storeys: list[Storey] = []
    left = surfaces
    while left:
        floor, left = _joined_floor(left, columns.cell_m)
        filled = filled_in(floor, columns.cell_m)
        left = [s for s in left if _median_above(s, filled) > _LEAST_HEADROOM_M]
        over = [s for s in left if _median_above(s, filled) < 8.0]
        left = _above_ceiling(left, over, filled)
        its_own = [s for s in over if s not in left] or over
        measured, ceiling = np.isfinite(floor), _ceiling(its_own, filled, columns)
        if storeys:  # the lowest is everywhere; a higher one ends where it ends
            is_there = _place(measured, filled, storeys[-1], columns.cell_m)
            filled = np.where(is_there, filled, np.inf)
        storeys.append(Storey(filled, ceiling, measured))
    return tuple(storeys)


def _place(
    measured: npt.NDArray[np.bool_], floor_m: Floats, below: Storey, cell_m: float
) -> npt.NDArray[np.bool_]:
    """Return where a storey is: where its floor was seen, and what is hidden close to that.

    Where there is room through its height, as over a ramp beside it, it is not.
    """
    from scipy import ndimage  # noqa: PLC0415 - takes 0.2 s

    close = ndimage.distance_transform_edt(~measured) * cell_m < _HIDDEN_M
    is_room = np.isfinite(below.ceiling_m) & (below.ceiling_m > floor_m)
    return np.asarray(measured | (close & ~is_room))


def _joined_floor(surfaces: list[Surface], cell_m: float) -> tuple[Floats, list[Surface]]:
    """Take the lowest surface, and with it what continues it elsewhere, as a ramp from it does."""
    widest = max(s.cells for s in surfaces)
    first = next(s for s in surfaces if s.cells >= 0.15 * widest)
    floor, rest = first.height_m.copy(), []
    for other in surfaces:
        if other is first:
            continue
        above = other.height_m - filled_in(floor, cell_m)
        begins_m, usual_m = np.nanpercentile(above, (_FOOT_PERCENT, 50))
        overlap = np.isfinite(other.height_m) & np.isfinite(floor)
        if min(abs(begins_m), abs(usual_m)) < _KNEE_M and overlap.sum() <= 0.1 * other.cells:
            floor = np.where(np.isnan(floor), other.height_m, floor)
        else:
            rest.append(other)
    return floor, rest


def _median_above(surface: Surface, floor_m: Floats) -> float:
    return float(np.nanmedian(surface.height_m - floor_m))


def _ceiling(over: list[Surface], floor_m: Floats, columns: PointIndex) -> Floats:
    """Return the lowest surface over each column; infinite where nothing wide hangs near it."""
    lowest = np.full(columns.shape, np.nan)
    for surface in over:
        high_enough = np.where(
            surface.height_m - floor_m > _LEAST_HEADROOM_M, surface.height_m, np.nan
        )
        lowest = np.fmin(lowest, high_enough)
    if np.isfinite(lowest).sum() < _LEAST_CEILING * _filled(columns):
        return np.full(columns.shape, np.inf)
    above = filled_in(
        lowest - floor_m, columns.cell_m
    )  # a ramp's ceiling follows its floor where it was not seen
    return np.asarray(np.where(np.isfinite(lowest), lowest, floor_m + above))


def _above_ceiling(left: list[Surface], over: list[Surface], floor_m: Floats) -> list[Surface]:
    """Return what is left once a storey has its ceiling: the next floor, and all above that.

    A slab is seen from both sides: its lower side is the ceiling, its upper side the next floor.
    """
    # above the floor, since pieces of one ceiling over a ramp lie at different heights
    heights = {id(s): _median_above(s, floor_m) for s in left}
    every = list(heights.values())
    floors = [height for s in over if _is_floor(height := heights[id(s)], every)]
    next_floor = min(floors, default=math.inf)
    return [s for s in left if s not in over or heights[id(s)] >= next_floor]


def _is_floor(height_m: float, every_m: list[float]) -> bool:
    """Tell whether a surface has room above it, and no other side of the same slab."""
    higher = [other - height_m for other in every_m if other - height_m > 0.1]
    return not any(gap < 1.2 for gap in higher) and any(gap > _LEAST_HEADROOM_M for gap in higher)


def filled_in(heights_m: Floats, cell_m: float) -> Floats:
    """Return a height map with its gaps filled, smoothly, from the seen columns and their slope.

    What cars hide of a ramp, and its ends, rise as it does around them.
    """
    known = np.isfinite(heights_m)
    if known.all() or not known.any():
        return np.where(known, heights_m, 0.0)
    from scipy import ndimage  # noqa: PLC0415 - takes 0.2 s

    nearest = ndimage.distance_transform_edt(~known, return_distances=False, return_indices=True)
    reach = 1 + int(_SLOPE_M / cell_m)
    away = np.clip(np.indices(known.shape) - nearest, -reach, reach)
    slopes = _slopes(np.where(known, heights_m, 0.0), known, 2 * reach + 1)
    filled = heights_m[tuple(nearest)]
    filled += sum(slope[tuple(nearest)] * off for slope, off in zip(slopes, away, strict=True))
    for _step in range(12):  # a few steps of heat flow from the seen columns into the gaps
        wider = np.pad(filled, 1, mode="reflect", reflect_type="odd")
        flowed = ndimage.uniform_filter(wider, 3)[1:-1, 1:-1]
        filled = np.where(known, heights_m, flowed)
    return np.asarray(filled)


def _slopes(heights_m: Floats, known: npt.NDArray[np.bool_], side: int) -> tuple[Floats, Floats]:
    """Return how much the seen columns around each rise per column, along x and along y."""
    from scipy import ndimage  # noqa: PLC0415 - takes 0.2 s

    def around(values: npt.NDArray[np.floating]) -> Floats:
        return np.asarray(ndimage.uniform_filter(values * known, side, mode="constant"))

    places = np.indices(known.shape).astype(np.float64)
    x, y = places[0], places[1]
    share = np.maximum(around(np.ones(known.shape)), 1e-9)
    mx, my, mz = around(x) / share, around(y) / share, around(heights_m) / share
    held = _STIFF / (share * side**2)
    vxx, vyy = around(x * x) / share - mx * mx + held, around(y * y) / share - my * my + held
    vxy = around(x * y) / share - mx * my
    vxz, vyz = around(x * heights_m) / share - mx * mz, around(y * heights_m) / share - my * mz
    det = vxx * vyy - vxy * vxy
    return (vxz * vyy - vyz * vxy) / det, (vyz * vxx - vxz * vxy) / det


def _between(map_m: Floats, xy_m: npt.NDArray[np.floating], low_m: Vec2, cell_m: float) -> Floats:
    x, y = (np.ascontiguousarray(xy_m[:, axis], np.float64) for axis in (0, 1))
    return _bilinear(map_m, x, y, low_m, cell_m)


@kernel
def _bilinear(map_m: Floats, x: Floats, y: Floats, low: Vec2, cell: float) -> Floats:
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
        own = map_m[i if fu < 0.5 else i1, j if fv < 0.5 else j1]
        if np.isinf(own):
            heights[n] = np.inf
            continue
        heights[n] = (_or_own(map_m[i, j], own) * (1 - fu) + _or_own(map_m[i1, j], own) * fu) * (
            1 - fv
        ) + (_or_own(map_m[i, j1], own) * (1 - fu) + _or_own(map_m[i1, j1], own) * fu) * fv
    return heights


@kernel
def _or_own(height_m: float, own_m: float) -> float:
    """Return a neighbour's height; beyond the edge of a storey there is none, but the own one."""
    return own_m if np.isinf(height_m) else height_m
