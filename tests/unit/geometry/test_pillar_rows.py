import math

import numpy as np
import numpy.typing as npt
import pytest

from annotator.geometry.ground import find_ground
from annotator.geometry.neighbours import PointIndex, index_points
from annotator.geometry.pillar import NoPillarError, fit_pillar
from annotator.geometry.pillar_rows import alike_in_scan, same_again
from annotator.model.shapes import Box3D, Cylinder3D, Face, Vec2, Vec3

Floats = npt.NDArray[np.float64]
SENSOR: Vec3 = (4.0, 1.0, 1.6)


def seen_sides(rng: np.random.Generator, at_m: Vec2, half_m: float) -> Floats:
    """The sides of a square pillar that look at the sensor, 300 points a square metre."""
    sides = []
    for axis in (0, 1):
        toward = SENSOR[axis] - at_m[axis]
        if abs(toward) <= half_m:
            continue
        part = rng.uniform((-half_m, -half_m, 0), (half_m, half_m, 3), (int(1800 * half_m), 3))
        part[:, axis] = math.copysign(half_m, toward)
        sides.append(part + np.array((*at_m, 0.0)))
    return np.concatenate(sides)


def hidden(points: Floats, pillars: dict[Vec2, float]) -> npt.NDArray[np.bool_]:
    """Tell which points lie behind a pillar."""
    way = points[:, :2] - SENSOR[:2]
    far = np.hypot(*way.T)
    behind = np.zeros(len(points), np.bool_)
    for at, half in pillars.items():
        dx, dy = at[0] - SENSOR[0], at[1] - SENSOR[1]
        aside = np.abs(way[:, 0] * dy - way[:, 1] * dx) / far
        behind |= (aside < 1.5 * half) & (way @ (dx, dy) > 0) & (far > math.hypot(dx, dy))
    return behind


def hall(pillars: dict[Vec2, float], seen_from_m: Vec3 | None = None) -> PointIndex:
    rng = np.random.default_rng(4)
    plans = rng.uniform((-2, -2), (14, 14), (2, 20_000, 2))
    slabs = [
        np.column_stack([plan, np.full(len(plan), z)])
        for plan, z in zip(plans, (0, 3), strict=True)
    ]
    slabs = [slab[~hidden(slab, pillars)] for slab in slabs]
    points = np.concatenate([*slabs, *(seen_sides(rng, at, half) for at, half in pillars.items())])
    points += rng.normal(0, 0.005, points.shape)
    return index_points(points.astype(np.float32), seen_from_m=seen_from_m)


def test_the_first_pillar_finds_those_of_its_section_in_the_scan() -> None:
    index = hall({(2, 5): 0.3, (7, 5): 0.3, (12, 5): 0.3, (7, 10): 0.3, (2, 10): 0.15})
    ground = find_ground(index.xyz_m, index)
    one = fit_pillar(index, ground, (2.0, 5.0))

    found = alike_in_scan(index, ground, one)

    places = sorted((round(f.shape.center_m[0]), round(f.shape.center_m[1])) for f in found)
    assert places == [(7, 5), (7, 10), (12, 5)]


def test_the_nearest_of_those_alike_comes_first() -> None:
    index = hall({(2, 5): 0.3, (12, 5): 0.3, (7, 5): 0.3})
    ground = find_ground(index.xyz_m, index)

    found = alike_in_scan(index, ground, fit_pillar(index, ground, (2.0, 5.0)))

    assert [round(f.shape.center_m[0]) for f in found] == [7, 12]


def sparse(index: PointIndex, beyond_x_m: float, share: float) -> PointIndex:
    """The same scan with few of the points between floor and ceiling that are far away."""
    xyz = index.xyz_m
    far = (xyz[:, 0] > beyond_x_m) & (xyz[:, 2] > 0.1) & (xyz[:, 2] < 2.9)
    kept = ~far | (np.random.default_rng(3).random(len(xyz)) < share)
    return index_points(xyz[kept], seen_from_m=index.seen_from_m)


