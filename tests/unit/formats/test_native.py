"""Our own JSON loses nothing and knows which data it is about."""

import base64
import hashlib
import json
import zlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from annotator.errors import FormatError, WrongDataError
from annotator.formats.format import Context
from annotator.formats.native import Native
from annotator.model.annotations import Annotation, Origin
from annotator.model.cloud import PointCloud
from annotator.model.document import Document
from annotator.model.labels import CHEST, GARAGE, Label, Taxonomy
from annotator.model.layers import INSTANCE, SEMANTIC, Layer, LayerKey
from annotator.model.shapes import Box3D, Focus, Point3D
from annotator.model.volume import Series, Slice, Volume

POINTS = 70_000  # two chunks


def cloud(seed: int = 1, name: str = "a.pcd", points: int = POINTS) -> PointCloud:
    xyz = np.random.default_rng(seed).normal(size=(points, 3)).astype(np.float32)
    xyz[:3] = (np.nan, -0.0, np.inf)
    return PointCloud(xyz, path=Path(name))


def series(*sop_uids: str, uid: str = "1.2.3") -> Series:
    slices = tuple(Slice(f"{s}.dcm", s, (0.0, 0.0, float(k))) for k, s in enumerate(sop_uids))
    shape = (len(slices), 4, 5)
    return Series(uid, "1.2", "1.9", slices, shape, np.eye(4), (1.0, 1.0, 1.0))


def volume(made: Series, pixels: str = "abc") -> Volume:
    hashes = tuple(
        hashlib.sha256(f"{pixels} {k}".encode()).hexdigest() for k in range(len(made.slices))
    )
    return Volume(made, np.zeros(made.shape, np.int16), hashes)


def layer(shape: tuple[int, ...], values: dict[int, int]) -> Layer:
    made = Layer(shape)
    made.put(np.array(list(values)), np.array(list(values.values()), np.uint32))
    return made


def labelled_scan(frame: int = 0, scans: int = 1) -> Document:
    car = Annotation("car", Box3D((1.0, 2.0, 0.3), (4.0, 2.0, 1.5), 0.3), origin=Origin.FIT)
    marks = layer((POINTS,), {0: 3, 5: 3, 6: 1, 69_999: 4_000_000_000})
    return Document(
        ((POINTS,),) * scans,
        {car.id: car},
        {LayerKey(SEMANTIC, frame): layer((POINTS,), {7: 3, 66_000: 2}),
         LayerKey(INSTANCE, frame): marks},
    )  # fmt: skip


def labelled_ct(made: Series) -> Document:
    focus = Annotation("calcification", Focus(1), attributes={"site": "lung"})
    instances = layer(made.shape, {0: 1, 21: 1, 45: 2})
    return Document((made.shape,), {focus.id: focus}, {LayerKey(INSTANCE): instances})


def test_layers_and_annotations_come_back_and_are_saved_again_as_the_same_bytes(
    tmp_path: Path,
) -> None:
    context = Context(GARAGE, clouds=(cloud(),))

    Native().write(labelled_scan(), context, tmp_path / "a.json")
    back = Native().read(tmp_path / "a.json", context)
    Native().write(back, context, tmp_path / "b.json")

    assert back.layers == labelled_scan().layers
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()


def test_a_renamed_copy_of_the_scan_is_the_same_data(tmp_path: Path) -> None:
    Native().write(labelled_scan(), Context(GARAGE, clouds=(cloud(),)), tmp_path / "a.json")

    copy = Context(GARAGE, clouds=(cloud(name="别名.ply"),))

    assert Native().read(tmp_path / "a.json", copy).layers == labelled_scan().layers


@pytest.mark.parametrize("other", [cloud(seed=2), cloud(points=80_000)])
def test_labels_of_another_scan_are_refused_in_words(tmp_path: Path, other: PointCloud) -> None:
    Native().write(labelled_scan(), Context(GARAGE, clouds=(cloud(),)), tmp_path / "a.json")

    with pytest.raises(WrongDataError, match=r"about a\.pcd \(70000 points\)"):
        Native().read(tmp_path / "a.json", Context(GARAGE, clouds=(other,)))


def test_the_same_points_in_another_order_keep_their_boxes_but_not_their_point_labels(
    tmp_path: Path,
) -> None:
    context = Context(GARAGE, clouds=(cloud(),))
    turned = Context(GARAGE, clouds=(PointCloud(cloud().xyz_m[::-1].copy()),))
    boxes_only = replace_layers(labelled_scan())
    Native().write(labelled_scan(), context, tmp_path / "layers.json")
    Native().write(boxes_only, context, tmp_path / "boxes.json")

    back = Native().read(tmp_path / "boxes.json", turned)

    assert back.annotations == boxes_only.annotations
    with pytest.raises(WrongDataError, match="the same points in another order"):
        Native().read(tmp_path / "layers.json", turned)


def replace_layers(document: Document) -> Document:
    return Document(document.extents, document.annotations)


def test_scans_of_a_sequence_find_their_labels_in_whatever_order_they_come(
    tmp_path: Path,
) -> None:
    first, second = cloud(1, "1.pcd"), cloud(2, "2.pcd")
    made = labelled_scan(frame=1, scans=2)
    moving = Annotation("car", Point3D((0.0, 0.0, 0.0)), frame=1)
    made.annotations[moving.id] = moving
    Native().write(made, Context(GARAGE, clouds=(first, second)), tmp_path / "a.json")

    back = Native().read(tmp_path / "a.json", Context(GARAGE, clouds=(second, first)))

    assert {key.frame for key in back.layers} == {0}
    assert back.annotations[moving.id].frame == 0


