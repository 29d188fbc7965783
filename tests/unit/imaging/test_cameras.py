import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.imaging.cameras import PlaneCamera
from annotator.imaging.orientation import layout_of
from annotator.imaging.slabs import Plane

SHAPE = (30, 100, 200)
SPACING = (5.0, 0.8, 0.8)
places = st.tuples(st.floats(0, 640), st.floats(0, 480))
planes = st.sampled_from(list(Plane))


def camera(plane: Plane = Plane.AXIAL) -> PlaneCamera:
    layout = layout_of(plane, np.eye(4))
    return PlaneCamera(layout, (100, 50, 12), 2.0, (640, 480), SPACING).fitted(SHAPE)


@given(at=places, plane=planes, turns=st.integers(0, 3))
def test_a_place_on_the_screen_and_its_voxel_are_one(
    at: tuple[float, float], plane: Plane, turns: int
) -> None:
    seen = camera(plane)
    layout = seen.layout.flipped()
    for _ in range(turns):
        layout = layout.turned()
    seen = PlaneCamera(layout, seen.center, seen.px_per_mm, seen.size_px, SPACING)

    assert seen.px_of(seen.voxel_at(at)) == pytest.approx(at)


@given(at=places, plane=planes, factor=st.floats(0.2, 5))
def test_what_is_under_the_pointer_stays_there_when_zooming(
    at: tuple[float, float], plane: Plane, factor: float
) -> None:
    seen = camera(plane)

    nearer = seen.zoomed(factor, at)

    assert nearer.voxel_at(at) == pytest.approx(seen.voxel_at(at))


@given(at=places, plane=planes)
def test_panning_carries_the_picture_with_the_pointer(
    at: tuple[float, float], plane: Plane
) -> None:
    seen = camera(plane)

    moved = seen.panned((30, -20))

    assert moved.voxel_at((at[0] + 30, at[1] - 20)) == pytest.approx(seen.voxel_at(at))
    assert moved.index == seen.index


@pytest.mark.parametrize("plane", list(Plane))
def test_a_fitted_cut_touches_two_edges_and_leaves_none(plane: Plane) -> None:
    seen = camera(plane)

    corners = [seen.px_of((-0.5, -0.5, -0.5)), seen.px_of((199.5, 99.5, 29.5))]

    width = abs(corners[0][0] - corners[1][0]) / 640
    height = abs(corners[0][1] - corners[1][1]) / 480
    assert max(width, height) == pytest.approx(1.0)


def test_thick_slices_are_as_tall_as_they_are() -> None:
    seen = camera(Plane.CORONAL)

    one = seen.px_of((0, 0, 0))
    next_column, next_slice = seen.px_of((1, 0, 0)), seen.px_of((0, 0, 1))

    assert (one[1] - next_slice[1]) / (next_column[0] - one[0]) == pytest.approx(5.0 / 0.8)


def test_the_framing_begins_at_the_pictures_corner() -> None:
    framing = camera().framing()

    assert (framing.left, framing.top) == camera().voxel_at((0, 0))[:2]
    assert framing.columns_per_px == pytest.approx(1 / (0.8 * camera().px_per_mm))


def test_another_cut_is_the_same_view() -> None:
    moved = camera().moved_to(3)

    assert moved.index == 3
    assert moved.framing() == camera().framing()


def test_a_scale_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="positive"):
        PlaneCamera(camera().layout, (0, 0, 0), 0.0, (10, 10), SPACING)
