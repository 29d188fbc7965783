"""Selects objects, and moves, resizes and turns them by their grips."""

import math
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np
from typing_extensions import override

from annotator.commands.boxes import turn_box
from annotator.commands.growing import fit_face_to_points
from annotator.commands.shapes import move_annotation, pull_face, widen_cylinder
from annotator.commands.vertices import move_vertex
from annotator.geometry.wireframes import extent_m
from annotator.i18n import gettext as _
from annotator.i18n import mark
from annotator.model.annotations import Annotation
from annotator.model.edits import Put
from annotator.model.shapes import Box3D, Vec2, Vec3
from annotator.tools.box_handles import Handle, Kind, face_normal
from annotator.tools.cloud_scene import CloudTool
from annotator.tools.held import toggled
from annotator.tools.hitting import annotation_around, annotation_under, grip_at
from annotator.tools.keys import class_keys, keyed
from annotator.tools.other_scans import to_others_in_words
from annotator.tools.painting import instance_under
from annotator.tools.tool import (
    CLEAR,
    NOTHING,
    Button,
    Cursor,
    HeldKeys,
    Keys,
    Mouse,
    Pointer,
    Preview,
    Reply,
)

_DRAG_PX = 3.0


@dataclass(frozen=True, slots=True)
class Idle:
    """No button is held."""


