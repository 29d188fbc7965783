"""Every scan among the real files reads with the points its header says, or is refused in words."""

import os
import re
from pathlib import Path

import numpy as np
import pytest

from annotator.errors import FileError
from annotator.formats.points.reading import read_cloud
from annotator.model.cloud import PointCloud

pytestmark = pytest.mark.shared

SHARED_DATA = Path(
    os.environ.get("ANNOTATOR_SHARED_DATA", Path(__file__).parents[2].parent / "shared" / "data")
)
SUFFIXES = {".pcd", ".ply", ".las", ".laz", ".bin", ".xyz", ".csv", ".pts", ".e57"}

# What is refused, and the words that say why.
REFUSED = {
    "ascii_empty.pcd": "it is empty",
    "ascii_invalid_header.pcd": "no FIELDS line",
    "binary_truncated_60pct.pcd": "only 271814 bytes follow",
    "brisk_image_gt.pcd": "no x and y",
    "stereo_left.pcd": "no x and y",
    "no_vertex.ply": "no vertices",
    "exemplary.bin": "no whole number of points",
    "front_radar.csv": "names 25 columns, its lines have 26",
    "front_radar_delphi.csv": "no x and y",
}


def scans() -> list[Path]:
    places = [SHARED_DATA / "pointclouds", *sorted(SHARED_DATA.glob("labels/*"))]
    found = [path for place in places for path in place.rglob("*") if path.is_file()]
    return sorted(
        path
        for path in found
        if path.suffix.lower() in SUFFIXES
        and ("pointclouds" in path.parts or path.suffix in {".pcd", ".bin"})
    )


def declared_points(path: Path) -> int | None:
    """Say what a header or the size declares, by other means than the readers'."""
    with path.open("rb") as file:
        head = file.read(1 << 16)
    match path.suffix.lower():
        case ".pcd":
            found = re.search(rb"^POINTS (\d+)", head, re.MULTILINE)
        case ".ply":
            found = re.search(rb"^element vertex (\d+)", head, re.MULTILINE)
        case ".las" | ".laz":
            wide = int.from_bytes(head[247:255], "little") if head[25] >= 4 else 0
            return wide or int.from_bytes(head[107:111], "little")
        case ".bin":
            return path.stat().st_size // (20 if "5float" in path.name else 16)
        case _:
            lines = path.read_text("utf-8-sig").splitlines()
            return sum(len(re.split(r"[\s,;]+", line)) >= 3 and line[0] in "-0123456789."
                       for line in lines if line)  # fmt: skip
    return int(found[1]) if found else None


@pytest.mark.parametrize("path", scans(), ids=lambda path: path.name)
def test_a_real_scan_reads_whole_or_is_refused_in_words(path: Path) -> None:
    fault = "E57" if path.suffix == ".e57" else REFUSED.get(path.name)
    if fault:
        with pytest.raises(FileError) as caught:
            read_cloud(path)
        assert fault in str(caught.value)
        assert "\n" not in str(caught.value)
        return

    cloud = read_cloud(path)

    assert len(cloud) == declared_points(path)
    assert cloud.finite().any() or not len(cloud)


def one(shared_data: Path, name: str) -> PointCloud:
    return read_cloud(next((shared_data / "pointclouds").rglob(name)))


def test_the_garage_scan_has_its_rings_and_times(shared_data: Path) -> None:
    scan = next((shared_data / "pointclouds").rglob("factory_calib/data/pcds/1.pcd"))

    cloud = read_cloud(scan)

    assert list(cloud.fields) == ["intensity", "ring", "time"]
    assert len(cloud) == 113_255
    assert cloud.fields["ring"].max() == 63
    assert float(np.ptp(cloud.fields["time"].astype(np.float64))) < 0.2


def test_rows_without_a_return_are_kept(shared_data: Path) -> None:
    cloud = one(shared_data, "office1.pcd")

    assert len(cloud) - int(cloud.finite().sum()) == 52_744
    assert cloud.layout.startswith("organised, 640 × 480")


def test_five_floats_of_nuscenes_are_told_by_evidence(shared_data: Path) -> None:
    cloud = one(shared_data, "nuscenes_5float.pcd.bin")

    assert "(nuscenes)" in cloud.layout
    assert len(cloud) == 28_314


def test_survey_coordinates_agree_with_laspy_to_a_quarter_millimetre(shared_data: Path) -> None:
    import laspy

    path = next((shared_data / "pointclouds").rglob("append-bug.laz"))

    cloud = read_cloud(path)

    truth = laspy.read(path).xyz
    assert np.abs(cloud.xyz_m.astype(np.float64) + cloud.origin_m - truth).max() <= 0.00025


def test_a_file_name_in_chinese_is_read(shared_data: Path) -> None:
    assert len(one(shared_data, "中文文件名*.pcd")) == 28_314
