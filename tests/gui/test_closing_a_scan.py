"""Done and next asks whether a chest is explained; it never stands in the way."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from annotator.app.settings import Settings
from annotator.app.workspace import Workspace
from annotator.model.items import Status
from annotator.views.application import application
from annotator.views.candidate_rail import CandidateRail
from annotator.views.ct_workbench import CtWorkbench
from annotator.views.main_window import MainWindow

CHEST = Path(__file__).parents[2] / "sample_data" / "chest" / "B30f"
LONG_MS = 60_000


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MainWindow]:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    settings = Settings(language="en")
    application(settings)
    folder = tmp_path / "chest"
    shutil.copytree(CHEST, folder)
    shown = MainWindow(Workspace("annotator"), settings)
    qtbot.addWidget(shown)
    shown.show()
    shown.open_path(folder)
    qtbot.waitUntil(
        lambda: shown.workspace.session is not None and not shown.background.is_busy(),
        timeout=LONG_MS,
    )
    yield shown
    shown.close()


def rail_of(window: MainWindow) -> CandidateRail:
    assert isinstance(window.workbench, CtWorkbench)
    return window.workbench.widget.rail


def status_of(window: MainWindow) -> Status:
    (item,) = window.workspace.items()
    return item.status


def test_a_chest_is_done_when_each_candidate_is_decided(qtbot: QtBot, window: MainWindow) -> None:
    rail = rail_of(window)

    window.menus["file.close"].trigger()
    qtbot.waitUntil(lambda: "still open" in rail.words(), timeout=LONG_MS)
    assert status_of(window) is not Status.DONE
    assert rail.words().startswith("13 ")
    for _candidate in range(13):
        rail.accept()
    window.menus["file.close"].trigger()

    assert status_of(window) is Status.DONE


def test_a_chest_can_be_closed_with_candidates_left(qtbot: QtBot, window: MainWindow) -> None:
    rail = rail_of(window)
    window.menus["file.close"].trigger()
    qtbot.waitUntil(lambda: "still open" in rail.words(), timeout=LONG_MS)

    rail.close_anyway.emit()

    assert status_of(window) is Status.DONE
