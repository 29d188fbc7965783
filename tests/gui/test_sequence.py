"""A person goes through a drive, follows a car, and sees which of its boxes nobody looked at."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QStyle, QStyleOptionSpinBox
from pytestqt.qtbot import QtBot

from annotator.app.data import context_of, only_candidate
from annotator.app.open_sequence import OpenSequence
from annotator.app.selection import Selection
from annotator.app.session import Session
from annotator.app.settings import Settings
from annotator.app.workspace import Workspace
from annotator.commands.tracks import State, boxes_of, state_of
from annotator.errors import AnnotatorError
from annotator.formats.format import Context
from annotator.geometry.boxes import iou_3d, turned_round
from annotator.geometry.colouring import ColourBy
from annotator.model.annotations import Annotation, Origin
from annotator.model.document import Document
from annotator.model.edits import Batch, Drop, Put
from annotator.model.items import Status
from annotator.model.shapes import Box3D
from annotator.tools.grow_cluster import GrowCluster
from annotator.tools.keys import ToolKey
from annotator.tools.tool import Button, Pointer, Reply
from annotator.views.application import application
from annotator.views.box_keys import BoxKeys
from annotator.views.cloud_workbench import CloudWorkbench
from annotator.views.frame_strip import THUMB_PX
from annotator.views.main_window import MainWindow
from annotator.views.sequence_steering import SequenceSteering
from annotator.views.theme import DARK
from annotator.views.track_cell import fitting
from tests.gui.conftest import Opened

FOLDER = Path(__file__).parents[2] / "sample_data" / "garage"
CAR = 43


@pytest.fixture(scope="module")
def context() -> Context:
    return context_of(only_candidate(FOLDER / "scans"))


@pytest.fixture
def bench(qtbot: QtBot, context: Context) -> Iterator[CloudWorkbench]:
    session = Session.in_memory(Document(context.extents()), context)
    made = CloudWorkbench(session, Selection("car"))
    made.widget.resize(900, 500)
    qtbot.addWidget(made.widget)
    made.widget.show()
    qtbot.waitUntil(lambda: made.view.picture is not None)
    yield made
    made.close()


def steering_of(bench: CloudWorkbench) -> SequenceSteering:
    assert bench.steering is not None
    return bench.steering


def session_of(bench: CloudWorkbench) -> Session:
    return steering_of(bench)._session


def sequence_of(bench: CloudWorkbench) -> OpenSequence:
    steering = steering_of(bench)
    return OpenSequence(session_of(bench), steering._selection, steering.current, steering.scans)


def do(bench: CloudWorkbench, action: str) -> None:
    bench.does[f"sequence.{action}"]()
    while steering_of(bench).carrying.is_working:
        QTest.qWait(5)


def truth() -> dict[str, Any]:
    said: dict[str, Any] = json.loads((FOLDER / "truth.json").read_text())
    return said


def true_box(frame: int, instance: int = CAR) -> Box3D:
    thing = next(o for o in truth()["objects"] if o["instance"] == instance)
    (x, y, z), velocity = thing["shape"]["center_m"], thing["velocity_m_s"]
    time_s = truth()["frames"][frame]["time_s"]
    length, width, height = thing["shape"]["size_m"]
    at_m = (x + time_s * velocity[0], y + time_s * velocity[1], z)
    return Box3D(at_m, (length, width, height), thing["shape"]["yaw_rad"])


def label(bench: CloudWorkbench, box: Box3D, name: str = "car") -> Annotation:
    """Commit and select a box as a tool does."""
    made = Annotation(name, box)
    bench.view.take(Reply(edit=Put(made), text="Draw box", select=(made.id,)))
    return session_of(bench).document.annotations[made.id]


def carried(bench: CloudWorkbench, box: Box3D, scans: int, origin: Origin = Origin.FIT) -> str:
    """Label a car in the scan at hand and carry it on; return its track."""
    made = Annotation("car", box, origin=origin)
    bench.view.take(Reply(edit=Put(made), text="Fit", select=(made.id,)))
    for _step in range(scans):
        do(bench, "carry_on")
    track = sequence_of(bench).chosen()[0].track
    assert track is not None
    return track


def test_the_next_scan_is_shown_in_the_world(bench: CloudWorkbench, qtbot: QtBot) -> None:
    first = bench.view.cloud

    do(bench, "next")

    qtbot.waitUntil(lambda: bench.view.scene.frame == 1)
    assert bench.view.cloud is not first
    floor = np.nanquantile(bench.view.cloud.xyz_m[:, 2], 0.05)
    assert floor == pytest.approx(0.0, abs=0.1)


def test_a_click_before_the_next_picture_is_on_nothing(bench: CloudWorkbench, qtbot: QtBot) -> None:
    places = [(float(x), float(y)) for x in range(0, 900, 60) for y in range(0, 400, 40)]
    assert any(bench.view.pointer_at(place).row is not None for place in places)

    steering_of(bench).current.go(1)
    steering_of(bench)._show()
    rows_before = {bench.view.pointer_at(place).row for place in places}

    assert rows_before == {None}
    qtbot.waitUntil(lambda: any(bench.view.pointer_at(place).row is not None for place in places))


def test_keys_go_to_the_ends_and_no_further(bench: CloudWorkbench) -> None:
    current = steering_of(bench).current

    do(bench, "last")
    do(bench, "next")
    assert current.frame == 11
    do(bench, "first")
    do(bench, "previous")

    assert current.frame == 0


def test_a_new_box_belongs_to_the_scan_that_is_shown(bench: CloudWorkbench, qtbot: QtBot) -> None:
    do(bench, "next")
    qtbot.waitUntil(lambda: bench.view.scene.frame == 1)

    made = label(bench, true_box(1))

    assert made.frame == 1


def test_a_pillar_holds_in_every_scan(bench: CloudWorkbench) -> None:
    assert label(bench, true_box(0), "pillar").frame is None


def test_what_is_the_same_in_every_scan_is_said_once(bench: CloudWorkbench, qtbot: QtBot) -> None:
    steering_of(bench).timeline._static.click()
    qtbot.waitUntil(lambda: bench.view.hand.makes_static)

    assert label(bench, true_box(0)).frame is None


def test_all_that_is_selected_is_made_the_same_in_every_scan(bench: CloudWorkbench) -> None:
    carried(bench, true_box(0), 2)
    label(bench, replace(true_box(0), center_m=(40, 0, 1)))
    everything = tuple(session_of(bench).document.annotations)
    steering_of(bench)._selection.set(everything)

    do(bench, "static")

    assert [a.frame for a in session_of(bench).document.annotations.values()] == [None, None]
    assert bench.view.hint().startswith("2 objects hold in every scan now")


def test_a_car_is_followed_with_one_key_a_scan(bench: CloudWorkbench) -> None:
    label(bench, true_box(0))

    for _scan in range(11):
        do(bench, "carry_on")

    boxes = boxes_of(session_of(bench).document, "1")
    assert sorted(boxes) == list(range(12))
    for frame, found in boxes.items():
        assert isinstance(found.shape, Box3D)
        assert iou_3d(found.shape, true_box(frame)) > 0.9, f"scan {frame}"
    assert [a.origin for a in boxes.values()][1:] == [Origin.REFITTED] * 11
    assert bench.view.scene.frame == 11


def test_each_scan_of_following_is_one_step_back(bench: CloudWorkbench) -> None:
    session = session_of(bench)
    label(bench, true_box(0))
    do(bench, "carry_on")

    session.undo()

    assert [a.frame for a in session.document.annotations.values()] == [0]


def test_there_is_nothing_after_the_last_scan(bench: CloudWorkbench, qtbot: QtBot) -> None:
    do(bench, "last")
    qtbot.waitUntil(lambda: bench.view.scene.frame == 11)
    label(bench, true_box(11))

    with pytest.raises(AnnotatorError, match="there is no further scan"):
        do(bench, "carry_on")


def test_nothing_selected_is_a_sentence(bench: CloudWorkbench) -> None:
    with pytest.raises(AnnotatorError, match="nothing to carry on"):
        do(bench, "carry_on")
    with pytest.raises(AnnotatorError, match="select a box first"):
        do(bench, "grid")


def test_the_scans_between_two_boxes_are_filled_and_marked(
    bench: CloudWorkbench, qtbot: QtBot
) -> None:
    session, steering = session_of(bench), steering_of(bench)
    first = label(bench, true_box(0))
    do(bench, "carry_on")
    second = boxes_of(session.document, "1")[1]
    session.do(Put(Annotation("car", true_box(4), frame=4, track="1")), "Draw box")

    do(bench, "interpolate")

    steering._selection.set((first.id,))
    assert sequence_of(bench).states() == {
        0: State.KEY,
        1: State.REFITTED,
        2: State.INTERPOLATED,
        3: State.INTERPOLATED,
        4: State.KEY,
    }
    assert not sequence_of(bench).is_static()
    assert second.id in session.document.annotations
    qtbot.waitUntil(lambda: len(steering.timeline.strip._marks) == 5)


def test_the_selection_goes_along_with_its_object(bench: CloudWorkbench, qtbot: QtBot) -> None:
    session, selection = session_of(bench), steering_of(bench)._selection
    label(bench, true_box(0))
    do(bench, "carry_on")

    do(bench, "previous")

    qtbot.waitUntil(lambda: bench.view.scene.frame == 0)
    assert selection.ids == (boxes_of(session.document, "1")[0].id,)


def test_what_is_selected_in_another_scan_is_said_and_gone_to(
    bench: CloudWorkbench, qtbot: QtBot
) -> None:
    label(bench, true_box(0))
    do(bench, "last")
    qtbot.waitUntil(lambda: bench.view.scene.frame > 1)

    said = bench.panes._why_empty()
    bench.does["view.fit"]()

    assert said.startswith("This object is in scan 1 · ")
    assert "carries" not in said
    qtbot.waitUntil(lambda: bench.view.scene.frame == 0)


def test_scans_are_laid_over_each_other_with_the_current_one_first(
    bench: CloudWorkbench, qtbot: QtBot
) -> None:
    own = len(bench.view.shown.own)

    do(bench, "more")

    qtbot.waitUntil(lambda: bench.view.shown.around is not None, timeout=10_000)
    assert len(bench.view.cloud) > own
    np.testing.assert_array_equal(bench.view.cloud.xyz_m[:own], bench.view.shown.own.xyz_m)
    colours = bench.view.drawing.colours.now
    assert colours.numbers[:own].max() < len(colours.table) // 2 <= colours.numbers[own:].min()
    do(bench, "fewer")
    qtbot.waitUntil(lambda: bench.view.shown.around is None)


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


def test_a_click_on_a_thumbnail_goes_there(bench: CloudWorkbench, qtbot: QtBot) -> None:
    strip = steering_of(bench).timeline.strip
    place = strip.frames().start + 2

    QTest.mouseClick(strip, Qt.MouseButton.LeftButton, pos=QPoint(2 * THUMB_PX[0] + 20, 10))

    assert steering_of(bench).current.frame == place


def test_thumbnails_are_drawn_beside_the_window(bench: CloudWorkbench, qtbot: QtBot) -> None:
    strip = steering_of(bench).timeline.strip

    def empty_places() -> list[int]:
        shown = strip.grab().toImage()
        middles = [(n, (n - strip.frames().start + 0.5) * THUMB_PX[0]) for n in strip.frames()]
        return [n for n, x in middles if shown.pixelColor(int(x), 8) == QColor(DARK.raised)]

    assert len(strip.frames()) > 2
    qtbot.waitUntil(lambda: empty_places() == [], timeout=15_000)


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


def pointer_to_paint(bench: CloudWorkbench, place_m: tuple[float, float, float]) -> Pointer:
    """Point at what is drawn nearest to a place."""
    cloud = bench.view.cloud.xyz_m
    near = int(np.nanargmin(np.linalg.norm(cloud - place_m, axis=1)))
    x, y, z = (float(n) for n in cloud[near])
    return Pointer((0.0, 0.0), Button.LEFT, row=near, at_m=(x, y, z), over_m=(x, y, z))


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


def test_playing_goes_on_by_itself_and_stops_at_the_end(
    bench: CloudWorkbench, qtbot: QtBot
) -> None:
    steering = steering_of(bench)
    steering.current.go(9)

    do(bench, "play")

    qtbot.waitUntil(lambda: steering.current.frame == 11, timeout=10_000)
    qtbot.waitUntil(lambda: not steering.timeline.is_playing)


def test_one_object_is_seen_in_all_its_scans(bench: CloudWorkbench, qtbot: QtBot) -> None:
    label(bench, true_box(0))
    for _scan in range(3):
        do(bench, "carry_on")
    grid = steering_of(bench).grid

    do(bench, "grid")

    cells = grid.cells()
    assert sorted(cells) == [0, 1, 2, 3]
    qtbot.waitUntil(lambda: all(c.cell is not None for c in cells.values()), timeout=15_000)
    assert cells[0].text() == "scan 1 · ◆ by hand"
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


def test_a_track_is_cut_and_joined(bench: CloudWorkbench) -> None:
    session, selection = session_of(bench), steering_of(bench)._selection
    label(bench, true_box(0))
    do(bench, "carry_on")
    do(bench, "carry_on")

    do(bench, "split")
    assert sorted(boxes_of(session.document, "2")) == [2]
    selection.set((boxes_of(session.document, "1")[0].id, boxes_of(session.document, "2")[2].id))
    do(bench, "merge")

    assert sorted(boxes_of(session.document, "1")) == [0, 1, 2]


def test_boxes_of_the_first_and_the_last_scan_are_joined_and_filled_once(
    bench: CloudWorkbench, qtbot: QtBot
) -> None:
    selection = steering_of(bench)._selection
    first = label(bench, true_box(0))
    do(bench, "last")
    qtbot.waitUntil(lambda: bench.view.scene.frame == 11)
    last = label(bench, true_box(11))
    selection.set((first.id, last.id))

    do(bench, "merge")

    assert "fills the scans between" in bench.view.hint()
    assert selection.ids == (last.id,)
    selection.set((first.id, last.id))
    do(bench, "interpolate")
    annotations = session_of(bench).document.annotations.values()
    assert sorted(str(a.frame) for a in annotations) == sorted(map(str, range(12)))
    with pytest.raises(AnnotatorError, match="no scan to fill"):
        do(bench, "interpolate")


def test_carrying_on_once_more_to_where_nothing_changes_is_no_step(bench: CloudWorkbench) -> None:
    first, session = label(bench, true_box(0)), session_of(bench)
    do(bench, "carry_on")
    before = len(session.steps())
    steering_of(bench)._selection.set((first.id,))
    do(bench, "first")

    do(bench, "carry_on")

    assert len(session.steps()) == before
    assert steering_of(bench).current.frame == 1


def test_keys_take_back_and_step_in_the_grid_of_an_object(opened: Opened, tmp_path: Path) -> None:
    window = opened(drive_of("scans_radar", tmp_path / "drive"))
    assert isinstance(window.workbench, CloudWorkbench)
    grid = steering_of(window.workbench).grid

    keys = {action.objectName() for action in grid.actions()}

    assert {"edit.undo", "edit.redo", "sequence.next", "sequence.previous"} <= keys


def test_a_radars_arrows_are_drawn_where_it_is_coloured_by_velocity(qtbot: QtBot) -> None:
    context = context_of(only_candidate(FOLDER / "scans_radar"))
    session = Session.in_memory(Document(context.extents()), context)
    bench = CloudWorkbench(session, Selection("car"))
    qtbot.addWidget(bench.widget)
    painting = bench.view.painting
    assert not len(painting.arrows()[0])

    bench.view.settings.set(colour_by=ColourBy.VELOCITY)

    assert len(painting.arrows()[0]) > 3
    bench.view.settings.set(arrows=False)
    assert not len(painting.arrows()[0])
    bench.view.settings.set(colour_by=ColourBy.HEIGHT, arrows=True)
    assert len(painting.arrows()[0]) > 3
    bench.view.settings.set(hidden=frozenset({0}))
    assert not len(painting.arrows()[0])
    bench.view.settings.set(hidden=frozenset(), slab_m=(90.0, None))
    assert not len(painting.arrows()[0])
    bench.close()


def test_points_of_scans_laid_over_have_arrows_too_and_are_told_apart_by_scan(
    qtbot: QtBot,
) -> None:
    context = context_of(only_candidate(FOLDER / "scans_radar"))
    session = Session.in_memory(Document(context.extents()), context)
    bench = CloudWorkbench(session, Selection("car"))
    qtbot.addWidget(bench.widget)
    bench.view.settings.set(colour_by=ColourBy.VELOCITY)
    alone = bench.view.drawing.colours.now.legend

    do(bench, "more")
    qtbot.waitUntil(lambda: bench.view.shown.around is not None)

    assert len(bench.view.painting.arrows()[1]) > 3
    assert bench.view.drawing.colours.now.legend.high == alone.high
    bench.view.settings.set(colour_by=ColourBy.SCAN)
    legend = bench.view.drawing.colours.now.legend
    assert (legend.by, legend.low, legend.high) == (ColourBy.SCAN, 1, 2)
    bench.close()


def drive_of(scans: str, folder: Path) -> Path:
    """Return a copy of a sample drive, scans and poses in one folder."""
    shutil.copytree(FOLDER / scans, folder)
    shutil.copy(FOLDER / "poses.txt", folder)
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
    opened: Opened, tmp_path: Path
) -> None:
    window = opened(drive_of("scans_radar", tmp_path / "drive"))
    bench = window.workbench
    assert isinstance(bench, CloudWorkbench)

    window.menus["file.done"].trigger()
    assert window._toast.text() == "Scan 1 is done · now scan 2 of 12 · Shift+A goes back"
    timeline = steering_of(bench).timeline
    assert window._toast.geometry().bottom() < timeline.mapTo(window, QPoint(0, 0)).y()
    for _scan in range(10):
        window.menus["file.done"].trigger()

    assert steering_of(bench).current.is_last
    assert window.workspace.items()[0].status is not Status.DONE
    assert bench.view.hand.hint() == "The last scan · Space says that all are done"
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

    do(bench, "static")
    bench.view.say("", warning=False)

    assert "lets what stands still hold in every scan" in alone
    assert "hold in every scan" not in bench.view.hint()


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


def to_the_left_m(before: object, after: object) -> float:
    assert isinstance(before, Box3D)
    assert isinstance(after, Box3D)
    away = np.subtract(after.center_m, before.center_m)
    return float(away[:2] @ (-np.sin(before.yaw_rad), np.cos(before.yaw_rad)))


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


def test_thumbnails_go_along_with_a_moving_object(bench: CloudWorkbench, qtbot: QtBot) -> None:
    steering = steering_of(bench)
    thumbnails = steering.timeline._thumbnails
    qtbot.waitUntil(lambda: 1 in thumbnails._windows, timeout=15_000)
    assert thumbnails._windows[0] != thumbnails._windows[1]

    label(bench, true_box(0))
    do(bench, "carry_on")

    qtbot.waitUntil(lambda: thumbnails._windows[0] == thumbnails._windows[1], timeout=15_000)
    outlines = steering.timeline.strip._outlines
    assert [one.is_selected for one in outlines[0]] == [True]
    first, second = (outlines[n][0].ring.boundingRect().center() for n in (0, 1))
    assert second.x() > first.x()  # it drives towards +x


def test_accumulating_says_what_it_counts_and_by_which_keys(bench: CloudWorkbench) -> None:
    reach = steering_of(bench).timeline._reach

    reach.setValue(2)

    assert reach.text() == "± 2 scans"
    assert steering_of(bench).current.reach == 2
    assert "Ctrl+]" in reach.toolTip()


def pointer_on(bench: CloudWorkbench, instance: int, frame: int) -> Pointer:
    """Point at the middle one of an object's points in a scan that is shown."""
    labels = np.fromfile(FOLDER / "labels" / f"{frame:06d}.label", "<u4") >> 16
    rows = np.flatnonzero(labels == instance)
    places = bench.view.shown.own.xyz_m[rows]
    nearest = int(np.linalg.norm(places - np.median(places, axis=0), axis=1).argmin())
    x, y, z = places[nearest].astype(float).tolist()
    place = (x, y, z)
    return Pointer((0, 0), Button.LEFT, row=int(rows[nearest]), at_m=place, over_m=place)


