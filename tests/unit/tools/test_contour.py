import math
from dataclasses import replace

import numpy as np
import pytest

from annotator.formats.plain import shape_from_plain
from annotator.geometry.outlines import contains, simplified
from annotator.geometry.wireframes import extent_m, holds
from annotator.model.annotations import Annotation, Origin
from annotator.model.edits import Put
from annotator.model.shapes import Polygon3D, Shape, Vec3
from annotator.tools.contour import DrawContour
from annotator.tools.keys import ToolKey
from annotator.tools.tool import CLEAR, Keys, Reply
from tests.unit.tools.scenes import at, do, garage, hall, instances_of, settled, truth

WELL_SEEN = 30


def ring(annotation: Annotation) -> tuple[Vec3, ...]:
    assert isinstance(annotation.shape, Polygon3D)
    return annotation.shape.vertices_m


def area_m2(vertices: tuple[Vec3, ...]) -> float:
    x, y = np.array(vertices)[:, :2].T
    return abs(float(x @ np.roll(y, -1) - y @ np.roll(x, -1))) / 2


def assumed_m(annotation: Annotation) -> float:
    """How long the assumed edges of an outline are together."""
    assert isinstance(annotation.shape, Polygon3D)
    ends = ring(annotation)
    return sum(math.dist(ends[k], ends[(k + 1) % len(ends)]) for k in annotation.shape.assumed)


def proposed(reply: Reply | None) -> Annotation:
    reply = settled(reply)
    assert reply.edit is None
    assert reply.preview is not None
    (only,) = reply.preview.annotations
    return only


def test_a_click_proposes_a_contour_and_a_second_click_takes_it() -> None:
    scene = hall()
    scene.label = "movable"
    tool = DrawContour(scene)

    first = proposed(tool.press(at(scene, (15, 4.5, 0.6))))
    (made,) = do(scene, tool.press(at(scene, (15, 5, 1))))

    assert first.origin is Origin.SUGGESTION
    assert (made.origin, made.label) == (Origin.FIT, "movable")
    assert area_m2(ring(made)) == pytest.approx(1, abs=0.12)
    assert {round(z, 2) for _x, _y, z in ring(made)} == {round(ring(made)[0][2], 2)}
    assert ring(made)[0][2] == pytest.approx(0, abs=0.05)


def test_enter_takes_the_proposed_contour_and_escape_drops_it() -> None:
    scene = hall()
    tool = DrawContour(scene)
    proposed(tool.press(at(scene, (15, 4.5, 0.6))))
    tool.cancel()

    dropped = tool.key_press(ToolKey.FINISH)
    proposed(tool.press(at(scene, (15, 4.5, 0.6))))

    assert dropped is None
    assert do(scene, tool.key_press(ToolKey.FINISH))


def test_a_click_on_another_object_takes_the_shown_contour_and_proposes_that_one() -> None:
    scene = hall()
    tool = DrawContour(scene)
    waiting = proposed(tool.press(at(scene, (15, 4.5, 0.6))))

    reply = tool.press(at(scene, (8, 3.1, 1)))

    assert isinstance(reply.edit, Put)
    assert reply.edit.annotation == replace(waiting, origin=Origin.FIT)
    assert area_m2(ring(proposed(reply))) == pytest.approx(4.4 * 1.8, rel=0.06)


def test_a_click_on_nothing_takes_the_shown_contour_as_well() -> None:
    scene = hall()
    tool = DrawContour(scene)
    proposed(tool.press(at(scene, (15, 4.5, 0.6))))

    reply = tool.press(at(scene, (4, 5, 0), on_point=False))

    assert len(do(scene, reply)) == 1
    assert tool.key_press(ToolKey.FINISH) is None


def test_a_corner_whose_edge_crosses_the_outline_is_refused() -> None:
    scene = hall()
    tool = DrawContour(scene)
    tool.press(at(scene, (1, 2, 0), keys=Keys.SHIFT))
    for place in ((3, 2, 0), (3, 5, 0)):
        tool.press(at(scene, place))

    crossing = tool.press(at(scene, (2, 1, 0)))
    tool.press(at(scene, (5, 3, 0)))
    closed = tool.key_press(ToolKey.FINISH)

    assert "would cross" in crossing.hint
    assert closed is not None
    assert closed.edit is None
    assert "cross itself" in closed.hint


def test_alt_and_the_wheel_outline_the_points_alone_and_change_their_gap() -> None:
    scene = hall()
    scene.label = "movable"
    tool = DrawContour(scene)
    place = at(scene, (15, 4.5, 0.6), keys=Keys.ALT)
    first = settled(tool.press(at(scene, (15, 4.5, 0.6))))

    looser, zoom = tool.wheel(place, 2), tool.wheel(at(scene, (15, 4.5, 0.6)), 2)
    loosest = settled(tool.wheel(place, 1))

    assert "Points show every side" in first.hint
    assert "gap" in settled(looser).hint != loosest.hint
    assert area_m2(ring(proposed(looser))) == pytest.approx(1, abs=0.12)
    assert assumed_m(proposed(looser)) == 0
    assert zoom is None


