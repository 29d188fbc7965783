"""PLY, arrays, text and LAS are read whole, under the same field names."""

import io
import zipfile
from pathlib import Path

import numpy as np
import pytest

from annotator.errors import FormatError
from annotator.formats.points.reading import read_cloud

XYZ = np.array([[1.5, -2.25, 3.0], [4.0, 5.5, -6.0], [7.0, 8.0, 9.5]], np.float32)


def ply(path: Path, kind: str, body: bytes, properties: str, before: str = "") -> Path:
    head = f"ply\nformat {kind} 1.0\ncomment ours\n{before}element vertex 3\n{properties}"
    path.write_bytes((head + "end_header\n").encode() + body)
    return path


@pytest.mark.parametrize(("kind", "order"), [("little", "<"), ("big", ">")])
def test_binary_ply_of_both_byte_orders(tmp_path: Path, kind: str, order: str) -> None:
    rows = np.zeros(3, [(n, order + t) for n, t in (("x", "f8"), ("y", "f4"), ("z", "f4"),
                                                    ("red", "u1"), ("green", "u1"), ("blue", "u1"),
                                                    ("scalar_intensity", "u2"))])  # fmt: skip
    rows["x"], rows["y"], rows["z"] = XYZ.T
    rows["red"], rows["scalar_intensity"] = [10, 20, 30], [1, 2, 65535]
    properties = (
        "property double x\nproperty float y\nproperty float z\nproperty uchar red\n"
        "property uchar green\nproperty uchar blue\nproperty ushort scalar_intensity\n"
    )

    cloud = read_cloud(ply(tmp_path / "a.ply", f"binary_{kind}_endian", rows.tobytes(), properties))

    np.testing.assert_array_equal(cloud.xyz_m, XYZ)
    assert cloud.fields["rgb"].tolist() == [[10, 0, 0], [20, 0, 0], [30, 0, 0]]
    assert cloud.fields["intensity"].tolist() == [1, 2, 65535]


AXES = "property float x\nproperty float y\nproperty float z\n"


def test_lists_in_a_ply_are_passed_over(tmp_path: Path) -> None:
    body = b"".join(
        row.astype("<f4").tobytes() + bytes([count]) + bytes(4 * count)
        for count, row in enumerate(XYZ)
    )
    listed = AXES + "property list uchar int near\n"

    cloud = read_cloud(ply(tmp_path / "a.ply", "binary_little_endian", body, listed))

    np.testing.assert_array_equal(cloud.xyz_m, XYZ)


def test_text_ply_with_other_elements_around(tmp_path: Path) -> None:
    before = "element camera 1\nproperty float f\nproperty list uchar int seen\n"
    body = b"50 2 8 9\n1.5 -2.25 3\n4 5.5 -6\n7 8 9.5\n"

    cloud = read_cloud(ply(tmp_path / "a.ply", "ascii", body, AXES, before))

    np.testing.assert_array_equal(cloud.xyz_m, XYZ)


def test_arrays_are_rows_columns_images_or_records(tmp_path: Path) -> None:
    many = np.random.default_rng(0).normal(size=(60, 3)).astype(np.float32)
    record = np.zeros(60, [("x", "f4"), ("y", "f4"), ("z", "f4"), ("t", "f8")])
    record["x"], record["y"], record["z"] = many.T
    forms = {"rows": many, "columns": many.T, "image": many.reshape(6, 10, 3), "record": record}

    for name, array in forms.items():
        np.save(tmp_path / f"{name}.npy", array)
        cloud = read_cloud(tmp_path / f"{name}.npy")
        np.testing.assert_array_equal(cloud.xyz_m, many, err_msg=name)


def test_an_archive_of_arrays_gives_fields(tmp_path: Path) -> None:
    np.savez_compressed(tmp_path / "a.npz", points=XYZ, intensity=np.arange(3), other=np.arange(9))

    cloud = read_cloud(tmp_path / "a.npz")

    np.testing.assert_array_equal(cloud.xyz_m, XYZ)
    assert list(cloud.fields) == ["intensity"]


