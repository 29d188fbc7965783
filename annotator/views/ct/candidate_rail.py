"""The candidates of a scan, side by side, to be accepted or dismissed one after the other."""

from collections.abc import Iterable

import numpy as np
from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from annotator.app.contrast import take_note, wants_note
from annotator.app.decided import UNEXPLAINED, Decision
from annotator.app.decisions import Decisions
from annotator.app.focus_table import FocusTable
from annotator.app.missing import missing, progress_in_words
from annotator.app.selection import Selection
from annotator.app.session import Session
from annotator.i18n import gettext as _
from annotator.imaging.candidates import Candidates
from annotator.imaging.components import Ints
from annotator.model.edits import Edit
from annotator.model.layers import Where
from annotator.project.history import Act
from annotator.views.ct.candidate_list import CandidateList
from annotator.views.ct.candidate_search import CandidateSearch
from annotator.views.ct.contrast_note import ContrastNote
from annotator.views.ct.rail_head import Listed, RailHead
from annotator.views.ct.rail_hint import (
    RailHint,
    left_out_in_words,
)
from annotator.views.ct.rail_selection import RailSelection
from annotator.views.ct.rail_verbs import RailVerbs
from annotator.views.key_events import HeldKey, is_override, meant
from annotator.views.theme import DARK

_LOOKING = {"rail.next", "rail.back", "rail.card_left", "rail.card_right"}
"""What a key that is held down may do again and again: it decides nothing."""
_WHILE_CLOSED = {*_LOOKING, "rail.back", "rail.reopen"}
"""What keys of the rail do while the scan is closed: all others go to the window."""
_EDGE_PX = 2


