"""Takes sets of points apart by the gaps in them, and finds the ring around a set."""

import numpy as np
import numpy.typing as npt

from annotator.geometry.neighbours import PointIndex, Points, Rows
from annotator.model.shapes import Vec3

Floats = npt.NDArray[np.float64]

_AROUND_M, _AROUND, _EIGHTH = 1.0, 40, 8
_GAPS_M = (0.15, 0.8)


def spacing_m(xyz_m: npt.NDArray[np.floating]) -> float:
    """Return the usual distance from a point to its nearest neighbour; 0 for fewer than two."""
    from scipy.spatial import cKDTree  # noqa: PLC0415 - takes 0.2 s

    if len(xyz_m) < 2:
        return 0.0
    some = xyz_m[:: max(1, len(xyz_m) // 2000)].astype(np.float64)
    distance, _row = cKDTree(xyz_m.astype(np.float64)).query(some, k=2)
    return float(np.median(distance[:, 1]))


def bridging_gap_m(index: PointIndex, at_m: Vec3) -> float:
    """Return a gap that the points around a place bridge.

    A lidar's points are dense along its rings and sparse across them, so the eighth neighbour is
    asked, which on a surface lies on the next ring.
    """
    from scipy.spatial import cKDTree  # noqa: PLC0415 - takes 0.2 s

    points = index.xyz_m[index.within(at_m[0], at_m[1], _AROUND_M)].astype(np.float64)
    near = points[np.argsort(np.linalg.norm(points - at_m, axis=1))[:_AROUND]]
    if len(near) <= _EIGHTH:
        return _GAPS_M[1]
    distance, _row = cKDTree(points).query(near, k=_EIGHTH + 1)
    return float(np.clip(1.5 * np.median(distance[:, -1]), *_GAPS_M))


def parts_by_gap(xyz_m: npt.NDArray[np.floating], gap_m: float) -> npt.NDArray[np.int64]:
    """Return the part that each point is in, shape (N,); gaps separate parts, 0 is the largest.

    Points in one cell of a quarter of the gap count as one, so gaps are kept to that accuracy.
    """
    from scipy.sparse import coo_array  # noqa: PLC0415 - takes 0.2 s
    from scipy.sparse.csgraph import connected_components  # noqa: PLC0415
    from scipy.spatial import cKDTree  # noqa: PLC0415

    if not len(xyz_m):
        return np.zeros(0, np.int64)
    middles, cell_of = gathered(xyz_m, gap_m / 4)
    pairs = cKDTree(middles).query_pairs(gap_m, output_type="ndarray")
    size = (len(middles), len(middles))
    graph = coo_array((np.ones(len(pairs), np.bool_), (pairs[:, 0], pairs[:, 1])), size)
    return _largest_first(connected_components(graph, directed=False)[1][cell_of])


def parts_without_crumbs(
    xyz_m: npt.NDArray[np.floating], gap_m: float, *, least: int
) -> npt.NDArray[np.int64]:
    """Return parts as `parts_by_gap` does; each of fewer points than ``least`` is of the nearest.

    The largest is a part however few points it has.
    """
    from scipy.spatial import cKDTree  # noqa: PLC0415 - takes 0.2 s

    part = parts_by_gap(xyz_m, gap_m)
    whole = max(1, int((np.bincount(part) >= least).sum()))
    kept, loose = np.flatnonzero(part < whole), np.flatnonzero(part >= whole)
    if not len(loose):
        return part
    points = np.asarray(xyz_m, np.float64)
    off_m, near = cKDTree(points[kept]).query(points[loose])
    nearest_first = np.lexsort((off_m, part[loose]))
    _crumbs, first = np.unique(part[loose][nearest_first], return_index=True)
    of = part[kept][near[nearest_first][first]]
    return _largest_first(np.concatenate([np.arange(whole), of])[part])


def _largest_first(part: npt.NDArray[np.integer]) -> npt.NDArray[np.int64]:
    """Return parts numbered anew, by how many points they have."""
    order = np.argsort(-np.bincount(part), kind="stable")
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    return np.asarray(rank[part])


def gathered(
    xyz_m: npt.NDArray[np.floating], cell_m: float
) -> tuple[Floats, npt.NDArray[np.int64]]:
    """Return the middle of the points in each cell, shape (M, 3), and which cell each is in."""
    points = np.asarray(xyz_m, np.float64)
    cells = np.floor((points - points.min(axis=0)) / cell_m).astype(np.int64)
    wide = cells.max(axis=0) + 1
    keys = (cells[:, 0] * wide[1] + cells[:, 1]) * wide[2] + cells[:, 2]
    _keys, cell_of, counts = np.unique(keys, return_inverse=True, return_counts=True)
    sums = [np.bincount(cell_of, points[:, axis]) for axis in range(3)]
    return np.column_stack(sums) / counts[:, None], np.asarray(cell_of, np.int64)


def ring_around(index: PointIndex, rows: Rows, reach_m: float) -> Rows:
    """Return the sorted rows, not of the set, that lie within reach of a point of the set."""
    xyz = index.xyz_m[rows].astype(np.float64)
    near = _around(index, xyz, reach_m)
    outside = np.setdiff1d(near, rows, assume_unique=True)
    return outside[_is_near(index.xyz_m, outside, xyz, reach_m)]


def border(index: PointIndex, rows: Rows, reach_m: float) -> Rows:
    """Return the sorted rows of the set that lie within reach of a point outside it."""
    outside = ring_around(index, rows, reach_m)
    beyond = index.xyz_m[outside].astype(np.float64)
    return rows[_is_near(index.xyz_m, rows, beyond, reach_m)]


def _around(index: PointIndex, xyz: Floats, reach_m: float) -> Rows:
    if not len(xyz):
        return np.zeros(0, np.int64)
    low, high = xyz[:, :2].min(axis=0), xyz[:, :2].max(axis=0)
    middle = (low + high) / 2
    radius = float(np.hypot(*(high - low))) / 2 + reach_m
    return index.within(float(middle[0]), float(middle[1]), radius)


def _is_near(xyz_m: Points, rows: Rows, of_m: Floats, reach_m: float) -> npt.NDArray[np.bool_]:
    from scipy.spatial import cKDTree  # noqa: PLC0415 - takes 0.2 s

    if not len(rows) or not len(of_m):
        return np.zeros(len(rows), np.bool_)
    distance, _row = cKDTree(of_m).query(
        xyz_m[rows].astype(np.float64), distance_upper_bound=reach_m
    )
    return np.asarray(np.isfinite(distance))
