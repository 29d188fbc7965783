"""Instances of points in the real window: menus, the list, keys, and boxes around them."""

import shutil
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton, QTreeWidget
from pytestqt.qtbot import QtBot

from annotator.app.session import Session
from annotator.commands.points import paint_instance
from annotator.geometry.projection import StandardView
from annotator.model.annotations import Annotation
from annotator.model.edits import Put
from annotator.model.labels import GARAGE
from annotator.model.layers import Where
from annotator.model.shapes import Box3D
from annotator.views.cloud.box_pane import BoxPane
from annotator.views.cloud.cloud_view import CloudView
from annotator.views.cloud.cloud_workbench import CloudWorkbench
from annotator.views.main_window import MainWindow
from tests.gui.conftest import Opened

GARAGE_FOLDER = Path(__file__).parents[2] / "sample_data" / "garage"
LONG_MS = 60_000
CAR = GARAGE["car"].value


@pytest.fixture
def window(qtbot: QtBot, opened: Opened, tmp_path: Path) -> MainWindow:
    (tmp_path / "scans").mkdir()
    shutil.copy(GARAGE_FOLDER / "scans" / "000005.pcd", tmp_path / "scans")
    shown = opened(tmp_path / "scans")
    view = view_of(shown)
    qtbot.waitUntil(lambda: view.scene.survey is not None, timeout=LONG_MS)
    return shown


def view_of(window: MainWindow) -> CloudView:
    assert isinstance(window.workbench, CloudWorkbench)
    return window.workbench.view


def rows_of(instance: int) -> Where:
    """Rows of a true object of the sample's sixth scan."""
    both = np.fromfile(GARAGE_FOLDER / "labels" / "000005.label", np.uint32)
    return np.flatnonzero(both >> 16 == instance).astype(np.int64)


def cars() -> list[int]:
    """The cars of which the scan shows most, first."""
    both = np.fromfile(GARAGE_FOLDER / "labels" / "000005.label", np.uint32)
    numbers, counts = np.unique(both[(both & 0xFFFF) == CAR] >> 16, return_counts=True)
    return [int(numbers[at]) for at in np.argsort(-counts) if numbers[at]]


def paint(window: MainWindow, rows: Where, instance: int) -> None:
    session = window.workspace.session
    assert session is not None
    edit = paint_instance(session.document, rows, GARAGE["car"], instance, taxonomy=GARAGE)
    session.do(edit, "Paint")


def counts(window: MainWindow) -> dict[int, int]:
    assert window.workspace.session is not None
    return window.workspace.session.document.instances().counts()


def steps(window: MainWindow) -> int:
    assert window.workspace.session is not None
    return len(window.workspace.session.steps())


def test_the_list_shows_the_whole_count_of_a_selected_instance(
    qtbot: QtBot, window: MainWindow
) -> None:
    paint(window, rows_of(cars()[0]), 1)
    tree = window.docks.points.findChild(QTreeWidget)
    assert isinstance(tree, QTreeWidget)
    qtbot.waitUntil(lambda: window.docks.points.listed() != {})
    tree.setHeaderLabels(["", ""])  # the column is as wide as its numbers, where its title is short
    of_class = tree.topLevelItem(0)
    assert of_class is not None
    row = of_class.child(0)
    assert row is not None

    def ink() -> int:
        """Return how many pixels of the count are bright."""
        at = tree.visualRect(tree.indexFromItem(row, 1)).adjusted(4, 2, 0, -2)
        image = tree.viewport().grab(at).toImage()
        places = [(x, y) for x in range(image.width()) for y in range(image.height())]
        return sum(image.pixelColor(x, y).lightness() > 150 for x, y in places)

    before = ink()
    window.workspace.selection.set_instances((1,))

    qtbot.waitUntil(row.isSelected)
    assert before > 0
    assert ink() >= before


def test_an_instance_whose_points_are_taken_back_is_selected_no_more_until_they_are_again(
    qtbot: QtBot, window: MainWindow
) -> None:
    first, second = cars()[:2]
    paint(window, rows_of(first), 1)
    paint(window, rows_of(second), 2)
    window.workspace.selection.set_instances((1, 2))
    qtbot.waitUntil(window.menus["edit.undo"].isEnabled)

    window.menus["edit.undo"].trigger()
    one_left = window.workspace.selection.instances
    window.menus["edit.undo"].trigger()
    none_left = window.workspace.selection.instances
    qtbot.waitUntil(window.menus["edit.redo"].isEnabled)
    window.menus["edit.redo"].trigger()

    assert (one_left, none_left) == ((1,), ())
    assert window.workspace.selection.instances == (1,)


