"""Label files that other tools made are told apart, and scans are not taken for labels."""

from pathlib import Path

import pytest

from annotator.formats.format import Context
from annotator.formats.pcd import Pcd
from annotator.formats.registry import built_in_formats
from annotator.model.labels import GARAGE

OURS = ("native", "kitti", "semantickitti", "pcd")


@pytest.mark.shared
def test_each_file_is_taken_for_what_it_is_and_for_nothing_else(shared_data: Path) -> None:
    forms = [built_in_formats().load(name) for name in OURS]

    found = {
        path.relative_to(shared_data).as_posix(): form.info.name
        for path in sorted(shared_data.rglob("*"))
        for form in forms
        if form.sniff(path) >= 0.5
    }

    assert found == {
        "labels/kitti_object": "kitti",
        "labels/kitti_object/label_2/000000.txt": "kitti",
        "labels/kitti_object/label_2/000274.txt": "kitti",
        "labels/semantic_kitti/sequences/00": "semantickitti",
        "labels/semantic_kitti/sequences/00/labels/000000.label": "semantickitti",
        "pointclouds/derived_odd/packed_rgb_label_object.pcd": "pcd",
    }


@pytest.mark.shared
def test_labels_in_another_tools_pcd_are_read(shared_data: Path) -> None:
    path = shared_data / "pointclouds" / "derived_odd" / "packed_rgb_label_object.pcd"

    found = Pcd().read(path, Context(GARAGE))

    assert Pcd().validate(path) == []
    assert sum(found.semantic().counts().values()) > 0
