"""Keeps a small part of a view as an image for as long as it says the same."""

import math
from collections.abc import Callable, Hashable

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QImage, QPainter


class PaintedOnce:
    """Words over a picture that moves: to lay them out again would take longer than to move it."""

    def __init__(self) -> None:
        self._said: Hashable = None
        self._image = QImage()
        self._at_px = QPointF()

    def paint(
        self,
        painter: QPainter,
        says: Hashable,
        frame: Callable[[], QRectF],
        draw: Callable[[QPainter], None],
    ) -> None:
        """Lay the image over the view, drawn anew where it is to say something else.

        Parameters
        ----------
        says
            All that the image depends on, but for the painter's font and the screen.
        frame
            Returns what ``draw`` paints into, in pixels of the view.
        """
        ratio = painter.device().devicePixelRatio()
        says = (says, ratio, painter.font().key())
        if says != self._said:
            self._said = says
            self._draw(frame(), ratio, painter, draw)
        painter.drawImage(self._at_px, self._image)

    def _draw(
        self, frame: QRectF, ratio: float, painter: QPainter, draw: Callable[[QPainter], None]
    ) -> None:
        left, top = math.floor(frame.left()), math.floor(frame.top())
        wide, high = math.ceil(frame.right()) - left, math.ceil(frame.bottom()) - top
        size = math.ceil(wide * ratio), math.ceil(high * ratio)
        self._at_px = QPointF(left, top)
        self._image = QImage(*size, QImage.Format.Format_ARGB32_Premultiplied)
        self._image.setDevicePixelRatio(ratio)
        self._image.fill(0)
        own = QPainter(self._image)
        own.setFont(painter.font())
        own.translate(-left, -top)
        draw(own)
        own.end()
