"""The panels around the view: each is reached by one tab, in one place."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QTabBar
from pytestqt.qtbot import QtBot

from annotator.app.settings import Settings
from annotator.app.workspace import Workspace
from annotator.views.main_window import MainWindow


def test_no_tab_is_shown_twice(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    window = MainWindow(Workspace("annotator"), Settings(language="en"))
    qtbot.addWidget(window)

    window.show()
    qtbot.waitUntil(lambda: len(shown_bars(window)) >= 2)

    tabs = [bar.tabText(number) for bar in shown_bars(window) for number in range(bar.count())]
    assert sorted(tabs) == sorted(set(tabs))


def shown_bars(window: MainWindow) -> list[QTabBar]:
    return [bar for bar in window.findChildren(QTabBar) if bar.isVisible()]
