"""Reads a folder of scans as a sequence: the scans in order, and where the sensor stood."""

import json
import re
from pathlib import Path

import numpy as np
import numpy.typing as npt

from annotator.errors import FileError, FormatError
from annotator.i18n import gettext as _

Pose = npt.NDArray[np.float64]

POSE_NAMES = ("poses.txt", "poses.json", "pose.txt", "trajectory.txt")
CALIBRATION_NAME = "calib.txt"
MOST_POSE_BYTES = 64 << 20
_SCANS = frozenset({".pcd", ".ply", ".las", ".laz", ".bin", ".npy", ".npz", ".xyz", ".pts"})
_LAST_NUMBER = re.compile(r"(\d+)(?!.*\d)")
_NOT_RIGID = 0.02


def ordered_scans(folder: Path) -> tuple[Path, ...]:
    """Return the scans of a folder by frame number: 2 before 10.

    Raises
    ------
    FileError
        If a frame number between the first and the last is missing.
    """
    scans = [path for path in folder.iterdir() if path.suffix.lower() in _SCANS]
    numbers = [_frame_number(path) for path in scans]
    known = [number for number in numbers if number is not None]
    if len(set(known)) < len(scans):
        return tuple(sorted(scans))
    in_order = sorted(zip(known, scans, strict=True))
    _check_gap(folder, in_order)
    return tuple(path for _number, path in in_order)


def pose_file(folder: Path) -> Path | None:
    """Return the file of poses: in the folder, or beside it as KITTI puts it."""
    places = [place / name for place in (folder, folder.parent) for name in POSE_NAMES]
    return next((path for path in places if path.is_file()), None)


def read_world_poses(path: Path, count: int) -> tuple[Pose, ...]:
    """Read the poses of scans, world from cloud, (4, 4) each.

    The poses of KITTI's odometry, and so of SemanticKITTI, are those of a camera (x right, y down,
    z forward). A ``calib.txt`` beside them with a line ``Tr`` says how it sees the scan; the world
    is then that of the first scan.

    Raises
    ------
    FormatError
        If the poses or the calibration are damaged, or there are not ``count`` poses.

    References
    ----------
    Geiger, Lenz, Urtasun 2012, ``readme.txt`` of the odometry development kit: "Tr transforms a
    point from velodyne coordinates into the left rectified camera coordinate system".
    """
    poses = read_poses(path, count)
    camera_from_cloud = _camera_from_cloud(path.parent / CALIBRATION_NAME)
    if camera_from_cloud is None:
        return poses
    cloud_from_camera = np.linalg.inv(camera_from_cloud)
    return tuple(cloud_from_camera @ pose @ camera_from_cloud for pose in poses)


def read_poses(path: Path, count: int | None = None) -> tuple[Pose, ...]:
    """Read poses, world from cloud, (4, 4) each.

    KITTI's 12 numbers a line (row by row), 16 numbers a line, 4 × 4 blocks, TUM's ``time x y z qx
    qy qz qw``, or JSON: a list of 4 × 4, or of objects with ``position`` and ``rotation`` (w, x,
    y, z), or those by scan name.

    Raises
    ------
    FormatError
        If they are damaged, or not ``count`` of them.
    """
    poses = _from_json(path) if path.suffix.lower() == ".json" else _from_text(path)
    if count is not None and len(poses) != count:
        raise FormatError(
            path,
            _("it has {found} poses for {count} scans").format(found=len(poses), count=count),
            _("add the missing poses or remove the scans without one"),
        )
    for number, pose in enumerate(poses, 1):
        _check_rigid(path, pose, number)
    return tuple(poses)


def _camera_from_cloud(path: Path) -> Pose | None:
    """Return what the line ``Tr`` of an odometry calibration says; None where there is none."""
    if not path.is_file():
        return None
    rows = dict(line.split(":", 1) for line in _text_of(path).splitlines() if ":" in line)
    words = rows.get("Tr", "").split()
    if not words:
        return None
    numbers = _numbers(path, list(rows).index("Tr") + 1, words)
    if len(numbers) != 12:
        raise _damaged(path, _("its line Tr has {count} numbers, not 12").format(count=len(words)))
    pose = _pose(path, numbers)
    _check_rigid(path, pose, 1)
    return pose


def _frame_number(path: Path) -> int | None:
    found = _LAST_NUMBER.search(path.name.removesuffix(path.suffix))
    return int(found[1]) if found else None


