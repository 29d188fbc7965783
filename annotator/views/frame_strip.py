"""The scans of a sequence side by side, with what is known of the selected object in each."""

from collections.abc import Mapping

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QImage,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPolygonF,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from annotator.commands.tracks import State
from annotator.i18n import gettext as _
from annotator.views.theme import DARK, interface_font

THUMB_PX = (72, 44)
_GAP_PX, _MARKS_PX = 2, 16


class FrameStrip(QWidget):
    """Thumbnails with marks: ◆ a person's own box, ● refitted, ○ interpolated, ― holds everywhere.

    Only as many scans as fit are shown, the current one in the middle. Holds no truth.
    """

    chosen = Signal(int)
    shown = Signal()
    """Other scans came into view; they may need thumbnails."""

    def __init__(self, count: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._count, self._frame, self._reach = count, 0, 0
        self._thumbnails: dict[int, QImage] = {}
        self._marks: Mapping[int, State] = {}
        self._color, self._is_static = QColor(DARK.accent), False
        self._faults: frozenset[int] = frozenset()
        self.setToolTip(
            _("Scans · ◆ labelled here · ● refitted · ○ interpolated · ― the same in every scan")
        )

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's
        """One row of thumbnails and their marks."""
        return QSize(8 * (THUMB_PX[0] + _GAP_PX), THUMB_PX[1] + _MARKS_PX)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's
        """At least two thumbnails."""
        return QSize(2 * (THUMB_PX[0] + _GAP_PX), THUMB_PX[1] + _MARKS_PX)

    def show_place(self, frame: int, reach: int) -> None:
        """Show which scan is current, and how many around it are laid over it."""
        before = self.frames()
        self._frame, self._reach = frame, reach
        self.update()
        if self.frames() != before:
            self.shown.emit()

    def show_marks(self, marks: Mapping[int, State], color: QColor, *, is_static: bool) -> None:
        """Show where the selected object has a box, and how that came about."""
        self._marks, self._color, self._is_static = marks, color, is_static
        self.update()

    def show_thumbnail(self, frame: int, picture: QImage) -> None:
        """Show a scan's picture."""
        self._thumbnails[frame] = picture
        self.update()

    def show_fault(self, frame: int) -> None:
        """Show that a scan cannot be read."""
        self._faults |= {frame}
        self.update()

    def has_thumbnail(self, frame: int) -> bool:
        """Tell whether a scan has its picture, or cannot have one."""
        return frame in self._thumbnails or frame in self._faults

    def frames(self) -> range:
        """Return the scans that fit."""
        fit = max(1, self.width() // (THUMB_PX[0] + _GAP_PX))
        first = min(max(0, self._frame - fit // 2), max(0, self._count - fit))
        return range(first, min(first + fit, self._count))

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's
        """Ask for pictures of what came into view."""
        super().resizeEvent(event)
        self.shown.emit()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's
        """Go to the scan under the pointer."""
        self._choose(event.position().x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's
        """Scrub."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._choose(event.position().x())

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's
        """Go through the scans."""
        turn = event.angleDelta().y() or event.angleDelta().x()
        if turn:
            self._emit(self._frame + (-1 if turn > 0 else 1))
        event.accept()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's
        """Draw thumbnails, marks and place."""
        painter = QPainter(self)
        painter.setFont(interface_font())
        painter.fillRect(self.rect(), QColor(DARK.window))
        for frame in self.frames():
            self._paint_thumbnail(painter, frame)
            self._paint_mark(painter, frame)
        painter.end()

    def _paint_thumbnail(self, painter: QPainter, frame: int) -> None:
        area = self._area(frame)
        picture = self._thumbnails.get(frame)
        if picture is not None:
            painter.drawImage(area, picture)
        else:
            painter.fillRect(area, QColor(DARK.raised))
        if frame in self._faults:
            painter.setPen(QColor(DARK.bad))
            painter.drawText(area, Qt.AlignmentFlag.AlignCenter, "✗")
        painter.setPen(QColor(DARK.faint if frame != self._frame else DARK.text))
        painter.drawText(area.adjusted(3, 0, 0, -1), Qt.AlignmentFlag.AlignBottom, str(frame + 1))
        if abs(frame - self._frame) <= self._reach and self._reach:
            painter.fillRect(QRectF(area.left(), area.top(), area.width(), 2), QColor(DARK.faint))
        if frame == self._frame:
            painter.setPen(QColor(DARK.accent))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(area.adjusted(0.5, 0.5, -0.5, -0.5))

    def _paint_mark(self, painter: QPainter, frame: int) -> None:
        area = self._area(frame)
        at = QPointF(area.center().x(), THUMB_PX[1] + _MARKS_PX / 2)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(self._color)
        painter.setBrush(self._color)
        if self._is_static:
            painter.fillRect(QRectF(area.left(), at.y() - 1, area.width(), 2), self._color)
        match self._marks.get(frame):
            case State.KEY:
                corners = ((0, -5), (5, 0), (0, 5), (-5, 0))
                painter.drawPolygon(QPolygonF([at + QPointF(x, y) for x, y in corners]))
            case State.REFITTED:
                painter.drawEllipse(at, 3.5, 3.5)
            case State.INTERPOLATED:
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawEllipse(at, 3.5, 3.5)
            case None:
                pass
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)

    def _area(self, frame: int) -> QRectF:
        left = (frame - self.frames().start) * (THUMB_PX[0] + _GAP_PX)
        return QRectF(left, 0, *THUMB_PX)

    def _choose(self, x_px: float) -> None:
        self._emit(self.frames().start + int(x_px) // (THUMB_PX[0] + _GAP_PX))

    def _emit(self, frame: int) -> None:
        frame = min(max(frame, 0), self._count - 1)
        if frame != self._frame:
            self.chosen.emit(frame)