def click_with_box_tool(
    bench: CloudWorkbench, qtbot: QtBot, instance: int, frame: int
) -> Annotation:
    before = set(session_of(bench).document.annotations)
    qtbot.waitUntil(lambda: bench.view.scene.survey is not None, timeout=10_000)
    bench.view.choose_tool("one_click_box")
    bench.view.take(bench.view.tool.press(pointer_on(bench, instance, frame)))
    document = session_of(bench).document
    qtbot.waitUntil(lambda: len(document.annotations) > len(before), timeout=10_000)
    (made,) = (a for i, a in document.annotations.items() if i not in before)
    return made


def lay_over(bench: CloudWorkbench, qtbot: QtBot, frame: int, reach: int) -> None:
    steering = steering_of(bench)
    steering.current.go(frame)
    steering.current.accumulate(reach)
    scene = bench.view.scene
    qtbot.waitUntil(lambda: scene.laid is not None and scene.survey is not None, timeout=15_000)
    assert bench.view.scene.frame == frame


def iou(made: Annotation, truth_box: Box3D) -> float:
    assert isinstance(made.shape, Box3D)
    return iou_3d(made.shape, truth_box)


def test_a_parked_car_is_fitted_to_all_scans_and_holds_in_every_one(
    bench: CloudWorkbench, qtbot: QtBot
) -> None:
    frame = 4
    parked = [o["instance"] for o in truth()["objects"] if o["label"] == "car" and not o["moving"]]
    labels = np.fromfile(FOLDER / "labels" / f"{frame:06d}.label", "<u4") >> 16
    shown = [n for n in parked if 15 <= (labels == n).sum() < 120][:4]
    steering_of(bench).current.go(frame)
    qtbot.waitUntil(lambda: bench.view.scene.frame == frame)
    alone = [click_with_box_tool(bench, qtbot, n, frame) for n in shown]
    for _each in alone:
        session_of(bench).undo()

    lay_over(bench, qtbot, frame, 3)
    together = [click_with_box_tool(bench, qtbot, n, frame) for n in shown]

    assert len(shown) >= 3
    assert [a.frame for a in alone] == [frame] * len(shown)
    assert [a.frame for a in together] == [None] * len(shown)
    gained = [
        iou(b, true_box(frame, n)) - iou(a, true_box(frame, n))
        for a, b, n in zip(alone, together, shown, strict=True)
    ]
    assert np.mean(gained) > 0
    assert "all 7 scans" in bench.view.hint()


