"""What has been decided about the candidates of a scan, and what is still open."""

from collections.abc import Mapping
from enum import StrEnum

import numpy as np
from psygnal import Signal

from annotator.app.ct_rule import may_measure
from annotator.app.focus_table import FocusTable
from annotator.app.session import Session
from annotator.commands.foci import (
    INSTANCES,
    NO_EDIT,
    accept,
    dismiss,
    focus_at,
    mark_focus,
    remove_foci,
    set_attribute,
    suggest_foci,
)
from annotator.errors import AnnotatorError
from annotator.i18n import gettext as _
from annotator.i18n import mark
from annotator.imaging.candidates import Aside, Candidates, Order, Residual, residual
from annotator.imaging.components import Ints
from annotator.model.annotations import Annotation, AnnotationId, AttributeValue, Origin, new_id
from annotator.model.edits import Batch, Drop, Edit, Paint, Put, parts
from annotator.model.layers import Where
from annotator.tools.keys import keyed

REASONS = (
    mark("bone"),
    mark("vessel wall"),
    mark("contrast"),
    mark("artefact"),
    mark("other"),
)


class Decision(StrEnum):
    """What was said about a candidate."""

    OPEN = "open"
    SET_ASIDE = "set-aside"
    """Explained as bone, as lying outside or as too small, without a person."""
    MARKED = "marked"
    DISMISSED = "dismissed"


