"""A table whose rows are annotations, and whose selection is the shared one."""

from typing import Protocol

from PySide6.QtCore import (
    QAbstractTableModel,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    Signal,
)
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QTableView, QWidget

from annotator.app.selection import Selection
from annotator.model.annotations import AnnotationId
from annotator.tools.keys import ToolKey
from annotator.views.icons import CHIP
from annotator.views.key_events import meant
from annotator.views.theme import ROW_HEIGHT_PX, numbers_font

Index = QModelIndex | QPersistentModelIndex


class AnnotationRows(Protocol):
    """What the table asks of its model."""

    def id_at(self, row: int) -> AnnotationId:
        """Return whose row it is."""

    def rows_of(self, ids: tuple[AnnotationId, ...]) -> list[int]:
        """Return the rows of some annotations."""


class SharedTable(QTableView):
    """Selecting a row selects its annotation everywhere, and the other way round."""

    looked_for = Signal(str)
    """An annotation whose row was double-clicked."""
    walked_to = Signal(str)
    """An annotation whose row a key led to."""

    def __init__(
        self, model: QAbstractTableModel, selection: Selection, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._selection = selection
        self._is_sharing = False
        self._current: AnnotationId | None = None
        """Whose row was clicked last: a range begins there, though the rows were made anew."""
        self.setModel(model)
        self.setFont(numbers_font())
        self.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        self.setShowGrid(False)
        self.setIconSize(CHIP)
        self.setWordWrap(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(ROW_HEIGHT_PX)
        self.horizontalHeader().setHighlightSections(False)
        self.selectionModel().selectionChanged.connect(self._share)
        self.selectionModel().currentChanged.connect(self._note_current)
        self.doubleClicked.connect(self._look_for)

    def show_selection(self) -> None:
        """Mark the rows of what is selected, and go there, unless they are marked already."""
        if self.shows_selection:
            return
        self._is_sharing = True
        rows = self._rows().rows_of(self._selection.ids)
        chosen = QItemSelection()
        model, last = self.model(), self.model().columnCount() - 1
        self._begin_range(rows)
        for row in rows:
            chosen.select(model.index(row, 0), model.index(row, last))
        flag = QItemSelectionModel.SelectionFlag.ClearAndSelect
        self.selectionModel().select(chosen, flag)
        if not chosen.isEmpty():
            self.scrollTo(chosen.indexes()[0])
        self._is_sharing = False

    @property
    def shows_selection(self) -> bool:
        """Whether the rows of what is selected, and no others, are marked."""
        marked = sorted(index.row() for index in self.selectionModel().selectedRows())
        return self._rows().rows_of(self._selection.ids) == marked

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's
        """Let go of the selection, as in the view."""
        if meant(event, (ToolKey.BACK_OUT,)) and self._selection.ids:
            self._selection.set(())
            return
        before = self.currentIndex().row()
        super().keyPressEvent(event)
        if self.currentIndex().row() != before and len(self._selection.ids) == 1:
            self.walked_to.emit(self._selection.ids[0])

    def _note_current(self, now: QModelIndex, _before: QModelIndex) -> None:
        if now.isValid():
            self._current = self._rows().id_at(now.row())

    def _begin_range(self, chosen: list[int]) -> None:
        """Let a range begin at the row that was clicked last, or else at the first selected one."""
        clicked = self._rows().rows_of((self._current,)) if self._current else []
        starts = [row for row in clicked if row in chosen] or chosen
        if starts:
            flag = QItemSelectionModel.SelectionFlag.NoUpdate
            self.selectionModel().setCurrentIndex(self.model().index(starts[0], 0), flag)

    def _rows(self) -> AnnotationRows:
        model: AnnotationRows = self.model()  # type: ignore[assignment]  # every model here has rows
        return model

    def _share(self) -> None:
        if not self._is_sharing:
            rows = self.selectionModel().selectedRows()
            self._selection.set(tuple(self._rows().id_at(row.row()) for row in rows))

    def _look_for(self, index: QModelIndex) -> None:
        self.looked_for.emit(self._rows().id_at(index.row()))
