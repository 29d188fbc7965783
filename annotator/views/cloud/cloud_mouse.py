"""Passes what the mouse does over a scan on: to the camera, or else to the tool."""

from collections.abc import Callable, Sequence

import numpy as np
from PySide6.QtCore import QObject, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication

from annotator.app.scan_view import point_in_words
from annotator.app.selection import Selection
from annotator.geometry.projection import Size
from annotator.geometry.vectors import vec3
from annotator.model.annotations import AnnotationId
from annotator.model.shapes import Vec2
from annotator.tools.hitting import annotation_clicked, annotation_under
from annotator.tools.keys import ToolKey
from annotator.tools.painting import instance_under
from annotator.tools.select_box import SelectBox
from annotator.tools.tool import CLEAR, NOTHING, Button, Keys, Pointer, Ray, Reply
from annotator.views.cloud.camera_steering import CameraSteering
from annotator.views.cloud.scan_drawing import ScanDrawing
from annotator.views.cloud.tool_in_hand import ToolInHand
from annotator.views.cloud.view_grips import ViewGrips
from annotator.views.qt_pointer import button_of, keep_alt_from_the_menu_bar, keys_of, place_px

_REST_MS = 120
_SLAB_STEP_M = 0.1
_NEAREST_M = 0.4


class CloudMouse(QObject):
    """Knows what lies under the pointer, and whose the present drag is.

    Parameters
    ----------
    size
        Returns the size of the view, px.
    """

    pointed = Signal(str)
    """Coordinates and fields of the point under the pointer; empty on nothing."""
    hovers = Signal()
    """The pointer is over another annotation, or over none."""
    slab_wheeled = Signal(float, bool)
    """By how many metres the wheel shifts the height slab, and whether its floor."""
    over_grip = Signal(bool)
    """The pointer has come over a grip of the view's own, or has left it."""
    menu_asked = Signal(QPoint)
    """Where on the screen a menu for the selection is asked for."""

    def __init__(  # noqa: PLR0917 - all that a pointer can be about
        self,
        steering: CameraSteering,
        drawing: ScanDrawing,
        hand: ToolInHand,
        selection: Selection,
        size: Callable[[], Size],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._steering, self._drawing, self._hand = steering, drawing, hand
        self._selection, self._size = selection, size
        self.hovered: AnnotationId | None = None
        self.grips: Sequence[ViewGrips] = ()
        """They come before the tool."""
        self._held: ViewGrips | None = None
        self._is_over_grip = False
        self._pressed: Pointer | None = None
        """Where the left button went down for a drag that the tool leaves to the camera."""
        self._is_here = False
        self._rests_at: Vec2 = (0.0, 0.0)
        self._rests_with = Keys.NONE
        self._resting = QTimer(self, singleShot=True, interval=_REST_MS)
        self._resting.timeout.connect(self._rest)

    def pointer_at(
        self, at_px: Vec2, button: Button = Button.NONE, keys: Keys = Keys.NONE
    ) -> Pointer:
        """Return what lies under a place of the view, in the words of the data."""
        size, cloud = self._size(), self._drawing.shown.cloud
        row, at_m, over_m = self._drawing.row_at(at_px, self._steering.camera, size), None, None
        if row is not None:
            over_m = vec3(cloud.xyz_m[row].astype(float) + cloud.origin_m)
            row = self._own_row(row)
        if row is not None:
            at_m = vec3(cloud.xyz_m[row].astype(float) + cloud.origin_m)
        ray = Ray(*self._steering.camera.ray(at_px, size))
        return Pointer(at_px, button, keys, ray, row, at_m, over_m=over_m)

    def press(self, event: QMouseEvent) -> None:
        """Begin to orbit, to pan, or the tool's gesture."""
        self._resting.stop()
        pointer = self._pointer(event, button_of(event))
        self._held = next((grips for grips in self.grips if grips.press(pointer)), None)
        if self._held is not None:
            return
        is_free = pointer.button is Button.LEFT and self._hand.tool.leaves_drags(pointer)
        self._pressed = pointer if is_free and not pointer.keys & Keys.ALT else None
        if not self._steering.press(pointer, left_is_free=is_free):
            self._hand.take(self._hand.tool.press(pointer))

    def move(self, event: QMouseEvent) -> None:
        """Go on with what the press began; without one, say what is here."""
        if self._steering.is_dragging:
            self._steering.move(place_px(event))
            return
        pointer, tool = self._pointer(event, Button.NONE), self._hand.tool
        if self._held is not None:
            self._held.move(pointer)
            self.hovers.emit()
            return
        if event.buttons() == Qt.MouseButton.NoButton and self._point_at_grip(pointer):
            return
        self._point_out(pointer)
        self._rests_at, self._rests_with, self._is_here = pointer.at_px, pointer.keys, True
        if event.buttons() == Qt.MouseButton.NoButton or tool.works_behind:
            self._resting.start()
        self._hand.take(tool.move(pointer))

    def release(self, event: QMouseEvent) -> None:
        """End what the press began."""
        held, self._held = self._held, None
        if held is not None:
            held.release()
            self.hovers.emit()
        elif not self._steering.is_dragging:
            self._hand.take(self._hand.tool.release(self._pointer(event, button_of(event))))
        elif self._steering.release():
            self._click(event)

    def double_click(self, event: QMouseEvent) -> None:
        """Offer a double click to the tool; one that has no use for it takes a second press."""
        reply, pointer = NOTHING, self._pointer(event, button_of(event))
        if pointer.button is Button.LEFT and not pointer.keys & Keys.ALT:
            reply = self._hand.double_clicked(pointer)
        if reply is NOTHING:
            self.press(event)
        else:
            self._hand.take(reply)

    def wheel(self, event: QWheelEvent) -> None:
        """Zoom to the cursor; with Ctrl cut the ceiling, with Ctrl+Shift the floor."""
        keep_alt_from_the_menu_bar(event)
        delta, keys = event.angleDelta(), keys_of(event.modifiers())
        steps = (delta.y() or delta.x()) / 120
        if keys & Keys.CTRL:
            self.slab_wheeled.emit(steps * _SLAB_STEP_M, bool(keys & Keys.SHIFT))
            return
        pointer = self.pointer_at(place_px(event), keys=keys)
        reply = self._hand.tool.wheel(pointer, steps)
        if reply is not None:
            self._hand.take(reply)
        else:
            self._steering.zoom(steps, pointer)

    def back_out(self) -> bool:
        """Leave a grip that is dragged where it was; tell whether there was one."""
        held, self._held = self._held, None
        return held is not None and held.back_out()

    def begin_tool(self) -> None:
        """Let a tool that was taken just now say what a click would do, where the pointer is."""
        if self._is_here:
            self._resting.start()

    def leave(self) -> None:
        """Say that nothing is under the pointer."""
        self._is_here = False
        self._resting.stop()
        self.pointed.emit("")

    def forget(self) -> None:
        """Know nothing of what was under the pointer, as when another scan is shown."""
        self._resting.stop()
        self.hovered = None

    def _click(self, event: QMouseEvent) -> None:
        """Do what a press means that could have become a drag of the camera."""
        pressed, self._pressed = self._pressed, None
        if button_of(event) is Button.RIGHT:
            self._ask_menu(event)
        elif pressed is not None:
            self._hand.take(self._hand.tool.press(pressed))
            self._hand.take(self._hand.tool.release(pressed))

    def _pointer(self, event: QMouseEvent, button: Button) -> Pointer:
        return self.pointer_at(place_px(event), button, keys_of(event.modifiers()))

    def _own_row(self, row: int) -> int | None:
        """Return the worked-on scan's nearest row to a point of another scan laid over it."""
        shown, survey = self._drawing.shown, self._hand.scene.survey
        if row < len(shown.own):
            return row
        if survey is None:
            return None
        apart = np.subtract(shown.cloud.origin_m, shown.own.origin_m)
        at_m = vec3(shown.cloud.xyz_m[row].astype(float) + apart)
        return survey.index.nearest(at_m, _NEAREST_M)

    def _point_at_grip(self, pointer: Pointer) -> bool:
        """Say what a grip of the view's own does, and let its cursor show; tell whether one is."""
        hint = next((hint for grips in self.grips if (hint := grips.hint_at(pointer.at_px))), "")
        if bool(hint) != self._is_over_grip:
            self._is_over_grip = bool(hint)
            self.over_grip.emit(self._is_over_grip)
            if ToolKey.FINISH not in self._hand.tool.keys_wanted():  # which takes what is shown
                self._hand.take(Reply(preview=CLEAR))
        if hint:
            self._resting.stop()
            self._hand.say(hint)
            self.hovers.emit()
        return bool(hint)

    def _point_out(self, pointer: Pointer) -> None:
        hand = self._hand
        named = annotation_clicked if isinstance(hand.tool, SelectBox) else annotation_under
        found = named(hand.scene, pointer)
        hovered = None if found is None else found.id
        if hovered != self.hovered:
            self.hovered = hovered
            self.hovers.emit()
        cloud = self._drawing.shown.cloud
        self.pointed.emit(point_in_words(cloud, pointer.row, pointer.at_m))

    def _rest(self) -> None:
        tool = self._hand.tool
        rested = tool.rest(self.pointer_at(self._rests_at, keys=self._rests_with))
        self._hand.take(rested, is_awaited=False)
        if tool.works_behind and QApplication.mouseButtons() != Qt.MouseButton.NoButton:
            self._resting.start()

    def _ask_menu(self, event: QMouseEvent) -> None:
        """Select what is under the pointer, unless it is selected, and ask for a menu for it."""
        pointer = self.pointer_at(place_px(event))
        found = annotation_clicked(self._hand.scene, pointer)
        number = instance_under(self._hand.scene, pointer)
        if found is not None and found.id not in self._selection.ids:
            self._selection.set((found.id,))
        elif found is None and number and number not in self._selection.instances:
            self._selection.set_instances((number,))
        self._hand.reselect()
        if self._selection.ids or self._selection.instances:
            self.menu_asked.emit(event.globalPosition().toPoint())
