"""Fields that leave the view what is not theirs: the wheel over them, and keys after a click."""

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QPushButton,
    QSlider,
    QSpinBox,
)
from typing_extensions import override


class Choice(QComboBox):
    """One of some words; the wheel chooses while it has the keyboard."""

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    @override
    def wheelEvent(self, e: QWheelEvent) -> None:
        super().wheelEvent(e) if self.hasFocus() else e.ignore()


class Number(QDoubleSpinBox):
    """A number with decimals; the wheel changes it while it has the keyboard."""

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        super().wheelEvent(event) if self.hasFocus() else event.ignore()

    def show_number(self, value: float) -> None:
        """Show a number that nobody typed here; where one types, all of it is marked again."""
        with QSignalBlocker(self):
            self.setValue(value)
        if self.hasFocus():
            self.selectAll()


class Count(QSpinBox):
    """A whole number; the wheel changes it while it has the keyboard."""

    def __init__(self, least: int, most: int) -> None:
        super().__init__()
        self.setRange(least, most)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        super().wheelEvent(event) if self.hasFocus() else event.ignore()


class Sliding(QSlider):
    """A number on a line; the wheel shifts it while it has the keyboard."""

    def __init__(self) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    @override
    def wheelEvent(self, e: QWheelEvent) -> None:
        super().wheelEvent(e) if self.hasFocus() else e.ignore()


class Tick(QCheckBox):
    """Yes or no; a click leaves the keys to the view, where Space does not take it back."""

    def __init__(self, text: str = "") -> None:
        super().__init__(text)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)


class Press(QPushButton):
    """Does something; a click leaves the keys to the view, where Space does not do it again."""

    def __init__(self, text: str = "") -> None:
        super().__init__(text)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
