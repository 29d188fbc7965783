import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.imaging.measuring import axes_mm, measure_focus, passes
from annotator.model.volume import Series, Slice, Volume


def ct(shape: tuple[int, int, int] = (5, 12, 12), kvp: float | None = None) -> Volume:
    hu = np.zeros(shape, np.int16)
    slices = tuple(Slice(f"{k}", f"1.{k}", (-10.0, -20.0, 30 + 2.0 * k)) for k in range(shape[0]))
    affine = np.array([[0.5, 0, 0, -10], [0, 0.8, 0, -20], [0, 0, 2, 30], [0, 0, 0, 1.0]])
    return Volume(Series("1", "2", "3", slices, shape, affine, (2.0, 0.8, 0.5), kvp=kvp), hu)


def test_a_focus_is_measured_in_millimetres_and_hounsfield_units() -> None:
    volume = ct()
    volume.hu[1, 4:6, 3:7] = 150
    volume.hu[2, 4, 3] = 310

    told = measure_focus(volume, np.flatnonzero(volume.hu))

    assert told.voxels == 9
    assert told.volume_mm3 == pytest.approx(9 * 0.8)
    assert told.max_hu == 310
    assert told.mean_hu == pytest.approx((8 * 150 + 310) / 9)
    assert told.area_mm2 == pytest.approx(8 * 0.4)
    assert told.slices == (1, 2)
    assert told.largest_slice == 1
    assert told.long_mm == pytest.approx(math.hypot(4 * 0.5, 2 * 0.8))
    assert told.margin_hu == 180
    assert told.below == 0
    assert told.rule == "CAL-130 v1"


def test_the_centre_is_given_in_lps() -> None:
    volume = ct()
    volume.hu[3, 5, 7] = 200

    told = measure_focus(volume, np.flatnonzero(volume.hu))

    assert told.center_lps_mm == (-10 + 3.5, -20 + 4.0, 30 + 6.0)


def test_painted_voxels_below_the_threshold_are_counted() -> None:
    volume = ct(kvp=100)
    volume.hu[1, 1, 1:4] = (150, 144, 20)

    told = measure_focus(volume, np.flatnonzero(volume.hu))

    assert told.threshold_hu == 145
    assert told.below == 2


def test_a_focus_without_voxels_has_no_measures() -> None:
    with pytest.raises(ValueError, match="without voxels"):
        measure_focus(ct(), np.zeros(0, np.int64))


def test_a_focus_says_which_published_thresholds_it_reaches() -> None:
    volume = ct()
    volume.hu[1, 1, 1] = 160
    told = measure_focus(volume, np.flatnonzero(volume.hu))

    assert passes(told, at_least_hu=160)
    assert not passes(told, at_least_hu=200)


def test_a_bar_of_pixels_is_as_long_and_as_wide_as_it_is() -> None:
    long_mm, short_mm = axes_mm(np.zeros(10, np.int64), np.arange(10), (1.0, 1.0))

    assert long_mm == pytest.approx(math.hypot(10, 1))
    assert short_mm == pytest.approx(2 * 10 / math.hypot(10, 1))


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 1000))
def test_the_long_axis_is_the_greatest_distance_of_any_two_corners(seed: int) -> None:
    rng = np.random.default_rng(seed)
    rows, columns = rng.integers(0, 8, (2, 12))
    corners = np.array(
        [(r + a, c + b) for r, c in zip(rows, columns, strict=True) for a in (0, 1) for b in (0, 1)]
    ) * (0.8, 0.5)

    long_mm, short_mm = axes_mm(rows, columns, (0.8, 0.5))

    apart = np.linalg.norm(corners[:, None] - corners[None], axis=2)
    assert long_mm == pytest.approx(apart.max())
    assert 0 < short_mm <= long_mm + 1e-9


def test_the_centre_of_a_focus_above_a_gap_is_where_its_slices_are() -> None:
    whole = ct()
    places = (30.0, 32.0, 34.0, 46.0, 48.0)
    slices = tuple(Slice(f"{z}", f"1.{z}", (-10.0, -20.0, z)) for z in places)
    volume = Volume(replace(whole.series, slices=slices), whole.hu)
    volume.hu[3:, 4, 3] = 310

    assert measure_focus(volume, np.flatnonzero(volume.hu)).center_lps_mm[2] == 47.0
