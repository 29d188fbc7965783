"""Stands a pillar at one click, and offers the next ones of its row."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from typing_extensions import override

from annotator.commands.pillars import (
    accept_pillars,
    pillar_at,
    propose_alike,
    propose_pillars,
)
from annotator.errors import AnnotatorError
from annotator.geometry.pillar import is_section_assumed
from annotator.geometry.survey import Survey
from annotator.i18n import gettext as _
from annotator.i18n import mark, ngettext
from annotator.model.annotations import Annotation, Origin
from annotator.model.edits import Put, parts
from annotator.model.shapes import Box3D, Cylinder3D, Vec3
from annotator.tools.clicks import FINISHES, clicked, label_named, room_m, title_made
from annotator.tools.fitted import FittingTool
from annotator.tools.keys import ToolKey, keyed
from annotator.tools.tool import CLEAR, NOTHING, Button, Pointer, Preview, Reply

_FARTHEST_STEP_M = 15.0
_SAME_PLACE_M = 0.5
_NEIGHBOURS = 4


@dataclass(frozen=True, slots=True)
class Idle:
    """Nothing is proposed."""


@dataclass(frozen=True, slots=True)
class Proposed:
    """The next pillars of the row are shown dotted.

    Attributes
    ----------
    said
        What is to be known of the one that was just added.
    """

    next: tuple[Annotation, ...]
    said: str = ""


State = Idle | Proposed


class FitPillar(FittingTool):
    """Idle → (press) one pillar, Proposed → (Enter) the rest of its row, Idle. Esc forgets them."""

    id: ClassVar[str] = "pillar"
    title: ClassVar[str] = mark("Pillar")
    key: ClassVar[str] = "G"
    _state: State = Idle()

    @override
    def hint(self) -> str:
        match self._state:
            case Proposed(following, said):
                text = ngettext(
                    "Same again along the grid: {gesture_finish} adds {n} more pillar"
                    " · click another pillar · {gesture_back_out} forgets it",
                    "Same again along the grid: {gesture_finish} adds {n} more pillars"
                    " · click another pillar · {gesture_back_out} forgets them",
                    len(following),
                )
                offer = keyed(text, n=len(following)) + _guessed(following)
                return f"{said} · {offer}" if said else offer
            case Idle():
                return _(
                    "Click a pillar: it will stand from floor to ceiling · its class is {name}"
                ).format(name=title_made(self.scene, "pillar"))

    @override
    def keys_wanted(self) -> frozenset[ToolKey]:
        return FINISHES if isinstance(self._state, Proposed) else frozenset()

    @override
    def move(self, pointer: Pointer) -> Reply:
        """Show how high a pillar here would be; fitting takes longer than a hover may."""
        if pointer.at_m is None:
            return Reply(preview=self._shown())
        x, y, _z = pointer.at_m
        floor = self.scene.floor_m(pointer.at_m)
        axis = ((x, y, floor), (x, y, floor + room_m(self.scene, pointer.at_m)))
        return Reply(preview=Preview(annotations=self._shown().annotations, lines_m=(axis,)))

    @override
    def press(self, pointer: Pointer) -> Reply:
        if pointer.button is not Button.LEFT:
            return NOTHING
        try:
            survey, at_m = clicked(self.scene, pointer)
            label = label_named(self.scene, "pillar")
        except AnnotatorError as reason:
            return self._refused(reason)
        return self.fitted(pointer, lambda: self._stood(survey, at_m, label))

    @override
    def key_press(self, key: ToolKey) -> Reply | None:
        match self._state:
            case Proposed(following) if key is ToolKey.FINISH:
                self._state = Idle()
                text = ngettext("Add {n} pillar", "Add {n} pillars", len(following))
                text = text.format(n=len(following))
                return Reply(CLEAR, accept_pillars(following), text, hint=_added(following))
            case _:
                return None

    @override
    def cancel(self) -> Reply:
        was, self._state = self._state, Idle()
        return NOTHING if isinstance(was, Idle) else Reply(preview=CLEAR)

    def _refused(self, reason: AnnotatorError) -> Reply:
        return Reply(preview=replace(self._shown(), warning=True), hint=str(reason))

    def _stood(self, survey: Survey, at_m: Vec3, label: str) -> Reply:
        """Stand a pillar, and look for the next ones of its row."""
        try:
            cloud, index, ground = self.scene.cloud, survey.index, survey.ground
            fit = pillar_at(cloud, index, ground, at_m, known=self._neighbours(at_m))
        except AnnotatorError as reason:
            return self._refused(reason)
        made = Put(Annotation(label, fit.shape, origin=Origin.FIT))
        known = self._standing_at(made.annotation)
        if known is not None:
            self._propose(known)
            hint = "" if isinstance(self._state, Proposed) else _("This pillar is labelled already")
            return Reply(preview=self._shown(), select=(known.id,), hint=hint)
        self._propose(made.annotation)
        said = "" if fit.is_told else _assumed(fit.shape)
        if isinstance(self._state, Proposed):
            self._state = replace(self._state, said=said)
        hint = f"{said} · {self.hint()}" if said and isinstance(self._state, Idle) else ""
        return Reply(self._shown(), made, _("Add pillar"), hint=hint, select=(made.annotation.id,))

    def _shown(self) -> Preview:
        match self._state:
            case Proposed(following):
                return Preview(annotations=following)
            case Idle():
                return CLEAR

    def _pillars(self) -> list[Annotation]:
        name = label_named(self.scene, "pillar")
        return [
            a
            for a in self.scene.document.in_frame(self.scene.frame)
            if a.label == name and isinstance(a.shape, Box3D | Cylinder3D)
        ]

    def _neighbours(self, at_m: Vec3) -> list[Box3D | Cylinder3D]:
        """Return the nearest pillars that a person took."""
        taken = (a.shape for a in self._pillars() if a.origin is not Origin.SUGGESTION)
        shapes = [shape for shape in taken if isinstance(shape, Box3D | Cylinder3D)]
        return sorted(shapes, key=lambda shape: math.dist(shape.center_m, at_m))[:_NEIGHBOURS]

    def _standing_at(self, made: Annotation) -> Annotation | None:
        return next((a for a in self._pillars() if _apart_m(a, made) < _SAME_PLACE_M), None)

    def _propose(self, new: Annotation) -> None:
        """Continue the row through the new pillar and its nearest neighbour, both ways.

        The first pillar has no row yet: those with its section are offered, where the scan has any.
        What was offered before, of another row, stays so.
        """
        before, self._state = self._shown().annotations, Idle()
        others = [a for a in self._pillars() if _apart_m(a, new) >= _SAME_PLACE_M]
        near = min(others, key=lambda a: _apart_m(a, new), default=None)
        survey = self.scene.survey
        if survey is None:
            return
        cloud, index, ground = self.scene.cloud, survey.index, survey.ground
        if near is None or _apart_m(near, new) > _FARTHEST_STEP_M:
            batches = [propose_alike(cloud, index, ground, new)]
        else:
            ways = ((near, new), (new, near))
            batches = [propose_pillars(cloud, index, ground, one, other) for one, other in ways]
        found = [
            put.annotation
            for batch in batches
            for put in parts(batch)
            if isinstance(put, Put) and self._standing_at(put.annotation) is None
        ]
        kept = [a for a in before if self._standing_at(a) is None and _is_apart(a, (new, *found))]
        if kept or found:
            self._state = Proposed((*kept, *found))


def _added(pillars: Sequence[Annotation]) -> str:
    """Say how many pillars were added, and of how many nobody knows the section."""
    text = ngettext("{n} pillar added", "{n} pillars added", len(pillars))
    return text.format(n=len(pillars)) + _guessed(pillars)


def _guessed(pillars: Sequence[Annotation]) -> str:
    shapes = [a.shape for a in pillars if isinstance(a.shape, Box3D | Cylinder3D)]
    count = sum(is_section_assumed(shape) for shape in shapes)
    text = ngettext(
        " · {n} of them has too few points: round or square is guessed",
        " · {n} of them have too few points: round or square is guessed",
        count,
    )
    return text.format(n=count) if count else ""


def _assumed(shape: Box3D | Cylinder3D) -> str:
    """Say which section a pillar was given where its points leave that open."""
    if isinstance(shape, Cylinder3D):
        return _("Too few points tell its section: assumed round · Properties change it")
    return _("Too few points tell its section: assumed square · Properties change it")


def _is_apart(pillar: Annotation, others: Iterable[Annotation]) -> bool:
    return all(_apart_m(pillar, other) >= _SAME_PLACE_M for other in others)


def _apart_m(one: Annotation, other: Annotation) -> float:
    a, b = one.shape, other.shape
    if not isinstance(a, Box3D | Cylinder3D) or not isinstance(b, Box3D | Cylinder3D):
        return math.inf
    return math.dist(a.center_m[:2], b.center_m[:2])
