"""The labelled points of the scan that is looked at: classes, and the instances of each."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QLabel,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from annotator.app.point_counts import Counted, PointCounts
from annotator.app.selection import Selection
from annotator.app.session import Session
from annotator.i18n import gettext as _
from annotator.i18n import ngettext
from annotator.model.labels import Label
from annotator.views.icons import CHIP, chip
from annotator.views.panels.panel import Panel
from annotator.views.theme import numbers_font

_MOST_LISTED = 500
_AGAIN_MS = 10
_NUMBER = Qt.ItemDataRole.UserRole
_UNKNOWN = (128, 128, 128)


class LabelledPointsPanel(Panel):
    """Lists instances with their counts and shares the selection. Holds no truth."""

    looked_for = Signal(int)
    """An instance that was double-clicked."""

    def __init__(self, selection: Selection, parent: QWidget | None = None) -> None:
        super().__init__(selection, parent)
        self._counts: PointCounts | None = None
        self._shown: tuple[Counted, object] | None = None
        self._is_sharing = False
        self._closed: set[int] = set()
        self._title = QLabel()
        self._title.setProperty("role", "faint")
        self._tree = QTreeWidget()
        self._tree.setIconSize(CHIP)
        self._tree.setColumnCount(2)
        self._tree.setHeaderLabels([_("Labelled points"), _("Points")])
        self._tree.setFont(numbers_font())
        self._tree.setUniformRowHeights(True)
        self._tree.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        header = self._tree.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        self._tree.itemSelectionChanged.connect(self._share)
        self._tree.itemDoubleClicked.connect(self._look_for)
        self._tree.itemCollapsed.connect(lambda row: self._closed.add(_value(row)))
        self._tree.itemExpanded.connect(lambda row: self._closed.discard(_value(row)))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(4, 4, 4, 4)
        layout.setSpacing(4)
        layout.addWidget(self._title)
        layout.addWidget(self._tree, 1)
        self.hide()

    def show_session(self, session: Session | None) -> None:
        """Count the points of another session, if it has scans."""
        has_scans = session is not None and len(session.context.clouds) > 0
        self._counts = PointCounts(session.document) if session and has_scans else None
        self._shown = None
        super().show_session(session)

    def listed(self) -> dict[int, int]:
        """Return how many points each listed instance has."""
        return {_value(row): row.data(1, _NUMBER) for row in self._rows()}

    def refresh(self) -> None:
        """Show the counts of the scan that is looked at; soon, where counting takes long."""
        if self.session is None or self._counts is None:
            self.hide()
            return
        counted = self._counts.count(self.selection.frame)
        if counted is None:
            self._title.setText(_("Counting…"))
            self._soon.start(_AGAIN_MS)
            return
        self._soon.setInterval(0)
        shown = (counted, self.session.taxonomy)
        if shown != self._shown:
            self._shown = shown
            self._fill(counted)
        self.setVisible(bool(counted.of_class or counted.of_instance))
        self._mark()

    def _fill(self, counted: Counted) -> None:
        assert self.session is not None
        self._is_sharing = True
        self._tree.clear()
        values = sorted(set(counted.of_class) | {v for v, _n in counted.of_instance.values()})
        for value in values:
            label = self.session.taxonomy.of_value(value)
            mine = sorted(n for n, (v, _count) in counted.of_instance.items() if v == value)
            self._tree.addTopLevelItem(self._row_of_class(value, label, counted, mine))
        for at in range(self._tree.topLevelItemCount()):
            row = self._tree.topLevelItem(at)
            if row is not None:
                row.setExpanded(_value(row) not in self._closed)
        share = sum(counted.of_class.values()) / max(counted.points, 1)
        count = len(counted.of_instance)
        self._title.setText(
            ngettext(
                "{count} instance · {share} of the points have a class",
                "{count} instances · {share} of the points have a class",
                count,
            ).format(count=count, share=_percent(share))
        )
        self._is_sharing = False

    def _row_of_class(
        self, value: int, label: Label | None, counted: Counted, instances: list[int]
    ) -> QTreeWidgetItem:
        title = _(label.title) if label is not None else _("No class")
        row = _row(title, counted.of_class.get(value, 0), value)
        row.setFlags(row.flags() & ~Qt.ItemFlag.ItemIsSelectable)
        row.setIcon(0, chip(label.color if label is not None else _UNKNOWN))
        for number in instances[:_MOST_LISTED]:
            row.addChild(_row(f"{title} {number}", counted.of_instance[number][1], number))
        return row

    def _mark(self) -> None:
        """Mark the rows of the selected instances."""
        self._is_sharing = True
        chosen = set(self.selection.instances)
        self._tree.clearSelection()
        for row in self._rows():
            if row.data(0, _NUMBER) in chosen:
                row.setSelected(True)
                self._tree.scrollToItem(row)
        self._is_sharing = False

    def _rows(self) -> list[QTreeWidgetItem]:
        classes = [self._tree.topLevelItem(at) for at in range(self._tree.topLevelItemCount())]
        rows = [c.child(at) for c in classes if c is not None for at in range(c.childCount())]
        return [row for row in rows if row is not None]

    def _share(self) -> None:
        if not self._is_sharing:
            rows = self._tree.selectedItems()
            self.selection.set_instances(tuple(row.data(0, _NUMBER) for row in rows))

    def _look_for(self, row: QTreeWidgetItem) -> None:
        if row.parent() is not None:
            self.looked_for.emit(row.data(0, _NUMBER))


def _row(title: str, count: int, number: int) -> QTreeWidgetItem:
    row = QTreeWidgetItem([title, f"{count:,}"])
    row.setTextAlignment(1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    row.setData(0, _NUMBER, number)
    row.setData(1, _NUMBER, count)
    return row


def _value(row: QTreeWidgetItem) -> int:
    return int(row.data(0, _NUMBER))


def _percent(share: float) -> str:
    """Return a share in whole percent; few are not none."""
    return "<1%" if 0 < share < 0.01 else f"{share:.0%}"
