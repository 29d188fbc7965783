"""The voxels inside an outline that is drawn on a cut."""

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from annotator.imaging.slabs import Plane
from annotator.model.layers import Where
from annotator.model.shapes import Vec3
from annotator.model.volume import Hu

ELLIPSE_POINTS = 64


def inside_outline(
    hu: Hu,
    outline: Sequence[Vec3],
    *,
    plane: Plane,
    low_hu: float = -math.inf,
    high_hu: float = math.inf,
) -> Where:
    """Return the sorted flat indices whose centre lies in a closed outline, by the even-odd rule.

    Parameters
    ----------
    outline
        Continuous (i, j, k), all on one cut of ``plane``; the last joins the first.
    low_hu, high_hu
        Voxels outside this range are left out.
    """
    if len(outline) < 3:
        return np.zeros(0, np.int64)
    points = np.array(outline, np.float64)[:, ::-1]
    index = round(float(points[0, plane.axis]))
    if not 0 <= index < hu.shape[plane.axis]:
        return np.zeros(0, np.int64)
    down, right = (axis for axis in range(3) if axis != plane.axis)
    y, x = np.meshgrid(
        _span(points[:, down], hu.shape[down]),
        _span(points[:, right], hu.shape[right]),
        indexing="ij",
    )
    inside = _even_odd(y, x, points[:, (down, right)])
    at = np.empty((3, int(inside.sum())), np.int64)
    at[plane.axis], at[down], at[right] = index, y[inside], x[inside]
    where = np.asarray(np.ravel_multi_index(tuple(at), hu.shape), np.int64)
    values = hu.ravel()[where]
    return np.sort(where[(values >= low_hu) & (values <= high_hu)])


def ellipse(start: Vec3, end: Vec3, plane: Plane) -> tuple[Vec3, ...]:
    """Return the outline of the ellipse in the rectangle between two corners of one cut."""
    a, b = np.array(start), np.array(end)
    center, radius = (a + b) / 2, np.abs(b - a) / 2
    right, down = (axis for axis in range(3) if 2 - axis != plane.axis)
    turn = np.arange(ELLIPSE_POINTS) * math.tau / ELLIPSE_POINTS
    points = np.tile(center, (ELLIPSE_POINTS, 1))
    points[:, right] += radius[right] * np.cos(turn)
    points[:, down] += radius[down] * np.sin(turn)
    return tuple((x, y, z) for x, y, z in points.tolist())


def _span(places: npt.NDArray[np.float64], size: int) -> npt.NDArray[np.int64]:
    """Return the indices from the first place to the last, within the volume."""
    first = max(0, math.floor(float(places.min())))
    return np.arange(first, min(size - 1, math.ceil(float(places.max()))) + 1)


def _even_odd(
    y: npt.NDArray[np.int64], x: npt.NDArray[np.int64], points: npt.NDArray[np.float64]
) -> npt.NDArray[np.bool_]:
    inside = np.zeros(y.shape, np.bool_)
    for (y0, x0), (y1, x1) in zip(points, np.roll(points, -1, axis=0), strict=True):
        if y0 == y1:
            continue
        crosses = (y0 > y) != (y1 > y)
        inside ^= crosses & (x < (x1 - x0) * (y - y0) / (y1 - y0) + x0)
    return inside
