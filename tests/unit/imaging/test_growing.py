import numpy as np
import numpy.typing as npt
import pytest
import scipy.ndimage
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.imaging.growing import Leak, grow

SPACING = (1.0, 0.7, 0.7)
EVERYWHERE = np.ones((3, 3, 3))


def noise(seed: int, shape: tuple[int, int, int] = (9, 14, 17)) -> npt.NDArray[np.int16]:
    smooth = scipy.ndimage.gaussian_filter(np.random.default_rng(seed).normal(0, 900, shape), 0.8)
    return np.asarray(smooth, np.int16)


def test_what_is_as_long_as_a_rib_is_not_taken_however_thin_it_is() -> None:
    hu = np.zeros((1, 5, 100), np.int16)
    hu[0, 2, 10:80] = 400

    grown = grow(hu, (0, 2, 40), at_least_hu=130, spacing_mm=(1.0, 1.0, 1.0))

    assert grown.leak is Leak.BONE_SIZED


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10_000), threshold=st.integers(-100, 250))
def test_a_click_takes_exactly_the_26_connected_component(seed: int, threshold: int) -> None:
    hu = noise(seed)
    k, j, i = (int(n) for n in np.unravel_index(int(np.argmax(hu)), hu.shape))
    start = (k, j, i)

    grown = grow(hu, start, at_least_hu=threshold, spacing_mm=SPACING)

    labels, _ = scipy.ndimage.label(hu >= threshold, EVERYWHERE)
    truth = np.flatnonzero(labels == labels[start]) if labels[start] else np.zeros(0, np.int64)
    np.testing.assert_array_equal(grown.where, truth)
    if len(truth):
        assert grown.max_hu == hu.flat[truth].max()
        assert grown.mean_hu == pytest.approx(hu.flat[truth].mean())


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10_000), radius_mm=st.floats(0.3, 8.0))
def test_a_radius_takes_what_hangs_together_within_it_and_tells_what_does_not(
    seed: int, radius_mm: float
) -> None:
    hu = noise(seed)
    k, j, i = (int(n) for n in np.unravel_index(int(np.argmax(hu)), hu.shape))
    at = np.moveaxis(np.indices(hu.shape), 0, -1)
    is_near = np.linalg.norm((at - (k, j, i)) * SPACING, axis=-1) <= radius_mm

    grown = grow(hu, (k, j, i), at_least_hu=0, spacing_mm=SPACING, radius_mm=radius_mm)

    labels, _ = scipy.ndimage.label((hu >= 0) & is_near, EVERYWHERE)
    inside = labels == labels[k, j, i]
    np.testing.assert_array_equal(grown.where, np.flatnonzero(inside))
    around = scipy.ndimage.binary_dilation(inside, EVERYWHERE) & (hu >= 0)
    assert grown.is_cut == bool((around & ~is_near).any())


def test_a_click_below_the_threshold_takes_nothing() -> None:
    grown = grow(np.zeros((3, 3, 3), np.int16), (1, 1, 1), at_least_hu=130, spacing_mm=SPACING)

    assert len(grown.where) == 0
    assert grown.leak is Leak.NONE


def test_a_voxel_at_the_threshold_belongs_to_the_focus() -> None:
    hu = np.zeros((3, 3, 3), np.int16)
    hu[1, 1, 1] = 130

    grown = grow(hu, (1, 1, 1), at_least_hu=130, spacing_mm=SPACING)

    np.testing.assert_array_equal(grown.where, [13])


def test_a_half_hounsfield_below_the_threshold_is_below_it() -> None:
    hu = np.full((1, 1, 2), 129.5, np.float32)
    hu[0, 0, 0] = 130

    grown = grow(hu, (0, 0, 0), at_least_hu=130, spacing_mm=SPACING)

    np.testing.assert_array_equal(grown.where, [0])


def test_growing_into_bone_stops_early_and_says_so() -> None:
    hu = np.full((200, 64, 64), 400, np.int16)

    grown = grow(hu, (5, 5, 5), at_least_hu=130, spacing_mm=SPACING, bone_mm3=100.0)

    assert grown.leak is Leak.BONE_SIZED
    assert len(grown.where) == int(100.0 / 0.49) + 1


def test_growing_without_end_meets_the_cap_on_voxels() -> None:
    hu = np.full((100, 64, 64), 400, np.int16)

    grown = grow(hu, (5, 5, 5), at_least_hu=130, spacing_mm=SPACING, bone_mm3=1e9, voxel_cap=5_000)

    assert grown.leak is Leak.TOO_LARGE
    assert len(grown.where) == 5_000


def test_a_radius_cuts_what_goes_on_and_says_so() -> None:
    hu = np.zeros((5, 5, 60), np.int16)
    hu[2, 2, :] = 500

    grown = grow(hu, (2, 2, 30), at_least_hu=130, spacing_mm=SPACING, radius_mm=3.5)

    assert grown.is_cut
    assert len(grown.where) == 11


def test_a_radius_that_nothing_leaves_cuts_nothing() -> None:
    hu = np.zeros((5, 5, 5), np.int16)
    hu[2, 2, 2] = 500

    grown = grow(hu, (2, 2, 2), at_least_hu=130, spacing_mm=SPACING, radius_mm=3.0)

    assert not grown.is_cut
    assert grown.leak is Leak.NONE


def test_a_seed_outside_the_volume_is_refused() -> None:
    with pytest.raises(IndexError, match="outside"):
        grow(np.zeros((3, 3, 3), np.int16), (3, 0, 0), at_least_hu=130, spacing_mm=SPACING)


def test_a_large_set_is_found_whole_and_sorted() -> None:
    hu = np.full((40, 40, 40), 200, np.int16)

    grown = grow(hu, (20, 20, 20), at_least_hu=130, spacing_mm=SPACING, bone_mm3=1e9)

    np.testing.assert_array_equal(grown.where, np.arange(64_000))
