"""Tells where a wall goes on unseen: in the shadow of what stands before it, or between rays."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from annotator.geometry.neighbours import Points
from annotator.kernels import kernel
from annotator.model.shapes import Vec2, Vec3

Floats = npt.NDArray[np.float64]

_BEFORE_M = 0.2
_STEPS = 3.0


@dataclass(frozen=True, slots=True, eq=False)
class Sight:
    """How a wall was seen, along its face.

    Attributes
    ----------
    stopped_m
        Where rays were going that something stopped before the wall, shape (M,).
    sensor_along_m, sensor_apart_m
        Where the scan was taken: along the face, and away from it.
    """

    stopped_m: Floats
    sensor_along_m: float
    sensor_apart_m: float

    def may_be_m(self, places_m: Floats, gap_m: float) -> Floats:
        """Return how long a gap may be behind each of some sorted places, shape (N,).

        Rays fan out: a few of their steps are no gap, however far apart they meet a wall askew.
        """
        ahead = places_m - self.sensor_along_m
        step_rad = _usual_step_rad(np.arctan2(ahead, self.sensor_apart_m))
        away2 = ahead**2 + self.sensor_apart_m**2
        return np.maximum(gap_m, _STEPS * step_rad * away2 / max(self.sensor_apart_m, 1e-6))


def sight_of(
    xyz_m: Points, sensor_m: Vec3, at_m: Vec3, plane: tuple[Floats, float], heights_m: Vec2
) -> Sight:
    """Return how a wall was seen from a place.

    Parameters
    ----------
    xyz_m
        The whole scan, taken from ``sensor_m``.
    plane
        Normal in plan, shape (2,), and offset about ``at_m``, of the wall's face.
    heights_m
        Between which heights a ray would have met the wall.
    """
    normal, offset = plane
    nx, ny = float(normal[0]), float(normal[1])
    face = (at_m[0], at_m[1], nx, ny, float(offset))
    x, y = sensor_m[0] - at_m[0], sensor_m[1] - at_m[1]
    stopped = _stopped(xyz_m, sensor_m, face, heights_m, _BEFORE_M)
    return Sight(stopped, -x * ny + y * nx, abs(x * nx + y * ny - float(offset)))


def spans(places_m: Floats, gap_m: float, sight: Sight | None = None) -> list[Vec2]:
    """Return from where to where sorted places follow each other without a longer gap.

    Where a sight is given, a shadow is no gap; no span begins or ends in one.
    """
    places, gaps_m = places_m, np.full(len(places_m), gap_m)
    if sight is not None:
        places = np.sort(np.concatenate([places_m, sight.stopped_m]))
        gaps_m = sight.may_be_m(places, gap_m)
    breaks = np.flatnonzero(np.diff(places) > gaps_m[:-1])
    edges = np.concatenate([[-np.inf], (places[breaks] + places[breaks + 1]) / 2, [np.inf]])
    first = np.searchsorted(places_m, edges)
    return [
        (float(places_m[a]), float(places_m[b - 1])) for a, b in pairwise(first.tolist()) if a < b
    ]


def _usual_step_rad(turns_rad: Floats) -> float:
    """Return the usual step from one column of rays to the next; 0 where there are none."""
    steps = np.diff(np.sort(turns_rad))
    wide = steps[steps > 1e-4]  # points of one column differ by less
    return float(np.median(wide)) if len(wide) else 0.0


@kernel
def _stopped(
    xyz_m: Points,
    sensor: Vec3,
    face: tuple[float, float, float, float, float],
    heights: Vec2,
    before_m: float,
) -> Floats:
    ax, ay, nx, ny, offset = face
    found = np.empty(len(xyz_m))
    n = 0
    own = (sensor[0] - ax) * nx + (sensor[1] - ay) * ny - offset
    for i in range(len(xyz_m)):
        x, y, z = np.float64(xyz_m[i, 0]), np.float64(xyz_m[i, 1]), np.float64(xyz_m[i, 2])
        apart = (x - ax) * nx + (y - ay) * ny - offset
        # Toward the wall, on its near side, and not on it.
        if not (abs(apart) < abs(own) and apart * own > 0 and abs(apart) > before_m):
            continue
        ahead = own / (own - apart)
        up = sensor[2] + ahead * (z - sensor[2])
        if heights[0] <= up <= heights[1]:
            u, v = sensor[0] + ahead * (x - sensor[0]), sensor[1] + ahead * (y - sensor[1])
            found[n] = -(u - ax) * ny + (v - ay) * nx
            n += 1
    return found[:n]
