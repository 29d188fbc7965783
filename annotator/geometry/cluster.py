"""Grows the object under a click by the gaps between its points, and outlines it in plan."""

import numpy as np
import numpy.typing as npt

from annotator.errors import AnnotatorError
from annotator.geometry.between_floors import beneath, is_beneath, standing
from annotator.geometry.ground import Ground
from annotator.geometry.neighbours import PointIndex, Rows
from annotator.geometry.parts import gathered
from annotator.i18n import gettext as _
from annotator.model.shapes import Polygon3D, Vec3

Floats = npt.NDArray[np.float64]

_STRIPS = 2000


class NothingToGrowError(AnnotatorError):
    """A click with no object's point near it."""


def grow_cluster(
    index: PointIndex,
    ground: Ground,
    at_m: Vec3,
    *,
    gap_m: float = 0.25,
    most_m: float = 8.0,
    floor_m: float = 0.1,
) -> Rows:
    """Return the rows of the points that hang together around a click, sorted.

    Parameters
    ----------
    gap_m
        Points further apart than this belong to two objects.
    most_m
        Nothing further than this from the click, in plan, is taken.
    floor_m
        What is lower above the floor, or nearer below the ceiling, is left out. From a place
        below the floor grows what lies below it; where no floor was seen, nothing is left out.

    Raises
    ------
    NothingToGrowError
        If no point off floor and ceiling lies within 0.5 m of the click.
    """
    near, storey = index.within(at_m[0], at_m[1], most_m), ground.storey_at(*at_m)
    if not ground.is_seen:
        rows, xyz = near, index.xyz_m[near].astype(np.float64)
    elif is_beneath(ground, at_m):
        rows, xyz = beneath(index, ground, near, storey, below_m=floor_m)
    else:
        rows, xyz = standing(index, ground, near, storey, above_m=floor_m, below_m=floor_m)
    apart = np.linalg.norm(xyz - at_m, axis=1)
    if not len(apart) or apart.min() > 0.5:
        raise NothingToGrowError(_("there is nothing here; click a point of the object"))
    return np.sort(rows[_reached(xyz, int(apart.argmin()), gap_m)])


def _reached(points: Floats, at: int, gap_m: float) -> npt.NDArray[np.bool_]:
    """Tell which points are reached from one; those in a cell of a quarter of the gap are one."""
    from scipy.spatial import cKDTree  # noqa: PLC0415 - takes 0.2 s

    xyz, cell_of = gathered(points, gap_m / 4)
    tree, seed = cKDTree(xyz), int(cell_of[at])
    taken = np.zeros(len(xyz), np.bool_)
    taken[seed] = True
    front = np.array([seed])
    while len(front):
        near = tree.query_ball_point(xyz[front], gap_m)
        reached = np.unique(np.concatenate([np.asarray(n, np.int64) for n in near]))
        front = reached[~taken[reached]]
        taken[front] = True
    return taken[cell_of]


def contour(xyz_m: npt.NDArray[np.floating], height_m: float | None = None) -> Polygon3D:
    """Return the convex outline of points in plan, counter-clockwise, at one height.

    Parameters
    ----------
    xyz_m
        Shape (N, 3), metres; NaN rows are passed over.
    height_m
        Where the polygon lies; by default at the lowest point.

    Raises
    ------
    NothingToGrowError
        If the points do not span an area.
    """
    points = np.asarray(xyz_m, np.float64)
    points = points[np.isfinite(points).all(axis=1)]
    hull = _hull(_outermost(points[:, :2])) if len(points) else points
    if len(hull) < 3:
        raise NothingToGrowError(_("these points span no area; take more of the object"))
    z = float(points[:, 2].min()) if height_m is None else height_m
    return Polygon3D(tuple((float(x), float(y), z) for x, y in hull))


def _outermost(plan: Floats) -> Floats:
    """Return the lowest and the highest y in each of many narrow strips along x.

    A hull of these differs from the hull of all by less than a strip, and takes a hundredth of
    the time.
    """
    if len(plan) <= 4 * _STRIPS:
        return plan
    x = plan[:, 0]
    width = max(float(np.ptp(x)) / _STRIPS, 1e-9)
    strip = ((x - x.min()) / width).astype(np.int64)
    order = np.lexsort((plan[:, 1], strip))
    ordered = strip[order]
    first = np.flatnonzero(np.diff(ordered, prepend=-1))
    last = np.append(first[1:] - 1, len(ordered) - 1)
    ends = [int(x.argmin()), int(x.argmax())]
    return np.asarray(plan[np.unique(np.concatenate([order[first], order[last], ends]))])


def _hull(plan: Floats) -> Floats:
    """Return the convex hull, counter-clockwise (Andrew 1979, monotone chain)."""
    ordered = np.unique(plan, axis=0)
    if len(ordered) < 3:
        return ordered
    return np.array(_half(ordered)[:-1] + _half(ordered[::-1])[:-1])


def _half(ordered: Floats) -> list[tuple[float, float]]:
    chain: list[tuple[float, float]] = []
    for x, y in ordered.tolist():
        while len(chain) > 1 and _turn(chain[-2], chain[-1], (x, y)) <= 1e-9:
            chain.pop()
        chain.append((x, y))
    return chain


def _turn(a: tuple[float, float], b: tuple[float, float], c: tuple[float, float]) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
