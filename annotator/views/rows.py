"""Lists of rows of one height."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QListWidget, QListWidgetItem

from annotator.views.icons import CHIP
from annotator.views.theme import ROW_HEIGHT_PX


def row_list() -> QListWidget:
    """Return a list that need not measure each of its rows."""
    made = QListWidget()
    made.setUniformItemSizes(True)
    made.setIconSize(CHIP)
    return made


def row(text: str, value: object) -> QListWidgetItem:
    """Return a row that carries a value."""
    made = QListWidgetItem(text)
    made.setData(Qt.ItemDataRole.UserRole, value)
    made.setSizeHint(QSize(10, ROW_HEIGHT_PX))
    return made
