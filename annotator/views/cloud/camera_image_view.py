"""Shows the camera's image of a scan, with points and what was labelled drawn into it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from psygnal import SignalInstance
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from annotator.app.camera_images import CameraImage, CameraImages
from annotator.app.camera_scene import (
    SeenAnnotation,
    SeenPoints,
    annotation_at,
    annotations_seen,
    points_seen,
)
from annotator.app.renderers.renderer import ShownPoints
from annotator.app.selection import Selection
from annotator.app.session import Session
from annotator.errors import AnnotatorError
from annotator.geometry.pinhole import Pinhole
from annotator.i18n import gettext as _
from annotator.model.annotations import Annotation
from annotator.model.shapes import Vec2, Vec3
from annotator.tools.one_click_box import OneClickBox
from annotator.tools.pillar import FitPillar
from annotator.tools.tool import Button, Pointer
from annotator.views.cloud import camera_overlay
from annotator.views.cloud.camera_overlay import ImageStage
from annotator.views.cloud.cloud_view import CloudView

_CLICKING = (OneClickBox, FitPillar)
"""Tools that want nothing but a point, so that a click into the image serves them as well."""
_ZOOM_PER_STEP, _MOST_ZOOM = 1.2, 20.0
_DRAG_PX, _REACH_PX = 3.0, 12.0
_ROOM_M = 2.5
_REST_MS = 120


class CameraImageView(QWidget):
    """One image. Holds no truth: it follows the cloud view, the session and the selection.

    A click selects what it hits; elsewhere it brings the same place into the cloud view. With a
    tool that needs only a point, the click is that tool's.
    """

    _arrived = Signal(int, object)

    def __init__(
        self, session: Session, selection: Selection, view: CloudView, images: CameraImages
    ) -> None:
        super().__init__()
        self._session, self._selection = session, selection
        self._view, self._images = view, images
        self.image: CameraImage | None = None
        self.shows_points = False
        self.seen: list[SeenAnnotation] = []
        self.points: SeenPoints | None = None
        self._points: tuple[ShownPoints, Pinhole, SeenPoints] | None = None
        self.hovered: Annotation | None = None
        self._words, self._asked = _("Reading the image…"), -1
        self._zoom, self._middle_px = 1.0, QPointF()
        self._pressed: QPointF | None = None
        self._is_drag = False
        self._rests_at: Vec2 = (0.0, 0.0)
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="camera image")
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._resting = QTimer(self, singleShot=True, interval=_REST_MS)
        self._forget: list[tuple[SignalInstance, Callable[..., None]]] = []
        self.setMouseTracking(True)
        self.setMinimumSize(160, 90)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName(_("Camera"))
        self._listen()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's
        """As wide as the panels, as high as most images are then."""
        return QSize(380, 200)

    def show_points(self, *, on: bool) -> None:
        """Draw the scan's points into the image, or not."""
        self.shows_points = on
        self.update()

    def stop_listening(self) -> None:
        """Let go of the session and end the thread; the widget is then only to be deleted."""
        for signal, slot in self._forget:
            signal.disconnect(slot)
        self._forget = []
        self._soon.stop()
        self._resting.stop()
        self._pool.shutdown(wait=True, cancel_futures=True)
        self._images.close()

    def stage(self) -> ImageStage | None:
        """Return how the image lies in the widget; None where there is no image."""
        if self.image is None:
            return None
        height, width = self.image.pixels.shape
        scale = self._zoom * min(self.width() / width, self.height() / height)
        left = self.width() / 2 - self._middle_px.x() * scale
        top = self.height() / 2 - self._middle_px.y() * scale
        return ImageStage(left, top, scale, self._session.taxonomy)

    # --- what changes

    def _listen(self) -> None:
        self._forget = [
            (self._session.changed, self._note),
            (self._session.taxonomy_changed, self._note),
            (self._selection.changed, self._note),
        ]
        for signal, slot in self._forget:
            signal.connect(slot)
        self._view.shows_otherwise.connect(self._note)
        self._view.previewed.connect(self._note)
        self._soon.timeout.connect(self._reread)
        self._resting.timeout.connect(self._rest)
        self._arrived.connect(self._take)
        self._soon.start()

    def _note(self, *_what: object) -> None:
        if self._forget:
            self._soon.start()

    def _reread(self) -> None:
        frame = self._view.shown.frame
        if frame != self._asked:
            self._ask(frame)
        pinhole = self.image.pinhole if self.image is not None else None
        if pinhole is None:
            self.seen, self.points = [], None
        else:
            self.points = self._points_seen(pinhole)
            self.seen = annotations_seen(self._annotations(), pinhole, self.points)
        self.update()

    def _points_seen(self, pinhole: Pinhole) -> SeenPoints:
        """Return the points in the image; found anew only when others are shown."""
        points = self._view.shown_points
        if self._points is None or self._points[0] is not points or self._points[1] is not pinhole:
            count = len(self._view.shown.own)
            self._points = (points, pinhole, points_seen(points, count, pinhole))
        return self._points[2]

    def _annotations(self) -> list[Annotation]:
        preview = self._view.preview
        previewed = list(preview.annotations) if preview is not None else []
        others = {a.id for a in previewed}
        shown = self._view.annotations.now()
        return [a for a in shown if a.id not in others] + previewed

    def _ask(self, frame: int) -> None:
        """Have a scan's image read beside the window; the one before stays until then."""
        self._asked = frame
        if self._images.has(frame):
            self._pool.submit(self._read, frame)
        else:
            self._take(frame, _("There is no image of this scan"))

    def _read(self, frame: int) -> None:
        """Read an image; runs on the thread."""
        if frame != self._asked:
            return
        try:
            self._arrived.emit(frame, self._images.get(frame))
        except (AnnotatorError, OSError) as error:
            self._arrived.emit(frame, str(error))
        self._images.prepare((frame + 1, frame - 1))

    def _take(self, frame: int, got: CameraImage | str) -> None:
        if frame != self._asked or not self._forget:
            return
        if isinstance(got, str):
            self.image, self._words = None, got
        else:
            is_other = self.image is None or self.image.pixels.shape != got.pixels.shape
            self.image, self._words = got, got.fault
            if is_other:
                self._fit()
        self._soon.start()

    def _fit(self) -> None:
        if self.image is not None:
            height, width = self.image.pixels.shape
            self._zoom, self._middle_px = 1.0, QPointF(width / 2, height / 2)
        self.update()

    def _look_at(self, middle: QPointF) -> None:
        """Bring a pixel to the middle; the image never leaves the view altogether."""
        if self.image is not None:
            height, width = self.image.pixels.shape
            x, y = min(max(middle.x(), 0.0), width), min(max(middle.y(), 0.0), height)
            self._middle_px = QPointF(x, y)

    # --- the pointer

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's
        """Begin a click, or to move the image."""
        self._pressed, self._is_drag = event.position(), False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's
        """Move the image while a button is down; else say what is under the pointer."""
        stage = self.stage()
        if stage is None:
            return
        if self._pressed is not None:
            moved = event.position() - self._pressed
            self._is_drag |= moved.manhattanLength() > _DRAG_PX
            if self._is_drag:
                self._look_at(self._middle_px - moved / stage.scale)
                self._pressed = event.position()
                self.update()
            return
        self._rests_at = stage.to_image(event.position())
        self._resting.start()
        hovered = annotation_at(self.seen, self._rests_at, stage.scale)
        if hovered is not self.hovered:
            self.hovered = hovered
            self.setCursor(
                Qt.CursorShape.PointingHandCursor if hovered else Qt.CursorShape.CrossCursor
            )
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's
        """End a click with the left button, unless the image was moved."""
        was_pressed, self._pressed = self._pressed is not None, None
        stage = self.stage()
        is_click = was_pressed and not self._is_drag and stage is not None
        if is_click and stage is not None and event.button() == Qt.MouseButton.LeftButton:
            self._click(stage.to_image(event.position()), stage.scale)

    def mouseDoubleClickEvent(self, _event: QMouseEvent) -> None:  # noqa: N802 - Qt's
        """Show the whole image again."""
        self._fit()

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's
        """Zoom to the cursor."""
        self._zoom_by((event.angleDelta().y() or event.angleDelta().x()) / 120, event.position())
        event.accept()

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's
        """Point at nothing."""
        self._resting.stop()
        self.hovered = None
        self.update()
        super().leaveEvent(event)

    def _zoom_by(self, steps: float, about: QPointF) -> None:
        stage = self.stage()
        if stage is None:
            return
        zoom = min(max(self._zoom * _ZOOM_PER_STEP**steps, 1.0), _MOST_ZOOM)
        at = QPointF(*stage.to_image(about))
        self._look_at(at + (self._middle_px - at) * (self._zoom / zoom))
        self._zoom = zoom
        if zoom == 1.0:
            self._fit()
        self.update()

    def _rest(self) -> None:
        """Let a tool that a click serves show what the click would do."""
        pointer = self._pointer(self._rests_at, Button.NONE)
        if pointer is not None and isinstance(self._view.tool, _CLICKING):
            self._view.take(self._view.tool.move(pointer))
            self._view.take(self._view.tool.rest(pointer))

    def _click(self, at_px: Vec2, scale: float) -> None:
        pointer = self._pointer(at_px, Button.LEFT)
        if isinstance(self._view.tool, _CLICKING) and pointer is not None:
            self._view.take(self._view.tool.press(pointer))
            return
        hit = annotation_at(self.seen, at_px, scale)
        if hit is not None:
            self._selection.set((hit.id,))
        elif pointer is not None and pointer.at_m is not None:
            self._view.steering.look_at(*_around(pointer.at_m))
        else:
            self._view.say(_("The scan has no point there"))

    def _pointer(self, at_px: Vec2, button: Button) -> Pointer | None:
        """Return the scan's point that a pixel shows, as tools want it."""
        stage = self.stage()
        if self.points is None or stage is None:
            return None
        row = self.points.under(at_px, _REACH_PX / stage.scale)
        if row is None:
            return None
        own = self._view.shown.own
        x, y, z = (own.xyz_m[row].astype(float) + own.origin_m).tolist()
        return Pointer(at_px, button, row=row, at_m=(x, y, z))

    # --- painting

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's
        """Draw the image, the points and the lines, and what a click would do."""
        painter = QPainter(self)
        area = QRectF(self.rect())
        stage = self.stage()
        if stage is None or self.image is None:
            camera_overlay.paint_words(painter, area, self._words)
            return
        camera_overlay.paint_image(painter, area, stage, self.image.pixels)
        painter.setClipRect(stage.frame(self.image.pixels))
        if self.shows_points and self.points is not None:
            points = self._view.shown_points
            colours = points.table[points.colours[self.points.rows]]
            camera_overlay.paint_points(painter, area, stage, self.points.at_px, colours)
        hovered = frozenset({self.hovered.id} if self.hovered is not None else ())
        camera_overlay.paint_annotations(
            painter, stage, self.seen, selected=frozenset(self._selection.ids), hovered=hovered
        )
        painter.setClipping(False)
        if self._words or self.underMouse():
            camera_overlay.paint_hint(painter, area, self._words or self._hint())

    def _hint(self) -> str:
        if isinstance(self._view.tool, _CLICKING):
            return self._view.tool.hint()
        if self.hovered is not None:
            return _("Click selects it")
        return _("Click shows the place in the cloud · wheel zooms")


def _around(at_m: Vec3) -> tuple[Vec3, Vec3]:
    x, y, z = at_m
    return (
        (x - _ROOM_M, y - _ROOM_M, z - _ROOM_M),
        (x + _ROOM_M, y + _ROOM_M, z + _ROOM_M),
    )
