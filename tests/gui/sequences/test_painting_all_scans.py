"""Painting takes points of all scans that are laid over each other, or of the one at hand."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from annotator.model.annotations import Annotation
from annotator.model.edits import Put
from annotator.model.shapes import Box3D
from annotator.tools.grow_cluster import GrowCluster
from annotator.tools.keys import ToolKey
from annotator.tools.tool import Button, Pointer
from annotator.views.cloud.cloud_workbench import CloudWorkbench
from tests.gui.sequences.conftest import do, lay_over, session_of, steering_of, true_box, truth


def painted_scans(bench: CloudWorkbench) -> list[int]:
    document = session_of(bench).document
    return [n for n in range(12) if np.count_nonzero(document.semantic(n).dense())]


def paint_all_that_is_seen(bench: CloudWorkbench, qtbot: QtBot, tool_id: str) -> None:
    """Draw around the middle of the view, whatever is there."""
    bench.view.choose_tool(tool_id)
    before = len(session_of(bench).steps())
    is_brush = tool_id == "brush_points"
    start = QPoint(300, 90) if is_brush else QPoint(100, 60)
    end = QPoint(500, 90 if is_brush else 240)
    QTest.mousePress(bench.view, Qt.MouseButton.LeftButton, pos=start)
    for at in (QPoint(500, 60), end) if tool_id == "lasso_label" else (end,):
        QTest.mouseMove(bench.view, at)
    QTest.mouseRelease(bench.view, Qt.MouseButton.LeftButton, pos=end)
    qtbot.waitUntil(lambda: len(session_of(bench).steps()) == before + 1, timeout=15_000)


def pointer_to_paint(bench: CloudWorkbench, place_m: tuple[float, float, float]) -> Pointer:
    """Point at what is drawn nearest to a place."""
    cloud = bench.view.cloud.xyz_m
    near = int(np.nanargmin(np.linalg.norm(cloud - place_m, axis=1)))
    x, y, z = (float(n) for n in cloud[near])
    return Pointer((0.0, 0.0), Button.LEFT, row=near, at_m=(x, y, z), over_m=(x, y, z))


def test_a_lasso_over_laid_scans_takes_points_of_this_scan_only(
    bench: CloudWorkbench, qtbot: QtBot
) -> None:
    do(bench, "more")
    qtbot.waitUntil(lambda: bench.view.shown.around is not None, timeout=10_000)
    qtbot.waitUntil(lambda: bench.view.drawing.tells_rows, timeout=10_000)
    whole = [(0.0, 0.0), (2000.0, 0.0), (2000.0, 2000.0), (0.0, 2000.0)]

    rows = bench.view.scene.finding(whole, front_only=False)()

    assert len(rows)
    assert rows.max() < len(bench.view.shown.own)


@pytest.mark.parametrize("tool_id", ["lasso_label", "rectangle_label", "brush_points"])
def test_painting_takes_all_scans_that_are_laid_over_each_other_in_one_step(
    bench: CloudWorkbench, qtbot: QtBot, tool_id: str
) -> None:
    steering_of(bench).current.go(4)
    do(bench, "more")
    qtbot.waitUntil(lambda: bench.view.shown.around is not None and bench.view.scene.frame == 4)
    qtbot.waitUntil(lambda: bench.view.drawing.tells_rows)

    paint_all_that_is_seen(bench, qtbot, tool_id)

    assert painted_scans(bench) == [3, 4, 5]
    assert bench.view.hand.hint().endswith("in 3 scans")
    session_of(bench).undo()
    assert not painted_scans(bench)


def test_a_cluster_is_grown_through_all_scans_that_are_laid_over_each_other(
    bench: CloudWorkbench, qtbot: QtBot
) -> None:
    steering_of(bench).current.go(4)
    do(bench, "more")
    qtbot.waitUntil(lambda: bench.view.scene.laid is not None, timeout=30_000)
    bench.view.choose_tool("grow_cluster")
    tool = bench.view.tool
    assert isinstance(tool, GrowCluster)
    parked = next(o for o in truth()["objects"] if o["label"] == "car" and not o["moving"])
    x, y, z = parked["shape"]["center_m"]
    cloud = bench.view.cloud.xyz_m
    near = int(np.nanargmin(np.hypot(*(cloud[:, :2] - (x, y)).T) + abs(cloud[:, 2] - z)))
    at_m = tuple(float(n) for n in cloud[near])
    pointer = Pointer((0.0, 0.0), Button.LEFT, row=near, at_m=at_m, over_m=at_m)  # type: ignore[arg-type]

    bench.view.take(tool.press(pointer))
    qtbot.waitUntil(lambda: ToolKey.FINISH in tool.keys_wanted(), timeout=15_000)
    reply = tool.key_press(ToolKey.FINISH)
    assert reply is not None
    bench.view.take(reply)

    assert painted_scans(bench) == [3, 4, 5]
    document = session_of(bench).document
    assert {document.instances(n).highest for n in (3, 4, 5)} == {1}


def test_a_plane_is_taken_in_all_scans_that_are_laid_over_each_other(
    bench: CloudWorkbench, qtbot: QtBot
) -> None:
    lay_over(bench, qtbot, 4, 1)
    bench.view.choose_tool("plane_slab")
    pointer = pointer_to_paint(bench, (16.0, 16.0, 0.0))
    said = bench.view.hint()

    shown = bench.view.tool.rest(pointer).preview
    bench.view.take(bench.view.tool.press(pointer))
    bench.view.take(bench.view.tool.release(pointer))
    qtbot.waitUntil(lambda: bool(painted_scans(bench)), timeout=15_000)

    assert "in 3 scans" in said
    assert shown is not None
    assert shown.rows is not None
    assert painted_scans(bench) == [3, 4, 5]
    document = session_of(bench).document
    assert sum(np.count_nonzero(document.semantic(n).dense()) for n in (3, 4, 5)) == len(shown.rows)
    assert bench.view.hint().endswith("in 3 scans")


@pytest.mark.parametrize("by_key", [True, False])
@pytest.mark.parametrize(("frame", "painted"), [(None, [3, 4, 5]), (4, [4])])
def test_the_points_in_a_box_are_taken_in_all_scans_in_which_it_holds(
    bench: CloudWorkbench, qtbot: QtBot, *, by_key: bool, frame: int | None, painted: list[int]
) -> None:
    lay_over(bench, qtbot, 4, 1)
    parked = next(o for o in truth()["objects"] if o["label"] == "car" and not o["moving"])
    box = Annotation("car", true_box(4, parked["instance"]), frame=frame)
    session_of(bench).do(Put(box), "Draw box")
    steering_of(bench)._selection.set((box.id,))
    bench.view.choose_tool("inside_box")
    said = bench.view.hint()

    if by_key:
        bench.does["points.inside"]()
    else:
        assert isinstance(box.shape, Box3D)
        pointer = pointer_to_paint(bench, box.shape.center_m)
        bench.view.take(bench.view.tool.press(pointer))
    qtbot.waitUntil(lambda: bool(painted_scans(bench)), timeout=15_000)

    assert "in 3 scans if the box holds in every scan" in said
    assert painted_scans(bench) == painted
    assert {session_of(bench).document.instances(n).highest for n in painted} == {1}


def test_one_key_lets_painting_take_the_scan_at_hand_alone(
    bench: CloudWorkbench, qtbot: QtBot
) -> None:
    steering_of(bench).current.go(4)
    do(bench, "more")
    qtbot.waitUntil(lambda: bench.view.shown.around is not None and bench.view.scene.frame == 4)
    qtbot.waitUntil(lambda: bench.view.drawing.tells_rows)
    bench.view.choose_tool("lasso_label")
    assert "in 3 scans" in bench.view.hand.hint()

    bench.does["points.all_scans"]()
    qtbot.waitUntil(lambda: "in 3 scans" not in bench.view.hand.hint())
    paint_all_that_is_seen(bench, qtbot, "lasso_label")

    assert painted_scans(bench) == [4]
