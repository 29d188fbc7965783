"""Takes sets of points apart by the gaps in them, and finds the ring around a set."""

import numpy as np
import numpy.typing as npt

from annotator.geometry.neighbours import PointIndex, Points, Rows

Floats = npt.NDArray[np.float64]


def spacing_m(xyz_m: npt.NDArray[np.floating]) -> float:
    """Return the usual distance from a point to its nearest neighbour; 0 for fewer than two."""
    from scipy.spatial import cKDTree  # noqa: PLC0415 - takes 0.2 s

    if len(xyz_m) < 2:
        return 0.0
    some = xyz_m[:: max(1, len(xyz_m) // 2000)].astype(np.float64)
    distance, _row = cKDTree(xyz_m.astype(np.float64)).query(some, k=2)
    return float(np.median(distance[:, 1]))


def parts_by_gap(xyz_m: npt.NDArray[np.floating], gap_m: float) -> npt.NDArray[np.int64]:
    """Return the part that each point is in, shape (N,); gaps separate parts, 0 is the largest.

    Points in one cell of a quarter of the gap count as one, so gaps are kept to that accuracy.
    """
    from scipy.sparse import coo_array  # noqa: PLC0415 - takes 0.2 s
    from scipy.sparse.csgraph import connected_components  # noqa: PLC0415
    from scipy.spatial import cKDTree  # noqa: PLC0415

    if not len(xyz_m):
        return np.zeros(0, np.int64)
    points = np.asarray(xyz_m, np.float64)
    cells = np.floor((points - points.min(axis=0)) / (gap_m / 4)).astype(np.int64)
    _cells, first, cell_of = np.unique(cells, axis=0, return_index=True, return_inverse=True)
    pairs = cKDTree(points[first]).query_pairs(gap_m, output_type="ndarray")
    graph = coo_array(
        (np.ones(len(pairs), np.bool_), (pairs[:, 0], pairs[:, 1])), (len(first),) * 2
    )
    part = connected_components(graph, directed=False)[1][cell_of.ravel()]
    order = np.argsort(-np.bincount(part), kind="stable")
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    return np.asarray(rank[part])


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
