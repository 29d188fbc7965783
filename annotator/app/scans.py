"""A sequence's scans, read when they are looked at, and a few before that."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, overload

import numpy as np

from annotator.app.ahead import Ahead
from annotator.app.child import reader
from annotator.app.child_side import Report
from annotator.app.reading import open_cloud
from annotator.app.shown_scan import ShownScan
from annotator.commands.carrying import Scan
from annotator.errors import FileError, WrongDataError
from annotator.formats.format import Context
from annotator.geometry.accumulating import Accumulated, accumulated, frames_around, placed
from annotator.geometry.vectors import vec3
from annotator.i18n import gettext as _
from annotator.model.cloud import PointCloud
from annotator.model.scans import Scans, counts_of
from annotator.model.shapes import Vec3

if TYPE_CHECKING:
    from annotator.geometry.survey import Survey

MOST_SURVEYS = 4
_POINT_BYTES = 24
MOST_BYTES = 512 << 20
"""What the scans of a sequence may keep in memory, their own axes and the world's each."""


class LazyScans(Scans):
    """Scans in their own axes.

    Parameters
    ----------
    counts
        Points of each scan, as its header says.
    layout
        What the columns of bare numbers mean; told by evidence where it is not set.
    """

    def __init__(
        self,
        paths: tuple[Path, ...],
        counts: tuple[int, ...],
        *,
        layout: str | None = None,
        most_bytes: int = MOST_BYTES,
    ) -> None:
        if len(paths) != len(counts):
            raise ValueError(f"{len(counts)} counts for {len(paths)} scans")
        self._paths, self._counts, self._layout = paths, counts, layout
        self._ahead = Ahead(self._read, most_bytes, bytes_of)
        self._first = 0
        """No scan before this one could be read."""

    @property
    def counts(self) -> tuple[int, ...]:
        """How many points each scan has."""
        return self._counts

    @property
    def paths(self) -> tuple[Path, ...]:
        """The file of each scan."""
        return self._paths

    def __len__(self) -> int:
        return len(self._paths)

    @overload
    def __getitem__(self, at: int) -> PointCloud: ...

    @overload
    def __getitem__(self, at: slice) -> tuple[PointCloud, ...]: ...

    def __getitem__(self, at: int | slice) -> PointCloud | tuple[PointCloud, ...]:
        if isinstance(at, slice):
            return tuple(self._ahead.get(frame) for frame in range(len(self))[at])
        return self._ahead.get(range(len(self))[at])

    def first_readable(self) -> PointCloud:
        """Return the first scan that can be read.

        Raises
        ------
        FileError
            If none can be.
        """
        faults: list[FileError] = []
        for frame in range(self._first, len(self)):
            try:
                cloud, self._first = self[frame], frame
            except FileError as fault:
                faults.append(fault)
            else:
                return cloud
        raise FileError(
            self._paths[0].parent,
            _("none of its {count} scans can be read; of {name}, {problem}").format(
                count=len(self), name=faults[0].path.name, problem=faults[0].problem
            ),
            faults[0].remedy,
        )

    def forget(self) -> None:
        """Keep no scan in memory."""
        self._ahead.forget()

    def _read(self, frame: int) -> PointCloud:
        path = self._paths[frame]
        cloud = open_cloud(path, layout=self._layout)
        if len(cloud) != self._counts[frame]:
            raise WrongDataError(
                path,
                _("it holds {found} points, and {expected} when the sequence was opened").format(
                    found=len(cloud), expected=self._counts[frame]
                ),
                _("open the sequence again"),
            )
        return cloud


