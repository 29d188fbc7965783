"""Selects objects, and moves, resizes and turns a box by its grips."""

import math
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np
from typing_extensions import override

from annotator.commands.boxes import (
    flip_heading,
    move_box,
    move_box_along,
    resize_face,
    turn_box,
    turn_quarter,
)
from annotator.geometry.boxes import corners, in_box_axes
from annotator.i18n import gettext as _
from annotator.i18n import mark
from annotator.model.annotations import Annotation
from annotator.model.edits import Put
from annotator.model.shapes import Box3D, Vec2, Vec3
from annotator.tools.box_handles import Handle, Kind, face_normal, handles, nearest
from annotator.tools.cloud_scene import CloudTool
from annotator.tools.tool import CLEAR, NOTHING, Button, Cursor, Pointer, Preview, Reply

_STEP_M, _STEP_RAD = 0.05, math.radians(1)
_DRAG_PX = 3.0
_LEAST_SIZE_M = 0.02
_ALONG: dict[str, Vec3] = {
    "W": (_STEP_M, 0, 0),
    "S": (-_STEP_M, 0, 0),
    "A": (0, _STEP_M, 0),
    "D": (0, -_STEP_M, 0),
    "R": (0, 0, _STEP_M),
    "C": (0, 0, -_STEP_M),
}


@dataclass(frozen=True, slots=True)
class Idle:
    """No button is held."""


@dataclass(frozen=True, slots=True)
class Dragging:
    """A box, or one of its grips, is held.

    Attributes
    ----------
    start_m
        Where the pointer met the level, or the line, that the drag runs on.
    now
        The edit that letting go would commit; None until the pointer has moved.
    """

    annotation: Annotation
    handle: Handle | None
    start_px: Vec2
    start_m: Vec3
    now: Put | None = None


State = Idle | Dragging