def test_arrays_of_objects_are_never_unpacked(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", np.array([{"x": 1}], dtype=object), allow_pickle=True)

    with pytest.raises(FormatError, match="Python objects"):
        read_cloud(tmp_path / "a.npy")


def test_an_array_longer_than_its_file_is_refused(tmp_path: Path) -> None:
    head = io.BytesIO()
    shape = {"descr": "<f4", "fortran_order": False, "shape": (4_000_000_000, 3)}
    np.lib.format.write_array_header_1_0(head, shape)
    (tmp_path / "a.npy").write_bytes(head.getvalue())
    with zipfile.ZipFile(tmp_path / "b.npz", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("points.npy", head.getvalue())

    for name in ("a.npy", "b.npz"):
        with pytest.raises(FormatError, match="4000000000 points"):
            read_cloud(tmp_path / name)


@pytest.mark.parametrize(
    "text",
    [
        "1.5 -2.25 3\n4 5.5 -6\n7 8 9.5\n",
        "1.5,-2.25,3\n4, 5.5, -6\n7;8\t9.5",
        "\ufeffX;Y;Z\r\n1,5;-2,25;3,0\r\n4,0;5,5;-6,0\r\n7,0;8,0;9,5\r\n",
        "//X Y Z\n1.5 -2.25 3\n\n4 5.5 -6\n7 8 9.5\n",
        "3\n1.5 -2.25 3\n4 5.5 -6\n7 8 9.5\n",
        '"z","x","y"\n3,1.5,-2.25\n-6,4,5.5\n9.5,7,8\n',
        "# a comment\n# x y z\n1.5 -2.25 3\n4 5.5 -6\n7 8 9.5\n",
    ],
    ids=["blanks", "mixed", "decimal comma", "slashes", "count", "other order", "comments"],
)
def test_text_in_many_dialects(tmp_path: Path, text: str) -> None:
    (tmp_path / "点云.txt").write_bytes(text.encode())

    cloud = read_cloud(tmp_path / "点云.txt")

    np.testing.assert_array_equal(cloud.xyz_m, XYZ)


def test_an_empty_cell_is_a_missing_value_in_its_own_column(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("x,y,z,rcs\n1,2,3,\n4,5,6,-7\n8,,9,1\n")

    cloud = read_cloud(tmp_path / "a.csv")

    np.testing.assert_array_equal(cloud.fields["rcs"], [np.nan, -7, 1])
    assert cloud.finite().tolist() == [True, True, False]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("hello world\n", "no line of three numbers"),
        ("1 2 3\n4 5\n", "line 2"),
        ("1 2 3\n4 5 car\n", "'car' is not a number"),
        ("9\n1 2 3\n4 5 6\n", "declares 9 points, it holds 2"),
        ("x,y,z\n1,2,3,4\n", "names 3 columns"),
        ("a,b,c\n1,2,3\n", "no x and y"),
    ],
)
def test_damaged_text_is_named_by_line(tmp_path: Path, text: str, fault: str) -> None:
    (tmp_path / "a.csv").write_text(text)

    with pytest.raises(FormatError) as caught:
        read_cloud(tmp_path / "a.csv")

    assert fault in str(caught.value)


def las(path: Path, world: np.ndarray, **dimensions: np.ndarray) -> Path:
    import laspy

    header = laspy.LasHeader(point_format=7, version="1.4")
    header.scales, header.offsets = [0.001] * 3, [400_000.0, 5_000_000.0, 0.0]
    file = laspy.LasData(header)
    file.x, file.y, file.z = world.T
    for name, values in dimensions.items():
        if name not in file.point_format.dimension_names:
            file.add_extra_dim(laspy.ExtraBytesParams(name, values.dtype))
        file[name] = values
    file.write(str(path))
    return path


@pytest.mark.parametrize("suffix", [".las", ".laz"])
@pytest.mark.parametrize("scale", [1, 257])
def test_survey_files_keep_millimetres_colours_and_extra_fields(
    tmp_path: Path, suffix: str, scale: int
) -> None:
    world = np.array([[447_123.456, 5_412_345.678, 431.234], [447_124.001, 5_412_346.002, 430.0]])
    red = np.array([255, 128], np.uint16)
    path = las(
        tmp_path / f"a{suffix}", world, red=red * scale, instance=np.array([3, 70_000], np.uint32)
    )

    cloud = read_cloud(path)

    shown = cloud.xyz_m.astype(np.float64) + cloud.origin_m
    assert np.abs(shown - world).max() < 0.0005
    assert cloud.fields["rgb"][:, 0].tolist() == [255, 128]
    assert cloud.fields["instance"].tolist() == [3, 70_000]


def test_a_file_says_what_it_is_whatever_it_is_called(tmp_path: Path) -> None:
    path = las(tmp_path / "a.las", np.array([[400_001.0, 5_000_001.0, 1.0]]))

    cloud = read_cloud(path.rename(tmp_path / "scan.pcd"))

    assert len(cloud) == 1


@pytest.mark.parametrize(
    ("name", "written", "seconds"),
    [
        ("time_ns", (1604546789520803072, 1604546789521242880), 1604546789.5),
        ("timestamp", (1604546789520803, 1604546789521242), 1604546789.5),
        ("time_ms", (250, 500), 0.3),
        ("t", (0.25, 0.5), 0.3),
    ],
)
def test_times_are_seconds_whatever_parts_of_one_the_file_counts(
    tmp_path: Path, name: str, written: tuple[float, float], seconds: float
) -> None:
    lines = [f"x,y,z,{name}", *(f"1,2,3,{time}" for time in written)]
    (tmp_path / "a.csv").write_text("\n".join(lines), encoding="utf-8")

    cloud = read_cloud(tmp_path / "a.csv")

    assert cloud.fields["time"][0] == pytest.approx(seconds, abs=0.06)


def test_velocities_of_radars_have_one_name(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("x,y,velocity_x,velocity_y\n5,1,2,0\n", encoding="utf-8")

    cloud = read_cloud(tmp_path / "a.csv")

    assert set(cloud.fields) == {"vx", "vy"}
