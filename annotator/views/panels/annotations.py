"""The objects of the item at hand: class, number, size, scans, and a reviewer's mark."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, Qt, Signal
from PySide6.QtWidgets import QApplication, QHeaderView, QLabel, QVBoxLayout, QWidget

from annotator.app.listed_objects import ListedObject, objects_listed, rows_with
from annotator.app.selection import Selection
from annotator.app.session import Session
from annotator.app.states_in_words import came_about
from annotator.i18n import gettext as _
from annotator.i18n import ngettext
from annotator.model.annotations import Annotation, AnnotationId, Origin, Remark, Verdict
from annotator.model.labels import Taxonomy
from annotator.model.shapes import Box3D, Cylinder3D, Focus, Point3D, Polygon3D, Polyline3D
from annotator.views.icons import chip
from annotator.views.panels.panel import Panel
from annotator.views.panels.shared_table import Index, SharedTable

_CLASS, _WHAT, _SCAN, _MARK = range(4)
Listed = tuple[Taxonomy, tuple[ListedObject, ...]]
_THIN = "\N{THIN SPACE}"
MARKS = {Verdict.RIGHT: "✓", Verdict.WRONG: "✗"}


class AnnotationsPanel(Panel):
    """Lists the objects and shares the selection. Holds no truth.

    A row is of an object: it stands for its box in the shown scan, or else in the nearest.
    """

    looked_for = Signal(str)

    def __init__(self, selection: Selection, parent: QWidget | None = None) -> None:
        super().__init__(selection, parent)
        self._model = _Table(self)
        self._count = QLabel()
        self._count.setProperty("role", "faint")
        self._table = SharedTable(self._model, selection)
        self._table.looked_for.connect(self.looked_for)
        self._listed: Listed | None = None
        """What the objects were made of; None after an edit."""
        header = self._table.horizontalHeader()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(_WHAT, QHeaderView.ResizeMode.Stretch)
        for column in (_CLASS, _SCAN):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        header.setMinimumSectionSize(28)
        self._table.setColumnWidth(_MARK, 28)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(4, 4, 4, 4)
        layout.setSpacing(4)
        layout.addWidget(self._count)
        layout.addWidget(self._table, 1)

    def show_remarks(self, remarks: Mapping[AnnotationId, Remark]) -> None:
        """Show a reviewer's marks beside the annotations."""
        self._model.remarks = dict(remarks)
        self._table.setColumnHidden(_MARK, not remarks)
        self.refresh()

    def show_session(self, session: Session | None) -> None:
        """Show another session's objects, or none."""
        self._listed = None
        super().show_session(session)

    def refresh(self) -> None:
        """Show the session's objects as they are in the shown scan, and the shared selection."""
        scans = len(self.session.document.extents) if self.session else 1
        self._model.show(
            self._objects(),
            self._taxonomy,
            self.selection.frame,
            # else Qt would let a range begin where the one before did
            may_stay=self._table.shows_selection,
        )
        self._table.setColumnHidden(_SCAN, scans < 2)
        count = self._model.rowCount()
        text = ngettext("{count} object", "{count} objects", count)
        self._count.setText(text.format(count=count))
        self._table.show_selection()

    @property
    def _taxonomy(self) -> Taxonomy:
        return self.session.taxonomy if self.session else Taxonomy()

    def _objects(self) -> tuple[ListedObject, ...]:
        """Return the objects; a step to another scan makes none of them anew."""
        taxonomy = self._taxonomy
        if self._listed is None or self._listed[0] != taxonomy:
            listed = objects_listed(self.session.document, taxonomy) if self.session else ()
            self._listed = taxonomy, listed
        return self._listed[1]

    def _note_edit(self, edit: object) -> None:
        self._listed = None
        super()._note_edit(edit)


