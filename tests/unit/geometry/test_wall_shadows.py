"""A wall goes on where something stands before it, and ends where rays pass."""

import math

import numpy as np
import numpy.typing as npt
import pytest

from annotator.geometry.survey import survey
from annotator.geometry.wall import fit_wall
from annotator.geometry.wall_shadows import sight_of, spans

SENSOR_M = (0.0, 0.0, 1.6)
WALL_Y_M = 8.0
COLUMNS = 400


def seen(
    *, low_m: float, high_m: float, car: bool = False, gate: bool = False, columns: int = COLUMNS
) -> npt.NDArray[np.float32]:
    """What a scanner sees of a floor and a wall, with a van before it and a gate in it."""
    ends = []
    for turn in np.linspace(0.15, math.pi - 0.15, columns):
        for tilt in np.linspace(-0.35, 0.12, 16):
            way = np.array([math.cos(turn), math.sin(turn), math.tan(tilt)])
            reach = _reach(way, low_m, high_m, car=car, gate=gate)
            if reach is not None:
                ends.append(np.array(SENSOR_M) + reach * way)
    return np.array(ends, np.float32)


def _reach(
    way: npt.NDArray[np.float64], low_m: float, high_m: float, *, car: bool, gate: bool
) -> float | None:
    to_floor = -SENSOR_M[2] / way[2] if way[2] < 0 else math.inf
    to_van, to_wall = 4.0 / way[1], WALL_Y_M / way[1]
    if car and -2.0 < to_van * way[0] < 2.0 and to_van < to_floor:
        return float(to_van)
    x, z = to_wall * way[0], SENSOR_M[2] + to_wall * way[2]
    is_open = gate and -2.0 < x < 2.0
    if to_wall < to_floor and low_m < x < high_m and 0 < z < 2.5 and not is_open:
        return float(to_wall)
    behind = (WALL_Y_M + 6.0) / way[1]
    if to_wall < to_floor and is_open and behind < to_floor:
        return float(behind)
    return to_floor if to_floor < 40.0 else None


def length_m(points: npt.NDArray[np.float32], *, known: bool) -> float:
    found = survey(points, SENSOR_M if known else None)
    on_wall = points[np.abs(points[:, 1] - WALL_Y_M) < 0.01]
    place = on_wall[np.abs(on_wall[:, 0] - 5.0).argmin()]
    wall = fit_wall(found.index, found.ground, (float(place[0]), WALL_Y_M, float(place[2])))
    first, last = wall.shape.vertices_m[0], wall.shape.vertices_m[-1]
    return math.dist(first[:2], last[:2])


def test_a_wall_grows_through_the_shadow_of_what_stands_before_it() -> None:
    points = seen(low_m=-10, high_m=10, car=True)

    assert length_m(points, known=False) < 8
    assert length_m(points, known=True) == pytest.approx(20, abs=0.3)


def test_a_wall_ends_at_a_gate_through_which_rays_pass() -> None:
    points = seen(low_m=-10, high_m=10, gate=True)

    assert length_m(points, known=True) == pytest.approx(8, abs=0.3)


def test_a_wall_goes_on_where_rays_meet_it_askew_and_far_apart() -> None:
    points = seen(low_m=-2, high_m=45, columns=120)

    assert length_m(points, known=True) > 1.3 * length_m(points, known=False)


def test_a_wall_does_not_end_in_a_shadow() -> None:
    points = seen(low_m=-1, high_m=10, car=True)

    assert length_m(points, known=True) == pytest.approx(6, abs=0.3)


def test_places_without_a_sight_are_parted_by_every_longer_gap() -> None:
    places = np.array([0.0, 1.0, 2.0, 5.0, 5.5])

    assert spans(places, 1.2) == [(0.0, 2.0), (5.0, 5.5)]


def test_rays_that_end_on_the_wall_or_beyond_it_are_not_stopped_before_it() -> None:
    points = seen(low_m=-10, high_m=10, gate=True)
    standing = points[points[:, 2] > 0.1]

    sight = sight_of(standing, SENSOR_M, (0, WALL_Y_M, 1), (np.array([0.0, 1.0]), 0.0), (0.1, 2.4))

    assert len(sight.stopped_m) == 0
