"""The foci of the open series with their numbers."""

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QResizeEvent
from PySide6.QtWidgets import QHeaderView, QLabel, QVBoxLayout, QWidget

from annotator.app.below_the_rule import below_in_words
from annotator.app.ct_rule import may_measure, why_not_measured
from annotator.app.decided import pattern_title
from annotator.app.focus_table import FocusRow, FocusTable
from annotator.app.selection import Selection
from annotator.app.unanswered import siteless_in_words, unanswered
from annotator.commands.foci import is_counted
from annotator.i18n import gettext as _
from annotator.i18n import mark, ngettext
from annotator.imaging.measuring import Measures
from annotator.model.annotations import Annotation, AnnotationId, Origin, Remark
from annotator.model.labels import Taxonomy
from annotator.tools.keys import keyed
from annotator.views.ct.focus_mask import GREY
from annotator.views.icons import chip
from annotator.views.panels.annotations import MARKS
from annotator.views.panels.panel import Panel
from annotator.views.panels.shared_table import Index, SharedTable
from annotator.views.theme import DARK

_TITLES = (
    mark("Class"),
    mark("Pattern"),
    mark("Slice"),
    mark("Voxels"),
    mark("mm³"),
    mark("Max HU"),
)
_NUMBERS_FROM, _VOXELS, _MM3 = 2, 3, 4
_ROOMY_PX = 384
_FLAG = "▴"
"""Beside what is smaller than the rule's least area."""


class FociList(Panel):
    """Lists foci and shares the selection. Holds no truth."""

    looked_for = Signal(str)

    def __init__(self, selection: Selection, parent: QWidget | None = None) -> None:
        super().__init__(selection, parent)
        self._rows = _Rows(self)
        self._count = QLabel(wordWrap=True)
        self._count.setProperty("role", "faint")
        self._table = SharedTable(self._rows, selection)
        self._table.looked_for.connect(self.looked_for)
        self._table.walked_to.connect(self.looked_for)
        self._table.clicked.connect(lambda at: self.looked_for.emit(self._rows.id_at(at.row())))
        self._selected = QTimer(self, singleShot=True, interval=0)
        self._selected.timeout.connect(self._table.show_selection)
        header = self._table.horizontalHeader()
        header.setMinimumSectionSize(36)
        for column, width in enumerate((90, 74, 36, 46, 46, 50)):
            self._table.setColumnWidth(column, max(width, header.sectionSizeHint(column)))
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(4, 4, 4, 4)
        layout.setSpacing(4)
        layout.addWidget(self._count)
        layout.addWidget(self._table, 1)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's
        """Leave out what the rule card says as well where there is little room."""
        super().resizeEvent(event)
        self._table.setColumnHidden(_VOXELS, self.width() < _ROOMY_PX)

    def refresh(self) -> None:
        """Show the session's foci and the shared selection."""
        self._rows.show_foci(FocusTable.of(self.session) if self.session else None)
        self._count.setText(self._rows.in_words())
        self._table.show_selection()

    def show_remarks(self, remarks: Mapping[AnnotationId, Remark]) -> None:
        """Show a reviewer's marks beside the foci."""
        if remarks != self._rows.remarks:
            self._rows.remarks = dict(remarks)
            self.refresh()

    def in_words(self) -> str:
        """Return how many foci there are, as shown."""
        return self._count.text()

    def table(self) -> SharedTable:
        """Return the table itself."""
        return self._table

    def _note_selection(self) -> None:
        self._selected.start()  # rows stay as they are, and so does the width of their columns