@dataclass(frozen=True, slots=True)
class Dragging:
    """An object, or one of its grips, is held.

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
    """Idle → (press on an object) Dragging → (release) one changed object or a selection, Idle."""

    id: ClassVar[str] = "select_box"
    title: ClassVar[str] = mark("Select and edit")
    key: ClassVar[str] = "V"
    held: ClassVar[tuple[HeldKeys, ...]] = (
        HeldKeys(Keys.SHIFT, Mouse.CLICK, mark("Add to the selection, or let go")),
        HeldKeys(
            Keys.CTRL, Mouse.CLICK, mark("Select the instance of points, not the box around it")
        ),
    )
    cursor: ClassVar[Cursor] = Cursor.ARROW
    _state: State = Idle()

    @override
    def hint(self) -> str:
        if self.scene.instances:
            return self._of_instances()
        if self.scene.selected is not None or len(self.scene.chosen) > 1:
            words = (
                self._of_chosen(self.scene.selected),
                self._keys_of_classes(),
                self._to_others(),
            )
            return " · ".join(filter(None, words))
        if self.scene.shows_ceiling:
            return f"{keyed(_('{view_ceiling} hides the ceiling'))} · {self._how_to_begin()}"
        return self._how_to_begin()

    @override
    def leaves_drags(self, pointer: Pointer) -> bool:
        is_on_something = (
            grip_at(self.scene, pointer.at_px) is not None
            or annotation_under(self.scene, pointer) is not None
            or instance_under(self.scene, pointer)
        )
        return not is_on_something

    @override
    def leaves_grips(self) -> bool:
        return True

    @override
    def press(self, pointer: Pointer) -> Reply:
        if pointer.button is not Button.LEFT:
            return NOTHING
        handle = grip_at(self.scene, pointer.at_px)
        selected = self.scene.selected
        found = selected if handle is not None else annotation_under(self.scene, pointer)
        number = instance_under(self.scene, pointer)
        if number and handle is None and (found is None or pointer.keys & Keys.CTRL):
            return self._picked(number, pointer.keys)
        found = found or annotation_around(self.scene, pointer)
        if found is None:
            return Reply(preview=CLEAR, select=None if pointer.keys & Keys.SHIFT else ())
        if pointer.keys & Keys.SHIFT and handle is None:
            return Reply(select=toggled(self.scene.chosen, found.id))
        start = self._place(pointer, found, handle)
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
        if isinstance(held, Dragging) and held.now is None and _turns(held.handle):
            return self._let_go_on_ring(pointer)
        if not isinstance(held, Dragging) or held.now is None:
            return Reply(preview=CLEAR)
        return Reply(preview=CLEAR, edit=held.now, text=_text(held.handle))

    @override
    def double_click(self, pointer: Pointer) -> Reply:
        handle, selected = grip_at(self.scene, pointer.at_px), self.scene.selected
        self._state = Idle()
        if selected is None or handle is None or handle.kind is not Kind.FACE:
            return NOTHING
        if not isinstance(selected.shape, Box3D):
            return NOTHING
        put = fit_face_to_points(selected, self.scene.points_of(selected), handle.faces[0])
        if put is None:
            return Reply(preview=CLEAR, hint=_("There is no point in this box"))
        return Reply(preview=CLEAR, edit=put, text=_("Fit a face to its points"))

    @override
    def cancel(self) -> Reply:
        held, self._state = self._state, Idle()
        return NOTHING if isinstance(held, Idle) else Reply(preview=CLEAR)

    def _how_to_begin(self) -> str:
        if self._has_something():
            return _(
                "Click an object, or labelled points, to select · Shift adds"
                " · drag turns the view, right drag moves it, wheel zooms"
            )
        return keyed(
            _(
                "Choose a class ({classes}), press {tool_one_click_box} and click"
                " an object · drag turns the view, right drag moves it, wheel zooms"
            ),
            classes=class_keys(len(tuple(self.scene.taxonomy))),
        )

    def _of_instances(self) -> str:
        if len(self.scene.instances) > 1:
            return keyed(_("{points_merge} makes one instance of these · Shift+click adds another"))
        return keyed(
            _(
                "{points_box} puts a box around · {points_grow} {points_shrink} one ring"
                " · {tool_split_instance} splits · {edit_delete} erases"
                " · Shift+click adds another"
            )
        )

    def _of_chosen(self, only: Annotation | None) -> str:
        if only is None:
            return keyed(_("Shift+click adds or lets go · {edit_delete} deletes all of them"))
        if isinstance(only.shape, Box3D):
            return self._of_box(only)
        return keyed(_("Drag to move, grips change the shape · {gesture_back_out} lets go"))

    def _keys_of_classes(self) -> str:
        """Say that the keys of classes speak of what is selected."""
        classes = class_keys(len(tuple(self.scene.taxonomy)))
        return keyed(_("{classes} change the class"), classes=classes)

    def _to_others(self) -> str:
        """Say how what is selected comes into other scans."""
        document = self.scene.document
        chosen = (document.annotations.get(number) for number in self.scene.chosen)
        return to_others_in_words(a for a in chosen if a is not None)

    def _of_box(self, selected: Annotation) -> str:
        """Say what can be done with a box; an object in several scans may have one size in all.

        Where keys lead to other scans, what the grips say themselves is left out.
        """
        taxonomy = self.scene.taxonomy
        keeps_size = selected.label not in taxonomy or taxonomy[selected.label].keeps_size
        if selected.track is not None and keeps_size:
            return _("Drag moves · grips resize in all scans")
        if selected.frame is not None:
            return _("Drag moves · grips resize")
        return _("Drag moves · grips resize · ring turns · double-click a face fits it")

    def _has_something(self) -> bool:
        """Tell whether anything can be selected in this scan."""
        document, frame = self.scene.document, self.scene.frame
        if any(not a.dismissed for a in document.in_frame(frame)):
            return True
        return document.instances(frame).highest > 0

    def _let_go_on_ring(self, pointer: Pointer) -> Reply:
        """Select what is seen under the ring, which is thin and runs over other objects."""
        found = annotation_under(self.scene, pointer)
        return Reply(preview=CLEAR, select=None if found is None else (found.id,))

    def _picked(self, number: int, keys: Keys) -> Reply:
        """Select the instance that was clicked; with Shift add it, or let it go."""
        chosen = self.scene.instances
        instances = toggled(chosen, number) if keys & Keys.SHIFT else (number,)
        return Reply(preview=CLEAR, instances=instances)

    def _place(self, pointer: Pointer, on: Annotation, handle: Handle | None) -> Vec3 | None:
        """Return where on the level of the drag the pointer is."""
        if isinstance(self._state, Dragging):
            level = self._state.start_m[2]
        elif handle is not None:
            level = handle.at_m[2]
        elif pointer.at_m is not None:
            level = pointer.at_m[2]
        else:
            level = _middle_m(on)[2]
        return self.scene.on_plane(pointer, level)

    def _dragged(self, held: Dragging, pointer: Pointer) -> Put | None:
        handle = held.handle
        if handle is not None and handle.faces:
            return self._pulled(held, handle, pointer)
        at = self._place(pointer, held.annotation, handle)
        if at is None:
            return None
        match handle:
            case None:
                by = (at[0] - held.start_m[0], at[1] - held.start_m[1], 0.0)
                return move_annotation(held.annotation, by)
            case Handle(Kind.TURN):
                return turn_box(held.annotation, _turn(held, at))
            case Handle(Kind.RADIUS):
                x, y, _z = _middle_m(held.annotation)
                return widen_cylinder(held.annotation, math.hypot(at[0] - x, at[1] - y))
            case _:
                to_m, walls = (at[0], at[1], handle.at_m[2]), self.scene.walls(held.annotation.id)
                return move_vertex(held.annotation, handle.vertex, to_m, walls=walls)

    def _pulled(self, held: Dragging, handle: Handle, pointer: Pointer) -> Put:
        """Move each face of the grip along its normal, so that the grip follows the pointer."""
        shape, start = held.annotation.shape, np.asarray(handle.at_m)
        normals = np.array([face_normal(shape, face) for face in handle.faces])
        ends = self.scene.to_px(np.concatenate([start[None], start + 0.1 * normals]))
        along = (ends[1:] - ends[0]) / 0.1
        moved = np.asarray(pointer.at_px) - held.start_px
        if not np.isfinite(along).all():
            return Put(held.annotation)
        # The shortest change of three faces that moves the grip by what the pointer went; a face
        # that is seen from straight ahead stays.
        by, *_rest = np.linalg.lstsq(along.T, moved, rcond=0.15)
        by[(along**2).sum(axis=1) <= 1] = 0.0
        put = Put(held.annotation)
        for face, distance in zip(handle.faces, by.tolist(), strict=True):
            put = pull_face(put.annotation, face, distance) or put
        return put


def _turn(held: Dragging, at_m: Vec3) -> float:
    x, y, _z = _middle_m(held.annotation)
    before = math.atan2(held.start_m[1] - y, held.start_m[0] - x)
    return math.atan2(at_m[1] - y, at_m[0] - x) - before


def _middle_m(annotation: Annotation) -> Vec3:
    low, high = extent_m(annotation.shape) or ((0.0, 0.0, 0.0), (0.0, 0.0, 0.0))
    return ((low[0] + high[0]) / 2, (low[1] + high[1]) / 2, (low[2] + high[2]) / 2)


def _turns(handle: Handle | None) -> bool:
    return handle is not None and handle.kind is Kind.TURN


def _text(handle: Handle | None) -> str:
    match handle:
        case None:
            return _("Move")
        case Handle(Kind.TURN):
            return _("Turn box")
        case Handle(Kind.VERTEX):
            return _("Move vertex")
        case _:
            return _("Resize")
