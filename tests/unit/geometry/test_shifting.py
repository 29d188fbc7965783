import numpy as np
import pytest

from annotator.geometry.shifting import in_cloud, in_world, shifted
from annotator.model.cloud import PointCloud
from annotator.model.shapes import (
    Box3D,
    Cylinder3D,
    Focus,
    Point3D,
    Polygon3D,
    Polyline3D,
    Shape,
    Vec3,
)

CORNERS: tuple[Vec3, ...] = ((0, 0, 0), (2, 0, 0), (2, 1, 0))
SHAPES: tuple[Shape, ...] = (
    Box3D((1, 2, 3), (4, 2, 1), 0.3),
    Cylinder3D((1, 2, 3), 0.3, 3),
    Polyline3D(CORNERS, height_m=3),
    Polygon3D(CORNERS),
    Point3D((1, 2, 3)),
)
MAP = PointCloud(np.zeros((1, 3), np.float32), origin_m=(4_000_000.0, 500_000.0, 40.0))


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: type(shape).__name__)
def test_a_shape_goes_to_the_world_and_comes_back(shape: Shape) -> None:
    away = in_world(shape, MAP)

    assert away != shape
    assert in_cloud(away, MAP) == shape


def test_a_focus_stays_where_its_voxels_are() -> None:
    focus = Focus(3)

    assert shifted(focus, (1, 2, 3)) == focus


def test_a_place_seen_from_above_has_no_height_in_the_scan_either() -> None:
    assert MAP.own_m((4_000_001.0, 500_002.0)) == (1.0, 2.0)
    assert MAP.own_m((4_000_001.0, 500_002.0, 43.0)) == (1.0, 2.0, 3.0)
