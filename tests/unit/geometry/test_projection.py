import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.geometry.projection import Camera, Projection, StandardView

SIZE = (800, 600)
angles = st.floats(-3, 3)
cameras = st.builds(
    Camera,
    target_m=st.tuples(*[st.floats(-50, 50)] * 3),
    distance_m=st.floats(1, 100),
    azimuth_rad=angles,
    elevation_rad=st.floats(-1.5, 1.5),
    projection=st.sampled_from(Projection),
)


@given(cameras)
@settings(max_examples=40)
def test_the_target_is_in_the_middle_of_the_screen(camera: Camera) -> None:
    at_px, _depth = camera.project([camera.target_m], SIZE)

    np.testing.assert_allclose(at_px[0], (400, 300), atol=1e-6)


@given(cameras, st.floats(0, 800), st.floats(0, 600), st.floats(0.5, 50))
@settings(max_examples=40)
def test_a_ray_goes_through_its_pixel(camera: Camera, x: float, y: float, ahead: float) -> None:
    origin, direction = (np.asarray(v) for v in camera.ray((x, y), SIZE))

    at_px, _depth = camera.project([origin + ahead * direction], SIZE)

    np.testing.assert_allclose(at_px[0], (x, y), atol=1e-5)


@given(cameras, st.floats(0.3, 3), st.tuples(*[st.floats(-5, 5)] * 3))
@settings(max_examples=40)
def test_zoom_and_orbit_keep_the_place_they_are_about(
    camera: Camera, factor: float, off: tuple[float, float, float]
) -> None:
    forward = camera.axes()[2]
    place = np.asarray(camera.eye_m) + 20 * forward + np.asarray(off)
    about = (float(place[0]), float(place[1]), float(place[2]))
    before, _ = camera.project([about], SIZE)

    zoomed, _ = camera.zoomed(factor, about).project([about], SIZE)
    orbited, _ = camera.orbited(0.3, 0.0, about).project([about], SIZE)

    np.testing.assert_allclose(zoomed, before, atol=1e-5)
    np.testing.assert_allclose(orbited, before, atol=1e-5)


@given(cameras)
@settings(max_examples=30)
def test_what_is_dragged_follows_the_pointer(camera: Camera) -> None:
    place = camera.at_depth_of(camera.target_m, (100.0, 200.0), SIZE)

    moved = camera.panned((100, 200), (150, 170), SIZE, place)

    np.testing.assert_allclose(moved.project([place], SIZE)[0][0], (150, 170), atol=1e-4)


@given(cameras)
@settings(max_examples=30)
def test_fitting_brings_all_corners_on_the_screen(camera: Camera) -> None:
    low, high = (-3.0, 0.0, 1.0), (40.0, 20.0, 4.0)
    corners = [(x, y, z) for x in (-3, 40) for y in (0, 20) for z in (1, 4)]

    at_px, _ = camera.fitted(low, high, SIZE).project(corners, SIZE)

    assert (at_px >= 0).all()
    assert (at_px <= SIZE).all()


def test_changing_the_projection_keeps_the_size_of_the_target() -> None:
    camera = Camera(distance_m=10)
    beside = camera.at_depth_of(camera.target_m, (500.0, 300.0), SIZE)

    flat = camera.projected(Projection.ORTHOGRAPHIC)

    np.testing.assert_allclose(flat.project([beside], SIZE)[0][0], (500, 300), atol=1e-6)


@pytest.mark.parametrize(
    ("view", "right", "down"),
    [
        (StandardView.TOP, (0, -1, 0), (-1, 0, 0)),
        (StandardView.FRONT, (0, 1, 0), (0, 0, -1)),
        (StandardView.REAR, (0, -1, 0), (0, 0, -1)),
        (StandardView.LEFT, (-1, 0, 0), (0, 0, -1)),
        (StandardView.RIGHT, (1, 0, 0), (0, 0, -1)),
    ],
)
def test_standard_views_look_along_the_axes(
    view: StandardView, right: tuple[int, ...], down: tuple[int, ...]
) -> None:
    axes = Camera().seen_from(view).axes()

    np.testing.assert_allclose(axes[:2], (right, down), atol=1e-12)


def test_a_place_behind_the_eye_is_nowhere_on_the_screen() -> None:
    camera = Camera(distance_m=10)
    behind = np.asarray(camera.eye_m) - 5 * camera.axes()[2]

    at_px, _ = camera.project([behind], SIZE)

    assert np.isnan(at_px).all()


def test_a_camera_at_infinity_is_refused() -> None:
    with pytest.raises(ValueError, match="infinity"):
        Camera(target_m=(math.nan, 0, 0))
