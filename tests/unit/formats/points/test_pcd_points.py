"""PCD files of every encoding are read as they are, and written so that they are read back."""

from pathlib import Path

import numpy as np
import pytest

from annotator.errors import FormatError
from annotator.formats.points.pcd import read_pcd, write_pcd
from annotator.formats.points.pcd_writing import Encoding

ENCODINGS: tuple[Encoding, ...] = ("ascii", "binary", "binary_compressed")


def scan(points: int = 500) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(7)
    xyz = rng.normal(size=(points, 3)).astype(np.float32) * 10
    return {
        "x": xyz[:, 0],
        "y": xyz[:, 1],
        "z": xyz[:, 2],
        "intensity": rng.random(points).astype(np.float32),
        "ring": rng.integers(0, 64, points).astype(np.uint16),
        "timestamp": np.sort(rng.random(points)) + 1.6e9,
        "label": rng.integers(0, 5, points).astype(np.uint32),
    }


def saved(path: Path, header: str, body: bytes) -> Path:
    path.write_bytes(header.encode() + body)
    return path


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_what_is_written_is_read_back_to_the_bit(tmp_path: Path, encoding: Encoding) -> None:
    columns = scan()
    write_pcd(tmp_path / "a.pcd", columns, encoding=encoding)

    cloud = read_pcd(tmp_path / "a.pcd")

    expected = np.stack([columns[axis] for axis in "xyz"], axis=1)
    np.testing.assert_array_equal(cloud.xyz_m, expected)
    np.testing.assert_array_equal(cloud.fields["time"], columns["timestamp"])
    for name in ("intensity", "ring", "label"):
        np.testing.assert_array_equal(cloud.fields[name], columns[name])
        assert cloud.fields[name].dtype == columns[name].dtype


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_rows_without_a_return_stay_in_place(tmp_path: Path, encoding: Encoding) -> None:
    columns = scan(10)
    for axis in "xyz":
        columns[axis][3] = np.nan
    write_pcd(tmp_path / "a.pcd", columns, encoding=encoding)

    cloud = read_pcd(tmp_path / "a.pcd")

    assert len(cloud) == 10
    assert np.flatnonzero(~cloud.finite()).tolist() == [3]


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_colours_survive(tmp_path: Path, encoding: Encoding) -> None:
    rgb = np.random.default_rng(0).integers(0, 256, (20, 3)).astype(np.uint8)
    write_pcd(tmp_path / "a.pcd", {**scan(20), "rgb": rgb}, encoding=encoding)

    cloud = read_pcd(tmp_path / "a.pcd")

    np.testing.assert_array_equal(cloud.fields["rgb"], rgb)


def test_compression_makes_repetitive_scans_smaller(tmp_path: Path) -> None:
    same = {axis: np.ones(100_000, np.float32) for axis in "xyz"}
    write_pcd(tmp_path / "raw.pcd", same)
    write_pcd(tmp_path / "packed.pcd", same, encoding="binary_compressed")

    packed, raw = ((tmp_path / name).stat().st_size for name in ("packed.pcd", "raw.pcd"))

    assert packed < raw / 20
    assert len(read_pcd(tmp_path / "packed.pcd")) == 100_000


def test_padding_repeated_names_and_counts_keep_every_byte_in_its_column(tmp_path: Path) -> None:
    record = np.dtype(
        [("x", "<f4"), ("y", "<f4"), ("z", "<f4"), ("p", "<u1", 4), ("i", "<f4"),
         ("q", "<u1", 6), ("i2", "<f4"), ("h", "<f4", 2)]
    )  # fmt: skip
    rows = np.zeros(3, record)
    rows["x"], rows["i"], rows["i2"] = [1, 2, 3], [4, 5, 6], [7, 8, 9]
    rows["h"] = [[1, 2], [3, 4], [5, 6]]
    header = (
        "VERSION 0.7\nFIELDS x y z _ intensity _ _ intensity hist\nSIZE 4 4 4 1 4 1 1 4 4\n"
        "TYPE F F F U F U U F F\nCOUNT 1 1 1 4 1 0 6 1 2\nWIDTH 3\nHEIGHT 1\nPOINTS 3\n"
        "DATA binary\n"
    )

    cloud = read_pcd(saved(tmp_path / "a.pcd", header, rows.tobytes()))

    assert cloud.xyz_m[:, 0].tolist() == [1, 2, 3]
    assert cloud.fields["intensity"].tolist() == [4, 5, 6]
    assert cloud.fields["intensity_2"].tolist() == [7, 8, 9]
    assert cloud.fields["hist"].tolist() == [[1, 2], [3, 4], [5, 6]]
    assert set(cloud.fields) == {"intensity", "intensity_2", "hist"}


