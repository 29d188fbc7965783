"""Arrows say how fast a radar's points come or go, along their rays."""

import numpy as np

from annotator.geometry.doppler import doppler_arrows
from annotator.model.cloud import PointCloud

SENSOR = (0.0, 0.0, 0.0)


def radar(velocity: list[float]) -> PointCloud:
    xyz_m = np.array([(10.0 * (n + 1), 0, 0) for n in range(len(velocity))], np.float32)
    return PointCloud(xyz_m, {"velocity": np.array(velocity, np.float32)})


def test_what_comes_points_to_the_sensor_and_what_goes_points_away() -> None:
    going, coming = doppler_arrows(radar([-2.0, 4.0]), SENSOR)

    np.testing.assert_allclose(going, [(20, 0, 0), (22, 0, 0)])
    np.testing.assert_allclose(coming, [(10, 0, 0), (9, 0, 0)])


def test_what_stands_still_or_was_not_measured_has_no_arrow() -> None:
    assert len(doppler_arrows(radar([0.1, np.nan, np.inf]), SENSOR)) == 0


def test_a_lidar_scan_has_no_arrows() -> None:
    assert doppler_arrows(PointCloud(np.ones((3, 3), np.float32)), SENSOR).shape == (0, 2, 3)


def test_a_point_at_the_sensor_is_no_fault() -> None:
    scan = PointCloud(np.zeros((1, 3), np.float32), {"velocity": np.ones(1, np.float32)})

    assert np.isfinite(doppler_arrows(scan, SENSOR)).all()
