"""What a folder holds is listed as people count it, and told apart."""

import shutil
from pathlib import Path

from pydicom import dcmread

from annotator.app.discovery import discover

CHEST = Path(__file__).parents[3] / "sample_data" / "chest" / "B30f"
SCAN = Path(__file__).parents[3] / "sample_data" / "garage" / "scans" / "000000.pcd"


def test_scan_two_comes_before_scan_ten(tmp_path: Path) -> None:
    for name in ("10.pcd", "2.pcd", "1.pcd", "scan 3.pcd", "扫描 12.pcd", "扫描 9.pcd"):
        shutil.copy(SCAN, tmp_path / name)

    names = [candidate.name for candidate in discover(tmp_path).candidates]

    assert names == ["1.pcd", "2.pcd", "10.pcd", "scan 3.pcd", "扫描 9.pcd", "扫描 12.pcd"]


def test_series_of_one_name_are_told_apart_without_their_folders(tmp_path: Path) -> None:
    for folder in ("before", "after"):
        (tmp_path / folder).mkdir()
        for file in sorted(CHEST.iterdir())[:3]:
            dataset = dcmread(file)
            dataset.SeriesInstanceUID = f"1.2.826.0.1.{len(folder)}"
            dataset.SOPInstanceUID = f"{dataset.SOPInstanceUID}.{len(folder)}"
            dataset.save_as(tmp_path / folder / file.name)

    names = [candidate.name for candidate in discover(tmp_path).candidates]

    assert len(set(names)) == 2
    assert not any(folder in name for folder in ("before", "after") for name in names)
