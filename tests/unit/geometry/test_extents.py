import math

import numpy as np
import numpy.typing as npt
import pytest

from annotator.geometry.extents import Axis, likely_top_m, reckoned_height_m, roof_m

Floats = npt.NDArray[np.float64]
NOWHERE = np.zeros(0)


def axis(
    places: Floats,
    *,
    high_m: float = math.nan,
    low_m: float = math.nan,
    ground: Floats = NOWHERE,
    spread_m: float = 0.3,
) -> Axis:
    ordered = np.sort(places)
    reach = (float(ordered[-1]), float(ordered[0]))
    return Axis(high_m, low_m, (2.0, -2.0), ordered, reach, np.sort(ground), 4.5, spread_m)


def test_two_seen_ends_are_kept() -> None:
    assert axis(np.array([-2.1, 2.2]), high_m=2.2, low_m=-2.1).ends() == (2.2, -2.1)


def test_an_end_in_the_open_is_where_dense_points_end() -> None:
    dense = np.linspace(-2.2, 2.0, 300)

    _high, low = axis(dense, high_m=2.0).ends()

    assert low == pytest.approx(-2.2, abs=0.12)


def test_a_hidden_end_is_where_the_usual_size_puts_it() -> None:
    front_only = np.linspace(1.5, 2.0, 4)

    _high, low = axis(front_only, high_m=2.0).ends()

    assert low == pytest.approx(2.0 - 4.5, abs=0.25)


def test_floor_seen_behind_bounds_what_is_hidden() -> None:
    front_only = np.linspace(1.5, 2.0, 4)
    floor = np.linspace(-4.0, -1.6, 60)

    _high, low = axis(front_only, high_m=2.0, ground=floor).ends()

    assert -2.0 < low < -1.5


def test_a_side_of_which_few_points_are_seen_is_where_they_lie_not_at_the_last_of_them() -> None:
    stray = np.array([-0.021, -0.012, -0.006, 0.002, 0.008, 0.011, 0.018])
    inside = np.array([-1.5, -0.8, 0.1, 0.9, 1.6])

    _high, low = axis(np.concatenate([inside, -2.2 + stray]), high_m=2.0).ends()

    assert low == pytest.approx(-2.2, abs=0.006)


def test_an_end_without_a_side_is_not_before_the_last_point() -> None:
    roof = np.linspace(-2.2, 2.0, 40)

    _high, low = axis(roof, high_m=2.0).ends()

    assert low < -2.2


def test_points_far_behind_belong_to_the_object_as_far_as_it_may_reach() -> None:
    places = np.concatenate([np.linspace(-0.5, 2.0, 50), [-2.3, -2.35, -2.4]])
    ordered = np.sort(places)
    one = Axis(2.0, math.nan, (2.0, -2.0), ordered, (2.0, -0.5), NOWHERE, 4.5, 0.3)

    _high, low = one.ends()

    assert low == pytest.approx(-2.45, abs=0.12)


def test_a_roof_lies_in_the_middle_of_its_points_whatever_the_sides_show_below_it() -> None:
    stray = np.array([-0.018, -0.011, -0.005, 0.001, 0.006, 0.012, 0.017])
    sides = np.linspace(0.2, 1.5, 40)

    assert roof_m(np.concatenate([sides, 1.5 + stray])) == pytest.approx(1.5, abs=0.006)


def test_a_roof_that_was_not_seen_is_above_the_last_ring() -> None:
    rings = np.repeat([0.3, 0.55, 0.8, 1.05, 1.3], 8)

    height = reckoned_height_m(rings, 1.3, 1.5, 0.1)

    assert 1.36 < height < 1.5


def test_a_few_points_of_a_pillar_are_not_the_roof_of_a_car() -> None:
    car, pillar = np.linspace(0.2, 1.5, 60), np.array([1.95, 2.05, 2.15])

    assert likely_top_m(np.concatenate([car, pillar]), 1.5, 0.1) == pytest.approx(1.55, abs=0.02)


def test_many_points_that_high_are_the_roof_of_a_van() -> None:
    van = np.linspace(0.2, 2.0, 200)

    assert likely_top_m(van, 1.5, 0.1) > 1.85
