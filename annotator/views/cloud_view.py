"""Shows a scan with its labels, and hands the pointer to the chosen tool."""

import math
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from psygnal import SignalInstance
from PySide6.QtCore import QEvent, QPoint, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QWidget

from annotator.app.cloud_settings import CloudSettings, Look
from annotator.app.renderers.choosing import choices_folder, renderer_for
from annotator.app.renderers.renderer import Picture, PointRenderer, ShownPoints
from annotator.app.scan_view import (
    bulk_m,
    first_scan,
    point_in_words,
    shown_points,
    smallest_around,
)
from annotator.app.selection import Selection
from annotator.app.session import Session
from annotator.app.shown_scan import ShownScan
from annotator.commands.framing import framed
from annotator.commands.tracks import trajectory_m
from annotator.errors import AnnotatorError
from annotator.geometry import colouring, drawing
from annotator.geometry.colouring import ColourBy
from annotator.geometry.doppler import doppler_arrows
from annotator.geometry.lasso import inside, rows_inside
from annotator.geometry.picking import pick
from annotator.geometry.projection import Camera, Projection, StandardView
from annotator.geometry.survey import Survey, survey
from annotator.geometry.wireframes import extent_m
from annotator.i18n import gettext as _
from annotator.model.annotations import Annotation, AnnotationId
from annotator.model.cloud import PointCloud
from annotator.model.edits import Edit, Paint, parts
from annotator.model.shapes import Vec2, Vec3
from annotator.tools.cloud_scene import CloudScene, CloudTool
from annotator.tools.cloud_tools import CLOUD_TOOLS
from annotator.tools.hitting import annotation_under
from annotator.tools.tool import CLEAR, NOTHING, Button, Cursor, Keys, Pointer, Preview, Ray, Reply
from annotator.views import cloud_lines, cloud_marks, cloud_overlay
from annotator.views.cloud_colours import CloudColours
from annotator.views.cloud_lines import Stroke, paint_strokes
from annotator.views.drawing_thread import DrawingThread
from annotator.views.painted_rows import PaintedRows

_ORBIT_RAD_PER_PX = 0.006
_ZOOM_PER_STEP = 0.87
_SLAB_STEP_M = 0.1
_NEAREST_M = 0.4
_ARROW = QColor("#f2f4f8")
_PASSING_MS = 80
"""A scan that is left sooner was only passed: its floor is not looked for."""
_ROOM_M = 1.5
_PLAIN = (242, 244, 248)
_DRAG_PX = 3.0
_REST_MS = 120
_CURSORS = {
    Cursor.ARROW: Qt.CursorShape.ArrowCursor,
    Cursor.CROSS: Qt.CursorShape.CrossCursor,
    Cursor.MOVE: Qt.CursorShape.SizeAllCursor,
    Cursor.NONE: Qt.CursorShape.BlankCursor,
}
_BUTTONS = {
    Qt.MouseButton.LeftButton: Button.LEFT,
    Qt.MouseButton.RightButton: Button.RIGHT,
    Qt.MouseButton.MiddleButton: Button.MIDDLE,
}


