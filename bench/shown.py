"""Scans made ready for our renderer, the way the cloud view does it."""

import math

import numpy as np
import numpy.typing as npt

from annotator.app.renderers.renderer import ShownPoints
from annotator.geometry.colouring import ColourBy, ColourMap, by_value, colour_map
from annotator.geometry.projection import Camera


def shown(xyz_m: npt.NDArray[np.float32]) -> ShownPoints:
    """Return points coloured by height."""
    colours = by_value(xyz_m[:, 2], ColourBy.HEIGHT, colour_map(ColourMap.SPECTRUM))
    return ShownPoints(xyz_m, colours.numbers, colours.table)


def camera_at(n: int, xyz_m: npt.NDArray[np.float32]) -> Camera:
    """Return the n-th camera of a turn around a scan; all of it is on the screen."""
    sample = xyz_m[:: max(1, len(xyz_m) // 10_000)]
    x, y, z = sample.mean(axis=0).tolist()
    return Camera(
        target_m=(x, y, z),
        distance_m=60.0,
        azimuth_rad=math.radians(215 + 3 * n),
        elevation_rad=math.radians(35),
    )
