"""What tests of windows wait for."""

from pytestqt.qtbot import QtBot

from annotator.views.main_window import MainWindow

LONG_MS = 60_000


def wait_until_open(qtbot: QtBot, window: MainWindow) -> None:
    """Wait until an item is open and nothing works beside the window any more."""
    qtbot.waitUntil(
        lambda: window.workspace.session is not None and not window.background.is_busy(),
        timeout=LONG_MS,
    )
