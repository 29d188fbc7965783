"""Finds the points that lie inside an outline drawn on the screen."""

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from itertools import pairwise
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from annotator.geometry.drawing import ALL_SEEN, Entries, Lens, Mask, Points
from annotator.geometry.projection import NEAR_M, Size
from annotator.kernels import kernel
from annotator.model.shapes import Vec2

R = TypeVar("R")

# How far behind the nearest thing around it a point may lie and still be "in front".
_SURFACE_SHARE = 0.03
_SURFACE_AROUND_PX = 2


def inside(path_px: Sequence[Vec2], size_px: Size) -> Mask:
    """Return which pixel centres lie inside an outline, shape (height, width), 0 or 1.

    The outline closes itself. What it goes around twice is inside, as a hand that overshoots its
    start means it: the nonzero rule of SVG 2, 13.4.2.
    """
    width, height = size_px
    mask = np.zeros((height, width), np.uint8)
    if len(path_px) >= 3:
        _fill(np.asarray(path_px, np.float64), mask)
    return mask


def rows_inside(
    xyz_m: Points,
    seen_by: Lens,
    mask: Mask,
    *,
    slab_m: tuple[float, float] = (-np.inf, np.inf),
    seen: Mask = ALL_SEEN,
    surface: Entries | None = None,
    executor: Executor | None = None,
    parts: int = 1,
) -> npt.NDArray[np.int64]:
    """Return the sorted rows of points whose pixel is marked in ``mask``.

    Parameters
    ----------
    xyz_m
        Points about the scan's origin, shape (N, 3).
    slab_m, seen
        What is hidden is not taken; see `drawing.splat`.
    surface
        A picture of the same view: only points at or close behind its nearest depth are taken.
    executor, parts
        Where to work, in how many parts; here and in one where there is none.
    """
    front = _front_keys(surface, seen_by) if surface is not None else np.zeros((0, 0), np.int64)
    found = np.empty(len(xyz_m), np.int64)  # as much of it is written as is found
    low, high = np.float32(slab_m[0]), np.float32(slab_m[1])
    keys = np.float32(seen_by.keys_per_m)

    def work(part: range) -> npt.NDArray[np.int64]:
        count = _find(
            xyz_m, part.start, part.stop, seen_by.screen_from_cloud, keys, low, high, seen, mask,
            front, found,
        )  # fmt: skip
        return found[part.start : part.start + count]

    return np.concatenate(in_parts(work, len(xyz_m), executor, parts))


def in_parts(
    work: Callable[[range], R], count: int, executor: Executor | None, parts: int
) -> list[R]:
    """Return what work answers on equal parts of a count, side by side where there is an executor.

    The first part is done here: to wait for a thread that sleeps takes a tenth of a millisecond.
    """
    edges = [count * i // parts for i in range(parts + 1)]
    here, *others = [range(a, b) for a, b in pairwise(edges)]
    done = map(work, others) if executor is None else executor.map(work, others)
    return [work(here), *done]


def _front_keys(surface: Entries, seen_by: Lens) -> npt.NDArray[np.int64]:
    """Return the deepest key that still counts as in front at each pixel.

    The nearest of a small neighbourhood is taken, so that what shows through the gaps between the
    points of a near surface does not count as seen.
    """
    keys = (surface >> np.uint64(32)).astype(np.int64)
    reach = _SURFACE_AROUND_PX
    near = keys
    for axis in (0, 1):
        padded = np.pad(
            near, [(reach, reach) if a == axis else (0, 0) for a in (0, 1)], mode="edge"
        )
        near = np.minimum.reduce(
            [np.take(padded, range(s, s + keys.shape[axis]), axis) for s in range(2 * reach + 1)]
        )
    return near + seen_by.keys_within(_SURFACE_SHARE)


@kernel
def _fill(path: npt.NDArray[np.float64], mask: Mask) -> None:
    height, width = mask.shape
    count = len(path)
    crossings = np.empty(count, np.float64)
    turns = np.empty(count, np.int64)
    for line in range(height):
        y = line + 0.5
        found = 0
        for i in range(count):
            x0, y0 = path[i - 1, 0], path[i - 1, 1]
            x1, y1 = path[i, 0], path[i, 1]
            if (y0 <= y) != (y1 <= y):
                crossings[found] = x0 + (y - y0) * (x1 - x0) / (y1 - y0)
                turns[found] = 1 if y1 > y0 else -1
                found += 1
        order = np.argsort(crossings[:found])
        winding = 0
        for place in range(found - 1):
            winding += turns[order[place]]
            if winding == 0:
                continue
            first = max(int(np.ceil(crossings[order[place]] - 0.5)), 0)
            last = min(int(np.ceil(crossings[order[place + 1]] - 0.5)), width)
            for column in range(first, last):
                mask[line, column] = 1


@kernel
def _find(  # noqa: PLR0917 - kernels take no keywords
    xyz: Points,
    start: int,
    stop: int,
    screen: npt.NDArray[np.float32],
    keys_per_m: np.float32,
    low: np.float32,
    high: np.float32,
    seen: Mask,
    mask: Mask,
    front: npt.NDArray[np.int64],
    found: npt.NDArray[np.int64],
) -> int:
    """Write the rows that are inside to ``found`` from ``start`` on; return how many they are."""
    height, width = mask.shape
    masked, surface, linear = len(seen) > 0, len(front) > 0, keys_per_m > 0
    one, near = np.float32(1), np.float32(NEAR_M)
    at = start
    for i in range(start, stop):
        x, y, z = xyz[i, 0], xyz[i, 1], xyz[i, 2]
        if not (low <= z <= high):
            continue
        w = screen[3, 0] * x + screen[3, 1] * y + screen[3, 2] * z + screen[3, 3]
        if not (w >= near):
            continue
        scale = one / w
        u = (screen[0, 0] * x + screen[0, 1] * y + screen[0, 2] * z + screen[0, 3]) * scale
        v = (screen[1, 0] * x + screen[1, 1] * y + screen[1, 2] * z + screen[1, 3]) * scale
        if not (u >= 0 and u < width and v >= 0 and v < height):
            continue
        if mask[int(v), int(u)] == 0 or (masked and seen[i] == 0):
            continue
        if surface:
            depth = screen[2, 0] * x + screen[2, 1] * y + screen[2, 2] * z + screen[2, 3]
            if linear:
                key = np.int64(min(max(depth * keys_per_m, -2.0e9), 2.0e9)) + (1 << 31)
            else:
                key = np.int64(np.float32(depth).view(np.uint32))
            if key > front[int(v), int(u)]:
                continue
        found[at] = i
        at += 1
    return at - start
