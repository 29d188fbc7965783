"""What stood while several scans were taken is told from what moved."""

import numpy as np
import pytest

from annotator.geometry.standing import gone_m
from annotator.model.cloud import Points
from annotator.model.shapes import Box3D

BOX = Box3D((10.0, 5.0, 0.8), (4.4, 1.8, 1.5), 0.6)


def seen(
    box: Box3D, shift_m: float = 0.0, *, low: float = -0.5, high: float = 0.5, count: int = 120
) -> Points:
    """Points on a box's left side, from a share of its length to another; it went ahead before."""
    rng = np.random.default_rng(3)
    length, width, height = box.size_m
    along = rng.uniform(low, high, count) * length + shift_m
    across = rng.uniform(0.2, 0.44, count) * width
    up = rng.uniform(0.1, 1.0, count) * height
    c, s = np.cos(box.yaw_rad), np.sin(box.yaw_rad)
    x = box.center_m[0] + c * along - s * across
    y = box.center_m[1] + s * along + c * across
    return np.column_stack([x, y, up]).astype(np.float32)


def test_what_stands_has_gone_nowhere() -> None:
    gone = gone_m((seen(BOX), seen(BOX), seen(BOX)), BOX)

    assert gone is not None
    assert gone < 0.1


@pytest.mark.parametrize("step_m", [0.4, -0.4, 0.7])
def test_what_drives_has_gone_its_way(step_m: float) -> None:
    scans = (seen(BOX, -step_m), seen(BOX), seen(BOX, step_m))

    gone = gone_m(scans, BOX)

    assert gone == pytest.approx(2 * abs(step_m), abs=0.1)


def test_what_is_seen_more_of_from_elsewhere_stands() -> None:
    scans = (seen(BOX, low=0.2), seen(BOX, low=-0.1), seen(BOX))

    gone = gone_m(scans, BOX)

    assert gone is not None
    assert gone < 0.35


def test_what_one_scan_shows_alone_is_not_known() -> None:
    assert gone_m((seen(BOX), seen(BOX, count=3)), BOX) is None


def test_its_neighbours_and_the_floor_say_nothing() -> None:
    rng = np.random.default_rng(1)
    floor = np.column_stack([rng.uniform(0, 20, (500, 2)), np.zeros(500)]).astype(np.float32)
    other = Box3D((10.0 - 2.5 * np.sin(0.6), 5.0 + 2.5 * np.cos(0.6), 0.8), (4.4, 1.8, 1.5), 0.6)
    scans = [np.concatenate([seen(BOX), floor, seen(other, n * 0.8)]) for n in range(3)]

    gone = gone_m(scans, BOX)

    assert gone is not None
    assert gone < 0.35
