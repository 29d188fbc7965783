"""A folder of scans with poses is one item; one that has a gap says so and holds up no other."""

import shutil
from pathlib import Path

import pytest

from annotator.app.discovery import discover
from annotator.errors import FileError
from annotator.model.items import ItemKind

GARAGE = Path(__file__).parents[3] / "sample_data" / "garage"


def drive_in(folder: Path, *, without: int | None = None) -> Path:
    folder.mkdir(parents=True)
    for scan in sorted((GARAGE / "scans_radar").iterdir()):
        shutil.copy(scan, folder)
    shutil.copy(GARAGE / "poses.txt", folder)
    if without is not None:
        (folder / f"{without:06d}.pcd").unlink()
    return folder


def test_lidar_and_radar_of_one_drive_are_two_sequences() -> None:
    found = discover(GARAGE).candidates

    assert [(c.kind, c.name, len(c.sources)) for c in found] == [
        (ItemKind.SEQUENCE, "scans", 12),
        (ItemKind.SEQUENCE, "scans_radar", 12),
    ]


def test_a_missing_scan_is_named(tmp_path: Path) -> None:
    drive_in(tmp_path / "drive", without=5)

    with pytest.raises(FileError, match="frame 5 is missing between 0 and 11; add that scan"):
        discover(tmp_path)


def test_a_drive_with_a_gap_holds_up_no_other(tmp_path: Path) -> None:
    drive_in(tmp_path / "one")
    drive_in(tmp_path / "two", without=5)

    found = discover(tmp_path)

    assert [c.name for c in found.candidates] == ["one"]
    assert [str(fault).split(";")[0] for fault in found.faults] == [
        "two: frame 5 is missing between 0 and 11"
    ]
