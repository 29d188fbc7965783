import json
import math

import numpy as np
import pytest

from annotator.commands.walls import cut_opening
from annotator.geometry.projection import Camera
from annotator.model.annotations import Annotation, Origin
from annotator.model.edits import Put, apply
from annotator.model.shapes import Opening, Polyline3D, Vec3
from annotator.tools.cloud_scene import CloudScene
from annotator.tools.keys import ToolKey
from annotator.tools.tool import CLEAR, Keys
from annotator.tools.wall import GrowWall
from tests.unit.tools.scenes import GARAGE_FOLDER, at, do, garage, hall

WALL = Annotation("wall", Polyline3D(((0, 0, 0), (20, 0, 0)), 3, 0.2))


def wall_of(annotation: Annotation) -> Polyline3D:
    assert isinstance(annotation.shape, Polyline3D)
    return annotation.shape


def facing_the_wall() -> CloudScene:
    """The hall's wall is selected, and looked at straight from inside."""
    scene = hall()
    scene.camera = Camera((10, 0, 1.5), 12, math.pi / 2, math.radians(5))
    apply(Put(WALL), scene.document)
    scene.selected = WALL
    return scene


def test_one_click_grows_a_wall_to_its_ends() -> None:
    scene = hall()
    tool = GrowWall(scene)

    (made,) = do(scene, tool.press(at(scene, (10, 0, 1.5))))

    ends = sorted(v[0] for v in wall_of(made).vertices_m)
    assert ends == pytest.approx([0, 20], abs=0.05)
    assert wall_of(made).height_m == pytest.approx(3, abs=0.04)
    assert (made.label, made.origin) == ("wall", Origin.FIT)


def test_a_wall_that_is_clicked_again_is_never_there_twice() -> None:
    scene = hall()
    tool = GrowWall(scene)
    (made,) = do(scene, tool.press(at(scene, (10, 0, 1.5))))
    scene.selected = None

    again = tool.press(at(scene, (4, 0, 1.0))).settled()

    assert again.edit is None
    assert again.select == (made.id,)


def test_a_short_wall_grows_over_a_gap_and_keeps_its_door() -> None:
    scene = hall()
    door = Opening(1, 2, 0, 2.1)
    short = Annotation("wall", Polyline3D(((9, 0, 0), (4, 0, 0)), 3, 0.3, (door,)))
    apply(Put(short), scene.document)
    tool = GrowWall(scene)
    tool.wheel(at(scene, (10, 0, 1), keys=Keys.ALT), 4)

    (made,) = do(scene, tool.press(at(scene, (12, 0, 1.5))))

    assert made.id == short.id
    assert sorted(v[0] for v in wall_of(made).vertices_m) == pytest.approx([0, 20], abs=0.05)
    (kept,) = wall_of(made).openings
    start = wall_of(made).vertices_m[0][0]
    assert sorted(abs(start - along) for along in (kept.start_m, kept.end_m)) == pytest.approx(
        [7, 8] if start < 10 else [12, 13], abs=0.1
    )
    assert wall_of(made).thickness_m == 0.3


def test_shift_clicks_draw_a_foot_whose_corners_are_square() -> None:
    scene = hall()
    tool = GrowWall(scene)
    tool.press(at(scene, (1, 2, 0), keys=Keys.SHIFT))
    tool.press(at(scene, (6, 2, 0)))
    tool.press(at(scene, (6.2, 6, 0)))

    (made,) = do(scene, tool.key_press(ToolKey.FINISH))

    a, b, c = (np.array(v[:2]) for v in wall_of(made).vertices_m)
    assert float((b - a) @ (c - b)) == pytest.approx(0, abs=1e-6)
    assert made.origin is Origin.HAND
    assert wall_of(made).height_m == pytest.approx(3, abs=0.04)


def test_a_wall_that_is_clicked_again_with_another_gap_ends_where_that_says() -> None:
    scene = hall()
    long = Annotation("wall", Polyline3D(((-6, 0, 0), (26, 0, 0)), 3, 0.2))
    apply(Put(long), scene.document)
    tool = GrowWall(scene)
    unasked = tool.press(at(scene, (10, 0, 1.5))).settled()

    tool.wheel(at(scene, (10, 0, 1), keys=Keys.ALT), -3)
    (made,) = do(scene, tool.press(at(scene, (10, 0, 1.5))))
    scene.selected = None
    again = tool.press(at(scene, (10, 0, 1.5))).settled()

    assert unasked.edit is None
    assert made.id == long.id
    assert sorted(v[0] for v in wall_of(made).vertices_m) == pytest.approx([0, 20], abs=0.05)
    assert again.edit is None


