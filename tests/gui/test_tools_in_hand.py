"""The tool in hand: its icon, that it stays, and what the number keys mean to it."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from annotator.app.settings import Settings
from annotator.app.workspace import Workspace
from annotator.model.annotations import Annotation
from annotator.model.edits import Put
from annotator.model.shapes import Box3D
from annotator.tools.cloud_tools import CLOUD_TOOLS
from annotator.tools.image_tools import IMAGE_TOOLS
from annotator.views.application import application
from annotator.views.icons import is_drawn
from annotator.views.main_window import MainWindow

SCANS = Path(__file__).parents[2] / "sample_data" / "garage" / "scans"
LONG_MS = 60_000


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MainWindow]:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    data = tmp_path / "scans"
    data.mkdir()
    for name in ("000000.pcd", "000001.pcd"):
        shutil.copy(SCANS / name, data / name)
    settings = Settings(language="en")
    application(settings)
    shown = MainWindow(Workspace("annotator"), settings)
    qtbot.addWidget(shown)
    shown.show()
    shown.open_path(data)
    wait_until_open(qtbot, shown)
    yield shown
    shown.close()


def wait_until_open(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.waitUntil(
        lambda: window.workspace.session is not None and not window.background.is_busy(),
        timeout=LONG_MS,
    )


def put_selected_car(window: MainWindow) -> Annotation:
    assert window.workspace.session is not None
    car = Annotation("car", Box3D((1.0, 2.0, 0.7), (4.5, 1.8, 1.4)))
    window.workspace.session.do(Put(car), "Fit box")
    window.workspace.selection.set((car.id,))
    return car


def label_of(window: MainWindow, annotation: Annotation) -> str:
    assert window.workspace.session is not None
    return window.workspace.session.document.annotations[annotation.id].label


def test_every_tool_has_an_icon_of_its_own() -> None:
    tools = (*CLOUD_TOOLS, *IMAGE_TOOLS)

    assert [tool.id for tool in tools if not is_drawn(tool.id)] == []


def test_the_tool_in_hand_stays_from_item_to_item(qtbot: QtBot, window: MainWindow) -> None:
    first = window.workspace.current_id
    window.choose_tool("one_click_box")

    window.menus["file.next_item"].trigger()
    qtbot.waitUntil(lambda: window.workspace.current_id not in {None, first}, timeout=LONG_MS)

    assert window.tool_in_hand == "one_click_box"


def test_a_number_key_gives_the_selected_object_another_class(window: MainWindow) -> None:
    car = put_selected_car(window)

    window.menus["class.1"].trigger()

    assert label_of(window, car) == "pillar"


def test_a_number_key_leaves_what_a_drawing_tool_just_made_alone(window: MainWindow) -> None:
    window.choose_tool("one_click_box")
    car = put_selected_car(window)

    window.menus["class.1"].trigger()

    assert label_of(window, car) == "car"
    assert window.workspace.selection.label == "pillar"
