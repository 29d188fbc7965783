import numpy as np
import pytest

from annotator.geometry.outlines import contains, simplified
from annotator.model.annotations import Annotation, Origin
from annotator.model.shapes import Polygon3D, Vec3
from annotator.tools.contour import DrawContour
from annotator.tools.keys import ToolKey
from annotator.tools.tool import CLEAR, Keys, Reply
from tests.unit.tools.scenes import at, do, garage, hall, instances_of, truth


def ring(annotation: Annotation) -> tuple[Vec3, ...]:
    assert isinstance(annotation.shape, Polygon3D)
    return annotation.shape.vertices_m


def area_m2(vertices: tuple[Vec3, ...]) -> float:
    x, y = np.array(vertices)[:, :2].T
    return abs(float(x @ np.roll(y, -1) - y @ np.roll(x, -1))) / 2


def proposed(reply: Reply) -> Annotation:
    assert reply.edit is None
    assert reply.preview is not None
    (only,) = reply.preview.annotations
    return only


def test_a_click_proposes_a_contour_and_a_second_click_takes_it() -> None:
    scene = hall()
    tool = DrawContour(scene)

    first = proposed(tool.press(at(scene, (15, 4.5, 0.6))))
    (made,) = do(scene, tool.press(at(scene, (15, 5, 1))))

    assert first.origin is Origin.SUGGESTION
    assert (made.origin, made.label) == (Origin.FIT, "car")
    assert area_m2(ring(made)) == pytest.approx(1, abs=0.12)
    assert {round(z, 2) for _x, _y, z in ring(made)} == {round(ring(made)[0][2], 2)}
    assert ring(made)[0][2] == pytest.approx(0, abs=0.05)


def test_enter_takes_the_proposed_contour_and_escape_drops_it() -> None:
    scene = hall()
    tool = DrawContour(scene)
    tool.press(at(scene, (15, 4.5, 0.6)))
    tool.cancel()

    dropped = tool.key_press(ToolKey.FINISH)
    tool.press(at(scene, (15, 4.5, 0.6)))

    assert dropped is None
    assert do(scene, tool.key_press(ToolKey.FINISH))


def test_a_click_on_another_object_proposes_that_one_instead() -> None:
    scene = hall()
    tool = DrawContour(scene)
    tool.press(at(scene, (15, 4.5, 0.6)))

    other = proposed(tool.press(at(scene, (8, 3.1, 1))))

    assert area_m2(ring(other)) == pytest.approx(4.4 * 1.8, rel=0.06)


def test_alt_and_the_wheel_change_the_gap_of_what_is_proposed() -> None:
    scene = hall()
    tool = DrawContour(scene)
    first = tool.press(at(scene, (15, 4.5, 0.6)))

    looser = tool.wheel(at(scene, (15, 4.5, 0.6), keys=Keys.ALT), 2)
    zoom = tool.wheel(at(scene, (15, 4.5, 0.6)), 2)

    assert looser is not None
    assert looser.hint != first.hint
    assert "gap" in looser.hint
    assert zoom is None


def test_shift_clicks_draw_a_contour_that_the_first_corner_closes() -> None:
    scene = hall()
    tool = DrawContour(scene)
    tool.press(at(scene, (1, 2, 0), keys=Keys.SHIFT))
    for place in ((3, 2, 0), (3, 5, 0), (1, 5, 0)):
        tool.press(at(scene, place))

    (made,) = do(scene, tool.press(at(scene, (1, 2, 0))))

    assert len(ring(made)) == 4
    assert area_m2(ring(made)) == pytest.approx(6, rel=0.1)
    assert made.origin is Origin.HAND


def test_who_clicks_the_ceiling_from_above_means_the_floor_seen_through_it() -> None:
    scene = hall()
    tool = DrawContour(scene)
    above = at(scene, (5, 6, 3), keys=Keys.SHIFT)

    reply = tool.press(above)

    assert reply.preview is not None
    ((start, _top),) = reply.preview.lines_m
    assert start[2] == pytest.approx(0, abs=0.06)
    assert scene.to_px([start])[0].tolist() == pytest.approx(above.at_px, abs=1)


def test_escape_takes_back_one_corner_and_two_corners_make_no_contour() -> None:
    scene = hall()
    tool = DrawContour(scene)
    tool.press(at(scene, (1, 2, 0), keys=Keys.SHIFT))
    tool.press(at(scene, (3, 2, 0)))
    tool.press(at(scene, (3, 5, 0)))
    tool.cancel()

    reply = tool.key_press(ToolKey.FINISH)

    assert reply is not None
    assert reply.edit is None
    assert "three corners" in reply.hint


def test_a_click_on_the_floor_or_on_nothing_says_why_nothing_is_outlined() -> None:
    scene = hall()
    tool = DrawContour(scene)

    floor, nothing = (
        tool.press(at(scene, (4, 5, 0))),
        tool.press(at(scene, (4, 5, 0), on_point=False)),
    )

    assert floor.preview is nothing.preview is CLEAR
    assert floor.hint
    assert "no point" in nothing.hint


def test_a_contour_of_a_well_seen_car_of_the_sample_garage_lies_on_the_car() -> None:
    told = max((b for b in truth()["frames"][5]["boxes"] if b["label"] == "car"), key=_points)
    scene = garage()
    rows = np.flatnonzero(instances_of(5) == told["instance"])
    middle = scene.cloud.xyz_m[rows[len(rows) // 2]].astype(float).tolist()
    tool = DrawContour(scene)
    tool.press(at(scene, tuple(middle)))

    (made,) = do(scene, tool.key_press(ToolKey.FINISH))

    seen = scene.cloud.xyz_m[rows].astype(float)
    inside = [contains(ring(made), (x, y)) for x, y, _z in seen.tolist()]
    length, width, _height = told["shape"]["size_m"]
    assert np.mean(inside) > 0.7
    assert area_m2(ring(made)) < 1.25 * length * width


def _points(box: dict[str, int]) -> int:
    return box["points"]


def test_simplifying_keeps_what_bends_an_outline() -> None:
    straight = [(0, 0, 0), (1, 0.001, 0), (2, 0, 0), (2, 2, 0), (0, 2, 0)]

    assert simplified(straight) == ((0, 0, 0), (2, 0, 0), (2, 2, 0), (0, 2, 0))
    assert len(simplified(straight, within_m=10)) == 3
