"""A labelled PCD is the scan itself with two more fields."""

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from annotator.errors import FileError, FormatError, WrongDataError
from annotator.formats.format import Context
from annotator.formats.pcd import Pcd
from annotator.formats.points.pcd import read_pcd, write_pcd
from annotator.model.cloud import PointCloud
from annotator.model.document import Document
from annotator.model.labels import GARAGE, Taxonomy
from annotator.model.layers import INSTANCE, SEMANTIC, Layer, LayerKey

XYZ = np.random.default_rng(3).normal(size=(50, 3)).astype(np.float32)


def labelled(points: int = 50) -> Document:
    made = Document(((points,),))
    for name, values in ((SEMANTIC, [1, 3]), (INSTANCE, [4_000_000_000, 2])):
        layer = Layer((points,))
        layer.put(np.array([4, 20]), np.array(values, np.uint32))
        made.layers[LayerKey(name)] = layer
    return made


@pytest.fixture
def scan(tmp_path: Path) -> PointCloud:
    rows = np.arange(50)
    columns: dict[str, npt.NDArray[np.generic]] = {
        "intensity": rows.astype(np.uint8), "x": XYZ[:, 0], "Label": rows.astype(np.float32),
        "y": XYZ[:, 1], "z": XYZ[:, 2], "timestamp": rows * 1e-7, "Ring": rows.astype(np.uint16),
        "normal": np.ones((50, 3), np.float32),
    }  # fmt: skip
    write_pcd(tmp_path / "scan.pcd", columns, viewpoint=(1.0, 0, 0, 1, 0, 0, 0), size=(10, 5))
    return read_pcd(tmp_path / "scan.pcd")


def header(path: Path) -> list[str]:
    return path.read_bytes().split(b"DATA")[0].decode().splitlines()


def test_all_fields_of_the_scan_keep_their_place_and_type(tmp_path: Path, scan: PointCloud) -> None:
    Pcd().write(labelled(), Context(GARAGE, clouds=(scan,)), tmp_path / "a.pcd")

    lines = header(tmp_path / "a.pcd")
    assert "FIELDS intensity x Label y z timestamp Ring normal instance" in lines
    assert "SIZE 1 4 4 4 4 8 2 4 4" in lines
    assert "TYPE U F U F F F U F U" in lines
    assert "COUNT 1 1 1 1 1 1 1 3 1" in lines
    assert "HEIGHT 5" in lines
    assert "VIEWPOINT 1 0 0 1 0 0 0" in lines
    kept = read_pcd(tmp_path / "a.pcd")
    assert np.array_equal(kept.fields["time"], np.arange(50) * 1e-7)


@pytest.mark.parametrize("encoding", ["binary", "binary_compressed", "ascii"])
def test_labels_come_back_from_every_encoding(
    tmp_path: Path, scan: PointCloud, encoding: str
) -> None:
    context = Context(GARAGE, clouds=(scan,), options={"encoding": encoding})

    Pcd().write(labelled(), context, tmp_path / "a.pcd")

    assert f"DATA {encoding}".encode() in (tmp_path / "a.pcd").read_bytes()
    assert Pcd().read(tmp_path / "a.pcd", context).layers == labelled().layers


def test_an_independent_reader_sees_the_same_labels(tmp_path: Path, scan: PointCloud) -> None:
    from pypcd4.pypcd4 import PointCloud as OtherCloud

    plain = PointCloud(scan.xyz_m, path=Path("elsewhere.bin"))

    Pcd().write(labelled(), Context(GARAGE, clouds=(plain,)), tmp_path / "a.pcd")
    other = OtherCloud.from_path(tmp_path / "a.pcd")

    assert other.fields == ("x", "y", "z", "label", "instance")
    assert np.flatnonzero(other.pc_data["label"]).tolist() == [4, 20]
    assert other.pc_data["instance"][4] == 4_000_000_000
    assert np.array_equal(other.pc_data["x"], scan.xyz_m[:, 0])


