import math

import numpy as np
import pytest

from annotator.geometry.inside import rows_in
from annotator.geometry.survey import Survey, survey
from annotator.model.cloud import PointCloud
from annotator.model.shapes import Box3D, Cylinder3D, Polygon3D

ORIGIN_M = (4_000_000.0, 500_000.0, 0.0)


@pytest.fixture(scope="module")
def hall() -> PointCloud:
    """A floor of 10 x 10 m with a block of 1 m on it, at map coordinates."""
    random = np.random.default_rng(0)
    floor = np.column_stack([random.uniform(-5, 5, (20_000, 2)), random.normal(0, 0.01, 20_000)])
    block = random.uniform((1, 1, 0.1), (2, 2, 1), (1000, 3))
    return PointCloud(np.concatenate([floor, block]).astype(np.float32), origin_m=ORIGIN_M)


@pytest.fixture(scope="module")
def known(hall: PointCloud) -> Survey:
    return survey(hall.xyz_m)


def at(x: float, y: float, z: float) -> tuple[float, float, float]:
    return (ORIGIN_M[0] + x, ORIGIN_M[1] + y, ORIGIN_M[2] + z)


def test_a_box_holds_its_points_without_the_floor_that_it_stands_on(
    hall: PointCloud, known: Survey
) -> None:
    box = Box3D(at(1.5, 1.5, 0.5), (1.2, 1.2, 1.1), 0.3)

    rows = rows_in(hall, box, known)
    with_floor = rows_in(hall, box, None)

    assert rows.min() >= 20_000
    assert len(rows) > 900
    assert len(with_floor) > len(rows)
    assert (np.diff(rows) > 0).all()


def test_a_pillar_holds_what_is_within_its_radius(hall: PointCloud, known: Survey) -> None:
    rows = rows_in(hall, Cylinder3D(at(1.5, 1.5, 0.5), 0.3, 1.2), known)

    apart = np.hypot(*(hall.xyz_m[rows, :2] - 1.5).T)
    assert apart.max() <= 0.34
    assert len(rows) == pytest.approx(1000 * math.pi * 0.33**2, rel=0.2)


def test_an_outline_holds_no_points(hall: PointCloud, known: Survey) -> None:
    outline = Polygon3D((at(0, 0, 0), at(3, 0, 0), at(3, 3, 0)))

    assert len(rows_in(hall, outline, known)) == 0


def test_points_that_all_have_one_height_are_no_floor() -> None:
    random = np.random.default_rng(0)
    flat = np.column_stack([random.uniform(-5, 5, (600, 2)), np.zeros(600)]).astype(np.float32)

    rows = rows_in(PointCloud(flat), Box3D((0, 0, 0), (4, 4, 1)), survey(flat))

    assert len(rows) > 50
