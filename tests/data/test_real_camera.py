"""A real drive's calibration puts a real label where its own author drew it in the image."""

from pathlib import Path

import numpy as np
import pytest

from annotator.app.camera_scene import annotations_seen, points_seen
from annotator.app.renderers.renderer import ShownPoints
from annotator.formats.format import Context
from annotator.formats.kitti import Kitti
from annotator.formats.kitti_calibration import px_from_cloud, read_calibration
from annotator.formats.points.reading import read_cloud
from annotator.geometry.boxes import points_in_box
from annotator.geometry.pinhole import Pinhole
from annotator.model.labels import GARAGE
from annotator.model.shapes import Box3D

IMAGE_PX = (1224, 370)


@pytest.mark.shared
def test_a_person_lies_in_the_rectangle_that_the_label_file_gives(shared_data: Path) -> None:
    """A label of KITTI has both: the box in space, and a rectangle drawn in the image by hand."""
    folder = shared_data / "labels" / "kitti_object"
    label = folder / "label_2" / "000000.txt"
    cloud = read_cloud(folder / "velodyne" / "000000.bin")
    calibration = read_calibration(folder / "calib" / "000000.txt")
    context = Context(GARAGE, (cloud,), calibration=calibration)
    (person,) = Kitti().read(label, context).annotations.values()
    pinhole = Pinhole(px_from_cloud(calibration), IMAGE_PX)
    grey = ShownPoints(cloud.xyz_m, np.zeros(len(cloud), np.uint16), np.zeros(1, np.uint32))

    points = points_seen(grey, len(cloud), pinhole)
    (seen,) = annotations_seen([person], pinhole, points)

    left, top, right, bottom = (float(word) for word in label.read_text().split()[4:8])
    low, high = seen.ends_px.reshape(-1, 2).min(axis=0), seen.ends_px.reshape(-1, 2).max(axis=0)
    assert low == pytest.approx((left, top), abs=12)
    assert high == pytest.approx((right, bottom), abs=12)
    assert seen.depth_m == pytest.approx(8.16, abs=0.01)
    assert not seen.is_hidden
    assert isinstance(person.shape, Box3D)
    inside = points_in_box(cloud.xyz_m[points.rows], person.shape)
    rectangle = ((points.at_px >= low) & (points.at_px <= high)).all(axis=1)
    assert inside.sum() > 300
    assert rectangle[inside].all()
    row = points.under((float(low[0] + high[0]) / 2, float(low[1] + high[1]) / 2), 8.0)
    assert row is not None
    assert points_in_box(cloud.xyz_m[[row]], person.shape).all()
