"""Labels the points inside a drawn outline."""

from collections.abc import Callable
from typing import ClassVar

from typing_extensions import override

from annotator.i18n import gettext as _
from annotator.i18n import mark
from annotator.model.layers import Where
from annotator.model.shapes import Vec2
from annotator.tools.held import ERASES, FRONT_ONLY
from annotator.tools.outlined import Outlined
from annotator.tools.painting import (
    in_all,
    leaves_floor,
    painted,
    paints_in_words,
    paints_otherwise,
    shown,
    standing,
)
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
        return self.hint_of(_("Drag around points"))

    @override
    def finding(self, outline: tuple[Vec2, ...], *, front_only: bool) -> Callable[[], Where]:
        return self.scene.finding_to_paint(outline, front_only=front_only)

    @override
    def result(self, keys: Keys) -> str:
        result = paints_in_words(self.scene, keys)
        if leaves_floor(self.scene, keys):
            result = _("{result}, without floor and ceiling").format(result=result)
        return in_all(self.scene, result)

    @override
    def use(self, rows: Where, keys: Keys) -> Reply:
        return painted(self.scene, standing(self.scene, rows, keys), keys)

    @override
    def shown(self, rows: Where, keys: Keys) -> Preview:
        return shown(self.scene, standing(self.scene, rows, keys), keys)

    def hint_of(self, gesture: str) -> str:
        """Join what to do, what comes of it, and what keys would change of it."""
        result, otherwise = self.result(Keys.NONE), paints_otherwise(self.scene)
        return " · ".join(
            (
                gesture,
                result,
                _("Shift+drag takes the front alone"),
                _("Ctrl+drag erases"),
                otherwise,
            )
        )
