"""What a view shows of a sequence: the scan that is worked on, and perhaps others laid over it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from annotator.geometry import doppler
from annotator.geometry.accumulating import FRAME, Accumulated, Pose
from annotator.geometry.colouring import ColourBy, Colours
from annotator.geometry.doppler import NO_ARROWS, Arrows
from annotator.geometry.vectors import vec3
from annotator.model.cloud import PointCloud
from annotator.model.document import Document
from annotator.model.shapes import Vec3

_MOST_COLOURS = 1 << 16
_FAINT = 0.42
_BEHIND = np.array((18, 21, 26))
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class ShownScan:
    """A scan in world axes.

    Attributes
    ----------
    own
        The scan that is worked on; its rows are those of its file.
    frame
        Its number.
    around
        It and others as one cloud, itself first; None where it is shown alone.
    world_from_sensor
        Where each scan that is drawn was taken, (4, 4) by frame; only those of which it is known.
    fault
        Why it has no points, where it cannot be read.
    unread
        Scans that should lie over it and could not be read.
    """

    own: PointCloud
    frame: int = 0
    around: Accumulated | None = None
    world_from_sensor: Mapping[int, Pose] = field(default_factory=dict)
    fault: str = ""
    unread: tuple[int, ...] = ()

    @property
    def cloud(self) -> PointCloud:
        """All points that are drawn; the first `len(own)` rows are the scan's own."""
        return self.own if self.around is None else self.around.cloud

    @property
    def sensor_m(self) -> Vec3 | None:
        """Where it was taken, in the world; None if that is not known."""
        pose = self.world_from_sensor.get(self.frame)
        return None if pose is None else vec3(pose[:3, 3])

    def start_of(self, frame: int) -> int | None:
        """Return the row at which a scan's points begin; None where it is not shown."""
        if self.around is None:
            return 0 if frame == self.frame else None
        frames = self.around.frames
        return self.around.starts[frames.index(frame)] if frame in frames else None

    def layer(self, document: Document, name: str) -> npt.NDArray[np.uint32]:
        """Return a layer's values of all points that are drawn."""
        if self.around is None:
            return document.layer(name, self.frame).dense()
        return np.concatenate([document.layer(name, n).dense() for n in self.around.frames])

    def values(self, by: ColourBy) -> npt.NDArray[np.generic] | None:
        """Return what colours tell of all points that are drawn, where that is no field of theirs.

        The number of a scan is the one that a person reads: the first is 1.
        """
        match by:
            case ColourBy.VELOCITY:
                return self._away_m_s()
            case ColourBy.SCAN if self.around is not None:
                return np.asarray(self.cloud.fields[FRAME], np.int64) + 1
            case _:
                return None

    def arrows(self, shown: npt.NDArray[np.bool_]) -> Arrows:
        """Return how the points that are drawn move.

        Parameters
        ----------
        shown
            Which of all points that are drawn may have an arrow, shape (N,).
        """
        starts = (0,) if self.around is None else self.around.starts
        arrows = [NO_ARROWS]
        for start, (cloud, pose) in zip(starts, self._taken(), strict=False):
            one = doppler.doppler_arrows(cloud, pose, shown[start : start + len(cloud)])
            arrows.append(Arrows(start + one.rows, one.ends_m))
        rows, ends_m = [a.rows for a in arrows], [a.ends_m for a in arrows]
        return Arrows(np.concatenate(rows), np.concatenate(ends_m))

    def is_labelled(self, document: Document, name: str) -> bool:
        """Tell whether any point that is drawn may have a value in a layer."""
        frames = (self.frame,) if self.around is None else self.around.frames
        return any(document.layer(name, frame).highest > 0 for frame in frames)

    def faint_too(self, table: npt.NDArray[np.uint32]) -> npt.NDArray[np.uint32]:
        """Return a table that `picked_out` would have made of this one."""
        is_long = self.around is None or 2 * len(table) > _MOST_COLOURS
        return table if is_long else _with_faint(table)

    def picked_out(self, colours: Colours) -> Colours:
        """Return colours in which the points of other scans are fainter."""
        steps = len(colours.table)
        if self.around is None or 2 * steps > _MOST_COLOURS:
            return colours
        numbers = colours.numbers.copy()
        numbers[len(self.own) :] += np.uint16(steps)
        return replace(colours, numbers=numbers, table=_with_faint(colours.table))

    def _away_m_s(self) -> Floats | None:
        taken = self._taken()
        if doppler.motion_told(self.cloud) is None or not taken:
            return None
        parts = [doppler.away_m_s(*one) for one in taken]
        return np.concatenate([part for part in parts if part is not None])

    def _taken(self) -> list[tuple[PointCloud, Pose]]:
        """Return each scan that is drawn and where it was taken; none where that is not known."""
        frames = (self.frame,) if self.around is None else self.around.frames
        poses = [self._pose_of(frame) for frame in frames]
        known = [pose for pose in poses if pose is not None]
        return list(zip(self._parts(), known, strict=True)) if len(known) == len(poses) else []

    def _pose_of(self, frame: int) -> Pose | None:
        """Return where a scan was taken; without poses in its middle, unless that is a map's."""
        is_map = any(self.own.origin_m)
        return self.world_from_sensor.get(frame, None if is_map else np.eye(4))

    def _parts(self) -> list[PointCloud]:
        if self.around is None:
            return [self.own]
        cloud, starts = self.around.cloud, self.around.starts
        return [
            PointCloud(
                cloud.xyz_m[start:end],
                {name: values[start:end] for name, values in cloud.fields.items()},
                cloud.origin_m,
            )
            for start, end in pairwise(starts)
        ]


def _with_faint(table: npt.NDArray[np.uint32]) -> npt.NDArray[np.uint32]:
    shifts = np.array((16, 8, 0), np.uint32)
    rgb = (table[:, None] >> shifts) & 0xFF
    faint = (_BEHIND + _FAINT * (rgb - _BEHIND)).astype(np.uint32) << shifts
    return np.concatenate([table, np.uint32(0xFF000000) | faint.sum(axis=1, dtype=np.uint32)])
