"""KITTI's own files are read where KITTI says their objects are."""

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from annotator.errors import FormatError
from annotator.formats.format import Context
from annotator.formats.kitti import Kitti
from annotator.formats.kitti_calibration import read_calibration
from annotator.geometry.boxes import points_in_box
from annotator.model.labels import GARAGE
from annotator.model.shapes import Box3D


@pytest.mark.shared
def test_the_pedestrian_of_frame_0_stands_on_its_own_points(shared_data: Path) -> None:
    folder = shared_data / "labels" / "kitti_object"
    points = np.fromfile(folder / "velodyne" / "000000.bin", "<f4").reshape(-1, 4)[:, :3]

    found = Kitti().read(folder / "label_2" / "000000.txt", Context(GARAGE))

    (person,) = found.annotations.values()
    assert isinstance(person.shape, Box3D)
    assert person.label == "pedestrian"
    assert person.attributes == {"occluded": "visible", "truncated": 0.0}
    assert person.shape.size_m == (1.20, 0.48, 1.89)
    # OpenPCDet's formula (half the height added along the lidar's z) gives the same within 2 cm.
    assert person.shape.center_m == pytest.approx((8.73, -1.86, -0.65), abs=0.03)
    assert person.shape.yaw_rad == pytest.approx(-0.01 - np.pi / 2, abs=0.02)
    assert int(points_in_box(points, person.shape).sum()) > 300


@pytest.mark.shared
def test_a_real_frame_is_written_again_to_within_a_hundredth(
    shared_data: Path, tmp_path: Path
) -> None:
    folder = shared_data / "labels" / "kitti_object"
    source = folder / "label_2" / "000000.txt"
    calibration = read_calibration(folder / "calib" / "000000.txt")
    context = Context(GARAGE, calibration=replace(calibration, size_px=(1224, 370)))

    Kitti().write(Kitti().read(source, context), context, tmp_path / "000000.txt")

    before, after = source.read_text().split(), (tmp_path / "000000.txt").read_text().split()
    assert after[0] == before[0]
    three_d = slice(8, 15)
    assert [float(w) for w in after[three_d]] == pytest.approx(
        [float(w) for w in before[three_d]], abs=1e-4
    )
    # Nobody draws the rectangle around the eight corners by hand: it is near, not equal.
    assert [float(w) for w in after[4:8]] == pytest.approx([float(w) for w in before[4:8]], abs=40)


@pytest.mark.shared
def test_a_frame_of_many_classes_is_read_with_its_calibration_and_refused_without(
    shared_data: Path, tmp_path: Path
) -> None:
    folder = shared_data / "labels" / "kitti_object"
    for part, name in (("label_2", "000274.txt"), ("calib", "000000.txt")):
        (tmp_path / part).mkdir()
        shutil.copyfile(folder / part / name, tmp_path / part / "000274.txt")

    found = Kitti().read(tmp_path / "label_2" / "000274.txt", Context(GARAGE))

    text = (folder / "label_2" / "000274.txt").read_text()
    boxes = [line for line in text.splitlines() if not line.startswith("DontCare")]
    assert len(found.annotations) == len(boxes)
    assert {a.label for a in found.annotations.values()} >= {"car", "Van", "Cyclist", "pedestrian"}
    with pytest.raises(FormatError, match="calibration"):
        Kitti().read(folder / "label_2" / "000274.txt", Context(GARAGE))
