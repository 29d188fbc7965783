"""An object that other things are seen through is gone; one behind a pillar is hidden."""

import numpy as np

from annotator.geometry.visibility import Presence, sight_of
from annotator.model.shapes import Box3D

BOX = Box3D((10.0, 0.0, 0.8), (4.0, 2.0, 1.6))
SENSOR = (0.0, 0.0, 1.8)


def wall(x_m: float) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    y, z = np.meshgrid(np.linspace(-3, 3, 25), np.linspace(-0.5, 1.5, 15))
    return np.stack([np.full(y.size, x_m), y.ravel(), z.ravel()], axis=1).astype(np.float32)


def test_points_in_the_box_are_the_object() -> None:
    sight = sight_of(BOX, wall(8.5), SENSOR)

    assert sight.presence is Presence.SEEN
    assert sight.points > 5


def test_a_wall_seen_through_its_place_means_it_is_gone() -> None:
    assert sight_of(BOX, wall(20.0), SENSOR).presence is Presence.GONE


def test_a_wall_in_front_of_it_hides_it() -> None:
    assert sight_of(BOX, wall(3.0), SENSOR).presence is Presence.HIDDEN


def test_where_nothing_came_back_nothing_is_known() -> None:
    blank = np.full((40, 3), np.nan, np.float32)

    assert sight_of(BOX, blank, SENSOR).presence is Presence.HIDDEN
    assert sight_of(BOX, blank[:0], SENSOR).presence is Presence.HIDDEN


def test_the_floor_below_it_is_not_the_object() -> None:
    x, y = np.meshgrid(np.linspace(8.1, 11.9, 20), np.linspace(-0.9, 0.9, 10))
    floor = np.stack([x.ravel(), y.ravel(), np.full(x.size, 0.02)], axis=1)

    assert sight_of(BOX, floor, SENSOR).points == 0