def test_open3d_sees_the_same_labels(tmp_path: Path, scan: PointCloud) -> None:
    import open3d

    plain = PointCloud(scan.xyz_m, path=Path("elsewhere.bin"))
    Pcd().write(labelled(), Context(GARAGE, clouds=(plain,)), tmp_path / "a.pcd")

    other = open3d.t.io.read_point_cloud(tmp_path / "a.pcd")

    assert np.flatnonzero(other.point["label"].numpy()).tolist() == [4, 20]


def test_map_coordinates_keep_their_millimetres(tmp_path: Path) -> None:
    cloud = PointCloud(XYZ, origin_m=(500_000.0, 4_200_000.0, 0.0))
    context = Context(GARAGE, clouds=(cloud,))

    Pcd().write(labelled(), context, tmp_path / "a.pcd")

    assert Pcd().read(tmp_path / "a.pcd", context).layers == labelled().layers
    assert read_pcd(tmp_path / "a.pcd").origin_m == cloud.origin_m
    assert np.array_equal(read_pcd(tmp_path / "a.pcd").xyz_m, XYZ)


def test_the_scan_itself_is_never_replaced(tmp_path: Path, scan: PointCloud) -> None:
    before = (tmp_path / "scan.pcd").read_bytes()

    with pytest.raises(FileError, match="the scan itself"):
        Pcd().write(labelled(), Context(GARAGE, clouds=(scan,)), tmp_path / "scan.pcd")

    assert (tmp_path / "scan.pcd").read_bytes() == before


def test_labels_of_other_points_are_refused_in_words(tmp_path: Path, scan: PointCloud) -> None:
    Pcd().write(labelled(), Context(GARAGE, clouds=(scan,)), tmp_path / "a.pcd")

    with pytest.raises(WrongDataError, match="its points lie elsewhere"):
        Pcd().read(tmp_path / "a.pcd", Context(GARAGE, clouds=(PointCloud(XYZ + 1),)))
    with pytest.raises(WrongDataError, match="50 points, the scan has 49"):
        Pcd().read(tmp_path / "a.pcd", Context(GARAGE, clouds=(PointCloud(XYZ[1:]),)))


def test_numbers_are_taken_by_the_names_beside_the_file(tmp_path: Path) -> None:
    context = Context(GARAGE, clouds=(PointCloud(XYZ),))
    Pcd().write(labelled(), context, tmp_path / "a.pcd")
    other = Context(Taxonomy().grown_by("car").grown_by("pillar"))

    back = Pcd().read(tmp_path / "a.pcd", other)

    assert back.semantic().where(1).tolist() == [20]
    assert Pcd().class_names(tmp_path / "a.pcd") == ("pillar", "car")


def test_labels_that_are_no_whole_numbers_are_refused_by_their_point(tmp_path: Path) -> None:
    label = np.zeros(50, np.float32)
    label[7] = 1.5
    columns = {"x": XYZ[:, 0], "y": XYZ[:, 1], "z": XYZ[:, 2], "label": label}
    write_pcd(tmp_path / "a.pcd", columns)

    with pytest.raises(FormatError, match=r"point 7: label 1\.5 is no class number"):
        Pcd().read(tmp_path / "a.pcd", Context(GARAGE))

    assert len(Pcd().validate(tmp_path / "a.pcd")) == 1


def test_a_scan_without_labels_is_not_taken_for_a_label_file(
    tmp_path: Path, scan: PointCloud
) -> None:
    Pcd().write(labelled(), Context(GARAGE, clouds=(scan,)), tmp_path / "a.pcd")
    write_pcd(tmp_path / "b.pcd", {"x": XYZ[:, 0], "y": XYZ[:, 1], "z": XYZ[:, 2]})

    assert Pcd().sniff(tmp_path / "a.pcd") > 0.5
    assert Pcd().sniff(tmp_path / "b.pcd") < 0.5
    with pytest.raises(FormatError, match="no field of labels"):
        Pcd().read(tmp_path / "b.pcd", Context(GARAGE))


def test_another_class_file_is_never_changed(tmp_path: Path, scan: PointCloud) -> None:
    (tmp_path / "class_mapping.json").write_text('{"0": "unlabeled", "3": "tree"}')

    with pytest.raises(FileError, match="calls number 3 tree, these labels call it car"):
        Pcd().write(labelled(), Context(GARAGE, clouds=(scan,)), tmp_path / "a.pcd")
