"""How well a fit could do that knew each object's own points and placed seen faces exactly."""

import math

import numpy as np
import numpy.typing as npt

from annotator.geometry.extents import Axis
from annotator.model.shapes import Box3D

Floats = npt.NDArray[np.float64]

ON_FACE_M = 0.06
LEAST_POINTS, LEAST_SHARE = 4, 0.35


def known_faces(truth: Box3D, own_m: Floats) -> Box3D:
    """Return the box that follows from what an object's own points show of the truth.

    A face counts as seen where at least four points lie within 6 cm of it, over a third of its
    length; it, the turn and the height are taken from the truth. What is hidden is reckoned from
    the object's last points and the made cars' usual size: where it ends nobody can know.

    Parameters
    ----------
    own_m
        The object's own points, shape (N, 3), in the axes of the box.
    """
    c, s = math.cos(truth.yaw_rad), math.sin(truth.yaw_rad)
    own = (own_m[:, :2] - truth.center_m[:2]) @ np.array([[c, -s], [s, c]])
    (front, back), (left, right) = (_ends(own, axis, truth) for axis in (0, 1))
    u, v = (front + back) / 2, (left + right) / 2
    x, y = truth.center_m[0] + c * u - s * v, truth.center_m[1] + s * u + c * v
    size = (front - back, left - right, truth.size_m[2])
    return Box3D((x, y, truth.center_m[2]), size, truth.yaw_rad)


def _ends(own: Floats, axis: int, truth: Box3D) -> tuple[float, float]:
    half, across = truth.size_m[axis] / 2, truth.size_m[1 - axis]
    high, low = (
        sign * half if _is_seen(own, axis, sign * half, across) else math.nan for sign in (1, -1)
    )
    places = np.clip(np.sort(own[:, axis]), -half, half)
    reach = float(places[-1]), float(places[0])
    no_ground = np.zeros(0)
    return Axis(
        high, low, (half, -half), places, reach, no_ground, USUAL_M[axis], SPREAD_M[axis]
    ).ends()


USUAL_M, SPREAD_M = (4.5, 1.82), (0.25, 0.05)
"""The made cars' own mean length and width, and how far they stray."""


def _is_seen(own: Floats, axis: int, at_m: float, long_m: float) -> bool:
    along = own[np.abs(own[:, axis] - at_m) < ON_FACE_M, 1 - axis]
    return len(along) >= LEAST_POINTS and bool(np.ptp(along) > LEAST_SHARE * long_m)
