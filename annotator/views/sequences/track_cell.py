"""One scan's cell in the grid of an object: seen from above and from the side, and edited there."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QLineF, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from annotator.app.states_in_words import sign_in_words
from annotator.commands.tracks import Change, Happening
from annotator.geometry.visibility import Sight
from annotator.i18n import gettext as _
from annotator.i18n import mark
from annotator.model.annotations import Annotation
from annotator.model.labels import Rgb
from annotator.model.shapes import Box3D, Vec2
from annotator.tools.pane_box import Pane, PaneBox, Side
from annotator.tools.tool import Reply
from annotator.views.line_styles import pen_of, style_of
from annotator.views.theme import DARK, interface_font

Pixels = npt.NDArray[np.uint32]

LEAST_SIDE_PX, MOST_SIDE_PX = 120, 420
ROOM_M = 1.0
_GAP_PX, _TEXT_PX = 2, 20
_REACH_PX, _DRAG_PX = 7.0, 3.0
_HAPPENINGS = {
    Happening.MOVED: mark("moved"),
    Happening.GONE: mark("points vanished"),
    Happening.HIDDEN: mark("hidden"),
    Happening.BACK: mark("seen again"),
}


@dataclass(frozen=True, slots=True, eq=False)
class Cell:
    """One object in one scan, as it is drawn.

    Attributes
    ----------
    box
        The annotation's; the pictures lie in its axes.
    above, beside
        Heading to the right; its left, or its top, upward.
    color
        Of its class.
    """

    frame: int
    annotation: Annotation
    box: Box3D
    above: Pixels
    beside: Pixels
    px_per_m: float
    sight: Sight
    color: Rgb


def cell_size(side_px: int) -> QSize:
    """Return the size of two squares and a line of text."""
    return QSize(2 * side_px + _GAP_PX, side_px + _TEXT_PX)


def fitting(count: int, room: QSize, spacing_px: int) -> tuple[int, int]:
    """Return in how many columns, and how large, cells are seen best.

    They are as large as all of them fit; where they would be too small, they are scrolled through.
    """
    sides = {columns: _side_px(count, columns, room, spacing_px) for columns in range(1, 9)}
    columns = max(sides, key=lambda n: sides[n])
    if sides[columns] >= LEAST_SIDE_PX:
        return columns, min(sides[columns], MOST_SIDE_PX)
    wide = cell_size(LEAST_SIDE_PX).width() + spacing_px
    return max(1, room.width() // wide), LEAST_SIDE_PX


def _side_px(count: int, columns: int, room: QSize, spacing_px: int) -> int:
    rows = math.ceil(max(count, 1) / columns)
    wide = (room.width() // columns - spacing_px - _GAP_PX) // 2
    return min(wide, room.height() // rows - spacing_px - _TEXT_PX)


class CellView(QWidget):
    """Two pictures with the box in both. A click goes to the scan, a drag changes the box."""

    chosen = Signal()
    edited = Signal(object)
    """A drag ended: what to do, as a `Reply`."""

    def __init__(self, frame: int, side_px: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.frame = frame
        self.side_px = side_px
        self.cell: Cell | None = None
        self.change: Change | None = None
        self.is_current = False
        self._gesture = PaneBox()
        self._held: Pane | None = None
        self._now: Box3D | None = None
        self.setFixedSize(cell_size(side_px))
        self.setMouseTracking(True)

    def be_large(self, side_px: int) -> None:
        """Have pictures of this side; the old ones are stretched until new ones are drawn."""
        self.side_px = side_px
        self.setFixedSize(cell_size(side_px))
        self.update()

    def show_cell(self, cell: Cell) -> None:
        """Show what was drawn."""
        self.cell, self._now = cell, None
        self.setToolTip(
            _("{count} points · click to go there, drag to change").format(count=cell.sight.points)
        )
        self.update()

    def show_change(self, change: Change | None) -> None:
        """Show what happened here, if anything."""
        self.change = change
        self.update()

    def show_current(self, *, on: bool) -> None:
        """Show whether this is the scan in the view."""
        self.is_current = on
        self.update()

    def show_fault(self, sentence: str) -> None:
        """Say why there is no picture."""
        self.setToolTip(sentence)

    def text(self) -> str:
        """Return what the line below the pictures says."""
        parts = [_("scan {frame}").format(frame=self.frame + 1)]
        if self.cell is not None and self.cell.annotation.frame is not None:
            shown = self.cell.annotation
            parts.append(sign_in_words(shown))
        if self.change is not None:
            parts.append(_(_HAPPENINGS[self.change.happening]))
        return " · ".join(parts)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's
        """Take hold of a face, a corner, or the box."""
        cell = self.cell
        if cell is None or event.button() != Qt.MouseButton.LeftButton:
            return
        side = Side.TOP if event.position().x() < self.side_px else Side.SIDE
        pane = Pane(side, cell.box)
        at_m = self._at_m(side, event.position())
        if self._gesture.press(pane, cell.annotation, at_m, _REACH_PX / self._per_m):
            self._held = pane

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's
        """Show what letting go would make of the box."""
        cell, pane = self.cell, self._held
        if cell is None or pane is None:
            return
        at_m = self._at_m(pane.side, event.position())
        reply = self._gesture.move(pane, at_m, _DRAG_PX / self._per_m)
        if reply.preview is not None and reply.preview.annotations:
            shape = reply.preview.annotations[0].shape
            self._now = shape if isinstance(shape, Box3D) else None
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's
        """End the drag in one edit; without one, go to this scan."""
        if event.button() != Qt.MouseButton.LeftButton:
            return
        reply = self._gesture.release() if self._held is not None else Reply()
        self._held = None
        if reply.edit is None:
            self.chosen.emit()
        else:
            self.edited.emit(reply)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's
        """Draw both pictures, the box in each, and the line."""
        painter = QPainter(self)
        painter.setFont(interface_font())
        painter.fillRect(self.rect(), QColor(DARK.raised))
        if self.cell is not None:
            self._paint_side(painter, Side.TOP, self.cell.above)
            self._paint_side(painter, Side.SIDE, self.cell.beside)
        happened = self.change is not None and self.change.happening is not Happening.MOVED
        painter.setPen(QColor(DARK.amber if happened else DARK.text))
        line = QRectF(5, self.side_px, self.width() - 10, _TEXT_PX)
        painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, self.text())
        if self.is_current:
            painter.setPen(QColor(DARK.accent))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()

    def _paint_side(self, painter: QPainter, side: Side, pixels: Pixels) -> None:
        assert self.cell is not None
        left = 0 if side is Side.TOP else self.side_px + _GAP_PX
        height, width = pixels.shape
        image = QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_RGB32)
        painter.save()
        square = QRectF(left, 0, self.side_px, self.side_px)
        painter.setClipRect(square)
        painter.drawImage(square, image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pane, box = Pane(side, self.cell.box), self._now or self.cell.box
        color = QColor(*self.cell.color) if self._now is None else QColor(DARK.amber)
        for face, ends in pane.outline(box).items():
            origin = self.cell.annotation.origin
            style = style_of(origin, is_assumed=face in box.assumed)
            painter.setPen(pen_of(color, 1.4, style))
            (x0, y0), (x1, y1) = (self._to_px(side, (x, y)) for x, y in ends.tolist())
            painter.drawLine(QLineF(x0, y0, x1, y1))
        painter.setBrush(color)
        for grip in pane.grips(box):
            x, y = self._to_px(side, grip.at_m)
            painter.drawEllipse(QPointF(x, y), 1.8, 1.8)
        painter.restore()

    @property
    def _per_m(self) -> float:
        """Pixels per metre, also while the pictures are stretched."""
        assert self.cell is not None
        return self.cell.px_per_m * self.side_px / len(self.cell.above)

    def _to_px(self, side: Side, at_m: Vec2) -> Vec2:
        """Return where a place on a pane is; a pane from above has the heading up, not right."""
        x, y = (at_m[1], -at_m[0]) if side is Side.TOP else at_m
        return self._middle_px(side) + x * self._per_m, self.side_px / 2 - y * self._per_m

    def _at_m(self, side: Side, at: QPointF) -> Vec2:
        x = (at.x() - self._middle_px(side)) / self._per_m
        y = (self.side_px / 2 - at.y()) / self._per_m
        return (-y, x) if side is Side.TOP else (x, y)

    def _middle_px(self, side: Side) -> float:
        return self.side_px / 2 if side is Side.TOP else 1.5 * self.side_px + _GAP_PX
