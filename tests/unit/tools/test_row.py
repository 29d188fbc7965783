from dataclasses import replace

import numpy as np
import pytest

from annotator.geometry.boxes import iou_3d, turned_round
from annotator.i18n import set_language
from annotator.model.annotations import Annotation, Origin
from annotator.model.edits import Put, apply
from annotator.model.shapes import Box3D, Vec3
from annotator.tools.cloud_scene import CloudScene
from annotator.tools.keys import ToolKey
from annotator.tools.row import LabelRow, Sweeping
from annotator.tools.tool import CLEAR, NOTHING, Reply
from tests.unit.tools.scenes import at, do, garage, hall, truth

ROW_Y = (-14.0, -10.0)


def cars() -> list[Box3D]:
    """The cars of one row of the sample garage that a scan shows well, from left to right."""
    told = [
        Box3D(tuple(b["shape"]["center_m"]), tuple(b["shape"]["size_m"]), b["shape"]["yaw_rad"])
        for b in truth()["frames"][3]["boxes"]
        if b["label"] == "car" and b["points"] > 60
    ]
    return sorted((c for c in told if ROW_Y[0] < c.center_m[1] < ROW_Y[1]), key=_x)


def _x(box: Box3D) -> float:
    return box.center_m[0]


def box_of(annotation: Annotation) -> Box3D:
    assert isinstance(annotation.shape, Box3D)
    return annotation.shape


def floor_of(box: Box3D) -> Vec3:
    x, y, z = box.center_m
    return (x, y, z - box.size_m[2] / 2)


def with_first_labelled() -> tuple[CloudScene, Annotation, list[Box3D]]:
    row = cars()
    scene = garage(3)
    first = Annotation("car", row[0])
    apply(Put(first), scene.document)
    return scene, first, row


def drag_to(tool: LabelRow, scene: CloudScene, place: Vec3) -> Reply:
    """Drag to a place on the floor, and stay there until what was found behind is shown."""
    pointer = at(scene, place, on_point=False)
    for _step in range(3):
        reply = tool.move(pointer)
        if isinstance(tool._state, Sweeping) and tool._state.work is not None:
            tool._state.work.result()
    return reply


def test_a_drag_along_a_row_labels_its_cars_in_one_edit() -> None:
    scene, first, row = with_first_labelled()
    tool = LabelRow(scene)
    tool.press(at(scene, first.shape.center_m))  # type: ignore[union-attr]
    shown = drag_to(tool, scene, floor_of(row[-1])).preview

    made = do(scene, tool.release(at(scene, floor_of(row[-1]), on_point=False)))

    assert shown is not None
    assert {a.shape for a in made} == {a.shape for a in shown.annotations} - {first.shape}
    assert first.id not in {a.id for a in made}
    assert all(a.origin is Origin.FIT and a.label == "car" for a in made)
    best = [max(iou_3d(box_of(a), car) for a in made) for car in row[1:]]
    assert len(row) >= 4
    assert np.mean([iou > 0.6 for iou in best]) >= 0.7
    assert all(max(iou_3d(box_of(a), car) for car in row) > 0.3 for a in made)


def test_all_cars_of_a_row_look_the_way_the_first_does() -> None:
    scene, first, row = with_first_labelled()
    tool = LabelRow(scene)
    tool.press(at(scene, first.shape.center_m))  # type: ignore[union-attr]
    drag_to(tool, scene, floor_of(row[-1]))

    made = do(scene, tool.release(at(scene, floor_of(row[-1]), on_point=False)))

    assert len(made) >= 3
    for annotation in made:
        turn = box_of(annotation).yaw_rad - row[0].yaw_rad
        assert np.cos(turn) > 0.9


def test_cars_whose_bonnets_are_seen_keep_their_fronts_in_a_row_that_begins_with_another() -> None:
    scene, first, row = with_first_labelled()
    apply(Put(replace(first, shape=turned_round(row[0]))), scene.document)
    tool = LabelRow(scene)
    tool.press(at(scene, row[0].center_m))
    drag_to(tool, scene, floor_of(row[-1]))

    made = do(scene, tool.release(at(scene, floor_of(row[-1]), on_point=False)))

    assert len(made) >= 3
    assert all(np.cos(box_of(a).yaw_rad - row[0].yaw_rad) > 0.9 for a in made)


def swept(tool: LabelRow, scene: CloudScene, row: list[Box3D]) -> Reply:
    tool.press(at(scene, row[0].center_m))
    drag_to(tool, scene, floor_of(row[-1]))
    return tool.release(at(scene, floor_of(row[-1]), on_point=False)).settled()


def test_a_row_says_nothing_of_fronts_that_all_show() -> None:
    scene, _first, row = with_first_labelled()

    assert swept(LabelRow(scene), scene, row).hint == ""


def test_a_row_selects_the_cars_whose_fronts_are_guessed(monkeypatch: pytest.MonkeyPatch) -> None:
    set_language("en")
    scene, _first, row = with_first_labelled()
    asked: list[Annotation] = []

    def only_the_first_shows(one: Annotation, *_where: object) -> bool:
        asked.append(one)
        return len(asked) == 1

    monkeypatch.setattr("annotator.tools.row.shows_front", only_the_first_shows)
    made = swept(LabelRow(scene), scene, row)

    assert len(asked) > 2
    assert made.select == tuple(one.id for one in asked[1:])
    guessed = len(asked) - 1
    assert made.hint.startswith(f"{guessed} of {len(asked)} fronts only guessed, they are selected")


def test_a_row_whose_fronts_are_all_guessed_is_turned_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    set_language("en")
    scene, _first, row = with_first_labelled()
    monkeypatch.setattr("annotator.tools.row.shows_front", lambda *_where: False)

    hint = swept(LabelRow(scene), scene, row).hint

    assert hint.startswith("Fronts only guessed, all the same way")
    assert hint.endswith("turns them")