class _Rows(QAbstractTableModel):
    """The rows as Qt wants them; a focus is measured when its row is seen."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._foci: FocusTable | None = None
        self._shown: list[Annotation] = []
        self._is_measured = True
        self.remarks: dict[AnnotationId, Remark] = {}

    def show_foci(self, foci: FocusTable | None) -> None:
        """Show the foci; rows that are the same ones stay where they are."""
        after = foci.annotations() if foci is not None else []
        self._is_measured = foci is None or may_measure(foci.session)
        if foci is self._foci and [a.id for a in after] == [a.id for a in self._shown]:
            self._shown = after
            last = self.index(len(after) - 1, len(_TITLES) - 1)
            if after:
                self.dataChanged.emit(self.index(0, 0), last)
            return
        self.beginResetModel()
        self._foci, self._shown = foci, after
        self.endResetModel()

    def in_words(self) -> str:
        """Return how many foci there are, and how many nobody has decided."""
        if not self._shown:
            return keyed(
                _("No focus yet · {view_candidates} goes through the candidates of the scan")
            )
        marked = [a for a in self._shown if not a.dismissed]
        suggested = sum(a.origin is Origin.SUGGESTION for a in marked)
        counted = len(marked) - suggested
        told = [ngettext("{count} focus", "{count} foci", counted).format(count=counted)]
        blank = len(unanswered(self._foci.session)) if self._foci is not None else 0
        if blank:
            told.append(_("{count} without a pattern").format(count=blank))
        if self._foci is not None:
            told += filter(None, [siteless_in_words(self._foci.session)])
        small = sum(map(self._is_flagged, filter(is_counted, marked)))
        if small and self._foci is not None:
            told.append(f"{_FLAG} {small} {below_in_words(self._foci.rule)}")
        if suggested:
            told.append(_("{count} suggested").format(count=suggested))
        if len(marked) < len(self._shown):
            told.append(_("{count} dismissed").format(count=len(self._shown) - len(marked)))
        return " · ".join(told)

    def id_at(self, row: int) -> AnnotationId:
        """Return whose row it is."""
        return self._shown[row].id

    def rows_of(self, ids: tuple[AnnotationId, ...]) -> list[int]:
        """Return the rows of some foci."""
        wanted = set(ids)
        return [number for number, a in enumerate(self._shown) if a.id in wanted]

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: N802, B008 - Qt's
        """Return how many foci there are."""
        return 0 if parent.isValid() else len(self._shown)

    def columnCount(self, _parent: Index = QModelIndex()) -> int:  # noqa: N802, B008 - Qt's
        """Return how many things are said of each."""
        return len(_TITLES)

    def headerData(  # noqa: N802 - Qt's
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:  # noqa: ANN401 - Qt's
        """Return a column's title."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return _(_TITLES[section])
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _align(section)
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401
        """Return what a cell says, and how."""
        focus, column = self._shown[index.row()], index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(focus, column)
        if role == Qt.ItemDataRole.DecorationRole and column == 0:
            return chip(_color(focus, self._taxonomy()))
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _align(column)
        if role == Qt.ItemDataRole.ForegroundRole and focus.dismissed:
            return QColor(DARK.faint)
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._explained(focus) or self._why_dash(column)
        return None

    def _is_flagged(self, focus: Annotation) -> bool:
        """Tell whether a focus is smaller than the rule's least area."""
        row = self._foci.row(focus.id) if self._foci is not None else None
        if self._foci is None or row is None or row.measures is None:
            return False
        return row.measures.area_mm2 < self._foci.rule.enough_mm2

    def _explained(self, focus: Annotation) -> str | None:
        if focus.dismissed:
            return _("Dismissed: {reason}").format(reason=_(focus.dismissed))
        remark = self.remarks.get(focus.id)
        return remark.text if remark is not None and remark.text else None

    def _why_dash(self, column: int) -> str | None:
        if column != _MM3 or self._foci is None:
            return None
        return why_not_measured(self._foci.session) or None

    def _text(self, focus: Annotation, column: int) -> str:
        if column == 0:
            return self._title(focus)
        if column == 1:
            pattern = str(focus.attributes.get("pattern", ""))
            return pattern_title(pattern) if pattern else ""
        row = self._foci.row(focus.id) if self._foci is not None else None
        if self._foci is None or row is None:
            return ""
        is_dash = column == _MM3 and not self._is_measured
        number = "–" if is_dash else _number(row, column)
        return f"{_FLAG} {number}" if column == _MM3 and self._is_flagged(focus) else number

    def _title(self, focus: Annotation) -> str:
        if focus.dismissed:
            return _("no: {reason}").format(reason=_(focus.dismissed))
        taxonomy = self._taxonomy()
        title = taxonomy.title_of(focus.label)
        remark = self.remarks.get(focus.id)
        mark_said = MARKS.get(remark.verdict, "") if remark and remark.verdict else ""
        return (
            f"{title} ?" if focus.origin is Origin.SUGGESTION else f"{title} {mark_said}".rstrip()
        )

    def _taxonomy(self) -> Taxonomy:
        return self._foci.session.taxonomy if self._foci is not None else Taxonomy()


def _number(row: FocusRow, column: int) -> str:
    told: Measures | None = row.measures
    if told is None:
        return "–"
    return (
        f"{told.largest_slice + 1}",
        f"{told.voxels}",
        f"{told.volume_mm3:.1f}",
        f"{told.max_hu:.0f}",
    )[column - _NUMBERS_FROM]


def _align(column: int) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if column >= _NUMBERS_FROM else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter


def _color(focus: Annotation, taxonomy: Taxonomy) -> tuple[int, int, int]:
    if focus.dismissed or focus.label not in taxonomy:
        return GREY
    return taxonomy[focus.label].color
