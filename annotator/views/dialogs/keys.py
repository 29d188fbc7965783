"""The sheet of keys, drawn from the table of actions so that it cannot lie."""

from collections.abc import Iterable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QDialog, QGridLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from annotator.i18n import gettext as _

Row = tuple[str, str]


class KeySheet(QDialog):
    """Shows groups of (keys, what they do) in columns."""

    def __init__(self, groups: Iterable[tuple[str, list[Row]]], parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Keys"))
        content = QWidget()
        grid = QGridLayout(content)
        grid.setHorizontalSpacing(32)
        grid.setAlignment(Qt.AlignmentFlag.AlignTop)
        for number, (title, rows) in enumerate(groups):
            grid.addWidget(_column(title, rows), number // 3, number % 3, Qt.AlignmentFlag.AlignTop)
        area = QScrollArea(widgetResizable=True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setWidget(content)
        QVBoxLayout(self).addWidget(area)
        self.resize(980, 640)


def shown(keys: Iterable[str]) -> str:
    """Return keys as this system writes them."""
    native = QKeySequence.SequenceFormat.NativeText
    return "  ".join(QKeySequence(key).toString(native) for key in keys)


def _column(title: str, rows: list[Row]) -> QWidget:
    widget = QWidget()
    grid = QGridLayout(widget)
    grid.setContentsMargins(0, 0, 0, 12)
    grid.setVerticalSpacing(3)
    heading = QLabel(title)
    heading.setProperty("role", "heading")
    grid.addWidget(heading, 0, 0, 1, 2)
    for number, (keys, does) in enumerate(rows, start=1):
        key = QLabel(keys)
        key.setProperty("role", "faint")
        grid.addWidget(key, number, 0)
        grid.addWidget(QLabel(does), number, 1)
    grid.setColumnStretch(1, 1)
    return widget
