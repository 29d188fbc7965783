"""The menu that a right click on a class opens; opening it changes nothing."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QMenu

from annotator.app.asked_of_a_class import is_own
from annotator.i18n import gettext as _
from annotator.model.labels import Attribute
from annotator.views.changing_classes import ChangingClasses

if TYPE_CHECKING:
    from annotator.views.main_window import MainWindow

_SEEING = ("class.protect", "class.hide", "class.solo", "class.fade")


class ClassMenu:
    """Offers what can be done with the chosen class, and with what it asks."""

    def __init__(self, window: "MainWindow") -> None:
        self._window = window
        self._changing = ChangingClasses(window)
        self.menu = QMenu(window)
        window.docks.classes.menu_asked.connect(self.show_at)

    def show_at(self, at: QPoint) -> None:
        """Open the menu at a place on the screen."""
        self._window.telling.tell_states()
        self.menu.clear()
        actions = [self._window.menus[action_id] for action_id in _SEEING]
        self.menu.addActions([action for action in actions if action.isEnabled()])
        self.menu.addSeparator()
        self._add(self.menu, _("Rename class…"), self._changing.rename_class)
        label = self._changing.label
        if label is not None and is_own(label):
            self._add(self.menu, _("Remove class"), self._changing.remove_class)
        self._add(self.menu, _("Add attribute…"), self._changing.add_attribute)
        for asked in label.attributes if label is not None else ():
            self._add_attribute(asked)
        self.menu.popup(at)

    def _add_attribute(self, asked: Attribute) -> None:
        about = self.menu.addMenu(_("Attribute “{title}”").format(title=_(asked.title)))
        self._add(about, _("Rename…"), partial(self._changing.rename_attribute, asked))
        self._add(about, _("Remove"), partial(self._changing.remove_attribute, asked))

    def _add(self, menu: QMenu, title: str, does: Callable[[], object]) -> None:
        do = self._window.guarded(does)
        menu.addAction(title).triggered.connect(lambda _on=False: do())
