"""KITTI's calibration files, which say where the camera stands."""

from pathlib import Path

import numpy as np
import numpy.typing as npt

from annotator.errors import FormatError
from annotator.formats.files import read_whole
from annotator.formats.format import Calibration
from annotator.i18n import gettext as _

Floats = npt.NDArray[np.float64]

# KITTI's camera axes without a camera: x right, y down, z forward from x forward, y left, z up.
NO_CAMERA = Calibration(
    p2=np.array([[700.0, 0, 600, 0], [0, 700, 180, 0], [0, 0, 1, 0]]),
    r0_rect=np.eye(3),
    camera_from_cloud=np.array([[0.0, -1, 0, 0], [0, 0, -1, 0], [1, 0, 0, 0], [0, 0, 0, 1]]),
)
_LARGEST_BYTES = 65_536
_LARGEST = 1e9


def rect_from_cloud(calibration: Calibration) -> Floats:
    """Return the (4, 4) pose that takes the cloud's points to the rectified camera's axes."""
    rect_from_camera = np.eye(4)
    rect_from_camera[:3, :3] = calibration.r0_rect
    return np.asarray(rect_from_camera @ calibration.camera_from_cloud)


def calibration_path(label_path: Path) -> Path:
    """Return where KITTI keeps the calibration of a label file: ``calib/NAME.txt``.

    Beside ``label_2`` if the label file lies in such a folder, else beside the file.
    """
    folder = label_path.parent
    root = folder.parent if folder.name.startswith("label") else folder
    return root / "calib" / f"{label_path.stem}.txt"


def calibration_beside(scan_path: Path) -> Calibration | None:
    """Return the calibration of a scan in KITTI's folders (``velodyne``, ``calib``), if any.

    Where camera images lie beside the scans in ``image_2``, their folder may have another name.

    Raises
    ------
    FormatError
        If there is one that is damaged.
    """
    root = scan_path.parent.parent
    path = root / "calib" / f"{scan_path.stem}.txt"
    is_kitti = scan_path.parent.name.startswith("velodyne") or (root / "image_2").is_dir()
    return read_calibration(path) if is_kitti and path.is_file() else None


def calibration_text(calibration: Calibration) -> str:
    """Return KITTI's seven lines; readers take them by line number or by name, so both hold."""
    camera, velo = calibration.p2, calibration.camera_from_cloud[:3]
    lines = [("P0", camera), ("P1", camera), ("P2", camera), ("P3", camera)]
    lines += [("R0_rect", calibration.r0_rect), ("Tr_velo_to_cam", velo)]
    lines += [("Tr_imu_to_velo", np.eye(4)[:3])]
    return "".join(
        f"{name}: {' '.join(f'{n:.12e}' for n in matrix.ravel())}\n" for name, matrix in lines
    )


def read_calibration(path: Path) -> Calibration:
    """Return what a calibration file says.

    Raises
    ------
    FormatError
        If a line is missing or its numbers are not a camera's.
    """
    rows = _rows(path)
    camera_from_cloud = np.eye(4)
    camera_from_cloud[:3] = _matrix(path, rows, ("Tr_velo_to_cam", "Tr_velo_cam"), (3, 4))
    r0_rect = _matrix(path, rows, ("R0_rect", "R_rect"), (3, 3))
    _check_turns(path, R0_rect=r0_rect, Tr_velo_to_cam=camera_from_cloud[:3, :3])
    return Calibration(_matrix(path, rows, ("P2",), (3, 4)), r0_rect, camera_from_cloud)


def read_drive_calibration(path: Path) -> Calibration:
    """Return what the ``calib.txt`` of KITTI's odometry says of its left colour camera.

    Its line ``Tr`` goes to the rectified camera at once, so that nothing is left to rectify.

    Raises
    ------
    FormatError
        If a line is missing or its numbers are not a camera's.
    """
    rows = _rows(path)
    camera_from_cloud = np.eye(4)
    camera_from_cloud[:3] = _matrix(path, rows, ("Tr",), (3, 4))
    _check_turns(path, Tr=camera_from_cloud[:3, :3])
    return Calibration(_matrix(path, rows, ("P2",), (3, 4)), np.eye(3), camera_from_cloud)


def read_raw_calibration(cameras: Path, scanner: Path) -> Calibration:
    """Return what the two calibration files of a day of KITTI's raw data say of camera 2.

    Parameters
    ----------
    cameras, scanner
        ``calib_cam_to_cam.txt`` and ``calib_velo_to_cam.txt``.

    Raises
    ------
    FormatError
        If a line is missing or its numbers are not a camera's.

    References
    ----------
    Geiger, Lenz, Stiller, Urtasun 2013, "Vision meets Robotics", equation 8: the pixel is
    P_rect_02 · R_rect_00 · Tr · place.
    """
    rows, turn_rows = _rows(cameras), _rows(scanner)
    camera_from_cloud = np.eye(4)
    camera_from_cloud[:3, :3] = _matrix(scanner, turn_rows, ("R",), (3, 3))
    camera_from_cloud[:3, 3] = _matrix(scanner, turn_rows, ("T",), (3, 1))[:, 0]
    r0_rect = _matrix(cameras, rows, ("R_rect_00",), (3, 3))
    _check_turns(cameras, R_rect_00=r0_rect)
    _check_turns(scanner, R=camera_from_cloud[:3, :3])
    return Calibration(_matrix(cameras, rows, ("P_rect_02",), (3, 4)), r0_rect, camera_from_cloud)


def px_from_cloud(calibration: Calibration) -> Floats:
    """Return the (3, 4) projection of the cloud's points to pixels: P2 · R0_rect · Tr."""
    return np.asarray(calibration.p2 @ rect_from_cloud(calibration))


def same_calibration(one: Calibration, other: Calibration) -> bool:
    """Tell whether two calibrations are equal but for the digits a file keeps."""
    pairs = (
        (one.p2, other.p2),
        (one.r0_rect, other.r0_rect),
        (one.camera_from_cloud, other.camera_from_cloud),
    )
    return all(np.allclose(a, b, rtol=1e-9, atol=1e-9) for a, b in pairs)


def _rows(path: Path) -> dict[str, str]:
    text = read_whole(path, limit_bytes=_LARGEST_BYTES).decode("utf-8", "replace")
    return dict(line.split(":", 1) for line in text.split("\n") if ":" in line)


def _check_turns(path: Path, **turns: Floats) -> None:
    for name, turn in turns.items():
        if not np.allclose(turn @ turn.T, np.eye(3), atol=1e-2):
            raise _damaged(path, _("{name} is not a rotation").format(name=name))


def _matrix(
    path: Path, rows: dict[str, str], names: tuple[str, ...], shape: tuple[int, int]
) -> Floats:
    text = next((rows[name] for name in names if name in rows), None)
    if text is None:
        raise _damaged(path, _("it has no line {name}").format(name=names[0]))
    try:
        numbers = np.array([float(word) for word in text.split()])
    except ValueError:
        numbers = np.full(1, np.nan)
    if numbers.size != shape[0] * shape[1] or not (np.abs(numbers) < _LARGEST).all():
        text = _("{name} needs {count} numbers")
        raise _damaged(path, text.format(name=names[0], count=shape[0] * shape[1]))
    return numbers.reshape(shape)


def _damaged(path: Path, problem: str) -> FormatError:
    return FormatError(path, problem, _("replace it by the data set's own calibration file"))
