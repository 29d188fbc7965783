"""The tool in hand: its icon, that it stays, and what the number keys mean to it."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QImage, QMouseEvent
from PySide6.QtWidgets import QApplication, QComboBox
from pytestqt.qtbot import QtBot

from annotator.model.annotations import Annotation
from annotator.model.edits import Drop, Put
from annotator.model.shapes import Box3D, Polygon3D, Polyline3D
from annotator.tools.cloud_tools import CLOUD_TOOLS
from annotator.tools.contour import DrawContour, Proposed
from annotator.tools.image_tools import IMAGE_TOOLS
from annotator.tools.one_click_box import OneClickBox
from annotator.tools.tool import CLEAR, Pointer, Preview, Reply
from annotator.views.cloud.cloud_workbench import CloudWorkbench
from annotator.views.icons import icon
from annotator.views.main_window import MainWindow
from tests.gui.conftest import Opened

SCANS = Path(__file__).parents[2] / "sample_data" / "garage" / "scans"
LONG_MS = 60_000


@pytest.fixture
def window(opened: Opened, tmp_path: Path) -> MainWindow:
    (tmp_path / "scans").mkdir()
    for name in ("000000.pcd", "000001.pcd"):
        shutil.copy(SCANS / name, tmp_path / "scans" / name)
    return opened(tmp_path / "scans")


def put_selected_car(window: MainWindow) -> Annotation:
    assert window.workspace.session is not None
    car = Annotation("car", Box3D((1.0, 2.0, 0.7), (4.5, 1.8, 1.4)))
    window.workspace.session.do(Put(car), "Fit box")
    window.workspace.selection.set((car.id,))
    return car


def label_of(window: MainWindow, annotation: Annotation) -> str:
    assert window.workspace.session is not None
    return window.workspace.session.document.annotations[annotation.id].label


def drawn(name: str) -> QImage:
    return icon(name, "#ffffff").pixmap(20).toImage()


def test_every_tool_has_an_icon_of_its_own(qapp: QApplication) -> None:
    tools = (*CLOUD_TOOLS, *IMAGE_TOOLS)

    assert [tool.id for tool in tools if drawn(tool.id) == drawn("unknown")] == []


def test_the_tip_of_a_tool_says_what_a_click_of_it_does(window: MainWindow) -> None:
    tools = {action.objectName(): action for action, _title in window.tool_actions}

    tools["tool.one_click_box"].hover()
    fit = tools["tool.one_click_box"].toolTip()
    for action in tools.values():
        action.hover()

    assert fit == "One-click box  B\nClick an object to fit a box"
    assert [name for name, action in tools.items() if "\n" not in action.toolTip()] == []


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
    assert window._toast.text() == "Car is a Pillar now · Ctrl+Z takes it back"


def test_neither_a_number_key_nor_properties_make_a_wall_a_pillar(
    qtbot: QtBot, window: MainWindow
) -> None:
    session = window.workspace.session
    assert session is not None
    wall = Annotation("wall", Polyline3D(((0, 0, 0), (36, 0, 0)), 2.8, 0.2))
    session.do(Put(wall), "Add wall")
    window.workspace.selection.set((wall.id,))

    window.menus["class.1"].trigger()

    assert label_of(window, wall) == "wall"
    assert window._toast.text().startswith("A wall cannot be of the class Pillar")

    def offered() -> list[str]:
        choice = window.docks.properties.findChild(QComboBox, "class")
        assert isinstance(choice, QComboBox)
        return [choice.itemData(at) for at in range(choice.count())]

    qtbot.waitUntil(lambda: window.docks.properties.findChild(QComboBox, "class") is not None)
    assert "wall" in offered()
    assert "pillar" not in offered()


def test_what_is_said_of_what_a_click_selects_stays(qtbot: QtBot, window: MainWindow) -> None:
    car = put_selected_car(window)
    window.workspace.selection.set(())
    bench = window.workbench
    assert isinstance(bench, CloudWorkbench)
    hand = bench.view.hand

    hand.take(Reply(preview=CLEAR, select=(car.id,), hint="This is labelled already"))
    qtbot.wait(50)

    assert hand.hint() == "This is labelled already"
    hand.choose("select_box")
    assert hand.hint() != "This is labelled already"


def test_what_was_deleted_while_it_was_dragged_stays_deleted(
    qtbot: QtBot, window: MainWindow
) -> None:
    car = put_selected_car(window)
    session, bench = window.workspace.session, window.workbench
    assert session is not None
    assert isinstance(bench, CloudWorkbench)
    hand = bench.view.hand
    moved = replace(car, shape=Box3D((3.0, 2.0, 0.7), (4.5, 1.8, 1.4)))

    hand.take(Reply(preview=Preview(annotations=(moved,))))
    session.do(Drop(car.id), "Delete")
    hand.take(Reply(preview=Preview(annotations=(moved,))))
    hand.take(Reply(preview=CLEAR, edit=Put(moved), text="Move"))

    assert car.id not in session.document.annotations
    assert hand.hint() == "The objects were changed meanwhile, so nothing was done"


def test_a_tool_that_is_taken_over_an_object_shows_at_once_what_a_click_would_do(
    qtbot: QtBot, window: MainWindow
) -> None:
    bench = window.workbench
    assert isinstance(bench, CloudWorkbench)
    view = bench.view
    asked: list[Pointer] = []

    class Rested(OneClickBox):
        def rest(self, pointer: Pointer) -> Reply:
            asked.append(pointer)
            return Reply()

    window.choose_tool("measure")
    at, none = QPointF(200, 150), Qt.MouseButton.NoButton
    held = Qt.KeyboardModifier.NoModifier
    moved = QMouseEvent(QEvent.Type.MouseMove, at, view.mapToGlobal(at), none, none, held)
    QApplication.sendEvent(view, moved)
    qtbot.wait(300)
    window.choose_tool("one_click_box")
    view.hand.tool = Rested(view.scene)

    qtbot.waitUntil(lambda: bool(asked))
    assert asked[0].at_px == (200, 150)


def test_a_number_key_leaves_what_a_drawing_tool_just_made_alone(window: MainWindow) -> None:
    window.choose_tool("one_click_box")
    car = put_selected_car(window)

    window.menus["class.1"].trigger()

    assert label_of(window, car) == "car"
    assert window.workspace.selection.label == "pillar"


def test_that_a_contour_was_taken_is_said_with_what_a_click_does_now(window: MainWindow) -> None:
    bench = window.workbench
    assert isinstance(bench, CloudWorkbench)
    bench.choose_tool("contour")
    tool = bench.view.tool
    assert isinstance(tool, DrawContour)
    outline = Annotation("movable", Polygon3D(((0, 0, 0), (1, 0, 0), (1, 1, 0))))
    tool._state = Proposed((0, 0, 0), outline)

    bench.choose_tool("one_click_box")

    assert bench.view.hint().startswith("The contour was taken · Click an object")
    assert bench.view.scene.document.annotations[outline.id].shape == outline.shape
