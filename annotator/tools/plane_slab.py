"""Labels a floor, a ceiling or a wall: the points near the plane under the pointer."""

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import numpy.typing as npt
from typing_extensions import override

from annotator.errors import AnnotatorError
from annotator.geometry.planes import Plane, near_plane, plane_at
from annotator.i18n import gettext as _
from annotator.i18n import mark
from annotator.model.layers import Where
from annotator.tools.clicks import clicked, in_cloud
from annotator.tools.cloud_scene import CloudScene, CloudTool
from annotator.tools.painting import painted
from annotator.tools.rectangle_label import is_drawn, rectangle_px
from annotator.tools.tool import CLEAR, NOTHING, Button, Keys, Pointer, Preview, Reply

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

    def __init__(self, scene: CloudScene) -> None:
        super().__init__(scene)
        self._thick_m = 0.12
        self._held: Dragging | None = None

    @override
    def hint(self) -> str:
        return _(
            "Click labels the plane 10 m around · drag a rectangle limits it"
            " · Alt+wheel thickness {cm:.0f} cm · Ctrl erases"
        ).format(cm=100 * self._thick_m)

    @override
    def press(self, pointer: Pointer) -> Reply:
        if pointer.button is not Button.LEFT:
            return NOTHING
        try:
            survey, at_m = clicked(self.scene, pointer)
            plane = plane_at(survey.index, in_cloud(self.scene, at_m))
        except AnnotatorError as reason:
            return Reply(preview=CLEAR, hint=str(reason))
        self._held = Dragging(pointer, plane)
        return NOTHING

    @override
    def move(self, pointer: Pointer) -> Reply:
        if self._held is None:
            return NOTHING
        return Reply(preview=Preview(path_px=rectangle_px(self._held.pressed.at_px, pointer.at_px)))

    @override
    def release(self, pointer: Pointer) -> Reply:
        held, self._held = self._held, None
        if held is None:
            return NOTHING
        return painted(self.scene, self._rows(held, pointer), pointer.keys)

    @override
    def rest(self, pointer: Pointer) -> Reply:
        """Show what a click would take."""
        try:
            survey, at_m = clicked(self.scene, pointer)
            plane = plane_at(survey.index, in_cloud(self.scene, at_m))
        except AnnotatorError:
            return Reply(preview=CLEAR)
        return Reply(preview=Preview(rows=self._around(plane)))

    @override
    def wheel(self, pointer: Pointer, steps: float) -> Reply | None:
        if pointer.keys != Keys.ALT:
            return None
        self._thick_m = min(max(self._thick_m * _THICKNESS_STEP**steps, 0.01), 2.0)
        return Reply(preview=self.rest(pointer).preview, hint=self.hint())

    @override
    def cancel(self) -> Reply:
        self._held = None
        return Reply(preview=CLEAR)

    def _rows(self, held: Dragging, pointer: Pointer) -> Where:
        start, end = held.pressed.at_px, pointer.at_px
        if not is_drawn(start, end) and math.dist(start, end) < 4:
            return self._around(held.plane)
        front = bool(pointer.keys & Keys.SHIFT)
        inside = self.scene.rows_inside(rectangle_px(start, end), front)
        return inside[self._is_near(inside, held.plane)]

    def _around(self, plane: Plane) -> Where:
        survey = self.scene.survey
        if survey is None:
            return np.zeros(0, np.int64)
        x, y, _z = plane.at_m
        rows = survey.index.within(x, y, _CLICK_REACH_M)
        return rows[self._is_near(rows, plane)]

    def _is_near(self, rows: Where, plane: Plane) -> npt.NDArray[np.bool_]:
        return near_plane(self.scene.cloud.xyz_m[rows], plane, self._thick_m / 2)
