"""How the window and its panels lie, from one start to the next."""

from PySide6.QtCore import QByteArray, QTimer
from PySide6.QtWidgets import QMainWindow

from annotator.app.settings import Settings
from annotator.views.docks import LAYOUT_VERSION, Docks

_FIRST_PX = (1440, 900)


class WindowLayout:
    """Lays the window as a person left it; the first time, as it is usual."""

    def __init__(self, window: QMainWindow, docks: Docks, settings: Settings) -> None:
        self._window, self._docks, self._settings = window, docks, settings

    def restore(self) -> None:
        """Lay the window and its panels as they lay at the end."""
        self._window.resize(*_FIRST_PX)
        self._window.restoreGeometry(_bytes(self._settings.geometry))
        self._window.restoreState(_bytes(self._settings.layout), LAYOUT_VERSION)

    def begin(self) -> None:
        """Give panels their usual widths soon, once: then they lie as a person lays them."""
        if not self._settings.layout:
            QTimer.singleShot(0, self._window, self._lay_panels)

    def keep(self) -> None:
        """Note how all lies now."""
        self._keep_panels()
        self._settings.geometry = _text(self._window.saveGeometry())

    def _lay_panels(self) -> None:
        self._docks.take_usual_widths()
        self._keep_panels()

    def _keep_panels(self) -> None:
        self._settings.layout = _text(self._docks.layout())


def _bytes(kept: str) -> QByteArray:
    return QByteArray(bytes.fromhex(kept))


def _text(said: QByteArray) -> str:
    return bytes(said.data()).hex()
