"""A slider over the slices that shows where the foci are."""

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from annotator.i18n import gettext as _
from annotator.views.theme import DARK


class SliceSlider(QWidget):
    """The highest slice is at the top; every slice with a focus has a mark."""

    moved = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._count, self._index = 1, 0
        self._places: dict[int, list[int]] = {}
        self.setMinimumHeight(80)
        self.setToolTip(_("Slices; marks show where foci are"))

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's
        """Narrow: the picture is what matters."""
        return QSize(18, 200)

    minimumSizeHint = sizeHint  # noqa: N815 - Qt's

    def show_slices(self, count: int, index: int) -> None:
        """Show which of how many slices is seen."""
        if (count, index) != (self._count, self._index):
            self._count, self._index = max(1, count), index
            self.update()

    def show_marks(self, marks: dict[int, QColor]) -> None:
        """Show which slices hold foci."""
        places: dict[int, list[int]] = {}
        for number, color in marks.items():
            places.setdefault(color.rgba(), []).append(number)
        if places != self._places:
            self._places = places
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's
        """Draw track, marks and place."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(DARK.window))
        painter.fillRect(QRectF(8, 4, 2, self.height() - 8), QColor(DARK.line))
        painter.setPen(Qt.PenStyle.NoPen)
        for color, places in self._places.items():
            painter.setBrush(QColor.fromRgba(color))
            painter.drawRects([QRectF(3, self._y(number) - 1, 12, 2) for number in places])
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QColor(DARK.window))
        painter.setBrush(QColor(DARK.text))
        painter.drawRoundedRect(QRectF(2.5, self._y(self._index) - 3.5, 13, 7), 3, 3)
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's
        """Go to the slice under the pointer."""
        self._go(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's
        """Follow the pointer."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._go(event)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's
        """Go through the slices."""
        turn = event.angleDelta().y()
        if turn:
            self._emit(self._index + (1 if turn > 0 else -1))
        event.accept()

    def _go(self, event: QMouseEvent) -> None:
        share = (self.height() - 8 - event.position().y()) / max(1, self.height() - 16)
        self._emit(round(share * (self._count - 1)))

    def _emit(self, index: int) -> None:
        index = min(max(index, 0), self._count - 1)
        if index != self._index:
            self.moved.emit(index)

    def _y(self, index: int) -> float:
        share = index / max(1, self._count - 1)
        return self.height() - 8 - share * (self.height() - 16)
