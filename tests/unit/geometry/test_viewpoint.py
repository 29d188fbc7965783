import math

import numpy as np
import pytest

from annotator.geometry.viewpoint import rays_beside


def test_a_ray_that_passed_behind_a_thing_says_where() -> None:
    xyz = np.array([[10.0, 4.0, 0.5]], np.float32)  # passes x = 5 at y = 2

    rays = rays_beside(xyz, (0.0, 0.0, 0.5), (5.0, 0.0, 0.0), 3.0)
    ((low, high),) = rays.places(math.pi / 2, (-0.5, 0.5), (0.0, 1.0)).tolist()

    # across the axis of y, from x = 4.5 to x = 5.5
    assert (low, high) == pytest.approx((1.8, 2.2))


def test_a_ray_that_ended_there_passed_nothing() -> None:
    xyz = np.array([[5.0, 2.0, 0.5]], np.float32)

    rays = rays_beside(xyz, (0.0, 0.0, 0.5), (5.0, 0.0, 0.0), 3.0)

    assert not len(rays.places(math.pi / 2, (-0.5, 0.0), (0.0, 1.0)))


def test_rays_above_and_aside_are_left_out() -> None:
    xyz = np.array([[10.0, 0.0, 9.0], [0.0, 10.0, 0.5], [-9.0, 0.0, 0.5]], np.float32)

    rays = rays_beside(xyz, (0.0, 0.0, 0.5), (5.0, 0.0, 0.0), 1.0)

    assert not len(rays.places(0.0, (-1.0, 1.0), (0.0, 0.3)))
    assert len(rays.ends_m) == 1


def test_a_point_that_is_no_number_is_no_ray() -> None:
    xyz = np.array([[np.nan, 0.0, 0.5], [10.0, 0.0, 0.5]], np.float32)

    assert len(rays_beside(xyz, (0.0, 0.0, 0.5), (5.0, 0.0, 0.0), 1.0).ends_m) == 1
