"""Somebody new is told three steps, until they are done or dismissed."""

import shutil
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from annotator.app.settings import Settings
from annotator.app.workspace import Workspace
from annotator.commands.foci import mark_focus
from annotator.model.annotations import Annotation
from annotator.model.edits import Put
from annotator.model.items import Status
from annotator.model.shapes import Box3D
from annotator.views.main_window import MainWindow
from tests.gui.conftest import Opened

SCAN = Path(__file__).parents[2] / "sample_data" / "garage" / "scans" / "000000.pcd"
CHEST = Path(__file__).parents[2] / "sample_data" / "chest" / "B30f"
LONG_MS = 60_000


@pytest.fixture
def window(opened: Opened, tmp_path: Path) -> MainWindow:
    return opened(Path(shutil.copy(SCAN, tmp_path)))


def said(window: MainWindow) -> list[str]:
    return [label.text() for label in window.first_steps.findChildren(QLabel)]


def test_what_comes_next_is_said_whole_and_what_is_done_is_ticked(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    assert said(window)[0] == "✓  Open"
    assert said(window)[1].startswith("2  Label: choose a tool")
    assert window.workspace.session is not None

    window.workspace.session.do(Put(Annotation("car", Box3D((1, 2, 3), (4, 2, 1.5)))), "draw")
    qtbot.waitUntil(lambda: said(window)[1] == "✓  Label")
    assert said(window)[2].startswith("3  Export with Ctrl+E")

    window.file_menu.write("native", tmp_path / "labels.json")
    qtbot.waitUntil(window.first_steps.isHidden, timeout=LONG_MS)
    assert not Settings.load().shows_first_steps


def test_over_a_ct_candidates_come_first_and_wheel_and_right_drag_are_told(opened: Opened) -> None:
    window = opened(CHEST)

    assert "decides the candidates" in said(window)[1]
    assert said(window)[1].endswith("wheel: slices · right drag: window")


def test_a_ct_is_labelled_once_it_is_closed_and_then_only_the_export_is_left(
    qtbot: QtBot, opened: Opened
) -> None:
    window = opened(CHEST)
    session = window.workspace.session
    assert session is not None
    mark = mark_focus(session.document, np.array([5]), "calcification")

    session.do(mark, "Mark focus")
    qtbot.waitUntil(window.menus["edit.undo"].isEnabled)
    assert "once all are decided Ctrl+Enter closes the scan" in said(window)[1]
    assert said(window)[2] == "3  Export"
    window.workspace.set_status(Status.DONE)

    qtbot.waitUntil(lambda: said(window)[1] == "✓  Label")
    assert said(window)[2] == "3  Export with Ctrl+E; every step is saved as you make it"


def test_dismissed_it_is_gone_for_ever(qtbot: QtBot, window: MainWindow) -> None:
    assert window.first_steps.isVisible()

    window.first_steps.findChildren(QPushButton)[0].click()

    assert window.first_steps.isHidden()
    again = MainWindow(Workspace("annotator"), Settings.load())
    qtbot.addWidget(again)
    assert not again.settings.shows_first_steps
    again.close()


def test_somebody_with_nothing_to_open_is_offered_the_sample(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sample_data" / "garage").mkdir(parents=True)
    shutil.copy(SCAN, tmp_path / "sample_data" / "garage" / "sample.pcd")

    window.file_menu.open_sample()

    qtbot.waitUntil(
        lambda: [item.name for item in window.workspace.items()] == ["garage/sample.pcd"],
        timeout=LONG_MS,
    )
    qtbot.waitUntil(lambda: not window.background.is_busy(), timeout=LONG_MS)
