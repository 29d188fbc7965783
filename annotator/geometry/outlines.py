"""Keeps outlines short, and finds the place on one that is nearest to a pointer."""

import math
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from annotator.model.shapes import Vec2, Vec3

Floats = npt.NDArray[np.float64]


def simplified(ring_m: Sequence[Vec3], *, within_m: float = 0.03) -> tuple[Vec3, ...]:
    """Return an outline without the corners that hardly bend it; at least three stay.

    The corner that lies nearest to the line between its neighbours goes first (in the manner of
    Visvalingam and Whyatt 1993, by distance instead of area).
    """
    ring = list(ring_m)
    while len(ring) > 3:
        off = [_off_m(ring[k - 1], ring[k], ring[(k + 1) % len(ring)]) for k in range(len(ring))]
        least = int(np.argmin(off))
        if off[least] > within_m:
            break
        del ring[least]
    return tuple(ring)


def nearest_vertex(places_px: Floats, at_px: Vec2, within_px: float) -> int | None:
    """Return which of the (N, 2) places is nearest to a pixel, if any is near enough."""
    apart = np.hypot(*(places_px - np.asarray(at_px)).T)
    apart = np.where(np.isfinite(apart), apart, np.inf)
    best = int(apart.argmin())
    return best if apart[best] <= within_px else None


def nearest_edge(
    places_px: Floats, at_px: Vec2, within_px: float, *, closed: bool
) -> tuple[int, float] | None:
    """Return the vertex that the nearest edge starts at, and where on it, 0 to 1."""
    count = len(places_px)
    best: tuple[float, int, float] | None = None
    for start in range(count if closed else count - 1):
        a, b = places_px[start], places_px[(start + 1) % count]
        if not (np.isfinite(a).all() and np.isfinite(b).all()):
            continue
        way = b - a
        share = float(np.clip((np.asarray(at_px) - a) @ way / max(way @ way, 1e-9), 0, 1))
        apart = math.dist(a + share * way, at_px)
        if apart <= within_px and (best is None or apart < best[0]):
            best = (apart, start, share)
    return None if best is None else best[1:]


def contains(ring_m: Sequence[Vec3], at_m: Vec2) -> bool:
    """Tell whether a place in plan lies inside an outline, by the even-odd rule."""
    is_inside = False
    for a, b in pairwise((*ring_m, ring_m[0])):
        if (a[1] <= at_m[1]) != (b[1] <= at_m[1]):
            x = a[0] + (at_m[1] - a[1]) * (b[0] - a[0]) / (b[1] - a[1])
            is_inside ^= at_m[0] < x
    return is_inside


def _off_m(before: Vec3, at: Vec3, after: Vec3) -> float:
    wide = math.dist(before[:2], after[:2])
    if wide == 0:
        return math.dist(before[:2], at[:2])
    cross = (after[0] - before[0]) * (at[1] - before[1]) - (after[1] - before[1]) * (
        at[0] - before[0]
    )
    return abs(cross) / wide
