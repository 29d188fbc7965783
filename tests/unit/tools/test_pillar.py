import math

import numpy as np
import pytest

from annotator.commands.pillars import refit_pillar
from annotator.geometry.pillar import height_of, is_section_assumed
from annotator.geometry.wireframes import assumed_lines
from annotator.model.annotations import Annotation, Origin
from annotator.model.edits import Put, apply, parts
from annotator.model.shapes import Box3D, Cylinder3D
from annotator.tools.keys import ToolKey
from annotator.tools.pillar import FitPillar, Proposed
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


def test_what_was_offered_of_one_row_is_still_offered_after_a_click_in_another() -> None:
    scene = hall()
    tool = FitPillar(scene)
    elsewhere = Cylinder3D((2.0, 3.0, 1.5), 0.3, 3.0)
    twice = Cylinder3D((12.1, 9.0, 1.5), 0.3, 3.0)
    offered = tuple(
        Annotation("pillar", shape, origin=Origin.SUGGESTION) for shape in (elsewhere, twice)
    )
    do(scene, tool.press(at(scene, (2, 8.7, 1.5))))
    tool._state = Proposed(offered)

    second = tool.press(at(scene, (7, 8.7, 1.5))).settled()

    assert second.preview is not None
    assert offered[0] in second.preview.annotations
    assert offered[1] not in second.preview.annotations
    assert len(second.preview.annotations) == 3


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


def test_the_offer_and_the_answer_say_of_how_many_the_section_is_guessed() -> None:
    scene = garage(5, seen_from_m=(0, 0, 0))
    tool = FitPillar(scene)
    told = [b for b in truth()["frames"][5]["boxes"] if b["label"] == "pillar"]
    x, y, z = max(told, key=lambda b: b["points"])["shape"]["center_m"]
    nearer = 1 - 0.3 / math.hypot(x, y)
    offered = tool.press(at(scene, (x * nearer, y * nearer, z))).settled()
    assert offered.preview is not None
    guessed = [a for a in offered.preview.annotations if is_section_assumed(solid(a))]
    have = "has" if len(guessed) == 1 else "have"
    text = f"{len(guessed)} of them {have} too few points: round or square is guessed"

    assert guessed
    assert text in tool.hint()
    reply = tool.key_press(ToolKey.FINISH)
    assert reply is not None
    assert reply.edit is not None
    assert reply.hint.endswith(f"added · {text}")
    added = [part.annotation for part in parts(reply.edit) if isinstance(part, Put)]
    assert sum(is_section_assumed(solid(a)) for a in added) == len(guessed)
    assert all(assumed_lines(a.shape).all() for a in guessed)
    assert all(height_of(solid(a)) > 2.9 for a in added)  # beams over some end at 2.6 m


def solid(pillar: Annotation) -> Box3D | Cylinder3D:
    assert isinstance(pillar.shape, Box3D | Cylinder3D)
    return pillar.shape


def test_a_pillar_that_is_fitted_anew_still_goes_up_to_the_ceiling() -> None:
    scene = garage(6, seen_from_m=(0, 0, 0))
    assert scene.survey is not None
    ground = scene.survey.ground
    told = [b for b in truth()["frames"][6]["boxes"] if b["label"] == "pillar"]
    places = [b["shape"]["center_m"] for b in told if b["points"] > 20]
    beams = [p for p in places if ground.ceiling_at(*p) - ground.floor_at(*p) < 2.85]
    before = [Annotation("pillar", Cylinder3D(place, 0.35, 3.0)) for place in beams]

    after = [
        refit_pillar(a, scene.cloud, scene.survey.index, ground).annotation.shape for a in before
    ]

    assert beams  # from afar their undersides are all that is seen of the ceiling
    for shape, place in zip(after, beams, strict=True):
        assert isinstance(shape, Box3D | Cylinder3D)
        assert height_of(shape) == pytest.approx(3.0)
        assert shape.center_m[2] == pytest.approx(place[2], abs=0.15)
