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
from annotator.imaging.candidates import Candidates
from annotator.imaging.growing import Grown, Leak, Voxel, grow
from annotator.imaging.leaks import leak_of
from annotator.model.annotations import Annotation, AnnotationId, new_id
from annotator.model.edits import Edit
from annotator.model.layers import Where
from annotator.tools.image_scene import ImageScene, ImageTool
from annotator.tools.keys import keyed
from annotator.tools.leak_words import leak_in_words
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

_Asked = tuple[Voxel, float, float | None, Candidates | None]
"""The voxel, the threshold, the radius, and what was known of the scan."""


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
        self._leak = Leak.NONE
        self._asked: _Asked | None = None
        self._pointer: Pointer | None = None

    def hint(self) -> str:
        """Say what a click takes and how to change it."""
        return _("Point at a bright spot: a click marks all of it · {settings}").format(
            settings=self._settings()
        )

    def move(self, pointer: Pointer) -> Reply:
        """Show what a click would take."""
        self._pointer = pointer
        seed = self.voxel_under(pointer)
        if seed is None:
            return Reply(preview=CLEAR)
        grown = self._grown_from(seed)
        if not len(grown.where):
            return Reply(preview=CLEAR, hint=self._below(seed))
        here, free = focus_at(self.scene.document, self.flat_index(seed)), self._free(grown.where)
        is_counting = here is not None and is_counted(here)
        if is_counting and not free:
            told = _joined(_marked(), self._settings())
            return Reply(preview=Preview(voxels=grown.where), hint=told)
        if here is None or is_counting or _is_refused(grown):
            told = _joined(self._taken(grown, free), self._settings())
        else:
            told = _not_yet_marked(here)
        is_doubtful = grown.is_cut or self._leak is not Leak.NONE
        shown = Preview(voxels=grown.where, warning=is_doubtful)
        return Reply(preview=shown, hint=_joined(self._doubt(grown), told))

    def look_again(self) -> Reply:
        """Doubt what is shown by what is known now."""
        return self.move(self._pointer) if self._pointer is not None else NOTHING

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
            return self._done(edit, _("Extend focus"), here.id)
        name = new_id()
        edit = mark_focus(self.scene.document, grown.where, self.scene.label, id=name)
        if edit == NO_EDIT:
            return Reply(preview=CLEAR)
        return self._done(edit, _("Mark focus"), name)

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
        marking, usual = self.scene.marking, (self.scene.threshold_hu, None)
        if (marking.at_least_hu, marking.radius_mm) == usual:
            return NOTHING
        marking.at_least_hu, marking.radius_mm = usual
        return Reply(preview=CLEAR, hint=self.hint())

    def _done(self, edit: Edit, text: str, focus: AnnotationId) -> Reply:
        """Mark, and say what goes on from here while the pointer rests on the focus."""
        return Reply(CLEAR, edit, text, select=(focus,), hint=_joined(_marked(), self._settings()))

    def _chosen(self, focus: Annotation) -> Reply:
        """Select a focus; one that was only suggested, or dismissed, is marked by the click."""
        edit = claim(focus)
        if edit == NO_EDIT:
            return Reply(preview=CLEAR, select=(focus.id,))
        return Reply(CLEAR, edit, _("Mark focus"), select=(focus.id,))

    def _grown_from(self, seed: Voxel) -> Grown:
        """Return what a click takes, and know what it would run into without the radius."""
        marking = self.scene.marking
        asked = (seed, marking.at_least_hu, marking.radius_mm, self.scene.candidates)
        if self._grown is None or not self._still_holds(asked):
            self._grown = self._grow(seed, marking.radius_mm)
            is_cut = self._grown.is_cut and not _is_refused(self._grown)
            self._leak = self._leak_of(self._grow(seed, None) if is_cut else self._grown)
        self._asked = asked
        return self._grown

    def _grow(self, seed: Voxel, radius_mm: float | None) -> Grown:
        return grow(
            self.scene.volume.hu,
            seed,
            at_least_hu=self.scene.marking.at_least_hu,
            spacing_mm=self.scene.spacing_mm,
            radius_mm=radius_mm,
        )

    def _leak_of(self, grown: Grown) -> Leak:
        """Tell by what is known of the scan; before that, and where it tells nothing, by size."""
        known = self.scene.candidates
        if known is None or not len(grown.where):
            return grown.leak
        leak = leak_of(grown.where, self.scene.volume, known)
        is_blood = leak in {Leak.VESSEL, Leak.INTO_VESSEL}
        if grown.leak is Leak.NONE:
            return leak
        return Leak.INTO_VESSEL if is_blood else grown.leak

    def _still_holds(self, asked: _Asked) -> bool:
        if self._grown is None or self._asked is None or asked[1:] != self._asked[1:]:
            return False
        if asked[0] == self._asked[0]:
            return True
        if self._grown.leak is not Leak.NONE or asked[2] is not None:
            return False
        where, index = self._grown.where, self.flat_index(asked[0])
        at = int(np.searchsorted(where, index))
        return at < len(where) and int(where[at]) == index

    def _free(self, where: Where) -> int:
        return int(np.count_nonzero(self.scene.document.instances().take(where) == 0))

    def _below(self, seed: Voxel) -> str:
        return _("{hu:.0f} HU, below the threshold · {settings}").format(
            hu=float(self.scene.volume.hu[seed]), settings=self._settings()
        )

    def _doubt(self, grown: Grown) -> str:
        """Say what speaks against a focus, and where a radius hides it."""
        known = self.scene.candidates
        told = leak_in_words(self._leak, known.blood if known is not None else None)
        if not grown.is_cut or _is_refused(grown):
            return told
        cut = _("Cut at {radius:g} mm, goes on beyond")
        return _joined(cut.format(radius=self.scene.marking.radius_mm), told)

    def _taken(self, grown: Grown, free: int) -> str:
        """Say what a click does."""
        if _is_refused(grown):
            return _("a click takes nothing")
        if free == 0:
            return _marked()
        if free < len(grown.where):
            text = _("Click takes {free} more of {n} voxels, {mm3} mm³, max {max:.0f} HU")
        else:
            text = _("Click takes {n} voxels, {mm3} mm³, max {max:.0f} HU")
        mm3 = len(grown.where) * self.scene.volume.series.voxel_mm3
        return text.format(
            n=len(grown.where),
            free=free,
            mm3=f"{mm3:.1f}" if self.scene.is_measured else "–",
            max=grown.max_hu,
        )

    def _settings(self) -> str:
        radius = self.scene.marking.radius_mm
        reach = _("radius {mm:g} mm").format(mm=radius) if radius is not None else _("no radius")
        wheel = _("Shift+wheel down") if radius is None else _("Shift+wheel")
        level_hu, rule_hu = self.scene.marking.at_least_hu, self.scene.threshold_hu
        if level_hu == rule_hu:
            text = _("≥ {hu:.0f} HU (Alt+wheel), {reach} ({wheel})")
        else:
            text = _(
                "≥ {hu:.0f} HU, not {rule:.0f} as the rule says (Alt+wheel), {reach} ({wheel})"
                " · {gesture_back_out} goes back to the rule"
            )
        return keyed(text, hu=level_hu, rule=rule_hu, reach=reach, wheel=wheel)


def _marked() -> str:
    return keyed(
        _("Marked · click selects it · {focus_pattern_1} to {focus_pattern_6} say its pattern")
    )


def _joined(*told: str) -> str:
    return " · ".join(part for part in told if part)


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
