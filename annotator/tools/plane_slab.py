"""Labels a floor, a ceiling or a wall: the points near the plane under the pointer."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np
from typing_extensions import override

from annotator.errors import AnnotatorError
from annotator.geometry.planes import Plane, near_plane, plane_at
from annotator.i18n import gettext as _
from annotator.i18n import mark
from annotator.model.layers import Where
from annotator.tools.clicks import clicked_to_paint
from annotator.tools.cloud_scene import CloudScene, CloudTool
from annotator.tools.held import ERASES, FRONT_ONLY
from annotator.tools.outlined import front_only_beside, is_drawn
from annotator.tools.painting import painted, paints_in_all, shown
from annotator.tools.rectangle_label import rectangle_px
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

_THICKNESS_STEP = 1.25
_CLICK_REACH_M = 10.0


@dataclass(frozen=True, slots=True, eq=False)
class Dragging:
    """A plane was pressed."""

    pressed: Pointer
    plane: Plane


class PlaneSlab(CloudTool):
    """Idle → (press on a plane) Dragging → (release) its points in the rectangle, Idle."""

    id: ClassVar[str] = "plane_slab"
    title: ClassVar[str] = mark("Plane")
    key: ClassVar[str] = "H"
    held: ClassVar[tuple[HeldKeys, ...]] = (
        FRONT_ONLY,
        ERASES,
        HeldKeys(Keys.ALT, Mouse.WHEEL, mark("Thicker or thinner slab")),
    )

    def __init__(self, scene: CloudScene) -> None:
        super().__init__(scene)
        self._thick_m = 0.12
        self._held: Dragging | None = None

    @override
    def hint(self) -> str:
        return _(
            "Click takes the plane 10 m around, a dragged rectangle its part · {result}"
            " · Alt+wheel thickness {cm:.0f} cm · Shift takes the front alone · Ctrl erases"
        ).format(result=paints_in_all(self.scene), cm=100 * self._thick_m)

    @override
    def press(self, pointer: Pointer) -> Reply:
        if pointer.button is not Button.LEFT:
            return NOTHING
        try:
            survey, at_m = clicked_to_paint(self.scene, pointer)
            plane = plane_at(survey.index, self.scene.cloud.own_m(at_m))
        except AnnotatorError as reason:
            return Reply(preview=CLEAR, hint=str(reason))
        self._held = Dragging(pointer, plane)
        return NOTHING

    @override
    def move(self, pointer: Pointer) -> Reply:
        if self._held is None:
            return NOTHING
        outline = rectangle_px(self._held.pressed.at_px, pointer.at_px)
        return Reply(preview=Preview(path_px=outline, beside=front_only_beside(pointer)))

    @override
    def release(self, pointer: Pointer) -> Reply:
        held, self._held = self._held, None
        if held is None:
            return NOTHING
        find = self._finding(held, pointer)
        return Reply(later=lambda: painted(self.scene, find(), pointer.keys))

    @override
    def rest(self, pointer: Pointer) -> Reply:
        """Show what a click would take."""
        try:
            survey, at_m = clicked_to_paint(self.scene, pointer)
            plane = plane_at(survey.index, self.scene.cloud.own_m(at_m))
        except AnnotatorError:
            return Reply(preview=CLEAR)
        return Reply(preview=shown(self.scene, self._around(plane), pointer.keys))

    @override
    def wheel(self, pointer: Pointer, steps: float) -> Reply | None:
        if pointer.keys != Keys.ALT:
            return None
        self._thick_m = min(max(self._thick_m * _THICKNESS_STEP**steps, 0.01), 2.0)
        preview = self.rest(replace(pointer, keys=Keys.NONE)).preview or CLEAR
        words = _("{cm:.0f} cm thick").format(cm=100 * self._thick_m)
        return Reply(preview=replace(preview, beside=(pointer.at_px, words)), hint=self.hint())

    @override
    def cancel(self) -> Reply:
        held, self._held = self._held, None
        return NOTHING if held is None else Reply(preview=CLEAR)

    def _finding(self, held: Dragging, pointer: Pointer) -> Callable[[], Where]:
        """Return what finds the points of the plane in the picture that is seen now."""
        outline = rectangle_px(held.pressed.at_px, pointer.at_px)
        if not is_drawn(outline):
            return lambda: self._around(held.plane)
        front_only = bool(pointer.keys & Keys.SHIFT)
        find = self.scene.finding_to_paint(outline, front_only=front_only)
        return lambda: self._of_plane(find(), held.plane)

    def _around(self, plane: Plane) -> Where:
        survey = self.scene.painted_survey
        if survey is None:
            return np.zeros(0, np.int64)
        x, y, _z = plane.at_m
        return self._of_plane(survey.index.within(x, y, _CLICK_REACH_M), plane)

    def _of_plane(self, rows: Where, plane: Plane) -> Where:
        xyz_m = self.scene.painted_cloud.xyz_m[rows]
        return rows[near_plane(xyz_m, plane, self._thick_m / 2)]