def test_a_gap_that_changes_nothing_of_a_wall_says_so() -> None:
    scene = hall()
    tool = GrowWall(scene)
    do(scene, tool.press(at(scene, (10, 0, 1.5))))
    scene.selected = None

    tool.wheel(at(scene, (10, 0, 1), keys=Keys.ALT), -1)
    again = tool.press(at(scene, (10, 0, 1.5))).settled()

    assert again.edit is None
    assert "same places with gaps up to 0.9 m" in again.hint


def test_a_drawn_end_snaps_to_the_corner_of_another_wall() -> None:
    scene = hall()
    apply(Put(WALL), scene.document)
    tool = GrowWall(scene)
    tool.press(at(scene, (20, 5, 0), keys=Keys.SHIFT))
    tool.press(at(scene, (19.8, 0.2, 0)))

    (made,) = do(scene, tool.double_click(at(scene, (19.8, 0.2, 0))))

    assert wall_of(made).vertices_m[-1][:2] == (20, 0)


def test_escape_takes_back_one_corner_at_a_time() -> None:
    scene = hall()
    tool = GrowWall(scene)
    tool.press(at(scene, (1, 2, 0), keys=Keys.SHIFT))
    tool.press(at(scene, (6, 2, 0)))

    tool.cancel()
    with_one = tool.key_press(ToolKey.FINISH)
    tool.cancel()

    assert with_one is not None
    assert with_one.edit is None
    assert tool.key_press(ToolKey.FINISH) is None


def test_a_drag_on_the_selected_wall_cuts_a_door_down_to_the_floor() -> None:
    scene = facing_the_wall()
    tool = GrowWall(scene)
    tool.press(at(scene, (5, 0, 2.1), on_point=False))

    shown = tool.move(at(scene, (6, 0, 0.1), on_point=False))
    (made,) = do(scene, tool.release(at(scene, (6, 0, 0.1), on_point=False)))

    assert shown.preview is not None
    assert "1.00 × 2.10 m" in shown.hint
    (opening,) = wall_of(made).openings
    assert made.id == WALL.id
    assert (opening.start_m, opening.end_m) == pytest.approx((5, 6), abs=1e-6)
    assert (opening.bottom_m, opening.top_m) == pytest.approx((0, 2.1), abs=1e-6)


def test_a_drag_beyond_the_wall_ends_at_its_edge() -> None:
    scene = facing_the_wall()
    tool = GrowWall(scene)
    tool.press(at(scene, (18, 0, 2.1), on_point=False))
    tool.move(at(scene, (23, 0, -0.5), on_point=False))

    (made,) = do(scene, tool.release(at(scene, (23, 0, -0.5), on_point=False)))

    (opening,) = wall_of(made).openings
    assert (opening.start_m, opening.end_m) == pytest.approx((18, 20))
    assert (opening.bottom_m, opening.top_m) == pytest.approx((0, 2.1))


def test_a_tiny_drag_cuts_nothing_and_says_so() -> None:
    scene = facing_the_wall()
    tool = GrowWall(scene)
    tool.press(at(scene, (5, 0, 1.5), on_point=False))
    tool.move(at(scene, (5.2, 0, 1.4), on_point=False))

    reply = tool.release(at(scene, (5.2, 0, 1.4), on_point=False))

    assert reply.edit is None
    assert "Too small" in reply.hint


def test_escape_in_a_drag_leaves_the_wall_whole() -> None:
    scene = facing_the_wall()
    tool = GrowWall(scene)
    tool.press(at(scene, (5, 0, 2), on_point=False))
    tool.move(at(scene, (6, 0, 0), on_point=False))

    assert tool.cancel().preview is CLEAR

    assert tool.release(at(scene, (6, 0, 0), on_point=False)).edit is None


def facing_a_door() -> CloudScene:
    scene = facing_the_wall()
    door = cut_opening(WALL, Opening(5, 6, 0, 2.1))
    apply(door, scene.document)
    scene.selected = door.annotation
    return scene


def dragged(scene: CloudScene, start: Vec3, end: Vec3) -> Polyline3D:
    tool = GrowWall(scene)
    tool.press(at(scene, start, on_point=False))
    tool.move(at(scene, end, on_point=False))
    (made,) = do(scene, tool.release(at(scene, end, on_point=False)))
    scene.selected = made
    return wall_of(made)


