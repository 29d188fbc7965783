"""What a click gives on real scans, against what people labelled and what stands there."""

from pathlib import Path

import numpy as np
import pytest

from annotator.formats.format import Context
from annotator.formats.kitti import Kitti
from annotator.formats.points.reading import read_cloud
from annotator.geometry.boxes import iou_bev, points_in_box
from annotator.geometry.fit import fit_box
from annotator.geometry.survey import survey
from annotator.geometry.wall import fit_wall
from annotator.model.labels import GARAGE
from annotator.model.shapes import Box3D, Vec3

BAY = "pointclouds/pjlab_sensorscalib/factory_calib/data/pcds/1.pcd"


@pytest.mark.shared
def test_a_click_on_kittis_pedestrian_stands_where_a_person_put_it(shared_data: Path) -> None:
    folder = shared_data / "labels" / "kitti_object"
    cloud = read_cloud(folder / "velodyne" / "000000.bin")
    found = Kitti().read(folder / "label_2" / "000000.txt", Context(GARAGE))
    (person,) = found.annotations.values()
    true = person.shape
    assert isinstance(true, Box3D)
    own = cloud.xyz_m[points_in_box(cloud.xyz_m, true)]
    away = np.linalg.norm(own - np.median(own, axis=0), axis=1)
    x, y, z = own[int(away.argmin())].tolist()
    known = survey(cloud.xyz_m)

    box = fit_box(known.index, known.ground, (x, y, z), GARAGE["pedestrian"]).box

    assert iou_bev(box, true) > 0.5
    assert box.center_m[2] - box.size_m[2] / 2 == pytest.approx(
        true.center_m[2] - true.size_m[2] / 2, abs=0.03
    )
    assert box.size_m[2] == pytest.approx(true.size_m[2], abs=0.1)


@pytest.mark.shared
def test_the_floor_of_a_real_bay_is_found_though_a_scan_shows_only_arcs_of_it(
    shared_data: Path,
) -> None:
    cloud = read_cloud(shared_data / BAY)

    known = survey(cloud.xyz_m)

    assert known.ground.floor_at(9.7, 1.1) == pytest.approx(-2.07, abs=0.05)


@pytest.mark.shared
@pytest.mark.parametrize(("at_m", "long_m"), [((-0.2, -3.3, -0.1), 25.0), ((1.5, 6.9, -0.5), 11.5)])
def test_a_click_on_a_wall_of_a_real_bay_grows_all_of_it(
    shared_data: Path, at_m: Vec3, long_m: float
) -> None:
    cloud = read_cloud(shared_data / BAY)
    known = survey(cloud.xyz_m)

    feet = np.array(fit_wall(known.index, known.ground, at_m).shape.vertices_m)

    assert np.linalg.norm(feet[-1] - feet[0]) == pytest.approx(long_m, abs=1.0)