class CloudView(QWidget):
    """One scan. Holds no truth: it can be rebuilt from the session at any time."""

    pointed = Signal(str)
    """Coordinates and fields of the point under the pointer; empty on nothing."""
    drawn = Signal(float)
    """How long the last picture took, in milliseconds."""
    surveyed = Signal(object)
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
        self.shown = shown or first_scan(session)
        self.makes_static = False
        # rows in a picture of the scan before must not be taken for this scan's
        self._tells_rows = False
        self.camera = Camera()
        self.picture: Picture | None = None
        self.preview: Preview | None = None
        self._hint, self._is_warning = "", False
        self._drag: tuple[str, Vec2, Vec3] | None = None
        self._hovered: AnnotationId | None = None
        self._rests_at: Vec2 = (0.0, 0.0)
        self._pressed_px: Vec2 = (0.0, 0.0)
        self._is_click = False
        self._painted: list[Paint] = []
        self._painted_rows = PaintedRows()
        self._forget: list[tuple[SignalInstance, Callable[..., None]]] = []
        self.scene = CloudScene(
            session.document, self.shown.own, session.taxonomy, rows_inside=self._rows_inside
        )
        self.scene.frame = self.shown.frame
        self.tool: CloudTool = CLOUD_TOOLS[0](self.scene)
        self._pool = ThreadPoolExecutor(3, thread_name_prefix="cloud")
        self._colours = CloudColours(session, self.settings, self._pool, self)
        self._colours.changed.connect(self._show_points)
        self._isolated: tuple[AnnotationId, ...] = ()
        self._views: dict[int, Camera] = {}
        self._thread = DrawingThread((lambda: renderer) if renderer else self._renderer(), self)
        self._thread.ready.connect(self._take_picture)
        self._thread.drawn_by.connect(self.settings.tell_drawn_by)
        self._surveying: Future[None] | None = None
        self._survey_soon = QTimer(self, singleShot=True, interval=_PASSING_MS)
        self._survey_soon.timeout.connect(self._survey)
        self.surveyed.connect(self._take_survey)
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._reread)
        self._resting = QTimer(self, singleShot=True, interval=_REST_MS)
        self._resting.timeout.connect(self._rest)
        self._listen()
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMinimumSize(160, 120)
        self.shown_points = self._shown_points()
        self._colours.colour(self.shown)
        self._survey()
        self._reread()
        self.fit()

    # --- what the window asks for

    @property
    def cloud(self) -> PointCloud:
        """All points that are drawn, in world axes; the first rows are the scan's own."""
        return self.shown.cloud

    def show_scan(self, shown: ShownScan) -> None:
        """Show another scan from where one stands; what a tool had begun is forgotten."""
        self.shown = shown
        self._tells_rows = False
        self.scene.cloud, self.scene.frame, self.scene.survey = shown.own, shown.frame, None
        self._painted.clear()
        self._hovered = None
        self.choose_tool(self.tool.id)
        self._colours.colour(self.shown)
        self._survey_soon.start()
        self._soon.start()

    def selected(self) -> Annotation | None:
        """Return the one selected annotation as the document has it now."""
        ids = self._selection.ids
        return self._session.document.annotations.get(ids[0]) if len(ids) == 1 else None

    def choose_tool(self, tool_id: str) -> None:
        """Use another tool; what the old one had begun is forgotten."""
        kind = next(tool for tool in CLOUD_TOOLS if tool.id == tool_id)
        self.tool = kind(self.scene)
        self.setCursor(_CURSORS[kind.cursor])
        self.take(Reply(preview=CLEAR))

    def fit(self) -> None:
        """Bring the selected box into view, or the whole scan."""
        selected = self.selected()
        if selected is not None and extent_m(selected.shape) is not None:
            self.look_for(selected.id)
            return
        bounds = bulk_m(self.cloud)
        if bounds is not None:
            self._look(self.camera.fitted(*bounds, self._size()))

    def look_for(self, annotation_id: AnnotationId) -> None:
        """Bring an annotation into view, with room around it."""
        extent = extent_m(self._session.document.annotations[annotation_id].shape)
        if extent is not None:
            (x0, y0, z0), (x1, y1, z1) = extent
            low, high = (
                (x0 - _ROOM_M, y0 - _ROOM_M, z0 - _ROOM_M),
                (x1 + _ROOM_M, y1 + _ROOM_M, z1 + _ROOM_M),
            )
            self.look_at(low, high)

    def look_at(self, low_m: Vec3, high_m: Vec3) -> None:
        """Bring a part of the world into view."""
        self._look(self.camera.fitted(low_m, high_m, self._size()))

    def look_from(self, view: StandardView) -> None:
        """Look from a standard direction at the same target."""
        self._look(self.camera.seen_from(view))

    def set_orthographic(self, *, on: bool) -> None:
        """Show all things to one scale, or far ones smaller."""
        wanted = Projection.ORTHOGRAPHIC if on else Projection.PERSPECTIVE
        self._look(self.camera.projected(wanted))

    def isolate(self, *, on: bool) -> None:
        """Show only what is selected and what is close to it, or everything again.

        Raises
        ------
        AnnotatorError
            If nothing is selected.
        """
        if on and not self._selection.ids:
            raise AnnotatorError(_("Select what is to be shown alone"))
        self._isolated = self._selection.ids if on else ()
        self._show_points()
        self.update()

    @property
    def is_isolated(self) -> bool:
        """Whether only a part of the scan is shown, which had been selected."""
        return bool(self._isolated)

    def keep_view(self, number: int) -> None:
        """Remember where one looks from."""
        self._views[number] = self.camera
        self._hint, self._is_warning = _("This view is kept as {n}").format(n=number), False
        self.update()

    def go_to_view(self, number: int) -> None:
        """Look from where one looked before.

        Raises
        ------
        AnnotatorError
            If no view was kept under that number.
        """
        if number not in self._views:
            raise AnnotatorError(
                _("No view is kept as {n}; Ctrl+{n} keeps this one").format(n=number)
            )
        self._look(self._views[number])

    def next_colouring(self) -> None:
        """Colour by the next thing that the scan knows."""
        kinds = colouring.available(self.cloud)
        now = self.settings.look.colour_by
        place = kinds.index(now) + 1 if now in kinds else 0
        self.settings.set(colour_by=kinds[place % len(kinds)])

    def in_background(self, work: Callable[[], object]) -> None:
        """Do something beside the window's thread, unless the view is about to go."""
        if self._forget:
            self._pool.submit(work)

    def hint(self) -> str:
        """Return the line that says what a click would do."""
        return self._hint or self.tool.hint()

    def say(self, sentence: str) -> None:
        """Show a sentence in place of the hint until something else happens."""
        self._soon.stop()
        self._reread()
        self._hint, self._is_warning = sentence, bool(sentence)

    def stop_listening(self) -> None:
        """Let go of the session and end the threads; the view is then only to be deleted."""
        if self._forget:
            for signal, slot in self._forget:
                signal.disconnect(slot)
            self._forget = []
            self._resting.stop()
            self._survey_soon.stop()
            self._pool.shutdown(wait=True, cancel_futures=True)
            self._thread.close()

    # --- what changes

    def _listen(self) -> None:
        self._forget = [
            (self._session.changed, self._note),
            (self._session.taxonomy_changed, self._note_taxonomy),
            (self._selection.changed, self._note_selection),
            (self.settings.changed, self._restyle),
            (self.settings.renderer_changed, self._draw_otherwise),
        ]
        for signal, slot in self._forget:
            signal.connect(slot)

    def _note(self, edit: object) -> None:
        self._painted += [p for p in parts(edit) if isinstance(p, Paint)]  # type: ignore[arg-type]  # the signal carries edits
        self._soon.start()

    def _note_selection(self) -> None:
        self._soon.start()

    def _note_taxonomy(self) -> None:
        self._colours.colour(self.shown)
        self._soon.start()

    def _reread(self) -> None:
        document = self._session.document
        self.scene.document, self.scene.taxonomy = document, self._session.taxonomy
        self.scene.selected, self.scene.chosen = self.selected(), self._selection.ids
        self.scene.label = self._selection.label
        self.scene.protected = self.settings.look.protected
        painted, self._painted = self._painted, []
        if painted:
            self._repaint(painted)
        self._hint, self._is_warning = "", False
        self.update()

    def _repaint(self, painted: Sequence[Paint]) -> None:
        """Give painted points their new colour, and hide what is now hidden."""
        are_other = self._colours.paint(painted, self.shown)
        if self.settings.look.hidden or self.settings.look.solo:
            self._show_points()
        elif are_other:
            self._thread.recolour(self._colours.now.table)

    def _restyle(self, before: Look) -> None:
        look = self.settings.look
        if (look.colour_by, look.colour_map) != (before.colour_by, before.colour_map):
            self._colours.colour(self.shown)
        else:
            self._show_points()
        self._soon.start()

    def _shown_points(self) -> ShownPoints:
        return shown_points(
            self.shown,
            self.settings.look,
            self._colours.now,
            self._session.document,
            alone=self._annotations() if self._isolated else (),
            px_ratio=self.devicePixelRatioF(),
        )

    def _show_points(self) -> None:
        self.shown_points = self._shown_points()
        self._thread.show(self.shown_points)
        self.shows_otherwise.emit()

    def _survey(self) -> None:
        if self._surveying is not None:
            self._surveying.cancel()
        own = self.shown.own
        if len(own):
            self._surveying = self._pool.submit(lambda: self.surveyed.emit(survey(own.xyz_m)))

    def _take_survey(self, found: Survey) -> None:
        """Take what was found, unless another scan is shown by now."""
        if found.index.xyz_m is self.shown.own.xyz_m:
            self.scene.survey = found

    def _draw_otherwise(self) -> None:
        self._thread.use(self._renderer())

    def _renderer(self) -> Callable[[], PointRenderer]:
        return partial(renderer_for, self.settings.renderer, choices_folder())

    # --- the camera

    def _look(self, camera: Camera, *, moving: bool = False) -> None:
        self.camera = camera
        ratio = self.devicePixelRatioF()
        width, height = self._size()
        size = (max(round(width * ratio), 1), max(round(height * ratio), 1))
        self._thread.look(camera, size, moving=moving)

    def _take_picture(self, picture: Picture, points: ShownPoints) -> None:
        self.picture = picture
        self._tells_rows = points.xyz_m is self.cloud.xyz_m
        self.scene.camera, self.scene.size_px = picture.camera, self._size()
        self.drawn.emit(1000 * picture.took_s)
        self.update()

    def _size(self) -> tuple[int, int]:
        return max(self.width(), 1), max(self.height(), 1)

    def _rows_inside(self, path_px: Sequence[Vec2], front_only: bool) -> npt.NDArray[np.int64]:  # noqa: FBT001 - tools call it by place
        picture = self.picture
        if picture is None or not self._tells_rows:
            return np.zeros(0, np.int64)
        ratio = picture.size_px[0] / self._size()[0]
        mask = inside([(x * ratio, y * ratio) for x, y in path_px], picture.size_px)
        rows = rows_inside(
            self.cloud.xyz_m,
            drawing.lens(picture.camera, picture.size_px, self.cloud.origin_m),
            mask,
            slab_m=self.shown_points.slab_in_cloud_m,
            seen=self.shown_points.seen,
            surface=picture.entries if front_only else None,
            executor=self._pool,
            parts=2,
        )
        return rows[rows < len(self.shown.own)]

    # --- the pointer

    def pointer_at(
        self, at_px: Vec2, button: Button = Button.NONE, keys: Keys = Keys.NONE
    ) -> Pointer:
        """Return what lies under a place of the view, in the words of the data."""
        row = at_m = None
        if self.picture is not None and self._tells_rows:
            ratio = self.picture.size_px[0] / self._size()[0]
            row = pick(self.picture.entries, (at_px[0] * ratio, at_px[1] * ratio))
        if row is not None:
            row = self._own_row(row)
        if row is not None:
            at_m = _vec(self.cloud.xyz_m[row].astype(float) + self.cloud.origin_m)
        ray = Ray(*self.camera.ray(at_px, self._size()))
        return Pointer(at_px, button, keys, ray, row, at_m)

    def _own_row(self, row: int) -> int | None:
        """Return the worked-on scan's nearest row to a point of another scan laid over it."""
        if row < len(self.shown.own):
            return row
        if self.scene.survey is None:
            return None
        apart = np.subtract(self.cloud.origin_m, self.shown.own.origin_m)
        at_m = _vec(self.cloud.xyz_m[row].astype(float) + apart)
        return self.scene.survey.index.nearest(at_m, _NEAREST_M)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's
        """Begin to orbit, to pan, or the tool's gesture."""
        self._resting.stop()
        at = (event.position().x(), event.position().y())
        alt = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        button = _BUTTONS.get(event.button(), Button.NONE)
        orbits = button is Button.MIDDLE or (button is Button.LEFT and alt)
        if orbits or button is Button.RIGHT:
            kind = "orbit" if orbits and not shift else "pan"
            self._pressed_px, self._is_click = at, True
            self._drag = (kind, at, self.pointer_at(at).at_m or self.camera.target_m)
        else:
            self.take(self.tool.press(self._pointer(event, button)))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's
        """Go on with what the press began; without one, say what is here."""
        at = (event.position().x(), event.position().y())
        if self._drag is not None:
            kind, before, about = self._drag
            self._drag = (kind, at, about)
            self._is_click &= math.dist(at, self._pressed_px) <= _DRAG_PX
            if kind == "pan":
                moved = self.camera.panned(before, at, self._size(), about)
            else:
                turn, rise = before[0] - at[0], at[1] - before[1]
                moved = self.camera.orbited(
                    turn * _ORBIT_RAD_PER_PX, rise * _ORBIT_RAD_PER_PX, about
                )
            self._look(moved, moving=True)
            return
        pointer = self._pointer(event, Button.NONE)
        self._point_out(pointer)
        self._rests_at = at
        if event.buttons() == Qt.MouseButton.NoButton or self.tool.works_behind:
            self._resting.start()
        self.take(self.tool.move(pointer))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's
        """End what the press began."""
        if self._drag is not None:
            self._drag = None
            self._look(self.camera)
            if event.button() == Qt.MouseButton.RightButton and self._is_click:
                self._ask_menu(event)
            return
        button = _BUTTONS.get(event.button(), Button.NONE)
        self.take(self.tool.release(self._pointer(event, button)))

    def _ask_menu(self, event: QMouseEvent) -> None:
        """Select what is under the pointer, unless it is selected, and ask for a menu for it."""
        at = (event.position().x(), event.position().y())
        found = annotation_under(self.scene, self.pointer_at(at))
        if found is not None and found.id not in self._selection.ids:
            self._selection.set((found.id,))
            self._reselect()
        if self._selection.ids:
            self.menu_asked.emit(event.globalPosition().toPoint())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's
        """Offer a double click to the tool; one that has no use for it takes a second press."""
        button = _BUTTONS.get(event.button(), Button.NONE)
        reply = NOTHING
        if button is Button.LEFT and not event.modifiers() & Qt.KeyboardModifier.AltModifier:
            reply = self.tool.double_click(self._pointer(event, button))
        if reply is NOTHING:
            self.mousePressEvent(event)
        else:
            self.take(reply)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's
        """Zoom to the cursor; with Ctrl cut the ceiling, with Ctrl+Shift the floor."""
        at, delta = (event.position().x(), event.position().y()), event.angleDelta()
        steps = (delta.y() or delta.x()) / 120
        modifiers = event.modifiers()
        if modifiers & Qt.KeyboardModifier.ControlModifier:
            floor = bool(modifiers & Qt.KeyboardModifier.ShiftModifier)
            self.move_slab(steps * _SLAB_STEP_M, floor=floor)
            return
        pointer = self.pointer_at(at, keys=_keys(modifiers))
        reply = self.tool.wheel(pointer, steps)
        if reply is not None:
            self.take(reply)
            return
        about = pointer.at_m or self.camera.at_depth_of(self.camera.target_m, at, self._size())
        self._look(self.camera.zoomed(_ZOOM_PER_STEP**steps, about), moving=True)

    def move_slab(self, by_m: float, *, floor: bool) -> None:
        """Shift the height below (``floor``) or above which nothing is shown."""
        bounds = bulk_m(self.cloud)
        if bounds is None:
            return
        lowest, highest = bounds[0][2], bounds[1][2]
        low, high = self.settings.look.slab_m
        low = lowest if low is None else low
        high = highest if high is None else high
        if floor:
            low = min(max(low + by_m, lowest), high - 0.05)
        else:
            high = max(min(high + by_m, highest), low + 0.05)
        self.settings.set(slab_m=(low if low > lowest else None, high if high < highest else None))

    def event(self, event: QEvent) -> bool:
        """Keep a key from the window's shortcuts while the tool has a use for it."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            name = Qt.Key(event.key()).name.removeprefix("Key_")
            if not event.modifiers() and name in self.tool.keys_wanted():
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's
        """Back out with Esc; offer other keys to the tool, and then to the window."""
        if event.key() == Qt.Key.Key_Escape:
            self.take(self.tool.cancel())
            return
        name = Qt.Key(event.key()).name.removeprefix("Key_")
        reply = None if event.modifiers() else self.tool.key_press(name)
        if reply is None:
            super().keyPressEvent(event)
        else:
            self.take(reply)

    def _rest(self) -> None:
        self.take(self.tool.rest(self.pointer_at(self._rests_at)))
        if self.tool.works_behind and QApplication.mouseButtons() != Qt.MouseButton.NoButton:
            self._resting.start()

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's
        """Say that nothing is under the pointer."""
        self._resting.stop()
        self.pointed.emit("")
        super().leaveEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's
        """Draw at the new size; the picture does not jump."""
        super().resizeEvent(event)
        self._look(self.camera, moving=True)

    def _pointer(self, event: QMouseEvent, button: Button) -> Pointer:
        at = (event.position().x(), event.position().y())
        return self.pointer_at(at, button, _keys(event.modifiers()))

    def take(self, reply: Reply) -> None:
        """Show a preview, do the edit, then select."""
        if reply is NOTHING:
            return
        if reply.preview is not None:
            before, self.preview = self.preview, None if reply.preview is CLEAR else reply.preview
            if before is not self.preview:
                self.previewed.emit()
        self._hint, self._is_warning = reply.hint, _is_refusal(reply)
        try:
            if reply.edit is not None:
                self._session.do(self._in_scan(reply.edit), reply.text)
        except AnnotatorError as refused:
            self._hint, self._is_warning = str(refused), True
        else:
            if reply.select is not None:
                self._selection.set(reply.select)
                self._reselect()
        self.update()

    def _in_scan(self, edit: Edit) -> Edit:
        return framed(
            edit,
            self._session.document,
            self._session.taxonomy,
            frame=self.scene.frame,
            makes_static=self.makes_static,
        )

    def _reselect(self) -> None:
        """Let the tool see its own selection at once, so that a press can go on as a drag."""
        self.scene.selected, self.scene.chosen = self.selected(), self._selection.ids

    def _point_out(self, pointer: Pointer) -> None:
        hovered = smallest_around(self._annotations(), pointer.at_m)
        if hovered != self._hovered:
            self._hovered = hovered
            self.update()
        self.pointed.emit(point_in_words(self.cloud, pointer.row, pointer.at_m))

    def _annotations(self) -> list[Annotation]:
        shown = self.scene.document.in_frame(self.scene.frame)
        return [a for a in shown if not self._isolated or a.id in self._isolated]

    def _arrows(self) -> npt.NDArray[np.float64]:
        """Return how a radar's points move, where they are coloured by that."""
        sensor_m = self.shown.sensor_m
        if sensor_m is None or self._colours.now.legend.by is not ColourBy.VELOCITY:
            return np.zeros((0, 2, 3))
        return doppler_arrows(self.shown.own, sensor_m)

    def _trajectory(self) -> Preview:
        """Return the way of the selected object as lines."""
        selected = self.scene.selected
        if selected is None or selected.track is None:
            return CLEAR
        return Preview(lines_m=tuple(pairwise(trajectory_m(self.scene.document, selected.track))))

    # --- painting

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's
        """Lay the lines over the last picture, as its camera saw them."""
        del event
        painter = QPainter(self)
        area = QRectF(self.rect())
        if self.picture is None or not len(self.cloud):
            painter.fillRect(area, QColor(18, 21, 26))
            text = _("Drawing…") if len(self.cloud) else _("This scan has no points")
            cloud_marks.paint_message(painter, area, text)
            return
        pixels = self.picture.pixels
        height, width = pixels.shape
        image = QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_RGB32)
        painter.drawImage(area, image)
        stage = cloud_lines.Stage(self.picture, self._size(), self._session.taxonomy)
        previewed = {a.id for a in self.preview.annotations} if self.preview else set()
        cloud_overlay.paint_annotations(
            painter,
            stage,
            [a for a in self._annotations() if a.id not in previewed],
            selected=frozenset(self._selection.ids),
            named=frozenset({self._hovered} if self._hovered else ()),
        )
        cloud_overlay.paint_preview(painter, stage, self._trajectory())
        paint_strokes(painter, stage, [Stroke(self._arrows(), _ARROW, 1.2)])
        if self.preview is not None:
            if self.preview.rows is not None:
                label = self.scene.active_label()
                self._painted_rows.paint(
                    painter,
                    area,
                    self.picture,
                    self.preview.rows,
                    count=len(self.cloud),
                    color=label.color if label is not None else _PLAIN,
                )
            cloud_overlay.paint_preview(painter, stage, self.preview)
        cloud_marks.paint_legend(painter, area, self._colours.now.legend)
        cloud_marks.paint_axes(painter, area, self.picture.camera)
        cloud_marks.paint_scale_bar(painter, area, self.picture.camera)
        cloud_marks.paint_hint(painter, area, self.hint(), warning=self._is_warning)


def _is_refusal(reply: Reply) -> bool:
    """Tell whether a hint says why something did not happen, and not what will happen."""
    if reply.preview is None or reply.preview is CLEAR:
        return bool(reply.hint)
    return reply.preview.warning


def _keys(held: Qt.KeyboardModifier) -> Keys:
    keys = Keys.NONE
    for qt_key, key in (
        (Qt.KeyboardModifier.ShiftModifier, Keys.SHIFT),
        (Qt.KeyboardModifier.ControlModifier, Keys.CTRL),
        (Qt.KeyboardModifier.AltModifier, Keys.ALT),
    ):
        if held & qt_key:
            keys |= key
    return keys


def _vec(values: npt.NDArray[np.float64]) -> Vec3:
    x, y, z = values.tolist()
    return (x, y, z)
