"""Lays scans of a sequence over each other in the world, each point knowing where it is from."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from annotator.geometry.vectors import vec3
from annotator.kernels import kernel
from annotator.model.cloud import PointCloud, Points

Pose = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]

FRAME = "frame"
"""Name of the field that tells which scan a point is of."""

FAR_M = 4096.0
"""Float32 keeps a quarter of a millimetre up to here; beyond, an origin is taken out."""


def placed(cloud: PointCloud, world_from_cloud: Pose) -> PointCloud:
    """Return a scan turned into the world's axes; its rows and fields stay as they are.

    Raises
    ------
    ValueError
        If the pose is not (4, 4).
    """
    if world_from_cloud.shape != (4, 4):
        raise ValueError(f"a pose is (4, 4), got {world_from_cloud.shape}")
    turn = np.ascontiguousarray(world_from_cloud[:3, :3], np.float64)
    middle = turn @ np.asarray(cloud.origin_m) + world_from_cloud[:3, 3]
    origin = np.round(middle) if np.abs(middle).max() > FAR_M else np.zeros(3)
    xyz_m = _moved(np.ascontiguousarray(cloud.xyz_m), turn, middle - origin)
    return PointCloud(xyz_m, cloud.fields, vec3(origin), cloud.path, cloud.layout)


@dataclass(frozen=True, slots=True, eq=False)
class Accumulated:
    """Several scans as one cloud.

    The current scan comes first, so that its rows are the same here as in its file.

    Attributes
    ----------
    cloud
        All points in world axes; only fields that every scan has, and `FRAME`.
    frames
        The scans in the order in which their points lie in the cloud.
    starts
        Row at which each of them begins, and the number of all points at the end.
    """

    cloud: PointCloud
    frames: tuple[int, ...]
    starts: tuple[int, ...]

    @property
    def current(self) -> int:
        """The scan that is worked on."""
        return self.frames[0]

    def source(self, row: int) -> tuple[int, int]:
        """Return (frame, row in that frame's scan) of one point.

        Raises
        ------
        IndexError
            If there is no such row.
        """
        if not 0 <= row < self.starts[-1]:
            raise IndexError(f"row {row} of {self.starts[-1]}")
        at = int(np.searchsorted(self.starts, row, side="right")) - 1
        return self.frames[at], row - self.starts[at]

    def by_frame(self, rows: Rows) -> dict[int, Rows]:
        """Return rows of the cloud as sorted rows of each scan; scans without any are left out."""
        ordered = np.sort(rows)
        cuts = np.searchsorted(ordered, self.starts)
        parts = zip(self.frames, self.starts, cuts, cuts[1:], strict=False)
        return {frame: ordered[a:b] - start for frame, start, a, b in parts if b > a}


def accumulated(clouds: Mapping[int, PointCloud], current: int) -> Accumulated:
    """Lay scans over each other.

    Parameters
    ----------
    clouds
        By frame, all in world axes (see `placed`).
    current
        The frame whose points come first.

    Raises
    ------
    KeyError
        If the current frame is not among them.
    """
    first = clouds[current]
    frames = (current, *sorted(set(clouds) - {current}))
    counts = [len(clouds[frame]) for frame in frames]
    starts = (0, *np.cumsum(counts).tolist())
    xyz_m = np.empty((starts[-1], 3), np.float32)
    for frame, start, end in zip(frames, starts, starts[1:], strict=False):
        shift = np.asarray(clouds[frame].origin_m) - np.asarray(first.origin_m)
        xyz_m[start:end] = clouds[frame].xyz_m + shift if shift.any() else clouds[frame].xyz_m
    fields = _joined(clouds, frames)
    fields[FRAME] = np.repeat(np.array(frames, np.int32), counts)
    cloud = PointCloud(xyz_m, fields, first.origin_m, first.path, first.layout)
    return Accumulated(cloud, frames, starts)


def frames_around(frame: int, count: int, *, reach: int) -> tuple[int, ...]:
    """Return the frames within a reach on both sides of one, of a sequence of ``count``."""
    return tuple(range(max(0, frame - reach), min(count, frame + reach + 1)))


def _joined(
    clouds: Mapping[int, PointCloud], frames: tuple[int, ...]
) -> dict[str, npt.NDArray[np.generic]]:
    shared = [
        name
        for name, values in clouds[frames[0]].fields.items()
        if all(
            name in clouds[frame].fields and clouds[frame].fields[name].ndim == values.ndim
            for frame in frames
        )
    ]
    return {name: np.concatenate([clouds[f].fields[name] for f in frames]) for name in shared}


@kernel
def _moved(xyz_m: Points, turn: npt.NDArray[np.float64], shift: npt.NDArray[np.float64]) -> Points:
    moved = np.empty_like(xyz_m)
    for i in range(len(xyz_m)):
        x, y, z = np.float64(xyz_m[i, 0]), np.float64(xyz_m[i, 1]), np.float64(xyz_m[i, 2])
        for axis in range(3):
            moved[i, axis] = turn[axis, 0] * x + turn[axis, 1] * y + turn[axis, 2] * z + shift[axis]
    return moved
