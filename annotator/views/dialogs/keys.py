"""The sheet of keys, drawn from the table of actions so that it cannot lie."""

from collections.abc import Iterable

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from annotator.i18n import gettext as _

Row = tuple[str, str]
Group = tuple[str, list[Row]]

_MOST_COLUMNS, _BESIDE_PX = 6, 56
_OF_THE_WINDOW = 0.97
_WIDEST_PX = 210


class KeySheet(QDialog):
    """Shows groups of (keys, what they do) in columns."""

    def __init__(self, groups: Iterable[Group], parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Keys"))
        size = parent.size() * _OF_THE_WINDOW if parent is not None else QSize(1180, 720)
        area = QScrollArea(widgetResizable=True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setWidget(_fitting(list(groups), size.width() - _BESIDE_PX))
        QVBoxLayout(self).addWidget(area)
        self.resize(size)


def _fitting(groups: list[Group], width_px: int) -> QWidget:
    """Return groups in as many columns as there is room for."""
    for count in range(_MOST_COLUMNS, 1, -1):
        shown = _in_columns(groups, count)
        if shown.sizeHint().width() <= width_px:
            return shown
    return _in_columns(groups, 1)


def _in_columns(groups: list[Group], count: int) -> QWidget:
    content = QWidget()
    row = QHBoxLayout(content)
    row.setSpacing(18)
    for column in _balanced(groups, count):
        shown_column = QVBoxLayout()
        shown_column.setSpacing(4)
        for title, rows in column:
            shown_column.addWidget(_group(title, rows))
        shown_column.addStretch(1)
        row.addLayout(shown_column)
    row.addStretch(1)
    return content


def _balanced(groups: list[Group], count: int) -> list[list[Group]]:
    """Spread groups over columns, the longest first, each to the column that is shortest so far.

    Within a column they stand in the order given, and so do the columns by their first group.
    """
    columns: list[list[int]] = [[] for _column in range(count)]
    for number in sorted(range(len(groups)), key=lambda number: -_lines(groups[number])):
        shortest = min(columns, key=lambda column: sum(_lines(groups[n]) for n in column))
        shortest.append(number)
    return [[groups[n] for n in column] for column in sorted(map(sorted, columns))]


def _lines(group: Group) -> int:
    """Return how many rows a group takes, with its title and the gap below."""
    return len(group[1]) + 2


def _words(does: str) -> QLabel:
    """Return what a key does; long words take two lines rather than the place of a column."""
    label = QLabel(does)
    if label.sizeHint().width() > _WIDEST_PX:
        label.setWordWrap(True)
        label.setFixedWidth(_WIDEST_PX)
    return label


def _group(title: str, rows: list[Row]) -> QWidget:
    widget = QWidget()
    widget.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
    grid = QGridLayout(widget)
    grid.setContentsMargins(0, 0, 0, 12)
    grid.setVerticalSpacing(3)
    heading = QLabel(title)
    heading.setProperty("role", "heading")
    grid.addWidget(heading, 0, 0, 1, 2)
    for number, (keys, does) in enumerate(rows, start=1):
        key = QLabel(keys)
        key.setProperty("role", "faint")
        grid.addWidget(key, number, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(_words(does), number, 1)
    grid.setColumnStretch(1, 1)
    return widget
