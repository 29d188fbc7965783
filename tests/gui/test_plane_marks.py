import math

import pytest

from annotator.views.plane_marks import scale_mm


@pytest.mark.parametrize("power", [-1, 0, 1, 2])
def test_a_scale_has_a_length_where_there_is_a_hair_less_room_than_a_power_of_ten(
    power: int,
) -> None:
    assert scale_mm(math.nextafter(10.0**power, 0.0)) == pytest.approx(10.0**power)


@pytest.mark.parametrize(("room_mm", "length_mm"), [(1.9, 1.0), (4.0, 2.0), (7.0, 5.0), (60, 50.0)])
def test_a_scale_is_one_two_or_five_times_a_power_of_ten(room_mm: float, length_mm: float) -> None:
    assert scale_mm(room_mm) == pytest.approx(length_mm)