def test_a_click_on_a_labelled_point_selects_its_instance_and_the_list_shows_it(
    qtbot: QtBot, window: MainWindow
) -> None:
    first, second = cars()[:2]
    paint(window, rows_of(first), 1)
    paint(window, rows_of(second), 2)
    view = view_of(window)
    view.steering.look_from(StandardView.TOP)
    view.settings.set(slab_m=(None, 0.5))
    qtbot.waitUntil(
        lambda: (
            view.picture is not None
            and view.picture.is_whole
            and view.picture.camera == view.camera
        ),
        timeout=LONG_MS,
    )
    window.choose_tool("select_box")
    places = view.camera.project(view.cloud.xyz_m[rows_of(second)], view.size_px())[0]
    row = next(
        pointer.row
        for x, y in places.tolist()
        if (pointer := view.pointer_at((x, y))).row in set(rows_of(second).tolist())
    )
    x, y = view.camera.project([view.cloud.xyz_m[row]], view.size_px())[0][0]

    QTest.mouseClick(
        view,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
        QPoint(round(x), round(y)),
    )

    assert window.workspace.selection.instances == (2,)
    listed = window.docks.points
    qtbot.waitUntil(lambda: listed.listed() == {1: len(rows_of(first)), 2: len(rows_of(second))})
    assert listed.isVisible()
    view.grab()


def test_merge_invert_grow_and_shrink_are_one_step_each(qtbot: QtBot, window: MainWindow) -> None:
    first, second = cars()[:2]
    paint(window, rows_of(first), 1)
    paint(window, rows_of(second), 2)
    window.workspace.selection.set_instances((1, 2))

    window.menus["points.merge"].trigger()
    qtbot.waitUntil(lambda: set(counts(window)) == {1})
    merged = counts(window)[1]
    window.menus["points.shrink"].trigger()
    qtbot.waitUntil(lambda: counts(window)[1] < merged)
    shrunk = counts(window)[1]
    window.menus["points.grow"].trigger()
    qtbot.waitUntil(lambda: counts(window)[1] > shrunk)

    assert merged == len(rows_of(first)) + len(rows_of(second))
    assert steps(window) == 5
    assert window.workspace.selection.instances == (1,)


def test_inverting_takes_the_free_points_that_are_seen(qtbot: QtBot, window: MainWindow) -> None:
    paint(window, rows_of(cars()[0]), 1)
    view = view_of(window)
    view.steering.look_from(StandardView.TOP)
    qtbot.waitUntil(
        lambda: (
            view.picture is not None
            and view.picture.is_whole
            and view.picture.camera == view.camera
        ),
        timeout=LONG_MS,
    )
    window.workspace.selection.set_instances((1,))
    before = set(rows_of(cars()[0]).tolist())

    window.menus["points.invert"].trigger()
    qtbot.waitUntil(lambda: steps(window) == 2)

    assert window.workspace.session is not None
    after = set(window.workspace.session.document.instances().where(1).tolist())
    assert len(after) > len(before)
    assert not after & before


def test_y_puts_a_box_around_the_instance_and_shift_y_labels_it_again(
    qtbot: QtBot, window: MainWindow
) -> None:
    rows = rows_of(cars()[0])
    paint(window, rows, 4)
    window.workspace.selection.set_instances((4,))
    session = window.workspace.session
    assert session is not None

    window.menus["points.box"].trigger()
    qtbot.waitUntil(lambda: len(session.document.annotations) == 1)
    (box,) = session.document.annotations.values()
    selected = window.workspace.selection.ids
    edit = paint_instance(session.document, rows[:20], GARAGE["wall"], 9, taxonomy=GARAGE)
    session.do(edit, "Paint")
    window.menus["points.inside"].trigger()

    assert box.attributes["instance"] == 4
    assert selected == (box.id,)
    assert set(counts(window)) == {4}


def test_the_number_keys_and_delete_speak_of_the_selected_instance(window: MainWindow) -> None:
    paint(window, rows_of(cars()[0]), 1)
    session = window.workspace.session
    assert session is not None
    window.choose_tool("select_box")
    window.workspace.selection.set_instances((1,))

    window.menus["class.2"].trigger()
    walls = len(session.document.semantic().where(GARAGE["wall"].value))
    window.menus["edit.delete"].trigger()

    assert walls == len(rows_of(cars()[0]))
    assert session.document.is_empty()
    assert window._toast.text() == "1 instance erased · Ctrl+Z brings it back"
    session.undo()
    assert set(counts(window)) == {1}