def test_a_scan_that_is_done_is_ticked_until_it_is_not_done_after_all(
    bench: CloudWorkbench,
) -> None:
    bench.goes_on()
    bench.goes_on()
    steering_of(bench).current.go(1)
    strip = steering_of(bench).timeline.strip
    ticked = [frame for frame in range(12) if "✓" in strip.words(frame)]

    was_done = bench.reopens()

    assert ticked == [0, 1]
    assert was_done
    assert "✓" not in strip.words(1)
    assert not bench.reopens()


def test_what_stands_is_fitted_anew_to_all_scans_that_are_laid_over_each_other(
    bench: CloudWorkbench, qtbot: QtBot
) -> None:
    frame, session = 4, session_of(bench)
    parked = [o["instance"] for o in truth()["objects"] if o["label"] == "car" and not o["moving"]]
    labels = np.fromfile(FOLDER / "labels" / f"{frame:06d}.label", "<u4") >> 16
    shown = [n for n in parked if 15 <= (labels == n).sum() < 120][:4]
    known = [Annotation("car", true_box(frame, n)) for n in shown]
    session.do(Batch(tuple(Put(a) for a in known)), "Put")
    steering_of(bench)._selection.set(tuple(a.id for a in known))
    keys = BoxKeys(session, bench.view)

    def fitted_anew() -> list[float]:
        keys.refit()
        qtbot.waitUntil(lambda: not bench.view.hand.is_working, timeout=20_000)
        return [
            iou(session.document.annotations[a.id], true_box(frame, n))
            for a, n in zip(known, shown, strict=True)
        ]

    steering_of(bench).current.go(frame)
    qtbot.waitUntil(lambda: bench.view.scene.frame == frame)
    qtbot.waitUntil(lambda: bench.view.scene.survey is not None, timeout=10_000)
    alone = fitted_anew()
    session.undo()
    lay_over(bench, qtbot, frame, 3)
    together = fitted_anew()

    assert np.mean(together) > np.mean(alone) + 0.01


