"""What a view shows of a sequence: the scan that is worked on, and perhaps others laid over it."""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from annotator.geometry.accumulating import Accumulated
from annotator.geometry.colouring import Colours
from annotator.model.cloud import PointCloud
from annotator.model.document import Document
from annotator.model.shapes import Vec3

_MOST_COLOURS = 1 << 16
_FAINT = 0.42
_BEHIND = np.array((18, 21, 26))


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
    sensor_m
        Where it was taken, in the world; None if that is not known.
    fault
        Why it has no points, where it cannot be read.
    """

    own: PointCloud
    frame: int = 0
    around: Accumulated | None = None
    sensor_m: Vec3 | None = None
    fault: str = ""

    @property
    def cloud(self) -> PointCloud:
        """All points that are drawn; the first `len(own)` rows are the scan's own."""
        return self.own if self.around is None else self.around.cloud

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


def _with_faint(table: npt.NDArray[np.uint32]) -> npt.NDArray[np.uint32]:
    shifts = np.array((16, 8, 0), np.uint32)
    rgb = (table[:, None] >> shifts) & 0xFF
    faint = (_BEHIND + _FAINT * (rgb - _BEHIND)).astype(np.uint32) << shifts
    return np.concatenate([table, np.uint32(0xFF000000) | faint.sum(axis=1, dtype=np.uint32)])
