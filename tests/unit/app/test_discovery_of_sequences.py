"""A folder of scans with poses is one item; one that has a gap says so and holds up no other."""

import shutil
from pathlib import Path

from annotator.app.discovery import discover
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


def test_the_scans_of_a_drive_with_a_gap_open_one_by_one_and_the_missing_one_is_named(
    tmp_path: Path,
) -> None:
    drive_in(tmp_path / "drive", without=5)

    found = discover(tmp_path)

    assert [(c.kind, len(c.sources)) for c in found.candidates] == [(ItemKind.CLOUD, 1)] * 11
    assert [str(fault) for fault in found.faults] == [
        (
            "drive: the scan 000005.pcd is missing between 000004.pcd and 000006.pcd; its scans "
            "are listed one by one; add that scan and open the folder again"
        )
    ]


def test_a_drive_with_a_gap_holds_up_no_other(tmp_path: Path) -> None:
    drive_in(tmp_path / "one")
    drive_in(tmp_path / "two", without=5)

    found = discover(tmp_path)

    assert [c.name for c in found.candidates if c.kind is ItemKind.SEQUENCE] == ["one"]
    assert [fault.path.name for fault in found.faults] == ["two"]
