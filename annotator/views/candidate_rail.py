"""The candidates of a scan, side by side, to be accepted or dismissed one after the other."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QPoint,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QListView,
    QMenu,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from annotator.app.ct_rule import rule_of
from annotator.app.decisions import REASONS, Decision, Decisions
from annotator.app.selection import Selection
from annotator.app.session import Session
from annotator.errors import AnnotatorError
from annotator.i18n import gettext as _
from annotator.imaging.candidates import Aside, Candidates, Order, find_candidates
from annotator.model.labels import PATTERNS
from annotator.model.layers import Where
from annotator.model.volume import Volume
from annotator.tools.keys import keyed
from annotator.views.candidate_numbers import CandidateNumbers
from annotator.views.key_events import is_override, meant
from annotator.views.thumbnails import CARD_PX, NUMBER, CandidateCards


class CandidateRail(QWidget):
    """Accepts with one key, dismisses with another, for each reason and pattern. Holds no truth.

    What was set aside as bone is listed on request; there the key that accepts brings it back.
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
        self._numbers = CandidateNumbers(self)
        self._words, self._order = QLabel(), QComboBox()
        self._bones, self._close = QToolButton(), QPushButton(_("Close anyway"))
        self._is_looking = False
        self._list = QListView()
        self._cards = CandidateCards(self._list)
        self._pool = ThreadPoolExecutor(1, "candidates")
        self._found.connect(self._begin)
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._recount)
        self._arrange()

    def look(self) -> None:
        """Look for candidates beside the window, unless that was done."""
        volume = self.session.context.volume
        if self.decisions is None and volume is not None and not self._is_looking:
            self._is_looking = True
            self._words.setText(_("Looking for candidates…"))
            self._pool.submit(self._find, volume)

    def look_again(self) -> None:
        """Look for candidates by another rule, if they were looked for."""
        if self.decisions is not None and self.decisions.candidates.rule != rule_of(self.session):
            self.decisions.stop_listening()
            self.decisions = None
            self.look()

    def current(self) -> int | None:
        """Return the number of the chosen candidate."""
        index = self._list.currentIndex()
        return int(index.data(NUMBER)) if index.isValid() else None

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
        self._list.setCurrentIndex(self._numbers.index(self._numbers.row_of(number)))

    def choose_next(self) -> None:
        """Choose the next candidate that nobody has decided."""
        self._bones.setChecked(False)
        if self.decisions is not None:
            number = self.decisions.next_open(self.order(), self.current())
            if number is not None:
                self.choose(number)

    def order(self) -> Order:
        """Return by what the candidates are sorted."""
        return Order(self._order.currentData())

    def show_bones(self, *, on: bool) -> None:
        """List what was set aside as bone instead of the candidates."""
        self._bones.setChecked(on)

    def bring_back(self) -> None:
        """Make a candidate of the chosen piece of bone."""
        number = self.current()
        if self.decisions is None or number is None:
            return
        try:
            self.decisions.bring_back(number, self._label())
        except AnnotatorError as refused:
            self._words.setText(str(refused))
            return
        self._bones.setChecked(False)
        self.choose(number)

    def ask_to_finish(self) -> bool:
        """Tell whether nothing is left; else say how much, go there, and offer to close anyway."""
        assert self.decisions is not None
        is_finished = self.decisions.residual().is_finished
        self._close.setVisible(not is_finished)
        if not is_finished:
            self.choose_next()
            self._recount()
        return is_finished

    def accept(self, pattern: str = "") -> None:
        """Mark the chosen candidate, with a pattern if one is given, and go to the next."""
        number = self.current()
        if self.decisions is None or number is None:
            return
        if self._bones.isChecked():
            self.bring_back()
            return
        said = {"pattern": pattern} if pattern else {}
        try:
            name = self.decisions.accept(number, self._label(), said)
        except AnnotatorError as refused:
            self._words.setText(str(refused))
            return
        if name is not None:
            self.selection.set((name,))
        self._go_on()

    def dismiss(self, reason: str) -> None:
        """Say why the chosen candidate is no calcification, and go to the next."""
        number = self.current()
        if self.decisions is None or number is None or self._bones.isChecked():
            return
        try:
            self.decisions.dismiss(number, self._label(), reason)
        except AnnotatorError as refused:
            self._words.setText(str(refused))
            return
        self._go_on()

    def event(self, event: QEvent) -> bool:
        """Keep the deciding keys from the window's shortcuts while the rail has the keys."""
        if is_override(event) and meant(event, self.does):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's
        """Decide with one key."""
        does = self.does.get(meant(event, self.does))
        if does is not None:
            does()
        else:
            event.ignore()

    @property
    def does(self) -> dict[str, Callable[[], None]]:
        """Actions of the table that decide, by id."""
        return {
            "rail.accept": self.accept,
            "rail.dismiss": self._ask_reason,
            **{f"rail.{r.replace(' ', '_')}": partial(self.dismiss, r) for r in REASONS},
            **{f"rail.pattern_{n}": partial(self.accept, p) for n, p in enumerate(PATTERNS, 1)},
            "rail.next": self.choose_next,
        }

    def name_keys(self) -> None:
        """Say which keys decide, as they are now."""
        if self._bones.isChecked():
            self._keys.setText(keyed(_("{rail_accept} brings back what is no bone")))
            return
        says = _(
            "{rail_accept} accepts · {rail_pattern_1} to {rail_pattern_6} pattern ·"
            " {rail_bone} bone, {rail_vessel_wall} vessel wall, {rail_contrast} contrast,"
            " {rail_artefact} artefact, {rail_other} other · {rail_next} next open"
        )
        self._keys.setText(keyed(says))

    def words(self) -> str:
        """Return how far the scan is, as shown."""
        return self._words.text()

    def count(self) -> int:
        """Return how many candidates are listed."""
        return self._numbers.total()

    def stop_listening(self) -> None:
        """Take no more notice of the session; the rail is about to go."""
        self._pool.shutdown(wait=False, cancel_futures=True)
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
            self._words.setText(_("There is not enough memory to look for candidates"))
            return
        volume = self.session.context.volume
        if volume is None:
            return
        self.decisions = Decisions(self.session, candidates)
        self.decisions.changed.connect(self._note)
        self._cards.show_candidates(volume, self.decisions)
        self._rearrange()
        self.ready.emit()

    def _note(self) -> None:
        self._soon.start()

    def _rearrange(self) -> None:
        if self.decisions is not None:
            self._list_numbers()
            self._recount()
            if self._bones.isChecked():
                self._list.setCurrentIndex(self._numbers.index(0))
            else:
                self.choose_next()

    def _list_numbers(self) -> None:
        assert self.decisions is not None
        is_bone = self._bones.isChecked()
        shown = self.decisions.bones() if is_bone else self.decisions.in_order(self.order())
        self._numbers.show_numbers(shown.tolist())
        self.name_keys()

    def _recount(self) -> None:
        if self.decisions is not None:
            if not self._bones.isChecked() and self._numbers.total() != self.decisions.asked():
                number = self.current()
                self._list_numbers()
                if number is not None:
                    self.choose(number)
            self._say_aside()
            left = len(self.decisions.residual().open)
            self._close.setVisible(self._close.isVisibleTo(self) and left > 0)
            said = _("{left} candidates are still open before this scan can be closed")
            is_closing = self._close.isVisibleTo(self)
            self._words.setText(said.format(left=left) if is_closing else self.decisions.in_words())
            self._list.viewport().update()
            self.decided.emit()

    def _say_aside(self) -> None:
        assert self.decisions is not None
        aside = self.decisions.aside()
        self._bones.setText(_("Set aside as bone: {n}").format(n=aside[Aside.BONE]))
        self._bones.setToolTip(
            _("Outside the body or in the skin: {skin} · smaller than 1 mm³: {small}").format(
                skin=aside[Aside.OUTSIDE], small=aside[Aside.SMALL]
            )
        )

    def _go_on(self) -> None:
        self._recount()
        self.choose_next()

    def _label(self) -> str:
        labels = [label.name for label in self.session.taxonomy]
        chosen = self.selection.label
        return chosen if chosen in labels else next(iter(labels), "calcification")

    def _show_current(self, index: QModelIndex) -> None:
        if self.decisions is not None and index.isValid():
            number = int(index.data(NUMBER))
            focus = self.decisions.focus(number)
            if focus is not None:
                self.selection.set((focus.id,))
            self.looked_at.emit(*self.decisions.candidates.center(number))

    def _ask_reason(self) -> None:
        """Offer the reasons under the card; their first digits choose."""
        menu = QMenu(self)
        for number, reason in enumerate(REASONS, start=1):
            action = menu.addAction(f"&{number}  {_(reason)}")
            action.triggered.connect(lambda _on=False, r=reason: self.dismiss(r))
        below = self._list.visualRect(self._list.currentIndex()).bottomLeft()
        menu.popup(self._list.viewport().mapToGlobal(below + QPoint(0, 2)))

    def _arrange(self) -> None:
        for order, title in (
            (Order.PLACE, _("Far from bone first")),
            (Order.MAX_HU, _("Brightest first")),
            (Order.SIZE, _("Largest first")),
            (Order.MARGIN, _("Nearest to the rule first")),
            (Order.SITE, _("By site")),
            (Order.SLICE, _("By slice")),
        ):
            self._order.addItem(title, order.value)
        self._order.activated.connect(self._rearrange)
        self._list.setModel(self._numbers)
        self._list.setItemDelegate(self._cards)
        self._list.setFlow(QListView.Flow.LeftToRight)
        self._list.setUniformItemSizes(True)
        self._list.setHorizontalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self._list.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setFixedHeight(CARD_PX[1] + 18)
        self._list.setFocusProxy(self)
        self._list.selectionModel().currentChanged.connect(self._show_current)
        self._bones.setCheckable(True)
        self._bones.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._bones.toggled.connect(self._rearrange)
        self._close.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._close.clicked.connect(self.close_anyway)
        self._close.hide()
        self._keys = QLabel()
        self._keys.setContentsMargins(10, 0, 10, 0)
        # A window must not grow because of a line of keys.
        self._keys.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._words.setMinimumWidth(1)
        for label in (self._words, self._keys):
            label.setProperty("role", "faint")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        head = QHBoxLayout()
        head.setContentsMargins(10, 2, 10, 2)
        head.addWidget(self._words)
        head.addWidget(self._close)
        head.addStretch(1)
        head.addWidget(self._bones)
        head.addWidget(self._order)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 2, 0, 0)
        layout.setSpacing(2)
        layout.addLayout(head)
        layout.addWidget(self._keys)
        layout.addWidget(self._list)
