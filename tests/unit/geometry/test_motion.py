"""Boxes between and beyond the places where they were seen."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.geometry.motion import foretold, has_moved, interpolated
from annotator.model.shapes import Box3D

CAR = Box3D((0.0, 0.0, 0.8), (4.0, 2.0, 1.6))
yaws = st.floats(-math.pi, math.pi)


def at(x_m: float, yaw_rad: float = 0.0) -> Box3D:
    return Box3D((x_m, 0.0, 0.8), CAR.size_m, yaw_rad)


def test_half_way_is_half_way() -> None:
    middle = interpolated(at(0, 0.2), at(4, 0.6), 0.5)

    assert middle.center_m == (2.0, 0.0, 0.8)
    assert middle.yaw_rad == pytest.approx(0.4)


def test_a_box_turns_the_shorter_way_round() -> None:
    middle = interpolated(at(0, math.radians(170)), at(1, math.radians(-170)), 0.5)

    assert abs(math.remainder(middle.yaw_rad - math.pi, math.tau)) < 1e-9


@given(yaws, yaws, st.floats(0, 1))
def test_a_box_never_turns_further_than_from_one_to_the_other(
    one: float, other: float, share: float
) -> None:
    whole = abs(math.remainder(other - one, math.tau))

    turned = interpolated(at(0, one), at(1, other), share).yaw_rad

    assert abs(math.remainder(turned - one, math.tau)) <= whole + 1e-9


def test_motion_goes_on_as_it_was() -> None:
    ahead = foretold([(4, at(3.0, 0.2)), (2, at(1.0, 0.1))], 5)

    assert ahead.center_m == pytest.approx((4.0, 0.0, 0.8))
    assert ahead.yaw_rad == pytest.approx(0.25)


def test_motion_goes_back_as_it_came() -> None:
    assert foretold([(4, at(3.0)), (5, at(4.0))], 3).center_m[0] == pytest.approx(2.0)


def test_one_box_tells_no_velocity() -> None:
    assert foretold([(4, at(3.0))], 9) == at(3.0)


def test_a_box_that_was_never_seen_cannot_be_foretold() -> None:
    with pytest.raises(ValueError, match="never seen"):
        foretold([], 1)


def test_what_a_label_cannot_tell_is_no_motion() -> None:
    assert not has_moved(at(0), at(0.1))
    assert has_moved(at(0), at(0.2))
    assert has_moved(at(0, math.pi), at(0, -math.pi + 0.1))
