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
_CHANGES = (
    "box.refit",
    "box.shrink",
    "box.grow",
    "box.usual",
    "box.flip",
    "box.quarter",
    "points.inside",
)
_POINTS = ("points.box", "points.merge", "points.grow", "points.shrink", "points.invert")
_OTHER_SCANS = ("sequence.carry_on", "sequence.static")
_SCANS = (*_OTHER_SCANS, "sequence.one_size", "sequence.grid")
_VIEWS = ("view.fit", "view.isolate")
_ENDS = ("edit.delete",)
_ENDS_IN_ALL = ("edit.delete", "sequence.delete")


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
        for group in (_POINTS, _VIEWS, _ENDS) if are_points else self._groups():
            self.menu.addSeparator()
            self._add(group)
        self.menu.popup(at)

    def _groups(self) -> tuple[tuple[str, ...], ...]:
        """Return what can be done with annotations; more with one that is in several scans."""
        session, selection = self._window.workspace.session, self._window.workspace.selection
        chosen = selection.annotations(session.document) if session is not None else []
        if any(a.track is not None for a in chosen):
            return (_CHANGES, _SCANS, _VIEWS, _ENDS_IN_ALL)
        is_one_of_many = session is not None and len(session.document.extents) > 1
        return (_CHANGES, *((_OTHER_SCANS,) if is_one_of_many else ()), _VIEWS, _ENDS)

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
