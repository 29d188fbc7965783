import numpy as np
import pytest

from annotator.geometry.boxes import iou_3d
from annotator.model.annotations import Annotation, Origin
from annotator.model.edits import Put, apply
from annotator.model.shapes import Box3D, Vec3
from annotator.tools.cloud_scene import CloudScene
from annotator.tools.row import LabelRow
from annotator.tools.tool import CLEAR
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


def test_a_drag_along_a_row_labels_its_cars_in_one_edit() -> None:
    scene, first, row = with_first_labelled()
    tool = LabelRow(scene)
    tool.press(at(scene, first.shape.center_m))  # type: ignore[union-attr]
    tool.move(at(scene, floor_of(row[1]), on_point=False))

    made = do(scene, tool.release(at(scene, floor_of(row[-1]), on_point=False)))

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

    made = do(scene, tool.release(at(scene, floor_of(row[-1]), on_point=False)))

    for annotation in made:
        turn = box_of(annotation).yaw_rad - row[0].yaw_rad
        assert np.cos(turn) > 0.9


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
