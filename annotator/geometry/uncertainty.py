"""Tells how far off each point of a scan may be, where its sensor says so, as a size to draw."""

import math

import numpy as np
import numpy.typing as npt

from annotator.geometry.drawing import Mask
from annotator.model.cloud import PointCloud
from annotator.model.shapes import Vec3

Floats = npt.NDArray[np.float64]

# Each row: along and across, in metres, or as the codes of Continental's ARS 404/408 (see below).
_ACROSS = (
    ("x_rms", "y_rms"),  # nuScenes
    ("dist_long_rms", "dist_lat_rms"),
    ("x_std", "y_std"),
    ("std_x", "std_y"),
    ("sigma_x", "sigma_y"),
)
_POLAR = (
    ("range_std", "azimuth_std"),
    ("range_sigma", "azimuth_sigma"),
    ("range_rms", "azimuth_rms"),
)
_ALONE = ("dist_std", "position_std", "uncertainty")
_CODES, _INVALID = 31, 31
_FIRST_M, _LAST_M = 0.005, 10.0
_SURE_M, _UNSURE_M = 0.1, 2.0
_LARGEST = 5.0
_MOST_PX = 40


def is_told(cloud: PointCloud) -> bool:
    """Tell whether a scan says how far off its points may be."""
    return any(set(names) <= set(cloud.fields) for names in (*_ACROSS, *_POLAR)) or any(
        name in cloud.fields for name in _ALONE
    )


def spread_m(cloud: PointCloud, sensor_m: Vec3 = (0.0, 0.0, 0.0)) -> Floats | None:
    """Return the standard deviation of each point's place in plan; None where no field tells it.

    Parameters
    ----------
    sensor_m
        Where the scan was taken, in the world: what a radian is worth grows from there.

    Returns
    -------
    numpy.ndarray
        Shape (N,), metres; NaN where the sensor calls its own value invalid.

    References
    ----------
    Continental, "ARS 404-21 / ARS 408-21 technical documentation", signal values of
    ``Obj_DistLong_rms``: 31 codes from 0.005 m to 10 m in equal ratios, and 31 for "invalid".
    """
    fields = cloud.fields
    for names in _ACROSS:
        if set(names) <= set(fields):
            along, across = (_metres(fields[name]) for name in names)
            return np.asarray(np.hypot(along, across))
    for names in _POLAR:
        if set(names) <= set(fields):
            range_m, angle_rad = (np.asarray(fields[name], np.float64) for name in names)
            away = cloud.xyz_m[:, :2] + np.subtract(cloud.origin_m[:2], sensor_m[:2])
            return np.asarray(np.hypot(range_m, np.hypot(*away.T) * angle_rad))
    return next((np.asarray(fields[n], np.float64) for n in _ALONE if n in fields), None)


def sizes_px(spread: Floats, usual_px: int) -> Mask:
    """Return the side of the square that each point is drawn as, shape (N,), uint8.

    Up to 0.1 m it is the usual size, from 2 m on five times that, in every scan; between them
    equal ratios of metres are equal steps. What is not known is drawn as the least sure.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.log(spread / _SURE_M) / math.log(_UNSURE_M / _SURE_M)
    share = np.clip(np.where(np.isnan(share), 1.0, share), 0, 1)
    return np.minimum(np.round(usual_px * (1 + (_LARGEST - 1) * share)), _MOST_PX).astype(np.uint8)


def _metres(values: npt.NDArray[np.generic]) -> Floats:
    """Return metres; whole numbers up to 31 are the codes of a Continental radar."""
    numbers = np.asarray(values, np.float64)
    finite = numbers[np.isfinite(numbers)]
    are_codes = len(finite) > 0 and bool(
        ((finite == np.round(finite)) & (finite >= 0) & (finite <= _CODES)).all()
    )
    if not are_codes:
        return numbers
    steps = _CODES - 1
    metres = _FIRST_M * (_LAST_M / _FIRST_M) ** (numbers / steps)
    return np.where(numbers == _INVALID, np.nan, metres)
