import math
from dataclasses import replace

import numpy as np
import pytest

from annotator.commands.boxes import (
    NotABoxError,
    draw_box,
    fit_box_at,
    flip_heading,
    move_box,
    refit,
    resize_face,
    resize_to_usual,
    shrink_face_to_points,
    shrink_to_points,
    turn_box,
    turn_quarter,
    with_size,
)
from annotator.commands.fitting import refit_object
from annotator.commands.pillars import fit_pillar_at, propose_pillars
from annotator.commands.shapes import turn_annotation
from annotator.commands.tracks import State, state_of
from annotator.commands.walls import cut_opening, draw_wall, fit_wall_at
from annotator.errors import AnnotatorError
from annotator.geometry.boxes import corners, iou_3d
from annotator.geometry.ground import find_ground
from annotator.geometry.neighbours import index_points
from annotator.geometry.pillar import NoPillarError
from annotator.model.annotations import Annotation, Origin
from annotator.model.cloud import PointCloud
from annotator.model.edits import Put
from annotator.model.labels import GARAGE
from annotator.model.shapes import Box3D, Cylinder3D, Face, Opening, Point3D, Polyline3D, Vec3

FAR: Vec3 = (4_000_000.0, 500_000.0, 40.0)
TILTED = Annotation("car", Box3D((1, 2, 3), (4, 2, 1.5), 0.3, 0.05, -0.04, frozenset({Face.BACK})))


def shape_of(edit: Put | None) -> Box3D:
    assert edit is not None
    assert isinstance(edit.annotation.shape, Box3D)
    return edit.annotation.shape


def hall(origin_m: Vec3 = (0, 0, 0)) -> PointCloud:
    """A hall 20 x 12 x 3 m: a wall, a car, three round pillars and a square one in a row."""
    rng = np.random.default_rng(1)
    floor = np.column_stack([rng.uniform((0, 0), (20, 12), (20_000, 2)), np.zeros(20_000)])
    wall = np.column_stack([rng.uniform(0, 20, 6000), np.zeros(6000), rng.uniform(0, 3, 6000)])
    parts = [floor, floor + np.array((0, 0, 3)), wall]
    for x in (3.0, 8.0, 13.0):
        angle = rng.uniform(0, math.pi, 900)
        parts.append(
            np.column_stack(
                [x + 0.3 * np.cos(angle), 8 + 0.3 * np.sin(angle), rng.uniform(0, 3, 900)]
            )
        )
    side = rng.uniform((-2.2, 0), (2.2, 1.5), (900, 2))
    front = rng.uniform((-0.9, 0), (0.9, 1.5), (400, 2))
    roof = rng.uniform((-2.2, -0.9), (2.2, 0.9), (900, 2))
    parts += [
        np.column_stack([8 + side[:, 0], np.full(900, 3.1), side[:, 1]]),
        np.column_stack([np.full(400, 10.2), 4 + front[:, 0], front[:, 1]]),
        np.column_stack([8 + roof[:, 0], 4 + roof[:, 1], np.full(900, 1.5)]),
    ]
    points = np.concatenate(parts) + rng.normal(0, 0.008, (sum(map(len, parts)), 3))
    return PointCloud(points.astype(np.float32), origin_m=origin_m)


CAR = Box3D((8, 4, 0.75), (4.4, 1.8, 1.5))


def moved_far(box: Box3D) -> Box3D:
    return replace(box, center_m=tuple(a + b for a, b in zip(box.center_m, FAR, strict=True)))  # type: ignore[arg-type]


def test_a_fit_in_map_coordinates_lies_where_the_object_is() -> None:
    cloud = hall(FAR)
    index = index_points(cloud.xyz_m)

    edit = fit_box_at(
        cloud, index, find_ground(cloud.xyz_m), (FAR[0] + 8, FAR[1] + 4), GARAGE["car"]
    )

    assert edit.annotation.origin is Origin.FIT
    assert iou_3d(shape_of(edit), moved_far(CAR)) > 0.93


