"""Lets what is typed into a panel's field reach that field, and gives the keyboard back after."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDoubleSpinBox,
    QLineEdit,
    QMainWindow,
    QPlainTextEdit,
    QTextEdit,
    QToolBar,
    QWidget,
)
from shiboken6 import isValid

from annotator.views.key_events import is_override
from annotator.views.listed_keys import ListedKeys, is_listed

_TYPED = (QAbstractSpinBox, QLineEdit, QTextEdit, QPlainTextEdit)
_SET = (QAbstractButton, QAbstractSlider, QComboBox)
_COMMANDING = (
    Qt.KeyboardModifier.ControlModifier
    | Qt.KeyboardModifier.AltModifier
    | Qt.KeyboardModifier.MetaModifier
)
_TABS = {Qt.Key.Key_Tab, Qt.Key.Key_Backtab}
_ENTERS = {Qt.Key.Key_Return, Qt.Key.Key_Enter}
_OF_BUTTONS = {*_TABS, Qt.Key.Key_Space, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Escape}


class FieldKeys(QObject):
    """Not in a field → (it gets the keyboard) in it → (Enter takes, Esc drops) not in a field.

    A click on the arrows of a number types nothing, so it leaves the keyboard to the view.

    While something is typed into a field no key without Ctrl or Alt is a shortcut: Return would
    mark what is selected as right, and Tab would hide the panels. A list and a choice keep what
    goes through them, and leave the rest to the window and its view.

    Parameters
    ----------
    view
        Returns who gets the keyboard back.
    """

    def __init__(self, window: QMainWindow, view: Callable[[], QWidget | None]) -> None:
        super().__init__(window)
        self._window, self._view = window, view
        self._field: QWidget | None = None
        self._before = ""
        self._listed = ListedKeys(view)
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._follow)

    def give_back(self) -> None:
        """Let the view have the keyboard again; a field that has it takes what was typed."""
        view = self._view()
        if view is not None:
            view.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's
        """Keep a field's keys from the shortcuts, and end typing with Enter or Esc."""
        if is_override(event) and (self._listed.ask(watched, event) or _is_own(watched, event)):
            event.accept()
            return True
        if event.type() is QEvent.Type.MouseButtonRelease and isinstance(watched, QAbstractSpinBox):
            QTimer.singleShot(0, self, self.give_back)  # the arrow has to come up first
        if event.type() is QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._listed.tell(event) or (is_field(watched) and self._ends(watched, event))
        return False

    def _ends(self, watched: QObject, event: QKeyEvent) -> bool:
        if _is_in_list(watched) or event.modifiers() & _COMMANDING:
            return False
        if event.key() in _ENTERS and not isinstance(watched, QTextEdit | QPlainTextEdit):
            if isinstance(watched, QAbstractButton):
                return False
            self.give_back()
            return True
        if event.key() == Qt.Key.Key_Escape:
            self._put_back(watched)
            self.give_back()
            return True
        return False

    def _put_back(self, watched: QObject) -> None:
        """Show what the field held before."""
        if isinstance(watched, QDoubleSpinBox):
            watched.setValue(watched.value())  # what is typed is no value yet
        elif isinstance(watched, QLineEdit):
            watched.setText(self._before)

    def _follow(self, _before: QWidget | None, now: QWidget | None) -> None:
        if self._field is not None and isValid(self._field):  # a form made anew drops its fields
            self._field.removeEventFilter(self)
        self._field = None
        if now is None or now.window() is not self._window:
            return
        if not is_field(now) and not is_listed(now):
            return
        if isinstance(now.parent(), QToolBar):
            return
        self._field = now
        self._before = now.text() if isinstance(now, QLineEdit) else ""
        now.installEventFilter(self)


def is_field(widget: QObject) -> bool:
    """Tell whether keys are typed into a widget, or set it."""
    return isinstance(widget, _TYPED + _SET)


def _is_own(watched: QObject, event: QKeyEvent) -> bool:
    """Tell whether a key belongs to the field that has the keyboard."""
    if event.modifiers() & _COMMANDING:
        return False
    if isinstance(watched, QComboBox) and event.key() in _ENTERS:
        return True
    if not isinstance(watched, _TYPED):
        return is_field(watched) and event.key() in _OF_BUTTONS
    return not Qt.Key.Key_F1 <= event.key() <= Qt.Key.Key_F35


def _is_in_list(watched: QObject) -> bool:
    """Tell whether a field is the editor of a list's cell, which the list opens and closes."""
    viewport = watched.parent()
    return viewport is not None and isinstance(viewport.parent(), QAbstractItemView)
