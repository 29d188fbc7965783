"""Draws a box by hand: its axis, its width, its height."""

import math
from dataclasses import dataclass
from typing import ClassVar

from typing_extensions import override

from annotator.commands.boxes import draw_box
from annotator.i18n import gettext as _
from annotator.i18n import mark
from annotator.model.annotations import Annotation
from annotator.model.shapes import Box3D, Vec3
from annotator.tools.clicks import foot_under, why_off_floor
from annotator.tools.cloud_scene import CloudTool
from annotator.tools.keys import keyed
from annotator.tools.tool import CLEAR, NOTHING, Button, Pointer, Preview, Reply

_LEAST_M = 0.05
_FIRST_HEIGHT_M = 1.5


@dataclass(frozen=True, slots=True)
class Idle:
    """Nothing is begun."""


@dataclass(frozen=True, slots=True)
class Axis:
    """The middle of the rear edge is set."""

    rear_m: Vec3


@dataclass(frozen=True, slots=True)
class Width:
    """Rear and front are set."""

    rear_m: Vec3
    front_m: Vec3


State = Idle | Axis | Width


class DrawBox(CloudTool):
    """Idle → (press) Axis → (press) Width → (press) one box, Idle. Esc goes one step back."""

    id: ClassVar[str] = "draw_box"
    title: ClassVar[str] = mark("Box by hand")
    key: ClassVar[str] = "Shift+G"
    only_clicks: ClassVar[bool] = True
    _state: State = Idle()

    @override
    def hint(self) -> str:
        match self._state:
            case Idle():
                return _("Click the middle of the rear edge on the floor")
            case Axis():
                return keyed(_("Click the middle of the front edge · {gesture_back_out} goes back"))
            case Width():
                return keyed(_("Click a side to set the width · {gesture_back_out} goes back"))

    @override
    def leaves_grips(self) -> bool:
        return isinstance(self._state, Idle)

    @override
    def press(self, pointer: Pointer) -> Reply:
        if pointer.button is not Button.LEFT:
            return NOTHING
        match self._state:
            case Idle():
                return self._begin(pointer)
            case Axis(rear):
                at = self.scene.on_plane(pointer, rear[2])
                if at is None or math.dist(rear[:2], at[:2]) < _LEAST_M:
                    return NOTHING
                self._state = Width(rear, at)
                return self.move(pointer)
            case Width():
                return self._finish(pointer)

    @override
    def move(self, pointer: Pointer) -> Reply:
        match self._state:
            case Idle():
                return NOTHING
            case Axis(rear):
                at = self.scene.on_plane(pointer, rear[2])
                return NOTHING if at is None else Reply(preview=Preview(lines_m=((rear, at),)))
            case Width():
                box, label = self._box(pointer), self.scene.active_label()
                if box is None or label is None:
                    return NOTHING
                return Reply(preview=Preview(annotations=(Annotation(label.name, box),)))

    @override
    def cancel(self) -> Reply:
        match self._state:
            case Width(rear, _front):
                self._state = Axis(rear)
            case Axis():
                self._state = Idle()
            case Idle():
                return NOTHING
        return Reply(preview=CLEAR)

    def _begin(self, pointer: Pointer) -> Reply:
        if self.scene.active_label() is None:
            return Reply(hint=_("Choose a class first"))
        at = foot_under(self.scene, pointer)
        if at is None:
            return Reply(hint=why_off_floor(self.scene))
        self._state = Axis(at)
        return NOTHING

    def _finish(self, pointer: Pointer) -> Reply:
        box, label = self._box(pointer), self.scene.active_label()
        if box is None or label is None:
            return NOTHING
        self._state = Idle()
        edit = draw_box(box, label.name)
        text = _("Draw box: {name}").format(name=_(label.title))
        return Reply(preview=CLEAR, edit=edit, text=text, select=(edit.annotation.id,))

    def _box(self, pointer: Pointer) -> Box3D | None:
        if not isinstance(self._state, Width):
            return None
        (x0, y0, floor), (x1, y1, _floor) = self._state.rear_m, self._state.front_m
        at = self.scene.on_plane(pointer, floor)
        if at is None:
            return None
        length, yaw = math.hypot(x1 - x0, y1 - y0), math.atan2(y1 - y0, x1 - x0)
        aside = abs(-math.sin(yaw) * (at[0] - x0) + math.cos(yaw) * (at[1] - y0))
        label = self.scene.active_label()
        height = label.usual_size_m[2] if label and label.usual_size_m else _FIRST_HEIGHT_M
        center = ((x0 + x1) / 2, (y0 + y1) / 2, floor + height / 2)
        return Box3D(center, (length, max(2 * aside, _LEAST_M), height), yaw)
