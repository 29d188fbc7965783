"""A box grows to what a person sees standing out of it, few points as they may be."""

import numpy as np
import pytest

from annotator.commands.growing import grow_to_points, outgrown_m
from annotator.model.annotations import Annotation
from annotator.model.cloud import PointCloud
from annotator.model.shapes import Box3D

CRATE = Annotation("movable", Box3D((5.0, 2.0, 0.5), (0.8, 0.6, 1.0)))


def crate_with(beyond: int) -> PointCloud:
    """Sixty points of a crate's right side and front, and some 4 cm beyond its right side."""
    chance = np.random.default_rng(3)
    sides = chance.uniform((-0.38, -0.28, -0.3), (0.38, 0.28, 0.45), (60, 3))
    sides[:40, 1], sides[40:, 0] = -0.29, 0.39
    out = np.column_stack([np.linspace(-0.2, 0.2, beyond), np.full(beyond, -0.34)])
    own = np.concatenate([sides, np.column_stack([out, np.zeros(beyond)])])
    return PointCloud((own + np.array((5.0, 2.0, 0.5))).astype(np.float32))


@pytest.mark.parametrize("beyond", [3, 12])
def test_a_box_of_few_points_grows_to_the_few_that_stand_out(beyond: int) -> None:
    put = grow_to_points(CRATE, crate_with(beyond))

    assert put is not None
    assert isinstance(put.annotation.shape, Box3D)
    assert put.annotation.shape.size_m == pytest.approx((0.8, 0.64, 1.0), abs=1e-3)
    assert put.annotation.shape.center_m == pytest.approx((5.0, 1.98, 0.5), abs=1e-3)


def test_a_stray_point_does_not_pull_a_box() -> None:
    assert grow_to_points(CRATE, crate_with(2)) is None


def test_nobody_is_told_unasked_of_so_few_points() -> None:
    assert set(outgrown_m(CRATE, crate_with(5)).values()) == {0.0}
