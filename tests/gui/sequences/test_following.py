"""An object is carried on from scan to scan, and what is said of one of its boxes holds for all."""

from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from annotator.commands.tracks import State, boxes_of
from annotator.errors import AnnotatorError
from annotator.geometry.boxes import iou_3d, turned_round
from annotator.model.annotations import Annotation, Origin
from annotator.model.edits import Put
from annotator.model.shapes import Box3D
from annotator.views.cloud.box_keys import BoxKeys
from annotator.views.cloud.cloud_workbench import CloudWorkbench
from tests.gui.sequences.conftest import (
    carried,
    do,
    label,
    sequence_of,
    session_of,
    steering_of,
    true_box,
)


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
    label(bench, replace(true_box(0), center_m=(30, 0, 1)))
    label(bench, replace(true_box(0), center_m=(40, 0, 1)))
    steering_of(bench)._selection.set(tuple(session_of(bench).document.annotations))

    do(bench, "static")

    assert [a.frame for a in session_of(bench).document.annotations.values()] == [None, None]
    assert bench.view.hint().startswith("2 objects hold in every scan now")


def test_of_all_that_is_selected_what_moves_keeps_its_boxes_and_that_is_said(
    bench: CloudWorkbench,
) -> None:
    carried(bench, true_box(0), 2)
    parked = label(bench, replace(true_box(0), center_m=(40, 0, 1)))
    steering_of(bench)._selection.set(tuple(session_of(bench).document.annotations))

    do(bench, "static")

    after = session_of(bench).document.annotations.values()
    assert [a.frame for a in after if a.id != parked.id] == [0, 1, 2]
    assert bench.view.hint().startswith("1 object holds in every scan now · 1 is in different")


def test_what_moves_is_refused_and_the_tick_is_taken_back(
    bench: CloudWorkbench, qtbot: QtBot
) -> None:
    carried(bench, true_box(0), 2)
    tick = steering_of(bench).timeline._static

    with pytest.raises(AnnotatorError, match="in different places in its scans"):
        do(bench, "static")
    with qtbot.captureExceptions():
        tick.click()

    qtbot.waitUntil(lambda: not tick.isChecked())
    assert len(session_of(bench).document.annotations) == 3


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


def test_what_is_clicked_here_after_a_box_of_another_scan_becomes_its_box_by_one_key(
    bench: CloudWorkbench, qtbot: QtBot
) -> None:
    first = label(bench, true_box(0))
    do(bench, "last")
    qtbot.waitUntil(lambda: bench.view.scene.frame == 11)
    assert "give it a box in this scan" in bench.panes._why_empty()

    label(bench, true_box(11))
    qtbot.waitUntil(lambda: "makes it the box of Car #1 of scan 1" in bench.view.hint())
    do(bench, "merge")

    track = session_of(bench).document.annotations[first.id].track
    assert track is not None
    assert sorted(boxes_of(session_of(bench).document, track)) == [0, 11]


def test_how_far_apart_two_were_that_are_one_now_is_said_and_how_to_take_it_back(
    bench: CloudWorkbench, qtbot: QtBot
) -> None:
    first = label(bench, true_box(0))
    do(bench, "next")
    qtbot.waitUntil(lambda: bench.view.scene.frame == 1)
    x, y, z = true_box(0).center_m
    parked = label(bench, replace(true_box(0), center_m=(x, y + 8.0, z), yaw_rad=1.57))
    steering_of(bench)._selection.set((first.id, parked.id))

    do(bench, "merge")
    qtbot.wait(150)

    said = bench.view.hint()
    assert said.startswith("They are one object now: 8.0 m apart, 1 scan later, headings ")
    assert said.endswith("takes it back")


@pytest.mark.parametrize("action", ["interpolate", "carry_on"])
def test_what_cannot_be_done_with_a_box_of_another_scan_says_where_it_is(
    bench: CloudWorkbench, qtbot: QtBot, action: str
) -> None:
    label(bench, true_box(0))
    do(bench, "last")
    qtbot.waitUntil(lambda: bench.view.scene.frame == 11)

    with pytest.raises(AnnotatorError, match="in scan 1"):
        do(bench, action)
    with pytest.raises(AnnotatorError, match="The selected object is in scan 1, not in this one"):
        BoxKeys(session_of(bench), bench.view).refit()

    assert bench.view.scene.frame == 11


def test_carrying_on_once_more_to_where_nothing_changes_is_no_step(bench: CloudWorkbench) -> None:
    first, session = label(bench, true_box(0)), session_of(bench)
    do(bench, "carry_on")
    before = len(session.steps())
    steering_of(bench)._selection.set((first.id,))
    do(bench, "first")

    do(bench, "carry_on")

    assert len(session.steps()) == before
    assert steering_of(bench).current.frame == 1


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