class CandidateRail(QWidget):
    """Accepts with one key, dismisses with another, for each reason and pattern. Holds no truth.

    What was set aside as bone is listed on request; there the key that accepts brings it back.
    The card that is chosen, what the planes show and what Properties tell are one and the same
    candidate: a key that comes while they are not brings them together, and decides nothing.
    """

    looked_at = Signal(int, int, int)
    """A voxel (i, j, k) that the planes should show."""
    decided = Signal()
    ready = Signal()
    """The candidates were found."""
    left = Signal()
    """The scan is to be left as it is, with candidates open."""

    def __init__(
        self, session: Session, selection: Selection, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.session, self.selection = session, selection
        self.decisions: Decisions | None = None
        self.is_closed = False
        """Whether a person closed the scan as it is."""
        self.head, self.cards, self._hint = RailHead(), CandidateList(), RailHint()
        self._contrast = ContrastNote()
        self.verbs, self.shown = RailVerbs(self), RailSelection(self)
        self._search = CandidateSearch(session, self)
        self._search.found.connect(self._begin)
        self._is_wanted = False
        self._held = HeldKey()
        self._touched: Ints = np.zeros(0, np.int64)
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._catch_up)
        self._arrange()

    def look(self) -> None:
        """Look for candidates beside the window, unless that was done."""
        volume = self.session.context.volume
        if self.decisions is None and volume is not None and not self._search.is_on:
            self.head.say(_("Looking for candidates…"))
            self._search.begin(volume)

    def look_again(self) -> None:
        """Look for candidates by another rule, if they were looked for."""
        rule = FocusTable.of(self.session).rule
        if self.decisions is not None and self.decisions.candidates.rule != rule:
            self.decisions.stop_listening()
            self.decisions = None
            self.look()

    def take_keys(self) -> None:
        """Let keys decide, about the chosen candidate or the first that is open."""
        self._is_wanted = True
        self.setFocus()
        self.shown.show_again()

    def has_keys(self) -> bool:
        """Tell whether keys decide about candidates, or will once a box over the window closes."""
        return self.window().focusWidget() is self

    def candidates(self) -> Candidates | None:
        """Return what was found in the scan; None until it was looked for."""
        return self.decisions.candidates if self.decisions is not None else None

    def current(self) -> int | None:
        """Return the number of the chosen candidate."""
        return self.cards.number()

    def offered(self) -> Where | None:
        """Return the voxels of the chosen candidate that nobody has explained, if there are any."""
        number = self.current()
        if self.decisions is None or number is None or not self.isVisible():
            return None
        if self.decisions.decision(number) not in UNEXPLAINED:
            return None
        return self.decisions.left_over(number)

    def left_out(self, number: int | None) -> int:
        """Return how many voxels of a candidate a person's focus leaves out."""
        if self.decisions is None or number is None:
            return 0
        if self.decisions.decision(number) is not Decision.PARTLY:
            return 0
        return len(self.decisions.left_over(number))

    def choose(self, number: int) -> None:
        """Choose a candidate; the planes show it."""
        self.cards.choose(number)

    def choose_next(self) -> None:
        """Choose the next candidate that nobody has decided."""
        self.head.list_only(Listed.CANDIDATES)
        if self.decisions is not None:
            number = self.decisions.next_open(self.head.order(), self.current())
            if number is not None:
                self.choose(number)

    def ask_to_finish(self) -> bool:
        """Tell whether nothing is missing; else say what, go there, and offer to leave it so."""
        assert self.decisions is not None
        left = missing(self.decisions)
        self.head.offer_to_leave(on=not left.is_nothing)
        if not left.is_nothing:
            self.stay_or_go_on()
        return left.is_nothing

    def stay_or_go_on(self) -> None:
        """Stay where the chosen candidate is open; else go on."""
        if self.offered() is None:
            self.go_on()
        else:
            self.recount()
            self.shown.show_again()

    def go_on(self) -> None:
        """Go to what is open; where the scan is being closed, then to what has no pattern."""
        assert self.decisions is not None
        self.recount()
        left = missing(self.decisions)
        if left.open:
            self.choose_next()
        elif left.unanswered and self.head.is_closing():
            self.shown.look_for(left.unanswered[0])
        else:
            self.shown.show_again()

    def recount(self) -> None:
        """Say how far the scan is, and list what is to decide now."""
        if self.decisions is None:
            return
        is_plain = self.head.listed() is Listed.CANDIDATES
        if is_plain and self.cards.total() != self.decisions.asked():
            number = self.current()
            self._list_numbers()
            if number is not None and self.cards.lists(number):
                self.cards.choose(number, quietly=True)
        self.head.show_aside(self.decisions.aside())
        candidates = self.decisions.candidates
        self.head.show_below(int(candidates.below.sum()), candidates.rule.flag_below_mm2)
        self.head.show_wall(len(self.decisions.in_wall()))
        self._contrast.setVisible(wants_note(self.decisions))
        left = missing(self.decisions)
        is_closing = self.head.is_closing() and not left.is_nothing
        self.head.offer_to_leave(on=is_closing)
        refused = _("Not closed: {missing}").format(missing=left.in_words()) if is_closing else ""
        so_far = progress_in_words(self.decisions, is_closed=self.is_closed)
        self.head.say(refused or so_far, warning=is_closing)
        self.name_keys()
        self.cards.viewport().update()
        self.decided.emit()

    def event(self, event: QEvent) -> bool:
        """Keep the deciding keys from the window's shortcuts while the rail has the keys."""
        if is_override(event) and meant(event, self._verbs_now()):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's
        """Decide with one key: once for each time it goes down, and about what is shown."""
        verb = meant(event, self._verbs_now())
        if not verb:
            event.ignore()
            return
        if self._held.is_held(event) and verb not in _LOOKING:
            return
        if self._soon.isActive():  # an undo just before may speak of another candidate
            self._soon.stop()
            self._catch_up()
        if verb not in _LOOKING and not self.shown.is_shown():
            self.shown.show_again()
            return
        self.verbs.attempt(self.verbs.does[verb])

    def keyReleaseEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's
        """Take note that a key went up."""
        self._held.note_release(event)
        event.ignore()

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's
        """Say that keys decide from now on."""
        super().focusInEvent(event)
        self.name_keys()

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's
        """Say that keys go elsewhere from now on."""
        super().focusOutEvent(event)
        self.name_keys()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's
        """Draw a line over the rail while it has the keys."""
        super().paintEvent(event)
        if self.has_keys():
            painter = QPainter(self)
            painter.fillRect(0, 0, self.width(), _EDGE_PX, QColor(DARK.accent))
            painter.end()

    def name_keys(self) -> None:
        """Say which keys decide, as they are now, or that they go elsewhere."""
        is_aside, number = self.head.listed() is Listed.ASIDE, self.current()
        site, is_guess = self._site(number)
        self._hint.say(
            has_keys=self.has_keys(),
            is_aside=is_aside,
            is_closed=self.is_closed,
            left_out=self.left_out(number),
            site=site,
            is_guess=is_guess,
        )
        self.cards.show_keys(here=self.has_keys())
        self.update()

    def _site(self, number: int | None) -> tuple[str, bool]:
        """Return where a candidate lies, and whether that is a guess; empty where none is."""
        if self.decisions is None or number is None:
            return "", False
        said = self.decisions.site(number)
        return said or self.decisions.guess(number), not said

    def hint(self) -> str:
        """Return what the keys do, as shown."""
        return self._hint.text()

    def stop_listening(self) -> None:
        """Take no more notice of the session; the rail is about to go."""
        self._search.stop()
        self.shown.stop_listening()
        if self.decisions is not None:
            self.decisions.stop_listening()

    def _verbs_now(self) -> Iterable[str]:
        """Return the actions that keys stand for: while the scan is closed, none that decides."""
        return _WHILE_CLOSED if self.is_closed else self.verbs.does

    def _begin(self, candidates: Candidates | None) -> None:
        if candidates is None:
            self.head.say(_("There is not enough memory to look for candidates"))
            return
        volume = self.session.context.volume
        if volume is None:
            return
        self.decisions = Decisions(self.session, candidates)
        self.decisions.changed.connect(self._note)
        self.cards.show_candidates(volume, self.decisions)
        self.verbs.forget_order()
        self._list_numbers()
        self.recount()
        if self._is_wanted:
            self.choose_next()
        self.ready.emit()

    def _note(self, edit: Edit) -> None:
        assert self.decisions is not None
        self._touched = self.decisions.touched(edit)
        self.head.say_last("")  # what was decided before may hold no longer
        self._soon.start()

    def _catch_up(self) -> None:
        """Count again; go to what an undo or a redo spoke of, and choose what was left in part."""
        touched, self._touched = self._touched, np.zeros(0, np.int64)
        listed = [number for number in touched.tolist() if self.cards.lists(number)]
        is_again = self.session.last_act in {Act.UNDO, Act.REDO}
        partly = next((n for n in listed if self.left_out(n)), None)
        if partly is not None and not is_again:
            self._choose_partly(partly)
        self.recount()
        if listed and is_again and self.isVisible():
            self.choose(listed[0])

    def _choose_partly(self, number: int) -> None:
        """Choose the card of a candidate of which voxels were left out, and say so; planes stay."""
        self.cards.choose(number, quietly=True)
        if self.selection.offer is not None:
            self.shown.tell(number)
        self.head.say_last(left_out_in_words(self.left_out(number)))

    def _rearrange(self) -> None:
        if self.decisions is not None:
            self._list_numbers()
            self.recount()
            if self.head.listed() is Listed.CANDIDATES:
                self.choose_next()
            else:
                self.cards.choose_first()
            self.setFocus()

    def _list_numbers(self) -> None:
        assert self.decisions is not None
        match self.head.listed():
            case Listed.CANDIDATES:
                shown = self.decisions.in_order(self.head.order())
            case Listed.ASIDE:
                shown = self.decisions.left_aside()
            case Listed.BELOW:
                shown = self.decisions.below(self.head.order())
        self.cards.show_numbers(shown.tolist())
        self.name_keys()

    def _take_note(self) -> None:
        take_note(self.session)
        self.recount()

    def _arrange(self) -> None:
        self.head.rearranged.connect(self._rearrange)
        self.head.wall_asked.connect(self.verbs.ask_about_wall)
        self.head.leave_asked.connect(self.left)
        self._contrast.noted.connect(self._take_note)
        self.cards.setFocusProxy(self)
        self.cards.chosen.connect(self.shown.show)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, _EDGE_PX, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(self.head)
        layout.addWidget(self._contrast)
        layout.addWidget(self._hint)
        layout.addWidget(self.cards)
        self.name_keys()