def test_a_refit_keeps_identity_and_the_heading_that_a_person_gave() -> None:
    cloud = hall()
    rough = Annotation("car", Box3D((8.2, 4.1, 1), (4, 2, 2), math.pi - 0.1))

    edit = refit(rough, cloud, index_points(cloud.xyz_m), find_ground(cloud.xyz_m), GARAGE["car"])

    assert edit.annotation.id == rough.id
    assert abs(shape_of(edit).yaw_rad) == pytest.approx(math.pi, abs=0.01)
    assert iou_3d(shape_of(edit), CAR) > 0.93


def test_roll_and_pitch_survive_moving_turning_and_resizing() -> None:
    for edit in (
        move_box(TILTED, (1, 0, 0)),
        turn_box(TILTED, 0.1),
        resize_face(TILTED, Face.TOP, 0.2),
        resize_to_usual(TILTED, GARAGE["car"]),
    ):
        assert (shape_of(edit).pitch_rad, shape_of(edit).roll_rad) == (0.05, -0.04)


@pytest.mark.parametrize("turn", [flip_heading, turn_quarter])
def test_a_new_heading_leaves_the_solid_where_it_is(turn: object) -> None:
    edit = turn(TILTED)  # type: ignore[operator]

    before = corners(TILTED.shape)  # type: ignore[arg-type]
    after = corners(shape_of(edit))
    for corner in before:
        assert np.linalg.norm(after - corner, axis=1).min() < 0.02


def test_four_quarter_turns_change_nothing() -> None:
    turned = TILTED
    for _turn in range(4):
        turned = turn_quarter(turned).annotation

    assert shape_of(Put(turned)).yaw_rad == pytest.approx(0.3)
    assert shape_of(Put(turned)).assumed == {Face.BACK}


def test_a_pulled_face_moves_alone_and_is_assumed_no_longer() -> None:
    pulled = shape_of(
        resize_face(Annotation("car", replace(CAR, assumed=frozenset(Face))), Face.BACK, 0.5)
    )

    assert pulled.size_m[0] == pytest.approx(4.9)
    assert pulled.center_m[0] + pulled.size_m[0] / 2 == pytest.approx(10.2)
    assert Face.BACK not in pulled.assumed


def test_a_face_cannot_be_pushed_through_the_other() -> None:
    assert min(shape_of(resize_face(TILTED, Face.LEFT, -9)).size_m) > 0


def test_a_face_shrinks_to_its_points() -> None:
    loose = Annotation("car", replace(CAR, size_m=(5.4, 1.84, 1.2)))

    shrunk = shape_of(shrink_face_to_points(loose, hall(), Face.FRONT))

    assert shrunk.center_m[0] + shrunk.size_m[0] / 2 == pytest.approx(10.2, abs=0.04)
    assert shrunk.center_m[0] - shrunk.size_m[0] / 2 == pytest.approx(5.3)


def test_a_face_without_points_has_nothing_to_shrink_to() -> None:
    assert (
        shrink_face_to_points(draw_box(moved_far(CAR), "car").annotation, hall(), Face.TOP) is None
    )


def span_m(box: Box3D, axis: int) -> tuple[float, float]:
    low, half = box.center_m[axis], box.size_m[axis] / 2
    return (round(low - half, 6), round(low + half, 6))


def test_a_typed_size_moves_the_assumed_face_and_leaves_the_seen_one_and_the_floor() -> None:
    car = replace(CAR, assumed=frozenset({Face.FRONT, Face.TOP}))

    typed = with_size(car, (5.0, 2.0, 1.7))

    assert span_m(typed, 0) == (5.8, 10.8)
    assert span_m(typed, 1) == (3.0, 5.0)
    assert span_m(typed, 2) == (0.0, 1.7)
    assert typed.assumed == frozenset()


def test_a_typed_size_says_nothing_of_sides_that_did_not_move() -> None:
    car = replace(CAR, assumed=frozenset({Face.FRONT, Face.LEFT}))

    typed = with_size(car, (4.4, 2.0, 1.5))

    assert typed.assumed == {Face.FRONT}
    assert span_m(typed, 1) == (3.1, 5.1)


def test_what_hangs_from_a_seen_top_grows_downward_to_a_typed_height() -> None:
    beam = replace(CAR, assumed=frozenset({Face.BOTTOM}))

    typed = with_size(beam, (*CAR.size_m[:2], 1.8))

    assert span_m(typed, 2) == (-0.3, 1.5)
    assert typed.assumed == frozenset()


