"""A voxel lies where its own slice says, also above slices that are missing."""

import numpy as np
import pytest

from annotator.model.volume import Series, Slice

PLACES_MM = (30.0, 32.0, 34.0, 46.0, 48.0)
"""Even but for a gap of five slices."""


def series(places_mm: tuple[float, ...] = PLACES_MM, tilt: float = 0.0) -> Series:
    affine = np.array([[0.5, 0, 0, -10], [0, 0.8, tilt * 2, -20], [0, 0, 2, 30], [0, 0, 0, 1.0]])
    slices = tuple(Slice(f"{z}", f"1.{z}", (-10.0, -20.0 + tilt * (z - 30), z)) for z in places_mm)
    shape = (len(slices), 8, 8)
    return Series("1", "2", "3", slices, shape, affine, (2.0, 0.8, 0.5))


def test_a_voxel_lies_where_its_slice_says() -> None:
    assert series().lps_of((2.0, 0.0, 1.5)) == (-9.0, -20.0, 33.0)
    assert series().lps_of((2.0, 1.0, 4.0)) == pytest.approx((-9.0, -19.2, 48.0))


def test_between_and_beyond_slices_places_go_on_evenly() -> None:
    found = [series().lps_of((0.0, 0.0, k))[2] for k in (2.5, -1.0, 5.0)]

    assert found == [40.0, 28.0, 50.0]


@pytest.mark.parametrize("tilt", [0.0, 0.25])
@pytest.mark.parametrize("k", [-0.5, 0.0, 1.25, 2.5, 3.0, 4.5])
def test_the_voxel_of_a_place_is_the_one_that_lies_there(k: float, tilt: float) -> None:
    there = series(tilt=tilt).lps_of((3.0, 5.5, k))

    assert series(tilt=tilt).voxel_of(there) == pytest.approx((3.0, 5.5, k))


def test_gaps_that_are_no_increment_are_known() -> None:
    assert series().odd_gaps() == (2,)
    assert series((30.0, 32.0, 34.0)).odd_gaps() == ()
    assert series((30.0,)).odd_gaps() == ()


def test_a_single_slice_has_a_place() -> None:
    alone = series((30.0,))

    assert alone.voxel_of(alone.lps_of((1.0, 2.0, 0.0))) == pytest.approx((1.0, 2.0, 0.0))
