"""The sample data agree with their own truth, and the same seed makes the same truth."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from sample_data.garage_world import HEIGHT_M
from sample_data.make_chest import SOFT, THRESHOLD_HU, make_chest, voxels_of
from sample_data.make_garage import make_garage

SAMPLES = Path(__file__).resolve().parents[2] / "sample_data"
CHEST = SAMPLES / "chest"
GARAGE = SAMPLES / "garage"


@pytest.fixture(scope="module")
def chest() -> dict[str, Any]:
    truth: dict[str, Any] = json.loads((CHEST / "truth.json").read_text("utf-8"))
    return truth


@pytest.fixture(scope="module")
def soft_hu() -> npt.NDArray[np.int16]:
    import pydicom

    images = [pydicom.dcmread(path) for path in (CHEST / "B30f").iterdir()]
    images.sort(key=lambda image: image.ImagePositionPatient[2])
    return np.stack([image.pixel_array.astype(np.int16) - 1024 for image in images])


def test_every_bright_component_of_the_soft_chest_is_a_focus_or_bone(
    chest: dict[str, Any], soft_hu: npt.NDArray[np.int16]
) -> None:
    from scipy import ndimage

    parts, count = ndimage.label(soft_hu >= THRESHOLD_HU, np.ones((3, 3, 3)))

    bones = {int(parts[tuple(bone["seed_kji"])]) for bone in chest["bones"]}
    foci = [voxels_of(focus) for focus in chest["foci"] if focus["voxels"]]
    found = [np.flatnonzero(parts == n) for n in range(1, count + 1) if n not in bones]
    key = [tuple(where.tolist()) for where in foci]
    assert sorted(tuple(where.tolist()) for where in found) == sorted(key)


def test_the_chest_shows_all_six_patterns_of_lidc(chest: dict[str, Any]) -> None:
    patterns = {focus["pattern"] for focus in chest["foci"]}

    assert patterns == {"popcorn", "laminated", "solid", "non-central", "central", "absent"}


def test_a_focus_lies_around_the_centre_that_the_truth_gives(chest: dict[str, Any]) -> None:
    lps_from_voxel = np.array(chest["lps_from_voxel"])
    for focus in (f for f in chest["foci"] if f["voxels"]):
        k, j, i = np.unravel_index(voxels_of(focus), chest["shape"])
        middle = lps_from_voxel @ [i.mean(), j.mean(), k.mean(), 1]

        assert np.linalg.norm(middle[:3] - focus["center_lps_mm"]) < 1.2, focus["name"]


def test_any_bone_is_larger_than_every_focus(chest: dict[str, Any]) -> None:
    largest = max(focus["voxels"] for focus in chest["foci"])

    assert min(bone["voxels"] for bone in chest["bones"]) > 10 * largest


@pytest.mark.parametrize("series", ["B30f", "B70f"])
def test_the_chest_is_dicom_that_says_where_it_is(chest: dict[str, Any], series: str) -> None:
    import pydicom

    image = pydicom.dcmread(CHEST / series / "IM0001.dcm", stop_before_pixels=True)

    assert image.SeriesInstanceUID == chest["series"][series]
    assert str(image.PatientName) == "Phantom^Chest"
    assert image.ImagePositionPatient[2] == pytest.approx(99 * 1.25 / 2)


def test_the_same_seed_makes_the_same_chest(chest: dict[str, Any], tmp_path: Path) -> None:
    again = make_chest(tmp_path, seed=chest["seed"], kernels=(SOFT,))

    assert again["foci"] == chest["foci"]
    assert again["bones"] == chest["bones"]


@pytest.fixture(scope="module")
def garage() -> dict[str, Any]:
    truth: dict[str, Any] = json.loads((GARAGE / "truth.json").read_text("utf-8"))
    return truth


def points_of(path: Path) -> npt.NDArray[np.void]:
    header, _, rows = path.read_bytes().partition(b"DATA binary\n")
    lines = dict(line.split(" ", 1) for line in header.decode("ascii").splitlines()[1:])
    kinds = [t.lower() + s for t, s in zip(lines["TYPE"].split(), lines["SIZE"].split())]  # noqa: B905
    return np.frombuffer(rows, list(zip(lines["FIELDS"].split(), kinds)))  # noqa: B905


def test_every_scan_of_the_garage_has_a_pose_and_a_label_for_each_point(
    garage: dict[str, Any],
) -> None:
    poses = np.loadtxt(GARAGE / "poses.txt")

    assert poses.shape == (len(garage["frames"]), 12)
    for frame in garage["frames"]:
        scan = GARAGE / frame["file"]
        labels = np.fromfile(GARAGE / "labels" / f"{scan.stem}.label", "<u4")
        assert len(points_of(scan)) == len(labels) == frame["points"]


def test_points_of_a_car_lie_in_the_box_that_the_truth_gives_it(garage: dict[str, Any]) -> None:
    for frame in garage["frames"][::4]:
        scan = points_of(GARAGE / frame["file"])
        xyz = np.stack([scan["x"], scan["y"], scan["z"]], axis=1)
        labels = np.fromfile(GARAGE / "labels" / f"{Path(frame['file']).stem}.label", "<u4")
        for box in (b for b in frame["boxes"] if b["label"] == "car"):
            mine = xyz[labels >> 16 == box["instance"]] - box["shape"]["center_m"]
            c, s = np.cos(box["shape"]["yaw_rad"]), np.sin(box["shape"]["yaw_rad"])
            along = mine @ [[c, -s, 0], [s, c, 0], [0, 0, 1]]
            beyond = np.abs(along) - np.array(box["shape"]["size_m"]) / 2

            assert len(mine) == box["points"]
            assert beyond.max() < 0.1  # five times the range noise


def test_the_floor_is_flat_in_the_world_whatever_the_drive(garage: dict[str, Any]) -> None:
    poses = np.loadtxt(GARAGE / "poses.txt").reshape(-1, 3, 4)
    for n, frame in enumerate(garage["frames"]):
        scan = points_of(GARAGE / frame["file"])
        labels = np.fromfile(GARAGE / "labels" / f"{n:06d}.label", "<u4") & 0xFFFF
        height = poses[n, 2, :3] @ np.stack([scan["x"], scan["y"], scan["z"]]) + poses[n, 2, 3]

        assert abs(float(np.median(height[labels == 5]))) < 0.02
        assert abs(float(np.median(height[labels == 6])) - HEIGHT_M) < 0.05


def test_a_moving_car_is_elsewhere_in_the_next_scan(garage: dict[str, Any]) -> None:
    movers = [o for o in garage["objects"] if o["moving"] and o["label"] == "car"]

    assert len(movers) == 2
    for mover in movers:
        seen = [
            box["shape"]["center_m"]
            for frame in garage["frames"]
            for box in frame["boxes"]
            if box["instance"] == mover["instance"]
        ]
        assert len(seen) >= 6
        assert np.linalg.norm(np.subtract(seen[0], seen[-1])) > 1


def test_the_same_seed_makes_the_same_garage(garage: dict[str, Any], tmp_path: Path) -> None:
    again = make_garage(tmp_path, seed=garage["seed"], frames=2)

    assert json.loads((tmp_path / "truth.json").read_text("utf-8")) == json.loads(json.dumps(again))
    assert again["frames"] == garage["frames"][:2]


def test_the_cameras_images_fit_their_calibration() -> None:
    from PIL import Image

    from annotator.formats.kitti_calibration import px_from_cloud, read_calibration

    scans = sorted((GARAGE / "scans").glob("*.pcd"))
    for scan in scans:
        image = GARAGE / "image_2" / f"{scan.stem}.jpg"
        calibration = read_calibration(GARAGE / "calib" / f"{scan.stem}.txt")
        ahead = px_from_cloud(calibration) @ np.array([10.27, 0.0, -0.12, 1.0])

        with Image.open(image) as opened:
            assert opened.size == (640, 360)
        assert (ahead[:2] / ahead[2]).tolist() == pytest.approx([320, 180])


def test_all_sample_data_are_small_enough_to_ship() -> None:
    files = [p for p in SAMPLES.rglob("*") if p.is_file() and "__pycache__" not in p.parts]

    assert sum(path.stat().st_size for path in files) < 25_000_000
