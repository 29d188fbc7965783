"""The annotations of the item at hand: class, number, size, and a reviewer's mark."""

from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication, QHeaderView, QLabel, QVBoxLayout, QWidget

from annotator.app.selection import Selection
from annotator.app.states_in_words import came_about, sign_of
from annotator.commands.tracks import box_in
from annotator.i18n import gettext as _
from annotator.i18n import ngettext
from annotator.model.annotations import Annotation, AnnotationId, Origin, Remark, Verdict
from annotator.model.labels import Taxonomy
from annotator.model.shapes import Box3D, Cylinder3D, Focus, Point3D, Polygon3D, Polyline3D
from annotator.views.icons import chip
from annotator.views.panels.panel import Panel
from annotator.views.panels.shared_table import Index, SharedTable

_CLASS, _WHAT, _SCAN, _MARK = range(4)
_THIN = "\N{THIN SPACE}"
MARKS = {Verdict.RIGHT: "✓", Verdict.WRONG: "✗"}


class AnnotationsPanel(Panel):
    """Lists the annotations and shares the selection. Holds no truth."""

    looked_for = Signal(str)

    def __init__(self, selection: Selection, parent: QWidget | None = None) -> None:
        super().__init__(selection, parent)
        self._model = _Table(self)
        self._count = QLabel()
        self._count.setProperty("role", "faint")
        self._table = SharedTable(self._model, selection)
        self._table.looked_for.connect(self.looked_for)
        self._meant: AnnotationId | None = None
        """Whose row was clicked last, until it is known not to be a double click."""
        self._is_click = QTimer(self, singleShot=True, interval=QApplication.doubleClickInterval())
        self._is_click.timeout.connect(self._select_here)
        self._table.clicked.connect(self._wait)
        self._table.doubleClicked.connect(self._is_click.stop)
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

    def refresh(self) -> None:
        """Show the session's annotations and the shared selection."""
        annotations = list(self.session.document.annotations.values()) if self.session else []
        taxonomy = self.session.taxonomy if self.session else Taxonomy()
        scans = len(self.session.document.extents) if self.session else 1
        if scans > 1:
            annotations = by_object(annotations, taxonomy)
        self._model.show(annotations, taxonomy)
        self._table.setColumnHidden(_SCAN, scans < 2)
        self._count.setText(
            ngettext("{count} annotation", "{count} annotations", len(annotations)).format(
                count=len(annotations)
            )
        )
        self._table.show_selection()

    def _wait(self, index: QModelIndex) -> None:
        self._meant = self._model.id_at(index.row())
        self._is_click.start()

    def _select_here(self) -> None:
        """Select the same object's box of the shown scan, where it has one, and not another's."""
        if self.session is None or self._meant is None or self.selection.ids != (self._meant,):
            return
        here = box_in(self.session.document, self._meant, self.selection.frame)
        if here is not None and here.id != self._meant:
            self.selection.set((here.id,))


class _Table(QAbstractTableModel):
    """The rows as Qt wants them; thousands cost nothing until they are seen."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._rows: list[Annotation] = []
        self._taxonomy = Taxonomy()
        self.remarks: dict[AnnotationId, Remark] = {}

    def show(self, rows: list[Annotation], taxonomy: Taxonomy) -> None:
        self.beginResetModel()
        self._rows, self._taxonomy = rows, taxonomy
        self.endResetModel()

    def id_at(self, row: int) -> AnnotationId:
        return self._rows[row].id

    def rows_of(self, ids: tuple[AnnotationId, ...]) -> list[int]:
        wanted = set(ids)
        return [number for number, a in enumerate(self._rows) if a.id in wanted]

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
        annotation = self._rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(annotation, index.column())
        if role == Qt.ItemDataRole.DecorationRole and index.column() == _CLASS:
            return chip(self._color(annotation))
        if role == Qt.ItemDataRole.ToolTipRole:
            remark = self.remarks.get(annotation.id)
            return remark.text if remark and remark.text else came_about(annotation.origin)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _aligned(index.column())
        return None

    def _text(self, annotation: Annotation, column: int) -> str:
        if column == _CLASS:
            title = self._taxonomy.title_of(annotation.label)
            title = f"{title} {annotation.track or ''}".strip()
            return f"{title} ?" if annotation.origin is Origin.SUGGESTION else title
        if column == _WHAT:
            return in_words(annotation)
        if column == _SCAN:
            return _scan(annotation)
        remark = self.remarks.get(annotation.id)
        return MARKS.get(remark.verdict, "") if remark and remark.verdict else ""

    def _color(self, annotation: Annotation) -> tuple[int, int, int]:
        if annotation.label in self._taxonomy:
            return self._taxonomy[annotation.label].color
        return (128, 128, 128)


def by_object(annotations: Iterable[Annotation], taxonomy: Taxonomy) -> list[Annotation]:
    """Return annotations by class, object and scan; what is equal in these stays in its order."""
    places = {label.name: place for place, label in enumerate(taxonomy)}

    def place(one: Annotation) -> tuple[int, bool, int, str, int]:
        track = one.track or ""
        number = int(track) if track.isascii() and track.isdigit() else 0
        scan = -1 if one.frame is None else one.frame
        return places.get(one.label, len(places)), not track, number, track, scan

    return sorted(annotations, key=place)


def _scan(annotation: Annotation) -> str:
    """Return where an annotation is, and by a sign how it came to be there."""
    if annotation.frame is None:
        return _("every scan")
    return f"{sign_of(annotation)} {annotation.frame + 1}".strip()


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
