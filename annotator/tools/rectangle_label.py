"""Gives the points inside a dragged rectangle the active class."""

from typing import ClassVar

from typing_extensions import override

from annotator.i18n import gettext as _
from annotator.i18n import mark
from annotator.model.shapes import Vec2
from annotator.tools.cloud_scene import CloudTool
from annotator.tools.painting import painted
from annotator.tools.tool import CLEAR, NOTHING, Button, Keys, Pointer, Preview, Reply

LEAST_PX = 3.0


class RectangleLabel(CloudTool):
    """Idle → (press) Dragging → (release) one painted rectangle, Idle."""

    id: ClassVar[str] = "rectangle_label"
    title: ClassVar[str] = mark("Rectangle")
    key: ClassVar[str] = "Shift+R"

    @override
    def hint(self) -> str:
        return _("Drag a rectangle to give its points the class · Shift front only · Ctrl erases")

    @override
    def press(self, pointer: Pointer) -> Reply:
        if pointer.button is not Button.LEFT:
            return NOTHING
        self._start = pointer.at_px
        return NOTHING

    @override
    def move(self, pointer: Pointer) -> Reply:
        if self._start is None:
            return NOTHING
        return Reply(preview=Preview(path_px=rectangle_px(self._start, pointer.at_px)))

    @override
    def release(self, pointer: Pointer) -> Reply:
        start, self._start = self._start, None
        if start is None or not is_drawn(start, pointer.at_px):
            return Reply(preview=CLEAR)
        outline = rectangle_px(start, pointer.at_px)
        rows = self.scene.rows_inside(outline, bool(pointer.keys & Keys.SHIFT))
        return painted(self.scene, rows, pointer.keys)

    @override
    def cancel(self) -> Reply:
        self._start = None
        return Reply(preview=CLEAR)


def rectangle_px(one: Vec2, other: Vec2) -> tuple[Vec2, ...]:
    """Return the corners of a rectangle between two of them."""
    return (one, (other[0], one[1]), other, (one[0], other[1]))


def is_drawn(one: Vec2, other: Vec2) -> bool:
    """Tell whether a drag went far enough both ways to be meant."""
    return min(abs(one[0] - other[0]), abs(one[1] - other[1])) >= LEAST_PX
