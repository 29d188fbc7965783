"""Labels the points inside a drawn outline."""

from collections.abc import Callable
from typing import ClassVar

from typing_extensions import override

from annotator.i18n import gettext as _
from annotator.i18n import mark
from annotator.model.layers import Where
from annotator.model.shapes import Vec2
from annotator.tools.cloud_scene import CloudScene
from annotator.tools.held import ERASES, FRONT_ONLY
from annotator.tools.outlined import Outlined
from annotator.tools.painting import painted, paints_in_all, paints_otherwise, shown
from annotator.tools.tool import HeldKeys, Keys, Preview, Reply


class LassoLabel(Outlined):
    """Idle → (press) Drawing → (release) one painted outline, Idle; a click selects an instance.

    What an outline that crosses itself goes around twice is inside it: the nonzero rule.
    """

    id: ClassVar[str] = "lasso_label"
    title: ClassVar[str] = mark("Lasso")
    key: ClassVar[str] = "Shift+Z"
    held: ClassVar[tuple[HeldKeys, ...]] = (FRONT_ONLY, ERASES)

    @override
    def hint(self) -> str:
        return outline_hint(_("Drag around points"), self.scene)

    @override
    def finding(self, outline: tuple[Vec2, ...], *, front_only: bool) -> Callable[[], Where]:
        return self.scene.finding_to_paint(outline, front_only=front_only)

    @override
    def result(self, keys: Keys) -> str:
        return paints_in_all(self.scene, keys)

    @override
    def use(self, rows: Where, keys: Keys) -> Reply:
        return painted(self.scene, rows, keys)

    @override
    def shown(self, rows: Where, keys: Keys) -> Preview:
        return shown(self.scene, rows, keys)


def outline_hint(gesture: str, scene: CloudScene) -> str:
    """Join what to do, what comes of it, and what keys would change of it."""
    result, otherwise = paints_in_all(scene), paints_otherwise(scene)
    return " · ".join((gesture, result, _("Shift front only"), _("Ctrl erases"), otherwise))
