"""Stands a box of its class's usual size on the floor, where too little is seen for a fit."""

import math
from typing import ClassVar

from typing_extensions import override

from annotator.commands.boxes import draw_box, usual_box
from annotator.errors import AnnotatorError
from annotator.i18n import gettext as _
from annotator.i18n import mark
from annotator.model.annotations import Annotation
from annotator.model.shapes import Box3D, Vec3
from annotator.tools.clicks import (
    class_in_use,
    foot_under,
    on_floor,
    surveyed,
    why_off_floor,
)
from annotator.tools.cloud_scene import CloudTool
from annotator.tools.keys import class_keys, keyed
from annotator.tools.tool import (
    CLEAR,
    NOTHING,
    Button,
    HeldKeys,
    Keys,
    Mouse,
    Pointer,
    Preview,
    Reply,
)

_TURN_RAD = math.radians(5)
_NEIGHBOUR_M = 8.0


class UsualBox(CloudTool):
    """Idle (a box under the pointer) → (Alt+wheel) Idle, turned → (press) one box, Idle."""

    id: ClassVar[str] = "usual_box"
    title: ClassVar[str] = mark("Box of usual size")
    key: ClassVar[str] = "U"
    held: ClassVar[tuple[HeldKeys, ...]] = (
        HeldKeys(Keys.ALT, Mouse.WHEEL, mark("Turn the box before the click")),
    )
    only_clicks: ClassVar[bool] = True
    _turned_rad = 0.0

    @override
    def hint(self) -> str:
        label = self.scene.active_label()
        if label is None:
            return _("Choose a class first")
        if label.usual_size_m is None:
            return keyed(
                _(
                    "{name} has no usual size · {tool_one_click_box} fits a box to its points"
                    " · {classes} choose the class"
                ),
                classes=class_keys(len(tuple(self.scene.taxonomy))),
                name=_(label.title),
            )
        return keyed(
            _(
                "Click the floor to stand a {name} of {size} m there · Alt+wheel turns it"
                " · it heads as its nearest neighbour does"
            ),
            name=_(label.title),
            size=" × ".join(f"{side:g}" for side in label.usual_size_m),
        )

    @override
    def move(self, pointer: Pointer) -> Reply:
        try:
            made = self._made(pointer)
        except AnnotatorError:
            return Reply(preview=CLEAR)
        return Reply(preview=Preview(annotations=(made,)))

    @override
    def wheel(self, pointer: Pointer, steps: float) -> Reply | None:
        if pointer.keys != Keys.ALT:
            return None
        self._turned_rad += steps * _TURN_RAD
        return self.move(pointer)

    @override
    def press(self, pointer: Pointer) -> Reply:
        if pointer.button is not Button.LEFT:
            return NOTHING
        try:
            made = self._made(pointer)
        except AnnotatorError as reason:
            return Reply(preview=CLEAR, hint=str(reason))
        self._turned_rad = 0.0
        text = _("Box of usual size: {name}").format(name=self.scene.taxonomy.title_of(made.label))
        assert isinstance(made.shape, Box3D)
        edit = draw_box(made.shape, made.label)
        return Reply(preview=CLEAR, edit=edit, text=text, select=(edit.annotation.id,))

    @override
    def cancel(self) -> Reply:
        was, self._turned_rad = self._turned_rad, 0.0
        return Reply(preview=CLEAR) if was else NOTHING

    def _made(self, pointer: Pointer) -> Annotation:
        """Return the box that a click would add.

        Raises
        ------
        AnnotatorError
            With a sentence, beside the floor, and for a class without a size.
        """
        surveyed(self.scene)
        label = class_in_use(self.scene)
        at = on_floor(self.scene, pointer) or foot_under(self.scene, pointer)
        if at is None:
            raise AnnotatorError(why_off_floor(self.scene))
        yaw = self._heading_rad(at, label.name) + self._turned_rad
        return Annotation(label.name, usual_box(at, yaw, label))

    def _heading_rad(self, at_m: Vec3, label: str) -> float:
        """Return how the nearest box heads, of the class first; without one away from the eye."""
        near = [
            (a.label != label, math.dist(a.shape.center_m[:2], at_m[:2]), a.shape.yaw_rad)
            for a in self.scene.document.in_frame(self.scene.frame)
            if isinstance(a.shape, Box3D) and not a.dismissed
        ]
        away = self.scene.camera.azimuth_rad + math.pi
        found = min((n for n in near if n[1] <= _NEIGHBOUR_M), default=(True, 0.0, away))
        return found[2]
