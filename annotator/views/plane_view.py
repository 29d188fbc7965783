"""One plane of a CT on the screen: a picture, and what is written over it."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from annotator.i18n import gettext as _
from annotator.imaging.cameras import PlaneCamera
from annotator.imaging.orientation import Sides
from annotator.imaging.windows import Argb, Labels, Lens, Styles, Window, picture
from annotator.model.shapes import Vec2, Vec3
from annotator.model.volume import Hu
from annotator.tools.tool import Button, Keys, Pointer
from annotator.views.theme import DARK, numbers_font

SMOOTH_BELOW_PX = 8.0
"""Larger voxels are shown as they are, so that a click's voxel can be seen."""


@dataclass(frozen=True, slots=True, eq=False)
class PlanePicture:
    """What a plane view draws; made by its owner each time it is drawn.

    Attributes
    ----------
    hu, labels
        The cut, laid as the camera's layout says: rows run down, columns to the right.
    path, words
        A tool's line through voxels (i, j, k), and what it writes beside voxels.
    corner
        Words in the upper left corner.
    """

    hu: Hu
    window: Window
    labels: Labels | None = None
    colors: Argb | None = None
    styles: Styles | None = None
    is_inverted: bool = False
    sides: Sides | None = None
    lens_hu: Hu | None = None
    lens_window: Window | None = None
    lens_radius_px: float = 90.0
    circle_px: tuple[Vec2, float] | None = None
    path: tuple[Vec3, ...] = ()
    path_is_closed: bool = False
    words: tuple[tuple[Vec3, str], ...] = ()
    corner: tuple[str, ...] = ()


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
    drawn = Signal(float)

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
        self._pixels: Argb = np.zeros((1, 1), np.uint32)
        self._image: QImage | None = None
        self._dragged: tuple[Qt.MouseButton, QPointF] | None = None
        self._pointer_px: Vec2 | None = None
        self._fits_to: tuple[int, int, int] | None = None
        self._crosshair: Vec3 | None = None
        self.lens_is_on = False
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMinimumSize(120, 120)
        self.setCursor(Qt.CursorShape.CrossCursor)

    def refresh(self) -> None:
        """Draw again soon."""
        self._image = None
        self.update()

    def show_crosshair(self, voxel: Vec3 | None) -> None:
        """Show the voxel (i, j, k) that all planes share; the picture below stays as it is."""
        if voxel != self._crosshair:
            self._crosshair = voxel
            self.update()

    def look(self, camera: PlaneCamera) -> None:
        """Look elsewhere."""
        self.camera = camera
        self.refresh()

    def fit(self, shape: tuple[int, int, int]) -> None:
        """Show the whole cut, and keep doing so while the widget is resized."""
        self._fits_to = shape
        self.look(self.camera.fitted(shape))

    def pointer(self, at: QPointF, event: QMouseEvent | QWheelEvent, button: Button) -> Pointer:
        """Say where the mouse is in the words of the data."""
        at_px = (at.x(), at.y())
        return Pointer(at_px, button, _keys(event.modifiers()), voxel=self.camera.voxel_at(at_px))

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's
        """Keep the middle, or the fit."""
        width, height = max(1, event.size().width()), max(1, event.size().height())
        self.camera = replace(self.camera, size_px=(float(width), float(height)))
        if self._fits_to is not None:
            self.camera = self.camera.fitted(self._fits_to)
        self.refresh()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's
        """Begin a drag of the window or the picture, or tell the tool."""
        if event.button() in {Qt.MouseButton.RightButton, Qt.MouseButton.MiddleButton}:
            self._dragged = (event.button(), event.position())
        elif event.button() is Qt.MouseButton.LeftButton:
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

    def zoom(self, factor: float, at_px: Vec2) -> None:
        """Enlarge around a place on the screen."""
        self._fits_to = None
        self.look(self.camera.zoomed(factor, at_px))

    def bring_into_view(self, voxel: tuple[int, int, int]) -> None:
        """Look at a voxel (i, j, k) if it is not well inside the picture already."""
        x, y = self.camera.px_of((float(voxel[0]), float(voxel[1]), float(voxel[2])))
        width, height = self.camera.size_px
        if not (0.1 * width < x < 0.9 * width and 0.1 * height < y < 0.9 * height):
            self._fits_to = None
            self.look(self.camera.panned((width / 2 - x, height / 2 - y)))

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's
        """Draw the picture, composed anew if something changed, and what is written over it."""
        painter = QPainter(self)
        if self._image is None:
            self._image = self._composed()
        if self._image is None or self._shown is None:
            painter.fillRect(self.rect(), QColor("black"))
        else:
            painter.drawImage(self.rect(), self._image)
            self._write_over(painter, self._shown)
        painter.end()

    def _write_over(self, painter: QPainter, shown: PlanePicture) -> None:
        painter.setFont(numbers_font())
        size = (self.width(), self.height())
        if self._crosshair is not None:
            _draw_crosshair(painter, size, self.camera.px_of(self._crosshair))
        if shown.path:
            at_px = [QPointF(*self.camera.px_of(voxel)) for voxel in shown.path]
            _draw_path(painter, at_px, is_closed=shown.path_is_closed)
        for voxel, text in shown.words:
            _write(painter, QPointF(*self.camera.px_of(voxel)) + QPointF(12, -8), text)
        if shown.circle_px is not None:
            _draw_circle(painter, *shown.circle_px)
        if self.lens_is_on and self._pointer_px is not None:
            _draw_circle(painter, self._pointer_px, shown.lens_radius_px)
        if shown.sides is not None:
            _draw_sides(painter, size, shown.sides)
        for number, line in enumerate(shown.corner):
            _write(painter, QPointF(10, 20 + 18 * number), line)
        _draw_scale(painter, size, self.camera.px_per_mm)

    def _drag(self, to: QPointF) -> None:
        assert self._dragged is not None
        button, last = self._dragged
        self._dragged = (button, to)
        moved = to - last
        if button is Qt.MouseButton.RightButton:
            self.window_dragged.emit(moved.x(), moved.y())
        else:
            self._fits_to = None
            self.look(self.camera.panned((moved.x(), moved.y())))

    def _composed(self) -> QImage | None:
        began = time.perf_counter()
        self._shown = self._ask(self.camera)
        if self._shown is None:
            return None
        ratio = self.devicePixelRatioF()
        width, height = round(self.width() * ratio), round(self.height() * ratio)
        if self._pixels.shape != (height, width):
            self._pixels = np.zeros((height, width), np.uint32)
        shown, camera = self._shown, _for_device(self.camera, ratio, (width, height))
        picture(
            shown.hu,
            shown.window,
            camera.framing(),
            self._pixels,
            labels=shown.labels,
            colors=shown.colors,
            styles=shown.styles,
            is_inverted=shown.is_inverted,
            smooth=camera.px_per_voxel < SMOOTH_BELOW_PX * ratio,
            lens=self._lens(shown, ratio),
        )
        image = _image_of(self._pixels)
        self.drawn.emit((time.perf_counter() - began) * 1000)
        return image

    def _lens(self, shown: PlanePicture, ratio: float) -> Lens | None:
        if not self.lens_is_on or self._pointer_px is None or shown.lens_window is None:
            return None
        x, y = self._pointer_px
        hu = shown.hu if shown.lens_hu is None else shown.lens_hu
        at = (x * ratio, y * ratio)
        return Lens(hu, shown.lens_window, at, shown.lens_radius_px * ratio)


