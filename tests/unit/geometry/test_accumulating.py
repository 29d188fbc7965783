"""Scans lie over each other in the world, and each point still knows its scan and row."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.geometry.accumulating import (
    FRAME,
    Pose,
    accumulated,
    frames_around,
    placed,
)
from annotator.model.cloud import PointCloud


def pose(yaw_rad: float, x_m: float = 0.0, y_m: float = 0.0) -> Pose:
    c, s = math.cos(yaw_rad), math.sin(yaw_rad)
    return np.array([[c, -s, 0, x_m], [s, c, 0, y_m], [0, 0, 1, 1.8], [0, 0, 0, 1.0]])


def cloud_of(*points: tuple[float, float, float], **fields: list[float]) -> PointCloud:
    named = {name: np.array(values, np.float32) for name, values in fields.items()}
    return PointCloud(np.array(points, np.float32).reshape(-1, 3), named)


def test_a_scan_is_turned_and_shifted_into_the_world() -> None:
    scan = cloud_of((1, 0, 0), (0, 2, -1))

    world = placed(scan, pose(math.pi / 2, 10, 20))

    np.testing.assert_allclose(world.xyz_m, [(10, 21, 1.8), (8, 20, 0.8)], atol=1e-5)


def test_blank_rows_stay_in_their_place() -> None:
    scan = cloud_of((1, 0, 0), (math.nan, 0, 0), (2, 0, 0))

    world = placed(scan, pose(0.0))

    assert world.finite().tolist() == [True, False, True]


def test_map_coordinates_keep_their_millimetres() -> None:
    scan = PointCloud(np.array([(1.001, 0, 0)], np.float32), {}, (4_000_000.0, 500_000.0, 0.0))

    world = placed(scan, pose(0.3))

    expected = pose(0.3) @ (4_000_001.001, 500_000.0, 0.0, 1.0)
    np.testing.assert_allclose(
        world.xyz_m[0].astype(np.float64) + world.origin_m, expected[:3], atol=1e-3
    )


def test_the_same_wall_from_two_places_is_one_wall() -> None:
    poses = (pose(0.0, 0, 0), pose(0.2, 3, 1))
    wall = np.array([(10.0, y, 1.0, 1.0) for y in range(5)])
    scans = {
        n: placed(PointCloud((np.linalg.inv(p) @ wall.T).T[:, :3].astype(np.float32)), p)
        for n, p in enumerate(poses)
    }

    both = accumulated(scans, 0)

    np.testing.assert_allclose(both.cloud.xyz_m[:5], both.cloud.xyz_m[5:], atol=1e-5)


def test_the_current_scan_keeps_its_rows() -> None:
    scans = {n: cloud_of((n, 0, 0), (n, 1, 0)) for n in range(3)}

    joint = accumulated(scans, 1)

    assert (joint.current, joint.starts[1]) == (1, 2)
    np.testing.assert_array_equal(joint.cloud.xyz_m[:2], scans[1].xyz_m)


def test_far_scans_share_one_origin() -> None:
    near = PointCloud(np.zeros((1, 3), np.float32), {}, (1000.0, 0.0, 0.0))
    other = PointCloud(np.zeros((1, 3), np.float32), {}, (1002.0, 0.0, 0.0))

    joint = accumulated({0: near, 1: other}, 0)

    assert joint.cloud.origin_m == (1000.0, 0.0, 0.0)
    assert joint.cloud.xyz_m[1].tolist() == [2.0, 0.0, 0.0]


def test_only_fields_that_all_scans_have_are_joined() -> None:
    radar = cloud_of((0, 0, 0), rcs=[3.0], velocity=[1.0])
    other = cloud_of((0, 0, 0), rcs=[5.0])

    joint = accumulated({4: radar, 5: other}, 5)

    assert sorted(joint.cloud.fields) == [FRAME, "rcs"]
    assert joint.cloud.fields["rcs"].tolist() == [5.0, 3.0]
    assert joint.cloud.fields[FRAME].tolist() == [5, 4]


@settings(max_examples=40)
@given(st.lists(st.integers(0, 6), min_size=1, max_size=5), st.data())
def test_every_row_finds_its_scan_and_back(counts: list[int], data: st.DataObject) -> None:
    scans = {n: cloud_of(*[(n, row, 0.0) for row in range(k)]) for n, k in enumerate(counts)}
    joint = accumulated(scans, data.draw(st.sampled_from(sorted(scans))))
    rows = np.arange(len(joint.cloud))

    sources = [joint.source(int(row)) for row in rows]

    assert [tuple(place[:2]) for place in joint.cloud.xyz_m.astype(int).tolist()] == sources
    parts = joint.by_frame(rows[::-1])
    assert {f: part.tolist() for f, part in parts.items()} == {
        n: list(range(k)) for n, k in enumerate(counts) if k
    }


def test_a_row_beyond_the_end_is_refused() -> None:
    joint = accumulated({0: cloud_of((0, 0, 0))}, 0)

    with pytest.raises(IndexError):
        joint.source(1)


@pytest.mark.parametrize(
    ("frame", "expected"), [(0, (0, 1, 2)), (5, (3, 4, 5, 6, 7)), (11, (9, 10, 11))]
)
def test_frames_around_stay_in_the_sequence(frame: int, expected: tuple[int, ...]) -> None:
    assert frames_around(frame, 12, reach=2) == expected


def test_a_pose_of_another_shape_is_refused() -> None:
    with pytest.raises(ValueError, match=r"a pose is \(4, 4\)"):
        placed(cloud_of((0, 0, 0)), np.eye(3))
