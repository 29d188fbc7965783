"""A folder of scans with poses is a sequence, in order and complete, or a sentence."""

import json
from pathlib import Path

import numpy as np
import pytest

from annotator.errors import FileError, FormatError
from annotator.formats.points.sequence import ordered_scans, pose_file, read_poses, read_world_poses

TURN = np.array([[0.0, -1, 0, 5], [1, 0, 0, -2], [0, 0, 1, 0.5], [0, 0, 0, 1]])


def folder_of(path: Path, *names: str) -> Path:
    for name in names:
        (path / name).write_bytes(b"1 2 3\n")
    return path


def test_scans_come_by_number_and_not_by_letter(tmp_path: Path) -> None:
    folder_of(tmp_path, "10.pcd", "9.pcd", "8.pcd", "readme.md")

    scans = ordered_scans(tmp_path)

    assert [path.name for path in scans] == ["8.pcd", "9.pcd", "10.pcd"]


def test_a_missing_frame_is_named(tmp_path: Path) -> None:
    folder_of(tmp_path, *(f"{number:06d}.bin" for number in (0, 1, 2, 4, 5)))

    with pytest.raises(FileError, match=r"scan 000003\.bin is missing"):
        ordered_scans(tmp_path)


def test_time_stamps_and_every_fifth_frame_are_no_gaps(tmp_path: Path) -> None:
    folder_of(tmp_path, "5.pcd", "10.pcd", "15.pcd", "30.pcd")

    assert len(ordered_scans(tmp_path)) == 4


KITTI = " ".join(f"{number:g}" for number in TURN[:3].ravel())


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("poses.txt", f"{KITTI}\n{KITTI}\n"),
        ("poses.txt", "\n".join(" ".join(map(str, row)) for row in [*TURN, *TURN])),
        ("poses.txt", "\n".join([" ".join(map(str, TURN.ravel()))] * 2)),
        ("poses.txt", "# time x y z qx qy qz qw\n" + "0.1 5 -2 0.5 0 0 1 1\n" * 2),
        ("poses.json", json.dumps([TURN.tolist()] * 2)),
        ("poses.json", json.dumps({"poses": {"a": TURN.tolist(), "b": TURN.ravel().tolist()}})),
        ("poses.json", json.dumps([{"position": [5, -2, 0.5], "rotation": [1, 0, 0, 1]}] * 2)),
    ],
    ids=["kitti", "blocks", "sixteen", "tum", "json", "json by name", "json quaternion"],
)
def test_poses_in_many_dialects(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text)
    found = pose_file(tmp_path)
    assert found is not None

    poses = read_world_poses(found, 2)

    assert len(poses) == 2
    for pose in poses:
        np.testing.assert_allclose(pose, TURN, atol=1e-12)


def test_the_poses_of_a_camera_are_turned_into_those_of_its_scans(tmp_path: Path) -> None:
    camera_from_cloud = np.array([[0, -1, 0, 0.1], [0, 0, -1, -0.2], [1, 0, 0, 0.3]])
    ahead = "1 0 0 0 0 1 0 0 0 0 1 2"  # two metres along the camera's z
    (tmp_path / "poses.txt").write_text(f"1 0 0 0 0 1 0 0 0 0 1 0\n{ahead}\n")
    row = " ".join(map(str, camera_from_cloud.ravel()))
    (tmp_path / "calib.txt").write_text(f"P0: {KITTI}\nTr: {row}\n")

    first, second = read_world_poses(tmp_path / "poses.txt", 2)

    np.testing.assert_allclose(first, np.eye(4), atol=1e-12)
    np.testing.assert_allclose(second[:3, 3], (2, 0, 0), atol=1e-12)


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("Tr: 1 2 3\n", "its line Tr has 3 numbers"),
        ("Tr: " + "2 " * 12, "no turn and shift"),
        ("Tr: 1 x", "not a number"),
    ],
)
def test_a_damaged_calibration_of_a_drive_is_named(tmp_path: Path, line: str, fault: str) -> None:
    (tmp_path / "poses.txt").write_text(f"{KITTI}\n")
    (tmp_path / "calib.txt").write_text(line)

    with pytest.raises(FormatError, match=rf"calib\.txt: .*{fault}"):
        read_world_poses(tmp_path / "poses.txt", 1)


def test_one_pose_too_few_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "poses.txt").write_text(f"{KITTI}\n{KITTI}\n")

    with pytest.raises(FormatError, match=r"poses\.txt: it has 2 poses for 3 scans; "):
        read_world_poses(tmp_path / "poses.txt", 3)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (f"{KITTI}\n1 2 3\n", "line 2 has 3 numbers"),
        ("1 2 x\n", "line 1"),
        ("2 0 0 0 0 1 0 0 0 0 1 0\n", "pose 1 is no turn and shift"),
        ("nan " * 12, "pose 1"),
        ("0 0 0 0 0 0 0 0\n", "pose 1"),
    ],
)
def test_damaged_poses_are_named(tmp_path: Path, text: str, fault: str) -> None:
    (tmp_path / "poses.txt").write_text(text)

    with pytest.raises(FormatError) as caught:
        read_poses(tmp_path / "poses.txt")

    assert fault in str(caught.value)
