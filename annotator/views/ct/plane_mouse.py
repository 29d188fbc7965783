"""What the mouse does over a plane: the tool first, then zoom, slices, window and crosshair."""

import math
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QObject

from annotator.model.annotations import AnnotationId
from annotator.model.shapes import Vec2, Vec3
from annotator.tools.tool import CLEAR, NOTHING, Button, Keys, Pointer, Reply
from annotator.views.ct.plane_view import PlaneView
from annotator.views.ct.tool_runner import Ask

if TYPE_CHECKING:
    from annotator.views.ct.image_view import ImageView

ZOOM_STEP = 1.2
CLICK_PX = 3.0
"""How far the mouse may slip in a click."""


class _Before(NamedTuple):
    """What a press found: the pointer, where the planes met, what was selected, the last step."""

    at_px: Vec2
    at: tuple[int, int, int]
    selected: tuple[AnnotationId, ...]
    step: int


class PlaneMouse(QObject):
    """Turns what happens over one plane into what the image view can do."""

    def __init__(self, view: "ImageView", plane_view: PlaneView) -> None:
        super().__init__(plane_view)
        self._view, self._plane_view = view, plane_view
        self._before: _Before | None = None
        self._was_drag = False
        self._over: Pointer | None = None
        plane_view.pressed.connect(self.press)
        plane_view.moved.connect(self.move)
        plane_view.released.connect(self.release)
        plane_view.double_clicked.connect(self.double_click)
        plane_view.wheeled.connect(self.wheel)
        plane_view.window_dragged.connect(view.windowing.drag)
        plane_view.carried.connect(plane_view.pan)
        plane_view.region_dragged.connect(view.windowing.use_region)
        plane_view.left.connect(self.leave)

    def wheel(self, pointer: Pointer, steps: float) -> None:
        """Scroll, whatever the tool, unless the tool or the zoom has a use for the keys held."""
        state = self._view.state
        if self._ask(lambda tool: tool.wheel(pointer, steps)):
            return
        if pointer.keys == Keys.CTRL:
            self._plane_view.zoom(ZOOM_STEP**steps, pointer.at_px)
        elif state is not None:
            at = list(state.at)
            at[self._plane_view.camera.layout.depth] += slices_turned(steps)
            self._view.go_to((at[0], at[1], at[2]))
        self.move(replace(pointer, keys=Keys.NONE))

    def move(self, pointer: Pointer) -> None:
        """Answer a movement; after a scroll or a zoom the pointer is over another voxel."""
        self._view.take_in_hand(self._plane_view.camera.layout.plane)
        self._over = replace(pointer, keys=Keys.NONE)
        pointer = replace(pointer, voxel=self._plane_view.camera.voxel_at(pointer.at_px))
        voxel = self._shown_voxel(pointer)
        state = self._view.state
        self._view.pointed.emit(state.voxel_in_words(voxel) if state and voxel else "")
        if voxel is not None and pointer.keys == Keys.SHIFT and pointer.button is Button.NONE:
            self._view.go_to(voxel)
        over = replace(pointer, voxel=None) if voxel is None else self._meant(pointer)
        self._ask(lambda tool: tool.move(over))

    def press(self, pointer: Pointer) -> None:
        """Let the tool act, and show its place in the other planes."""
        self._view.setFocus()
        self._before, self._was_drag = self._now(pointer.at_px), False
        voxel = self._shown_voxel(pointer)
        self._ask(lambda tool: tool.press(self._meant(pointer)))
        if voxel is not None:
            self._view.go_to(voxel)

    def release(self, pointer: Pointer) -> None:
        """Let the tool end its gesture."""
        if self._before is not None:
            self._was_drag = math.dist(self._before.at_px, pointer.at_px) > CLICK_PX
        self._ask(lambda tool: tool.release(pointer))

    def double_click(self, pointer: Pointer) -> None:
        """Let the tool end its gesture; else show this plane alone, or all again.

        A press soon after a drag is no double click: short strokes follow each other quickly.
        """
        if self._was_drag:
            self.press(pointer)
            return
        runner = self._view.runner
        reply = runner.tool.double_click(pointer) if runner is not None else NOTHING
        if runner is not None and reply is not NOTHING:
            runner.take(reply)
            return
        is_alone = self._view.state is not None and not self._view.state.is_linked
        self._view.maximise(None if is_alone else self._plane_view.camera.layout.plane)
        if self._before is not None:
            self._take_back(self._before)  # its first click was meant for the plane alone

    def _shown_voxel(self, pointer: Pointer) -> tuple[int, int, int] | None:
        """Return the voxel that the picture shows under the pointer; None outside the volume."""
        state = self._view.state
        if state is None or pointer.voxel is None or not state.has(_nearest(pointer.voxel)):
            return None
        return state.shown_at(_nearest(pointer.voxel), self._plane_view.camera.layout.plane)

    def _meant(self, pointer: Pointer) -> Pointer:
        """Return the pointer at the voxel that the tool in hand means."""
        runner, voxel = self._view.runner, self._shown_voxel(pointer)
        if runner is None or voxel is None or not runner.tool.takes_what_is_shown:
            return pointer
        depth, at = self._plane_view.camera.layout.depth, list(pointer.voxel or ())
        at[depth] = float(voxel[depth])
        return replace(pointer, voxel=(at[0], at[1], at[2]))

    def point_again(self) -> None:
        """Answer where the pointer rests: after a key another tool, or slice, is under it."""
        if self._over is not None:
            self.move(self._over)

    def leave(self) -> None:
        """Say that nothing is under the pointer."""
        self._over = None
        self._view.pointed.emit("")

    def _now(self, at_px: Vec2) -> _Before | None:
        view = self._view
        if view.state is None:
            return None
        return _Before(at_px, view.state.at, view.selection.ids, view.session.last_step())

    def _take_back(self, before: _Before) -> None:
        """Leave nothing of a click behind: neither place nor edit nor a step to redo."""
        view = self._view
        view.go_to(before.at)
        if view.session.last_step() > before.step and view.session.withdraw() is not None:
            view.selection.set(before.selected)
            if view.runner is not None:
                view.runner.take(Reply(preview=CLEAR))

    def _ask(self, ask: Ask) -> bool:
        camera, runner = self._plane_view.camera, self._view.runner
        return runner is not None and runner.ask(camera.layout.plane, camera.px_per_mm, ask)


def slices_turned(steps: float) -> int:
    """Return how many slices a turn of the wheel passes: a fine wheel passes one, too."""
    return round(steps) or (1 if steps > 0 else -1)


def _nearest(voxel: Vec3) -> tuple[int, int, int]:
    return (round(voxel[0]), round(voxel[1]), round(voxel[2]))
