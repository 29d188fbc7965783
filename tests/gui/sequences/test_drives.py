"""Drives are opened in the window: damaged ones, several, and one after the other."""

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QStyle, QStyleOptionSpinBox
from pytestqt.qtbot import QtBot

from annotator.app.data import context_of, only_candidate
from annotator.app.selection import Selection
from annotator.app.session import Session
from annotator.app.settings import Settings
from annotator.app.workspace import Workspace
from annotator.model.annotations import Annotation
from annotator.model.document import Document
from annotator.model.edits import Batch, Put
from annotator.model.items import Status
from annotator.model.shapes import Polygon3D
from annotator.tools.contour import DrawContour, Proposed
from annotator.tools.tool import Reply
from annotator.views.application import application
from annotator.views.cloud.cloud_workbench import CloudWorkbench
from annotator.views.main_window import MainWindow
from tests.gui.conftest import Opened
from tests.gui.sequences.conftest import FOLDER, do, drive_of, label, steering_of, true_box


@pytest.fixture
def drive_without_its_first_scan(tmp_path: Path) -> Path:
    folder = tmp_path / "drive"
    folder.mkdir()
    for number in range(3):
        name = f"{number:06d}.pcd"
        (folder / name).write_bytes((FOLDER / "scans" / name).read_bytes())
    lines = (FOLDER / "poses.txt").read_text().splitlines(keepends=True)[:3]
    (folder / "poses.txt").write_text("".join(lines))
    whole = (folder / "000000.pcd").read_bytes()
    (folder / "000000.pcd").write_bytes(whole[: len(whole) // 2])
    return folder


def test_the_window_leads_through_a_drive_by_its_menu(
    qtbot: QtBot, opened: Opened, tmp_path: Path
) -> None:
    window = opened(drive_of("scans", tmp_path / "drive"))
    bench = window.workbench
    assert isinstance(bench, CloudWorkbench)

    window.menus["sequence.next"].trigger()

    qtbot.waitUntil(lambda: bench.view.scene.frame == 1)
    window.menus["sequence.carry_on"].trigger()


def test_space_goes_from_scan_to_scan_and_only_the_last_says_that_all_are_done(
    qtbot: QtBot, opened: Opened, tmp_path: Path
) -> None:
    window = opened(drive_of("scans_radar", tmp_path / "drive"))
    bench = window.workbench
    assert isinstance(bench, CloudWorkbench)

    window.menus["file.done"].trigger()
    assert window._toast.text() == "Scan 1 is done · now scan 2 of 12 · Shift+A goes back"
    window.menus["file.not_done"].trigger()
    assert window._toast.text() == (
        "Scan 2 is not done; Shift+A goes back to scan 1 to take it back there"
    )
    qtbot.waitUntil(lambda: window.menus["file.done"].text() == "Scan done and next")
    assert bench.panes.isVisible()
    assert window._toast.geometry().bottom() < bench.panes.mapTo(window, QPoint(0, 0)).y()
    for _scan in range(10):
        window.menus["file.done"].trigger()

    assert steering_of(bench).current.is_last
    assert window.workspace.items()[0].status is not Status.DONE
    assert bench.view.hand.hint() == "The last scan · Space says that all are done"
    qtbot.waitUntil(lambda: window.menus["file.done"].text() == "All done and next")
    window.menus["file.done"].trigger()
    assert window.workspace.items()[0].status is Status.DONE
    assert window._toast.text().startswith("“drive” is done · Ctrl+Shift+")
    window.menus["file.not_done"].trigger()
    assert window.workspace.items()[0].status is Status.IN_PROGRESS


def test_what_was_said_of_an_item_goes_when_another_is_opened(
    qtbot: QtBot, opened: Opened, tmp_path: Path
) -> None:
    for name in ("one", "two"):
        drive_of("scans_radar", tmp_path / "drives" / name)
    window = opened(tmp_path / "drives")
    toast = window._toast

    window.say("An object of this item was deleted")
    window.menus["file.next_item"].trigger()

    assert not toast.isVisibleTo(window)
    window.say("The second item cannot be opened", stays=True)
    window.menus["file.previous_item"].trigger()
    assert toast.isVisibleTo(window)


def test_that_an_item_is_done_is_said_while_the_next_one_is_opened(
    qtbot: QtBot, opened: Opened, tmp_path: Path
) -> None:
    for name in ("one", "two"):
        drive_of("scans_radar", tmp_path / "drives" / name)
    window = opened(tmp_path / "drives")
    window.menus["sequence.last"].trigger()

    window.menus["file.done"].trigger()

    assert window._toast.isVisibleTo(window)
    assert window._toast.text().startswith("“one” is done")
    qtbot.waitUntil(lambda: window.workspace.current_id == window.workspace.items()[1].id)
    assert window._toast.isVisibleTo(window)


def test_a_click_on_the_arrow_of_a_number_leaves_the_keys_to_the_view(
    qtbot: QtBot, opened: Opened, tmp_path: Path
) -> None:
    window = opened(drive_of("scans_radar", tmp_path / "drive"))
    bench = window.workbench
    assert isinstance(bench, CloudWorkbench)
    window.activateWindow()
    reach, option = steering_of(bench).timeline._reach, QStyleOptionSpinBox()
    reach.initStyleOption(option)
    up = QStyle.SubControl.SC_SpinBoxUp
    arrow = reach.style().subControlRect(QStyle.ComplexControl.CC_SpinBox, option, up, reach)
    reach.setFocus()
    qtbot.waitUntil(reach.hasFocus)

    QTest.mouseClick(reach, Qt.MouseButton.LeftButton, pos=arrow.center())

    assert steering_of(bench).current.reach == 1
    qtbot.waitUntil(bench.view.hasFocus)


def test_what_was_labelled_in_one_scan_says_how_it_holds_in_every_one(
    bench: CloudWorkbench, qtbot: QtBot
) -> None:
    bench.view.choose_tool("select_box")
    label(bench, true_box(0))
    qtbot.wait(20)
    alone = bench.view.hint()
    bench.view._selection.set(())
    bench.view.choose_tool("draw_box")
    made = Annotation("car", replace(true_box(0), center_m=(1, 2, 0.8)))
    bench.view.take(Reply(edit=Put(made), text="Draw box", select=(made.id,)))
    drawn = bench.view.hint()

    do(bench, "static")
    bench.view.say("", warning=False)

    keys = "T carries on to the next scan · Shift+S lets what stands still hold in every scan"
    assert alone.endswith(keys)
    assert drawn == keys
    assert "hold in every scan" not in bench.view.hint()


@pytest.mark.qt_log_ignore("plugin does not support (raise|grabbing)")
def test_the_menu_of_an_object_leads_it_to_other_scans(opened: Opened) -> None:
    window = opened(FOLDER)
    session = window.workspace.session
    assert session is not None
    car = Annotation("car", true_box(0), frame=0)
    session.do(Put(car), "Fit box")
    window.workspace.selection.set((car.id,))

    window.object_menu.show_at(QPoint(10, 10))
    offered = [action.text() for action in window.object_menu.menu.actions()]
    window.object_menu.menu.close()

    assert {"Carry on to the next scan", "Same in every scan or not"} <= set(offered)


def test_the_window_says_which_drive_has_a_gap(qtbot: QtBot, tmp_path: Path) -> None:
    for name in ("one", "two"):
        drive_of("scans_radar", tmp_path / name)
    (tmp_path / "two" / "000005.pcd").unlink()
    settings = Settings(language="en")
    application(settings)
    window = MainWindow(Workspace("annotator"), settings)
    qtbot.addWidget(window)
    said: list[str] = []
    window.openings.passed_over.connect(said.append)

    window.open_path(tmp_path)
    qtbot.waitUntil(lambda: isinstance(window.workbench, CloudWorkbench), timeout=30_000)

    names = [item.name for item in window.workspace.items()]
    assert names[:2] == ["one", "two/000000.pcd"]
    assert len(names) == 12
    assert said[0].startswith("two: the scan 000005.pcd is missing")
    assert "listed one by one" in said[0]
    assert window._toast.isVisibleTo(window)
    QTest.mouseClick(window._toast, Qt.MouseButton.LeftButton)
    assert not window._toast.isVisibleTo(window)
    window.close()


def test_labels_that_nothing_can_read_are_refused_in_the_window_until_that_was_read(
    qtbot: QtBot, tmp_path: Path
) -> None:
    shutil.copy(FOLDER / "scans" / "000000.pcd", tmp_path / "scan.pcd")
    labels = tmp_path / "labels"
    labels.mkdir()
    (labels / "notes.md").write_text("nothing")
    settings = Settings(language="en")
    application(settings)
    window = MainWindow(Workspace("annotator"), settings)
    qtbot.addWidget(window)

    window.open_path(tmp_path / "scan.pcd", labels)

    qtbot.waitUntil(lambda: "no format recognises it" in window._toast.text(), timeout=30_000)
    assert not window._toast._gone.isActive()
    assert "--from" not in window._toast.text()
    window.close()


def test_a_damaged_scan_says_so_and_the_next_is_shown(qtbot: QtBot, tmp_path: Path) -> None:
    for number in range(3):
        name = f"{number:06d}.pcd"
        (tmp_path / name).write_bytes((FOLDER / "scans" / name).read_bytes())
    lines = (FOLDER / "poses.txt").read_text().splitlines(keepends=True)[:3]
    (tmp_path / "poses.txt").write_text("".join(lines))
    whole = (tmp_path / "000001.pcd").read_bytes()
    (tmp_path / "000001.pcd").write_bytes(whole[: len(whole) // 2])
    context = context_of(only_candidate(tmp_path))
    session = Session.in_memory(Document(context.extents()), context)
    bench = CloudWorkbench(session, Selection("car"))
    qtbot.addWidget(bench.widget)

    do(bench, "next")
    qtbot.waitUntil(lambda: bench.view.scene.frame == 1)
    assert "000001.pcd: its header declares" in bench.view.hint()
    assert "000001.pcd: its header declares" in bench.view.shown.fault
    assert len(bench.view.cloud) == 0
    do(bench, "next")

    qtbot.waitUntil(lambda: bench.view.scene.frame == 2 and len(bench.view.cloud) > 0)
    do(bench, "more")
    qtbot.waitUntil(lambda: bench.view.shown.unread == (1,))
    bench.close()


def test_a_drive_whose_first_scan_is_damaged_opens_says_so_and_is_labelled_as_usual(
    qtbot: QtBot, opened: Opened, drive_without_its_first_scan: Path
) -> None:
    window = opened(drive_without_its_first_scan)
    bench = window.workbench
    assert isinstance(bench, CloudWorkbench)
    view, strip = bench.view, steering_of(bench).timeline.strip
    fault = view.shown.fault
    qtbot.waitUntil(lambda: "declares" in strip.words(0), timeout=15_000)

    window.menus["sequence.next"].trigger()
    qtbot.waitUntil(lambda: view.scene.frame == 1 and view.scene.survey is not None, timeout=15_000)
    at_px, _depth_m = view.camera.project(view.cloud.xyz_m, view.size_px())
    made = label(bench, true_box(1))

    assert "000000.pcd: its header declares" in fault
    assert made.frame == 1
    assert window.workspace.session is not None
    assert made.id in window.workspace.session.document.annotations
    with np.errstate(invalid="ignore"):
        in_view = ((at_px >= 0) & (at_px < view.size_px())).all(axis=1)
    assert in_view.mean() > 0.8


def test_a_drive_of_damaged_scans_is_refused_in_one_sentence(
    qtbot: QtBot, empty_window: MainWindow, drive_without_its_first_scan: Path
) -> None:
    for path in drive_without_its_first_scan.glob("*.pcd"):
        path.write_bytes(path.read_bytes()[:20_000])

    empty_window.open_path(drive_without_its_first_scan)

    said: list[str] = []
    empty_window.openings.failed.connect(said.append)
    qtbot.waitUntil(lambda: bool(said), timeout=30_000)
    assert "drive: none of its 3 scans can be read; of 000000.pcd, its header declares" in said[0]
    assert empty_window.workspace.session is None


def test_all_of_a_scan_is_selected_and_nothing_that_is_not_seen_in_it(
    opened: Opened, tmp_path: Path
) -> None:
    window = opened(drive_of("scans_radar", tmp_path / "drive"))
    bench, session = window.workbench, window.workspace.session
    assert isinstance(bench, CloudWorkbench)
    assert session is not None
    here, still, later, ghost = (
        Annotation("car", true_box(0), frame=0, track="1"),
        Annotation("pillar", true_box(0)),
        Annotation("car", true_box(0), frame=1, track="1"),
        Annotation("ghost", true_box(0), frame=0, track="2"),
    )
    session.do(Batch(tuple(map(Put, (here, still, later, ghost)))), "Import")
    window.look.set(hidden=frozenset({session.taxonomy["ghost"].value}))

    window.menus["edit.select_all"].trigger()
    assert window.workspace.selection.ids == (here.id, still.id)
    window.menus["edit.delete"].trigger()

    assert set(session.document.annotations) == {later.id, ghost.id}
    said = "2 objects in 12 scans deleted · Ctrl+Z brings them back"
    assert window._toast.text() == said


def test_a_proposed_contour_is_taken_in_its_own_scan_when_another_one_is_shown(
    bench: CloudWorkbench, qtbot: QtBot
) -> None:
    bench.choose_tool("contour")
    tool = bench.view.tool
    assert isinstance(tool, DrawContour)
    outline = Annotation("movable", Polygon3D(((0, 0, 0), (1, 0, 0), (1, 1, 0))))
    tool._state = Proposed((0, 0, 0), outline)

    do(bench, "next")

    qtbot.waitUntil(lambda: bench.view.scene.frame == 1)
    assert bench.view.scene.document.annotations[outline.id].frame == 0


def test_what_comes_back_by_undoing_is_selected_again_where_it_is_seen(
    qtbot: QtBot, opened: Opened, tmp_path: Path
) -> None:
    window = opened(drive_of("scans_radar", tmp_path / "drive"))
    session, selection = window.workspace.session, window.workspace.selection
    assert session is not None
    here, later = (Annotation("car", true_box(n), frame=n, track="1") for n in (0, 1))
    session.do(Batch((Put(here), Put(later))), "Import")
    selection.set((here.id,))
    window.menus["sequence.delete"].trigger()
    assert not session.document.annotations
    qtbot.waitUntil(window.menus["edit.undo"].isEnabled)

    window.menus["edit.undo"].trigger()

    assert list(selection.ids) == [here.id]