class Decisions:
    """The candidates of one session's scan and what was decided about each.

    The document is the truth: a candidate is marked when foci hold all its voxels, and dismissed
    when those foci say why they are none. A suggestion that nobody has decided explains nothing;
    over a component that was set aside, it says that a person wants it decided.

    ``changed`` passes on the edit that changed the document.
    """

    changed = Signal(object)

    def __init__(self, session: Session, candidates: Candidates) -> None:
        self.session, self.candidates = session, candidates
        self._left: Residual | None = None
        self._back: Ints | None = None
        self._sites: dict[int, str] = {}
        self._places: dict[int, int] = {}
        session.changed.connect(self._note)

    def residual(self) -> Residual:
        """Return what nobody has explained."""
        if self._left is None:
            table = FocusTable.of(self.session)
            held = [(a, table.where(a)) for a in table.annotations() if not _is_pending(a)]
            everything = _together([where for _a, where in held])
            counted = _together([where for a, where in held if not a.dismissed])
            self._left = residual(self.candidates, everything, counted, self.brought_back())
        return self._left

    def brought_back(self) -> Ints:
        """Return the numbers of what was set aside and is to be decided all the same, sorted."""
        if self._back is None:
            table = FocusTable.of(self.session)
            asked = [table.where(a) for a in table.annotations() if a.origin is Origin.SUGGESTION]
            of = np.unique(self.candidates.found.of(_together(asked)))
            of = of[of >= 0]
            self._back = np.asarray(of[self.candidates.set_aside[of]])
        return self._back

    def in_order(self, order: Order) -> Ints:
        """Return the numbers of the candidates, those that were brought back included."""
        return self.candidates.in_order(order, self.brought_back())

    def asked(self) -> int:
        """Return how many candidates there are to decide, decided ones included."""
        return int(np.count_nonzero(~self.candidates.set_aside)) + len(self.brought_back())

    def bones(self) -> Ints:
        """Return the numbers of what is explained as bone by its size or extent alone."""
        bones = self.candidates.bones()
        seeds = self.candidates.found.seeds()[bones]
        is_free = self.session.document.instances().take(seeds) == 0
        return np.asarray(bones[is_free & ~np.isin(bones, self.residual().open)])

    def aside(self) -> dict[Aside, int]:
        """Return how many components are set aside, by the reason."""
        return {**self.candidates.aside(), Aside.BONE: len(self.bones())}

    def bring_back(self, number: int, label: str) -> None:
        """Put a component that was set aside to the person: it is open until decided."""
        where = self.candidates.found.where(number)
        edit = mark_focus(self.session.document, where, label, origin=Origin.SUGGESTION)
        if edit != NO_EDIT:
            self.session.do(edit, _("Bring back"))

    def decision(self, number: int) -> Decision:
        """Return what was said about a candidate."""
        if self._is_open(number):
            return Decision.OPEN
        focus = self.focus(number)
        if focus is None:
            return Decision.SET_ASIDE
        return Decision.DISMISSED if focus.dismissed else Decision.MARKED

    def focus(self, number: int) -> Annotation | None:
        """Return the focus that a candidate became, if it did."""
        return focus_at(self.session.document, int(self.candidates.found.seeds()[number]))

    def accept(
        self,
        number: int,
        label: str,
        attributes: Mapping[str, AttributeValue] | None = None,
    ) -> AnnotationId | None:
        """Mark a candidate as a focus; one that was dismissed is taken up again.

        Only what a person said of it is noted: its likeliest site stays a guess until `say_site`.
        """
        said = dict(attributes or {})
        if number in self._sites:
            said["site"] = self._sites[number]
        pattern = str(said.get("pattern", ""))
        what = _("none of these") if pattern == "absent" else _(pattern)
        text = self._named(_("Accept"), what if pattern else "", number)
        held = self._whole(number)
        if held is not None:
            edit = accept(
                self.session.document, (held.id,), said, forget=self._guessed(held, number)
            )
            self.session.do(edit, text)
            return held.id
        self._withdraw(number)
        name = new_id()
        edit = mark_focus(
            self.session.document,
            self.candidates.found.where(number),
            label,
            id=name,
            origin=Origin.HAND,
            attributes=said,
        )
        if edit == NO_EDIT:
            return None
        self.session.do(edit, text)
        return name

    def dismiss(self, number: int, label: str, reason: str) -> None:
        """Say why a candidate is no calcification."""
        text = self._named(_("Dismiss"), _(reason), number)
        held = self._whole(number)
        if held is not None:
            self.session.do(dismiss(self.session.document, (held.id,), reason), text)
            return
        self._withdraw(number)
        edit = mark_focus(
            self.session.document,
            self.candidates.found.where(number),
            label,
            origin=Origin.SUGGESTION,
            dismissed=reason,
        )
        if edit != NO_EDIT:
            self.session.do(edit, text)

    def in_wall(self) -> Ints:
        """Return the numbers of the open candidates in the chest wall."""
        left = self.residual().open
        return np.asarray(left[self.candidates.wall[left]])

    def dismiss_wall(self, label: str, reason: str) -> None:
        """Say of all open candidates in the chest wall, in one step, why they are none."""
        numbers = self.in_wall().tolist()
        whole = [found for n in numbers if (found := self._whole(n)) is not None]
        parts = [self.candidates.found.where(n) for n in numbers]
        edit = Batch(
            (
                dismiss(self.session.document, [focus.id for focus in whole], reason),
                suggest_foci(self.session.document, parts, label, dismissed=reason),
            )
        )
        told = _("Dismiss {n} in the chest wall: {reason}")
        self.session.do(edit, told.format(n=len(numbers), reason=_(reason)))

    def open_again(self, number: int) -> None:
        """Take back what was decided about a candidate, whenever that was.

        Raises
        ------
        AnnotatorError
            If it is a part of a larger focus.
        """
        focus = self.focus(number)
        if focus is None or self._is_open(number):
            return
        if self._whole(number) is None:
            raise AnnotatorError(_("it is part of a larger focus; delete that in the list"))
        edit = remove_foci(self.session.document, (focus.id,))
        self.session.do(edit, self._named(_("Open again"), "", number))

    def volume_mm3(self, number: int) -> float | None:
        """Return a candidate's volume; None where the series is not measured."""
        return self.candidates.volume_mm3(number) if may_measure(self.session) else None

    def say_site(self, number: int, site: str) -> None:
        """Say where a candidate lies; of an open one it is noted when it is accepted."""
        match self.decision(number), self.focus(number):
            case Decision.MARKED, Annotation(id=focus_id):
                edit = set_attribute(self.session.document, (focus_id,), "site", site)
                self.session.do(edit, self._named(_("Site"), _(site), number))
            case Decision.OPEN, _focus:
                self._sites[number] = site
            case _other:
                return

    def site(self, number: int) -> str:
        """Return where a person said that a candidate lies; empty where nobody has."""
        focus = self.focus(number)
        if focus is not None and self.decision(number) is Decision.MARKED:
            return str(focus.attributes.get("site", ""))
        return self._sites.get(number, "")

    def guess(self, number: int) -> str:
        """Return the likeliest site of a candidate."""
        return str(self.candidates.sites[number])

    def touched(self, edit: Edit) -> Ints:
        """Return the numbers of the candidates that an edit, already made, spoke of."""
        table = FocusTable.of(self.session)
        where = []
        for part in parts(edit):
            match part:
                case Paint(layer, painted, _values) if layer == INSTANCES:
                    where.append(painted)
                case Put(annotation):
                    where.append(table.where(annotation))
                case Drop() | Paint():
                    continue
        of = np.unique(self.candidates.found.of(_together(where)))
        asked = ~self.candidates.set_aside
        asked[self.brought_back()] = True
        of = of[of >= 0]
        return np.asarray(of[asked[of]])

    def number_of(self, annotation: Annotation) -> int | None:
        """Return which candidate a focus is; None where it is none, or more than one."""
        where = FocusTable.of(self.session).where(annotation)
        if not len(where):
            return None
        number = int(self.candidates.found.of(where[:1])[0])
        if number < 0 or self.candidates.found.voxels[number] != len(where):
            return None
        return number

    def next_open(self, order: Order, after: int | None) -> int | None:
        """Return the next candidate that is open, in an order; None when all are decided."""
        numbers = self.in_order(order)
        is_open = np.isin(numbers, self.residual().open)
        if not is_open.any():
            return None
        at = np.flatnonzero(numbers == after) if after is not None else np.zeros(0, np.int64)
        start = int(at[0]) + 1 if len(at) else 0
        rolled = np.roll(np.arange(len(numbers)), -start)
        return int(numbers[rolled[is_open[rolled]][0]])

    def in_words(self) -> str:
        """Return how far the scan is."""
        total, left = self.asked(), len(self.residual().open)
        if total == 0:
            return _("There is no candidate in this scan")
        if left == 0:
            return keyed(_("All {total} are decided · {file_close} closes the scan"), total=total)
        return _("{done} of {total} decided").format(done=total - left, total=total)

    def stop_listening(self) -> None:
        """Take no more notice of the session."""
        self.session.changed.disconnect(self._note, missing_ok=True)

    def center(self, number: int) -> tuple[int, int, int]:
        """Return the voxel (i, j, k) to look at: in the middle of what no focus holds yet."""
        where = self.candidates.found.where(number)
        left = where[self.session.document.instances().take(where) == 0]
        if not len(left) or len(left) == len(where):
            return self.candidates.center(number)
        at = np.stack(np.unravel_index(left, self.candidates.found.shape), axis=1)
        k, j, i = at[((at - at.mean(axis=0)) ** 2).sum(axis=1).argmin()].tolist()
        return (i, j, k)

    def place(self, number: int) -> int:
        """Return the slice on which a candidate is largest, as people count."""
        if number not in self._places:
            self._places[number] = self.candidates.center(number)[2] + 1
        return self._places[number]

    def _named(self, verb: str, what: str, number: int) -> str:
        """Name a step so that the history says what it was about."""
        told = f"{verb}: {what}" if what else verb
        return _("{what} (slice {slice})").format(what=told, slice=self.place(number))

    def _guessed(self, held: Annotation, number: int) -> tuple[str, ...]:
        """Return which attributes of a suggestion no person has said."""
        guess = str(self.candidates.sites[number])
        is_guess = held.origin is Origin.SUGGESTION and held.attributes.get("site") == guess
        return ("site",) if is_guess else ()

    def _withdraw(self, number: int) -> None:
        """Take back what was decided about a candidate before."""
        focus = self.focus(number)
        if focus is not None and (focus.origin is Origin.SUGGESTION or not self._is_open(number)):
            edit = remove_foci(self.session.document, (focus.id,))
            self.session.do(edit, self._named(_("Decide again"), "", number))

    def _whole(self, number: int) -> Annotation | None:
        """Return the focus that holds a candidate's voxels and no others."""
        focus = self.focus(number)
        if focus is None:
            return None
        held = FocusTable.of(self.session).where(focus)
        return focus if np.array_equal(held, self.candidates.found.where(number)) else None

    def _is_open(self, number: int) -> bool:
        left = self.residual().open
        at = int(np.searchsorted(left, number))
        return at < len(left) and int(left[at]) == number

    def _note(self, edit: Edit) -> None:
        self._left = self._back = None
        self.changed.emit(edit)


def _is_pending(annotation: Annotation) -> bool:
    """Tell whether a suggestion waits for a person's decision."""
    return annotation.origin is Origin.SUGGESTION and not annotation.dismissed


def _together(parts: list[Where]) -> Where:
    return np.sort(np.concatenate(parts)) if parts else np.zeros(0, np.int64)
