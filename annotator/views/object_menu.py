"""The menu that a right click on an object opens; opening it changes nothing."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QMenu

from annotator.i18n import gettext as _
from annotator.views.icons import chip

if TYPE_CHECKING:
    from annotator.views.main_window import MainWindow

_MARKS = ("review.right", "review.wrong")
_CHANGES = ("box.refit", "box.shrink", "box.flip", "box.quarter", "points.inside")
_POINTS = ("points.box", "points.merge", "points.grow", "points.shrink", "points.invert")
_VIEWS = ("view.fit", "view.isolate")
_ENDS = ("edit.delete",)


class ObjectMenu:
    """Offers what can be done with the selection, from the one table of actions."""

    def __init__(self, window: "MainWindow") -> None:
        self._window = window
        self.menu = QMenu(window)

    def show_at(self, at: QPoint) -> None:
        """Open the menu at a place on the screen."""
        self.menu.clear()
        are_points = bool(self._window.workspace.selection.instances)
        if not are_points:
            self._add(_MARKS)
        self._add_classes()
        for group in (_POINTS if are_points else _CHANGES, _VIEWS, _ENDS):
            self.menu.addSeparator()
            self._add(group)
        self.menu.popup(at)

    def _add(self, action_ids: tuple[str, ...]) -> None:
        self.menu.addActions([self._window.menus[action_id] for action_id in action_ids])

    def _add_classes(self) -> None:
        session = self._window.workspace.session
        if session is None:
            return
        classes = self.menu.addMenu(_("Class"))
        for number, label in enumerate(session.taxonomy, start=1):
            does = partial(self._window.edit_menu.choose_class, number)
            action = classes.addAction(chip(label.color), _(label.title))
            action.triggered.connect(self._window.guarded(does))
