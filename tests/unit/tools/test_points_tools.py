from collections.abc import Callable, Sequence
from functools import partial
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pytest

from annotator.geometry.lasso import inside
from annotator.i18n import set_language
from annotator.model.annotations import Annotation
from annotator.model.edits import Put, apply
from annotator.model.labels import GARAGE
from annotator.model.shapes import Box3D, Vec2
from annotator.tools import brush_points
from annotator.tools.brush_points import BrushPoints, stroke_px, swept_px
from annotator.tools.cloud_scene import CloudScene
from annotator.tools.grow_cluster import GrowCluster
from annotator.tools.inside_box import InsideBox
from annotator.tools.keys import ToolKey
from annotator.tools.plane_slab import PlaneSlab
from annotator.tools.rectangle_label import RectangleLabel
from annotator.tools.tool import CLEAR, Keys, Reply
from tests.unit.tools.scenes import SIZE_PX, at, do, garage, hall, instances_of, settled

CAR, WALL = GARAGE["car"].value, GARAGE["wall"].value
CAR_BOX = Annotation("car", Box3D((8, 4, 0.75), (4.4, 1.8, 1.5)))


def labelled(scene: CloudScene, value: int) -> npt.NDArray[np.int64]:
    return scene.document.semantic().where(value)


def rows_of(reply: Reply | None) -> npt.NDArray[np.int64]:
    shown = settled(reply).preview
    assert shown is not None
    assert shown.rows is not None
    return shown.rows


def world(scene: CloudScene, rows: npt.NDArray[np.int64]) -> npt.NDArray[np.float32]:
    return scene.cloud.xyz_m[rows]


def stroke(scene: CloudScene, tool: BrushPoints, keys: Keys = Keys.NONE) -> Reply:
    tool.press(at(scene, (14, 5, 1), keys=keys))
    tool.move(at(scene, (15, 5, 1), keys=keys))
    return tool.release(at(scene, (16, 5, 1), keys=keys))


def test_a_brush_stroke_is_one_edit_of_all_it_went_over() -> None:
    scene = hall()

    do(scene, stroke(scene, BrushPoints(scene)))

    x = world(scene, labelled(scene, CAR))[:, 0]
    assert len(x) > 100
    assert x.min() < 14.2
    assert x.max() > 15.8