def _check_gap(folder: Path, in_order: list[tuple[int, Path]]) -> None:
    """Frames that count by ones must not skip one; time stamps and every fifth frame may."""
    steps = np.diff([number for number, _path in in_order])
    if not len(steps) or np.median(steps) != 1 or steps.max() == 1:
        return
    gap = int(np.argmax(steps > 1))
    before, after = in_order[gap][1], in_order[gap + 1][1]
    raise FileError(
        folder,
        _("the scan {missing} is missing between {before} and {after}").format(
            missing=_next_name(before), before=before.name, after=after.name
        ),
        _("add that scan, or open the scans before and after it on their own"),
    )


def _next_name(path: Path) -> str:
    """Return what the file of the next frame would be called."""
    stem = path.name.removesuffix(path.suffix)
    found = _LAST_NUMBER.search(stem)
    assert found is not None
    number = str(int(found[1]) + 1).zfill(len(found[1]))
    return f"{stem[: found.start(1)]}{number}{stem[found.end(1) :]}{path.suffix}"


def _text_of(path: Path) -> str:
    if path.stat().st_size > MOST_POSE_BYTES:
        raise _damaged(path, _("it is too long for a file of poses"))
    try:
        return path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _damaged(path, _("it is not plain text in UTF-8")) from error


def _from_text(path: Path) -> list[Pose]:
    lines = [
        (number, line.replace(",", " ").split())
        for number, line in enumerate(_text_of(path).splitlines(), 1)
        if line.strip() and not line.lstrip().startswith(("#", "//"))
    ]
    rows = [_numbers(path, number, words) for number, words in lines]
    widths = {len(row) for row in rows}
    if widths == {4} and len(rows) % 4 == 0:
        return [np.array(rows[at : at + 4]) for at in range(0, len(rows), 4)]
    if len(widths) > 1:
        odd = next(at for at, row in enumerate(rows) if len(row) != len(rows[0]))
        raise _damaged(
            path,
            _("line {line} has {found} numbers, the first has {expected}").format(
                line=lines[odd][0], found=len(rows[odd]), expected=len(rows[0])
            ),
        )
    return [_pose(path, row) for row in rows]


def _numbers(path: Path, line: int, words: list[str]) -> list[float]:
    try:
        return [float(word) for word in words]
    except ValueError as error:
        problem = _("line {line} holds something that is not a number").format(line=line)
        raise _damaged(path, problem) from error


def _pose(path: Path, row: list[float]) -> Pose:
    match len(row):
        case 12:
            return np.vstack([np.reshape(row, (3, 4)), (0.0, 0.0, 0.0, 1.0)])
        case 16:
            return np.reshape(np.array(row), (4, 4))
        case 8:
            x, y, z, qx, qy, qz, qw = row[1:]
            return _pose_of((x, y, z), (qw, qx, qy, qz))
        case count:
            raise _damaged(path, _("a pose has {count} numbers").format(count=count))


def _pose_of(position_m: tuple[float, ...], wxyz: tuple[float, ...]) -> Pose:
    """Return the pose of a position and a quaternion of any length but zero."""
    length = float(np.linalg.norm(wxyz)) or float("nan")
    w, x, y, z = (part / length for part in wxyz)
    pose = np.eye(4)
    pose[:3, :3] = [
        [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
        [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
        [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
    ]
    pose[:3, 3] = position_m
    return pose


def _from_json(path: Path) -> list[Pose]:
    try:
        said = json.loads(_text_of(path))
        entries = said.get("poses", said) if isinstance(said, dict) else said
        if isinstance(entries, dict):
            entries = [entries[name] for name in sorted(entries)]
        return [_json_pose(path, entry) for entry in entries]
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise _damaged(path, _("its JSON does not hold poses")) from error


def _json_pose(path: Path, entry: object) -> Pose:
    if isinstance(entry, dict):
        matrix = entry.get("world_from_cloud", entry.get("matrix", entry.get("pose")))
        if matrix is None:
            return _pose_of(tuple(entry["position"]), tuple(entry["rotation"]))
        entry = matrix
    return _pose(path, np.asarray(entry, np.float64).ravel().tolist())


def _check_rigid(path: Path, pose: Pose, number: int) -> None:
    """Refuse a pose that scales, shears or mirrors: it is damaged, or a camera's projection."""
    turn = pose[:3, :3]
    with np.errstate(all="ignore"):
        off = np.abs(turn @ turn.T - np.eye(3)).max()
        mirrored = np.linalg.det(turn) < 0 if np.isfinite(pose).all() else True
    if not off < _NOT_RIGID or mirrored or not np.allclose(pose[3], (0, 0, 0, 1)):
        raise _damaged(path, _("pose {number} is no turn and shift").format(number=number))


def _damaged(path: Path, problem: str) -> FormatError:
    return FormatError(path, problem, _("export the poses again, one per scan"))