def test_a_contour_says_which_of_its_sides_are_assumed() -> None:
    scene = hall(seen_from_m=(10, 6, 1.5))
    scene.label = "wall"

    first = settled(DrawContour(scene).press(at(scene, (10, 0, 1.5))))

    assert first.hint.startswith("Sides that no point showed are assumed")


def test_a_proposed_contour_is_taken_when_another_tool_is() -> None:
    scene = hall()
    scene.label = "movable"
    tool = DrawContour(scene)
    outline = proposed(tool.press(at(scene, (15, 4.5, 0.6))))

    (made,) = do(scene, tool.put_down())

    assert made.shape == outline.shape
    assert tool.put_down().edit is None


def test_what_no_prior_fits_is_outlined_by_its_points() -> None:
    scene = hall()
    scene.label = "ghost"

    made = proposed(DrawContour(scene).press(at(scene, (15, 4.5, 0.6))))

    assert area_m2(ring(made)) == pytest.approx(1, abs=0.12)
    assert assumed_m(made) == 0


def test_a_pillar_is_outlined_by_its_whole_section() -> None:
    scene = hall()
    scene.label = "pillar"

    made = proposed(DrawContour(scene).press(at(scene, (7, 8.7, 1.5))))

    assert area_m2(ring(made)) == pytest.approx(math.pi * 0.3**2, rel=0.05)
    assert np.mean(ring(made), axis=0) == pytest.approx((7, 9, 0), abs=0.05)


def test_a_wall_is_outlined_behind_its_face_to_its_ends() -> None:
    scene = hall(seen_from_m=(10, 6, 1.5))
    scene.label = "wall"

    made = proposed(DrawContour(scene).press(at(scene, (10, 0, 1.5))))

    low, high = np.min(ring(made), axis=0), np.max(ring(made), axis=0)
    assert low[:2] == pytest.approx((0, -0.2), abs=0.1)
    assert high[:2] == pytest.approx((20, 0), abs=0.1)
    assert assumed_m(made) == pytest.approx(20.4, abs=0.2)


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
        settled(tool.press(at(scene, (4, 5, 0)))),
        settled(tool.press(at(scene, (4, 5, 0), on_point=False))),
    )

    assert floor.preview is nothing.preview is CLEAR
    assert floor.hint
    assert "no point" in nothing.hint


@pytest.mark.parametrize(("label", "least"), [("car", 0.85), ("movable", 0.7), ("pillar", 0.85)])
def test_contours_of_the_sample_garage_cover_what_was_not_seen_of_its_objects(
    label: str, least: float
) -> None:
    scene, shared = garage(5, seen_from_m=(0, 0, 0)), []
    scene.label = label
    for told in truth()["frames"][5]["boxes"]:
        rows = np.flatnonzero(instances_of(5) == told["instance"])
        low = scene.cloud.xyz_m[rows[scene.cloud.xyz_m[rows, 2] < 0.8]].astype(float)
        if told["label"] == label and len(rows) >= WELL_SEEN:
            x, y, z = low[len(low) // 2].tolist()
            made = proposed(DrawContour(scene).press(at(scene, (x, y, z))))
            shared.append(shared_of_joint(ring(made), shape_from_plain(told["shape"])))

    assert len(shared) >= 3
    assert np.median(shared) > least, shared


def shared_of_joint(ring_m: tuple[Vec3, ...], true: Shape) -> float:
    """Shared area over joint area, seen from above."""
    (x0, y0, z0), (x1, y1, z1) = extent_m(true) or ((0, 0, 0), (0, 0, 0))
    places = [
        (float(x), float(y), (z0 + z1) / 2)
        for x in np.linspace(x0 - 1, x1 + 1, 60)
        for y in np.linspace(y0 - 1, y1 + 1, 60)
    ]
    ours = np.array([contains(ring_m, place[:2]) for place in places])
    theirs = np.array([holds(true, place, margin_m=0) for place in places])
    return float((ours & theirs).sum() / (ours | theirs).sum())


def test_simplifying_keeps_what_bends_an_outline() -> None:
    straight = [(0, 0, 0), (1, 0.001, 0), (2, 0, 0), (2, 2, 0), (0, 2, 0)]

    assert simplified(straight) == ((0, 0, 0), (2, 0, 0), (2, 2, 0), (0, 2, 0))
    assert len(simplified(straight, within_m=10)) == 3
