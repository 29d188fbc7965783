"""Scans of a folder are listed as people count them."""

import shutil
from pathlib import Path

from annotator.app.discovery import discover

SCAN = Path(__file__).parents[3] / "sample_data" / "garage" / "scans" / "000000.pcd"


def test_scan_two_comes_before_scan_ten(tmp_path: Path) -> None:
    for name in ("10.pcd", "2.pcd", "1.pcd", "scan 3.pcd", "扫描 12.pcd", "扫描 9.pcd"):
        shutil.copy(SCAN, tmp_path / name)

    names = [candidate.name for candidate in discover(tmp_path).candidates]

    assert names == ["1.pcd", "2.pcd", "10.pcd", "scan 3.pcd", "扫描 9.pcd", "扫描 12.pcd"]
