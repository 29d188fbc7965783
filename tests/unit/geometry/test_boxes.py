import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.geometry.boxes import (
    ahead_m,
    box_from_world,
    corners,
    iou_3d,
    iou_bev,
    points_in_box,
    world_from_box,
    yaw_error_rad,
)
from annotator.model.shapes import Box3D

metres = st.floats(-5, 5)
sizes = st.floats(0.3, 5)
boxes = st.builds(
    Box3D,
    st.tuples(metres, metres, metres),
    st.tuples(sizes, sizes, sizes),
    st.floats(-math.pi, math.pi),
)


def test_a_box_shares_all_of_itself_with_itself() -> None:
    box = Box3D((4e6, 3e5, 1), (4.5, 1.8, 1.5), 0.4)

    assert iou_3d(box, box) == pytest.approx(1)


def test_half_a_box_length_aside_shares_a_third() -> None:
    one = Box3D((0, 0, 0), (4, 2, 1), 0.3)
    other = Box3D((2 * math.cos(0.3), 2 * math.sin(0.3), 0), (4, 2, 1), 0.3)

    assert iou_bev(one, other) == pytest.approx(1 / 3)


def test_two_squares_turned_by_an_eighth_share_an_octagon() -> None:
    square = Box3D((0, 0, 0), (2, 2, 1))
    turned = Box3D((0, 0, 0), (2, 2, 1), math.pi / 4)
    octagon = 8 * (math.sqrt(2) - 1)

    assert iou_3d(square, turned) == pytest.approx(octagon / (8 - octagon))


@settings(max_examples=50)
@given(boxes, boxes)
def test_sharing_is_mutual_and_at_most_whole(one: Box3D, other: Box3D) -> None:
    assert iou_3d(one, other) == pytest.approx(iou_3d(other, one), abs=1e-9)
    assert 0 <= iou_3d(one, other) <= 1 + 1e-9


@settings(max_examples=50)
@given(boxes)
def test_a_boxs_own_axes_lead_back_to_the_world(box: Box3D) -> None:
    np.testing.assert_allclose(world_from_box(box) @ box_from_world(box), np.eye(4), atol=1e-9)


def test_corners_count_as_inside_and_nan_points_do_not() -> None:
    box = Box3D((1, 2, 3), (4, 2, 1), 0.7, pitch_rad=0.1, roll_rad=-0.2)
    points = np.vstack([corners(box) * 0.999 + np.array(box.center_m) * 0.001, [[np.nan] * 3]])

    inside = points_in_box(points, box)

    assert inside.tolist() == [True] * 8 + [False]


def test_front_and_back_are_not_told_apart_by_the_yaw_error() -> None:
    one = Box3D((0, 0, 0), (4, 2, 1), 0.1)
    other = Box3D((0, 0, 0), (4, 2, 1), 0.1 + math.pi)

    assert yaw_error_rad(one, other) == pytest.approx(0, abs=1e-12)


def test_points_of_the_wrong_shape_are_refused() -> None:
    with pytest.raises(ValueError, match=r"\(N, 3\)"):
        points_in_box(np.zeros((3, 2)), Box3D((0, 0, 0), (1, 1, 1)))


@settings(max_examples=50)
@given(box=boxes, share=st.tuples(*[st.floats(-0.95, 0.95)] * 3), angle=st.floats(0, 6.2))
def test_a_ray_to_a_place_in_a_box_enters_it_on_its_surface(
    box: Box3D, share: tuple[float, float, float], angle: float
) -> None:
    inner = np.asarray(share) * np.asarray(box.size_m) / 2
    aim = world_from_box(box)[:3, :3] @ inner + box.center_m
    eye = aim + 20 * np.array([math.cos(angle), math.sin(angle), 0.3])
    way = (aim - eye) / np.linalg.norm(aim - eye)
    origin, direction = tuple(eye.tolist()), tuple(way.tolist())

    ahead = ahead_m(box, origin, direction)

    assert ahead is not None
    met = eye + ahead * way
    own = np.abs(box_from_world(box)[:3, :3] @ met + box_from_world(box)[:3, 3])
    assert (own * 2 / box.size_m).max() == pytest.approx(1, abs=1e-6)
    assert ahead_m(box, origin, tuple((-way).tolist())) is None


def test_a_ray_beside_or_along_a_box_misses_it() -> None:
    box = Box3D((0, 0, 0), (4, 2, 1))

    assert ahead_m(box, (-5, 1.5, 0), (1, 0, 0)) is None
    assert ahead_m(box, (-5, 0.5, 0), (1, 0, 0)) == pytest.approx(3)
    assert ahead_m(box, (0, 0, 0), (1, 0, 0)) == 0
