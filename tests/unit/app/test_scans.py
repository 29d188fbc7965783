"""A sequence opens by its headers, reads what is looked at, and outlives a damaged scan."""

import time
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from annotator.app.data import context_of, only_candidate
from annotator.app.scans import LazyScans, WorldScans, bytes_of, first_readable, open_scans
from annotator.errors import FileError, FormatError, WrongDataError
from annotator.formats.native import Native
from annotator.formats.points.counting import count_points
from annotator.formats.points.pcd_writing import write_pcd
from annotator.formats.points.reading import read_cloud
from annotator.geometry.accumulating import FRAME
from annotator.model.annotations import Annotation
from annotator.model.document import Document
from annotator.model.layers import SEMANTIC, Layer, LayerKey
from annotator.model.shapes import Box3D

GARAGE = Path(__file__).parents[3] / "sample_data" / "garage"
POSE = "1 0 0 {x} 0 1 0 0 0 0 1 1.8\n"


def write_scan(path: Path, values: npt.NDArray[np.float32]) -> None:
    write_pcd(path, dict.fromkeys("xyz", values))


def sequence_in(folder: Path, counts: tuple[int, ...] = (5, 6, 7, 8)) -> Path:
    folder.mkdir(exist_ok=True)
    for number, count in enumerate(counts):
        write_scan(folder / f"{number}.pcd", np.full(count, number + 1.0, np.float32))
    lines = [POSE.format(x=10 * number) for number in range(len(counts))]
    (folder / "poses.txt").write_text("".join(lines))
    return folder


def opened(folder: Path) -> LazyScans:
    return open_scans(sorted(folder.glob("*.pcd")))


def test_a_sequence_opens_without_reading_all_its_scans(tmp_path: Path) -> None:
    context = context_of(only_candidate(sequence_in(tmp_path)))

    assert context.extents() == ((5,), (6,), (7,), (8,))
    assert isinstance(context.clouds, LazyScans)
    assert not context.clouds._ahead.has(3)


@pytest.mark.parametrize("name", ["scans/000000.pcd", "scans_radar/000000.pcd"])
def test_the_header_tells_the_number_of_points(name: str) -> None:
    path = GARAGE / name

    assert count_points(path) == len(read_cloud(path))


@pytest.mark.parametrize(
    "name", ["a.xyz", "a.npy", "a.bin", "a.ply"], ids=["text", "npy", "bin", "ply"]
)
def test_other_kinds_are_counted_as_they_are_read(tmp_path: Path, name: str) -> None:
    chance = np.random.default_rng(1)
    rows = np.c_[chance.uniform(-30, 30, (200, 3)), chance.uniform(0, 1, 200)].astype(np.float32)
    path = tmp_path / name
    if name.endswith("npy"):
        np.save(path, rows)
    elif name.endswith("bin"):
        rows.tofile(path)
    else:
        head = "ply\nformat ascii 1.0\nelement vertex 200\nproperty float x\nproperty float y\n"
        head += "property float z\nproperty float intensity\nend_header\n"
        np.savetxt(
            path, rows, "%g", header=head if name.endswith("ply") else "", comments="", newline="\n"
        )
        if name.endswith("ply"):
            path.write_text(path.read_text().replace("end_header\n\n", "end_header\n"))

    assert count_points(path) == len(read_cloud(path))


def test_views_see_scans_in_the_world_and_formats_in_their_own_axes(tmp_path: Path) -> None:
    context = context_of(only_candidate(sequence_in(tmp_path)))

    world = WorldScans(context)

    np.testing.assert_allclose(world[2].xyz_m[0], (23, 3, 4.8), atol=1e-5)
    np.testing.assert_allclose(context.clouds[2].xyz_m[0], (3, 3, 3))
    world.close()


def test_what_comes_next_is_there_before_it_is_looked_at(tmp_path: Path) -> None:
    world = WorldScans(context_of(only_candidate(sequence_in(tmp_path))))

    world.prepare_around(1)

    until_s = time.monotonic() + 20
    while not all(world.is_ready(n) for n in (0, 2, 3)) and time.monotonic() < until_s:
        time.sleep(0.01)
    assert [world.is_ready(n) for n in range(4)] == [True, False, True, True]
    world.close()


def test_a_damaged_scan_is_a_sentence_and_the_others_stay_usable(tmp_path: Path) -> None:
    folder = sequence_in(tmp_path)
    whole = (folder / "2.pcd").read_bytes()
    (folder / "2.pcd").write_bytes(whole[:-8])
    world = WorldScans(context_of(only_candidate(folder)))

    with pytest.raises(FormatError, match=r"2\.pcd: its header declares 7 points"):
        _damaged = world[2]

    assert len(world[3]) == 8
    joint, faults = world.around(1, reach=1)
    assert joint.frames == (1, 0)
    assert [fault.path.name for fault in faults] == ["2.pcd"]
    assert world.shown(1, reach=1).unread == (2,)
    world.close()


