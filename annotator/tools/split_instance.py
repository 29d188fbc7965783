"""Makes several instances of one: by the gaps between its parts, or by an outline around one."""

from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np
from typing_extensions import override

from annotator.commands.instances import (
    class_of,
    least_of_a_part,
    parts_of_instance,
    split_instance,
    split_off,
)
from annotator.commands.points import NO_EDIT
from annotator.i18n import gettext as _
from annotator.i18n import mark
from annotator.model.labels import Rgb
from annotator.model.layers import Where
from annotator.model.shapes import Vec2
from annotator.tools.cloud_scene import CloudScene
from annotator.tools.held import FRONT_ONLY, GAP
from annotator.tools.keys import ToolKey, keyed
from annotator.tools.outlined import Outlined
from annotator.tools.painting import instance_under
from annotator.tools.tool import CLEAR, HeldKeys, Keys, Pointer, Preview, Reply

_GAP_STEP = 1.3
_GAPS_M = (0.03, 3.0)
_FIRST_GAP_M = 0.3
_APART: Rgb = (255, 179, 71)


@dataclass(frozen=True, slots=True, eq=False)
class Parted:
    """An instance, taken apart by a gap but not yet split.

    Attributes
    ----------
    rows
        Points of all parts but the largest.
    least
        How many points each has at least.
    """

    instance: int
    rows: Where
    parts: int
    least: int


class SplitInstance(Outlined):
    """Idle → (click an instance) Parted → (Alt+wheel) Parted → (Enter) split, Idle.

    Idle or Parted → (drag an outline) the part inside is an instance of its own, Idle.
    """

    id: ClassVar[str] = "split_instance"
    title: ClassVar[str] = mark("Split instance")
    key: ClassVar[str] = "K"
    held: ClassVar[tuple[HeldKeys, ...]] = (FRONT_ONLY, GAP)

    def __init__(self, scene: CloudScene) -> None:
        super().__init__(scene)
        self._gap_m = scene.gap_m or _FIRST_GAP_M
        self._parted: Parted | None = None
        self._looked_at = 0

    @override
    def hint(self) -> str:
        parted = self._seen()
        if parted is None:
            return _("Click an instance to split it by its gaps · or drag around the part to split")
        hint = keyed(
            _(
                "{n} parts at a gap of {cm:.0f} cm · Alt+wheel changes the gap"
                " · {gesture_finish} splits · or drag around the part to split"
                " · Shift takes the front alone"
            ),
            n=parted.parts,
            cm=100 * self._gap_m,
        )
        crumbs = _("what has fewer than {least} points is of the nearest part")
        return hint if parted.least < 2 else f"{hint} · {crumbs.format(least=parted.least)}"

    @override
    def keys_wanted(self) -> frozenset[ToolKey]:
        return frozenset({ToolKey.FINISH}) if self._seen() is not None else frozenset()

    @override
    def click(self, pointer: Pointer) -> Reply:
        number = instance_under(self.scene, pointer)
        if not number:
            return Reply(preview=CLEAR, hint=_("These points are in no instance; click one"))
        return replace(self.part(number, pointer.at_px, selects=True), preview=CLEAR)

    @override
    def rest(self, pointer: Pointer) -> Reply:
        """Take the selected instance apart as soon as the pointer is here."""
        chosen = self.scene.instances
        if not self._path and len(chosen) == 1 and chosen[0] != self._looked_at:
            return self.part(chosen[0], pointer.at_px)
        return super().rest(pointer)

    @override
    def wheel(self, pointer: Pointer, steps: float) -> Reply | None:
        seen = self._seen()
        if seen is None or pointer.keys != Keys.ALT:
            return None
        low, high = _GAPS_M
        self._gap_m = min(max(self._gap_m * _GAP_STEP**steps, low), high)
        self.scene.gap_m = self._gap_m
        return self.part(seen.instance, pointer.at_px)

    @override
    def key_press(self, key: ToolKey) -> Reply | None:
        seen, scene = self._seen(), self.scene
        if seen is None or scene.survey is None or key is not ToolKey.FINISH:
            return None
        self._parted = None
        edit = split_instance(
            scene.document,
            seen.instance,
            scene.survey.index,
            class_of(scene.document, seen.instance, scene.taxonomy, scene.frame),
            gap_m=self._gap_m,
            frame=scene.frame,
        )
        if edit == NO_EDIT:
            return Reply(preview=CLEAR, hint=_("It is one part at this gap; nothing is split"))
        return Reply(CLEAR, edit, _("Split instance"))

    @override
    def result(self, keys: Keys) -> str:
        return _("makes them an instance of its own")

    @override
    def use(self, rows: Where, keys: Keys) -> Reply:
        edit = split_off(self.scene.document, self._own(rows), frame=self.scene.frame)
        self._parted = None
        if edit == NO_EDIT:
            return Reply(preview=CLEAR, hint=_("No point in the outline is in an instance"))
        return Reply(CLEAR, edit, _("Split off an instance"))

    @override
    def shown(self, rows: Where, keys: Keys) -> Preview:
        return Preview(rows=self._own(rows), color=_APART, hides_marks=True)

    @override
    def cancel(self) -> Reply:
        if self._parted is not None and not self._path:
            self._parted = None
            return Reply(preview=CLEAR)
        return super().cancel()

    def part(self, number: int, at_px: Vec2, *, selects: bool = False) -> Reply:
        """Take an instance apart at the present gap; the number of parts stands at a place."""
        self._looked_at = number
        return Reply(later=lambda: self._parting(number, at_px, selects=selects))

    def _seen(self) -> Parted | None:
        """Return what is taken apart, if it is still what is selected."""
        parted = self._parted
        return parted if parted and parted.instance in self.scene.instances else None

    def _own(self, rows: Where) -> Where:
        """Return those of the points that are in an instance; in the selected ones, if any."""
        of = self.scene.document.instances(self.scene.frame).take(rows)
        chosen = self.scene.instances
        own: Where = rows[np.isin(of, chosen) if chosen else of > 0]
        return own

    def _parting(self, number: int, at_px: Vec2, *, selects: bool) -> Reply:
        scene, gap_m = self.scene, self._gap_m
        label = class_of(scene.document, number, scene.taxonomy, scene.frame)
        if label is None:
            return Reply(preview=CLEAR, hint=_("These points are in no instance; click one"))
        rows, parts = parts_of_instance(
            scene.document, number, scene.cloud.xyz_m, label, gap_m=gap_m, frame=scene.frame
        )
        count = int(parts.max(initial=0)) + 1
        self._parted = Parted(number, rows[parts > 0], count, least_of_a_part(label))
        words = _("{n} parts · gap {cm:.0f} cm").format(n=count, cm=100 * gap_m)
        preview = Preview(
            rows=self._parted.rows, color=_APART, hides_marks=True, beside=(at_px, words)
        )
        return Reply(preview=preview, instances=(number,) if selects else None)