def test_what_is_found_after_the_button_was_let_go_is_offered_and_not_added() -> None:
    set_language("en")
    scene, first, row = with_first_labelled()
    tool = LabelRow(scene)
    tool.press(at(scene, first.shape.center_m))  # type: ignore[union-attr]

    let_go = tool.release(at(scene, floor_of(row[-1]), on_point=False)).settled()
    offered = let_go.preview

    assert let_go.edit is None
    assert offered is not None
    assert len(offered.annotations) >= 3
    assert all(a.origin is Origin.SUGGESTION for a in offered.annotations)
    assert "adds them" in tool.hint()
    taken = tool.key_press(ToolKey.FINISH)
    assert taken is not None
    made = do(scene, taken)
    assert {a.shape for a in made} == {a.shape for a in offered.annotations}
    assert all(a.origin is Origin.FIT for a in made)


def test_a_pointer_that_rests_where_it_let_go_leaves_the_offer_on_the_screen() -> None:
    scene, first, row = with_first_labelled()
    tool = LabelRow(scene)
    tool.press(at(scene, first.shape.center_m))  # type: ignore[union-attr]
    end = at(scene, row[-1].center_m)
    let_go, rested = tool.release(end), tool.rest(end)

    offered, after = let_go.settled(), rested.settled()

    assert offered.preview is not None
    assert after.preview is None
    assert tool.rest(end).preview is None


def test_a_pointer_that_rests_where_it_let_go_leaves_what_is_said_of_the_row() -> None:
    scene, first, row = with_first_labelled()
    tool, end = LabelRow(scene), at(scene, row[-1].center_m)
    tool.press(at(scene, first.shape.center_m))  # type: ignore[union-attr]
    drag_to(tool, scene, floor_of(row[-1]))
    tool.release(end).settled()
    tool.cancel()

    assert tool.rest(end) is NOTHING


def test_the_rest_of_a_row_is_forgotten_by_backing_out() -> None:
    scene, first, row = with_first_labelled()
    tool = LabelRow(scene)
    tool.press(at(scene, first.shape.center_m))  # type: ignore[union-attr]
    tool.release(at(scene, floor_of(row[-1]), on_point=False)).settled()

    assert tool.cancel().preview is CLEAR

    assert tool.key_press(ToolKey.FINISH) is None


def test_resting_on_a_car_shows_what_the_row_would_begin_with() -> None:
    scene = hall()
    tool, pointer = LabelRow(scene), at(scene, (8, 3.1, 1))

    shown = tool.rest(pointer).settled().preview
    left = tool.move(at(scene, (12, 4, 0), on_point=False)).preview

    assert shown is not None
    assert iou_3d(box_of(shown.annotations[0]), Box3D((8, 4, 0.75), (4.4, 1.8, 1.5))) > 0.85
    assert left is CLEAR


def test_an_unlabelled_car_is_fitted_by_the_press_and_comes_with_the_row() -> None:
    scene = hall()
    tool = LabelRow(scene)
    pressed = tool.press(at(scene, (8, 3.1, 1)))
    tool.move(at(scene, (12, 4, 0), on_point=False))

    made = do(scene, tool.release(at(scene, (12, 4, 0), on_point=False)))

    assert pressed.edit is None
    assert pressed.preview is not None
    (car,) = made
    assert iou_3d(box_of(car), Box3D((8, 4, 0.75), (4.4, 1.8, 1.5))) > 0.85


def test_nothing_is_fitted_over_a_car_that_is_labelled_already() -> None:
    scene, first, row = with_first_labelled()
    for car in row[1:]:
        apply(Put(Annotation("car", car)), scene.document)
    tool = LabelRow(scene)
    tool.press(at(scene, first.shape.center_m))  # type: ignore[union-attr]

    reply = tool.release(at(scene, floor_of(row[-1]), on_point=False)).settled()

    added = [] if reply.edit is None else do(scene, reply)
    assert all(max(iou_3d(box_of(a), car) for car in row) < 0.1 for a in added)


def test_escape_drops_the_row_that_is_being_dragged() -> None:
    scene, first, row = with_first_labelled()
    tool = LabelRow(scene)
    tool.press(at(scene, first.shape.center_m))  # type: ignore[union-attr]
    tool.move(at(scene, floor_of(row[-1]), on_point=False))

    assert tool.cancel().preview is CLEAR

    assert tool.release(at(scene, floor_of(row[-1]), on_point=False)).edit is None


def test_a_press_in_a_labelled_car_between_its_points_means_that_car() -> None:
    scene, first, _row = with_first_labelled()
    tool = LabelRow(scene)
    between = at(scene, first.shape.center_m, on_point=False)  # type: ignore[union-attr]

    pressed = tool.press(between)

    assert pressed.preview is not None
    assert [a.id for a in pressed.preview.annotations] == [first.id]


def test_a_press_on_nothing_is_said() -> None:
    scene = hall()

    assert "no point" in LabelRow(scene).press(at(scene, (4, 4, 1), on_point=False)).hint


def test_a_drag_shows_the_way_from_the_first_car_to_the_pointer() -> None:
    scene, first, row = with_first_labelled()
    tool = LabelRow(scene)
    tool.press(at(scene, first.shape.center_m))  # type: ignore[union-attr]

    reply = tool.move(at(scene, floor_of(row[-1]), on_point=False))

    assert reply.preview is not None
    ((start, end),) = reply.preview.lines_m
    assert start == pytest.approx(floor_of(row[0]), abs=1e-6)
    assert end[:2] == pytest.approx(floor_of(row[-1])[:2], abs=0.05)
    tool.cancel()
