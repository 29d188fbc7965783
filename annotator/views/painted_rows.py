"""Shows the points that a tool would paint, in the colour that they would get."""

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter

from annotator.app.renderers.renderer import Picture
from annotator.geometry.colouring import packed_one
from annotator.geometry.drawing import Pixels
from annotator.geometry.picking import tinted
from annotator.model.labels import Rgb

Rows = npt.NDArray[np.int64]


class PaintedRows:
    """Keeps the last such picture, as the window is drawn more often than a preview changes."""

    def __init__(self) -> None:
        self._last: tuple[Picture, Rows, Pixels] | None = None

    def paint(
        self,
        painter: QPainter,
        area: QRectF,
        picture: Picture,
        rows: Rows,
        *,
        count: int,
        color: Rgb,
    ) -> None:
        """Lay the points over a picture; ``count`` is how many the scan has."""
        last = self._last
        if last is None or last[0] is not picture or last[1] is not rows:
            pixels = tinted(picture.entries, rows, count, packed_one(color))
            last = self._last = (picture, rows, pixels)
        height, width = last[2].shape
        kind = QImage.Format.Format_ARGB32_Premultiplied
        painter.drawImage(area, QImage(last[2].data, width, height, 4 * width, kind))
