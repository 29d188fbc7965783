"""Shows the points that a tool would paint, and rings around those that are selected."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter

from annotator.app.renderers.renderer import Picture
from annotator.geometry.colouring import packed_one
from annotator.geometry.drawing import Entries, Pixels
from annotator.geometry.picking import Marked, marked, ringed, tinted
from annotator.model.labels import Rgb

Rows = npt.NDArray[np.int64]
Marking = Callable[[Entries, Marked, np.uint32], Pixels]
Shown = tuple[Picture, Rows, Rgb, Pixels]


class PaintedRows:
    """Keeps the last picture of some points, as the window is drawn more often than they change.

    Parameters
    ----------
    marking
        Returns a picture that tells some rows from the others.
    """

    def __init__(self, marking: Marking = tinted) -> None:
        self._marking = marking
        self._last: Shown | None = None
        self._marks: tuple[Rows, Marked] | None = None

    def paint(
        self,
        painter: QPainter,
        area: QRectF,
        picture: Picture,
        rows: Rows,
        *,
        count: int,
        color: Rgb,
        marks: Marked | None = None,
    ) -> Pixels:
        """Lay the points over a picture, and return what was laid there.

        Parameters
        ----------
        count
            How many points the scan has.
        marks
            Of the rows, where they are known already.
        """
        last = self._last
        if last is None or (last[0], last[2]) != (picture, color) or last[1] is not rows:
            if marks is None or len(marks) != count:
                marks = self._marked(rows, count)
            pixels = self._marking(picture.entries, marks, packed_one(color))
            last = self._last = (picture, rows, color, pixels)
        height, width = last[3].shape
        kind = QImage.Format.Format_ARGB32_Premultiplied
        painter.drawImage(area, QImage(last[3].data, width, height, 4 * width, kind))
        return last[3]

    def _marked(self, rows: Rows, count: int) -> Marked:
        """Return marks of the rows, the same ones in every picture: millions take their time."""
        if self._marks is None or self._marks[0] is not rows or len(self._marks[1]) != count:
            self._marks = rows, marked(rows, count)
        return self._marks[1]


class RingedRows(PaintedRows):
    """Rings around selected points: they keep their own colour."""

    def __init__(self) -> None:
        super().__init__(ringed)

    def top_px(self, area: QRectF) -> tuple[float, float] | None:
        """Return the middle of the top of what was ringed last, in view pixels; None if unseen."""
        if self._last is None:
            return None
        pixels = self._last[3]
        lines, columns = np.flatnonzero(pixels.any(axis=1)), np.flatnonzero(pixels.any(axis=0))
        if not len(lines):
            return None
        scale = area.width() / pixels.shape[1]
        middle = float(columns[0] + columns[-1]) / 2
        return area.left() + scale * middle, area.top() + scale * float(lines[0])
