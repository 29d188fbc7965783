import math
from typing import Any

import numpy as np
import pytest

from annotator.geometry.boxes import iou_3d
from annotator.geometry.fit_within import fit_within
from annotator.model.annotations import Origin
from annotator.model.shapes import Box3D
from annotator.tools.one_click_box import OneClickBox
from annotator.tools.tool import CLEAR, NOTHING, Keys
from tests.unit.tools.scenes import at, do, garage, hall, truth

CAR = Box3D((8, 4, 0.75), (4.4, 1.8, 1.5))
FAR_CAR = 41  # of which 21 points are seen
ROUND_CAR = ((5.2, 2.4, 0.0), (10.8, 5.6, 1.6))


def _points(told: dict[str, Any]) -> int:
    return int(told["points"])


def test_a_front_that_is_only_guessed_is_said_to_be_so_and_how_it_turns() -> None:
    scene = hall()

    reply = OneClickBox(scene).press(at(scene, (8, 3.1, 1.0))).settled()

    assert reply.edit is not None
    assert reply.hint.startswith("Front only guessed, towards the aisle")


def test_a_front_that_the_points_show_is_said_to_be_told() -> None:
    scene = garage(0)
    near = max((b for b in truth()["frames"][0]["boxes"] if b["label"] == "car"), key=_points)
    x, y, z = near["shape"]["center_m"]

    reply = OneClickBox(scene).press(at(scene, (x, y, z))).settled()

    (made,) = do(scene, reply)
    assert isinstance(made.shape, Box3D)
    assert math.cos(made.shape.yaw_rad - near["shape"]["yaw_rad"]) > 0.9
    assert reply.hint.startswith("Front told by its shape")


def test_where_two_directions_explain_the_points_alike_the_direction_is_said_to_be_unsure() -> None:
    scene = garage(7)
    far = next(b for b in truth()["frames"][7]["boxes"] if b["instance"] == FAR_CAR)
    x, y, z = far["shape"]["center_m"]

    reply = OneClickBox(scene).press(at(scene, (x, y, z))).settled()

    assert reply.edit is not None
    assert reply.hint.startswith("Direction unsure")


def test_a_rectangle_around_a_car_fits_its_box_in_one_edit() -> None:
    scene = hall()
    tool = OneClickBox(scene)
    low, high = (at(scene, place, on_point=False, keys=Keys.CTRL) for place in ROUND_CAR)

    tool.press(low)
    shown = tool.move(high)
    (made,) = do(scene, tool.release(high))

    assert shown.preview is not None
    assert len(shown.preview.path_px) == 4
    assert isinstance(made.shape, Box3D)
    assert (made.label, made.origin) == ("car", Origin.FIT)
    assert iou_3d(made.shape, CAR) > 0.9


def test_a_rectangle_around_nothing_says_so_and_adds_nothing() -> None:
    scene = hall()
    tool = OneClickBox(scene)

    tool.press(at(scene, (3.5, 3, 0), on_point=False, keys=Keys.CTRL))
    reply = tool.release(at(scene, (4.5, 3.6, 0), on_point=False, keys=Keys.CTRL)).settled()

    assert reply.edit is None
    assert "nothing in this rectangle" in reply.hint


def test_a_short_drag_is_no_rectangle() -> None:
    scene = hall()
    tool = OneClickBox(scene)
    place = at(scene, (8, 4, 1.5), keys=Keys.CTRL)

    tool.press(place)

    assert tool.release(place).edit is None
    assert tool.release(place) is NOTHING


def test_escape_drops_the_rectangle() -> None:
    scene = hall()
    tool = OneClickBox(scene)
    low, high = (at(scene, place, on_point=False, keys=Keys.CTRL) for place in ROUND_CAR)
    tool.press(low)

    assert tool.cancel().preview is CLEAR

    assert tool.release(high) is NOTHING


def test_a_box_fitted_in_a_rectangle_holds_none_of_the_points_outside() -> None:
    scene = hall()
    survey = scene.survey
    assert survey is not None

    x = scene.cloud.xyz_m[:, 0]
    rows = np.flatnonzero((x > 5) & (x < 11) & (scene.cloud.xyz_m[:, 1] > 2.5))

    fit = fit_within(survey.index, survey.ground, rows, scene.taxonomy["car"])

    assert set(fit.rows) <= set(rows)
    assert iou_3d(fit.box, CAR) == pytest.approx(1, abs=0.1)
