"""The menu that a right click on a class opens; opening it changes nothing."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QMenu

if TYPE_CHECKING:
    from annotator.views.main_window import MainWindow

_SEEING = ("class.protect", "class.hide", "class.solo", "class.fade")


class ClassMenu:
    """Offers what can be done with the class in hand, and with what it asks."""

    def __init__(self, window: "MainWindow") -> None:
        self._window = window
        self.menu = QMenu(window)
        window.docks.classes.menu_asked.connect(self.show_at)

    def show_at(self, at: QPoint) -> None:
        """Open the menu at a place on the screen."""
        self._window.telling.tell_states()
        self.menu.clear()
        actions = [self._window.menus[action_id] for action_id in _SEEING]
        self.menu.addActions([action for action in actions if action.isEnabled()])
        self.menu.popup(at)
