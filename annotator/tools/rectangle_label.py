"""Labels the points inside a dragged rectangle."""

from typing import ClassVar

from typing_extensions import override

from annotator.i18n import gettext as _
from annotator.i18n import mark
from annotator.model.shapes import Vec2
from annotator.tools.lasso_label import LassoLabel


class RectangleLabel(LassoLabel):
    """Idle → (press) Dragging → (release) one painted rectangle, Idle; a click selects."""

    id: ClassVar[str] = "rectangle_label"
    title: ClassVar[str] = mark("Rectangle")
    key: ClassVar[str] = "Shift+R"

    @override
    def hint(self) -> str:
        return self.hint_of(_("Drag a rectangle over points"))

    @override
    def outline(self, path: tuple[Vec2, ...]) -> tuple[Vec2, ...]:
        return rectangle_px(path[0], path[-1]) if path else ()


def rectangle_px(one: Vec2, other: Vec2) -> tuple[Vec2, ...]:
    """Return the corners of a rectangle between two of them."""
    return (one, (other[0], one[1]), other, (one[0], other[1]))
