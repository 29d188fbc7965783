"""What the View menu does about who draws."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtGui import QActionGroup

from annotator.app.renderers.choosing import Wanted, choices_folder, try_again
from annotator.i18n import gettext as _

if TYPE_CHECKING:
    from annotator.views.main_window import MainWindow


class RendererMenu:
    """Lets a person choose who draws scans, keeps it, and says who does."""

    def __init__(self, window: "MainWindow") -> None:
        self._window = window
        self._group = QActionGroup(window)
        self._is_asked = False
        for wanted in Wanted:
            action_id = f"renderer.{wanted.value}"
            window.menus.bind(action_id, window.guarded(partial(self.choose, wanted)))
            self._group.addAction(window.menus[action_id])
        window.menus[f"renderer.{window.look.renderer.value}"].setChecked(True)
        window.look.drawn_by_changed.connect(self._say)

    def choose(self, wanted: Wanted) -> None:
        """Draw another way, now and at the next start."""
        self._window.settings.renderer = wanted.value
        self._is_asked = True
        if wanted is Wanted.OPEN3D:
            try_again(choices_folder())
        self._window.look.choose_renderer(wanted)

    def _say(self, name: str) -> None:
        self._window.status.show_renderer(_in_words(name))
        if not self._is_asked:
            return
        self._is_asked = False
        if self._window.look.renderer is Wanted.OPEN3D and name != Wanted.OPEN3D:
            self._window.say(_("Open3D cannot draw on this computer; the processor goes on"))
        else:
            self._window.say(_("{who} draws").format(who=_in_words(name)))


def _in_words(name: str) -> str:
    return _("Open3D") if name == Wanted.OPEN3D else _("Processor")
