"""SemanticKITTI files hold a class and a number for each point, in the scan's order."""

from pathlib import Path

import numpy as np
import pytest

from annotator.errors import FileError, FormatError, WrongDataError
from annotator.formats.format import Context, Level
from annotator.formats.semantickitti import SemanticKitti
from annotator.formats.semantickitti_classes import STANDARD, read_classes
from annotator.model.annotations import Annotation
from annotator.model.cloud import PointCloud
from annotator.model.document import Document
from annotator.model.labels import GARAGE, Taxonomy
from annotator.model.layers import INSTANCE, SEMANTIC, Layer, LayerKey
from annotator.model.shapes import Box3D, Cylinder3D, Opening, Point3D, Polyline3D, Shape

# One point a metre along x, the last one lost by the sensor.
XYZ = np.array([(float(x), 0.0, 0.0) for x in range(9)] + [(np.nan,) * 3], np.float32)
CONTEXT = Context(GARAGE, clouds=(PointCloud(XYZ),))


def document(
    semantic: dict[int, int] | None = None, instance: dict[int, int] | None = None, *shapes: Shape
) -> Document:
    made = Document(((10,),))
    for name, values in ((SEMANTIC, semantic or {}), (INSTANCE, instance or {})):
        layer = Layer((10,))
        layer.put(np.array(list(values), np.int64), np.array(list(values.values()), np.uint32))
        made.layers[LayerKey(name)] = layer
    for shape in shapes:
        annotation = Annotation("car", shape)
        made.annotations[annotation.id] = annotation
    return made


def test_a_label_is_32_bits_class_below_number_above(tmp_path: Path) -> None:
    made = document({0: 1, 2: 3}, {2: 65_535})

    SemanticKitti().write(made, CONTEXT, tmp_path / "a.label")

    # PRBonn's laserscan.py: lower half semantic, upper half instance. Pillar is 80, car is 10.
    assert np.fromfile(tmp_path / "a.label", "<u4").tolist() == [
        80, 0, 10 | 65_535 << 16, 0, 0, 0, 0, 0, 0, 0,
    ]  # fmt: skip


def test_labels_come_back_under_our_names(tmp_path: Path) -> None:
    made = document({0: 1, 2: 3, 9: 8}, {2: 7})

    files = SemanticKitti().write(made, CONTEXT, tmp_path / "sequences/00/labels/000000.label")
    back = SemanticKitti().read(files[-1], CONTEXT)

    assert back.semantic().counts() == {1: 1, 3: 1, 8: 1}
    assert back.instances().counts() == {7: 1}
    assert files[0] == tmp_path / "semantic-kitti.yaml"
    assert SemanticKitti().class_names(files[-1]) == ("ghost", "car", "pillar")
    assert SemanticKitti().plan(made, CONTEXT) == []


def test_own_numbers_are_written_when_asked_for(tmp_path: Path) -> None:
    context = Context(GARAGE, clouds=CONTEXT.clouds, options={"own_ids": True})

    SemanticKitti().write(document({0: 1}), context, tmp_path / "a.label")

    assert np.fromfile(tmp_path / "a.label", "<u4")[0] == 1
    assert SemanticKitti().read(tmp_path / "a.label", CONTEXT).semantic().counts() == {1: 1}


@pytest.mark.parametrize("layer", [SEMANTIC, INSTANCE])
def test_a_number_that_does_not_fit_is_refused_and_never_wrapped(
    tmp_path: Path, layer: str
) -> None:
    made = document(**{layer: {1: 65_536}})

    (loss,) = SemanticKitti().plan(made, CONTEXT)

    assert (loss.level, loss.subject) == (Level.DROPPED, f"layer:{layer}")
    with pytest.raises(FileError, match="number 65536 is more than 65535"):
        SemanticKitti().write(made, CONTEXT, tmp_path / "a.label")
    assert not list(tmp_path.iterdir())


def test_unlabelled_points_in_shapes_join_what_was_painted(tmp_path: Path) -> None:
    box = Box3D((1.0, 0.0, 0.0), (2.2, 1.0, 1.0))
    wall = Polyline3D(
        ((4.0, 0.0, -1.0), (8.0, 0.0, -1.0)), 2.0, 0.1, (Opening(1.5, 2.5, 0.0, 2.0),)
    )
    pole = Cylinder3D((3.0, 0.3, 0.0), 0.4, 1.0)
    made = document({0: 1}, {0: 5}, box, wall, pole)

    SemanticKitti().write(made, CONTEXT, tmp_path / "a.label")
    back = SemanticKitti().read(tmp_path / "a.label", CONTEXT)

    assert back.semantic().dense().tolist() == [1, 3, 3, 3, 3, 3, 0, 3, 3, 0]
    assert back.instances().dense().tolist() == [5, 6, 6, 8, 7, 7, 0, 7, 7, 0]
    assert {loss.level for loss in SemanticKitti().plan(made, CONTEXT)} == {Level.CHANGED}


