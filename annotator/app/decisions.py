"""What has been decided about the candidates of a scan, and what is still open."""

from collections.abc import Mapping
from enum import StrEnum

import numpy as np
from psygnal import Signal

from annotator.app.focus_table import FocusTable
from annotator.app.session import Session
from annotator.commands.foci import NO_EDIT, accept, dismiss, focus_at, mark_focus, remove_foci
from annotator.i18n import gettext as _
from annotator.i18n import mark
from annotator.imaging.candidates import Aside, Candidates, Order, Residual, residual
from annotator.imaging.components import Ints
from annotator.model.annotations import Annotation, AnnotationId, AttributeValue, Origin, new_id
from annotator.model.layers import Where

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
    """

    changed = Signal()

    def __init__(self, session: Session, candidates: Candidates) -> None:
        self.session, self.candidates = session, candidates
        self._left: Residual | None = None
        self._back: Ints | None = None
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
        bones = self.candidates.bones().tolist()
        return np.array([n for n in bones if self.decision(n) is Decision.SET_ASIDE], np.int64)

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

        Its likeliest site is noted with it, until a person says otherwise.
        """
        attributes = {"site": str(self.candidates.sites[number]), **(attributes or {})}
        held = self._whole(number)
        if held is not None:
            self.session.do(
                accept(self.session.document, (held.id,), attributes), _("Accept candidate")
            )
            return held.id
        self._withdraw(number)
        name = new_id()
        edit = mark_focus(
            self.session.document,
            self.candidates.found.where(number),
            label,
            id=name,
            origin=Origin.HAND,
            attributes=attributes,
        )
        if edit == NO_EDIT:
            return None
        self.session.do(edit, _("Accept candidate"))
        return name

    def dismiss(self, number: int, label: str, reason: str) -> None:
        """Say why a candidate is no calcification."""
        held = self._whole(number)
        if held is not None:
            self.session.do(
                dismiss(self.session.document, (held.id,), reason), _("Dismiss candidate")
            )
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
            self.session.do(edit, _("Dismiss candidate"))

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
        if left == 0:
            return _("All {total} candidates are decided").format(total=total)
        return _("{done} of {total} candidates decided").format(done=total - left, total=total)

    def stop_listening(self) -> None:
        """Take no more notice of the session."""
        self.session.changed.disconnect(self._note, missing_ok=True)

    def _withdraw(self, number: int) -> None:
        """Take back what was decided about a candidate before."""
        focus = self.focus(number)
        if focus is not None and (focus.origin is Origin.SUGGESTION or not self._is_open(number)):
            edit = remove_foci(self.session.document, (focus.id,))
            self.session.do(edit, _("Decide again"))

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

    def _note(self, _edit: object) -> None:
        self._left = self._back = None
        self.changed.emit()


def _is_pending(annotation: Annotation) -> bool:
    """Tell whether a suggestion waits for a person's decision."""
    return annotation.origin is Origin.SUGGESTION and not annotation.dismissed


def _together(parts: list[Where]) -> Where:
    return np.sort(np.concatenate(parts)) if parts else np.zeros(0, np.int64)