def test_slices_sorted_otherwise_keep_their_voxels(tmp_path: Path) -> None:
    made, turned = series("a", "b", "c"), series("c", "b", "a")
    voxels, reversed_ = volume(made), volume(turned).slice_hashes[::-1]
    context = Context(CHEST, series=made, volume=voxels)
    Native().write(labelled_ct(made), context, tmp_path / "a.json")

    here = replace(voxels, series=turned, slice_hashes=reversed_)
    back = Native().read(tmp_path / "a.json", Context(CHEST, series=turned, volume=here))

    with pytest.raises(WrongDataError, match="another way round"):  # nothing shows its pixels
        Native().read(tmp_path / "a.json", Context(CHEST, series=turned))
    assert back.instances().where(1).tolist() == [21, 40]
    assert back.instances().where(2).tolist() == [5]


def test_an_anonymised_copy_is_known_by_its_voxels(tmp_path: Path) -> None:
    made, copy = series("a", "b", "c"), series("x", "y", "z", uid="9.9")
    context = Context(CHEST, series=made, volume=volume(made))
    Native().write(labelled_ct(made), context, tmp_path / "a.json")

    back = Native().read(tmp_path / "a.json", Context(CHEST, series=copy, volume=volume(copy)))

    assert back.instances() == labelled_ct(made).instances()
    with pytest.raises(WrongDataError, match="another CT series"):
        Native().read(tmp_path / "a.json", Context(CHEST, series=copy))
    with pytest.raises(WrongDataError, match="made for 3 slices of this series; there are 2"):
        Native().read(tmp_path / "a.json", Context(CHEST, series=series("a", "b")))
    with pytest.raises(WrongDataError, match="its labels are about a CT"):
        Native().read(tmp_path / "a.json", Context(GARAGE, clouds=(cloud(),)))


def test_class_numbers_are_taken_by_name_not_by_value(tmp_path: Path) -> None:
    context = Context(GARAGE, clouds=(cloud(),))
    Native().write(labelled_scan(), context, tmp_path / "a.json")
    other = Taxonomy((Label("wall", "Wall", 3, (0, 0, 0)), Label("car", "Car", 9, (1, 1, 1))))

    back = Native().read(tmp_path / "a.json", replace(context, taxonomy=other))

    assert back.semantic().counts() == {9: 1, 3: 1}
    assert Native().taxonomy(tmp_path / "a.json") == GARAGE


def test_a_file_can_be_read_without_its_data(tmp_path: Path) -> None:
    Native().write(labelled_scan(), Context(GARAGE, clouds=(cloud(),)), tmp_path / "a.json")

    assert Native().read(tmp_path / "a.json", Context(GARAGE)).extents == ((POINTS,),)


@pytest.fixture
def plain(tmp_path: Path) -> dict[str, Any]:
    Native().write(labelled_scan(), Context(GARAGE, clouds=(cloud(),)), tmp_path / "a.json")
    read: dict[str, Any] = json.loads((tmp_path / "a.json").read_text("utf-8"))
    return read


def bomb() -> str:
    return base64.b64encode(zlib.compress(bytes(10_000_000))).decode()


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("version", 99, "newer version of Annotator"),
        ("format", "other", "no Annotator label file"),
        ("extents", [[10**12]], "extents"),
        ("annotations", [{"id": "x", "label": "car", "shape": {}}], "annotation 1: type"),
        ("annotations", {}, "annotations"),
        ("taxonomy", {"labels": [{"name": "a b"}]}, "taxonomy"),
        ("layers", [{"name": "semantic", "frame": 7}], "no scan 7"),
        ("layers", [{"name": "semantic", "frame": 0, "shape": [3]}], "its shape is"),
    ],
)
def test_a_damaged_file_is_refused_by_what_is_wrong_in_it(
    tmp_path: Path, plain: dict[str, Any], key: str, value: object, said: str
) -> None:
    (tmp_path / "a.json").write_text(json.dumps(plain | {key: value}))

    with pytest.raises(FormatError, match=said):
        Native().read(tmp_path / "a.json", Context(GARAGE))

    assert any(said in p.message or said in p.where + ": " + p.message
               for p in Native().validate(tmp_path / "a.json"))  # fmt: skip


@pytest.mark.parametrize(
    "chunk", ["%%%", "AAAA", bomb(), base64.b64encode(zlib.compress(b"1234567")).decode()]
)
def test_a_damaged_or_exploding_layer_is_refused_before_it_takes_memory(
    tmp_path: Path, plain: dict[str, Any], chunk: str
) -> None:
    plain["layers"][0]["chunks"]["0"] = chunk
    (tmp_path / "a.json").write_text(json.dumps(plain))

    with pytest.raises(FormatError, match="chunk 0: "):
        Native().read(tmp_path / "a.json", Context(GARAGE))


@pytest.mark.parametrize(
    "text", ["", "{", "[" * 100_000, '{"format": "annotator", "version": NaN}', "\xff\xfe", "1"]
)
def test_what_is_no_json_is_refused_in_words(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.json").write_bytes(text.encode("latin-1"))

    with pytest.raises(FormatError):
        Native().read(tmp_path / "a.json", Context(GARAGE))

    assert len(Native().validate(tmp_path / "a.json")) == 1


def test_keys_of_a_newer_minor_version_are_ignored(tmp_path: Path, plain: dict[str, Any]) -> None:
    (tmp_path / "a.json").write_text(json.dumps(plain | {"from_the_future": {"x": [1]}}))

    back = Native().read(tmp_path / "a.json", Context(GARAGE, clouds=(cloud(),)))

    assert back.layers == labelled_scan().layers