def test_many_boxes_are_fitted_anew_beside_the_window_in_one_step_that_can_be_dropped(
    bench: CloudWorkbench, qtbot: QtBot
) -> None:
    session, view = session_of(bench), bench.view
    parked = [o["instance"] for o in truth()["objects"] if o["label"] == "car" and not o["moving"]]
    known = [Annotation("car", true_box(0, n), frame=0) for n in parked for _again in range(4)]
    session.do(Batch(tuple(Put(a) for a in known)), "Put")
    qtbot.waitUntil(lambda: view.scene.survey is not None, timeout=10_000)
    steering_of(bench)._selection.set(tuple(a.id for a in known))
    steps, keys = len(session.steps()), BoxKeys(session, view)

    keys.refit()
    qtbot.waitUntil(lambda: f"of {len(known)} objects" in view.hint(), timeout=10_000)
    said = view.hint()
    QTest.keyClick(view, Qt.Key.Key_Escape)
    after_esc = len(session.steps())
    keys.refit()
    qtbot.waitUntil(lambda: not view.hand.is_working, timeout=60_000)

    assert "Esc drops it" in said
    assert after_esc == steps
    assert len(session.steps()) == steps + 1
    assert {session.document.annotations[a.id].origin for a in known} >= {Origin.FIT}


