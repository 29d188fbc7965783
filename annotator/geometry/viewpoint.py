"""Tells where the rays of a scan passed without meeting anything."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from annotator.kernels import kernel
from annotator.model.shapes import Vec2, Vec3

Floats = npt.NDArray[np.float64]
Points = npt.NDArray[np.float32]

_BEHIND_M = 0.2


@dataclass(frozen=True, slots=True, eq=False)
class Rays:
    """Rays from the place of a scan to its points, all about some anchor.

    Attributes
    ----------
    ends_m
        Shape (N, 3), metres.
    start_m
        Where the scan was taken.
    """

    ends_m: Points
    start_m: Vec3

    def places(self, yaw_rad: float, reach_m: Vec2, heights_m: Vec2) -> Floats:
        """Return between which places along a turned axis rays passed freely, shape (M, 2).

        Parameters
        ----------
        yaw_rad
            The axis's turn about +z.
        reach_m, heights_m
            Across the axis, and upward: from where to where something solid would stop a ray.
        """
        turn = (float(np.cos(yaw_rad)), float(np.sin(yaw_rad)))
        return _free_places(self.ends_m, self.start_m, turn, reach_m, heights_m)


def rays_beside(xyz_m: Points, sensor_m: Vec3, anchor_m: Vec3, reach_m: float) -> Rays:
    """Return the rays that may have passed within a reach of an anchor, about it."""
    near = _beside(xyz_m, sensor_m, anchor_m, reach_m)
    x, y, z = (s - a for s, a in zip(sensor_m, anchor_m, strict=True))
    return Rays(xyz_m[near] - np.array(anchor_m, np.float32), (x, y, z))


@kernel
def _beside(xyz_m: Points, sensor: Vec3, anchor: Vec3, reach: float) -> npt.NDArray[np.bool_]:
    near = np.zeros(len(xyz_m), np.bool_)
    dx, dy = anchor[0] - sensor[0], anchor[1] - sensor[1]
    away = np.hypot(dx, dy)
    for i in range(len(xyz_m)):
        x, y = xyz_m[i, 0] - sensor[0], xyz_m[i, 1] - sensor[1]
        far = np.hypot(x, y)
        if not far > away - reach:
            continue
        ahead = x * dx + y * dy
        near[i] = ahead > 0 and abs(x * dy - y * dx) <= reach * far
    return near


@kernel
def _free_places(ends: Points, start: Vec3, turn: Vec2, reach: Vec2, heights: Vec2) -> Floats:
    c, s = turn
    su, sv = c * start[0] + s * start[1], -s * start[0] + c * start[1]
    found = np.empty((len(ends), 2))
    n = 0
    for i in range(len(ends)):
        x, y, z = np.float64(ends[i, 0]), np.float64(ends[i, 1]), np.float64(ends[i, 2])
        if not (np.isfinite(x) and np.isfinite(y) and np.isfinite(z)):
            continue
        u, v = c * x + s * y, -s * x + c * y
        enters, leaves = 0.0, 1.0
        for one, other, low, high in (
            (sv, v, reach[0], reach[1]),
            (start[2], z, heights[0], heights[1]),
        ):
            way = other - one
            if abs(way) < 1e-9:
                if one < low or one > high:
                    enters = 2.0
                continue
            first, last = (low - one) / way, (high - one) / way
            enters, leaves = max(enters, min(first, last)), min(leaves, max(first, last))
        length = np.sqrt((u - su) ** 2 + (v - sv) ** 2 + (z - start[2]) ** 2)
        leaves = min(leaves, 1.0 - _BEHIND_M / max(length, 1e-6))
        if enters >= leaves:
            continue
        a, b = su + enters * (u - su), su + leaves * (u - su)
        found[n, 0], found[n, 1] = min(a, b), max(a, b)
        n += 1
    return found[:n]
