"""One object is seen, and its boxes are changed, in all its scans at once."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from annotator.commands.tracks import State, boxes_of, state_of
from annotator.model.annotations import Annotation, Origin
from annotator.model.edits import Drop, Put
from annotator.model.shapes import Box3D
from annotator.views.cloud.cloud_workbench import CloudWorkbench
from annotator.views.sequences.track_cell import fitting
from tests.gui.conftest import Opened
from tests.gui.sequences.conftest import (
    carried,
    do,
    drive_of,
    label,
    session_of,
    steering_of,
    true_box,
)


def to_the_left_m(before: object, after: object) -> float:
    assert isinstance(before, Box3D)
    assert isinstance(after, Box3D)
    away = np.subtract(after.center_m, before.center_m)
    return float(away[:2] @ (-np.sin(before.yaw_rad), np.cos(before.yaw_rad)))


def test_one_object_is_seen_in_all_its_scans(bench: CloudWorkbench, qtbot: QtBot) -> None:
    label(bench, true_box(0))
    for _scan in range(3):
        do(bench, "carry_on")
    grid = steering_of(bench).grid

    do(bench, "grid")

    cells = grid.cells()
    assert sorted(cells) == [0, 1, 2, 3]
    qtbot.waitUntil(lambda: all(c.cell is not None for c in cells.values()), timeout=15_000)
    assert cells[0].text() == "scan 1 · ◆ by a person"
    assert cells[2].text() == "scan 3 · ● refitted · moved"
    assert not grid.grab().isNull()
    QTest.mouseClick(cells[1], Qt.MouseButton.LeftButton)
    assert steering_of(bench).current.frame == 1


def test_only_scans_in_which_something_happened_are_listed(
    bench: CloudWorkbench, qtbot: QtBot
) -> None:
    steering_of(bench).timeline._static.click()
    qtbot.waitUntil(lambda: bench.view.hand.makes_static)
    label(bench, true_box(4, instance=42))
    do(bench, "grid")
    grid = steering_of(bench).grid
    qtbot.waitUntil(lambda: all(c.cell is not None for c in grid.cells().values()), timeout=20_000)
    assert len(grid.cells()) == 12

    grid._only.click()

    listed = {n: c.text() for n, c in grid.cells().items() if c.isVisible()}
    assert 0 < len(listed) < 12
    assert any("points vanished" in text for text in listed.values())
    assert not any("moved" in text for text in listed.values())


def test_boxes_that_were_looked_at_are_accepted_at_once(
    bench: CloudWorkbench, qtbot: QtBot
) -> None:
    label(bench, true_box(0))
    do(bench, "carry_on")
    do(bench, "grid")

    steering_of(bench).grid._accept.click()

    origins = {a.origin for a in session_of(bench).document.annotations.values()}
    assert origins == {Origin.HAND}
    qtbot.waitUntil(lambda: not steering_of(bench).grid._accept.isEnabled())


def test_keys_take_back_and_step_in_the_grid_of_an_object(opened: Opened, tmp_path: Path) -> None:
    window = opened(drive_of("scans_radar", tmp_path / "drive"))
    assert isinstance(window.workbench, CloudWorkbench)
    grid = steering_of(window.workbench).grid

    keys = {action.objectName() for action in grid.actions()}

    assert {"edit.undo", "edit.redo", "sequence.next", "sequence.previous"} <= keys


def test_a_box_is_edited_in_the_grid_and_what_was_interpolated_follows(
    bench: CloudWorkbench, qtbot: QtBot
) -> None:
    session, steering = session_of(bench), steering_of(bench)
    first = label(bench, true_box(0))
    session.do(Put(replace(first, track="1")), "Begin")
    session.do(Put(Annotation("car", true_box(4), frame=4, track="1")), "Draw box")
    do(bench, "interpolate")
    steering._selection.set((first.id,))
    do(bench, "grid")
    cell = steering.grid.cells()[4]
    qtbot.waitUntil(lambda: cell.cell is not None, timeout=15_000)
    assert cell.cell is not None
    assert cell.cell.color == session.taxonomy["car"].color
    before = {f: a.shape for f, a in boxes_of(session.document, "1").items()}
    steps = len(session.steps())

    middle = QPoint(cell.side_px // 2, cell.side_px // 2)
    QTest.mousePress(cell, Qt.MouseButton.LeftButton, pos=middle)
    QTest.mouseMove(cell, middle - QPoint(0, 20))
    QTest.mouseRelease(cell, Qt.MouseButton.LeftButton, pos=middle - QPoint(0, 20))

    after = {f: a.shape for f, a in boxes_of(session.document, "1").items()}
    shifts = [to_the_left_m(before[f], after[f]) for f in range(5)]
    moved_m = shifts[4]
    assert moved_m > 0.5
    assert shifts == pytest.approx([moved_m * share for share in (0, 0.25, 0.5, 0.75, 1)])
    assert len(session.steps()) == steps + 1
    qtbot.waitUntil(lambda: cell.cell is not None and cell.cell.box == after[4])
    session.undo()
    assert {f: a.shape for f, a in boxes_of(session.document, "1").items()} == before
    steering.grid.close()


def test_the_grid_stays_about_its_object_while_something_else_is_selected(
    bench: CloudWorkbench, qtbot: QtBot
) -> None:
    steering = steering_of(bench)
    track = carried(bench, true_box(0), 2)
    do(bench, "grid")
    wall = label(bench, true_box(2, instance=42), "movable")
    steering._selection.set(())

    qtbot.waitUntil(lambda: "car" in steering.grid._title.text().lower())
    steering.grid._accept.click()

    document = session_of(bench).document
    assert {state_of(a) for a in boxes_of(document, track).values()} == {State.KEY}
    steering._selection.set((wall.id,))
    qtbot.waitUntil(lambda: sorted(steering.grid.cells()) == [2])
    assert "movable" in steering.grid._title.text().lower()
    session_of(bench).do(Drop(wall.id), "Delete")
    qtbot.waitUntil(lambda: not steering.grid.cells())
    assert not steering.grid._accept.isEnabled()
    steering.grid.close()


def test_the_cells_of_the_grid_grow_with_its_window(bench: CloudWorkbench, qtbot: QtBot) -> None:
    steering = steering_of(bench)
    carried(bench, true_box(0), 2)
    do(bench, "grid")
    cells = steering.grid.cells()
    qtbot.waitUntil(lambda: all(c.cell is not None for c in cells.values()), timeout=15_000)
    before = cells[0].side_px

    steering.grid.resize(1800, 1000)

    qtbot.waitUntil(lambda: cells[0].side_px > before)
    qtbot.waitUntil(
        lambda: {len(c.cell.above) for c in cells.values() if c.cell} == {cells[0].side_px},
        timeout=15_000,
    )
    steering.grid.close()


@pytest.mark.parametrize(
    ("count", "room", "columns", "side_px"),
    [(1, (1000, 500), 1, 420), (9, (1500, 900), 3, 245), (200, (1060, 500), 4, 120)],
)
def test_cells_are_as_large_as_all_fit_and_never_too_small(
    count: int, room: tuple[int, int], columns: int, side_px: int
) -> None:
    assert fitting(count, QSize(*room), 8) == (columns, side_px)


def test_a_click_in_the_grid_goes_to_that_scan(bench: CloudWorkbench, qtbot: QtBot) -> None:
    steering = steering_of(bench)
    label(bench, true_box(0))
    do(bench, "carry_on")
    do(bench, "grid")
    cells = steering.grid.cells()
    qtbot.waitUntil(lambda: all(c.cell is not None for c in cells.values()), timeout=15_000)

    QTest.mouseClick(cells[0], Qt.MouseButton.LeftButton, pos=QPoint(20, 20))

    assert steering.current.frame == 0
    qtbot.waitUntil(lambda: cells[0].is_current and not cells[1].is_current)
    steering.grid.close()
