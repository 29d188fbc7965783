"""The line that says what contrast agent hides, until a person took note of it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from annotator.i18n import gettext as _


class ContrastNote(QWidget):
    """Warns, and is told that a person read it. Never takes the keys."""

    noted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        told, read = QLabel(wordWrap=True), QPushButton(_("Noted"))
        told.setText(
            _(
                "Set aside as bone or contrast: calcium inside is not told apart."
                " Raise the threshold, or mark it by hand."
            )
        )
        told.setProperty("role", "warning")
        told.setMinimumWidth(1)
        read.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        read.setToolTip(_("Asked once for each scan, before it can be closed"))
        read.clicked.connect(self.noted)
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 0, 10, 0)
        row.setSpacing(12)
        row.addWidget(told, 1)
        row.addWidget(read)
        self.hide()