def test_text_may_have_upper_case_names_padding_trailing_blanks_and_crlf(tmp_path: Path) -> None:
    header = (
        "# .PCD v.7\r\nVERSION .7\r\nFIELDS X Y Z _ \r\nSIZE 8 8 8 1\r\nTYPE F F F U\r\n"
        "WIDTH 2\r\nHEIGHT 1\r\nPOINTS 2\r\nDATA ascii\r\n"
    )

    cloud = read_pcd(saved(tmp_path / "a.pcd", header, b"1 2 3 0 \r\n\r\n4 5 nan 0\t\r\n"))

    np.testing.assert_array_equal(cloud.xyz_m, [[1, 2, 3], [4, 5, np.nan]])
    assert not cloud.fields


def test_map_coordinates_keep_their_millimetres(tmp_path: Path) -> None:
    x = 447_123.0 + np.arange(1000) * 0.001
    columns = {"x": x, "y": x + 5_000_000, "z": np.full(1000, 431.25)}
    write_pcd(tmp_path / "a.pcd", columns)

    cloud = read_pcd(tmp_path / "a.pcd")

    world = cloud.xyz_m.astype(np.float64) + cloud.origin_m
    assert np.abs(world[:, 0] - x).max() < 0.0001
    assert np.abs(world[:, 1] - x - 5_000_000).max() < 0.0001


def test_an_organised_cloud_says_so(tmp_path: Path) -> None:
    write_pcd(tmp_path / "a.pcd", scan(12), size=(4, 3))

    cloud = read_pcd(tmp_path / "a.pcd")

    assert cloud.layout == "organised, 4 × 3"


def test_impossible_coordinates_become_blank_rows(tmp_path: Path) -> None:
    columns = scan(4)
    columns["x"][1], columns["y"][2] = 1e38, -np.inf
    write_pcd(tmp_path / "a.pcd", columns)

    cloud = read_pcd(tmp_path / "a.pcd")

    assert cloud.finite().tolist() == [True, False, False, True]
    assert "2 points" in cloud.layout


HEAD = "FIELDS x y z\nSIZE 4 4 4\nTYPE F F F\nCOUNT 1 1 1\nWIDTH {n}\nHEIGHT 1\nPOINTS {n}\n"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (HEAD.format(n=3), "DATA"),
        ("DATA ascii\n1 2 3\n", "FIELDS"),
        (HEAD.format(n=-3) + "DATA ascii\n", "'-3'"),
        (HEAD.format(n=2) + "DATA ascii\n1 2 3\n", "1 of the 2"),
        (HEAD.format(n=1) + "DATA ascii\n1 2 3\n4 5 6\n", "more than the 1"),
        (HEAD.format(n=2) + "DATA ascii\n1 2 3\n4 5\n", "line 10"),
        (HEAD.format(n=2) + "DATA ascii\n1 2 3\n4 five 6\n", "'five' is not a number"),
        (HEAD.format(n=2) + "DATA lzma\n", "'lzma'"),
        (HEAD.format(n=2).replace("SIZE 4 4 4", "SIZE 4 4 3") + "DATA ascii\n1 2 3\n", "F3"),
        (HEAD.format(n=2).replace("SIZE 4 4 4", "SIZE 4 4") + "DATA ascii\n1 2 3\n", "SIZE"),
        (HEAD.format(n=2).replace("HEIGHT 1", "HEIGHT 9") + "DATA ascii\n1 2 3\n", "2 × 9"),
        (HEAD.format(n=2).replace("x y z", "a b c") + "DATA ascii\n1 2 3\n4 5 6\n", "x and y"),
    ],
)
def test_a_damaged_header_or_body_is_named(tmp_path: Path, text: str, fault: str) -> None:
    path = saved(tmp_path / "a.pcd", text, b"")

    with pytest.raises(FormatError, match=r"^a\.pcd: .*; ") as caught:
        read_pcd(path)

    assert fault in str(caught.value)
    assert "\n" not in str(caught.value)
