"""Keeps the chosen card, the planes, and what Properties tell about one and the same candidate."""

from typing import TYPE_CHECKING

import numpy as np

from annotator.app.decided import UNDECIDED
from annotator.app.decisions import Decisions
from annotator.app.focus_table import FocusTable
from annotator.app.selection import Offer
from annotator.model.annotations import AnnotationId
from annotator.views.ct.rail_head import Listed
from annotator.views.ct.rail_hint import doubt_in_words, why_unasked

if TYPE_CHECKING:
    from annotator.views.ct.candidate_rail import CandidateRail


class RailSelection:
    """Selects what a card is about, and chooses the card of what is selected."""

    def __init__(self, rail: "CandidateRail") -> None:
        self._rail = rail
        rail.selection.changed.connect(self.follow_selection)

    def stop_listening(self) -> None:
        """Take no more notice of what is selected."""
        self._rail.selection.changed.disconnect(self.follow_selection, missing_ok=True)

    def tell(self, number: int) -> None:
        """Let Properties tell of a candidate."""
        decisions, selection = self._rail.decisions, self._rail.selection
        assert decisions is not None
        focus = decisions.focus(number)
        if focus is None or decisions.decision(number) in UNDECIDED:
            selection.put_forward(_offer(decisions, number))
        else:
            selection.set((focus.id,))

    def show(self, number: int) -> None:
        """Let the planes and Properties show a candidate."""
        if self._rail.decisions is None:
            return
        self.tell(number)
        self._rail.name_keys()
        self._rail.looked_at.emit(*self._rail.decisions.center(number))

    def show_again(self) -> None:
        """Show the chosen candidate; the next open one where none is chosen."""
        number = self._rail.current()
        if number is None:
            self._rail.choose_next()
        else:
            self.show(number)

    def is_shown(self) -> bool:
        """Tell whether Properties tell of the chosen candidate."""
        decisions, number = self._rail.decisions, self._rail.current()
        if decisions is None or number is None:
            return False
        selection = self._rail.selection
        if selection.offer is not None:
            return selection.offer.number == number
        focus = decisions.focus(number)
        return focus is not None and selection.ids == (focus.id,)

    def look_for(self, annotation_id: AnnotationId) -> None:
        """Show a focus, on its card if it has one."""
        decisions, session = self._rail.decisions, self._rail.session
        assert decisions is not None
        focus = session.document.annotations[annotation_id]
        number = decisions.number_of(focus)
        if number is not None and self._rail.cards.lists(number):
            self._rail.choose(number)
            return
        self._rail.selection.set((annotation_id,))
        where = FocusTable.of(session).where(focus)
        k, j, i = np.unravel_index(where[len(where) // 2], decisions.candidates.found.shape)
        self._rail.looked_at.emit(int(i), int(j), int(k))

    def follow_selection(self) -> None:
        """Choose the card of a focus that was selected elsewhere; the planes stay."""
        rail, ids = self._rail, self._rail.selection.ids
        if rail.decisions is None or len(ids) != 1 or rail.head.listed() is Listed.ASIDE:
            return
        focus = rail.session.document.annotations.get(ids[0])
        number = rail.decisions.number_of(focus) if focus is not None else None
        if number is not None and number != rail.current() and rail.cards.lists(number):
            rail.cards.choose(number, quietly=True)


def _offer(decisions: Decisions, number: int) -> Offer:
    """Return what Properties tell of a candidate that nobody has decided."""
    said, why = decisions.site(number), why_unasked(decisions, number)
    return Offer(
        number,
        decisions.candidates.found.where(number),
        said or decisions.guess(number),
        is_guess=not said,
        why_unasked=why,
        doubt="" if why else doubt_in_words(decisions, number),
    )
