import math
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest

from annotator.geometry.pillar_outline import Outline
from annotator.geometry.pillar_rays import outline_seen

Floats = npt.NDArray[np.float64]
FAR_M, TURN_RAD = 20.0, 0.3
SENSOR = (-FAR_M * math.cos(TURN_RAD), -FAR_M * math.sin(TURN_RAD))


def section(
    half_m: tuple[float, float], yaw_rad: float = 0.0, *, is_round: bool = False
) -> Outline:
    none = np.zeros(0, np.bool_)
    return Outline((0.0, 0.0), half_m, yaw_rad, round=is_round, mask=none, residual_m=0.0)


def seen(pillar: Outline, step_m: float, rings: int = 4) -> Floats:
    """Where rays of a scanner end on a pillar, in columns, its nearest place at (0, 0)."""
    rng = np.random.default_rng(2)
    aside = np.repeat(np.arange(-40, 40) * step_m + step_m / 2, rings)
    c, s = math.cos(TURN_RAD), math.sin(TURN_RAD)
    along = np.arange(-2, 2, 0.001)
    ends = []
    for off in aside.tolist():
        places = np.column_stack([c * along - s * off, s * along + c * off])
        inside = np.flatnonzero(_is_inside(places, pillar))
        if len(inside):
            noise = rng.normal(0, 0.015)
            ends.append(places[inside[0]] + noise * np.array([c, s]))
    return np.array(ends)


def _is_inside(places: Floats, pillar: Outline) -> npt.NDArray[np.bool_]:
    if pillar.round:
        return np.asarray(np.hypot(*places.T) < pillar.half_m[0])
    c, s = math.cos(pillar.yaw_rad), math.sin(pillar.yaw_rad)
    own = places @ np.array([[c, -s], [s, c]])
    return np.asarray((np.abs(own) < pillar.half_m).all(axis=1))


SQUARE, ROUND = section((0.3, 0.3)), section((0.35, 0.35), is_round=True)


@pytest.mark.parametrize("true", [SQUARE, ROUND], ids=["square", "round"])
def test_enough_columns_of_points_tell_round_from_square(true: Outline) -> None:
    found = outline_seen(seen(true, 0.08), SENSOR, square_with_rad=0.0)

    assert (found.round, found.is_told) == (true.round, True)
    assert found.middle_m == pytest.approx((0, 0), abs=0.04)
    assert found.half_m == pytest.approx(true.half_m, abs=0.03)


def test_two_columns_tell_no_section_and_it_is_taken_for_square() -> None:
    found = outline_seen(seen(ROUND, 0.33), SENSOR, square_with_rad=TURN_RAD)

    assert (found.round, found.is_told) == (False, False)


@pytest.mark.parametrize("known", [SQUARE, ROUND], ids=["square", "round"])
def test_what_points_leave_open_is_as_on_the_pillars_that_are_known(known: Outline) -> None:
    known = replace(known, yaw_rad=TURN_RAD)

    found = outline_seen(seen(ROUND, 0.33), SENSOR, [known], TURN_RAD)

    assert (found.round, found.half_m, found.is_told) == (known.round, known.half_m, False)


def test_a_pillar_that_is_clearly_round_is_so_among_square_ones() -> None:
    assert outline_seen(seen(ROUND, 0.08), SENSOR, [SQUARE], 0.0).round


def test_an_oblong_pillar_of_which_two_sides_are_seen_keeps_both() -> None:
    found = outline_seen(seen(section((0.45, 0.25)), 0.04), SENSOR, square_with_rad=0.0)

    assert sorted(found.half_m) == pytest.approx([0.25, 0.45], abs=0.03)


def test_a_square_pillar_may_stand_askew_where_that_is_seen() -> None:
    found = outline_seen(seen(section((0.3, 0.3), 0.6), 0.05), SENSOR, square_with_rad=0.0)

    assert not found.round
    assert math.remainder(found.yaw_rad - 0.6, math.pi / 2) == pytest.approx(0, abs=0.1)
