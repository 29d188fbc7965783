"""Lets keys that mean something in the view mean it while a list or a choice has the keyboard."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QCoreApplication, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QComboBox,
    QWidget,
)

from annotator.views.key_events import meant

_Key = Qt.Key
_LISTED = (QAbstractItemView, QComboBox, QAbstractButton, QAbstractSlider)
WALKING = {
    _Key.Key_Up,
    _Key.Key_Down,
    _Key.Key_Left,
    _Key.Key_Right,
    _Key.Key_Home,
    _Key.Key_End,
    _Key.Key_PageUp,
    _Key.Key_PageDown,
    _Key.Key_Space,
    _Key.Key_Tab,
    _Key.Key_Backtab,
    _Key.Key_Escape,
}
"""What goes through rows and choices, opens and closes them."""


class ListedKeys:
    """Asked → (the view has a use for the key) kept → (the key goes down) told to the view; asked.

    A list takes letters for beginnings of its rows, which nobody looks for.

    Parameters
    ----------
    view
        Returns who has the actions that listen in the view alone, and whose proxy has the tool.
    """

    def __init__(self, view: Callable[[], QWidget | None]) -> None:
        self._view = view
        self._tells: Callable[[QKeyEvent], object] | None = None

    def ask(self, watched: QObject, event: QKeyEvent) -> bool:
        """Tell whether a key is the view's although ``watched`` has the keyboard."""
        view, self._tells = self._view(), None
        if view is not None and is_listed(watched) and event.key() not in WALKING:
            self._tells = _told(view, event) or _done(view, event)
        return self._tells is not None

    def tell(self, event: QKeyEvent) -> bool:
        """Let the view have the key that was asked about; tell whether there was one."""
        tells, self._tells = self._tells, None
        if tells is not None:
            tells(event)
        return tells is not None


def is_listed(widget: QObject | None) -> bool:
    """Tell whether rows are gone through in a widget, or something is chosen or switched."""
    if isinstance(widget, QComboBox) and widget.isEditable():
        return False
    return isinstance(widget, _LISTED)


def _told(view: QWidget, event: QKeyEvent) -> Callable[[QKeyEvent], object] | None:
    """Return how the tool in hand is told, if it would keep the key from the shortcuts."""
    asked, heard = event.clone(), view.focusProxy() or view
    asked.ignore()
    QCoreApplication.sendEvent(heard, asked)
    return partial(QCoreApplication.sendEvent, heard) if asked.isAccepted() else None


def _done(view: QWidget, event: QKeyEvent) -> Callable[[QKeyEvent], object] | None:
    """Return what does the action that the key means in the view."""
    actions = {action.objectName(): action for action in view.actions() if action.isEnabled()}
    found = actions.get(meant(event, actions))
    return None if found is None else lambda _event: found.trigger()
