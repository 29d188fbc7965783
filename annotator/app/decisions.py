"""What has been decided about the candidates of a scan, and what is still open."""

from collections.abc import Mapping
from enum import StrEnum

import numpy as np
from psygnal import Signal

from annotator.app.focus_table import FocusTable
from annotator.app.session import Session
from annotator.commands.foci import NO_EDIT, focus_at, mark_focus, remove_foci
from annotator.i18n import gettext as _
from annotator.i18n import mark
from annotator.imaging.candidates import Candidates, Order, Residual, residual
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
    MARKED = "marked"
    DISMISSED = "dismissed"


class Decisions:
    """The candidates of one session's scan and what was decided about each.

    The document is the truth: a candidate is marked when foci hold all its voxels, and dismissed
    when those foci say why they are none.
    """

    changed = Signal()

    def __init__(self, session: Session, candidates: Candidates) -> None:
        self.session, self.candidates = session, candidates
        self._left: Residual | None = None
        session.changed.connect(self._note)

    def residual(self) -> Residual:
        """Return what nobody has explained."""
        if self._left is None:
            table = FocusTable.of(self.session)
            held = [(a, table.where(a)) for a in table.annotations()]
            everything = _together([where for _a, where in held])
            counted = _together([where for a, where in held if not a.dismissed])
            self._left = residual(self.candidates, everything, counted)
        return self._left

    def decision(self, number: int) -> Decision:
        """Return what was said about a candidate."""
        if number in self.residual().open:
            return Decision.OPEN
        focus = self.focus(number)
        return Decision.DISMISSED if focus is not None and focus.dismissed else Decision.MARKED

    def focus(self, number: int) -> Annotation | None:
        """Return the focus that a candidate became, if it did."""
        return focus_at(self.session.document, int(self.candidates.found.seeds()[number]))

    def accept(
        self,
        number: int,
        label: str,
        attributes: Mapping[str, AttributeValue] | None = None,
    ) -> AnnotationId | None:
        """Mark a candidate as a focus; one that was dismissed is taken up again."""
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
        numbers = self.candidates.in_order(order)
        is_open = np.isin(numbers, self.residual().open)
        if not is_open.any():
            return None
        at = np.flatnonzero(numbers == after) if after is not None else np.zeros(0, np.int64)
        start = int(at[0]) + 1 if len(at) else 0
        rolled = np.roll(np.arange(len(numbers)), -start)
        return int(numbers[rolled[is_open[rolled]][0]])

    def in_words(self) -> str:
        """Return how far the scan is."""
        total, left = len(self.candidates.in_order()), len(self.residual().open)
        if left == 0:
            return _("All {total} candidates are decided").format(total=total)
        return _("{done} of {total} candidates decided").format(done=total - left, total=total)

    def stop_listening(self) -> None:
        """Take no more notice of the session."""
        self.session.changed.disconnect(self._note, missing_ok=True)

    def _withdraw(self, number: int) -> None:
        """Take back what was decided about a candidate before."""
        focus = self.focus(number)
        if focus is not None and (focus.dismissed or self.decision(number) is not Decision.OPEN):
            edit = remove_foci(self.session.document, (focus.id,))
            self.session.do(edit, _("Decide again"))

    def _note(self, _edit: object) -> None:
        self._left = None
        self.changed.emit()


def _together(parts: list[Where]) -> Where:
    return np.sort(np.concatenate(parts)) if parts else np.zeros(0, np.int64)