def _for_device(camera: PlaneCamera, ratio: float, size_px: Vec2) -> PlaneCamera:
    return replace(camera, px_per_mm=camera.px_per_mm * ratio, size_px=size_px)


def _image_of(pixels: npt.NDArray[np.uint32]) -> QImage:
    height, width = pixels.shape
    return QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_RGB32)


def _keys(held: Qt.KeyboardModifier) -> Keys:
    keys = Keys.NONE
    if held & Qt.KeyboardModifier.ShiftModifier:
        keys |= Keys.SHIFT
    if held & Qt.KeyboardModifier.ControlModifier:
        keys |= Keys.CTRL
    if held & Qt.KeyboardModifier.AltModifier:
        keys |= Keys.ALT
    return keys


def _write(
    painter: QPainter,
    at: QPointF,
    text: str,
    align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
) -> None:
    """Write light on dark, readable over bone as over air."""
    width = painter.fontMetrics().horizontalAdvance(text)
    shift = {Qt.AlignmentFlag.AlignRight: width, Qt.AlignmentFlag.AlignHCenter: width / 2}
    at = QPointF(at.x() - shift.get(align, 0.0), at.y())
    painter.setPen(QColor(0, 0, 0, 200))
    for x, y in ((-1, 0), (1, 0), (0, -1), (0, 1)):
        painter.drawText(at + QPointF(x, y), text)
    painter.setPen(QColor(DARK.text))
    painter.drawText(at, text)


