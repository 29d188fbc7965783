"""Clicks that mean something else than the tool in hand makes: said in words, nothing added."""

import numpy as np
import pytest

from annotator.commands.boxes import box_of
from annotator.geometry.survey import survey
from annotator.i18n import set_language
from annotator.model.cloud import PointCloud
from annotator.model.edits import Put
from annotator.tools.cloud_scene import CloudTool
from annotator.tools.contour import DrawContour
from annotator.tools.draw_box import DrawBox
from annotator.tools.grow_cluster import GrowCluster
from annotator.tools.one_click_box import OneClickBox
from annotator.tools.row import LabelRow
from annotator.tools.tool import Reply
from annotator.tools.wall import GrowWall
from tests.unit.tools.scenes import (
    FROM_ABOVE,
    at,
    garage,
    hall,
    hall_points,
    instances_of,
    scene_of,
)

SQUARE_PILLAR = 23  # instance of the sample garage


@pytest.fixture(autouse=True)
def _english() -> None:
    set_language("en")


def test_a_piece_of_a_wall_is_no_car() -> None:
    scene = hall()

    answer = OneClickBox(scene).press(at(scene, (12, 0, 1))).settled()

    assert answer.edit is None
    assert "looks like a wall" in answer.hint
    assert "use the wall tool" in answer.hint


def test_a_pillar_under_a_beam_is_no_wall_to_who_labels_pillars() -> None:
    scene = garage(5, seen_from_m=(0, 0, 0))
    scene.label = "pillar"
    rows = np.flatnonzero(instances_of(5) == SQUARE_PILLAR)

    answers = [
        OneClickBox(scene).press(at(scene, tuple(scene.cloud.xyz_m[row].tolist()))).settled()
        for row in rows[::10]
    ]

    assert [answer.hint for answer in answers if answer.edit is None] == []


def test_no_row_begins_with_a_piece_of_a_wall() -> None:
    scene = hall()

    assert "looks like a wall" in LabelRow(scene).press(at(scene, (12, 0, 1))).hint


def test_nothing_is_shown_before_a_click_on_a_wall_either() -> None:
    scene = hall()

    rested = OneClickBox(scene).rest(at(scene, (12, 0, 1))).settled()

    assert rested.preview is None or not rested.preview.annotations


def test_a_car_that_stands_close_before_a_wall_is_a_car() -> None:
    points = hall_points()
    parked = points[(np.abs(points[:, :2] - (8, 4)) < (2.3, 1.0)).all(axis=1)]
    parked = parked[(parked[:, 2] > 0.05) & (parked[:, 2] < 2)] - (0, 2.9, 0)
    cloud = PointCloud(np.concatenate([points, parked]).astype(np.float32))
    scene = scene_of(cloud, survey=survey(cloud.xyz_m), camera=FROM_ABOVE)

    answer = OneClickBox(scene).press(at(scene, (8, 2.0, 1))).settled()

    assert isinstance(answer.edit, Put)
    box = box_of(answer.edit.annotation)
    np.testing.assert_allclose(box.center_m[:2], (8, 1.1), atol=0.3)


@pytest.mark.parametrize("kind", [OneClickBox, GrowCluster, DrawContour, GrowWall])
def test_a_click_on_the_ceiling_says_that_it_is_the_ceiling(kind: type[CloudTool]) -> None:
    scene = hall()

    answer: Reply = kind(scene).press(at(scene, (17, 5.5, 3))).settled()

    assert answer.edit is None
    assert "This is the ceiling" in answer.hint


def test_a_contour_from_the_side_says_to_look_from_above() -> None:
    scene = hall()
    scene.camera = FROM_ABOVE.__class__((10, 6, 1), 25, -np.pi / 2, 0.0)
    level = at(scene, (10, 6, 1), on_point=False)

    assert "look from above" in DrawBox(scene).press(level).hint