class _Table(QAbstractTableModel):
    """The rows as Qt wants them; thousands cost nothing until they are seen."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._rows: Sequence[ListedObject] = ()
        self._taxonomy, self._frame = Taxonomy(), 0
        self.remarks: dict[AnnotationId, Remark] = {}

    def show(
        self,
        rows: Sequence[ListedObject],
        taxonomy: Taxonomy,
        frame: int,
        *,
        may_stay: bool,
    ) -> None:
        """Show objects as they are in a scan; the same ones stay in their rows."""
        if may_stay and rows is self._rows and taxonomy == self._taxonomy:
            self._frame = frame
            if not rows:
                return
            last = self.index(len(rows) - 1, self.columnCount() - 1)
            self.dataChanged.emit(self.index(0, 0), last)
            return
        self.beginResetModel()
        self._rows, self._taxonomy, self._frame = rows, taxonomy, frame
        self.endResetModel()

    def id_at(self, row: int) -> AnnotationId:
        return self._at(row).id

    def rows_of(self, ids: tuple[AnnotationId, ...]) -> list[int]:
        return rows_with(self._rows, ids)

    def _at(self, row: int) -> Annotation:
        return self._rows[row].seen_from(self._frame)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: N802, B008 - Qt's
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, _parent: Index = QModelIndex()) -> int:  # noqa: N802, B008 - Qt's
        return 4

    def headerData(  # noqa: N802 - Qt's
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:  # noqa: ANN401 - Qt's
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return (_("Class"), _("What"), _("Scan"), "")[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _aligned(section)
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401
        row, column = index.row(), index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(row, column)
        if role == Qt.ItemDataRole.DecorationRole and column == _CLASS:
            return chip(self._color(self._at(row)))
        if role == Qt.ItemDataRole.ForegroundRole and not self._rows[row].is_in(self._frame):
            return QApplication.palette().placeholderText()
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._more(row)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _aligned(column)
        return None

    def _text(self, row: int, column: int) -> str:
        annotation = self._at(row)
        if column == _CLASS:
            title = self._rows[row].name(self._taxonomy.title_of(annotation.label))
            return f"{title} ?" if annotation.origin is Origin.SUGGESTION else title
        if column == _WHAT:
            return in_words(annotation)
        if column == _SCAN:
            return self._rows[row].scans_in_words(self._frame)
        remark = self._remark(row)
        return MARKS.get(remark.verdict, "") if remark and remark.verdict else ""

    def _remark(self, row: int) -> Remark | None:
        """Return what a reviewer says of the box of the shown scan, or else of any other."""
        others = (self.remarks[box.id] for box in self._rows[row].boxes if box.id in self.remarks)
        return self.remarks.get(self._at(row).id) or next(others, None)

    def _more(self, row: int) -> str:
        remark = self._remark(row)
        if remark and remark.text:
            return remark.text
        return self._rows[row].scans_in_full() or came_about(self._at(row).origin)

    def _color(self, annotation: Annotation) -> tuple[int, int, int]:
        if annotation.label in self._taxonomy:
            return self._taxonomy[annotation.label].color
        return (128, 128, 128)


def _aligned(column: int) -> Qt.AlignmentFlag:
    """Return how a column and its title stand: numbers to the right."""
    side = Qt.AlignmentFlag.AlignLeft if column == _CLASS else Qt.AlignmentFlag.AlignRight
    return side | Qt.AlignmentFlag.AlignVCenter


def in_words(annotation: Annotation) -> str:
    """Return an annotation's size in a few characters."""
    match annotation.shape:
        case Box3D(size_m=size):
            return f"{_THIN}×{_THIN}".join(f"{metres:.2f}" for metres in size) + " m"
        case Cylinder3D(radius_m=radius, height_m=height):
            return f"⌀ {2 * radius:.2f} × {height:.2f} m"
        case Polyline3D(vertices_m=vertices):
            length = sum(_distance(a, b) for a, b in pairwise(vertices))
            return f"{length:.2f} m"
        case Polygon3D(vertices_m=vertices):
            return _("{count} vertices").format(count=len(vertices))
        case Point3D(at=at):
            return ", ".join(f"{number:.2f}" for number in at)
        case Focus(instance=instance):
            return f"#{instance}"


def _distance(a: tuple[float, float, float], b: tuple[float, float, float]) -> float:
    return float(sum((x - y) ** 2 for x, y in zip(a, b, strict=True)) ** 0.5)
