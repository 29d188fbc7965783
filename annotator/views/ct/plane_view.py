"""One plane of a CT on the screen: a picture, and what is written over it."""

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtCore import QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QRegion,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from annotator.imaging.cameras import PlaneCamera
from annotator.model.shapes import Vec2, Vec3
from annotator.tools.tool import Button, Pointer
from annotator.views.ct.plane_marks import (
    draw_circle,
    draw_crosshair,
    draw_gap,
    draw_lens,
    draw_path,
    draw_scale,
    draw_sides,
    write,
)
from annotator.views.ct.plane_picture import PlanePicture
from annotator.views.ct.plane_pixels import PlanePixels
from annotator.views.qt_pointer import keep_alt_from_the_menu_bar, keys_of
from annotator.views.theme import numbers_font

Box = tuple[tuple[int, int, int], tuple[int, int, int]]
"""First and last voxel (i, j, k)."""


class PlaneView(QWidget):
    """Shows one plane and says where the pointer is. Holds nothing but where it looks.

    Parameters
    ----------
    camera
        Where to look at first; it is fitted to the volume by `fit`.
    ask
        Returns what to draw through a camera, or None before there is anything.
    """

    pressed = Signal(object)
    moved = Signal(object)
    released = Signal(object)
    double_clicked = Signal(object)
    left = Signal()
    wheeled = Signal(object, float)
    window_dragged = Signal(float, float)
    carried = Signal(float, float)
    """How far the middle button carried the picture, px."""
    region_dragged = Signal(object, object)
    """Two corners (i, j, k) of what was framed with Shift and the right button."""
    drawn = Signal(float)
    looked = Signal()
    """It looks elsewhere, or nearer."""

    def __init__(
        self,
        camera: PlaneCamera,
        ask: Callable[[PlaneCamera], PlanePicture | None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.camera = camera
        self._ask = ask
        self._shown: PlanePicture | None = None
        self.pixels = PlanePixels(self)
        self._image: QImage | None = None
        self._stale: list[QRect] = []
        self._asks_again = False
        self._dragged: tuple[Qt.MouseButton, QPointF] | None = None
        self._framed: QRectF | None = None
        self._pointer_px: Vec2 | None = None
        self._fits_to: tuple[int, int, int] | None = None
        self._crosshair: Vec3 | None = None
        self.lens_is_on = False
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMinimumSize(120, 120)
        self.setCursor(Qt.CursorShape.CrossCursor)

    def refresh(self) -> None:
        """Draw again soon."""
        self._image, self._asks_again = None, False
        self._stale.clear()
        self.update()

    def refresh_around(self, boxes: Sequence[Box]) -> None:
        """Draw again soon, but only where these boxes of voxels are, and what is written over."""
        if self._image is None:
            return
        self._asks_again = True
        for box in boxes:
            part = self._part(box)
            if part.isValid() and not any(known.contains(part) for known in self._stale):
                self._stale.append(part)
                self.update(part)

    def show_now(self) -> None:
        """Draw what waits to be drawn before anything else happens."""
        stale = QRegion()
        for part in self._stale:
            stale += QRegion(part)
        self.repaint(self.rect() if self._image is None else stale)

    def show_crosshair(self, voxel: Vec3 | None) -> None:
        """Show the voxel (i, j, k) that all planes share; the picture below stays as it is."""
        if voxel != self._crosshair:
            self._crosshair = voxel
            self.update()

    def look(self, camera: PlaneCamera) -> None:
        """Look elsewhere."""
        self.camera = camera
        self.refresh()
        self.looked.emit()

    def fit(self, shape: tuple[int, int, int]) -> None:
        """Show the whole cut, and keep doing so while the widget is resized."""
        self._fits_to = shape
        self.look(self.camera.fitted(shape))

    def pointer(self, at: QPointF, event: QMouseEvent | QWheelEvent, button: Button) -> Pointer:
        """Say where the mouse is in the words of the data."""
        at_px = (at.x(), at.y())
        return Pointer(at_px, button, keys_of(event.modifiers()), voxel=self.camera.voxel_at(at_px))

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's
        """Keep the middle, or the fit."""
        width, height = max(1, event.size().width()), max(1, event.size().height())
        self.camera = replace(self.camera, size_px=(float(width), float(height)))
        if self._fits_to is not None:
            self.camera = self.camera.fitted(self._fits_to)
        self.look(self.camera)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's
        """Begin a drag of the window or the picture, or tell the tool."""
        if event.button() in {Qt.MouseButton.RightButton, Qt.MouseButton.MiddleButton}:
            self._dragged = (event.button(), event.position())
            is_framing = event.button() is Qt.MouseButton.RightButton
            if is_framing and event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
                self._framed = QRectF(event.position(), event.position())
        elif event.button() is Qt.MouseButton.LeftButton:
            # A drag with another button only looks: keys stay where they are.
            self.setFocus(Qt.FocusReason.MouseFocusReason)
            self.pressed.emit(self.pointer(event.position(), event, Button.LEFT))
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's
        """Drag, or tell where the pointer is."""
        self._pointer_px = (event.position().x(), event.position().y())
        if self._dragged is not None:
            self._drag(event.position())
            return
        held = bool(event.buttons() & Qt.MouseButton.LeftButton)
        button = Button.LEFT if held else Button.NONE
        self.moved.emit(self.pointer(event.position(), event, button))
        if self.lens_is_on:
            self.refresh()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's
        """End a drag, or tell the tool."""
        if self._framed is not None and event.button() is Qt.MouseButton.RightButton:
            framed, self._framed = self._framed.normalized(), None
            self.update()
            corners = (framed.topLeft(), framed.bottomRight())
            self.region_dragged.emit(*(self.camera.voxel_at((c.x(), c.y())) for c in corners))
        if self._dragged is not None and event.button() is self._dragged[0]:
            self._dragged = None
        elif event.button() is Qt.MouseButton.LeftButton:
            self.released.emit(self.pointer(event.position(), event, Button.LEFT))
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's
        """Tell that this plane is wanted large."""
        if event.button() is Qt.MouseButton.LeftButton:
            self.double_clicked.emit(self.pointer(event.position(), event, Button.LEFT))
        event.accept()

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's
        """Zoom to the pointer with Ctrl; tell everything else."""
        keep_alt_from_the_menu_bar(event)
        turn = event.angleDelta()
        steps = (turn.y() or turn.x()) / 120  # Alt turns a wheel sideways on some systems
        if steps:
            self.wheeled.emit(self.pointer(event.position(), event, Button.NONE), steps)
        event.accept()

    def leaveEvent(self, _event: object) -> None:  # noqa: N802 - Qt's
        """Take the lens away with the pointer."""
        self._pointer_px = None
        self.left.emit()
        if self.lens_is_on:
            self.refresh()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's
        """Leave every key to the owner."""
        event.ignore()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's
        """Leave every key to the owner."""
        event.ignore()

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's
        """Draw nothing: Qt would draw the whole plane anew with each click."""

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's
        """Draw nothing, as above."""

    def zoom(self, factor: float, at_px: Vec2) -> None:
        """Enlarge around a place on the screen."""
        self._fits_to = None
        self.look(self.camera.zoomed(factor, at_px))

    def pan(self, right_px: float, down_px: float) -> None:
        """Carry the picture along."""
        self._fits_to = None
        self.look(self.camera.panned((right_px, down_px)))

    def bring_into_view(self, voxel: tuple[int, int, int]) -> None:
        """Look at a voxel (i, j, k) if it is not well inside the picture already."""
        x, y = self.camera.px_of((float(voxel[0]), float(voxel[1]), float(voxel[2])))
        width, height = self.camera.size_px
        if not (0.1 * width < x < 0.9 * width and 0.1 * height < y < 0.9 * height):
            self._fits_to = None
            self.look(self.camera.panned((width / 2 - x, height / 2 - y)))

    def look_closely(self, voxel: tuple[int, int, int], wide_mm: float) -> None:
        """Look straight at a voxel (i, j, k); nearer where the whole cut is seen, else as near."""
        px_per_mm = self.camera.px_per_mm
        if self._fits_to is not None:
            px_per_mm = max(px_per_mm, min(self.camera.size_px) / wide_mm)
        self._fits_to = None
        x, y = self.camera.px_of((float(voxel[0]), float(voxel[1]), float(voxel[2])))
        width, height = self.camera.size_px
        there = self.camera.panned((width / 2 - x, height / 2 - y))
        self.look(replace(there, px_per_mm=px_per_mm))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's
        """Draw the picture, composed anew if something changed, and what is written over it."""
        painter = QPainter(self)
        if self._image is None or self._asks_again:
            self._compose()
        if self._image is None or self._shown is None:
            painter.fillRect(self.rect(), QColor("black"))
        else:
            painter.drawImage(self.rect(), self._image)
            self._write_over(painter, self._shown, event.region())
        painter.end()

    def _write_over(self, painter: QPainter, shown: PlanePicture, painted: QRegion) -> None:
        painter.setFont(numbers_font())
        size = (self.width(), self.height())
        if self._crosshair is not None:
            draw_crosshair(painter, size, self.camera.px_of(self._crosshair))
        if shown.path:
            at_px = [QPointF(*self.camera.px_of(voxel)) for voxel in shown.path]
            draw_path(painter, at_px, is_closed=shown.path_is_closed)
        for voxel, text in shown.words:
            write(painter, QPointF(*self.camera.px_of(voxel)) + QPointF(12, -8), text)
        if self._framed is not None:
            corners = (self._framed.topLeft(), self._framed.topRight())
            others = (self._framed.bottomRight(), self._framed.bottomLeft())
            draw_path(painter, [*corners, *others], is_closed=True)
        if shown.circle_px is not None:
            draw_circle(painter, *shown.circle_px)
        lens_px = self._lens_px()
        if lens_px is not None:
            draw_lens(painter, size, lens_px, shown.lens_radius_px, shown.lens_words)
        if painted.intersects(_edges(self.rect(), len(shown.corner))):
            self._write_edges(painter, shown)

    def _write_edges(self, painter: QPainter, shown: PlanePicture) -> None:
        size = (self.width(), self.height())
        for k in shown.gaps:
            at_px = self.camera.px_of((*self.camera.center[:2], k + 0.5))
            draw_gap(painter, size, at_px, across=self.camera.layout.down == 2)
        if shown.sides is not None:
            draw_sides(painter, size, shown.sides)
        for number, line in enumerate(shown.corner):
            write(painter, QPointF(10, 20 + 18 * number), line)
        draw_scale(painter, size, self.camera.px_per_mm)

    def _drag(self, to: QPointF) -> None:
        assert self._dragged is not None
        if self._framed is not None:
            self._framed.setBottomRight(to)
            self.update()
            return
        button, last = self._dragged
        self._dragged = (button, to)
        moved = to - last
        if button is Qt.MouseButton.RightButton:
            self.window_dragged.emit(moved.x(), moved.y())
        else:
            self.carried.emit(moved.x(), moved.y())

    def _compose(self) -> None:
        """Compose what is stale, or all of it where there is no image yet."""
        began = time.perf_counter()
        stale, self._stale, self._asks_again = self._stale, [], False
        self._shown = shown = self._ask(self.camera)
        if shown is None:
            return
        lens_px = self._lens_px()
        if self._image is None:
            self._image = self.pixels.compose(shown, self.camera, lens_px)
        else:
            self._image = self.pixels.compose_again(shown, self.camera, lens_px, stale)
        self.drawn.emit((time.perf_counter() - began) * 1000)

    def _lens_px(self) -> Vec2 | None:
        """Return where the lens is, while it is on and the pointer is here."""
        return self._pointer_px if self.lens_is_on else None

    def _part(self, box: Box) -> QRect:
        """Return the pixels that a box of voxels covers, with its outline beyond its edge."""
        (i, j, k), (last_i, last_j, last_k) = box
        ends = ((i - 1.0, j - 1.0, k - 1.0), (last_i + 1.0, last_j + 1.0, last_k + 1.0))
        x, y = (sorted(across) for across in zip(*map(self.camera.px_of, ends), strict=True))
        left, top = math.floor(x[0]) - 3, math.floor(y[0]) - 3
        part = QRect(left, top, math.ceil(x[1]) + 3 - left, math.ceil(y[1]) + 3 - top)
        return part.intersected(self.rect())


def _edges(whole: QRect, lines: int) -> QRegion:
    """Return where letters, words and scale stand: all but the middle, and the upper left."""
    middle = QRegion(whole.adjusted(40, 30, -40, -50))
    return QRegion(whole) - middle + QRegion(0, 0, 320, 20 + 18 * lines)
