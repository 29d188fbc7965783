import math

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.geometry.boxes import in_box_axes
from annotator.geometry.tight import TooFewPointsError, tight_box


def two_sides(yaw_rad: float, seed: int = 0) -> npt.NDArray[np.float64]:
    """The rear and the left of a car of 4.4 x 1.8 x 1.4 m, as a scanner sees them."""
    random = np.random.default_rng(seed)
    rear = np.column_stack([np.full(300, -2.2), random.uniform(-0.9, 0.9, 300)])
    left = np.column_stack([random.uniform(-2.2, 2.2, 500), np.full(500, 0.9)])
    plan = np.concatenate([rear, left]) + random.normal(0, 0.01, (800, 2))
    c, s = math.cos(yaw_rad), math.sin(yaw_rad)
    turned = plan @ np.array([[c, s], [-s, c]]) + (10, 5)
    return np.column_stack([turned, random.uniform(0.2, 1.6, 800)])


@settings(max_examples=25)
@given(st.floats(-math.pi, math.pi))
def test_a_tight_box_holds_every_point_and_lies_as_the_sides_lie(yaw_rad: float) -> None:
    points = two_sides(yaw_rad)

    box = tight_box(points)

    half = np.asarray(box.size_m) / 2
    assert (np.abs(in_box_axes(points, box)) <= half + 1e-6).all()
    assert abs(math.remainder(box.yaw_rad - yaw_rad, math.pi)) < math.radians(1)
    assert box.size_m == pytest.approx((4.4, 1.8, 1.4), abs=0.12)


def test_the_front_stays_where_a_person_had_it() -> None:
    points = two_sides(0.3)

    assert tight_box(points, heads_rad=0.3 + math.pi).yaw_rad == pytest.approx(
        0.3 - math.pi, abs=0.02
    )
    assert tight_box(points).yaw_rad == pytest.approx(0.3, abs=0.02)


def test_one_spot_still_has_a_box_and_two_points_have_none() -> None:
    spot = tight_box(np.zeros((5, 3)))

    assert spot.size_m == (0.02, 0.02, 0.02)
    with pytest.raises(TooFewPointsError):
        tight_box(np.array([[0, 0, 0], [1, 1, 1], [np.nan, 0, 0]], float))
