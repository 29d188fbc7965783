"""Draws menus and shortcuts from the one table of actions."""

from collections.abc import Callable, Iterable

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu, QWidget

from annotator.app.actions import MENUS, Action, Workbench, in_menu
from annotator.i18n import gettext as _


class Menus:
    """The window's actions: one `QAction` per row of the table, found by its id."""

    def __init__(self, window: QMainWindow, actions: Iterable[Action]) -> None:
        self._window = window
        self._rows = {row.id: row for row in actions}
        self._actions = {row.id: self._made(row) for row in self._rows.values()}
        self.menus: dict[str, QMenu] = {}
        self._bound: set[str] = set()
        for title in MENUS:
            menu = window.menuBar().addMenu(_(title))
            menu.addActions([self._actions[row.id] for row in in_menu(title, self._rows.values())])
            self.menus[title] = menu

    def __getitem__(self, action_id: str) -> QAction:
        return self._actions[action_id]

    def bind(self, action_id: str, does: Callable[[], object]) -> None:
        """Say what an action does."""
        self._bound.add(action_id)
        self._actions[action_id].triggered.connect(lambda _checked=False: does())

    def bind_checked(self, action_id: str, does: Callable[[bool], object], *, on: bool) -> None:
        """Say what switching an action on or off does, and how it starts."""
        self._bound.add(action_id)
        self._actions[action_id].setChecked(on)
        self._actions[action_id].toggled.connect(does)

    def unbound(self) -> list[str]:
        """Return the actions that nobody has said anything about."""
        return [action_id for action_id in self._rows if action_id not in self._bound]

    def offer(self, where: Workbench) -> None:
        """Enable what makes sense in a workbench; the rest stays visible but faint."""
        for row in self._rows.values():
            self._actions[row.id].setEnabled(bool(row.where & where))

    def listen_in(self, view: QWidget) -> None:
        """Let a view take the keys that listen nowhere else."""
        view.addActions([self._actions[row.id] for row in self._rows.values() if row.in_view])

    def rows(self) -> list[Action]:
        """Return the table as it is drawn, with a person's own keys."""
        return list(self._rows.values())

    def _made(self, row: Action) -> QAction:
        action = QAction(_(row.title), self._window)
        action.setObjectName(row.id)
        action.setCheckable(row.checkable)
        action.setShortcuts([QKeySequence(key) for key in row.keys])
        if row.in_view:
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        else:
            self._window.addAction(action)
        return action
