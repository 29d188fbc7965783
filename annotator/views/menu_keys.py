"""What Edit does about keys: lets a person choose them, and uses them everywhere at once."""

from typing import TYPE_CHECKING

from annotator.app.keymap import Keymap, in_use
from annotator.views.dialogs.keymap import KeymapDialog
from annotator.views.key_events import use_keys
from annotator.views.theme import theme_named

if TYPE_CHECKING:
    from annotator.views.main_window import MainWindow


class KeysMenu:
    """Lets a person choose keys; they are kept for the next start."""

    def __init__(self, window: "MainWindow") -> None:
        self._window = window
        window.menus.bind("edit.keys", window.guarded(self.ask))

    def ask(self) -> None:
        """Show every action with its keys, and take what was chosen."""
        theme = theme_named(self._window.settings.theme)
        dialog = KeymapDialog(in_use(), self._window, theme=theme, where=self._window.where)
        if dialog.exec():
            self.take(dialog.keymap)

    def take(self, keymap: Keymap) -> None:
        """Listen to other keys from now on, here and at the next start."""
        use_keys(keymap)
        window = self._window
        window.settings.preset, window.settings.keys = keymap.preset, dict(keymap.own)
        window.settings.save()
        window.menus.use_keys(keymap.rows)
        window.name_keys()
