"""The candidates of a scan, side by side, to be accepted or dismissed one after the other."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import numpy as np
from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from annotator.app.ct_rule import rule_of
from annotator.app.decisions import REASONS, Decision, Decisions
from annotator.app.focus_table import FocusTable
from annotator.app.missing import missing
from annotator.app.selection import Offer, Selection
from annotator.app.session import Session
from annotator.errors import AnnotatorError
from annotator.i18n import gettext as _
from annotator.imaging.candidates import Candidates, Order, find_candidates
from annotator.imaging.components import Ints
from annotator.model.annotations import AnnotationId
from annotator.model.edits import Edit
from annotator.model.labels import PATTERNS
from annotator.model.layers import Where
from annotator.model.volume import Volume
from annotator.project.history import Act
from annotator.views.candidate_list import CandidateList
from annotator.views.key_events import HeldKey, is_override, meant
from annotator.views.rail_head import RailHead
from annotator.views.rail_hint import RailHint, pattern_title
from annotator.views.reason_menu import ask_reason
from annotator.views.theme import DARK

_LOOKING = {"rail.next", "rail.back"}
"""What a key that is held down may do again and again: it decides nothing."""
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
    close_anyway = Signal()
    """The scan is to be closed with candidates left."""
    _found = Signal(object)

    def __init__(
        self, session: Session, selection: Selection, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.session, self.selection = session, selection
        self.decisions: Decisions | None = None
        self._head, self._hint = RailHead(), RailHint()
        self._is_looking, self._is_wanted = False, False
        self._held = HeldKey()
        self._past: list[int] = []
        self._again: Ints = np.zeros(0, np.int64)
        self._list = CandidateList()
        self._pool = ThreadPoolExecutor(1, "candidates")
        self._found.connect(self._begin)
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._catch_up)
        selection.changed.connect(self._follow_selection)
        self._arrange()

    def look(self) -> None:
        """Look for candidates beside the window, unless that was done."""
        volume = self.session.context.volume
        if self.decisions is None and volume is not None and not self._is_looking:
            self._is_looking = True
            self._head.say(_("Looking for candidates…"))
            self._pool.submit(self._find, volume)

    def look_again(self) -> None:
        """Look for candidates by another rule, if they were looked for."""
        if self.decisions is not None and self.decisions.candidates.rule != rule_of(self.session):
            self.decisions.stop_listening()
            self.decisions = None
            self.look()

    def take_keys(self) -> None:
        """Let keys decide, about the chosen candidate or the first that is open."""
        self._is_wanted = True
        self.setFocus()
        self._show_again()

    def has_keys(self) -> bool:
        """Tell whether keys decide about candidates now."""
        return self.hasFocus()

    def current(self) -> int | None:
        """Return the number of the chosen candidate."""
        return self._list.number()

    def offered(self) -> Where | None:
        """Return the voxels of the chosen candidate, while nobody has decided it."""
        number = self.current()
        if self.decisions is None or number is None or not self.isVisible():
            return None
        if self.decisions.decision(number) is not Decision.OPEN:
            return None
        return self.decisions.candidates.found.where(number)

    def choose(self, number: int) -> None:
        """Choose a candidate; the planes show it."""
        self._list.choose(number)

    def choose_next(self) -> None:
        """Choose the next candidate that nobody has decided."""
        self._head.list_bones(on=False)
        if self.decisions is not None:
            number = self.decisions.next_open(self.order(), self.current())
            if number is not None:
                self.choose(number)

    def choose_last(self) -> None:
        """Choose the candidate that was decided last, to decide it anew; then the one before."""
        here = self.current()
        while self._past:
            number = self._past.pop()
            if number != here and self._list.lists(number):
                self.choose(number)
                return
        self._head.say_last(_("No other was decided since this scan was opened"))

    def order(self) -> Order:
        """Return by what the candidates are sorted."""
        return self._head.order()

    def show_bones(self, *, on: bool) -> None:
        """List what was set aside as bone instead of the candidates."""
        self._head.list_bones(on=on)

    def bring_back(self) -> None:
        """Make a candidate of the chosen piece of bone."""
        number = self.current()
        if self.decisions is not None and number is not None:
            self.decisions.bring_back(number, self._label())
            self._head.list_bones(on=False)
            self.choose(number)

    def ask_to_finish(self) -> bool:
        """Tell whether nothing is missing; else say what, go there, and offer to close anyway."""
        assert self.decisions is not None
        left = missing(self.decisions)
        self._head.ask_to_close(on=not left.is_nothing)
        if not left.is_nothing:
            self._stay_or_go_on()
        return left.is_nothing

    def accept(self, pattern: str = "") -> None:
        """Mark the chosen candidate, with a pattern if one is given, and go to the next."""
        number = self.current()
        if self.decisions is None or number is None:
            return
        if self._head.lists_bones():
            self.bring_back()
            return
        said = {"pattern": pattern} if pattern else {}
        if self.decisions.accept(number, self._label(), said) is not None:
            told = pattern_title(pattern) if pattern else _("no pattern yet")
            self._decide(number, _("Accepted: {what}, slice {slice}"), told)

    def dismiss(self, reason: str) -> None:
        """Say why the chosen candidate is no calcification, and go to the next."""
        number = self.current()
        if self.decisions is not None and number is not None and not self._head.lists_bones():
            self.decisions.dismiss(number, self._label(), reason)
            self._decide(number, _("Dismissed: {what}, slice {slice}"), _(reason))

    def dismiss_wall(self, reason: str) -> None:
        """Say of all that is open in the chest wall, at once, why it is no calcification."""
        if self.decisions is not None:
            count = len(self.decisions.in_wall())
            self.decisions.dismiss_wall(self._label(), reason)
            told = _("Dismissed: {what}, {n} in the chest wall")
            self._head.say_last(told.format(what=_(reason), n=count))
            self._stay_or_go_on()

    def say_site(self, site: str = "") -> None:
        """Say where the chosen candidate lies; without a site, where it was guessed to lie."""
        number = self.current()
        if self.decisions is not None and number is not None and not self._head.lists_bones():
            self.decisions.say_site(number, site or self.decisions.guess(number))
            self._recount()
            self._tell(number)

    def open_again(self) -> None:
        """Take back what was decided about the chosen candidate."""
        number = self.current()
        if self.decisions is None or number is None or self._head.lists_bones():
            return
        if self.decisions.decision(number) is Decision.OPEN:
            self._head.say_last(_("Nobody has decided this candidate"))
            return
        self.decisions.open_again(number)
        self._head.say_last(
            _("Open again: slice {slice}").format(slice=self.decisions.place(number))
        )
        self._recount()
        self.choose(number)

    def event(self, event: QEvent) -> bool:
        """Keep the deciding keys from the window's shortcuts while the rail has the keys."""
        if is_override(event) and meant(event, self.does):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's
        """Decide with one key: once for each time it goes down, and about what is shown."""
        verb = meant(event, self.does)
        if not verb:
            event.ignore()
            return
        if self._held.is_held(event) and verb not in _LOOKING:
            return
        if self._soon.isActive():  # an undo just before may speak of another candidate
            self._soon.stop()
            self._catch_up()
        if verb not in _LOOKING and not self._is_shown():
            self._show_again()
            return
        self._try(self.does[verb])

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

    @property
    def does(self) -> dict[str, Callable[[], None]]:
        """Actions of the table that decide, by id."""
        return {
            "rail.accept": self.accept,
            "rail.dismiss": self._ask_reason,
            **{f"rail.{r.replace(' ', '_')}": partial(self.dismiss, r) for r in REASONS},
            **{f"rail.pattern_{n}": partial(self.accept, p) for n, p in enumerate(PATTERNS, 1)},
            "rail.site": self.say_site,
            "rail.next": self.choose_next,
            "rail.back": self.choose_last,
            "rail.reopen": self.open_again,
        }

    def name_keys(self) -> None:
        """Say which keys decide, as they are now, or that they go elsewhere."""
        self._hint.say(has_keys=self.has_keys(), is_bone=self._head.lists_bones())
        self._list.show_keys(here=self.has_keys())
        self.update()

    def words(self) -> str:
        """Return how far the scan is, as shown."""
        return self._head.words()

    def last_words(self) -> str:
        """Return what was decided last, as shown."""
        return self._head.last_words()

    def hint(self) -> str:
        """Return what the keys do, as shown."""
        return self._hint.text()

    def count(self) -> int:
        """Return how many candidates are listed."""
        return self._list.total()

    def stop_listening(self) -> None:
        """Take no more notice of the session; the rail is about to go."""
        self._pool.shutdown(wait=False, cancel_futures=True)
        self.selection.changed.disconnect(self._follow_selection, missing_ok=True)
        if self.decisions is not None:
            self.decisions.stop_listening()

    def _find(self, volume: Volume) -> None:
        """Find beside the window; a lack of memory is said, not swallowed by the thread."""
        try:
            self._found.emit(find_candidates(volume, rule_of(self.session)))
        except MemoryError:
            self._found.emit(None)

    def _begin(self, candidates: Candidates | None) -> None:
        self._is_looking = False
        if candidates is None:
            self._head.say(_("There is not enough memory to look for candidates"))
            return
        volume = self.session.context.volume
        if volume is None:
            return
        self.decisions = Decisions(self.session, candidates)
        self.decisions.changed.connect(self._note)
        self._list.show_candidates(volume, self.decisions)
        self._past.clear()
        self._list_numbers()
        self._recount()
        if self._is_wanted:
            self.choose_next()
        self.ready.emit()

    def _note(self, edit: Edit) -> None:
        if self.decisions is not None and self.session.last_act in {Act.UNDO, Act.REDO}:
            self._again = self.decisions.touched(edit)
        self._soon.start()

    def _catch_up(self) -> None:
        """Count again, and go to what an undo or a redo spoke of."""
        self._recount()
        again, self._again = self._again, np.zeros(0, np.int64)
        listed = [number for number in again.tolist() if self._list.lists(number)]
        if listed and self.isVisible():
            self.choose(listed[0])
            self._head.say_last("")

    def _rearrange(self) -> None:
        if self.decisions is not None:
            self._list_numbers()
            self._recount()
            if self._head.lists_bones():
                self._list.choose_first()
            else:
                self.choose_next()
            self.setFocus()

    def _list_numbers(self) -> None:
        assert self.decisions is not None
        is_bone = self._head.lists_bones()
        shown = self.decisions.bones() if is_bone else self.decisions.in_order(self.order())
        self._list.show_numbers(shown.tolist())
        self.name_keys()

    def _recount(self) -> None:
        if self.decisions is None:
            return
        if not self._head.lists_bones() and self._list.total() != self.decisions.asked():
            number = self.current()
            self._list_numbers()
            if number is not None and self._list.lists(number):
                self._list.choose(number, quietly=True)
        self._head.show_counts(self.decisions.aside(), len(self.decisions.in_wall()))
        left = missing(self.decisions)
        is_closing = self._head.is_closing() and not left.is_nothing
        self._head.ask_to_close(on=is_closing)
        self._head.say(left.in_words() if is_closing else self.decisions.in_words())
        self._list.viewport().update()
        self.decided.emit()

    def _decide(self, number: int, told: str, what: str) -> None:
        """Remember what was decided, say it, and go on."""
        assert self.decisions is not None
        self._past = [*(n for n in self._past if n != number), number]
        self._head.say_last(told.format(what=what, slice=self.decisions.place(number)))
        self._go_on()

    def _stay_or_go_on(self) -> None:
        """Stay where the chosen candidate is open; else go on."""
        if self.offered() is None:
            self._go_on()
        else:
            self._recount()
            self._show_again()

    def _go_on(self) -> None:
        """Go to what is open; where the scan is being closed, then to what has no pattern."""
        assert self.decisions is not None
        self._recount()
        left = missing(self.decisions)
        if left.open:
            self.choose_next()
        elif left.unanswered and self._head.is_closing():
            self._look_for(left.unanswered[0])
        else:
            self._show_again()

    def _look_for(self, annotation_id: AnnotationId) -> None:
        """Show a focus, on its card if it has one."""
        assert self.decisions is not None
        focus = self.session.document.annotations[annotation_id]
        number = self.decisions.number_of(focus)
        if number is not None and self._list.lists(number):
            self.choose(number)
            return
        self.selection.set((annotation_id,))
        where = FocusTable.of(self.session).where(focus)
        k, j, i = np.unravel_index(where[len(where) // 2], self.decisions.candidates.found.shape)
        self.looked_at.emit(int(i), int(j), int(k))

    def _label(self) -> str:
        labels = [label.name for label in self.session.taxonomy]
        chosen = self.selection.label
        return chosen if chosen in labels else next(iter(labels), "calcification")

    def _is_shown(self) -> bool:
        """Tell whether Properties tell of the chosen candidate."""
        number = self.current()
        if self.decisions is None or number is None:
            return False
        if self.selection.offer is not None:
            return self.selection.offer.number == number
        focus = self.decisions.focus(number)
        return focus is not None and self.selection.ids == (focus.id,)

    def _show_again(self) -> None:
        number = self.current()
        if number is None:
            self.choose_next()
        else:
            self._show(number)

    def _show(self, number: int) -> None:
        """Let the planes and Properties show a candidate."""
        if self.decisions is None:
            return
        self._tell(number)
        self.looked_at.emit(*self.decisions.center(number))

    def _tell(self, number: int) -> None:
        """Let Properties tell of a candidate."""
        assert self.decisions is not None
        focus = self.decisions.focus(number)
        if focus is None or self.decisions.decision(number) is Decision.OPEN:
            where, said = self.decisions.candidates.found.where(number), self.decisions.site(number)
            site = said or self.decisions.guess(number)
            self.selection.put_forward(Offer(number, where, site, is_guess=not said))
        else:
            self.selection.set((focus.id,))

    def _follow_selection(self) -> None:
        """Choose the card of a focus that was selected elsewhere; the planes stay."""
        ids = self.selection.ids
        if self.decisions is None or len(ids) != 1 or self._head.lists_bones():
            return
        focus = self.session.document.annotations.get(ids[0])
        number = self.decisions.number_of(focus) if focus is not None else None
        if number is not None and number != self.current() and self._list.lists(number):
            self._list.choose(number, quietly=True)

    def _ask_reason(self) -> None:
        """Offer the reasons above the card."""
        ask_reason(
            self, self._list.above_chosen(), lambda why: self._try(partial(self.dismiss, why))
        )

    def _ask_about_wall(self) -> None:
        """Offer the reasons for all that is open in the chest wall."""
        assert self.decisions is not None
        title = _("Dismiss all {n} in the chest wall as")
        ask_reason(
            self,
            self._head.above_wall(),
            lambda why: self._try(partial(self.dismiss_wall, why)),
            title=title.format(n=len(self.decisions.in_wall())),
        )

    def _try(self, does: Callable[[], None]) -> None:
        try:
            does()
        except AnnotatorError as refused:
            self._head.say_last(str(refused))

    def _arrange(self) -> None:
        self._head.rearranged.connect(self._rearrange)
        self._head.wall_asked.connect(self._ask_about_wall)
        self._head.close_anyway.connect(self.close_anyway)
        self._list.setFocusProxy(self)
        self._list.chosen.connect(self._show)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, _EDGE_PX, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(self._head)
        layout.addWidget(self._hint)
        layout.addWidget(self._list)
        self.name_keys()