def test_only_what_moved_far_from_the_origin_is_assumed_no_longer() -> None:
    car = replace(moved_far(CAR), assumed=frozenset({Face.FRONT, Face.LEFT}))

    typed = with_size(car, (5.0, *CAR.size_m[1:]))

    assert typed.assumed == {Face.LEFT}


def test_the_usual_size_of_a_class_keeps_what_was_seen_and_is_assumed() -> None:
    small = Annotation("car", Box3D((8, 4, 0.5), (3, 1.8, 1), assumed=frozenset({Face.BACK})))

    usual = shape_of(resize_to_usual(small, GARAGE["car"]))

    assert usual.size_m == pytest.approx(GARAGE["car"].usual_size_m)
    assert span_m(usual, 0) == (5.0, 9.5)
    assert span_m(usual, 2) == (0.0, 1.5)
    assert usual.assumed == {Face.BACK, Face.TOP}


def test_a_class_without_a_usual_size_says_so() -> None:
    with pytest.raises(AnnotatorError, match="Wall has no usual size"):
        resize_to_usual(Annotation("wall", CAR), GARAGE["wall"])


def test_seen_faces_shrink_to_their_points_and_assumed_ones_stay() -> None:
    loose = Box3D((8, 4, 0.9), (5.4, 2.4, 1.8), assumed=frozenset({Face.BACK}))

    shrunk = shape_of(shrink_to_points(Annotation("car", loose), hall()))

    assert span_m(shrunk, 0)[0] == pytest.approx(5.3)
    assert span_m(shrunk, 0)[1] == pytest.approx(10.2, abs=0.04)
    assert shrunk.assumed == {Face.BACK}


def test_a_box_of_which_nothing_was_seen_is_not_shrunk_to_a_few_points() -> None:
    unseen = Annotation("car", replace(CAR, assumed=frozenset(Face) - {Face.BOTTOM}))

    with pytest.raises(AnnotatorError, match="Every side of this box is assumed"):
        shrink_to_points(unseen, hall())


def test_a_pillar_is_fitted_anew_as_a_pillar() -> None:
    cloud = hall()
    index, ground = index_points(cloud.xyz_m), find_ground(cloud.xyz_m)
    rough = Annotation("pillar", Cylinder3D((3.1, 8.1, 1.2), 0.5, 2.0))

    edit = refit_object(rough, cloud, index, ground, GARAGE["pillar"])

    pillar = edit.annotation.shape
    assert isinstance(pillar, Cylinder3D)
    assert edit.annotation.id == rough.id
    assert pillar.radius_m == pytest.approx(0.3, abs=0.03)
    assert pillar.height_m == pytest.approx(3, abs=0.1)


def test_a_pillar_that_is_fitted_anew_keeps_the_section_that_a_person_chose() -> None:
    cloud = hall()
    index, ground = index_points(cloud.xyz_m), find_ground(cloud.xyz_m)
    square = Box3D((3.07, 8.05, 1.5), (0.6, 0.6, 3.0))
    chosen, guessed = (Annotation("pillar", square, origin=o) for o in (Origin.HAND, Origin.FIT))

    once = refit_object(chosen, cloud, index, ground, GARAGE["pillar"]).annotation
    twice = refit_object(once, cloud, index, ground, GARAGE["pillar"]).annotation
    free = refit_object(guessed, cloud, index, ground, GARAGE["pillar"]).annotation

    assert isinstance(twice.shape, Box3D)
    assert twice.shape.size_m[:2] == pytest.approx((0.6, 0.6))
    assert twice.shape.center_m[:2] == pytest.approx((3.0, 8.0), abs=0.06)
    assert isinstance(free.shape, Cylinder3D)


def test_a_refit_that_a_person_asked_for_is_a_key_frame_of_its_track() -> None:
    cloud = hall()
    carried = Annotation("car", CAR, origin=Origin.REFITTED, frame=1, track="a")

    edit = refit(carried, cloud, index_points(cloud.xyz_m), find_ground(cloud.xyz_m), GARAGE["car"])

    assert state_of(edit.annotation) is State.KEY


