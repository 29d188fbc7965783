import math

import numpy as np
import pytest

from annotator.geometry.building import square_with_rad
from annotator.geometry.ground import find_ground
from annotator.geometry.neighbours import index_points


def scan_of(walls: np.ndarray) -> np.ndarray:
    """A floor and a ceiling 3 m above it, and what stands between them."""
    plan = np.random.default_rng(1).uniform(-10, 10, (2, 8000, 2))
    slabs = [np.column_stack([p, np.full(len(p), z)]) for p, z in zip(plan, (0, 3), strict=True)]
    return np.concatenate([*slabs, walls]).astype(np.float32)


@pytest.mark.parametrize("turn_deg", [0.0, 20.0, 71.3])
def test_a_building_stands_as_its_walls_do(turn_deg: float) -> None:
    rng = np.random.default_rng(2)
    along, up = rng.uniform(-8, 8, (2, 400)), rng.uniform(0, 3, (2, 400))
    one = np.column_stack([along[0], np.full(400, 6.0), up[0]])
    other = np.column_stack([np.full(400, -7.0), along[1], up[1]])
    c, s = math.cos(math.radians(turn_deg)), math.sin(math.radians(turn_deg))
    walls = np.concatenate([one, other]) @ np.array([[c, s, 0], [-s, c, 0], [0, 0, 1]])
    points = scan_of(walls + rng.normal(0, 0.02, walls.shape))
    index = index_points(points)

    found = square_with_rad(index, find_ground(points, index), (0.0, 0.0))

    assert found is not None
    off = math.remainder(found - math.radians(turn_deg), math.pi / 2)
    assert math.degrees(abs(off)) < 0.7


def test_scattered_things_have_no_turn_in_common() -> None:
    things = np.random.default_rng(3).uniform((-8, -8, 0), (8, 8, 3), (800, 3))
    points = scan_of(things)
    index = index_points(points)

    assert square_with_rad(index, find_ground(points, index), (0.0, 0.0)) is None
