"""Tells an object that is gone from one that is hidden."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from annotator.geometry.boxes import in_box_axes, points_in_box
from annotator.model.shapes import Box3D, Vec3

_LEAST_RAYS = 5
_SHRUNK = 0.8
_BEHIND_M = 0.3


class Presence(StrEnum):
    """What a scan shows of a box."""

    SEEN = "seen"
    HIDDEN = "hidden"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Sight:
    """What a scan shows of a box.

    Attributes
    ----------
    points
        How many of its points lie in the box.
    rays
        How many rays went through the box's middle and met something behind it.
    """

    points: int
    rays: int
    presence: Presence


def sight_of(
    box: Box3D,
    points_m: npt.NDArray[np.floating],
    sensor_m: Vec3,
    *,
    least_points: int = 5,
    floor_m: float = 0.12,
) -> Sight:
    """Look at the place of a box.

    Parameters
    ----------
    box, points_m, sensor_m
        All in the same axes; ``points_m`` has shape (N, 3).
    least_points
        With fewer points in it, the object is hidden or gone.
    floor_m
        What lies lower in the box is the floor that it stands on.
    """
    lifted = _without_floor(box, floor_m)
    inside = int(points_in_box(points_m, lifted).sum())
    rays = _rays_through(lifted, points_m, sensor_m) if inside < least_points else 0
    if inside >= least_points:
        return Sight(inside, rays, Presence.SEEN)
    return Sight(inside, rays, Presence.GONE if rays >= _LEAST_RAYS else Presence.HIDDEN)


def _without_floor(box: Box3D, floor_m: float) -> Box3D:
    length, width, height = box.size_m
    cut = min(floor_m, height / 2)
    x, y, z = box.center_m
    return Box3D(
        (x, y, z + cut / 2), (length, width, height - cut), box.yaw_rad, box.pitch_rad, box.roll_rad
    )


def _rays_through(box: Box3D, points_m: npt.NDArray[np.floating], sensor_m: Vec3) -> int:
    """Count the rays that enter the middle of a box and end behind it (Kay and Kajiya 1986)."""
    own = in_box_axes(points_m, box)
    start = in_box_axes(np.array([sensor_m]), box)[0]
    half = _SHRUNK * np.asarray(box.size_m) / 2
    way = own - start
    length_m = np.linalg.norm(way, axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        one, other = (-half - start) / way, (half - start) / way
        enters = np.nanmax(np.minimum(one, other), axis=1, initial=-np.inf)
        leaves = np.nanmin(np.maximum(one, other), axis=1, initial=np.inf)
        through = (enters > 0) & (enters < leaves) & (leaves < 1 - _BEHIND_M / length_m)
    return int(through.sum())