def test_what_needs_an_instance_says_so(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    monkeypatch.setattr(window, "say", said.append)

    for action, word in {
        "points.merge": "two instances",
        "points.invert": "one instance",
        "points.box": "one instance",
        "points.inside": "a box first",
    }.items():
        window.menus[action].trigger()
        assert word in said[-1]

    assert steps(window) == 0


def test_a_protected_class_loses_no_points(qtbot: QtBot, window: MainWindow) -> None:
    paint(window, rows_of(cars()[0]), 1)
    before = counts(window)
    view_of(window).settings.set(protected=frozenset({"car"}))
    window.workspace.selection.set_instances((1,))

    for action in ("points.shrink", "points.invert", "edit.delete"):
        window.menus[action].trigger()
    qtbot.wait(50)

    assert counts(window) == before
    assert steps(window) == 1


def test_only_the_instance_is_shown_and_everything_again(qtbot: QtBot, window: MainWindow) -> None:
    paint(window, rows_of(cars()[0]), 1)
    view = view_of(window)
    window.workspace.selection.set_instances((1,))

    window.menus["view.isolate"].trigger()
    alone = int(np.count_nonzero(view.shown_points.seen))
    window.menus["view.isolate"].trigger()

    assert len(rows_of(cars()[0])) <= alone < 2000
    assert not view.is_isolated


@pytest.mark.qt_log_ignore("plugin does not support (raise|grabbing)")
def test_the_menu_of_an_instance_offers_what_can_be_done_with_points(
    qtbot: QtBot, window: MainWindow
) -> None:
    paint(window, rows_of(cars()[0]), 1)
    view = view_of(window)
    window.workspace.selection.set_instances((1,))
    qtbot.waitUntil(lambda: len(view.hand.marked.rows) > 0)
    before = view.camera

    window.object_menu.show_at(QPoint(10, 10))
    offered = [action.text() for action in window.object_menu.menu.actions()]
    window.object_menu.menu.close()
    window.menus["view.fit"].trigger()

    assert "Box around the instance" in offered
    assert "Flip heading" not in offered
    assert view.camera.distance_m < before.distance_m


def boxed(qtbot: QtBot, window: MainWindow) -> Session:
    """Paint a car, and put a box around its points."""
    session = window.workspace.session
    assert session is not None
    paint(window, rows_of(cars()[0]), 1)
    window.workspace.selection.set_instances((1,))
    window.menus["points.box"].trigger()
    qtbot.waitUntil(lambda: len(session.document.annotations) == 1)
    return session


def test_the_least_number_of_points_of_a_class_is_kept_with_the_project(
    qtbot: QtBot, window: MainWindow
) -> None:
    session = boxed(qtbot, window)
    window.workspace.selection.choose("car")
    qtbot.waitUntil(lambda: window.docks.classes.least_points() == 10)

    window.docks.classes.ask_for(50_000)

    qtbot.waitUntil(lambda: len(view_of(window).painting.few) == 1)
    assert session.taxonomy["car"].minimum_points == 50_000
    assert "at least 50000" in next(iter(view_of(window).painting.few.values()))
    view_of(window).grab()


def test_a_box_is_marked_no_more_as_soon_as_its_class_asks_for_no_points(
    qtbot: QtBot, window: MainWindow
) -> None:
    session = boxed(qtbot, window)
    window.workspace.selection.set(tuple(session.document.annotations))
    window.workspace.selection.choose("car")
    window.docks.classes.ask_for(50_000)
    qtbot.waitUntil(lambda: len(view_of(window).painting.few) == 1)

    window.docks.classes.ask_for(0)

    qtbot.waitUntil(lambda: not view_of(window).painting.few)
    qtbot.waitUntil(
        lambda: (
            not any(
                "▲" in label.text() or "at least" in label.text()
                for label in window.docks.properties.findChildren(QLabel)
            )
        )
    )


def test_a_click_on_a_finding_selects_the_box_that_it_speaks_of(
    qtbot: QtBot, window: MainWindow
) -> None:
    session = window.workspace.session
    assert session is not None
    in_the_air = Annotation("car", Box3D((0, 0, 40), (4, 2, 1.5)))
    session.do(Put(in_the_air), "Draw box")
    findings = window.docks.findings
    qtbot.waitUntil(lambda: len(findings.findChildren(QPushButton)) == 1)

    findings.findChildren(QPushButton)[0].click()

    assert window.workspace.selection.ids == (in_the_air.id,)


def test_the_menu_tells_at_once_whether_painting_makes_instances(window: MainWindow) -> None:
    action = window.menus["points.instances"]

    action.trigger()
    on = action.isChecked()
    action.trigger()

    assert on
    assert not action.isChecked()


def test_labelling_the_points_in_a_box_says_how_many_until_painting_means_something_else(
    window: MainWindow,
) -> None:
    assert window.workspace.session is not None
    view = view_of(window)
    xyz = view.cloud.xyz_m[rows_of(cars()[0])]
    low, high = xyz.min(axis=0), xyz.max(axis=0)
    x, y, z = ((low + high) / 2).tolist()
    long, wide, tall = (high - low).tolist()
    box = Annotation("car", Box3D((x, y, z), (long, wide, tall)))
    window.workspace.session.do(Put(box), "Draw box")
    window.workspace.selection.set((box.id,))

    window.menus["points.inside"].trigger()
    said = view.hint()
    window.menus["points.instances"].trigger()
    QTest.qWait(50)

    assert "points labelled" in said
    assert "labelled" not in view.hint()


def test_panes_and_properties_say_what_selected_points_are_and_how_they_get_a_box(
    window: MainWindow, qtbot: QtBot
) -> None:
    rows = rows_of(cars()[0])
    paint(window, rows, 1)

    window.workspace.selection.set_instances((1,))

    def says_so() -> bool:
        texts = [label.text() for label in window.findChildren(QLabel)]
        return any(
            text.startswith(f"Car 1 · {len(rows):,} points\nPoints have no box · Y puts")
            for text in texts
        )

    qtbot.waitUntil(says_so)
    bench = window.workbench
    assert isinstance(bench, CloudWorkbench)
    panes = window.findChildren(BoxPane)
    qtbot.waitUntil(lambda: all("Points have no box" in pane._empty for pane in panes))
