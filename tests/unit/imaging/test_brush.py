import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.imaging.brush import Brush, under_brush
from annotator.imaging.slabs import Plane

HU = np.random.default_rng(0).integers(-200, 400, (9, 20, 22)).astype(np.int16)
SPACING = (2.0, 0.8, 0.5)
place = st.tuples(st.floats(-3, 24), st.floats(-3, 22), st.floats(-1, 9))


@settings(max_examples=60, deadline=None)
@given(start=place, end=place, radius=st.floats(0.3, 6), is_ball=st.booleans())
def test_a_stroke_takes_every_voxel_near_it_and_no_other(
    start: tuple[float, float, float],
    end: tuple[float, float, float],
    radius: float,
    is_ball: bool,
) -> None:
    brush = Brush(radius, is_ball=is_ball, low_hu=0)

    taken = under_brush(HU, brush, start, end, spacing_mm=SPACING)

    a, b = np.array(start[::-1]), np.array(end[::-1])
    if not is_ball:
        a[0] = b[0] = round(b[0])
    grid = np.array(list(np.ndindex(HU.shape)))
    p, along = (grid - a) * SPACING, (b - a) * SPACING
    share = np.clip(p @ along / max(float(along @ along), 1e-300), 0, 1)
    distance = np.linalg.norm(p - share[:, None] * along, axis=1)
    near, at_end = distance <= radius, (grid == np.floor(b + 0.5)).all(axis=1)
    if not is_ball:
        near &= grid[:, 0] == b[0]
        at_end &= grid[:, 0] == b[0]
    told = np.abs(distance - radius) > 1e-9  # on the very rim, rounding decides
    wanted = (near | at_end) & (HU.ravel() >= 0)
    is_taken = np.isin(np.arange(HU.size), taken)
    np.testing.assert_array_equal(is_taken[told], wanted[told])


def test_a_brush_smaller_than_a_voxel_takes_the_voxel_under_the_pointer() -> None:
    taken = under_brush(HU, Brush(0.01), (5.4, 6.4, 3.0), (5.4, 6.4, 3.0), spacing_mm=SPACING)

    np.testing.assert_array_equal(taken, [np.ravel_multi_index((3, 6, 5), HU.shape)])


def test_a_disc_lies_in_the_plane_it_is_drawn_in() -> None:
    taken = under_brush(
        HU, Brush(3), (5, 6, 3), (5, 6, 3), spacing_mm=SPACING, plane=Plane.SAGITTAL
    )

    _, _, i = np.unravel_index(taken, HU.shape)
    assert set(i.tolist()) == {5}


def test_a_brush_leaves_voxels_outside_its_range_alone() -> None:
    brush = Brush(4, low_hu=130, high_hu=300)

    taken = under_brush(HU, brush, (10, 10, 4), (10, 10, 4), spacing_mm=SPACING)

    assert len(taken) > 0
    assert 130 <= HU.flat[taken].min() <= HU.flat[taken].max() <= 300


def test_a_brush_without_a_radius_is_refused() -> None:
    with pytest.raises(ValueError, match="positive"):
        Brush(0)
