"""Draws menus and shortcuts from the one table of actions."""

from collections.abc import Callable, Iterable

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu, QWidget

from annotator.app.action import Action, Listens, Workbench
from annotator.app.actions import in_menu
from annotator.app.menu_titles import MENUS, TOOLS
from annotator.i18n import gettext as _


class Menus:
    """The window's actions: one `QAction` per row that a menu lists, tools left out."""

    def __init__(self, window: QMainWindow, actions: Iterable[Action]) -> None:
        self._window = window
        self._rows = {row.id: row for row in actions if row.is_in_menu and row.menu != TOOLS}
        self._actions = {row.id: self._made(row) for row in self._rows.values()}
        self._groups: dict[tuple[str, str], QMenu] = {}
        self.menus = {title: window.menuBar().addMenu(_(title)) for title in MENUS}
        self._bound: set[str] = set()
        self._offered: Workbench | None = None
        for title in MENUS:
            for row in in_menu(title, self._rows.values()):
                self._place_for(row).addAction(self._actions[row.id])

    def __getitem__(self, action_id: str) -> QAction:
        return self._actions[action_id]

    def __contains__(self, action_id: str) -> bool:
        return action_id in self._actions

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
        """Enable what makes sense here; what belongs to the other workbench alone is not shown.

        While something is opened, what was shown stays: the next item is mostly of the same kind.
        """
        if where is self._offered:
            return
        self._offered = where
        for row in self._rows.values():
            action, is_here = self._actions[row.id], bool(row.where & where)
            action.setEnabled(is_here)
            if where is not Workbench.NONE:
                action.setVisible(is_here)
        for menu in (*self._groups.values(), *self.menus.values()):
            actions = [action for action in menu.actions() if not action.isSeparator()]
            menu.menuAction().setVisible(any(action.isVisible() for action in actions))

    def use_keys(self, rows: Iterable[Action]) -> None:
        """Listen to other keys, and write them beside the actions."""
        for row in rows:
            if row.id in self._actions:
                self._rows[row.id] = row
                self._actions[row.id].setShortcuts([QKeySequence(key) for key in row.keys])

    def listen_in(self, view: QWidget) -> None:
        """Let a view take the keys that listen nowhere else."""
        view.addActions(
            [self._actions[row.id] for row in self._rows.values() if row.listens is Listens.VIEW]
        )

    def rows(self) -> list[Action]:
        """Return the table as it is drawn, with a person's own keys."""
        return list(self._rows.values())

    def _place_for(self, row: Action) -> QMenu:
        menu = self.menus[row.menu]
        if not row.group:
            return menu
        if (row.menu, row.group) not in self._groups:
            self._groups[row.menu, row.group] = menu.addMenu(_(row.group))
        return self._groups[row.menu, row.group]

    def _made(self, row: Action) -> QAction:
        action = QAction(_(row.title), self._window)
        action.setObjectName(row.id)
        action.setCheckable(row.checkable)
        action.setVisible(bool(row.where & Workbench.NONE))
        action.setShortcuts([QKeySequence(key) for key in row.keys])
        if row.listens is Listens.VIEW:
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        else:
            self._window.addAction(action)
        return action