def _draw_sides(painter: QPainter, size: tuple[int, int], sides: Sides) -> None:
    width, height = size
    center, right = Qt.AlignmentFlag.AlignHCenter, Qt.AlignmentFlag.AlignRight
    _write(painter, QPointF(10, height / 2 + 5), sides.left)
    _write(painter, QPointF(width - 10, height / 2 + 5), sides.right, right)
    _write(painter, QPointF(width / 2, 20), sides.top, center)
    _write(painter, QPointF(width / 2, height - 10), sides.bottom, center)


def _draw_crosshair(painter: QPainter, size: tuple[int, int], at: Vec2) -> None:
    """Draw two faint lines with a gap, so that what they point at stays visible."""
    painter.setPen(QPen(QColor(48, 92, 140), 1))
    (x, y), (width, height), gap = at, size, 26
    painter.drawLine(QPointF(0, y), QPointF(x - gap, y))
    painter.drawLine(QPointF(x + gap, y), QPointF(width, y))
    painter.drawLine(QPointF(x, 0), QPointF(x, y - gap))
    painter.drawLine(QPointF(x, y + gap), QPointF(x, height))


def _draw_path(painter: QPainter, at_px: list[QPointF], *, is_closed: bool) -> None:
    """Draw a line from place to place, light on dark, with a small ring at a single one."""
    if len(at_px) == 1:
        _draw_circle(painter, (at_px[0].x(), at_px[0].y()), 5.0)
        return
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    line = QPolygonF([*at_px, at_px[0]] if is_closed and len(at_px) > 2 else at_px)
    for color, width in ((QColor(0, 0, 0, 160), 3.0), (QColor(DARK.text), 1.2)):
        painter.setPen(QPen(color, width))
        painter.drawPolyline(line)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)


def _draw_circle(painter: QPainter, at: Vec2, radius: float) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    box = QRectF(at[0] - radius, at[1] - radius, 2 * radius, 2 * radius)
    for color, width in ((QColor(0, 0, 0, 160), 3.0), (QColor(DARK.text), 1.2)):
        painter.setPen(QPen(color, width))
        painter.drawEllipse(box)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)


def _draw_scale(painter: QPainter, size: tuple[int, int], px_per_mm: float) -> None:
    """Draw a bar of 1, 2 or 5 times a power of ten millimetres, a fifth of the width at most."""
    longest_mm = min(140.0, size[0] / 5) / px_per_mm
    decade = 10 ** math.floor(math.log10(longest_mm))
    length_mm = max(n * decade for n in (1, 2, 5) if n * decade <= longest_mm)
    right, bottom = size[0] - 12, size[1] - 12
    left = right - length_mm * px_per_mm
    for color, width in ((QColor(0, 0, 0, 200), 4), (QColor(DARK.text), 2)):
        painter.setPen(QPen(color, width))
        painter.drawLine(QPointF(left, bottom), QPointF(right, bottom))
    words = _("{mm:g} mm").format(mm=length_mm)
    _write(painter, QPointF(right, bottom - 7), words, Qt.AlignmentFlag.AlignRight)