def test_a_drag_in_an_opening_moves_it_along_the_wall() -> None:
    (opening,) = dragged(facing_a_door(), (5.5, 0, 1), (8.5, 0, 1)).openings

    assert (opening.start_m, opening.end_m) == pytest.approx((8, 9), abs=1e-6)
    assert (opening.bottom_m, opening.top_m) == pytest.approx((0, 2.1), abs=1e-6)


def test_a_drag_at_an_openings_edge_pulls_that_edge_alone() -> None:
    (opening,) = dragged(facing_a_door(), (6, 0, 1), (7.5, 0, 1.8)).openings

    assert (opening.start_m, opening.end_m) == pytest.approx((5, 7.5), abs=1e-6)
    assert (opening.bottom_m, opening.top_m) == pytest.approx((0, 2.1), abs=1e-6)


def test_an_opening_stays_within_its_wall() -> None:
    (opening,) = dragged(facing_a_door(), (5.5, 0, 1), (23, 0, 1)).openings

    assert (opening.start_m, opening.end_m) == pytest.approx((19, 20), abs=1e-6)


def test_ctrl_and_a_click_make_the_wall_whole_where_it_was_cut() -> None:
    scene = facing_a_door()

    (made,) = do(
        scene, GrowWall(scene).press(at(scene, (5.5, 0, 1), on_point=False, keys=Keys.CTRL))
    )

    assert wall_of(made).openings == ()


def test_openings_that_overlap_are_one() -> None:
    (opening,) = dragged(facing_a_door(), (6.5, 0, 1.5), (5.7, 0, 2.5)).openings

    assert (opening.start_m, opening.end_m) == pytest.approx((5, 6.5), abs=1e-6)
    assert (opening.bottom_m, opening.top_m) == pytest.approx((0, 2.5), abs=1e-6)


def test_two_walls_that_nearly_meet_share_their_corner() -> None:
    scene = hall()
    other = Annotation("wall", Polyline3D(((0.02, 9, 0), (0.02, 0.28, 0)), 3, 0.2))
    apply(Put(other), scene.document)

    made = do(scene, GrowWall(scene).press(at(scene, (10, 0, 1.5))))

    joined = next(a for a in made if a.id == other.id)
    grown = next(a for a in made if a.id != other.id)
    corner = wall_of(joined).vertices_m[1]
    assert corner[:2] in [vertex[:2] for vertex in wall_of(grown).vertices_m]
    assert corner == pytest.approx((0.02, 0, 0), abs=0.05)


def test_what_stands_in_front_of_the_selected_wall_is_clicked_instead() -> None:
    scene = facing_the_wall()
    tool = GrowWall(scene)

    tool.press(at(scene, (15, 5, 1)))

    assert tool.move(at(scene, (9, 0, 0), on_point=False)).preview is None


def test_a_click_on_nothing_or_on_the_floor_says_why_it_made_no_wall() -> None:
    scene = hall()
    tool = GrowWall(scene)

    assert "no point" in tool.press(at(scene, (7, 5, 1), on_point=False)).settled().hint
    assert tool.press(at(scene, (13, 2, 0))).settled().hint


def test_walls_of_the_sample_garage_lie_on_their_true_faces() -> None:
    scene = garage(0)
    told = json.loads((GARAGE_FOLDER / "truth.json").read_text("utf-8"))["objects"]
    long_walls = [o["shape"] for o in told if o["label"] == "wall"][:2]
    sensor: Vec3 = (9.0, 16.4, 1.8)

    for shape in long_walls:
        face_y = shape["vertices_m"][0][1] + (0.1 if shape["vertices_m"][0][1] < 16 else -0.1)
        (made,) = do(scene, GrowWall(scene).press(at(scene, (0.5, face_y - sensor[1], 0.6))))
        for vertex in wall_of(made).vertices_m:
            assert vertex[1] + sensor[1] == pytest.approx(face_y, abs=0.05)
        assert wall_of(made).vertices_m[0][2] + sensor[2] == pytest.approx(0, abs=0.05)


def test_resting_on_a_wall_shows_how_far_a_click_would_grow_it() -> None:
    scene = hall()
    tool, pointer = GrowWall(scene), at(scene, (10, 0, 1.5))

    shown = tool.rest(pointer).settled().preview
    made = tool.press(pointer).settled().edit
    tool.move(pointer)

    assert shown is not None
    assert isinstance(made, Put)
    assert shown.annotations[0].shape == made.annotation.shape
