"""A box grows to what a person sees standing out of it, few points as they may be."""

import numpy as np
import pytest

from annotator.commands.growing import (
    fit_face_to_points,
    grow_to_points,
    outgrown,
    outgrown_m,
)
from annotator.model.annotations import Annotation
from annotator.model.cloud import PointCloud
from annotator.model.shapes import Box3D, Face

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


LOW_CAR = Annotation("car", Box3D((12.0, 3.0, 0.65), (4.2, 1.8, 1.3)))


def rear_seen_by_few_beams(*, ceiling_m: float = 3.0) -> PointCloud:
    """A car's rear 1.42 m high in rows 14 cm apart, ten points each, and the ceiling over it."""
    rows = np.arange(0.3, 1.43, 0.14)
    rear = [(10.0, y, z) for z in rows for y in np.linspace(2.3, 3.7, 10)]
    above = [(x, y, ceiling_m) for x in np.linspace(10, 14, 20) for y in np.linspace(2.3, 3.7, 10)]
    return PointCloud(np.array([*rear, *above], np.float32))


def test_a_box_grows_to_the_next_row_though_beams_are_as_far_apart_as_it_is_too_low() -> None:
    put = grow_to_points(LOW_CAR, rear_seen_by_few_beams())

    assert put is not None
    assert isinstance(put.annotation.shape, Box3D)
    assert put.annotation.shape.size_m == pytest.approx((4.2, 1.8, 1.42), abs=1e-3)


def test_a_box_that_ends_below_a_row_of_few_beams_is_said_to_be_too_low() -> None:
    found = outgrown(LOW_CAR, rear_seen_by_few_beams())

    assert found is not None
    assert found.text == "its points reach 12 cm above its box"


def test_a_ceiling_over_a_box_is_none_of_it() -> None:
    van = Annotation("car", Box3D((12.0, 3.0, 0.71), (4.2, 1.8, 1.44)))

    assert grow_to_points(van, rear_seen_by_few_beams(ceiling_m=1.75)) is None


@pytest.mark.parametrize("height_m", [1.3, 1.5])
def test_a_face_is_fitted_to_the_last_row_from_inside_and_from_outside(height_m: float) -> None:
    car = Annotation("car", Box3D((12.0, 3.0, height_m / 2), (4.2, 1.8, height_m)))

    put = fit_face_to_points(car, rear_seen_by_few_beams(), Face.TOP)

    assert put is not None
    assert isinstance(put.annotation.shape, Box3D)
    assert put.annotation.shape.size_m[2] == pytest.approx(1.42, abs=1e-3)
