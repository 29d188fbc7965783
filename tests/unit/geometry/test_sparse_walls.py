"""A wall of which few points are seen is one all the same, and no part of a car before it."""

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from annotator.commands.boxes import fit_box_at
from annotator.formats.points.reading import read_cloud
from annotator.geometry.boxes import iou_3d
from annotator.geometry.sparse_walls import sparse_walls
from annotator.geometry.survey import survey
from annotator.model.labels import GARAGE
from annotator.model.shapes import Box3D, Vec3

SCAN = Path(__file__).parents[3] / "sample_data" / "garage" / "scans" / "000000.pcd"
Floats = npt.NDArray[np.float64]


def grid(heights_m: tuple[float, ...], *, y_m: float = 4.0) -> Floats:
    """Points of an upright plane, 70 cm apart."""
    along = np.arange(-4.0, 4.0, 0.7)
    return np.array([(x, y_m, z) for x in along for z in heights_m])


HIGH, LOW = grid((2.3, 2.7)), grid((0.5, 1.0, 1.5))


def test_a_sparse_wall_is_told_from_end_to_end() -> None:
    places = sparse_walls(HIGH, LOW)

    assert np.abs(places[:, 1] - 4.0).max() < 0.01
    assert (places[:, 0].min(), places[:, 0].max()) == pytest.approx((-4.0, 3.7), abs=0.15)


def test_a_duct_under_the_ceiling_is_no_wall() -> None:
    assert len(sparse_walls(HIGH, LOW[:0])) == 0


def test_a_pipe_at_one_height_is_no_wall_though_a_row_of_things_stands_below_it() -> None:
    assert len(sparse_walls(grid((2.4,)), LOW)) == 0


def test_a_few_high_points_are_no_wall() -> None:
    assert len(sparse_walls(HIGH[:6], LOW)) == 0


@pytest.mark.parametrize(
    "at_m", [(16.97, 13.59, -1.59), (16.97, 12.26, -1.24), (16.97, 11.64, -1.51)]
)
def test_a_far_car_before_a_sparse_wall_does_not_reach_to_it(at_m: Vec3) -> None:
    cloud = read_cloud(SCAN)
    found = survey(cloud.xyz_m, (0.0, 0.0, 0.0))
    truth = Box3D((17.8855, 11.4869, -0.9626), (4.267, 1.809, 1.675), -1.57145)

    made = fit_box_at(cloud, found.index, found.ground, at_m, GARAGE["car"]).annotation.shape

    assert isinstance(made, Box3D)
    assert iou_3d(made, truth) > 0.7
