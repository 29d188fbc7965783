"""A file that lies is refused in one sentence, before anything is allocated."""

import io
import struct
import tracemalloc
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotator.errors import FileError
from annotator.formats.points import lzf
from annotator.formats.points.pcd import write_pcd
from annotator.formats.points.reading import read_cloud

PCD = "FIELDS x y z\nSIZE 4 4 4\nTYPE F F F\nWIDTH {n}\nHEIGHT 1\nPOINTS {n}\nDATA {encoding}\n"
MOST_BYTES = 16 << 20


def las_head(points: int, *, compressed: bool = False, version: int = 4) -> bytes:
    head = bytearray(375)
    head[:4] = b"LASF"
    head[24:26] = bytes([1, version])
    struct.pack_into("<HII", head, 94, 375, 375, 0)
    struct.pack_into("<BHI", head, 104, 6 | (0x80 if compressed else 0), 30, 0xFFFFFFFF)
    struct.pack_into("<Q", head, 247, points)
    return bytes(head)


def npy_head(shape: tuple[int, ...]) -> bytes:
    file = io.BytesIO()
    np.lib.format.write_array_header_1_0(
        file, {"descr": "<f4", "fortran_order": False, "shape": shape}
    )
    return file.getvalue()


BOMBS = {
    "four_billion_binary.pcd": PCD.format(n=4_000_000_000, encoding="binary").encode(),
    "four_billion_ascii.pcd": PCD.format(n=4_000_000_000, encoding="ascii").encode() + b"1 2 3\n",
    "four_billion_packed.pcd": PCD.format(n=4_000_000_000, encoding="binary_compressed").encode()
    + struct.pack("<II", 8, 0xFFFFFFFF)
    + bytes(8),
    "more_than_lzf_can.pcd": PCD.format(n=300_000_000, encoding="binary_compressed").encode()
    + struct.pack("<II", 8, 3_600_000_000)
    + bytes(8),
    "longer_than_the_file.pcd": PCD.format(n=10, encoding="binary_compressed").encode()
    + struct.pack("<II", 0xFFFFFFFF, 120),
    "damaged_lzf.pcd": PCD.format(n=10, encoding="binary_compressed").encode()
    + struct.pack("<II", 40, 120)
    + b"\xff" * 40,
    "huge_count.pcd": PCD.format(n=1, encoding="binary")
    .replace("WIDTH", "COUNT 1 1 999999999\nWIDTH")
    .encode(),
    "number_of_many_digits.pcd": PCD.format(n="9" * 4000, encoding="binary").encode(),
    "vertices.ply": b"ply\nformat binary_little_endian 1.0\nelement vertex 4000000000\n"
    b"property float x\nproperty float y\nproperty float z\nend_header\n",
    "vertices_as_text.ply": b"ply\nformat ascii 1.0\nelement vertex 99999999999\n"
    b"property float x\nproperty float y\nproperty float z\nend_header\n1 2 3\n",
    "long_list.ply": b"ply\nformat binary_little_endian 1.0\nelement face 1\n"
    b"property list uint int i\nelement vertex 0\nproperty float x\nend_header\n\xff\xff\xff\xff",
    "no_end.ply": b"ply\nformat ascii 1.0\n" + b"comment x\n" * 20_000,
    "points.las": las_head(4_000_000_000),
    "points_of_1_2.las": las_head(0, version=2),
    "points.laz": las_head(1 << 60, compressed=True),
    "nothing_packed.laz": las_head(1000, compressed=True),
    "garbage.las": b"LASF" + bytes(range(256)) * 4,
    "array.npy": npy_head((1 << 62, 1 << 62)),
    "negative.npy": npy_head((-5, 3)),
    "flat.npy": npy_head((3,)) + bytes(12),
    "not_an_archive.npz": b"PK\x03\x04" + bytes(100),
    "empty.pcd": b"",
    "zeros.pcd": bytes(1000),
    "picture.pcd": b"\x89PNG\r\n\x1a\n" + bytes(100),
    "text.pcd": b"These are not the points you look for.\n",
    "text.ply": b"plywood\n",
    "text.las": b"text",
    "text.npy": b"text",
    "text.bin": b"text",
    "text.xyz": b"text",
    "endless_line.xyz": b"1 " * (2 << 20),
    "scan.e57": b"ASTM-E57" + bytes(100),
    "utf16.txt": "1 2 3\n".encode("utf-16"),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_file_that_lies_is_refused_in_one_sentence(tmp_path: Path, name: str) -> None:
    assert lzf.unpack(np.empty(0, np.uint8), np.empty(0, np.uint8)) == 0  # compiling takes memory
    (tmp_path / name).write_bytes(BOMBS[name])
    tracemalloc.start()

    with pytest.raises(FileError) as caught:
        read_cloud(tmp_path / name)

    _now, peak_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    sentence = str(caught.value)
    assert sentence.startswith(f"{name}: ")
    assert "; " in sentence
    assert "\n" not in sentence
    assert len(sentence) < 300
    assert peak_bytes < MOST_BYTES + 8 * len(BOMBS[name])


def small_files(folder: Path) -> list[Path]:
    rng = np.random.default_rng(3)
    xyz = rng.normal(size=(40, 3)).astype(np.float32)
    columns = {"x": xyz[:, 0], "y": xyz[:, 1], "z": xyz[:, 2], "ring": np.arange(40, dtype="u2")}
    write_pcd(folder / "ascii.pcd", columns, encoding="ascii")
    write_pcd(folder / "binary.pcd", columns)
    write_pcd(folder / "packed.pcd", columns, encoding="binary_compressed")
    head = "ply\nformat {} 1.0\nelement vertex 40\n" + "".join(
        f"property float {axis}\n" for axis in "xyz"
    )
    body = xyz.astype("<f4").tobytes()
    binary = head.format("binary_little_endian") + "end_header\n"
    (folder / "binary.ply").write_bytes(binary.encode() + body)
    listed = head.format("ascii") + "property list uchar int i\nend_header\n"
    (folder / "ascii.ply").write_text(listed + "1 2 3 1 7\n" * 40)
    np.save(folder / "rows.npy", xyz)
    np.savez_compressed(folder / "rows.npz", xyz=xyz, ring=np.arange(40))
    np.savetxt(folder / "rows.csv", xyz, delimiter=",", header="x,y,z", comments="")
    np.savetxt(folder / "rows.xyz", xyz)
    xyz.tofile(folder / "rows.bin")
    _survey(folder, xyz)
    return sorted(folder.iterdir())


def _survey(folder: Path, xyz: np.ndarray) -> None:
    import laspy

    # No LAZ: a library in Rust ends the process over some damage; `test_child` covers it.
    file = laspy.LasData(laspy.LasHeader(point_format=6, version="1.4"))
    file.x, file.y, file.z = xyz.T
    file.write(str(folder / "rows.las"))


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return small_files(tmp_path_factory.mktemp("whole"))


def flip(data: bytes, flips: list[tuple[int, int]], cut: int) -> bytes:
    damaged = bytearray(data)
    for at, value in flips:
        damaged[at % len(damaged)] = value
    return bytes(damaged[: len(damaged) - cut % len(damaged)])


def sentence_of(read: Callable[[], object]) -> str:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # numpy and lazrs may wonder; only an error may stop us
        try:
            read()
        except FileError as error:
            return str(error)
    return ""


@given(
    which=st.integers(0, 100),
    flips=st.lists(st.tuples(st.integers(0, 1 << 14), st.integers(0, 255)), max_size=6),
    cut=st.one_of(st.just(0), st.integers(0, 1 << 14)),
)
@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_damage_of_any_kind_is_read_or_refused_and_nothing_else(
    whole: list[Path], tmp_path: Path, which: int, flips: list[tuple[int, int]], cut: int
) -> None:
    source = whole[which % len(whole)]
    damaged = tmp_path / source.name
    damaged.write_bytes(flip(source.read_bytes(), flips, cut))

    sentence = sentence_of(lambda: read_cloud(damaged))

    assert not sentence or sentence.startswith(source.name)
    assert "\n" not in sentence
