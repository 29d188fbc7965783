"""Marks a whole focus with one click."""

from typing import ClassVar

import numpy as np

from annotator.commands.foci import (
    NO_EDIT,
    claim,
    extend_focus,
    focus_at,
    is_counted,
    mark_focus,
)
from annotator.i18n import gettext as _
from annotator.i18n import mark
from annotator.imaging.growing import BONE_EXTENT_MM, BONE_MM3, Grown, Leak, Voxel, grow
from annotator.model.annotations import Annotation, new_id
from annotator.model.layers import Where
from annotator.tools.image_scene import ImageScene, ImageTool
from annotator.tools.keys import keyed
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

STEP_HU = 10.0
RADII_MM = (3.0, 5.0, 8.0, 12.0, 20.0, 30.0)


class ClickFocus(ImageTool):
    """Hovering (preview) → (press) committed, hovering again.

    What is grown from one voxel of a set is grown from all, so a preview is computed once per set.
    """

    id: ClassVar[str] = "click_focus"
    title: ClassVar[str] = mark("Mark focus")
    key: ClassVar[str] = "C"
    takes_what_is_shown: ClassVar[bool] = True
    held: ClassVar[tuple[HeldKeys, ...]] = (
        HeldKeys(Keys.ALT, Mouse.WHEEL, mark("Lowest HU that counts")),
        HeldKeys(Keys.SHIFT, Mouse.WHEEL, mark("How far a click reaches")),
    )

    def __init__(self, scene: ImageScene) -> None:
        super().__init__(scene)
        self._grown: Grown | None = None
        self._asked: tuple[Voxel, float, float | None] | None = None

    def hint(self) -> str:
        """Say what a click takes and how to change it."""
        return _("Point at a bright spot · {settings}").format(settings=self._settings())

    def move(self, pointer: Pointer) -> Reply:
        """Show what a click would take."""
        seed = self.voxel_under(pointer)
        if seed is None:
            return Reply(preview=CLEAR)
        grown = self._grown_from(seed)
        if not len(grown.where):
            return Reply(preview=CLEAR, hint=self._below(seed))
        shown = Preview(voxels=grown.where, warning=grown.leak is not Leak.NONE)
        here = focus_at(self.scene.document, self.flat_index(seed))
        if here is not None and not is_counted(here) and not _is_refused(grown):
            return Reply(preview=shown, hint=_not_yet_marked(here))
        return Reply(preview=shown, hint=self._verdict(grown, self._free(grown.where)))

    def press(self, pointer: Pointer) -> Reply:
        """Mark what was shown; a click on a focus extends it, or selects it if nothing is new."""
        seed = self.voxel_under(pointer)
        if pointer.button is not Button.LEFT or seed is None:
            return NOTHING
        grown = self._grown_from(seed)
        here = focus_at(self.scene.document, self.flat_index(seed))
        if here is not None and (_is_refused(grown) or not self._free(grown.where)):
            return self._chosen(here)
        if _is_refused(grown) or not len(grown.where):
            return self.move(pointer)
        if here is not None:
            edit = extend_focus(self.scene.document, here, grown.where)
            return Reply(CLEAR, edit, _("Extend focus"), select=(here.id,))
        name = new_id()
        edit = mark_focus(self.scene.document, grown.where, self.scene.label, id=name)
        if edit == NO_EDIT:
            return Reply(preview=CLEAR)
        return Reply(CLEAR, edit, _("Mark focus"), select=(name,))

    def wheel(self, pointer: Pointer, steps: float) -> Reply | None:
        """Move the threshold with Alt, the radius with Shift."""
        marking = self.scene.marking
        if pointer.keys == Keys.ALT:
            marking.at_least_hu += STEP_HU * steps
        elif pointer.keys == Keys.SHIFT:
            marking.radius_mm = _next_radius(marking.radius_mm, up=steps > 0)
        else:
            return None
        reply = self.move(pointer)
        return Reply(preview=reply.preview, hint=reply.hint or self.hint())

    def cancel(self) -> Reply:
        """Go back to the rule's threshold and no radius."""
        self.scene.marking.at_least_hu = self.scene.threshold_hu
        self.scene.marking.radius_mm = None
        return Reply(preview=CLEAR, hint=self.hint())

    def _chosen(self, focus: Annotation) -> Reply:
        """Select a focus; one that was only suggested, or dismissed, is marked by the click."""
        edit = claim(focus)
        if edit == NO_EDIT:
            return Reply(preview=CLEAR, select=(focus.id,))
        return Reply(CLEAR, edit, _("Mark focus"), select=(focus.id,))

    def _grown_from(self, seed: Voxel) -> Grown:
        marking = self.scene.marking
        asked = (seed, marking.at_least_hu, marking.radius_mm)
        if self._grown is None or not self._still_holds(asked):
            self._grown = grow(
                self.scene.volume.hu,
                seed,
                at_least_hu=marking.at_least_hu,
                spacing_mm=self.scene.spacing_mm,
                radius_mm=marking.radius_mm,
            )
        self._asked = asked
        return self._grown

    def _still_holds(self, asked: tuple[Voxel, float, float | None]) -> bool:
        if asked == self._asked:
            return True
        if self._grown is None or self._asked is None or self._grown.leak is not Leak.NONE:
            return False
        where, index = self._grown.where, self.flat_index(asked[0])
        at = int(np.searchsorted(where, index))
        is_member = at < len(where) and int(where[at]) == index
        return is_member and asked[1] == self._asked[1] and asked[2] is None is self._asked[2]

    def _free(self, where: Where) -> int:
        return int(np.count_nonzero(self.scene.document.instances().take(where) == 0))

    def _below(self, seed: Voxel) -> str:
        return _("{hu:.0f} HU, below the threshold · {settings}").format(
            hu=float(self.scene.volume.hu[seed]), settings=self._settings()
        )

    def _verdict(self, grown: Grown, free: int) -> str:
        mm3 = len(grown.where) * self.scene.volume.series.voxel_mm3
        match grown.leak:
            case Leak.TOO_LARGE | Leak.BONE_SIZED:
                why = _("Runs into bone or a vessel (over {mm3:.0f} mm³ or {mm:.0f} mm long)")
                told = why.format(mm3=BONE_MM3, mm=BONE_EXTENT_MM)
                return f"{told} · {_('a click takes nothing')} · {self._settings()}"
            case Leak.LEFT_RADIUS:
                text = _("Click takes {n} voxels, cut at {radius:g} mm: it goes on beyond")
            case Leak.NONE if free == 0:
                text = _(
                    "Marked · click selects it"
                    " · {focus_pattern_1} to {focus_pattern_6} say its pattern"
                )
            case Leak.NONE if free < len(grown.where):
                text = _("Click takes {free} more of {n} voxels, {mm3} mm³, max {max:.0f} HU")
            case Leak.NONE:
                text = _("Click takes {n} voxels, {mm3} mm³, max {max:.0f} HU")
        told = keyed(
            text,
            n=len(grown.where),
            free=free,
            mm3=f"{mm3:.1f}" if self.scene.is_measured else "–",
            max=grown.max_hu,
            radius=self.scene.marking.radius_mm or 0.0,
        )
        return f"{told} · {self._settings()}"

    def _settings(self) -> str:
        radius = self.scene.marking.radius_mm
        reach = _("no radius") if radius is None else _("radius {mm:g} mm").format(mm=radius)
        level_hu, rule_hu = self.scene.marking.at_least_hu, self.scene.threshold_hu
        if level_hu == rule_hu:
            text = _("≥ {hu:.0f} HU (Alt+wheel), {reach} (Shift+wheel)")
        else:
            text = _(
                "≥ {hu:.0f} HU, not {rule:.0f} as the rule says (Alt+wheel), {reach} (Shift+wheel)"
                " · {gesture_back_out} goes back to the rule"
            )
        return keyed(text, hu=level_hu, rule=rule_hu, reach=reach)


def _not_yet_marked(focus: Annotation) -> str:
    if focus.dismissed:
        told = _("Dismissed as {reason} · click marks it all the same")
        return told.format(reason=_(focus.dismissed))
    return _("Only suggested · click marks it")


def _is_refused(grown: Grown) -> bool:
    return grown.leak in {Leak.TOO_LARGE, Leak.BONE_SIZED}


def _next_radius(radius_mm: float | None, *, up: bool) -> float | None:
    """Step through the radii; beyond the largest there is none."""
    steps = (*RADII_MM, None)
    at = steps.index(radius_mm) if radius_mm in steps else len(RADII_MM)
    return steps[min(max(at + (1 if up else -1), 0), len(RADII_MM))]
