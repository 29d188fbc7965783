"""The cards of the candidates in one row, of which one is chosen."""

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPoint, Qt, Signal
from PySide6.QtWidgets import QListView, QWidget

from annotator.app.decisions import Decisions
from annotator.model.volume import Volume
from annotator.views.ct.candidate_numbers import CandidateNumbers
from annotator.views.ct.thumbnails import CARD_PX, NUMBER, CandidateCards


class CandidateList(QListView):
    """Shows a page of cards after the other. Holds no truth but which one is chosen."""

    chosen = Signal(int)
    """The number of a candidate, also where it was chosen before."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._numbers = CandidateNumbers(self)
        self._cards = CandidateCards(self)
        self._is_quiet = False
        self.setModel(self._numbers)
        self.setItemDelegate(self._cards)
        self.setFlow(QListView.Flow.LeftToRight)
        self.setUniformItemSizes(True)
        self.setHorizontalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFixedHeight(CARD_PX[1] + 18)
        self.selectionModel().currentChanged.connect(self._tell)
        self.clicked.connect(self._tell)

    def show_candidates(self, volume: Volume, decisions: Decisions) -> None:
        """Draw the candidates of another scan."""
        self._cards.show_candidates(volume, decisions)

    def show_numbers(self, numbers: Sequence[int]) -> None:
        """List other candidates; none is chosen."""
        self._numbers.show_numbers(list(numbers))

    def show_keys(self, *, here: bool) -> None:
        """Show whether keys decide about the chosen card."""
        self._cards.has_keys = here
        self.viewport().update()

    def number(self) -> int | None:
        """Return the number of the chosen candidate."""
        index = self.currentIndex()
        return int(index.data(NUMBER)) if index.isValid() else None

    def choose(self, number: int, *, quietly: bool = False) -> None:
        """Choose a candidate that is listed; quietly, nobody is told."""
        index = self._numbers.index(self._numbers.row_of(number))
        is_chosen = index == self.currentIndex()
        self._is_quiet = quietly
        self.setCurrentIndex(index)
        self._is_quiet = False
        if is_chosen and not quietly:
            self._tell(index)

    def choose_after(self) -> None:
        """Choose the candidate after the chosen one, whatever was decided; the last, the first."""
        if self.total():
            self.setCurrentIndex(self._numbers.following(self.currentIndex().row()))

    def choose_beside(self, step: int) -> None:
        """Choose the card some places to the right; at either end it stays."""
        row = self.currentIndex().row() + step
        if 0 <= row < self.total():
            self.setCurrentIndex(self._numbers.place(row))

    def choose_first(self) -> None:
        """Choose the first candidate of the list, if there is one."""
        self.setCurrentIndex(self._numbers.index(0))

    def lists(self, number: int) -> bool:
        """Tell whether a candidate is in the list."""
        return self._numbers.lists(number)

    def total(self) -> int:
        """Return how many there are."""
        return self._numbers.total()

    def above_chosen(self) -> QPoint:
        """Return the upper left corner of the chosen card, on the screen."""
        corner = self.visualRect(self.currentIndex()).topLeft()
        return self.viewport().mapToGlobal(corner)

    def _tell(self, index: QModelIndex) -> None:
        if index.isValid() and not self._is_quiet:
            self.chosen.emit(int(index.data(NUMBER)))
