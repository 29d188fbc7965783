"""Shows a scan with its labels, and passes on what mouse and keys do over it."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QEvent, QPoint, QRectF, Qt, Signal
from PySide6.QtGui import (
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QShowEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from annotator.app.box_counts import BoxCounts
from annotator.app.cloud_settings import CloudSettings
from annotator.app.renderers.renderer import Picture, PointRenderer, ShownPoints
from annotator.app.scan_view import bulk_m, first_scan
from annotator.app.selection import Selection
from annotator.app.session import Session
from annotator.app.shown_scan import ShownScan
from annotator.geometry import colouring
from annotator.geometry.projection import Camera, Size
from annotator.geometry.wireframes import extent_m
from annotator.model.annotations import Annotation, AnnotationId
from annotator.model.cloud import PointCloud
from annotator.model.shapes import Vec2
from annotator.tools.cloud_scene import CloudScene, CloudTool
from annotator.tools.cloud_tools import CLOUD_TOOLS
from annotator.tools.keys import ToolKey
from annotator.tools.tool import Pointer, Preview, Reply
from annotator.views.cloud.camera_steering import CameraSteering
from annotator.views.cloud.cloud_changes import CloudChanges
from annotator.views.cloud.cloud_grips import CloudGrips
from annotator.views.cloud.cloud_mouse import CloudMouse
from annotator.views.cloud.cloud_painting import CloudPainting
from annotator.views.cloud.object_grips import ObjectGrips
from annotator.views.cloud.scan_drawing import ScanDrawing
from annotator.views.cloud.scan_survey import ScanSurvey
from annotator.views.cloud.shown_annotations import ShownAnnotations
from annotator.views.cloud.tool_in_hand import ToolInHand
from annotator.views.cursors import cursor_of
from annotator.views.key_events import is_override, is_wanted, tool_key
from annotator.views.place_on_window import place_of


class CloudView(QWidget):
    """One scan. Holds no truth: it can be rebuilt from the session at any time."""

    pointed = Signal(str)
    """Coordinates and fields of the point under the pointer; empty on nothing."""
    drawn = Signal(float)
    """How long the last picture took, in milliseconds."""
    previewed = Signal()
    menu_asked = Signal(QPoint)
    """Where on the screen a menu for the selection is asked for."""
    shows_otherwise = Signal()
    """Other points are shown, or in other colours."""

    tools = CLOUD_TOOLS

    def __init__(
        self,
        session: Session,
        selection: Selection,
        parent: QWidget | None = None,
        *,
        settings: CloudSettings | None = None,
        renderer: PointRenderer | None = None,
        shown: ShownScan | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self._selection = session, selection
        self.settings = settings or CloudSettings()
        shown = shown or first_scan(session)
        self._pool = ThreadPoolExecutor(3, thread_name_prefix="cloud")
        self.scene = CloudScene(
            session.document,
            shown.own,
            session.taxonomy,
            self._rows_found,
            around=shown.around,
        )
        self.scene.frame = shown.frame
        selection.look_at(shown.frame)
        self.annotations = ShownAnnotations(session, selection, self.settings, self.scene)
        self.steering = CameraSteering(self.size_px, self)
        self.drawing = ScanDrawing(
            shown, session, self.settings, self._pool, self.annotations.alone, renderer, self
        )
        self.hand = ToolInHand(session, selection, self.scene, self)
        self._mouse = CloudMouse(
            self.steering,
            self.drawing,
            self.hand,
            selection,
            self.size_px,
            self,
        )
        self._grips = CloudGrips(
            session, selection, self.settings, self.steering, self.drawing, self
        )
        self.clipping, self.legend = self._grips.clipping, self._grips.legend
        self._mouse.grips = (self.legend, self.clipping, ObjectGrips(self.hand))
        self.painting = CloudPainting(
            session,
            selection,
            self.settings,
            drawing=self.drawing,
            hand=self.hand,
            legend=self.legend,
            clipping=self.clipping,
        )
        self._changes = CloudChanges(
            session, selection, self.settings, self.drawing, self.hand, self
        )
        self._survey = ScanSurvey(self._pool, self._changes.take_survey, self)
        self._place, self._is_fitted = place_of(self), False
        self._connect_parts()
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMinimumSize(160, 120)
        self._survey.ask(shown.own, shown.sensor_m, soon=False)
        self._changes.read()
        self.fit()

    # --- what the window asks for

    @property
    def shown(self) -> ShownScan:
        """The scan, and those laid over it."""
        return self.drawing.shown

    @property
    def cloud(self) -> PointCloud:
        """All points that are drawn, in world axes; the first rows are the scan's own."""
        return self.drawing.shown.cloud

    @property
    def shown_points(self) -> ShownPoints:
        """What of them is drawn, and how."""
        return self.drawing.points

    @property
    def picture(self) -> Picture | None:
        """The last picture of them."""
        return self.drawing.picture

    @property
    def camera(self) -> Camera:
        """Where one looks from."""
        return self.steering.camera

    @property
    def counts(self) -> BoxCounts:
        """How many points boxes hold."""
        return self._changes.counts

    @property
    def tool(self) -> CloudTool:
        """The chosen tool."""
        return self.hand.tool

    @property
    def preview(self) -> Preview | None:
        """What the tool would do."""
        return self.hand.preview

    def size_px(self) -> Size:
        """Return the size of the view, at least one pixel."""
        return max(self.width(), 1), max(self.height(), 1)

    def show_scan(self, shown: ShownScan) -> None:
        """Show another scan from where one stands; what a tool had begun is forgotten.

        After scans that could not be read one stands nowhere yet.
        """
        self.hand.take(self.tool.put_down())  # while it is still of its own scan
        stands_nowhere = bool(self.shown.fault) and not self._is_fitted
        self.scene.cloud, self.scene.frame, self.scene.survey = shown.own, shown.frame, None
        self.scene.around = shown.around
        self._selection.look_at(shown.frame)
        self._changes.begin_scan()
        self._mouse.forget()
        self.hand.choose(self.tool.id)
        self.drawing.show_scan(shown)
        if stands_nowhere:
            self.fit_all()
        self._survey.ask(shown.own, shown.sensor_m, soon=True)

    def selected(self) -> Annotation | None:
        """Return the one selected annotation as the document has it now."""
        return self.hand.selected()

    def choose_tool(self, tool_id: str) -> None:
        """Use another tool; what the old one had begun is forgotten."""
        self.hand.choose(tool_id)
        self.setCursor(cursor_of(self.tool))
        self._mouse.begin_tool()

    def take(self, reply: Reply) -> None:
        """Show and do what a tool answers."""
        self.hand.take(reply)

    def fit(self) -> None:
        """Bring the selected box into view, or the whole scan."""
        if len(self.hand.marked.rows):
            self.steering.look_for(self.annotations.around_instances()[0].shape)
            return
        selected = self.selected()
        if selected is not None and extent_m(selected.shape) is not None:
            self.steering.look_for(selected.shape)
            return
        self.fit_all()

    def fit_all(self) -> None:
        """Bring the whole scan into view, whatever is selected."""
        bounds = bulk_m(self.cloud)
        if bounds is not None:
            self._is_fitted = True
            self.steering.look_at(*bounds)

    def look_for(self, annotation_id: AnnotationId) -> None:
        """Bring an annotation into view, with room around it."""
        self.steering.look_for(self._session.document.annotations[annotation_id].shape)

    def isolate(self, *, on: bool) -> None:
        """Show only what is selected and what is close to it, or everything again.

        Raises
        ------
        AnnotatorError
            If nothing is selected.
        """
        self.annotations.isolate(on=on)
        self.painting.is_isolated = self.is_isolated
        self.drawing.show_points()
        self.update()

    @property
    def is_isolated(self) -> bool:
        """Whether only a part of the scan is shown, which had been selected."""
        return self.annotations.are_isolated

    def next_colouring(self) -> None:
        """Colour by the next thing that the scan knows."""
        kinds = colouring.available(self.cloud)
        now = self.settings.look.colour_by
        place = kinds.index(now) + 1 if now in kinds else 0
        self.settings.set(colour_by=kinds[place % len(kinds)])

    def in_background(self, work: Callable[[], object]) -> None:
        """Do something beside the window's thread, unless the view is about to go."""
        if self._changes.are_heard:
            self._pool.submit(work)

    def hint(self) -> str:
        """Return the line that says what a click would do."""
        return self.hand.hint()

    def say(self, sentence: str, *, warning: bool = True) -> None:
        """Show a sentence in place of the hint: a warning until something else happens."""
        self._changes.read()
        self.hand.say(sentence, warning=warning and bool(sentence), passes=not warning)

    def stop_listening(self) -> None:
        """Let go of the session and end the threads; the view is then only to be deleted."""
        if self._changes.are_heard:
            self._changes.stop()
            self._mouse.forget()
            self.hand.close()
            self._survey.stop()
            self._pool.shutdown(wait=True, cancel_futures=True)
            self.drawing.close()

    # --- what changes

    def _connect_parts(self) -> None:
        self.steering.moved.connect(self._look)
        self.drawing.drawn.connect(self._take_picture)
        self.drawing.shows_otherwise.connect(self.shows_otherwise)
        self.hand.previewed.connect(self.previewed)
        self.hand.answered.connect(self.update)
        self._mouse.hovers.connect(self.update)
        self._mouse.pointed.connect(self.pointed)
        self._mouse.menu_asked.connect(self.menu_asked)
        self._mouse.slab_wheeled.connect(self._grips.move_slab)
        self._mouse.over_grip.connect(self._point_at_grip)
        self._grips.cut.connect(self.update)
        self._changes.reread.connect(self.update)
        self._changes.counted.connect(self._take_counts)

    def _look(self, moving: bool) -> None:  # noqa: FBT001 - as the signal says it
        if self.picture is not None and self.camera.looks_like(self.picture.camera):
            self.scene.camera, self.scene.size_px = self.camera, self.size_px()
        ratio = self.devicePixelRatioF()
        self.drawing.look(self.camera, self.size_px(), px_ratio=ratio, moving=moving)

    def _take_picture(self, picture: Picture) -> None:
        self.scene.camera, self.scene.size_px = picture.camera, self.size_px()
        self.drawn.emit(1000 * picture.took_s)
        self.update()

    def _point_at_grip(self, is_over: bool) -> None:  # noqa: FBT001 - as the signal says it
        kept = cursor_of(self.tool)
        self.setCursor(Qt.CursorShape.PointingHandCursor if is_over else kept)

    def _take_counts(self, few: dict[AnnotationId, str]) -> None:
        self.painting.few = few
        self.update()

    def _rows_found(
        self, outline_px: Sequence[Vec2], *, front_only: bool
    ) -> Callable[[], npt.NDArray[np.int64]]:
        size = self.size_px()
        return self.drawing.rows_found(outline_px, self.camera, size, front_only=front_only)

    # --- mouse and keys

    def pointer_at(self, at_px: Vec2) -> Pointer:
        """Return what lies under a place of the view, in the words of the data."""
        return self._mouse.pointer_at(at_px)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's
        """Begin to orbit, to pan, or the tool's gesture."""
        self._mouse.press(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's
        """Go on with what the press began; without one, say what is here."""
        self._mouse.move(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's
        """End what the press began."""
        self._mouse.release(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's
        """Offer a double click to the tool."""
        self._mouse.double_click(event)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's
        """Zoom, or cut floor or ceiling."""
        self._mouse.wheel(event)

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's
        """Say that nothing is under the pointer."""
        self._mouse.leave()
        super().leaveEvent(event)

    def event(self, event: QEvent) -> bool:
        """Keep a key from the window's shortcuts while the tool has a use for it."""
        if is_override(event) and is_wanted(event, self.tool.id, self.tool.keys_wanted()):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's
        """Back out one step; offer other keys to the tool, and then to the window."""
        said = tool_key(event, self.tool.id)
        if said is ToolKey.BACK_OUT:
            if not self._mouse.back_out():
                self.hand.back_out()
            return
        reply = None if said is None else self.tool.key_press(said)
        if reply is None:
            super().keyPressEvent(event)
        else:
            self.take(reply)

    # --- the picture

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's
        """From now on somebody sees where the picture is."""
        super().showEvent(event)
        self._place = place_of(self)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's
        """Draw at the new size; what panels took or gave away does not move the picture."""
        super().resizeEvent(event)
        before, self._place = self._place, place_of(self)
        if self.picture is not None and before.has_same_window(self._place):
            self.steering.reframe(before.size_px, self._place.size_px, self._place.from_px(before))
        else:
            self._look(moving=True)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's
        """Lay the lines over the last picture, as its camera saw them."""
        del event
        painter = QPainter(self)
        area, shown = QRectF(self.rect()), self.annotations.now()
        self.painting.paint(painter, area, self.camera, shown, self._mouse.hovered)
