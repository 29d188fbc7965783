import math

import numpy as np
import pytest

from annotator.model.annotations import Annotation, Origin
from annotator.model.edits import Put, apply
from annotator.model.shapes import Box3D, Cylinder3D
from annotator.tools.keys import ToolKey
from annotator.tools.pillar import FitPillar
from annotator.tools.tool import CLEAR, Button
from tests.unit.tools.scenes import at, do, garage, hall, truth


def test_one_click_stands_a_pillar_from_floor_to_ceiling() -> None:
    scene = hall()

    (made,) = do(scene, FitPillar(scene).press(at(scene, (2, 8.7, 1.5))))

    assert isinstance(made.shape, Cylinder3D)
    assert (made.label, made.origin) == ("pillar", Origin.FIT)
    assert made.shape.center_m == pytest.approx((2, 9, 1.5), abs=0.03)
    assert (made.shape.radius_m, made.shape.height_m) == pytest.approx((0.3, 3), abs=0.03)


def test_a_pillar_in_map_coordinates_lies_where_it_is_seen() -> None:
    far = (400_000.0, 4_000_000.0, 40.0)
    scene = hall(far)

    (made,) = do(scene, FitPillar(scene).press(at(scene, (far[0] + 2, far[1] + 8.7, far[2] + 1))))

    assert isinstance(made.shape, Cylinder3D)
    place = np.subtract(made.shape.center_m, far)
    assert place.tolist() == pytest.approx([2, 9, 1.5], abs=0.03)


def test_enter_after_two_pillars_adds_the_rest_of_their_row_in_one_edit() -> None:
    scene = hall()
    tool = FitPillar(scene)
    do(scene, tool.press(at(scene, (2, 8.7, 1.5))))

    second = tool.press(at(scene, (7, 8.7, 1.5))).settled()
    do(scene, second)

    assert second.preview is not None
    assert [a.origin for a in second.preview.annotations] == [Origin.SUGGESTION] * 2
    assert "adds 2 more pillars" in tool.hint()
    added = do(scene, tool.key_press(ToolKey.FINISH))
    places = sorted(a.shape.center_m[0] for a in added if isinstance(a.shape, Cylinder3D))
    assert places == pytest.approx([12, 17], abs=0.03)
    assert all(a.origin is Origin.FIT for a in added)
    assert tool.key_press(ToolKey.FINISH) is None


def test_a_middle_pillar_is_continued_both_ways() -> None:
    scene = hall()
    tool = FitPillar(scene)
    do(scene, tool.press(at(scene, (7, 8.7, 1.5))))

    reply = tool.press(at(scene, (12, 8.7, 1.5))).settled()

    assert reply.preview is not None
    assert len(reply.preview.annotations) == 2


def test_escape_forgets_the_proposed_pillars_and_keeps_the_clicked_ones() -> None:
    scene = hall()
    tool = FitPillar(scene)
    do(scene, tool.press(at(scene, (2, 8.7, 1.5))))
    do(scene, tool.press(at(scene, (7, 8.7, 1.5))))

    assert tool.cancel().preview is CLEAR

    assert tool.key_press(ToolKey.FINISH) is None
    assert len(scene.document.annotations) == 2


def test_a_click_on_a_labelled_pillar_selects_it_and_adds_none() -> None:
    scene = hall()
    tool = FitPillar(scene)
    (made,) = do(scene, tool.press(at(scene, (2, 8.7, 1.5))))

    again = tool.press(at(scene, (2, 8.7, 1.0))).settled()

    assert again.edit is None
    assert again.select == (made.id,)


def test_a_click_on_a_wall_on_nothing_or_with_another_button_adds_nothing() -> None:
    scene = hall()
    tool = FitPillar(scene)

    on_wall = tool.press(at(scene, (10, 0, 1.5))).settled()
    on_nothing = tool.press(at(scene, (10, 3, 1), on_point=False)).settled()
    right = tool.press(at(scene, (2, 8.7, 1.5), button=Button.RIGHT))

    assert (on_wall.edit, on_nothing.edit, right.edit) == (None, None, None)
    assert "wall" in on_wall.hint
    assert "no point" in on_nothing.hint


def test_hovering_shows_the_axis_from_floor_to_ceiling() -> None:
    scene = hall()

    reply = FitPillar(scene).move(at(scene, (2, 8.7, 1.5), button=Button.NONE))

    assert reply.preview is not None
    ((low, high),) = reply.preview.lines_m
    assert high[2] - low[2] == pytest.approx(3, abs=0.05)


def test_well_seen_pillars_of_the_sample_garage_stand_within_five_centimetres() -> None:
    told = [
        b["shape"]
        for b in truth()["frames"][5]["boxes"]
        if b["label"] == "pillar" and b["points"] > 110
    ]

    for shape in told:
        scene = garage()
        x, y, z = shape["center_m"]
        nearer = 1 - 0.3 / math.hypot(x, y)
        (made,) = do(scene, FitPillar(scene).press(at(scene, (x * nearer, y * nearer, z))))
        assert isinstance(made.shape, Cylinder3D) == (shape["type"] == "cylinder")
        assert isinstance(made.shape, Box3D | Cylinder3D)
        assert made.shape.center_m[:2] == pytest.approx((x, y), abs=0.05)
        assert made.shape.center_m[2] == pytest.approx(z, abs=0.06)
    assert len(told) == 3


def test_a_hint_says_which_section_is_assumed_where_too_few_points_tell() -> None:
    scene = garage(0, seen_from_m=(0, 0, 0))
    tool = FitPillar(scene)

    tool.press(at(scene, (-1.2, 7.1, -0.1))).settled()
    near = tool.hint()
    tool.press(at(scene, (30.7, -8.1, -1.4))).settled()

    assert "assumed" not in near
    assert "assumed square" in tool.hint()
    assert "adds" in tool.hint()


def test_a_pillar_of_which_little_is_seen_is_like_those_that_were_taken() -> None:
    scene = garage(5, seen_from_m=(0, 0, 0))
    far = at(scene, (16.1, 7.9, 1.2))

    alone = FitPillar(scene).press(far).settled().edit
    apply(Put(Annotation("pillar", Cylinder3D((0.4, 7.4, -0.3), 0.35, 3))), scene.document)
    (among_round,) = do(scene, FitPillar(scene).press(far))

    assert isinstance(alone, Put)
    assert isinstance(alone.annotation.shape, Box3D)
    assert isinstance(among_round.shape, Cylinder3D)
    assert among_round.shape.radius_m == 0.35
