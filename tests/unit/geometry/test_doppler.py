"""Arrows say how fast a radar's points come or go, along their rays."""

import numpy as np

from annotator.geometry.doppler import away_m_s, doppler_arrows, motion_told, tells_what_stands
from annotator.model.cloud import PointCloud

SENSOR = np.eye(4)
TURNED = np.array([[0, -1, 0, 0], [1, 0, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]], np.float64)
"""A sensor that looks along the world's y."""


def radar(velocity: list[float]) -> PointCloud:
    xyz_m = np.array([(10.0 * (n + 1), 0, 0) for n in range(len(velocity))], np.float32)
    return PointCloud(xyz_m, {"velocity": np.array(velocity, np.float32)})


def test_what_comes_points_to_the_sensor_and_what_goes_points_away() -> None:
    going, coming = doppler_arrows(radar([-2.0, 4.0]), SENSOR).ends_m

    np.testing.assert_allclose(going, [(20, 0, 0), (22, 0, 0)])
    np.testing.assert_allclose(coming, [(10, 0, 0), (9, 0, 0)])


def test_what_stands_still_or_was_not_measured_has_no_arrow() -> None:
    assert len(doppler_arrows(radar([0.1, np.nan, np.inf]), SENSOR).rows) == 0


def test_a_lidar_scan_has_no_arrows() -> None:
    assert doppler_arrows(PointCloud(np.ones((3, 3), np.float32)), SENSOR).ends_m.shape == (0, 2, 3)


def test_a_point_at_the_sensor_is_no_fault() -> None:
    scan = PointCloud(np.zeros((1, 3), np.float32), {"velocity": np.ones(1, np.float32)})

    assert np.isfinite(doppler_arrows(scan, SENSOR).ends_m).all()


def measured(**fields: list[float]) -> PointCloud:
    count = len(next(iter(fields.values())))
    xyz_m = np.array([(0, 10.0 * (n + 1), 0) for n in range(count)], np.float32)
    return PointCloud(xyz_m, {name: np.array(values) for name, values in fields.items()})


def test_what_stands_has_no_arrow_though_the_car_with_the_radar_drives() -> None:
    scan = measured(velocity=[-8.0, -8.0], v_r_compensated=[0.0, 3.0])

    arrows = doppler_arrows(scan, SENSOR)

    assert arrows.rows.tolist() == [1]
    np.testing.assert_allclose(arrows.ends_m[0], [(0, 20, 0), (0, 21.5, 0)])
    motion = motion_told(scan)
    assert motion is not None
    assert motion.is_over_ground


def test_a_velocity_along_two_axes_gives_an_arrow_in_its_true_direction() -> None:
    scan = measured(vx=[-8.0], vy=[0.0], vx_comp=[2.0], vy_comp=[4.0])

    np.testing.assert_allclose(doppler_arrows(scan, SENSOR).ends_m, [[(0, 10, 0), (1, 12, 0)]])
    np.testing.assert_allclose(doppler_arrows(scan, TURNED).ends_m, [[(0, 10, 0), (-2, 11, 0)]])


def test_of_a_velocity_along_two_axes_colour_tells_what_goes_away_and_what_comes() -> None:
    scan = measured(vx=[2.0, 0.0, 1.0], vy=[4.0, -3.0, 0.0])

    away = away_m_s(scan, SENSOR)

    assert away is not None
    np.testing.assert_allclose(away, [4, -3, 0])


def test_a_lidar_tells_no_motion() -> None:
    scan = measured(intensity=[1.0])

    assert motion_told(scan) is None
    assert away_m_s(scan, SENSOR) is None


def test_what_stands_measures_nothing_where_the_sensors_own_motion_is_taken_out() -> None:
    assert tells_what_stands(np.array([0.0, 0.1, -0.2, 3.0, np.nan]))
    assert not tells_what_stands(np.array([-8.0, -7.5, -6.0, 0.0]))
    assert not tells_what_stands(np.array([np.nan]))
