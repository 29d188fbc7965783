import math
from dataclasses import replace

import pytest

from annotator.model.annotations import Annotation
from annotator.model.edits import Put, apply
from annotator.model.shapes import Cylinder3D
from annotator.tools.measure import Measure, angle_rad
from annotator.tools.tool import NOTHING, Reply
from tests.unit.tools.scenes import at, hall


def test_a_hover_tells_the_height_above_the_floor() -> None:
    scene = hall()

    reply = Measure(scene).move(at(scene, (15, 5, 1)))

    assert float(reply.hint.split()[0]) == pytest.approx(1, abs=0.04)
    assert "m above the floor" in reply.hint
    assert reply.preview is not None
    ((_top, foot),) = reply.preview.lines_m
    assert foot[2] == pytest.approx(0, abs=0.05)


def test_two_clicks_tell_a_distance_and_a_third_an_angle() -> None:
    scene = hall()
    tool = Measure(scene)
    tool.press(at(scene, (0, 0, 0)))

    second = tool.press(at(scene, (3, 0, 0)))
    third = tool.press(at(scene, (3, 4, 0)))

    assert float(second.hint.split()[1]) == pytest.approx(3, abs=0.15)
    assert float(third.hint.split()[1].rstrip("°")) == pytest.approx(90, abs=2)
    assert third.preview is not None
    assert len(third.preview.lines_m) == 3


def test_from_above_the_level_comes_first_and_between_pillars_their_axes_and_sides() -> None:
    scene = hall()
    scene.camera = replace(scene.camera, elevation_rad=math.pi / 2)
    tool = Measure(scene)
    tool.press(at(scene, (2, 8.7, 2.8)))

    unlabelled = tool.move(at(scene, (7, 8.7, 0.5))).hint
    for x in (2, 7):
        apply(Put(Annotation("pillar", Cylinder3D((x, 9, 1.5), 0.3, 3))), scene.document)
    labelled = tool.press(at(scene, (7, 8.7, 0.5))).hint

    assert unlabelled.startswith("Level 5.0")
    assert labelled.startswith("Pillar axes 5.00 m apart · 4.40 m clear · points 5.")


def test_measuring_never_changes_the_document() -> None:
    scene = hall()
    tool = Measure(scene)

    replies = [tool.press(at(scene, (x, 3.1, 1))) for x in (7, 8, 9, 10)]

    assert [r.edit for r in replies] == [None] * 4
    assert scene.document.is_empty()


def test_escape_takes_the_places_back_one_by_one() -> None:
    scene = hall()
    tool = Measure(scene)
    for x in (7, 8, 9):
        tool.press(at(scene, (x, 3.1, 1)))

    legs = [len(_lines(tool.cancel())) for _step in range(3)]

    assert legs == [2, 1, 0]
    assert tool.cancel() is NOTHING


def _lines(reply: Reply) -> tuple[object, ...]:
    assert reply.preview is not None
    return reply.preview.lines_m


def test_a_click_on_nothing_is_said() -> None:
    scene = hall()

    assert "no point" in Measure(scene).press(at(scene, (7, 5, 1), on_point=False)).hint


@pytest.mark.parametrize("degrees", [0.001, 45, 90, 180])
def test_angles_small_and_large_are_exact(degrees: float) -> None:
    turn = math.radians(degrees)

    found = angle_rad((1, 0, 0), (0, 0, 0), (math.cos(turn), math.sin(turn), 0))

    assert math.degrees(found) == pytest.approx(degrees, rel=1e-6)