def test_a_moving_car_is_fitted_to_the_scan_in_front(bench: CloudWorkbench, qtbot: QtBot) -> None:
    frame = 4
    lay_over(bench, qtbot, frame, 3)

    made = click_with_box_tool(bench, qtbot, CAR, frame)

    assert made.frame == frame
    assert iou(made, true_box(frame)) > 0.7


def test_the_next_scan_alone_is_fitted_alone(bench: CloudWorkbench, qtbot: QtBot) -> None:
    lay_over(bench, qtbot, 4, 2)

    steering_of(bench).current.accumulate(0)

    qtbot.waitUntil(lambda: bench.view.scene.laid is None)
    assert "all" not in bench.view.hint()


def test_closing_while_scans_are_laid_over_each_other_is_quiet(
    qtbot: QtBot, context: Context
) -> None:
    bench = CloudWorkbench(
        Session.in_memory(Document(context.extents()), context), Selection("car")
    )
    qtbot.addWidget(bench.widget)
    steering_of(bench).current.accumulate(5)
    steering_of(bench)._show()

    bench.close()

    qtbot.wait(50)
    assert bench.view.scene.laid is None


def test_what_a_click_on_all_scans_would_do_is_shown_beforehand(
    bench: CloudWorkbench, qtbot: QtBot
) -> None:
    lay_over(bench, qtbot, 4, 2)
    bench.view.choose_tool("one_click_box")
    pointer = pointer_on(bench, CAR, 4)

    bench.view.take(bench.view.tool.rest(pointer))

    qtbot.waitUntil(lambda: bench.view.preview is not None and bool(bench.view.preview.annotations))
    assert not session_of(bench).document.annotations
    bench.view.take(bench.view.tool.move(replace(pointer, row=1, at_m=(0, 0, 0), over_m=(0, 0, 0))))
    assert bench.view.preview is None


