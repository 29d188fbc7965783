"""A camera's image is found where KITTI's folders have it, with the calibration that is meant."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from annotator.errors import FileError, FormatError
from annotator.formats.camera_files import camera_beside, read_image
from annotator.formats.kitti_calibration import (
    NO_CAMERA,
    calibration_text,
    px_from_cloud,
    read_calibration,
)

TURN = "0 -1 0 0 0 -1 1 0 0"


def image_at(path: Path, size: tuple[int, int] = (4, 3)) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", size, (10, 20, 30)).save(path)
    return path


def text_at(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def row(name: str, matrix: np.ndarray) -> str:
    return f"{name}: {' '.join(str(n) for n in matrix.ravel())}\n"


def test_the_object_benchmark_has_a_calibration_for_each_image(tmp_path: Path) -> None:
    image = image_at(tmp_path / "image_2" / "000007.png")
    text_at(tmp_path / "calib" / "000007.txt", calibration_text(NO_CAMERA))

    found = camera_beside(tmp_path / "velodyne" / "000007.bin")

    assert found is not None
    assert found.image == image
    assert found.read is not None
    np.testing.assert_allclose(found.read().p2, NO_CAMERA.p2)


def test_a_drive_of_the_odometry_has_one_for_all(tmp_path: Path) -> None:
    image_at(tmp_path / "image_2" / "000000.png")
    lines = row("P2", NO_CAMERA.p2) + row("Tr", NO_CAMERA.camera_from_cloud[:3])
    text_at(tmp_path / "calib.txt", lines)

    found = camera_beside(tmp_path / "velodyne" / "000000.bin")

    assert found is not None
    assert found.read is not None
    np.testing.assert_allclose(px_from_cloud(found.read()), px_from_cloud(NO_CAMERA))


def test_a_day_of_raw_data_has_two_files_above_its_drives(tmp_path: Path) -> None:
    drive = tmp_path / "2011_09_26_drive_0001_sync"
    image_at(drive / "image_02" / "data" / "0000000003.png")
    turned = np.diag([1.0, -1, -1])
    text_at(
        tmp_path / "calib_cam_to_cam.txt",
        "calib_time: 09-Jan-2012\n" + row("R_rect_00", turned) + row("P_rect_02", NO_CAMERA.p2),
    )
    text_at(tmp_path / "calib_velo_to_cam.txt", f"R: {TURN}\nT: 0.1 0.2 0.3\n")

    found = camera_beside(drive / "velodyne_points" / "data" / "0000000003.bin")

    assert found is not None
    assert found.read is not None
    place = np.array([5.0, 1.0, 0.5, 1.0])
    in_camera = np.array([-1.0 + 0.1, -0.5 + 0.2, 5.0 + 0.3])
    expected = NO_CAMERA.p2 @ np.append(turned @ in_camera, 1)
    np.testing.assert_allclose(px_from_cloud(found.read()) @ place, expected)


def test_an_image_elsewhere_or_of_another_scan_is_not_taken(tmp_path: Path) -> None:
    image_at(tmp_path / "image_2" / "000001.png")
    image_at(tmp_path / "pictures" / "000000.png")

    assert camera_beside(tmp_path / "velodyne" / "000000.bin") is None


def test_an_image_without_a_calibration_is_only_an_image(tmp_path: Path) -> None:
    image_at(tmp_path / "image_2" / "000000.jpg")

    found = camera_beside(tmp_path / "scans" / "000000.pcd")

    assert found is not None
    assert found.read is None


def test_pixels_are_as_the_file_has_them(tmp_path: Path) -> None:
    pixels = read_image(image_at(tmp_path / "a.png"))

    assert pixels.shape == (3, 4)
    assert (pixels == 0xFF0A141E).all()


@pytest.mark.parametrize("kept", [0, 30, 60])
def test_a_damaged_image_is_named_in_a_sentence(tmp_path: Path, kept: int) -> None:
    path = image_at(tmp_path / "a.png", (200, 200))
    path.write_bytes(path.read_bytes()[:kept])

    with pytest.raises(FileError, match=r"a\.png"):
        read_image(path)


def test_a_bomb_of_pixels_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    path = image_at(tmp_path / "a.png", (8100, 8100))

    with pytest.raises(FileError, match="64 million"):
        read_image(path)


@pytest.mark.parametrize("line", ["P2: 1 2 3", "P2:", "Tr: a b c"])
def test_a_drive_with_a_damaged_calibration_is_refused(tmp_path: Path, line: str) -> None:
    lines = row("P2", NO_CAMERA.p2) + row("Tr", NO_CAMERA.camera_from_cloud[:3]) + line + "\n"
    image_at(tmp_path / "image_2" / "0.png")
    text_at(tmp_path / "calib.txt", lines)
    found = camera_beside(tmp_path / "velodyne" / "0.bin")
    assert found is not None
    assert found.read is not None

    with pytest.raises(FormatError, match=r"calib\.txt"):
        found.read()


@pytest.mark.shared
def test_the_projection_is_the_devkits_own(shared_data: Path) -> None:
    """KITTI's readme: ``x = P2 * R0_rect * Tr_velo_to_cam * y``, each filled up to 4 x 4."""
    path = shared_data / "labels" / "kitti_object" / "calib" / "000000.txt"
    rows = dict(line.split(":", 1) for line in path.read_text().splitlines() if line)
    p2, r0, tr = (
        np.array(rows[name].split(), float).reshape(3, -1)
        for name in ("P2", "R0_rect", "Tr_velo_to_cam")
    )
    place = np.array([12.0, 1.5, -0.7, 1.0])

    seen = px_from_cloud(read_calibration(path)) @ place

    expected = p2 @ np.append(r0 @ (tr @ place), 1.0)
    np.testing.assert_allclose(seen, expected, rtol=1e-12)
