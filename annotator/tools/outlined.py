"""What tools have in common that draw an outline on the screen and take the points in it."""

import math
from abc import abstractmethod
from collections.abc import Callable
from typing import ClassVar

from typing_extensions import override

from annotator.i18n import gettext as _
from annotator.i18n import ngettext
from annotator.model.layers import Where
from annotator.model.shapes import Vec2
from annotator.tools.cloud_scene import CloudTool
from annotator.tools.painting import picked
from annotator.tools.tool import CLEAR, NOTHING, Button, Keys, Pointer, Preview, Reply

LEAST_PX = 3.0
_LEAST_STEP_PX = 2.0
MOST_WATCHED = 3_000_000
"""Points of a scan whose members of an outline are found again whenever the pointer rests."""


class Outlined(CloudTool):
    """Idle → (press) Drawing → (release) the points in it are taken, Idle; a click selects."""

    works_behind: ClassVar[bool] = True
    _path: tuple[Vec2, ...] = ()
    _held = Keys.NONE

    @abstractmethod
    def use(self, rows: Where, keys: Keys) -> Reply:
        """Do what the tool is for with the points in a finished outline."""

    @abstractmethod
    def shown(self, rows: Where, keys: Keys) -> Preview:
        """Preview what `use` would do."""

    @abstractmethod
    def result(self, keys: Keys) -> str:
        """Say what becomes of the points, as a part of a sentence."""

    def finding(self, outline: tuple[Vec2, ...], *, front_only: bool) -> Callable[[], Where]:
        """Return what finds the points in an outline: the scan's own."""
        return self.scene.finding(outline, front_only=front_only)

    def outline(self, path: tuple[Vec2, ...]) -> tuple[Vec2, ...]:
        """Return the outline that the pointer's way stands for; the way itself."""
        return path

    def click(self, pointer: Pointer) -> Reply:
        """Take a press that was released where it was: select the instance there."""
        return picked(self.scene, pointer)

    @override
    def press(self, pointer: Pointer) -> Reply:
        if pointer.button is not Button.LEFT:
            return NOTHING
        self._path = (pointer.at_px,)
        return NOTHING

    @override
    def move(self, pointer: Pointer) -> Reply:
        if not self._path:
            return self._hovered(pointer)
        if math.dist(self._path[-1], pointer.at_px) < _LEAST_STEP_PX:
            return NOTHING
        self._path = (*self._path, pointer.at_px)
        beside = front_only_beside(pointer)
        return Reply(
            preview=Preview(path_px=self.outline(self._path), beside=beside),
            hint=self.hint_now(pointer.keys),
        )

    @override
    def rest(self, pointer: Pointer) -> Reply:
        """Show which points letting go would take."""
        outline = self.outline(self._path)
        if not is_drawn(outline) or self.scene.drawn_count > MOST_WATCHED:
            return NOTHING
        rows = self.finding(outline, front_only=bool(pointer.keys & Keys.SHIFT))()
        preview = self.shown(rows, pointer.keys)
        count = 0 if preview.rows is None else len(preview.rows)
        words = ngettext("{n} point", "{n} points", count).format(n=f"{count:,}")
        if pointer.keys & Keys.SHIFT:
            words = _("{points}, front only").format(points=words)
        return Reply(
            preview=Preview(
                path_px=outline,
                rows=preview.rows,
                color=preview.color,
                beside=(pointer.at_px, words),
            ),
            hint=self.hint_now(pointer.keys),
        )

    @override
    def release(self, pointer: Pointer) -> Reply:
        path, self._path = self._path, ()
        if not path:
            return NOTHING
        outline = self.outline((*path, pointer.at_px))
        if is_drawn(outline):
            find = self.finding(outline, front_only=bool(pointer.keys & Keys.SHIFT))
            return Reply(later=lambda: self.use(find(), pointer.keys))
        if max(math.dist(path[0], at) for at in (*path, pointer.at_px)) < LEAST_PX:
            return self.click(pointer)
        return Reply(preview=CLEAR, hint=_("This outline holds no area; drag around the points"))

    @override
    def cancel(self) -> Reply:
        path, self._path = self._path, ()
        return Reply(preview=CLEAR) if path else NOTHING

    def hint_now(self, keys: Keys) -> str:
        """Return the hint for the modifier keys that are held."""
        if keys & Keys.SHIFT:
            return _("Front surface only, nothing behind it · {result}").format(
                result=self.result(keys)
            )
        return self.result(keys) if keys & Keys.CTRL else self.hint()

    def _hovered(self, pointer: Pointer) -> Reply:
        """Say what the modifier keys that are held would change; what was said last stays else."""
        held, before = pointer.keys & (Keys.SHIFT | Keys.CTRL), self._held
        self._held = held
        if held:
            shown = Preview(beside=front_only_beside(pointer))
            return Reply(preview=shown, hint=self.hint_now(held))
        return Reply(preview=CLEAR) if before else NOTHING


def front_only_beside(pointer: Pointer) -> tuple[Vec2, str] | None:
    """Return what is written at the pointer while only the front surface would be taken."""
    return (pointer.at_px, _("front only")) if pointer.keys & Keys.SHIFT else None


def is_drawn(outline: tuple[Vec2, ...]) -> bool:
    """Tell whether an outline is wide and high enough to be meant."""
    if len(outline) < 3:
        return False
    return all(
        max(at[axis] for at in outline) - min(at[axis] for at in outline) >= LEAST_PX
        for axis in (0, 1)
    )
