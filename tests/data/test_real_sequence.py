"""A real two-second sequence of an indoor bay is read scan by scan and laid over itself."""

import shutil
from pathlib import Path

import pytest

from annotator.app.data import context_of, only_candidate
from annotator.app.scans import WorldScans
from annotator.geometry.accumulating import FRAME

PCDS = Path("pointclouds/pjlab_sensorscalib/factory_calib")


@pytest.fixture
def drive(tmp_path: Path, shared_data: Path) -> Path:
    scans = sorted((shared_data / PCDS).rglob("*.pcd"), key=lambda path: int(path.stem))[:4]
    assert len(scans) == 4
    for scan in scans:
        shutil.copy(scan, tmp_path)
    (tmp_path / "poses.txt").write_text("1 0 0 0 0 1 0 0 0 0 1 0\n" * 4)
    return tmp_path


@pytest.mark.shared
def test_compressed_scans_hold_what_their_headers_say(drive: Path) -> None:
    context = context_of(only_candidate(drive))

    assert [len(cloud) for cloud in context.clouds] == [n for (n,) in context.extents()]
    assert min(context.extents())[0] > 100_000


@pytest.mark.shared
def test_laid_over_each_other_every_point_knows_its_scan(drive: Path) -> None:
    context = context_of(only_candidate(drive))
    world = WorldScans(context)

    joint, faults = world.around(2, reach=1)

    counts = [n for (n,) in context.extents()]
    assert not faults
    assert joint.frames == (2, 1, 3)
    assert len(joint.cloud) == counts[1] + counts[2] + counts[3]
    assert joint.source(counts[2]) == (1, 0)
    assert "intensity" in joint.cloud.fields
    assert joint.cloud.fields[FRAME][0] == 2
    world.close()
