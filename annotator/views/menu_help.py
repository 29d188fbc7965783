"""What the Help menu does."""

from typing import TYPE_CHECKING

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMessageBox

from annotator import __version__
from annotator.app.action import Action, Workbench
from annotator.app.actions import in_menu
from annotator.app.keymap import in_use
from annotator.app.menu_titles import GROUPS, TOOLS
from annotator.i18n import LANGUAGES, current_language
from annotator.i18n import gettext as _
from annotator.views.dialogs.keys import KeySheet
from annotator.views.dialogs.palette import Palette
from annotator.views.dialogs.plugins import PluginsDialog
from annotator.views.key_events import key_words
from annotator.views.mouse_in_words import over_a_ct, over_a_scan, with_keys_held

if TYPE_CHECKING:
    from annotator.views.main_window import MainWindow

_CLASS = "class."


class HelpMenu:
    """Shows the keys, finds actions, changes the language."""

    def __init__(self, window: "MainWindow") -> None:
        self._window = window
        for action_id, does in {
            "help.keys": self.show_keys,
            "help.palette": self.show_palette,
            "help.plugins": lambda: PluginsDialog(window).exec(),
            "help.language": self.switch_language,
            "help.about": self.about,
        }.items():
            window.menus.bind(action_id, window.guarded(does))

    def key_groups(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """Return (title, rows) of the keys that work now, from the tables they come from."""
        where = self._window.where
        if where is Workbench.NONE:  # nothing is open: show what there will be
            where = Workbench.ALWAYS
        rows = [row for row in in_use().rows if row.keys and row.where & where]
        groups = [
            (_(title), [said for row in in_menu(title, rows) if (said := self._in_words(row))])
            for title in GROUPS
        ]
        groups.insert(0, (_("Mouse with a key held"), with_keys_held(where)))
        if where & Workbench.CLOUD:
            groups.insert(0, (_("Mouse"), over_a_scan()))
        if where & Workbench.CT:
            groups.insert(0, (_("Mouse over a CT"), over_a_ct()))
        return [group for group in groups if group[1]]

    def show_keys(self) -> None:
        """Show the sheet of keys."""
        KeySheet(self.key_groups(), self._window).exec()
        self._window.activateWindow()
        self._window.fields.give_back()

    def show_palette(self) -> None:
        """Let the person find an action by typing."""
        Palette(self.findable(), self._window).exec()

    def findable(self) -> list[tuple[QAction, str, str]]:
        """Return (action, English title, where it belongs): a class and a tool may share a name."""
        menus = self._window.menus
        tools = [(action, title, _(TOOLS)) for action, title in self._window.tool_actions]
        return [*tools, *((menus[row.id], row.title, _kind(row)) for row in menus.rows())]

    def switch_language(self) -> None:
        """Speak the other language from the next start on."""
        settings = self._window.settings
        spoken = settings.language or current_language()
        settings.language = LANGUAGES[1 - LANGUAGES.index(spoken)]
        settings.save()
        QMessageBox.information(
            self._window,
            "中文 / English",
            "下次启动时使用新的语言。\nThe new language is used from the next start on.",
        )

    def about(self) -> None:
        """Say what this program is."""
        QMessageBox.about(
            self._window,
            _("About Annotator"),
            _("Annotator {version}\n\nFor research and annotation, not for diagnosis.").format(
                version=__version__
            ),
        )

    def _in_words(self, row: Action) -> tuple[str, str] | None:
        """Return a row's keys and what they do; None for a class that the item does not have."""
        if row.id not in self._window.menus:
            return key_words(row.keys), _(row.title)
        action = self._window.menus[row.id]
        is_there = action.isVisible() or not row.id.startswith(_CLASS)
        return (key_words(row.keys), action.text()) if is_there else None


def _kind(row: Action) -> str:
    return _("Class") if row.id.startswith(_CLASS) else _(row.menu)