def test_a_wall_turns_about_its_own_middle_and_what_is_round_does_not() -> None:
    wall = Annotation("wall", Polyline3D(((0, 0, 0), (4, 0, 0)), 3.0, 0.2))

    turned = turn_annotation(wall, math.pi / 2)

    assert turned is not None
    assert isinstance(turned.annotation.shape, Polyline3D)
    np.testing.assert_allclose(
        turned.annotation.shape.vertices_m, ((2, -2, 0), (2, 2, 0)), atol=1e-9
    )
    assert turn_annotation(Annotation("pillar", Cylinder3D((0, 0, 1), 0.3, 2)), 1.0) is None


def test_a_boxs_command_refuses_other_shapes() -> None:
    with pytest.raises(NotABoxError):
        move_box(Annotation("car", Point3D((0, 0, 0))), (1, 0, 0))


def test_a_round_pillar_reaches_from_floor_to_ceiling() -> None:
    cloud = hall(FAR)

    edit = fit_pillar_at(
        cloud, index_points(cloud.xyz_m), find_ground(cloud.xyz_m), (FAR[0] + 3, FAR[1] + 8)
    )

    pillar = edit.annotation.shape
    assert isinstance(pillar, Cylinder3D)
    assert pillar.radius_m == pytest.approx(0.3, abs=0.01)
    assert pillar.height_m == pytest.approx(3, abs=0.02)
    assert pillar.center_m == pytest.approx((FAR[0] + 3, FAR[1] + 8, FAR[2] + 1.5), abs=0.02)


def test_the_same_again_proposes_the_next_pillar_of_the_row() -> None:
    cloud = hall()
    index, ground = index_points(cloud.xyz_m), find_ground(cloud.xyz_m)
    one, other = (fit_pillar_at(cloud, index, ground, (x, 8)).annotation for x in (3.0, 8.0))

    batch = propose_pillars(cloud, index, ground, one, other)

    (put,) = batch.edits
    assert isinstance(put, Put)
    assert put.annotation.origin is Origin.SUGGESTION
    assert isinstance(put.annotation.shape, Cylinder3D)
    assert put.annotation.shape.center_m[0] == pytest.approx(13, abs=0.02)


def test_a_pillar_is_not_found_on_a_wall_or_on_nothing() -> None:
    cloud = hall()
    index, ground = index_points(cloud.xyz_m), find_ground(cloud.xyz_m)

    with pytest.raises(NoPillarError, match="wall"):
        fit_pillar_at(cloud, index, ground, (15, 0, 1))
    with pytest.raises(NoPillarError):
        fit_pillar_at(cloud, index, ground, (17, 9))


def test_a_wall_grows_from_one_click_to_its_ends() -> None:
    cloud = hall(FAR)

    edit = fit_wall_at(
        cloud,
        index_points(cloud.xyz_m),
        find_ground(cloud.xyz_m),
        (FAR[0] + 15, FAR[1], FAR[2] + 1.2),
    )

    wall = edit.annotation.shape
    assert isinstance(wall, Polyline3D)
    (ax, ay, az), (bx, by, _bz) = sorted(wall.vertices_m)
    assert (ax - FAR[0], bx - FAR[0]) == pytest.approx((0, 20), abs=0.05)
    assert (ay - FAR[1], by - FAR[1]) == pytest.approx((0, 0), abs=0.02)
    assert (az - FAR[2], wall.height_m) == pytest.approx((0, 3), abs=0.04)


def test_a_walls_end_joins_the_corner_of_its_neighbour() -> None:
    cloud = hall()
    side = Polyline3D(((20.2, 0.1, 0), (20.2, 12, 0)), 3, 0.2)

    edit = fit_wall_at(
        cloud, index_points(cloud.xyz_m), find_ground(cloud.xyz_m), (5, 0, 1.5), others=(side,)
    )

    assert isinstance(edit.annotation.shape, Polyline3D)
    assert max(v[0] for v in edit.annotation.shape.vertices_m) == pytest.approx(20.2)


def test_a_door_is_cut_into_a_wall() -> None:
    wall = draw_wall([(0, 0, 0), (10, 0, 0)], height_m=3).annotation

    edit = cut_opening(wall, Opening(2, 3, 0, 2.1))

    assert isinstance(edit.annotation.shape, Polyline3D)
    assert edit.annotation.shape.openings == (Opening(2, 3, 0, 2.1),)
