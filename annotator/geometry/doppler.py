"""Arrows for what a radar measured of each point's motion."""

import numpy as np
import numpy.typing as npt

from annotator.model.cloud import PointCloud
from annotator.model.shapes import Vec3

VELOCITY = "velocity"
_SLOWEST_M_S = 0.3
_LENGTH_S = 0.5
"""An arrow ends where the point would be after this time."""
_MOST = 4000


def doppler_arrows(cloud: PointCloud, sensor_m: Vec3) -> npt.NDArray[np.float64]:
    """Return an arrow along its ray for each point that moves.

    A radar measures only the motion toward it or away, so an arrow says no more than that.

    Parameters
    ----------
    cloud
        In world axes, with the field ``velocity``: metres a second away from the sensor, over
        ground. Without that field there are no arrows.
    sensor_m
        Where the scan was taken, in the world.

    Returns
    -------
    numpy.ndarray
        Shape (K, 2, 3): foot and head in world metres, of the fastest points first where there
        are too many to be seen.
    """
    speeds = cloud.fields.get(VELOCITY)
    if speeds is None or speeds.ndim != 1:
        return np.zeros((0, 2, 3))
    away = np.nan_to_num(speeds.astype(np.float64), posinf=0.0, neginf=0.0)
    rows = np.flatnonzero((np.abs(away) >= _SLOWEST_M_S) & cloud.finite())
    rows = rows[np.argsort(-np.abs(away[rows]), kind="stable")[:_MOST]]
    feet = cloud.xyz_m[rows].astype(np.float64) + np.asarray(cloud.origin_m)
    rays = feet - np.asarray(sensor_m)
    lengths = np.maximum(np.linalg.norm(rays, axis=1, keepdims=True), 1e-6)
    heads = feet + rays / lengths * (_LENGTH_S * away[rows])[:, None]
    return np.stack([feet, heads], axis=1)
