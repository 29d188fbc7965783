"""Bare floats are read in the layout that the evidence speaks for, or the one that is set."""

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from annotator.errors import FileError, FormatError
from annotator.formats.points.bin import read_bin

Rows = npt.NDArray[np.float64]


def sweep(points: int, *, by_ring: bool) -> tuple[Rows, npt.NDArray[np.int64]]:
    """Points on a floor and a wavy wall, in the order of a spinning sensor or in none."""
    rng = np.random.default_rng(points)
    turn = rng.uniform(-np.pi, np.pi, points)
    ring = rng.integers(0, 32, points)
    if by_ring:
        ring, turn = np.sort(ring), np.linspace(0, 64 * np.pi, points) % (2 * np.pi)
    up = np.deg2rad(-25 + 1.2 * ring)
    wall = 8 + 6 * np.abs(np.sin(3 * turn)) + rng.normal(0, 0.02, points)
    far = np.minimum(1.8 / np.abs(np.sin(np.minimum(up, -0.01))), wall)
    flat = far * np.cos(up)
    return np.stack([flat * np.cos(turn), flat * np.sin(turn), far * np.sin(up)], 1), ring


def written(name: str, points: int, *, by_ring: bool) -> Rows:
    rng = np.random.default_rng(1)
    xyz, ring = sweep(points, by_ring=by_ring)
    unit = np.round(rng.beta(1, 3, points), 2)
    byte = np.round(unit * 255)
    time = np.sort(rng.uniform(0, 0.1, points))
    normal = rng.normal(size=(points, 3))
    radar = [rng.normal(-10, 12, points), rng.normal(0, 3, points), rng.normal(0, 1, points)]
    further: dict[str, list[npt.NDArray[np.generic]]] = {
        "xyz": [],
        "kitti": [unit],
        "xyzi": [byte],
        "nuscenes": [byte, ring],
        "xyzir": [unit, ring],
        "xyzit": [unit, time],
        "xyzirt": [byte, ring, time],
        "xyzrgb": list(rng.integers(0, 256, (3, points))),
        "xyznormal": list((normal / np.linalg.norm(normal, axis=1)[:, None]).T),
        "vod": [*radar, np.zeros(points)],
    }
    return np.column_stack([xyz, *further[name]])


LAYOUTS = (
    "xyz", "kitti", "xyzi", "nuscenes", "xyzir", "xyzit", "xyzirt", "xyzrgb", "xyznormal", "vod",
)  # fmt: skip


@pytest.mark.parametrize("name", LAYOUTS)
@pytest.mark.parametrize("points", [420, 42_000])  # both divide by every width
@pytest.mark.parametrize("by_ring", [True, False])
def test_evidence_finds_the_layout_where_size_cannot(
    tmp_path: Path, name: str, points: int, by_ring: bool
) -> None:
    rows = written(name, points, by_ring=by_ring)
    rows.astype("<f4").tofile(tmp_path / "a.bin")

    cloud = read_bin(tmp_path / "a.bin")

    assert f"({name})" in cloud.layout
    assert len(cloud) == points
    np.testing.assert_array_equal(cloud.xyz_m, rows[:, :3].astype(np.float32))


def test_radar_columns_have_the_uniform_names(tmp_path: Path) -> None:
    written("vod", 300, by_ring=False).astype("<f4").tofile(tmp_path / "a.bin")

    cloud = read_bin(tmp_path / "a.bin")

    assert set(cloud.fields) == {"rcs", "velocity", "v_r_compensated", "time"}


@pytest.mark.parametrize("layout", ["nuscenes", "x,y,z,intensity,ring"])
def test_a_person_may_set_the_layout(tmp_path: Path, layout: str) -> None:
    np.zeros((60, 5), "<f4").tofile(tmp_path / "a.bin")

    cloud = read_bin(tmp_path / "a.bin", layout=layout)

    assert len(cloud) == 60
    assert list(cloud.fields) == ["intensity", "ring"]


@pytest.mark.parametrize("layout", ["kitty", "x,y,y", "ring"])
def test_an_unknown_layout_is_refused_with_those_there_are(tmp_path: Path, layout: str) -> None:
    np.zeros((60, 5), "<f4").tofile(tmp_path / "a.bin")

    with pytest.raises(FileError, match="kitti, xyzi, nuscenes"):
        read_bin(tmp_path / "a.bin", layout=layout)


def test_a_set_layout_that_leaves_a_part_of_a_point_is_refused(tmp_path: Path) -> None:
    np.zeros(7, "<f4").tofile(tmp_path / "a.bin")

    with pytest.raises(FormatError, match="no whole number of points of 16 bytes"):
        read_bin(tmp_path / "a.bin", layout="kitti")


@pytest.mark.parametrize(
    "body",
    [
        np.random.default_rng(0).integers(0, 256, 42_000).astype(np.uint8).tobytes(),
        b"hello, this is no scan " * 420,
        np.random.default_rng(0).integers(0, 60, 4200).astype("<u4").tobytes(),
        sweep(4200, by_ring=True)[0].tobytes(),
        b"\x00" * 4219,
    ],
    ids=["noise", "text", "labels", "doubles", "odd size"],
)
def test_what_is_no_scan_is_refused(tmp_path: Path, body: bytes) -> None:
    (tmp_path / "a.bin").write_bytes(body)

    with pytest.raises(FormatError, match=r"^a\.bin: .*set the layout"):
        read_bin(tmp_path / "a.bin")
