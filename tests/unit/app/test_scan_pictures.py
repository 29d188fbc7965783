"""Small pictures show where points are, and nothing else."""

import math

import numpy as np

from annotator.app.scan_pictures import (
    BACKGROUND,
    Window,
    box_pictures,
    bulk_m,
    plan_picture,
)
from annotator.model.cloud import PointCloud
from annotator.model.shapes import Box3D


def cloud_of(*points: tuple[float, float, float], origin_x_m: float = 0.0) -> PointCloud:
    xyz_m = np.array(points, np.float32).reshape(-1, 3)
    return PointCloud(xyz_m, {}, (origin_x_m, 0.0, 0.0))


def lit(pixels: np.ndarray[tuple[int, int], np.dtype[np.uint32]]) -> list[tuple[int, int]]:
    return [(int(x), int(y)) for y, x in zip(*np.nonzero(pixels != BACKGROUND), strict=True)]


FLOOR = [(50.0 + n, 50.0, 0.0) for n in range(8)]


def window(x_m: float = 0.0) -> Window:
    return Window((x_m, 0.0), 10.0, (10, 10))


def test_x_goes_right_and_y_goes_up() -> None:
    picture = plan_picture(cloud_of((4.5, 0.5, 1), (0.5, 4.5, 2), *FLOOR), window())

    assert sorted(lit(picture)) == [(5, 0), (9, 4)]


def test_floor_and_ceiling_hide_nothing() -> None:
    scan = cloud_of(*FLOOR, (0.5, 0.5, 0.05), (1.5, 0.5, 2.9), (2.5, 0.5, 1.0))

    assert lit(plan_picture(scan, window())) == [(7, 4)]


def test_what_is_high_has_another_colour_than_what_is_low() -> None:
    picture = plan_picture(cloud_of(*FLOOR, (0.5, 0.5, 0.5), (1.5, 0.5, 2.0)), window())

    assert picture[4, 5] != picture[4, 6]


def test_far_and_blank_points_are_left_out() -> None:
    scan = cloud_of((math.nan, 0, 0), (1e30, 0, 1), (0.5, 0.5, 1), *FLOOR)

    assert len(lit(plan_picture(scan, window()))) == 1


def test_map_coordinates_are_drawn_about_their_place() -> None:
    scan = cloud_of((0.5, 0.5, 1), *FLOOR, origin_x_m=500_000.0)

    assert lit(plan_picture(scan, window(500_000.0))) == [(5, 4)]


def test_a_place_is_where_its_points_are() -> None:
    assert window().to_px([(0.5, 0.5, 1), (-5.0, 5.0, 0)]).tolist() == [[5.5, 4.5], [0, 0]]


def test_points_are_as_large_as_one_wants_them() -> None:
    scan = cloud_of((0.5, 0.5, 1), (4.5, -4.5, 1), *FLOOR)

    assert lit(plan_picture(scan, window(), dot_px=2)) == [(5, 4), (6, 4), (5, 5), (6, 5), (9, 9)]


def test_an_empty_scan_is_an_empty_picture() -> None:
    assert not lit(plan_picture(cloud_of(), window()))


def test_a_box_is_drawn_in_its_own_axes() -> None:
    box = Box3D((10.0, 5.0, 1.0), (4.0, 2.0, 2.0), math.pi / 2)
    nose = (9.95, 6.95, 1.55)

    above, beside, per_m = box_pictures(cloud_of(nose), box, room_m=1.0, side_px=60)

    assert per_m == 10.0
    assert lit(above) == [(49, 29)]
    assert lit(beside) == [(49, 24)]


def test_no_points_have_no_middle() -> None:
    assert bulk_m(cloud_of()) is None
    assert bulk_m(cloud_of((math.nan, 0, 0))) is None
