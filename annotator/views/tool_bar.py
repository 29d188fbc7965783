"""The tools of the open workbench, beside the view and in their menu."""

from collections.abc import Callable, Iterable

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenu, QToolBar, QWidget

from annotator.app.keymap import in_use
from annotator.i18n import gettext as _
from annotator.tools.tool import Tool
from annotator.views.icons import icon
from annotator.views.key_events import key_words

_NAMED = "tool."


class ToolBar(QToolBar):
    """One tool is in hand; what was in hand stays there, from item to item.

    Parameters
    ----------
    hint_of
        Returns what a tool would say if it were taken in hand.
    """

    chosen = Signal(str)
    """Another tool is in hand."""

    def __init__(self, window: QWidget, menu: QMenu, hint_of: Callable[[str], str]) -> None:
        super().__init__(window)
        self._hint_of = hint_of
        self.setOrientation(Qt.Orientation.Vertical)
        self.setIconSize(QSize(20, 20))
        self._window, self._menu = window, menu
        self._group = QActionGroup(self)
        self.tools: tuple[type[Tool], ...] = ()

    @property
    def in_hand(self) -> str:
        """The id of the tool in use; empty where there is none."""
        names = (action.objectName() for action in self._group.actions() if action.isChecked())
        return next(names, "").removeprefix(_NAMED)

    @property
    def offered(self) -> list[tuple[QAction, str]]:
        """The tools, each with its English name."""
        return [(a, t.title) for a, t in zip(self._group.actions(), self.tools, strict=True)]

    def choose(self, tool_id: str) -> None:
        """Take another tool."""
        for action in self._group.actions():
            if action.objectName() == _NAMED + tool_id:
                action.trigger()

    def offer(self, tools: Iterable[type[Tool]], color: str) -> None:
        """Show a workbench's tools, with their keys as they are now."""
        before, self.tools = self.in_hand, tuple(tools)
        for action in self._group.actions():
            self._group.removeAction(action)
            self._window.removeAction(action)
            action.deleteLater()
        self.clear()
        for tool in self.tools:
            self._add(tool, color)
        if self._group.actions():
            self._group.actions()[0].trigger()
            self.choose(before)

    def _add(self, tool: type[Tool], color: str) -> None:
        keys = in_use().keys[_NAMED + tool.id]
        action = QAction(icon(tool.id, color), _(tool.title), self._window)
        named = f"{_(tool.title)}  {key_words(keys)}".rstrip()
        action.setToolTip(named)
        action.hovered.connect(lambda: action.setToolTip(self._explained(named, tool)))
        action.setObjectName(_NAMED + tool.id)
        action.setCheckable(True)
        action.setShortcuts([QKeySequence(key) for key in keys])
        action.triggered.connect(lambda _on=False: self.chosen.emit(tool.id))
        self._group.addAction(action)
        self.addAction(action)
        self._menu.addAction(action)

    def _explained(self, named: str, tool: type[Tool]) -> str:
        """Return a tool's name and, below it, the first thing that it would say."""
        does, _but, _more = self._hint_of(tool.id).partition(" · ")
        return f"{named}\n{does}".rstrip()
