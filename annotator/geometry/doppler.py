"""What a radar measured of each point's motion: how fast it goes away, and an arrow."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from annotator.model.cloud import PointCloud

Floats = npt.NDArray[np.float64]
Pose = npt.NDArray[np.float64]

SLOWEST_M_S = 0.3
"""What is slower stands still, as far as a radar can tell."""
_LENGTH_S = 0.5
"""An arrow ends where the point would be after this time."""
_MOST = 4000


@dataclass(frozen=True, slots=True)
class Motion:
    """Which fields of a scan say how its points move.

    Attributes
    ----------
    names
        One field of metres a second away from the sensor, or two, along the sensor's x and y.
    is_over_ground
        Whether the sensor's own motion is taken out for sure.
    """

    names: tuple[str, ...]
    is_over_ground: bool = False

    @property
    def is_radial(self) -> bool:
        """Whether only the motion toward the sensor or away is told."""
        return len(self.names) == 1


@dataclass(frozen=True, slots=True, eq=False)
class Arrows:
    """How points move.

    Attributes
    ----------
    rows
        The points that move, shape (K,).
    ends_m
        Foot and head of each one's arrow, shape (K, 2, 3), world metres.
    """

    rows: npt.NDArray[np.int64]
    ends_m: Floats


NO_ARROWS = Arrows(np.zeros(0, np.int64), np.zeros((0, 2, 3)))

# Without the sensor's own motion first: seen from a car that drives, everything else moves.
_MOTIONS = (
    Motion(("vx_comp", "vy_comp"), is_over_ground=True),  # nuScenes
    Motion(("v_r_compensated",), is_over_ground=True),  # View-of-Delft, RadarScenes
    Motion(("vx", "vy")),
    Motion(("velocity",)),
)


def motion_told(cloud: PointCloud) -> Motion | None:
    """Return which fields say how a scan's points move; None for a lidar's."""
    told = {name for name, values in cloud.fields.items() if values.ndim == 1}
    return next((motion for motion in _MOTIONS if told.issuperset(motion.names)), None)


def away_m_s(cloud: PointCloud, world_from_sensor: Pose) -> Floats | None:
    """Return how fast each point goes away from the sensor, shape (N,); negative for what comes.

    Parameters
    ----------
    cloud
        In world axes; its fields are the sensor's.
    world_from_sensor
        Where the scan was taken, (4, 4).

    Returns
    -------
    numpy.ndarray
        Metres a second, NaN where nothing was measured; None for a scan that tells no motion.
    """
    motion = motion_told(cloud)
    if motion is None:
        return None
    if motion.is_radial:
        return _measured(cloud, motion.names[0])
    velocity = _across_m_s(cloud, motion, world_from_sensor)
    return np.asarray((velocity * _rays(cloud, world_from_sensor)).sum(axis=1))


def doppler_arrows(
    cloud: PointCloud, world_from_sensor: Pose, shown: npt.NDArray[np.bool_] | None = None
) -> Arrows:
    """Return an arrow for each point that moves.

    Where only the motion toward the sensor or away was measured, an arrow lies along the ray
    and says no more than that.

    Parameters
    ----------
    cloud
        In world axes; its fields are the sensor's. A scan that tells no motion has no arrows.
    world_from_sensor
        Where the scan was taken, (4, 4).
    shown
        Which points may have one, shape (N,); None for all.

    Returns
    -------
    Arrows
        Of the fastest points first, and of these alone where there are too many to be seen.
    """
    motion = motion_told(cloud)
    if motion is None:
        return NO_ARROWS
    velocity = np.nan_to_num(_velocity_m_s(cloud, motion, world_from_sensor))
    speed = np.linalg.norm(velocity, axis=1)
    moves = (speed >= SLOWEST_M_S) & cloud.finite()
    rows = np.flatnonzero(moves if shown is None else moves & shown)
    rows = rows[np.argsort(-speed[rows], kind="stable")[:_MOST]]
    feet = cloud.xyz_m[rows].astype(np.float64) + np.asarray(cloud.origin_m)
    return Arrows(rows, np.stack([feet, feet + _LENGTH_S * velocity[rows]], axis=1))


def tells_what_stands(away_m_s: npt.NDArray[np.generic]) -> bool:
    """Tell whether most points measure no motion, as where the sensor's own is taken out."""
    speed = np.abs(np.asarray(away_m_s, np.float64))
    speed = speed[np.isfinite(speed)]
    return bool(len(speed) and np.median(speed) < SLOWEST_M_S)


def _velocity_m_s(cloud: PointCloud, motion: Motion, world_from_sensor: Pose) -> Floats:
    """Return what is known of each point's velocity, shape (N, 3), world axes."""
    if not motion.is_radial:
        return _across_m_s(cloud, motion, world_from_sensor)
    away = _measured(cloud, motion.names[0])
    return np.asarray(_rays(cloud, world_from_sensor) * away[:, None])


def _across_m_s(cloud: PointCloud, motion: Motion, world_from_sensor: Pose) -> Floats:
    """Return velocities that were measured along two axes, shape (N, 3), world axes."""
    x, y = (_measured(cloud, name) for name in motion.names)
    return np.stack([x, y], axis=1) @ world_from_sensor[:3, :2].T


def _measured(cloud: PointCloud, name: str) -> Floats:
    """Return what was measured, NaN where that is no number."""
    values = np.asarray(cloud.fields[name], np.float64)
    return np.where(np.isfinite(values), values, np.nan)


def _rays(cloud: PointCloud, world_from_sensor: Pose) -> Floats:
    """Return the direction of each point from the sensor, shape (N, 3), of length one."""
    away = cloud.xyz_m + (np.asarray(cloud.origin_m) - world_from_sensor[:3, 3])
    return np.asarray(away / np.maximum(np.linalg.norm(away, axis=1, keepdims=True), 1e-6))