def test_shapes_stay_out_when_asked_to_and_points_have_no_place(tmp_path: Path) -> None:
    options = {"boxes_to_points": False}
    context = Context(GARAGE, clouds=CONTEXT.clouds, options=options)
    made = document({}, {}, Box3D((1.0, 0.0, 0.0), (2.2, 1.0, 1.0)), Point3D((0.0, 0.0, 0.0)))

    SemanticKitti().write(made, context, tmp_path / "a.label")

    assert not np.fromfile(tmp_path / "a.label", "<u4").any()
    assert [x.level for x in SemanticKitti().plan(made, context)] == [Level.DROPPED] * 2


def test_a_box_in_a_moved_scan_holds_the_points_that_it_holds_in_the_world(
    tmp_path: Path,
) -> None:
    pose = np.eye(4)
    pose[0, 3] = 100.0
    context = Context(GARAGE, clouds=CONTEXT.clouds, world_from_cloud=(pose,))
    made = document({}, {}, Box3D((102.0, 0.0, 0.0), (1.0, 1.0, 1.0)))

    SemanticKitti().write(made, context, tmp_path / "a.label")

    assert np.flatnonzero(np.fromfile(tmp_path / "a.label", "<u4")).tolist() == [2]


@pytest.mark.parametrize(
    ("size", "error", "said"),
    [
        (39, FormatError, "39 bytes are no whole number"),
        (44, WrongDataError, "11 points, the scan has 10"),
    ],
)
def test_a_file_of_another_size_is_refused_in_words(
    tmp_path: Path, size: int, error: type[FileError], said: str
) -> None:
    (tmp_path / "a.label").write_bytes(bytes(size))

    with pytest.raises(error, match=said):
        SemanticKitti().read(tmp_path / "a.label", CONTEXT)


def test_a_data_sets_own_class_file_is_never_changed(tmp_path: Path) -> None:
    own = 'labels:\n  0 : "unlabeled"\n  80: "pole"  # of a lamp\ncolor_map: {}\n'
    (tmp_path / "semantic-kitti.yaml").write_text(own)

    with pytest.raises(FileError, match="calls number 80 pole, these labels call it pillar"):
        SemanticKitti().write(document({0: 1}), CONTEXT, tmp_path / "a.label")

    assert (tmp_path / "semantic-kitti.yaml").read_text() == own


def test_strange_classes_get_free_numbers_and_keep_their_names(tmp_path: Path) -> None:
    taxonomy = Taxonomy().grown_by("pole").grown_by("pillar").grown_by("车")
    context = Context(taxonomy, clouds=CONTEXT.clouds)

    SemanticKitti().write(document({0: 1, 1: 2, 2: 3, 3: 77}), context, tmp_path / "a.label")

    numbers = np.fromfile(tmp_path / "a.label", "<u4")[:4].tolist()
    assert numbers == [80, 300, 301, 77]
    assert read_classes(tmp_path / "semantic-kitti.yaml") == {
        0: "unlabeled", 80: "pole", 300: "pillar", 301: "车",
    }  # fmt: skip
    assert SemanticKitti().read(tmp_path / "a.label", context).semantic().counts() == {
        1: 1, 2: 1, 3: 1, 77: 1,
    }  # fmt: skip


def test_a_class_file_that_cannot_be_understood_names_the_line(tmp_path: Path) -> None:
    (tmp_path / "a.label").write_bytes(bytes(40))
    (tmp_path / "semantic-kitti.yaml").write_text(
        "labels:\n  0: 'x'\n  !!python/object:os.system\n"
    )

    with pytest.raises(FormatError, match="line 3 is not"):
        SemanticKitti().read(tmp_path / "a.label", CONTEXT)
    assert SemanticKitti().validate(tmp_path / "a.label")


def test_numbers_without_a_class_are_pointed_out(tmp_path: Path) -> None:
    np.array([10, 77], "<u4").tofile(tmp_path / "a.label")

    (problem,) = SemanticKitti().validate(tmp_path / "a.label")

    assert problem.message == "no class has the numbers 77"


@pytest.mark.shared
def test_the_data_sets_own_files_are_read_with_its_own_names(shared_data: Path) -> None:
    root = shared_data / "labels" / "semantic_kitti"
    file = root / "sequences" / "00" / "labels" / "000000.label"
    points = np.fromfile(root / "sequences/00/velodyne/000000.bin", "<f4").reshape(-1, 4)
    context = Context(GARAGE, clouds=(PointCloud(points[:, :3].copy()),))

    back = SemanticKitti().read(file, context)

    raw = np.fromfile(file, "<u4")
    assert read_classes(root / "semantic-kitti.yaml") == STANDARD
    assert np.array_equal(back.instances().dense(), raw >> 16)
    assert np.array_equal(back.semantic().dense() == 0, (raw & 0xFFFF) == 0)
    assert SemanticKitti().validate(file) == []
