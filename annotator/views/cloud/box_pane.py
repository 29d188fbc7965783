"""Shows the selected box from one side, close by, with grips that change it."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QEvent, QLineF, QObject, QPointF, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from annotator.app.pane_points import NearPoints, around_m, camera_of, picture_of
from annotator.app.states_in_words import sign_of
from annotator.geometry.boxes import axes_of
from annotator.geometry.wireframes import assumed_lines, fills_its_box, lines_of
from annotator.i18n import gettext as _
from annotator.model.annotations import Annotation
from annotator.model.cloud import PointCloud
from annotator.model.labels import Rgb
from annotator.model.shapes import Box3D, Cylinder3D, Shape, Vec2
from annotator.tools.box_handles import Kind
from annotator.tools.keys import ToolKey
from annotator.tools.pane_box import Pane, PaneBox, Side, grip_at, grip_in_words, grips_of
from annotator.tools.tool import NOTHING, Reply
from annotator.views.key_events import meant
from annotator.views.line_styles import pen_of, style_of

_REACH_PX, _DRAG_PX = 9.0, 3.0
_FILLED_SHARE, _ZOOM_PER_STEP = 0.62, 1.15
_FAINT, _GRIP = QColor("#8b93a1"), QColor("#f2f4f8")


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """What the panes show.

    Attributes
    ----------
    shape
        The annotation's as a gesture would leave it.
    box
        The shape's own box, or what surrounds another shape.
    has_front
        Whether it matters which end of the box is its front.
    """

    annotation: Annotation
    shape: Shape
    box: Box3D
    points: NearPoints
    color: Rgb
    cloud: PointCloud
    point_px: int
    has_front: bool


class BoxPane(QWidget):
    """One side of the selected box. Holds no truth: it shows what it is given."""

    def __init__(
        self, side: Side, take: Callable[[Reply], None], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._side, self._take = side, take
        self.shown: Shown | None = None
        self.gesture = PaneBox()
        self._px_per_m, self._middle_m = 60.0, (0.0, 0.0)
        self._pans_from: QPointF | None = None
        self._picture: tuple[object, QImage] | None = None
        self._rested_inside = False
        self._empty = self._hint = ""
        self._tilts = False
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setMinimumSize(120, 110)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName(self._title())

    def show_box(self, shown: Shown | None, *, aligned: bool, rests: bool = True) -> None:
        """Show a box; ``aligned`` brings it to the middle and to its size anew.

        Parameters
        ----------
        rests
            Whether no gesture changes it; one that then reaches out of the pane, and did not
            before, is brought back into it.
        """
        self.shown = shown
        if shown is not None:
            left = rests and self._rested_inside and not self._holds(shown.box)
            if aligned or left:
                self._align(shown.box)
            if rests:
                self._rested_inside = self._holds(shown.box)
        self.update()

    def say(self, sentence: str) -> None:
        """Show why there is no box."""
        self._empty = sentence
        self.update()

    def pane(self) -> Pane | None:
        """Return how the pane looks at the world; None where it shows nothing."""
        if self.shown is None:
            return None
        return Pane(self._side, self.shown.points.frame, tilts=self._tilts)

    def to_px(self, at_m: Vec2) -> Vec2:
        """Return where a place on the pane is in the widget."""
        x, y = at_m[0] - self._middle_m[0], at_m[1] - self._middle_m[1]
        return self.width() / 2 + x * self._px_per_m, self.height() / 2 - y * self._px_per_m

    def to_m(self, at_px: Vec2) -> Vec2:
        """Return which place on the pane a place in the widget shows."""
        x, y = at_px[0] - self.width() / 2, self.height() / 2 - at_px[1]
        return x / self._px_per_m + self._middle_m[0], y / self._px_per_m + self._middle_m[1]

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's
        """Take hold of a grip or of the box; beside it or with other buttons, pan."""
        pane, shown = self.pane(), self.shown
        if pane is None or shown is None:
            return
        is_held = event.button() is Qt.MouseButton.LeftButton and self.gesture.press(
            pane, shown.annotation, self._at_m(event), _REACH_PX / self._px_per_m
        )
        self._pans_from = None if is_held else event.position()
        if is_held:
            self._hear_keys(on=True)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's
        """Go on with the gesture; without one, let the cursor say what a press would do."""
        if not self.gesture.is_dragging:
            self._tilts = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        pane = self.pane()
        if pane is None:
            return
        if self._pans_from is not None:
            moved, self._pans_from = event.position() - self._pans_from, event.position()
            x, y = self._middle_m
            self._middle_m = (x - moved.x() / self._px_per_m, y + moved.y() / self._px_per_m)
            self.update()
        elif self.gesture.is_dragging:
            self._take(self.gesture.move(pane, self._at_m(event), _DRAG_PX / self._px_per_m))
        else:
            self._point_out(pane, self._at_m(event))

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's
        """Say no more what a grip does that the pointer has left."""
        self._hint = ""
        self.update()
        super().leaveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's
        """End the gesture in one edit."""
        del event
        self._pans_from = None
        self._hear_keys(on=False)
        if self.gesture.is_dragging:
            self._take(self.gesture.release())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's
        """Fit a face to its points; elsewhere bring the box back to the middle."""
        pane, shown = self.pane(), self.shown
        if pane is None or shown is None:
            return
        reach = _REACH_PX / self._px_per_m
        reply = self.gesture.double_click(
            pane, shown.annotation, shown.cloud, self._at_m(event), reach
        )
        if reply is NOTHING:
            self._align(shown.box)
            self.update()
        else:
            self._take(reply)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's
        """Zoom to the pointer."""
        at = (event.position().x(), event.position().y())
        before = self.to_m(at)
        scale = self._px_per_m * _ZOOM_PER_STEP ** (event.angleDelta().y() / 120)
        self._px_per_m = min(max(scale, 4.0), 4000.0)
        after = self.to_m(at)
        x, y = self._middle_m
        self._middle_m = (x + before[0] - after[0], y + before[1] - after[1])
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's
        """Back out of a gesture."""
        if not self._backs_out(event):
            super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's
        """Hear, while a gesture goes on, what the view that has the keyboard is told."""
        del watched
        is_key = event.type() is QEvent.Type.KeyPress and isinstance(event, QKeyEvent)
        return is_key and self._backs_out(event)  # type: ignore[arg-type]  # a key, as was asked

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's
        """Draw points, the box, its grips and its measures."""
        del event
        painter = QPainter(self)
        area, shown, pane = QRectF(self.rect()), self.shown, self.pane()
        if shown is None or pane is None:
            painter.fillRect(area, QColor("#101318"))
            painter.setPen(_FAINT)
            wrapped = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(area.adjusted(12, 0, -12, 0), wrapped, self._empty)
        else:
            painter.drawImage(area, self._image(shown))
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint_box(painter, shown, pane)
        painter.setPen(_FAINT)
        sign = sign_of(shown.annotation) if shown is not None else ""
        title = f"{self._title()}  {sign}".strip()
        painter.drawText(QRectF(8, 4, 200, 18), Qt.AlignmentFlag.AlignLeft, title)
        if shown is not None:
            below = QRectF(8, 22, area.width() - 16, area.height() - 26)
            low = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom
            flags = low | Qt.TextFlag.TextWordWrap  # a pane is often narrower than a hint
            painter.drawText(below, flags, self._hint or self._rule(shown))

    def _image(self, shown: Shown) -> QImage:
        """Return the points; drawn anew only when something has changed."""
        ratio = self.devicePixelRatioF()
        size = (max(round(self.width() * ratio), 1), max(round(self.height() * ratio), 1))
        scale = self._px_per_m * ratio
        key = (shown.points, shown.box, size, scale, self._middle_m)
        if self._picture is None or self._picture[0] != key:
            camera = camera_of(self._side, scale, size[1], self._middle_m)
            pixels = picture_of(
                shown.points, self._side, shown.box, camera, size, point_px=shown.point_px
            )
            image = QImage(pixels.data, *size, 4 * size[0], QImage.Format.Format_RGB32)
            self._picture = (key, image.copy())
        return self._picture[1]

    def _paint_box(self, painter: QPainter, shown: Shown, pane: Pane) -> None:
        color = QColor(*shown.color)
        if self._side is Side.TOP and isinstance(shown.annotation.shape, Cylinder3D):
            self._paint_round(painter, shown, pane)
            return
        if not fills_its_box(shown.shape):
            self._paint_lines(painter, shown, pane)
            return
        for face, line in pane.outline(shown.box).items():
            style = style_of(shown.annotation.origin, is_assumed=face in shown.box.assumed)
            painter.setPen(pen_of(color, 1.8, style))
            (x0, y0), (x1, y1) = (self.to_px((x, y)) for x, y in line.tolist())
            painter.drawLine(QLineF(x0, y0, x1, y1))
        self._paint_grips(painter, shown, pane)
        self._paint_front(painter, shown, pane)
        self._paint_measures(painter, self._measures_m(shown))

    def _paint_lines(self, painter: QPainter, shown: Shown, pane: Pane) -> None:
        """Draw what has no faces to take hold of as it is seen from here."""
        lines = pane.on_pane(lines_of(shown.shape).reshape(-1, 3))
        assumed = assumed_lines(shown.shape).tolist()
        for (start, end), is_assumed in zip(lines.reshape(-1, 2, 2).tolist(), assumed, strict=True):
            style = style_of(shown.annotation.origin, is_assumed=is_assumed)
            painter.setPen(pen_of(QColor(*shown.color), 1.8, style))
            (x0, y0), (x1, y1) = (self.to_px((x, y)) for x, y in (start, end))
            painter.drawLine(QLineF(x0, y0, x1, y1))
        wide, high = np.ptp(lines, axis=0).tolist()
        self._paint_measures(painter, (wide, high))

    def _paint_round(self, painter: QPainter, shown: Shown, pane: Pane) -> None:
        """Draw a round pillar as it is from above."""
        style = style_of(shown.annotation.origin, is_assumed=bool(shown.box.assumed))
        painter.setPen(pen_of(QColor(*shown.color), 1.8, style))
        x, y = pane.on_pane([shown.box.center_m])[0].tolist()
        radius_px = shown.box.size_m[0] / 2 * self._px_per_m
        painter.drawEllipse(QPointF(*self.to_px((x, y))), radius_px, radius_px)
        self._paint_grips(painter, shown, pane)
        self._paint_measures(painter, self._measures_m(shown))

    def _paint_grips(self, painter: QPainter, shown: Shown, pane: Pane) -> None:
        painter.setBrush(_GRIP)
        for grip in grips_of(pane, shown.annotation, shown.box):
            at = QPointF(*self.to_px(grip.at_m))
            if grip.kind is Kind.TURN:
                middle = pane.on_pane([shown.box.center_m])[0].tolist()
                painter.setPen(QPen(QColor(*shown.color), 1.2))
                painter.drawLine(QPointF(*self.to_px((middle[0], middle[1]))), at)
            painter.setPen(QPen(QColor(10, 12, 16), 1.0))
            if grip.kind is Kind.TURN:
                painter.drawEllipse(at, 5.0, 5.0)
            else:
                half = 3.5 if grip.kind is Kind.FACE else 2.5
                painter.drawRect(QRectF(at.x() - half, at.y() - half, 2 * half, 2 * half))
        painter.setBrush(Qt.BrushStyle.NoBrush)

    def _paint_front(self, painter: QPainter, shown: Shown, pane: Pane) -> None:
        """Write beside the face that a box heads to that it is the front: a fit only guesses."""
        if self._side is Side.REAR or not shown.has_front:
            return
        middle_m, length_m = np.array(shown.box.center_m), shown.box.size_m[0]
        ends = (middle_m, middle_m + axes_of(shown.box)[:, 0] * length_m / 2)
        (x0, _y0), (x, y) = (self.to_px((x, y)) for x, y in pane.on_pane(np.array(ends)).tolist())
        text, metrics = _("front"), painter.fontMetrics()
        width = metrics.horizontalAdvance(text)
        left = x + 8 if self._side is Side.TOP or x > x0 else x - 8 - width
        painter.setPen(QColor(*shown.color))
        painter.drawText(QPointF(left, y - 6), text)

    def _measures_m(self, shown: Shown) -> Vec2:
        length, width, height = shown.box.size_m
        return {
            Side.TOP: (width, length),
            Side.SIDE: (length, height),
            Side.REAR: (width, height),
        }[self._side]

    def _paint_measures(self, painter: QPainter, wide_high_m: Vec2) -> None:
        painter.setPen(_FAINT)
        area = QRectF(0, 4, self.width() - 8, 18)
        text = "{:.2f} × {:.2f} m".format(*wide_high_m)
        painter.drawText(area, Qt.AlignmentFlag.AlignRight, text)

    def _align(self, box: Box3D) -> None:
        """Let the box fill most of the pane."""
        pane = self.pane()
        if pane is None:
            return
        x, y = pane.on_pane([box.center_m])[0].tolist()
        ends = [line for lines in pane.outline(box).values() for line in lines.tolist()]
        wide = 2 * max(abs(end[0] - x) for end in ends)
        high = 2 * max(abs(end[1] - y) for end in ends)
        scale = min(self.width() / max(wide, 0.1), self.height() / max(high, 0.1))
        self._middle_m, self._px_per_m = (x, y), _FILLED_SHARE * scale

    def _backs_out(self, event: QKeyEvent) -> bool:
        """Let go without an edit where a key says so; tell whether it did."""
        if not self.gesture.is_dragging or not meant(event, (ToolKey.BACK_OUT,)):
            return False
        self._hear_keys(on=False)
        self._take(self.gesture.cancel())
        return True

    def _hear_keys(self, *, on: bool) -> None:
        """Listen along to the view that has the keyboard, or no longer."""
        view = self.focusProxy()
        if view is not None:
            (view.installEventFilter if on else view.removeEventFilter)(self)

    def _holds(self, box: Box3D) -> bool:
        """Tell whether all of a box is in the pane."""
        pane = self.pane()
        if pane is None:
            return False
        ends = [end for line in pane.outline(box).values() for end in line.tolist()]
        return all(self.rect().contains(*map(round, self.to_px((x, y)))) for x, y in ends)

    def _point_out(self, pane: Pane, at_m: Vec2) -> None:
        if self.shown is None:
            return
        grip = grip_at(pane, self.shown.annotation, at_m, _REACH_PX / self._px_per_m)
        self.setCursor(
            Qt.CursorShape.ArrowCursor if grip is None else _cursor(grip.kind, grip.at_m)
        )
        self._hint = "" if grip is None else grip_in_words(self._side, grip)
        self.update()

    def _rule(self, shown: Shown) -> str:
        """Say which points are shown: from above how far around, else how a level box is tilted."""
        if self._side is Side.TOP:
            return _("Points up to {m:.1f} m around").format(
                m=max(around_m(shown.points.frame)[:2])
            )
        box = shown.annotation.shape
        if isinstance(box, Box3D) and not (box.pitch_rad or box.roll_rad):
            return _("Alt tilts · wheel zooms")
        return ""

    def _at_m(self, event: QMouseEvent) -> Vec2:
        return self.to_m((event.position().x(), event.position().y()))

    def _title(self) -> str:
        return {Side.TOP: _("Top"), Side.SIDE: _("Side"), Side.REAR: _("Rear")}[self._side]


def _cursor(kind: Kind, at_m: Vec2) -> Qt.CursorShape:
    """Return the double arrow along which a grip is dragged."""
    if kind is Kind.TURN:
        return Qt.CursorShape.CrossCursor
    if kind is Kind.CORNER:
        is_rising = at_m[0] * at_m[1] > 0
        return Qt.CursorShape.SizeBDiagCursor if is_rising else Qt.CursorShape.SizeFDiagCursor
    angle = math.degrees(math.atan2(at_m[1], at_m[0])) % 180
    is_upright = 45 < angle < 135
    return Qt.CursorShape.SizeVerCursor if is_upright else Qt.CursorShape.SizeHorCursor
