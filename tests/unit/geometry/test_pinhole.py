"""A camera's image: where places are in it, and what of the world a pixel shows."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.geometry.pinhole import (
    NEAR_M,
    Pinhole,
    distance_to_lines,
    is_around,
    nearest_to_ray,
)

# x right, y down, z forward, as cameras have it; 100 px to a metre at one metre.
CAMERA = Pinhole(np.array([[100.0, 0, 320, 0], [0, 100, 180, 0], [0, 0, 1, 0]]), (640, 360))
coordinate = st.floats(-50, 50)


def test_a_place_straight_ahead_is_in_the_middle() -> None:
    at_px, depth = CAMERA.project([(0, 0, 5), (1, -0.5, 2)])

    assert at_px.tolist() == [[320, 180], [370, 155]]
    assert depth.tolist() == [5, 2]


def test_what_is_behind_has_no_pixel() -> None:
    at_px, depth = CAMERA.project([(0, 0, -1), (0, 0, 0), (math.nan, 0, 1)])

    assert np.isnan(at_px).any(axis=1).all()
    assert depth[0] == -1


@pytest.mark.parametrize("scale", [3.0, -0.5])
def test_the_scale_and_sign_of_a_projection_do_not_matter(scale: float) -> None:
    other = Pinhole(CAMERA.px_from_world * scale, CAMERA.size_px)

    np.testing.assert_allclose(other.px_from_world, CAMERA.px_from_world)


@pytest.mark.parametrize("matrix", [np.zeros((3, 4)), np.full((3, 4), np.nan), np.eye(4)])
def test_what_is_no_projection_is_no_camera(matrix: np.ndarray) -> None:
    with pytest.raises(ValueError, match="projection"):
        Pinhole(matrix, (10, 10))


@settings(max_examples=60)
@given(st.tuples(coordinate, coordinate, st.floats(0.2, 80)))
def test_the_ray_of_a_pixel_goes_through_the_place_that_it_shows(
    place: tuple[float, float, float],
) -> None:
    at_px, _depth = CAMERA.project([place])

    eye, direction = CAMERA.ray((float(at_px[0, 0]), float(at_px[0, 1])))

    away = np.array(place) - eye
    np.testing.assert_allclose(away / np.linalg.norm(away), direction, atol=1e-9)


def test_a_line_that_goes_past_the_camera_is_cut_and_keeps_its_course() -> None:
    line = np.array([[[1.0, 0.5, 10.0], [1.0, 0.5, -10.0]]])

    lines, ends_px, depth = CAMERA.project_lines(line)

    assert lines.tolist() == [0]
    assert depth[0].tolist() == [10.0, NEAR_M]
    np.testing.assert_allclose(ends_px[0], [[330, 185], [1320, 680]])


def test_a_line_behind_the_camera_is_left_out() -> None:
    ends = np.array([[[0.0, 0, -1], [0, 0, -2]], [[0, 0, 1], [1, 0, 1]]])

    lines, _ends_px, _depth = CAMERA.project_lines(ends)

    assert lines.tolist() == [1]


@settings(max_examples=60)
@given(
    st.lists(st.tuples(coordinate, coordinate, coordinate), min_size=2, max_size=2),
    st.floats(0.01, 0.99),
)
def test_every_visible_place_of_a_line_lies_on_what_is_drawn_of_it(
    ends: list[tuple[float, float, float]], share: float
) -> None:
    one, other = np.array(ends)
    place = one + share * (other - one)
    at_px, depth = CAMERA.project([place])
    if depth[0] < NEAR_M:
        return

    _lines, ends_px, _depth = CAMERA.project_lines(np.array([ends]))

    size = 1 + np.abs(ends_px).max()
    off = distance_to_lines(ends_px, (float(at_px[0, 0]), float(at_px[0, 1])))
    assert off <= 1e-6 * size


def test_the_foremost_of_the_points_under_a_pixel_is_taken() -> None:
    at_px = np.array([[10.0, 10], [11, 10], [40, 10], [np.nan, np.nan]])
    depth = np.array([9.0, 4.0, 1.0, -1.0])

    assert nearest_to_ray(at_px, depth, (10, 10), within_px=5) == 1
    assert nearest_to_ray(at_px, depth, (25, 10), within_px=5) is None
    assert nearest_to_ray(at_px[:0], depth[:0], (25, 10), within_px=5) is None


def test_inside_a_hull_is_inside_and_beside_it_is_not() -> None:
    ring = np.array([[0.0, 0], [10, 0], [10, 10], [0, 10], [5, 5]])

    assert is_around(ring, (3, 7))
    assert not is_around(ring, (11, 5))
    assert not is_around(ring[:2], (5, 0))
