"""Which end of a car is its front is told by its bonnet, and else guessed to be at the aisle."""

import math

import numpy as np
import numpy.typing as npt
import pytest

from annotator.geometry.boxes import axes_of, turned_round
from annotator.geometry.front import headed, is_front_told, is_like_car
from annotator.geometry.ground import find_ground
from annotator.geometry.neighbours import index_points
from annotator.model.labels import GARAGE
from annotator.model.shapes import Box3D

Floats = npt.NDArray[np.float64]

CAR = Box3D((8.0, 5.0, 0.75), (4.4, 1.8, 1.5), math.radians(95))


def placed(own: Floats) -> Floats:
    """Take points in a car's own axes, heights above the floor, to where the car stands."""
    return np.asarray((own - (0, 0, 0.75)) @ axes_of(CAR).T + CAR.center_m)


def roof_line(x: Floats) -> Floats:
    """The height of a hatchback: bonnet, windscreen, roof."""
    return np.interp(x, [-2.2, -1.7, 0.1, 1.1, 2.2], [1.0, 1.45, 1.5, 0.95, 0.8])


def seen_from(end: float, count: int) -> Floats:
    """What is seen of a car from one of its ends: that end, one side, and what lies above."""
    chance = np.random.default_rng(4)
    side = np.column_stack([chance.uniform(-2.2, 2.2, count), np.full(count, 0.9), np.ones(count)])
    side[:, 2] = chance.uniform(0.2, 1.0, count) * np.minimum(roof_line(side[:, 0]), 0.9)
    top = np.column_stack([chance.uniform(-2.2, 2.2, count), chance.uniform(-0.6, 0.6, count)])
    top = np.column_stack([top, roof_line(top[:, 0])])[end * top[:, 0] > 0]
    face = np.column_stack([np.full(count, end * 2.2), chance.uniform(-0.9, 0.9, count)])
    rises = chance.uniform(0.2, float(roof_line(np.array(end * 2.2))), count)
    return placed(np.concatenate([side, top, np.column_stack([face, rises])]))


def floor(low: tuple[float, float], high: tuple[float, float]) -> Floats:
    plan = np.random.default_rng(2).uniform(low, high, (4000, 2))
    return np.column_stack([plan, np.zeros(4000)])


def faced(own: Floats, ground: Floats, box: Box3D) -> Box3D:
    points = np.concatenate([own, ground]).astype(np.float32)
    index = index_points(points)
    return headed(index, find_ground(points, index), own, box)


@pytest.mark.parametrize("end", [1.0, -1.0])
@pytest.mark.parametrize("count", [40, 400])
def test_the_front_is_where_the_bonnet_is_whichever_end_was_seen(end: float, count: int) -> None:
    points = seen_from(end, count)
    behind = floor((0, -4), (16, 5))

    box = faced(points, behind, turned_round(CAR))

    assert math.cos(box.yaw_rad - CAR.yaw_rad) > 0.99
    assert is_front_told(points, box)
    assert not is_front_told(points, turned_round(box))


def test_where_no_end_was_seen_the_front_is_guessed_to_be_at_the_aisle() -> None:
    middle = placed(
        np.column_stack([np.linspace(-0.4, 0.4, 12), np.full(12, 0.9), np.full(12, 0.5)])
    )

    box = faced(middle, floor((0, 6), (16, 14)), turned_round(CAR))

    assert math.cos(box.yaw_rad - CAR.yaw_rad) > 0.99
    assert not is_front_told(middle, box)


def test_a_plain_cuboid_has_no_front_to_be_told() -> None:
    chance = np.random.default_rng(1)
    sides = chance.uniform(-0.5, 0.5, (300, 3)) * CAR.size_m + (0, 0, 0.75)
    sides[:150, 0], sides[150:, 2] = 2.2, 1.5

    assert not is_front_told(placed(sides), CAR)
    assert not is_front_told(placed(sides), turned_round(CAR))


def test_only_what_is_as_large_as_a_car_has_a_bonnet() -> None:
    assert [label.name for label in GARAGE if is_like_car(label)] == ["car"]
