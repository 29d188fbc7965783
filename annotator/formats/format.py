"""What a format of label files promises."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Flag, IntEnum, auto
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

from annotator.imaging.rules import Rule
from annotator.model.cloud import PointCloud
from annotator.model.document import Document
from annotator.model.findings import Severity
from annotator.model.labels import Taxonomy
from annotator.model.scans import counts_of
from annotator.model.volume import Series, Volume

API = 1
Option = str | float | bool


class Holds(Flag):
    """Kinds of thing that a label file can hold."""

    BOX = auto()
    TILTED_BOX = auto()
    CYLINDER = auto()
    POLYLINE = auto()
    WALL = auto()
    POLYGON = auto()
    POINT = auto()
    FOCUS = auto()
    POINT_LABEL = auto()
    POINT_INSTANCE = auto()
    ATTRIBUTES = auto()
    TRACK = auto()
    FRAMES = auto()


class Level(IntEnum):
    """How bad a loss is."""

    ROUNDED = 1
    CHANGED = 2
    DROPPED = 3


@dataclass(frozen=True, slots=True)
class Loss:
    """Something that a format cannot say as it is.

    Attributes
    ----------
    subject
        The annotation's id, or ``layer:semantic`` and the like.
    reason
        One sentence for a person.
    bound
        For ROUNDED: the largest change of any one number, in its own unit (m, rad, mm, HU).
    """

    level: Level
    kind: Holds
    subject: str
    reason: str
    bound: float = 0.0


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong with a label file's structure; ``where`` is a line, a key or a tag."""

    severity: Severity
    where: str
    message: str


@dataclass(frozen=True, slots=True)
class FormatInfo:
    """What a menu, a dialog and the command line need to know without importing the format.

    Attributes
    ----------
    name
        What scripts call it; never renamed.
    extensions
        With the dot, the usual one first; empty for a folder.
    holds
        What survives ``read(write(document))`` at least as well as `Level.ROUNDED`.
    is_per_scan
        Whether a sequence's labels go into a folder, one file for each scan.
    needs
        Parts of the `Context` that writing cannot do without: ``cloud``, ``volume``.
    """

    name: str
    title: str
    extensions: tuple[str, ...]
    holds: Holds
    reads: bool = True
    writes: bool = True
    is_folder: bool = False
    is_per_scan: bool = False
    needs: tuple[str, ...] = ()
    api: int = API


@dataclass(frozen=True, slots=True, eq=False)
class Calibration:
    """Where a camera stands: KITTI's names and directions.

    Attributes
    ----------
    p2
        (3, 4): image px from rectified camera m.
    r0_rect
        (3, 3): rectified camera from camera.
    camera_from_cloud
        (4, 4): camera (x right, y down, z forward) from the cloud's axes; ``Tr_velo_to_cam``.
    size_px
        Width and height of the camera's pictures; None where there are none.
    """

    p2: npt.NDArray[np.float64]
    r0_rect: npt.NDArray[np.float64]
    camera_from_cloud: npt.NDArray[np.float64]
    size_px: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Context:
    """The data that labels are about, and how the person wants them written.

    Attributes
    ----------
    taxonomy
        Gives class numbers and colours. A reader that meets a class it lacks still returns
        the annotation; the session grows the taxonomy.
    clouds
        The item's scans in order, in their own axes; one for a single scan. Those of a sequence
        may be read when they are looked at, which may raise `FileError` (see `Scans`).
    world_from_cloud
        (4, 4) poses, one per scan of a sequence; none where a scan's axes are the world's.
        Annotations are always in the world (docs/decisions/0006).
    volume, series
        For a CT. ``series`` is there even where no voxel is needed.
    rule
        By which foci are measured, where a format writes measures; the usual one if None.
    acknowledged
        Whether a person took note of what makes the series' volumes doubtful.
    who
        Whose labels they are, where a format says so.
    options
        A format's own choices by name, as its docstring lists them.
    """

    taxonomy: Taxonomy
    clouds: Sequence[PointCloud] = ()
    world_from_cloud: tuple[npt.NDArray[np.float64], ...] = ()
    series: Series | None = None
    volume: Volume | None = None
    calibration: Calibration | None = None
    rule: Rule | None = None
    acknowledged: bool = False
    who: str = ""
    options: Mapping[str, Option] = field(default_factory=dict)

    @property
    def is_measured(self) -> bool:
        """Whether mm², mm³ and scores may be told: the series is sound, or doubts were noted."""
        return self.series is None or self.series.measurable or self.acknowledged

    def extents(self) -> tuple[tuple[int, ...], ...]:
        """Return what the layers of a document about this data index."""
        if self.series is not None:
            return (self.series.shape,)
        return tuple((count,) for count in counts_of(self.clouds))


class Format(Protocol):
    """Reads and writes one kind of label file. Stateless."""

    info: FormatInfo

    def plan(self, document: Document, context: Context) -> list[Loss]:
        """Say, before writing, what will be rounded, changed or dropped. Pure.

        ``read(write(D))`` may differ from D only where ``plan(D)`` says so, within its bound;
        ids and origins of annotations may change.
        """

    def write(self, document: Document, context: Context, target: Path) -> list[Path]:
        """Write whole or not at all, and return the files made.

        Raises
        ------
        FileError
            If the target cannot be written, or the format needs what the context lacks.
        """

    def sniff(self, path: Path) -> float:
        """Say how likely the file is of this format, 0 to 1. Never raises; reads 64 KiB at most."""

    def read(self, path: Path, context: Context) -> Document:
        """Return what the file says.

        Raises
        ------
        FormatError
            If the file lies or is damaged; with the line or key, and what to do.
        WrongDataError
            If it was made for other data than the context's.
        """

    def validate(self, path: Path) -> list[Problem]:
        """Check the structure without the data. An unreadable file is a problem, not an error."""
