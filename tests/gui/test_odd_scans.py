"""Scans that are hardly scans: what the window says of them, and that nothing breaks."""

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from annotator.geometry.projection import StandardView
from annotator.model.labels import GARAGE
from annotator.model.shapes import Box3D
from annotator.tools.cloud_tools import CLOUD_TOOLS
from annotator.views.cloud.cloud_view import CloudView
from annotator.views.cloud.cloud_workbench import CloudWorkbench
from annotator.views.main_window import MainWindow
from tests.pictures import share_covered

LONG_MS = 60_000
FAR_M = (4_000_000.0, 4_000_000.0, 30.0)
EMPTY_PCD = """# .PCD v0.7
VERSION 0.7
FIELDS x y z
SIZE 4 4 4
TYPE F F F
COUNT 1 1 1
WIDTH 0
HEIGHT 1
VIEWPOINT 0 0 0 1 0 0 0
POINTS 0
DATA ascii
"""


def garage() -> npt.NDArray[np.float64]:
    """A floor of 20 m with a car's two seen sides on it."""
    random = np.random.default_rng(0)
    floor = np.column_stack([random.uniform(-10, 10, (40_000, 2)), random.normal(0, 0.01, 40_000)])
    rear = np.column_stack([np.full(800, -2.2), random.uniform((-0.9, 0.2), (0.9, 1.4), (800, 2))])
    left = random.uniform((-2.2, 0.2), (2.2, 1.4), (2000, 2))
    side = np.column_stack([left[:, 0], np.full(2000, 0.9), left[:, 1]])
    return np.concatenate([floor, rear, side])


def opened(qtbot: QtBot, window: MainWindow, path: Path) -> CloudView:
    window.open_path(path)
    qtbot.waitUntil(
        lambda: window.workspace.session is not None and not window.background.is_busy(),
        timeout=LONG_MS,
    )
    assert isinstance(window.workbench, CloudWorkbench)
    return window.workbench.view


def wait_until_drawn(qtbot: QtBot, view: CloudView) -> None:
    qtbot.waitUntil(
        lambda: (
            view.picture is not None
            and view.picture.is_whole
            and view.picture.camera == view.camera
            and view.scene.survey is not None
        ),
        timeout=LONG_MS,
    )


def click(view: CloudView, at_px: tuple[float, float]) -> None:
    place = QPoint(round(at_px[0]), round(at_px[1]))
    QTest.mouseMove(view, place)
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)


def place_px(view: CloudView, place_m: tuple[float, float, float]) -> tuple[float, float]:
    x, y = view.camera.project([place_m], view.size_px())[0][0].tolist()
    return (x, y)


def test_an_empty_scan_opens_and_every_click_gets_an_answer(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    path = tmp_path / "scans" / "empty.pcd"
    path.parent.mkdir()
    path.write_text(EMPTY_PCD, "utf-8")

    view = opened(qtbot, window, path)
    answers = {}
    for tool in CLOUD_TOOLS[1:]:
        window.choose_tool(tool.id)
        click(view, (200, 200))
        answers[tool.id] = view.hint()
        assert view.hint() != view.tool.hint(), tool.id

    assert window.workspace.session is not None
    assert window.workspace.session.document.is_empty()
    assert "no point" in answers["one_click_box"]


def test_an_empty_file_is_refused_with_a_sentence(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    path = tmp_path / "empty.bin"
    path.write_bytes(b"")

    window.open_path(path)
    qtbot.waitUntil(
        lambda: any("it is empty" in said.text() for said in window.findChildren(QLabel)),
        timeout=LONG_MS,
    )

    assert window.workspace.session is None


def test_points_in_one_spot_are_seen_and_can_be_pointed_at(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    path = tmp_path / "spot.npy"
    np.save(path, np.tile(np.array([[3, 4, 1]], np.float32), (2000, 1)))

    view = opened(qtbot, window, path)
    wait_until_drawn(qtbot, view)
    pointer = view.pointer_at(place_px(view, (3, 4, 1)))

    assert view.picture is not None
    assert share_covered(view.picture.entries) > 0
    assert pointer.at_m == (3, 4, 1)


def test_a_scan_without_one_coordinate_says_so_instead_of_nothing(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    path = tmp_path / "nan.npy"
    np.save(path, np.full((500, 3), np.nan, np.float32))

    view = opened(qtbot, window, path)
    wait_until_drawn(qtbot, view)
    view.grab()
    click(view, (200, 200))

    assert view.painting.says_blank
    assert view.pointer_at((200, 200)).row is None


def test_at_map_coordinates_a_click_fits_as_it_does_anywhere(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    path = tmp_path / "far.npy"
    np.save(path, garage() + FAR_M)

    view = opened(qtbot, window, path)
    view.steering.look_from(StandardView.TOP)
    wait_until_drawn(qtbot, view)
    window.workspace.selection.choose("car")
    window.choose_tool("one_click_box")
    qtbot.waitUntil(lambda: view.scene.label == "car")
    click(view, place_px(view, (FAR_M[0] - 1, FAR_M[1] + 0.9, FAR_M[2] + 1.4)))

    assert window.workspace.session is not None
    document = window.workspace.session.document
    qtbot.waitUntil(lambda: len(document.annotations) == 1)
    (made,) = window.workspace.session.document.annotations.values()
    assert isinstance(made.shape, Box3D)
    np.testing.assert_allclose(np.subtract(made.shape.center_m, FAR_M)[:2], (0, 0), atol=0.25)


@pytest.mark.parametrize("tool", ["one_click_box", "grow_cluster", "pillar", "wall"])
def test_a_click_on_the_floor_and_one_on_nothing_are_answered_without_an_edit(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, tool: str
) -> None:
    path = tmp_path / "garage.npy"
    np.save(path, garage().astype(np.float32))
    view = opened(qtbot, window, path)
    view.steering.look_from(StandardView.TOP)
    wait_until_drawn(qtbot, view)
    window.choose_tool(tool)

    said = []
    for at_px in (place_px(view, (6, -6, 0)), (3.0, 3.0)):
        view.say("")
        click(view, at_px)
        qtbot.waitUntil(lambda: view.hand.is_warning)
        said.append(view.hint())

    assert window.workspace.session is not None
    assert window.workspace.session.document.is_empty()
    assert all(sentence and sentence != view.tool.hint() for sentence in said), said


def test_a_lasso_that_crosses_itself_is_one_edit_of_all_it_goes_around(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    path = tmp_path / "garage.npy"
    np.save(path, garage().astype(np.float32))
    view = opened(qtbot, window, path)
    view.steering.look_from(StandardView.TOP)
    wait_until_drawn(qtbot, view)
    window.workspace.selection.choose("floor")
    window.choose_tool("lasso_label")
    qtbot.waitUntil(lambda: view.scene.label == "floor")
    bow_tie = ((-8, -8, 0), (8, 8, 0), (8, -8, 0), (-8, 8, 0), (-8, -8, 0))
    places = [QPoint(*map(round, place_px(view, corner))) for corner in bow_tie]

    QTest.mousePress(view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, places[0])
    for place in places[1:]:
        QTest.mouseMove(view, place)
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, places[-1])

    session = window.workspace.session
    assert session is not None
    qtbot.waitUntil(lambda: len(session.steps()) == 1)
    xyz = view.cloud.xyz_m[session.document.semantic().where(GARAGE["floor"].value)]
    for x, is_in in ((-6, True), (6, True)):
        assert (np.hypot(xyz[:, 0] - x, xyz[:, 1]) < 0.5).any() == is_in
    assert not (np.hypot(xyz[:, 0], xyz[:, 1] - 6) < 0.5).any()
