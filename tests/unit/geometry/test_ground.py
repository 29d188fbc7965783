import math

import numpy as np
import numpy.typing as npt
import pytest

from annotator.geometry.ground import find_ground
from annotator.geometry.level_surfaces import surfaces_in
from annotator.geometry.neighbours import index_points

Points = npt.NDArray[np.float32]


def slab(z: float, *, slope: float = 0.0, side: float = 20.0, n: int = 20_000) -> Points:
    rng = np.random.default_rng(int(z * 10) + 50)
    xy = rng.uniform(0, side, (n, 2))
    height = z + slope * xy[:, 0] + rng.normal(0, 0.01, n)
    return np.column_stack([xy, height]).astype(np.float32)


def wall(n: int = 120_000) -> Points:
    rng = np.random.default_rng(1)
    return np.column_stack(
        [rng.uniform(0, 20, n), rng.normal(0.5, 0.01, n), rng.uniform(0, 6, n)]
    ).astype(np.float32)


def test_floor_and_ceiling_are_found_though_a_wall_is_the_largest_plane() -> None:
    ground = find_ground(np.concatenate([slab(0), slab(6), wall()]))

    assert ground.floor_at(10, 10) == pytest.approx(0, abs=0.01)
    assert ground.ceiling_at(10, 10) == pytest.approx(6, abs=0.01)


def test_a_ramp_is_followed() -> None:
    rise = math.tan(math.radians(5))

    ground = find_ground(np.concatenate([slab(0, slope=rise), slab(3, slope=rise)]))

    for x in (2.0, 10.0, 18.0):
        assert ground.floor_at(x, 10) == pytest.approx(rise * x, abs=0.015)
        assert ground.ceiling_at(x, 10) == pytest.approx(rise * x + 3, abs=0.015)


def test_what_cars_hide_of_a_ramp_and_its_ends_are_as_steep_as_the_rest() -> None:
    rise = math.tan(math.radians(5))
    floor = slab(0, slope=rise)
    shown = (floor[:, 0] > 5) & (floor[:, 0] < 15) & (np.abs(floor[:, 0] - 10) > 1.5)

    ground = find_ground(np.concatenate([floor[shown], slab(3, slope=rise)]))

    for x in (1.5, 10.0, 18.5):
        assert ground.floor_at(x, 10) == pytest.approx(rise * x, abs=0.06)


def test_each_storey_has_its_own_floor_and_ceiling() -> None:
    ground = find_ground(np.concatenate([slab(0), slab(2.8), slab(3.2), slab(6.0)]))

    assert len(ground.storeys) == 2
    assert ground.floor_at(10, 10, 1.0) == pytest.approx(0, abs=0.01)
    assert ground.ceiling_at(10, 10, 1.0) == pytest.approx(2.8, abs=0.01)
    assert ground.floor_at(10, 10, 4.0) == pytest.approx(3.2, abs=0.01)
    assert ground.ceiling_at(10, 10, 4.0) == pytest.approx(6.0, abs=0.01)


def test_of_three_storeys_each_has_the_lower_side_of_the_slab_above_as_its_ceiling() -> None:
    sides = (0, 2.8, 3.2, 6.0, 6.4, 9.2)

    ground = find_ground(np.concatenate([slab(z) for z in sides]))

    found = [(s.floor_m[20, 20], s.ceiling_m[20, 20]) for s in ground.storeys]
    assert np.ravel(found) == pytest.approx(sides, abs=0.02)


def test_where_a_ceiling_was_not_seen_the_next_storeys_is_none() -> None:
    hidden = slab(2.8)[slab(2.8)[:, 0] < 12]

    ground = find_ground(np.concatenate([slab(0), hidden, slab(3.2), slab(6.0)]))

    assert ground.ceiling_at(18, 10, 1.0) == pytest.approx(2.8, abs=0.05)
    assert ground.floor_at(18, 10, 4.0) == pytest.approx(3.2, abs=0.05)


def piece(y_m: tuple[float, float], z_m: float, slope: float = 0.0) -> Points:
    rng = np.random.default_rng(round(10 * z_m) + 7)
    x, y = rng.uniform(0, 20, 40_000), rng.uniform(*y_m, 40_000)
    return np.column_stack([x, y, z_m + slope * x]).astype(np.float32)


def test_a_ramp_between_two_storeys_makes_them_no_single_floor() -> None:
    storeys = [piece((0.0, 20.0), z) for z in (0.0, 2.8, 3.4, 6.0)]
    ramps = [piece((20.0, 24.0), z, 0.17) for z in (0.0, 2.8)]

    ground = find_ground(np.concatenate([*storeys, *ramps]))

    found = [(ground.floor_at(10, 10, z), ground.ceiling_at(10, 10, z)) for z in (1.0, 4.5)]
    assert np.ravel(found) == pytest.approx((0, 2.8, 3.4, 6.0), abs=0.03)
    on_ramp = [ground.floor_at(x, 22, 0.17 * x + 0.5) for x in (4, 10, 16)]
    assert on_ramp == pytest.approx([0.68, 1.7, 2.72], abs=0.05)


@pytest.mark.parametrize("aside_m", [0.2, 0.5, 2.0])
def test_a_ramp_behind_a_wall_is_floor_where_it_begins_at_a_storeys_floor(aside_m: float) -> None:
    storeys = [piece((0.0, 20.0), z) for z in (0.0, 2.8, 3.4, 6.0)]
    beside = (20.0 + aside_m, 26.0 + aside_m)
    ramp = [piece(beside, z, 0.17) for z in (0.0, 2.8)]

    ground = find_ground(np.concatenate([*storeys, *ramp]))

    assert len(ground.storeys) == 2
    on_ramp = [ground.floor_at(x, 23 + aside_m, 0.17 * x + 0.5) for x in (4, 10, 16)]
    assert on_ramp == pytest.approx([0.68, 1.7, 2.72], abs=0.08)
    assert not ground.is_overhead(ramp[0], 0.25).any()
    assert ground.is_overhead(ramp[1], 0.25).mean() > 0.95