class SelectBox(CloudTool):
    """Idle → (press on an object) Dragging → (release) one changed box or a selection, Idle."""

    id: ClassVar[str] = "select_box"
    title: ClassVar[str] = mark("Select and edit")
    key: ClassVar[str] = "V"
    cursor: ClassVar[Cursor] = Cursor.ARROW
    _state: State = Idle()

    @override
    def hint(self) -> str:
        if self.scene.selected is None:
            return _("Click an object to select it")
        return _("Drag to move, grips resize, ring turns · WASD R C move · Q E turn · X flip")

    @override
    def press(self, pointer: Pointer) -> Reply:
        if pointer.button is not Button.LEFT:
            return NOTHING
        handle = self._handle_at(pointer)
        found = self.scene.selected if handle is not None else self._annotation_at(pointer)
        if found is None:
            return Reply(preview=CLEAR, select=())
        if isinstance(found.shape, Box3D):
            start = self._place(pointer, found.shape, handle)
            if start is not None:
                self._state = Dragging(found, handle, pointer.at_px, start)
        return Reply(select=(found.id,))

    @override
    def move(self, pointer: Pointer) -> Reply:
        held = self._state
        if not isinstance(held, Dragging):
            return NOTHING
        if held.now is None and math.dist(held.start_px, pointer.at_px) < _DRAG_PX:
            return NOTHING
        put = self._dragged(held, pointer)
        if put is None:
            return NOTHING
        self._state = replace(held, now=put)
        return Reply(preview=Preview(annotations=(put.annotation,)))

    @override
    def release(self, pointer: Pointer) -> Reply:
        held, self._state = self._state, Idle()
        if not isinstance(held, Dragging) or held.now is None:
            return Reply(preview=CLEAR)
        return Reply(preview=CLEAR, edit=held.now, text=_text(held.handle))

    @override
    def key_press(self, key: str) -> Reply | None:
        selected = self.scene.selected
        if selected is None or not isinstance(selected.shape, Box3D):
            return None
        if key in _ALONG:
            return Reply(edit=move_box_along(selected, _ALONG[key]), text=_("Move box"))
        if key in {"Q", "E"}:
            turn = _STEP_RAD if key == "Q" else -_STEP_RAD
            return Reply(edit=turn_box(selected, turn), text=_("Turn box"))
        if key == "X":
            return Reply(edit=flip_heading(selected), text=_("Flip heading"))
        if key == "T":
            return Reply(edit=turn_quarter(selected), text=_("Turn box by 90°"))
        return None

    @override
    def cancel(self) -> Reply:
        held, self._state = self._state, Idle()
        return Reply(preview=CLEAR, select=() if isinstance(held, Idle) else None)

    def _handle_at(self, pointer: Pointer) -> Handle | None:
        selected = self.scene.selected
        if selected is None or not isinstance(selected.shape, Box3D):
            return None
        found = handles(selected.shape)
        return nearest(found, self.scene.to_px([h.at_m for h in found]), pointer.at_px)

    def _annotation_at(self, pointer: Pointer) -> Annotation | None:
        """Return the smallest box that the pointer's point lies in, else one whose outline is hit.

        The selected box wins, so that what is seen as selected can be dragged.
        """
        boxes = [
            (a, a.shape)
            for a in self.scene.document.in_frame(self.scene.frame)
            if isinstance(a.shape, Box3D)
        ]
        hit = [(a, b) for a, b in boxes if self._is_on(pointer, b)]
        selected = self.scene.selected
        if selected is not None and any(a.id == selected.id for a, _b in hit):
            return selected
        return min(hit, key=lambda pair: math.prod(pair[1].size_m), default=(None, None))[0]

    def _is_on(self, pointer: Pointer, box: Box3D) -> bool:
        if pointer.at_m is not None:
            own = in_box_axes(np.array([pointer.at_m]), box)[0]
            if (np.abs(own) <= np.asarray(box.size_m) / 2 + 0.05).all():
                return True
        places = self.scene.to_px(corners(box))
        return bool(np.isfinite(places).all()) and _edge_px(places, pointer.at_px) <= 5.0

    def _place(self, pointer: Pointer, box: Box3D, handle: Handle | None) -> Vec3 | None:
        """Return where on the level of the drag the pointer is."""
        if handle is None and pointer.at_m is not None and isinstance(self._state, Idle):
            level = pointer.at_m[2]
        elif isinstance(self._state, Dragging):
            level = self._state.start_m[2]
        else:
            level = handle.at_m[2] if handle is not None else box.center_m[2]
        return self.scene.on_plane(pointer, level)

    def _dragged(self, held: Dragging, pointer: Pointer) -> Put | None:
        box = held.annotation.shape
        if not isinstance(box, Box3D):
            return None
        if held.handle is None:
            at = self._place(pointer, box, None)
            if at is None:
                return None
            by = (at[0] - held.start_m[0], at[1] - held.start_m[1], 0.0)
            return move_box(held.annotation, by)
        if held.handle.kind is Kind.TURN:
            at = self._place(pointer, box, held.handle)
            return None if at is None else turn_box(held.annotation, _turn(box, held, at))
        return self._resized(held, box, pointer)

    def _resized(self, held: Dragging, box: Box3D, pointer: Pointer) -> Put:
        """Move each face of the grip by how far the pointer went along its normal on the screen."""
        put = Put(held.annotation)
        if held.handle is None:
            return put
        for face in held.handle.faces:
            normal = np.asarray(face_normal(box, face))
            start = np.asarray(held.handle.at_m)
            ends = self.scene.to_px([start, start + 0.1 * normal])
            along = (ends[1] - ends[0]) / 0.1
            moved = np.asarray(pointer.at_px) - held.start_px
            per_m = float(along @ along)
            by = float(moved @ along) / per_m if per_m > 1 else 0.0
            axis = int(np.abs(np.asarray(_own(face))).argmax())
            by = max(by, _LEAST_SIZE_M - box.size_m[axis])
            put = resize_face(put.annotation, face, by)
        return put


def _turn(box: Box3D, held: Dragging, at_m: Vec3) -> float:
    x, y, _z = box.center_m
    before = math.atan2(held.start_m[1] - y, held.start_m[0] - x)
    return math.atan2(at_m[1] - y, at_m[0] - x) - before


def _own(face: str) -> Vec3:
    if face in {"front", "back"}:
        return (1, 0, 0)
    return (0, 1, 0) if face in {"left", "right"} else (0, 0, 1)


_PAIRS = np.array([(i, (i + 1) % 4) for i in range(4)] + [(i, i + 4) for i in range(4)])
_PAIRS = np.concatenate([_PAIRS, _PAIRS[:4] + 4])


def _edge_px(places: np.ndarray[tuple[int, int], np.dtype[np.float64]], at_px: Vec2) -> float:
    """Return the distance from a pixel to the nearest of a box's twelve edges."""
    a, b = places[_PAIRS[:, 0]], places[_PAIRS[:, 1]]
    along, to = b - a, np.asarray(at_px) - a
    length = np.maximum((along**2).sum(axis=1), 1e-9)
    t = np.clip((along * to).sum(axis=1) / length, 0, 1)
    return float(np.hypot(*(to - t[:, None] * along).T).min())


def _text(handle: Handle | None) -> str:
    if handle is None:
        return _("Move box")
    return _("Turn box") if handle.kind is Kind.TURN else _("Resize box")