def test_a_sequence_whose_first_scans_are_damaged_opens_by_the_first_that_is_not(
    tmp_path: Path,
) -> None:
    folder = sequence_in(tmp_path)
    for name in ("0.pcd", "1.pcd"):
        (folder / name).write_bytes((folder / name).read_bytes()[:-8])
    context = context_of(only_candidate(folder))
    world = WorldScans(context)

    assert len(first_readable(context.clouds)) == 7
    assert context.extents() == ((5,), (6,), (7,), (8,))
    assert "0.pcd: its header declares 5 points" in world.shown_or_fault(0).fault
    assert world.shown_or_fault(2).fault == ""
    world.close()


def test_a_sequence_of_damaged_scans_is_refused_in_one_sentence(tmp_path: Path) -> None:
    folder = sequence_in(tmp_path)
    for path in folder.glob("*.pcd"):
        path.write_bytes(path.read_bytes()[:-8])

    with pytest.raises(FileError, match=r"none of its 4 scans can be read; of 0\.pcd, its header"):
        context_of(only_candidate(folder))


@pytest.mark.parametrize("is_whole_again", [False, True])
def test_labels_of_a_sequence_with_a_damaged_scan_are_saved_and_come_back(
    tmp_path: Path, *, is_whole_again: bool
) -> None:
    folder = sequence_in(tmp_path / "drive")
    whole = (folder / "0.pcd").read_bytes()
    (folder / "0.pcd").write_bytes(whole[:-8])
    context = context_of(only_candidate(folder))
    car = Annotation("car", Box3D((1, 2, 3), (4, 2, 1.5)), frame=2)
    painted = Layer((7,))
    painted.put(np.array([3]), np.array([1], np.uint32))
    document = Document(context.extents(), {car.id: car}, {LayerKey(SEMANTIC, 2): painted})

    Native().write(document, context, tmp_path / "labels.json")
    if is_whole_again:
        (folder / "0.pcd").write_bytes(whole)
    back = Native().read(tmp_path / "labels.json", context_of(only_candidate(folder)))

    assert back.annotations == document.annotations
    assert back.layers == document.layers
    assert Native().validate(tmp_path / "labels.json") == []


def test_a_scan_that_goes_missing_is_a_sentence_until_it_is_back(tmp_path: Path) -> None:
    folder = sequence_in(tmp_path)
    scans = opened(folder)
    (folder / "1.pcd").rename(folder / "away")

    with pytest.raises(FileError, match=r"1\.pcd: there is no such file"):
        _missing = scans[1]
    (folder / "away").rename(folder / "1.pcd")

    assert len(scans[1]) == 6


def test_a_scan_that_changed_since_is_not_labelled(tmp_path: Path) -> None:
    folder = sequence_in(tmp_path)
    scans = opened(folder)
    write_scan(folder / "1.pcd", np.ones(9, np.float32))

    with pytest.raises(WrongDataError, match="it holds 9 points, and 6 when the sequence was"):
        _changed = scans[1]


def test_a_damaged_header_is_named_when_the_sequence_is_opened(tmp_path: Path) -> None:
    folder = sequence_in(tmp_path)
    (folder / "3.pcd").write_bytes(b"# .PCD v0.7\nFIELDS x y z\n")

    with pytest.raises(FormatError, match=r"3\.pcd: its header has no DATA line"):
        opened(folder)


def test_a_pose_too_few_is_said_before_anything_is_read(tmp_path: Path) -> None:
    folder = sequence_in(tmp_path)
    (folder / "poses.txt").write_text(POSE.format(x=0) * 3)

    with pytest.raises(FormatError, match="it has 3 poses for 4 scans"):
        context_of(only_candidate(folder))


def test_an_empty_scan_is_a_scan(tmp_path: Path) -> None:
    context = context_of(only_candidate(sequence_in(tmp_path, (3, 0, 2))))

    world = WorldScans(context)

    assert len(world[1]) == 0
    assert world.around(1, reach=1)[0].cloud.fields[FRAME].tolist() == [0, 0, 0, 2, 2]
    world.close()


def test_scans_are_kept_only_so_far_as_memory_goes(tmp_path: Path) -> None:
    folder = sequence_in(tmp_path, (50,) * 6)
    scans = LazyScans(tuple(sorted(folder.glob("*.pcd"))), (50,) * 6, most_bytes=3 * 600)

    total = sum(bytes_of(cloud) for cloud in scans)

    assert total == 6 * 600
    assert [scans._ahead.has(n) for n in range(6)] == [False] * 3 + [True] * 3


def test_scans_that_fill_the_memory_are_read_one_ahead(tmp_path: Path) -> None:
    context = context_of(only_candidate(sequence_in(tmp_path, (50,) * 4)))
    world = WorldScans(context, most_bytes=1000)

    world.prepare_around(1)

    until_s = time.monotonic() + 20
    while not world.is_ready(2) and time.monotonic() < until_s:
        time.sleep(0.01)
    assert [world.is_ready(n) for n in range(4)] == [False, False, True, False]
    world.close()


def test_a_part_of_a_sequence_is_a_tuple_of_scans(tmp_path: Path) -> None:
    scans = opened(sequence_in(tmp_path))

    assert [len(cloud) for cloud in scans[1:3]] == [6, 7]
    assert len(scans[-1]) == 8
