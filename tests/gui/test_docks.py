"""The panels around the view: each is reached by one tab, in one place."""

import shutil
from pathlib import Path

import pytest
from PySide6.QtWidgets import QDockWidget, QTabBar
from pytestqt.qtbot import QtBot

from annotator.app.settings import Settings
from annotator.app.workspace import Workspace
from annotator.views.docks import LAYOUT_VERSION
from annotator.views.main_window import MainWindow
from tests.gui.conftest import SAMPLES, Opened


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


@pytest.mark.parametrize("is_all_hidden", [False, True])
def test_how_points_are_drawn_is_asked_beside_points_only(
    qtbot: QtBot, opened: Opened, tmp_path: Path, *, is_all_hidden: bool
) -> None:
    window = opened(SAMPLES / "chest" / "B30f")
    qtbot.waitUntil(lambda: "Display" not in titles(window))
    if is_all_hidden:
        window.docks.set_visible(False)
    kept = window.docks.layout()
    qtbot.waitUntil(lambda: "Display" not in titles(window))

    scan = SAMPLES / "garage" / "scans" / "000000.pcd"
    opened(Path(shutil.copy(scan, tmp_path)))
    window.docks.set_visible(True)

    qtbot.waitUntil(lambda: "Display" in titles(window))
    (bar,) = (bar for bar in shown_bars(window) if "Display" in texts(bar))
    assert bar.tabText(bar.currentIndex()) == "Classes"
    frame = window.docks.display.parentWidget()
    assert isinstance(frame, QDockWidget)
    frame.hide()
    window.restoreState(kept, LAYOUT_VERSION)
    assert not frame.isHidden()


def texts(bar: QTabBar) -> list[str]:
    return [bar.tabText(number) for number in range(bar.count())]


def titles(window: MainWindow) -> list[str]:
    return [text for bar in shown_bars(window) for text in texts(bar)]


def shown_bars(window: MainWindow) -> list[QTabBar]:
    return [bar for bar in window.findChildren(QTabBar) if bar.isVisible()]