def test_a_slab_parts_two_storeys_and_the_lowest_goes_down_without_end() -> None:
    ground = find_ground(np.concatenate([slab(0), slab(2.8), slab(3.2), slab(6.0)]))
    heights = np.array([-1.0, 0.0, 1.5, 2.8, 3.2, 4.7, 6.0, 9.0])
    points = np.column_stack([np.full((8, 2), 10.0), heights]).astype(np.float32)

    lower, upper = (heights[ground.is_in_storey(points, n)].tolist() for n in (0, 1))

    assert lower == [-1.0, 0.0, 1.5, 2.8]
    assert upper == [3.2, 4.7, 6.0, 9.0]


def test_a_storey_reaches_over_a_row_of_cars_up_to_its_wall() -> None:
    behind_cars = [piece((6.5, 20.0), z) for z in (0.0, 3.4)]
    ceilings = [piece((0.0, 20.0), z) for z in (2.8, 6.0)]

    ground = find_ground(np.concatenate([*behind_cars, *ceilings]))

    wall = np.array([(x, 0.02, 4.5) for x in (1, 10, 19)], np.float32)
    assert ground.is_in_storey(wall, 1).all()


def test_a_ramp_beside_an_upper_storey_is_of_the_lower_one() -> None:
    storeys = [piece((0.0, 20.0), z) for z in (0.0, 2.8, 3.4, 6.0)]
    ground = find_ground(np.concatenate([*storeys, piece((20.0, 24.0), 0.0, 0.17)]))
    on_ramp = np.array([(x, 22, 0.17 * x) for x in (4, 10, 16)], np.float32)

    assert ground.is_in_storey(on_ramp, 0).all()
    assert not ground.is_in_storey(on_ramp, 1).any()


def test_overhead_is_each_ceiling_and_what_hangs_from_it_but_no_floor_above() -> None:
    ground = find_ground(np.concatenate([slab(0), slab(2.8), slab(3.2), slab(6.0)]))
    heights = np.array([0.0, 1.5, 2.7, 2.8, 3.2, 4.7, 5.9, 6.0])
    points = np.column_stack([np.full((8, 2), 10.0), heights]).astype(np.float32)

    overhead = ground.is_overhead(points, 0.25)

    assert heights[overhead].tolist() == [2.7, 2.8, 5.9, 6.0]


def test_overhead_rises_with_a_ramp() -> None:
    ground = find_ground(np.concatenate([slab(0, slope=0.1), slab(2.8, slope=0.1)]))
    points = np.array([(2, 10, 1.7), (2, 10, 3.0), (18, 10, 3.0), (18, 10, 4.6)], np.float32)

    assert ground.is_overhead(points, 0.25).tolist() == [False, True, False, True]


def test_the_ceiling_over_a_part_of_two_narrow_aisles_is_found() -> None:
    floor, ceiling = slab(0), slab(2.8)
    aisles = floor[(floor[:, :2] < 3).any(axis=1)]
    seen = ceiling[(ceiling[:, :2] < (3, 6)).all(axis=1)]

    ground = find_ground(np.concatenate([aisles, seen]))

    assert ground.ceiling_at(1.5, 3) == pytest.approx(2.8, abs=0.02)


def test_open_sky_has_no_ceiling() -> None:
    assert find_ground(slab(0)).ceiling_at(10, 10) == math.inf


def test_strays_below_the_floor_do_not_sink_it() -> None:
    rng = np.random.default_rng(4)
    strays = np.column_stack([rng.uniform(0, 20, (60, 2)), rng.uniform(-5, -1, 60)])

    ground = find_ground(np.concatenate([slab(0), strays.astype(np.float32)]))

    assert ground.floor_at(10, 10) == pytest.approx(0, abs=0.01)


def test_heights_of_points_that_are_not_numbers_are_not_numbers() -> None:
    points = np.concatenate([slab(0), np.full((1, 3), np.nan, np.float32)])

    heights = find_ground(points).heights_m(points)

    assert np.isnan(heights[-1])
    assert np.abs(heights[:-1]).max() < 0.08


def test_an_empty_scan_has_a_floor_at_zero() -> None:
    assert find_ground(np.zeros((0, 3), np.float32)).floor_at(1, 1) == 0


def test_the_side_of_a_car_that_hides_a_ramp_is_no_part_of_the_ramp() -> None:
    rise = math.tan(math.radians(5))
    floor = [(i, 4) for i in range(1, 6)] + [(2, 3), (3, 3), (4, 3)]
    corners = np.array([(0.2, 0.3), (1.2, 0.2), (0.3, 1.2), (1.3, 1.3), (0.7, 0.8)])
    places = np.concatenate([corners + np.array(column) * 1.5 for column in floor])
    on_ramp = np.column_stack([places, rise * places[:, 0]])
    side = np.column_stack(
        [corners + np.array((4.5, 3.0)), rise * 5.25 + 0.3 + 0.01 * corners[:, 0]]
    )
    aligned = [(1.0, 1.0, 0.0)]  # columns begin a metre before the first point
    scan = np.concatenate([aligned, on_ramp, side]).astype(np.float32)

    (surface,) = surfaces_in(index_points(scan, cell_m=1.5))

    seen = surface.height_m[np.isfinite(surface.height_m)]
    assert len(seen) == len(floor)
    assert seen.max() < rise * 9 + 0.05