class WorldScans:
    """The scans of an item in the world's axes, as views and tools see them.

    Parameters
    ----------
    context
        With the scans in their own axes, and their poses.
    """

    def __init__(self, context: Context, *, most_bytes: int = MOST_BYTES) -> None:
        self._context, self._most_bytes = context, most_bytes
        self._ahead = Ahead(self._place, most_bytes, bytes_of)
        self._surveys = Ahead(self._survey, MOST_SURVEYS, lambda _scan: 1)

    def __len__(self) -> int:
        return len(self._context.clouds)

    def __getitem__(self, frame: int) -> PointCloud:
        """Return one scan; quick where it was prepared.

        Raises
        ------
        IndexError
            If there is no such scan.
        FileError
            If it cannot be read.
        """
        return self._ahead.get(range(len(self))[frame])

    def is_ready(self, frame: int) -> bool:
        """Tell whether a scan is there without waiting."""
        return self._ahead.has(frame)

    def prepare_around(self, frame: int, *, forward: bool = True) -> None:
        """Read on a thread what will be looked at next: two in this direction, one in the other."""
        step = 1 if forward else -1
        near = (frame + step, frame + 2 * step, frame - step)
        # scans of which few fit would push each other out
        fit = self._most_bytes // max(1, _POINT_BYTES * self.count(frame)) - 1
        self._ahead.prepare(n for n in near[: max(1, fit)] if 0 <= n < len(self))

    def count(self, frame: int) -> int:
        """Return how many points a scan has, without reading it."""
        return counts_of(self._context.clouds)[frame]

    def around(self, frame: int, *, reach: int) -> tuple[Accumulated, tuple[FileError, ...]]:
        """Return the scans around one as one cloud, and why others could not join it.

        Raises
        ------
        FileError
            If the scan itself cannot be read.
        """
        clouds, faults = {frame: self[frame]}, []
        for other in frames_around(frame, len(self), reach=reach):
            try:
                clouds[other] = self[other]
            except FileError as error:
                faults.append(error)
        return accumulated(clouds, frame), tuple(faults)

    def sensor_m(self, frame: int) -> Vec3 | None:
        """Return where a scan was taken, in the world; None without poses."""
        poses = self._context.world_from_cloud
        return vec3(poses[frame][:3, 3]) if frame < len(poses) else None

    def shown(self, frame: int, *, reach: int = 0) -> ShownScan:
        """Return a scan as a view shows it, with those within a reach laid over it if they can be.

        Raises
        ------
        FileError
            If the scan itself cannot be read.
        """
        poses = dict(enumerate(self._context.world_from_cloud))
        if not reach:
            return ShownScan(self[frame], frame, world_from_sensor=poses)
        around, _faults = self.around(frame, reach=reach)
        unread = set(frames_around(frame, len(self), reach=reach)) - set(around.frames)
        return ShownScan(self[frame], frame, around, poses, unread=tuple(sorted(unread)))

    def shown_or_fault(self, frame: int, *, reach: int = 0) -> ShownScan:
        """Return the same; where the scan cannot be read, one without points that says why."""
        try:
            return self.shown(frame, reach=reach)
        except (FileError, OSError) as fault:
            return ShownScan(PointCloud(np.zeros((0, 3), np.float32)), frame, fault=str(fault))

    def surveyed(self, frame: int) -> Scan:
        """Return a scan with its index and its ground, as commands want it; kept for a while.

        Raises
        ------
        FileError
            If it cannot be read.
        """
        return self._surveys.get(frame)

    def survey_of(self, frame: int) -> "Survey":
        """Return what is found of a scan; kept by nobody.

        Raises
        ------
        FileError
            If it cannot be read.
        """
        from annotator.geometry.survey import survey  # noqa: PLC0415 - compiles kernels

        cloud = self[frame]
        return survey(cloud.xyz_m, self._seen_from_m(frame, cloud))

    def prepare_survey(self, frame: int) -> None:
        """Survey a scan on a thread, because an object will be carried on to it."""
        if 0 <= frame < len(self):
            self._surveys.prepare([frame])

    def close(self) -> None:
        """Keep no scan in memory, and stop preparing."""
        self._surveys.forget()
        self._ahead.forget()
        if isinstance(self._context.clouds, LazyScans):
            self._context.clouds.forget()

    def _place(self, frame: int) -> PointCloud:
        cloud = self._context.clouds[frame]
        poses = self._context.world_from_cloud
        return placed(cloud, poses[frame]) if frame < len(poses) else cloud

    def _survey(self, frame: int) -> Scan:
        cloud, found = self[frame], self.survey_of(frame)
        return Scan(frame, cloud, found.index, found.ground, self.sensor_m(frame))

    def _seen_from_m(self, frame: int, cloud: PointCloud) -> Vec3 | None:
        """Return where a scan was taken, in its own axes."""
        sensor = self.sensor_m(frame)
        return None if sensor is None else cloud.own_m(sensor)


def open_scans(
    paths: Iterable[Path],
    *,
    layout: str | None = None,
    progress: Callable[[float], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> LazyScans:
    """Look at the headers of a sequence's scans, and read the first that can be read.

    Raises
    ------
    FileError
        If a scan is missing, its header is damaged, or none can be read.
    CancelledError
        If ``cancelled`` said so.
    """
    scans = tuple(path.absolute() for path in paths)
    counts = reader().run(
        count_in_child,
        scans,
        layout,
        about=scans[0],
        progress=progress,
        cancelled=cancelled,
    )
    lazy = LazyScans(scans, counts, layout=layout)
    _first = lazy.first_readable()
    return lazy


def first_readable(clouds: Sequence[PointCloud]) -> PointCloud:
    """Return the first scan that can be read: it tells what there is in the others, too.

    Raises
    ------
    FileError
        If none can be.
    """
    return clouds.first_readable() if isinstance(clouds, LazyScans) else clouds[0]


def count_in_child(report: Report, paths: tuple[Path, ...], layout: str | None) -> tuple[int, ...]:
    """Count the points of scans; runs in the reading process."""
    from annotator.formats.points.counting import count_points  # noqa: PLC0415 - not in the window

    counts = []
    for done, path in enumerate(paths):
        report(done / len(paths))
        counts.append(count_points(path, layout=layout))
    return tuple(counts)


def bytes_of(cloud: PointCloud) -> int:
    """Return how much memory a scan takes."""
    return int(cloud.xyz_m.nbytes + sum(values.nbytes for values in cloud.fields.values()))
