import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.geometry.projection import Camera, Projection, StandardView

PLACES = np.random.default_rng(0).uniform(-4, 4, (200, 3))
SIDES = st.integers(160, 2000)
SHIFTS = st.integers(-400, 400)


@settings(max_examples=40, deadline=None)
@given(SIDES, SIDES, SIDES, SIDES, SHIFTS, SHIFTS, st.sampled_from(list(Projection)))
def test_whatever_edges_a_view_gets_everything_stays_where_it_was_on_the_screen(
    w0: int, h0: int, w1: int, h1: int, right: int, down: int, projection: Projection
) -> None:
    camera = Camera(distance_m=18, projection=projection)
    before, _ = camera.project(PLACES, (w0, h0))

    after, _ = camera.reframed((w0, h0), (w1, h1), (right, down)).project(PLACES, (w1, h1))

    np.testing.assert_allclose(after + np.array((right, down)), before, atol=1e-6)


def test_edges_that_come_back_bring_the_camera_back() -> None:
    camera = Camera(distance_m=18)

    wide = camera.reframed((900, 700), (1200, 900), (-200, -30))
    back = wide.reframed((1200, 900), (900, 700), (200, 30))

    assert back.middle_share == pytest.approx(camera.middle_share)
    assert back.field_rad == pytest.approx(camera.field_rad)
    assert wide.looks_like(camera)


@pytest.mark.parametrize("projection", Projection)
def test_a_ray_goes_through_its_pixel_beside_the_middle_too(projection: Projection) -> None:
    size = (900, 600)
    camera = Camera(projection=projection).reframed((1300, 800), size, (250, 90))
    origin, direction = (np.asarray(v) for v in camera.ray((120, 480), size))

    at_px, _ = camera.project([origin + 7 * direction], size)

    np.testing.assert_allclose(at_px[0], (120, 480), atol=1e-6)


@pytest.mark.parametrize("projection", Projection)
def test_what_is_asked_for_comes_to_the_middle_again(projection: Projection) -> None:
    moved = Camera(projection=projection).reframed((900, 700), (1200, 500), (-300, 0))

    fitted = moved.fitted((-1, -1, 0), (1, 1, 1), (1200, 500))
    turned = moved.seen_from(StandardView.TOP)

    assert fitted.middle_share == turned.middle_share == (0.0, 0.0)
    np.testing.assert_allclose(turned.px_per_m(500), moved.px_per_m(500))
