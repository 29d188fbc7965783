"""What the mouse does over a plane: the tool first, then zoom, slices, window and crosshair."""

import math
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QObject

from annotator.model.annotations import AnnotationId
from annotator.model.shapes import Vec2, Vec3
from annotator.tools.tool import CLEAR, NOTHING, Button, Keys, Pointer, Reply
from annotator.views.plane_view import PlaneView
from annotator.views.tool_runner import Ask

if TYPE_CHECKING:
    from annotator.views.image_view import ImageView

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
        seen = self._plane_view.camera.voxel_at(pointer.at_px)
        voxel, state = _nearest(seen), self._view.state
        inside = state is not None and state.has(voxel)
        self._view.pointed.emit(state.voxel_in_words(voxel) if state and inside else "")
        if pointer.keys == Keys.SHIFT and pointer.button is Button.NONE:
            self._view.go_to(voxel)
        over = replace(pointer, voxel=seen if inside else None)
        self._ask(lambda tool: tool.move(over))

    def press(self, pointer: Pointer) -> None:
        """Let the tool act, and show its place in the other planes."""
        self._view.setFocus()
        self._before, self._was_drag = self._now(pointer.at_px), False
        self._ask(lambda tool: tool.press(pointer))
        state = self._view.state
        if state is not None and pointer.voxel is not None:
            voxel = _nearest(pointer.voxel)
            if state.has(voxel):
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

    def leave(self) -> None:
        """Say that nothing is under the pointer."""
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
