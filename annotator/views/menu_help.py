"""What the Help menu does."""

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QMessageBox

from annotator import __version__
from annotator.app.actions import MENUS, Workbench, in_menu
from annotator.i18n import LANGUAGES, current_language
from annotator.i18n import gettext as _
from annotator.views.dialogs.keys import KeySheet, shown
from annotator.views.dialogs.palette import Palette
from annotator.views.dialogs.plugins import PluginsDialog

if TYPE_CHECKING:
    from annotator.views.main_window import MainWindow


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
        tools = self._window.workbench.tools if self._window.workbench else ()
        groups = [(_("Tools"), [(shown((t.key,)), _(t.title)) for t in tools if t.key])]
        menus, where = self._window.menus, self._window.where
        if where is Workbench.NONE:  # nothing is open: show what there will be
            where = Workbench.ALWAYS
        rows = [row for row in menus.rows() if row.keys and row.where & where]
        for menu in MENUS:
            offered = [row for row in in_menu(menu, rows) if menus[row.id].isVisible()]
            groups.append((_(menu), [(shown(row.keys), menus[row.id].text()) for row in offered]))
        return [group for group in groups if group[1]]

    def show_keys(self) -> None:
        """Show the sheet of keys."""
        KeySheet(self.key_groups(), self._window).exec()

    def show_palette(self) -> None:
        """Let the person find an action by typing."""
        menus = self._window.menus
        actions = [(menus[row.id], row.title) for row in menus.rows()]
        Palette([*self._window.tool_actions, *actions], self._window).exec()

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
