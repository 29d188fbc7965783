"""Which candidates a list shows, given to it page by page."""

from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from annotator.views.ct.thumbnails import NUMBER

_Index = QModelIndex | QPersistentModelIndex

PAGE = 300
"""As many candidates are laid out at once: a sharp kernel has a hundred thousand."""


class CandidateNumbers(QAbstractListModel):
    """Numbers of components, in order; a view is given more as it goes on."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._shown: list[int] = []
        self._given = 0
        self._rows: dict[int, int] = {}

    def show_numbers(self, numbers: list[int]) -> None:
        """Show other candidates."""
        self.beginResetModel()
        self._shown, self._given = numbers, min(PAGE, len(numbers))
        self._rows = {number: row for row, number in enumerate(numbers)}
        self.endResetModel()

    def row_of(self, number: int) -> int:
        """Return where a candidate stands; the list is given it, and what follows."""
        row = self._rows.get(number, -1)
        self._give(row + PAGE // 2)
        return row

    def following(self, row: int) -> QModelIndex:
        """Return the place after a row, as if the rows lay in a ring; there must be one."""
        return self.place((row + 1) % len(self._shown))

    def place(self, row: int) -> QModelIndex:
        """Return the place of a row; the list is given it, and what follows."""
        self._give(row + PAGE // 2)
        return self.index(row)

    def lists(self, number: int) -> bool:
        """Tell whether a candidate is among them."""
        return number in self._rows

    def total(self) -> int:
        """Return how many there are, given or not."""
        return len(self._shown)

    def canFetchMore(self, parent: _Index) -> bool:  # noqa: N802 - Qt's
        """Tell whether there are more than were given."""
        return not parent.isValid() and self._given < len(self._shown)

    def fetchMore(self, _parent: _Index) -> None:  # noqa: N802 - Qt's
        """Give another page."""
        self._give(self._given + PAGE)

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: N802, B008 - Qt's
        """Return how many were given."""
        return 0 if parent.isValid() else self._given

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401
        """Return a component's number."""
        return self._shown[index.row()] if role == NUMBER else None

    def _give(self, count: int) -> None:
        count = min(count, len(self._shown))
        if count > self._given:
            self.beginInsertRows(QModelIndex(), self._given, count - 1)
            self._given = count
            self.endInsertRows()
