import numpy as np
import pytest

from annotator.geometry import drawing
from annotator.geometry.drawing import NOTHING
from annotator.geometry.projection import Camera
from annotator.geometry.uncertainty import is_told, sizes_px, spread_m
from annotator.model.cloud import PointCloud

XYZ_M = np.array([[10, 0, 0], [20, 0, 0], [0, 30, 0]], np.float32)


def cloud(**fields: list[float]) -> PointCloud:
    return PointCloud(XYZ_M, {name: np.array(values) for name, values in fields.items()})


def test_whole_numbers_are_the_codes_of_a_continental_radar_and_31_is_unknown() -> None:
    spread = spread_m(cloud(x_rms=[0, 30, 31], y_rms=[0, 30, 5]))

    assert spread is not None
    np.testing.assert_allclose(spread[:2], np.hypot([0.005, 10], [0.005, 10]))
    assert np.isnan(spread[2])


def test_fractions_are_metres() -> None:
    spread = spread_m(cloud(dist_long_rms=[0.3, 1.5, 3], dist_lat_rms=[0.4, 0, 4]))

    assert spread == pytest.approx([0.5, 1.5, 5])


def test_an_angles_doubt_grows_with_the_distance_from_the_sensor() -> None:
    scan = cloud(range_std=[0.0, 0.0, 0.3], azimuth_std=[0.01, 0.01, 0.0])

    assert spread_m(scan) == pytest.approx([0.1, 0.2, 0.3])
    assert spread_m(scan, (10, 0, 0)) == pytest.approx([0, 0.1, 0.3])


def test_a_scan_without_such_fields_says_nothing() -> None:
    assert spread_m(cloud(rcs=[1, 2, 3])) is None
    assert not is_told(cloud(rcs=[1, 2, 3]))
    assert is_told(cloud(x_rms=[1, 2, 3], y_rms=[1, 2, 3]))
    assert is_told(cloud(dist_std=[1, 2, 3]))


def test_the_least_sure_and_the_unknown_are_drawn_five_times_as_large() -> None:
    spread = np.concatenate([[0.0], np.geomspace(0.1, 2, 99), [7.0, np.nan]])

    sizes = sizes_px(spread, 2)

    assert sizes[[0, 1, 99, 100, 101]].tolist() == [2, 2, 10, 10, 10]
    assert (np.diff(sizes.astype(int)) >= 0).all()
    assert sizes_px(np.array([np.sqrt(0.1 * 2)]), 2).tolist() == [6]


def test_a_point_is_drawn_as_large_as_it_is_told_about_its_own_middle() -> None:
    camera = Camera(target_m=(0, 0, 0), distance_m=20)
    size = (160, 120)
    places = np.array([[0, 0, 0], [4, 0, 0]], np.float32)
    entries = np.full((size[1], size[0]), NOTHING, np.uint64)

    drawing.splat(
        entries,
        places,
        0,
        2,
        drawing.lens(camera, size, (0, 0, 0)),
        point_px=9,
        sizes_px=np.array([9, 3], np.uint8),
    )

    rows = entries & np.uint64(0xFFFFFFFF)
    at_px, _depth = camera.project(places, size)
    for row, side in ((0, 9), (1, 3)):
        lines, columns = np.nonzero((rows == row) & (entries != NOTHING))
        assert len(lines) == side * side
        assert columns.mean() + 0.5 == pytest.approx(at_px[row, 0], abs=1)
        assert lines.mean() + 0.5 == pytest.approx(at_px[row, 1], abs=1)