@pytest.mark.parametrize("share", [1.0, 0.3, 0.1])
def test_the_next_pillars_of_a_row_keep_section_size_and_turn_of_the_one_before(
    share: float,
) -> None:
    index = sparse(hall({(2, 5): 0.3, (7, 5): 0.3, (12, 5): 0.3}, SENSOR), 10, share)
    ground = find_ground(index.xyz_m, index)
    one, other = (fit_pillar(index, ground, (x, 5.0)) for x in (2.0, 7.0))

    (found,) = same_again(index, ground, one, other)

    known = other.shape
    assert isinstance(known, Box3D)
    assert isinstance(found.shape, Box3D)
    assert found.shape.size_m[:2] == known.size_m[:2]
    assert found.shape.yaw_rad == known.yaw_rad
    assert found.shape.center_m[:2] == pytest.approx((12, 5), abs=0.06)


@pytest.mark.parametrize("half_m", [0.22, 0.4])
def test_a_pillar_that_is_clearly_of_another_size_keeps_it_in_a_row(half_m: float) -> None:
    index = hall({(2, 5): 0.3, (7, 5): 0.3, (12, 5): half_m}, SENSOR)
    ground = find_ground(index.xyz_m, index)
    one, other = (fit_pillar(index, ground, (x, 5.0)) for x in (2.0, 7.0))

    (found,) = same_again(index, ground, one, other)

    assert isinstance(found.shape, Box3D)
    assert found.shape.size_m[:2] == pytest.approx((2 * half_m, 2 * half_m), abs=0.06)
    assert found.shape.center_m[:2] == pytest.approx((12, 5), abs=0.04)


def test_a_pillar_that_is_clearly_round_stays_so_in_a_row_of_square_ones() -> None:
    rng = np.random.default_rng(5)
    others = hall({(2, 5): 0.3, (7, 5): 0.3, (12, 5): 0.3}, SENSOR).xyz_m
    others = others[np.abs(others[:, :2] - (12, 5)).max(axis=1) > 0.4]
    turn = math.atan2(SENSOR[1] - 5, SENSOR[0] - 12) + rng.uniform(-1.4, 1.4, 500)
    column = [12 + 0.35 * np.cos(turn), 5 + 0.35 * np.sin(turn), rng.uniform(0, 3, 500)]
    index = index_points(
        np.concatenate([others, np.column_stack(column)]).astype(np.float32), seen_from_m=SENSOR
    )
    ground = find_ground(index.xyz_m, index)
    one, other = (fit_pillar(index, ground, (x, 5.0)) for x in (2.0, 7.0))

    (found,) = same_again(index, ground, one, other)

    assert isinstance(found.shape, Cylinder3D)
    assert found.shape.radius_m == pytest.approx(0.35, abs=0.03)


@pytest.mark.parametrize("at_m", [(4.0, 5.0), (4.0, 8.0)])
def test_a_pillar_of_which_one_side_is_seen_stands_behind_that_side(at_m: Vec2) -> None:
    index = hall({at_m: 0.3}, SENSOR)

    fit = fit_pillar(index, find_ground(index.xyz_m, index), (at_m[0], at_m[1] - 0.4, 1.5))

    assert fit.shape.center_m[:2] == pytest.approx(at_m, abs=0.05)


def test_the_sides_of_a_pillar_that_no_point_showed_are_assumed() -> None:
    index = hall({(4, 5): 0.3}, SENSOR)

    shape = fit_pillar(index, find_ground(index.xyz_m, index), (4.0, 4.6, 1.5)).shape

    assert isinstance(shape, Box3D)
    assert len(shape.assumed & {Face.FRONT, Face.BACK, Face.LEFT, Face.RIGHT}) == 3


def test_a_board_on_legs_through_below_which_the_scanner_saw_is_no_pillar() -> None:
    rng = np.random.default_rng(4)
    plan = rng.uniform((-2, -2), (14, 14), (20_000, 2))
    slabs = [np.column_stack([plan, np.full(len(plan), z)]) for z in (0.0, 3.0)]
    board = np.column_stack(
        [rng.uniform(3.7, 4.3, 400), np.full(400, 5.0), rng.uniform(1.2, 2.6, 400)]
    )
    behind = np.column_stack(
        [rng.uniform(3.0, 5.0, 600), np.full(600, 9.0), rng.uniform(0.1, 1.0, 600)]
    )
    points = np.concatenate([*slabs, board, behind]) + rng.normal(0, 0.005, (41_000, 3))
    index = index_points(points.astype(np.float32), seen_from_m=SENSOR)

    with pytest.raises(NoPillarError, match="saw through"):
        fit_pillar(index, find_ground(index.xyz_m, index), (4.0, 5.0, 1.8))
