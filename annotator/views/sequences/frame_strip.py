"""The scans of a sequence side by side, with what is known of the selected object in each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QHelpEvent,
    QImage,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QToolTip, QWidget

from annotator.app.states_in_words import state_in_words
from annotator.commands.tracks import State
from annotator.i18n import gettext as _
from annotator.i18n import ngettext
from annotator.model.labels import Rgb
from annotator.views.theme import DARK, interface_font

THUMB_PX = (92, 54)
_GAP_PX, _MARKS_PX = 2, 18


@dataclass(frozen=True, slots=True)
class Outline:
    """One object of a scan from above, in pixels of its thumbnail."""

    ring: QPolygonF
    color: Rgb
    is_selected: bool


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
        self._composed: dict[int, QImage] = {}
        self._outlines: Mapping[int, Sequence[Outline]] = {}
        self._marks: Mapping[int, State] = {}
        self._color, self._is_static = QColor(DARK.accent), False
        self._faults: dict[int, str] = {}
        self._done: frozenset[int] = frozenset()
        self._found: Mapping[int, int] = {}
        self.setMouseTracking(True)

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

    def show_done(self, frames: frozenset[int]) -> None:
        """Tick scans that are done."""
        self._done = frames
        self.update()

    def show_found(self, counts: Mapping[int, int]) -> None:
        """Point at scans with findings."""
        self._found = counts
        self.update()

    def show_outlines(self, outlines: Mapping[int, Sequence[Outline]]) -> None:
        """Show what was labelled in each scan."""
        for frame, shown in outlines.items():
            if self._outlines.get(frame) != shown:
                self._composed.pop(frame, None)
        self._outlines = outlines
        self.update()

    def show_thumbnail(self, frame: int, picture: QImage) -> None:
        """Show a scan's picture."""
        self._thumbnails[frame] = picture
        self._composed.pop(frame, None)
        self._faults.pop(frame, None)
        self.update()

    def show_fault(self, frame: int, sentence: str) -> None:
        """Show that a scan cannot be read, and say why where somebody points at it."""
        self._faults[frame] = sentence
        self.update()

    def frames(self) -> range:
        """Return the scans that fit."""
        fit = max(1, self.width() // (THUMB_PX[0] + _GAP_PX))
        first = min(max(0, self._frame - fit // 2), max(0, self._count - fit))
        return range(first, min(first + fit, self._count))

    def words(self, frame: int) -> str:
        """Return what is known of a scan, for whoever points at it."""
        said = [_("Scan {frame}").format(frame=frame + 1)]
        if frame in self._faults:
            said.append(self._faults[frame])
        elif self._is_static:
            said.append(_("the same in every scan"))
        elif frame in self._marks:
            said.append(state_in_words(self._marks[frame]))
        if frame in self._done:
            said.append(_("✓ done"))
        if frame in self._found:
            count = self._found[frame]
            said.append(ngettext("▲ {n} finding", "▲ {n} findings", count).format(n=count))
        legend = _("◆ by a person · ● refitted · ○ interpolated · ― the same in every scan")
        return " · ".join(said) + "\n" + legend

    def event(self, event: QEvent) -> bool:
        """Say what is known of the scan under the pointer."""
        if isinstance(event, QHelpEvent):
            frame = self._frame_at(event.pos().x())
            if frame in self.frames():
                QToolTip.showText(event.globalPos(), self.words(frame), self)
            return True
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's
        """Ask for pictures of what came into view."""
        super().resizeEvent(event)
        self.shown.emit()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's
        """Go to the scan under the pointer."""
        self._emit(self._frame_at(event.position().x()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's
        """Scrub."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._emit(self._frame_at(event.position().x()))

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
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_span(painter)
        for frame in self.frames():
            self._paint_thumbnail(painter, frame)
            self._paint_mark(painter, frame)
        painter.end()

    def _paint_thumbnail(self, painter: QPainter, frame: int) -> None:
        area = self._area(frame)
        if frame in self._thumbnails:
            painter.drawImage(area, self._with_outlines(frame))
        else:
            painter.fillRect(area, QColor(DARK.raised))
        if frame in self._faults:
            painter.fillRect(area, QColor(DARK.raised))
            painter.setPen(QColor(DARK.bad))
            painter.drawText(area, Qt.AlignmentFlag.AlignCenter, "✗")
        self._paint_number(painter, frame, area)
        if abs(frame - self._frame) <= self._reach and self._reach:
            painter.fillRect(
                QRectF(area.left(), area.top(), area.width(), 3), QColor(DARK.accent).darker(140)
            )
        if frame == self._frame:
            painter.setPen(QPen(QColor(DARK.accent), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(area.adjusted(1, 1, -1, -1))

    def _with_outlines(self, frame: int) -> QImage:
        """Return a thumbnail with what was labelled; drawn anew only when that changed."""
        if frame not in self._composed:
            ratio = self.devicePixelRatioF()
            size = QSize(round(THUMB_PX[0] * ratio), round(THUMB_PX[1] * ratio))
            composed = self._thumbnails[frame].scaled(size)
            composed.setDevicePixelRatio(ratio)
            painter = QPainter(composed)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            for outline in sorted(self._outlines.get(frame, ()), key=lambda one: one.is_selected):
                _paint_outline(painter, outline)
            painter.end()
            self._composed[frame] = composed
        return self._composed[frame]

    def _paint_number(self, painter: QPainter, frame: int, area: QRectF) -> None:
        is_done = frame in self._done
        text = f"{frame + 1} ✓" if is_done else str(frame + 1)
        width = painter.fontMetrics().horizontalAdvance(text) + 6
        plate = QRectF(area.left(), area.bottom() - 15, width, 15)
        painter.fillRect(plate, QColor(16, 18, 23, 190))
        plain = DARK.text if frame == self._frame else DARK.faint
        painter.setPen(QColor(DARK.good if is_done else plain))
        painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, text)
        if frame in self._found:
            sign = QRectF(area.right() - 15, plate.top(), 15, 15)
            painter.fillRect(sign, QColor(16, 18, 23, 190))
            painter.setPen(QColor(DARK.amber))
            painter.drawText(sign, Qt.AlignmentFlag.AlignCenter, "▲")

    def _paint_span(self, painter: QPainter) -> None:
        """Join the marks from the object's first scan to its last."""
        if len(self._marks) < 2:
            return
        line = QColor(self._color)
        line.setAlpha(110)
        painter.setPen(QPen(line, 1))
        first, last = (self._mark_at(frame) for frame in (min(self._marks), max(self._marks)))
        painter.drawLine(first, last)

    def _paint_mark(self, painter: QPainter, frame: int) -> None:
        area, at = self._area(frame), self._mark_at(frame)
        painter.setPen(QPen(self._color, 1.6))
        painter.setBrush(self._color)
        if self._is_static:
            painter.fillRect(QRectF(area.left(), at.y() - 1, area.width(), 2), self._color)
        match self._marks.get(frame):
            case State.KEY:
                corners = ((0, -7), (7, 0), (0, 7), (-7, 0))
                painter.drawPolygon(QPolygonF([at + QPointF(x, y) for x, y in corners]))
            case State.REFITTED:
                painter.drawEllipse(at, 4.5, 4.5)
            case State.INTERPOLATED:
                painter.setBrush(QColor(DARK.window))
                painter.drawEllipse(at, 4.0, 4.0)
            case None:
                pass

    def _mark_at(self, frame: int) -> QPointF:
        return QPointF(self._area(frame).center().x(), THUMB_PX[1] + _MARKS_PX / 2)

    def _area(self, frame: int) -> QRectF:
        left = (frame - self.frames().start) * (THUMB_PX[0] + _GAP_PX)
        return QRectF(left, 0, *THUMB_PX)

    def _frame_at(self, x_px: float) -> int:
        return self.frames().start + int(x_px) // (THUMB_PX[0] + _GAP_PX)

    def _emit(self, frame: int) -> None:
        frame = min(max(frame, 0), self._count - 1)
        if frame != self._frame:
            self.chosen.emit(frame)


def _paint_outline(painter: QPainter, outline: Outline) -> None:
    color = QColor(*outline.color)
    fill = QColor(color)
    fill.setAlpha(70 if outline.is_selected else 40)
    painter.setBrush(fill)
    painter.setPen(QPen(color, 1.8 if outline.is_selected else 0.8))
    painter.drawPolygon(outline.ring)