def test_a_stroke_over_very_many_points_takes_the_same_ones(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    few, many = hall(), hall()
    do(few, stroke(few, BrushPoints(few)))

    monkeypatch.setattr(brush_points, "MOST_WATCHED", 0)
    do(many, stroke(many, BrushPoints(many)))

    np.testing.assert_array_equal(labelled(many, CAR), labelled(few, CAR))


def test_the_outline_of_a_stroke_is_all_that_its_pieces_cover() -> None:
    way, size = ((40.0, 60.0), (120.0, 40.0), (60.0, 110.0), (61.0, 20.0)), (160, 140)

    whole = inside(stroke_px(way, 15.0), size)

    pieces = [inside(swept_px(a, b, 15.0), size) for a, b in pairwise(way)]
    np.testing.assert_array_equal(whole, np.maximum.reduce(pieces))


def test_ctrl_and_the_brush_take_labels_away_again() -> None:
    scene = hall()
    do(scene, stroke(scene, BrushPoints(scene)))

    do(scene, stroke(scene, BrushPoints(scene), Keys.CTRL))

    assert scene.document.is_empty()


def test_a_protected_class_is_never_repainted() -> None:
    scene = hall()
    do(scene, stroke(scene, BrushPoints(scene)))
    before = labelled(scene, CAR)
    scene.label, scene.protected = "wall", frozenset({"car"})

    reply = stroke(scene, BrushPoints(scene)).settled()

    assert reply.edit is None
    assert "protected" in reply.hint
    np.testing.assert_array_equal(labelled(scene, CAR), before)


def test_brackets_change_the_size_of_the_brush() -> None:
    tool = BrushPoints(hall())
    before = tool.radius_px

    tool.key_press(ToolKey.LARGER)
    larger = tool.radius_px
    for _step in range(20):
        tool.key_press(ToolKey.SMALLER)

    assert larger > before > tool.radius_px > 0
    assert tool.key_press(ToolKey.TAKE_BACK) is None


def test_shift_asks_for_the_front_surface_only() -> None:
    scene = hall()
    asked: list[bool] = []
    found = scene.rows_found

    def spy(
        outline_px: Sequence[Vec2], /, *, front_only: bool
    ) -> Callable[[], npt.NDArray[np.int64]]:
        asked.append(front_only)
        return found(outline_px, front_only=front_only)

    scene.rows_found = spy
    stroke(scene, BrushPoints(scene), Keys.SHIFT)
    stroke(scene, BrushPoints(scene))

    assert asked[0] is True
    assert asked[-1] is False


def test_a_stroke_covers_the_discs_at_both_ends_and_all_between() -> None:
    mask = inside(swept_px((100, 100), (300, 200), 20), SIZE_PX)

    for x, y in ((100, 100), (300, 200), (200, 150), (84, 100), (300, 216)):
        assert mask[y, x]
    assert not mask[150, 100]
    assert int(mask.sum()) == pytest.approx(np.pi * 400 + 40 * np.hypot(200, 100), rel=0.03)


def test_escape_forgets_a_stroke() -> None:
    scene = hall()
    tool = BrushPoints(scene)
    tool.press(at(scene, (14, 5, 1)))

    assert tool.cancel().preview is CLEAR
    assert tool.release(at(scene, (16, 5, 1))).edit is None


def test_a_rectangle_labels_what_is_in_it_and_a_click_nothing() -> None:
    scene = hall()
    tool = RectangleLabel(scene)
    tool.press(at(scene, (14, 6, 0)))
    tool.move(at(scene, (16, 4, 0)))

    do(scene, tool.release(at(scene, (16, 4, 0))))
    tool.press(at(scene, (2, 6, 0)))

    assert len(labelled(scene, CAR)) > 100
    assert tool.release(at(scene, (2, 6, 0))).settled().edit is None


def around_the_crate(tool: RectangleLabel, keys: Keys = Keys.NONE) -> Reply:
    scene = tool.scene
    tool.press(at(scene, (13, 7, 0), keys=keys))
    tool.move(at(scene, (17, 3, 0), keys=keys))
    return tool.release(at(scene, (17, 3, 0), keys=keys))


def test_an_outline_around_an_object_takes_neither_floor_nor_ceiling() -> None:
    set_language("en")
    scene = hall()
    tool = RectangleLabel(scene)

    do(scene, around_the_crate(tool))

    heights = world(scene, labelled(scene, CAR))[:, 2]
    assert len(heights) > 100
    assert heights.min() > 0.03
    assert heights.max() < 2.9
    assert "makes them Car, without floor and ceiling" in tool.hint()


@pytest.mark.parametrize("name", ["floor", "ceiling"])
def test_an_outline_of_floor_or_ceiling_takes_them(name: str) -> None:
    set_language("en")
    scene = hall()
    scene.label = name
    tool = RectangleLabel(scene)

    do(scene, around_the_crate(tool))

    heights = world(scene, labelled(scene, GARAGE[name].value))[:, 2]
    assert (heights < 0.02).sum() > 20
    assert (heights > 2.98).sum() > 20
    assert "without" not in tool.hint()


def test_erasing_in_an_outline_takes_the_floor_too() -> None:
    scene = hall()
    scene.label = "floor"
    tool = RectangleLabel(scene)
    do(scene, around_the_crate(tool))
    scene.label = "car"

    do(scene, around_the_crate(tool, Keys.CTRL))

    assert scene.document.semantic().counts() == {}


def test_an_outline_that_holds_nothing_but_floor_takes_it() -> None:
    scene = hall()
    # the first points are the floor's
    scene.rows_found = lambda *_outline_px, **_how: partial(np.arange, 50)

    do(scene, around_the_crate(RectangleLabel(scene)))

    assert len(labelled(scene, CAR)) == 50


def test_a_grown_cluster_is_the_object_without_the_floor_and_enter_makes_it_one_object() -> None:
    scene = hall()
    tool = GrowCluster(scene)

    grown = rows_of(tool.press(at(scene, (8, 3.1, 1))))
    do(scene, tool.key_press(ToolKey.FINISH))

    xyz = world(scene, grown)
    assert xyz[:, 2].min() > 0.05
    assert abs(xyz[:, :2] - (8, 4)).max() < 2.4
    np.testing.assert_array_equal(labelled(scene, CAR), grown)
    np.testing.assert_array_equal(scene.document.instances().where(1), grown)


def test_a_second_object_gets_a_number_of_its_own_and_the_same_keeps_its() -> None:
    scene = hall()
    tool = GrowCluster(scene)
    for place in ((8, 3.1, 1), (15, 4.5, 0.6)):
        settled(tool.press(at(scene, place)))
        do(scene, tool.key_press(ToolKey.AGAIN))

    settled(tool.press(at(scene, (15, 4.5, 0.6))))
    again = tool.key_press(ToolKey.AGAIN)

    assert set(scene.document.instances().counts()) == {1, 2}
    assert again is not None
    assert again.edit is None


def test_the_wheel_and_a_second_click_loosen_and_shift_adds_another_patch() -> None:
    scene = hall()
    tool = GrowCluster(scene)
    first = rows_of(tool.press(at(scene, (8, 3.1, 1))))

    both = rows_of(tool.press(at(scene, (15, 4.5, 0.6), keys=Keys.SHIFT)))
    tight = rows_of(tool.wheel(at(scene, (8, 3.1, 1), keys=Keys.ALT), -9))
    wide = rows_of(tool.wheel(at(scene, (8, 3.1, 1), keys=Keys.ALT), 18))

    assert len(both) > len(first)
    assert len(tight) < len(both) <= len(wide)


def test_brackets_grow_and_shrink_a_cluster_by_a_ring() -> None:
    scene = hall()
    tool = GrowCluster(scene)
    first = rows_of(tool.press(at(scene, (15, 4.5, 0.6))))

    larger = rows_of(tool.key_press(ToolKey.LARGER))
    smaller = rows_of(tool.key_press(ToolKey.SMALLER))

    assert set(first) < set(larger)
    assert set(smaller) < set(larger)


def test_escape_drops_a_cluster_and_a_click_on_the_floor_grows_none() -> None:
    scene = hall()
    tool = GrowCluster(scene)
    settled(tool.press(at(scene, (8, 3.1, 1))))
    tool.cancel()

    assert tool.key_press(ToolKey.FINISH) is None
    assert settled(tool.press(at(scene, (4, 6, 0)))).preview is CLEAR


def test_a_cluster_of_the_sample_garage_is_one_true_car() -> None:
    scene, true = garage(), instances_of(5)
    row = int(np.flatnonzero(true == 30)[50])
    x, y, z = scene.cloud.xyz_m[row].astype(float).tolist()

    grown = rows_of(GrowCluster(scene).press(at(scene, (x, y, z))))

    assert np.mean(true[grown] == true[row]) > 0.8


def test_points_inside_a_box_take_the_boxs_class_without_the_floor() -> None:
    set_language("en")
    scene = hall()
    apply(Put(CAR_BOX), scene.document)
    scene.label = "wall"

    reply = InsideBox(scene).press(at(scene, (8, 3.1, 1)))
    do(scene, reply)

    xyz = world(scene, labelled(scene, CAR))
    assert reply.hint == f"{len(xyz):,} points → Car 1"
    assert len(xyz) > 1000
    assert xyz[:, 2].min() > 0.03
    assert len(labelled(scene, WALL)) == 0
    assert scene.document.instances().counts() == {1: len(xyz)}


def test_enter_labels_the_selected_box_and_ctrl_click_erases_it() -> None:
    scene = hall()
    apply(Put(CAR_BOX), scene.document)
    scene.selected = CAR_BOX
    tool = InsideBox(scene)

    do(scene, tool.key_press(ToolKey.FINISH))
    painted = len(labelled(scene, CAR))
    do(scene, tool.press(at(scene, (8, 3.1, 1), keys=Keys.CTRL)))

    assert painted > 1000
    assert len(labelled(scene, CAR)) == 0
    assert scene.document.instances().counts() == {}


def test_resting_in_a_box_shows_which_points_a_click_would_label() -> None:
    scene = hall()
    apply(Put(CAR_BOX), scene.document)
    tool = InsideBox(scene)

    shown = rows_of(tool.rest(at(scene, (8, 3.1, 1))))
    do(scene, tool.press(at(scene, (8, 3.1, 1))))

    np.testing.assert_array_equal(shown, labelled(scene, CAR))


def test_a_click_outside_every_box_says_so() -> None:
    scene = hall()

    assert "no box" in InsideBox(scene).press(at(scene, (8, 3.1, 1))).hint
    assert InsideBox(scene).key_press(ToolKey.FINISH) is None


def test_a_click_on_a_wall_labels_the_plane_and_nothing_before_it() -> None:
    scene = hall()
    scene.label = "wall"
    tool = PlaneSlab(scene)
    place = at(scene, (10, 0, 1.5))
    tool.press(place)

    do(scene, tool.release(place))

    xyz = world(scene, labelled(scene, WALL))
    assert len(xyz) > 4000
    assert abs(xyz[:, 1]).max() < 0.1


def test_a_rectangle_from_the_floor_takes_the_floor_alone() -> None:
    scene = hall()
    scene.label = "floor"
    tool = PlaneSlab(scene)
    tool.press(at(scene, (4, 6.5, 0)))
    tool.move(at(scene, (12, 2, 0)))

    do(scene, tool.release(at(scene, (12, 2, 0), on_point=False)))

    xyz = world(scene, labelled(scene, GARAGE["floor"].value))
    assert len(xyz) > 500
    assert abs(xyz[:, 2]).max() < 0.1


def test_alt_and_the_wheel_thicken_the_slab() -> None:
    scene = hall()
    tool = PlaneSlab(scene)
    place = at(scene, (10, 0, 1.5), keys=Keys.ALT)
    before = len(rows_of(tool.rest(place)))

    thicker = rows_of(tool.wheel(place, 6))

    assert len(thicker) > before
    assert "46 cm" in tool.hint()
    assert tool.wheel(at(scene, (10, 0, 1.5)), 1) is None


def test_what_is_round_is_no_plane() -> None:
    scene = hall()
    reply = PlaneSlab(scene).press(at(scene, (8, 3.1, 1.5)))

    assert reply.edit is None