def test_a_class_that_is_chosen_after_the_preview_is_the_one_that_counts(
    bench: CloudWorkbench, qtbot: QtBot
) -> None:
    qtbot.waitUntil(lambda: bench.view.scene.survey is not None, timeout=10_000)
    bench.view.choose_tool("one_click_box")
    document, pointer = session_of(bench).document, pointer_on(bench, CAR, 0)
    bench.view.take(bench.view.tool.rest(pointer))
    qtbot.waitUntil(lambda: bench.view.preview is not None, timeout=10_000)

    bench.view.scene.label = "movable"
    bench.view.take(bench.view.tool.press(pointer))

    qtbot.waitUntil(lambda: len(document.annotations) == 1, timeout=10_000)
    assert next(iter(document.annotations.values())).label == "movable"


def test_what_is_resized_by_a_key_in_one_scan_is_resized_in_all(bench: CloudWorkbench) -> None:
    track = carried(bench, true_box(0), 2)

    BoxKeys(session_of(bench), bench.view).does["box.taller"]()

    def heights() -> list[float]:
        boxes = boxes_of(session_of(bench).document, track).values()
        return [a.shape.size_m[2] for a in boxes if isinstance(a.shape, Box3D)]

    before = true_box(0).size_m[2]
    assert heights() == pytest.approx([before + 0.05] * 3)
    session_of(bench).undo()
    assert heights() == pytest.approx([before] * 3)


def test_an_object_is_deleted_in_all_scans_and_comes_back_in_one_step(
    bench: CloudWorkbench,
) -> None:
    track = carried(bench, true_box(0), 2)

    do(bench, "delete")
    assert not session_of(bench).document.annotations
    assert bench.view.hint().startswith("1 object in 3 scans deleted")

    session_of(bench).undo()
    assert len(boxes_of(session_of(bench).document, track)) == 3


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


def test_a_car_that_drives_to_where_its_back_was_turns_round_and_the_key_turns_it_back(
    bench: CloudWorkbench,
) -> None:
    track = carried(bench, turned_round(true_box(0)), 1)
    said = []
    for _step in range(2):
        said.append(bench.view.hand.hint())
        do(bench, "carry_on")
    said.append(bench.view.hand.hint())

    document = session_of(bench).document
    headings = [a.shape.yaw_rad for a in boxes_of(document, track).values()]  # type: ignore[union-attr]

    assert sum("turns it back" in hint for hint in said) == 1
    assert headings == pytest.approx([0.0] * 4, abs=0.1)
