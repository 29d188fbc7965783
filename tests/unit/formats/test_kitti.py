"""KITTI files are read and written as the object development kit means them."""

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from annotator.errors import FileError, FormatError
from annotator.formats.format import Calibration, Context, Holds, Level
from annotator.formats.kitti import Kitti
from annotator.formats.kitti_calibration import calibration_text, read_calibration
from annotator.model.annotations import Annotation, AttributeValue, Origin
from annotator.model.cloud import PointCloud
from annotator.model.document import Document
from annotator.model.findings import Severity
from annotator.model.labels import GARAGE
from annotator.model.shapes import Box3D, Cylinder3D, Face, Polyline3D, Shape

CONTEXT = Context(GARAGE)
CAR = Box3D((10.0, 3.0, -0.8), (4.5, 1.8, 1.6), 0.5)
# A camera 0.3 m ahead of the lidar, turned by a few degrees about every axis, as real ones are.
TILT = np.array([[0.03, -0.9995, 0.01], [-0.02, -0.0106, -0.99974], [0.99935, 0.0298, -0.0203]])


def real_calibration() -> Calibration:
    turn, _, back = np.linalg.svd(TILT)
    pose = np.eye(4)
    pose[:3, :3], pose[:3, 3] = turn @ back, (0.02, -0.06, -0.33)
    p2 = np.array([[707.0, 0, 604, 45.7], [0, 707, 180, -0.3], [0, 0, 1, 0.005]])
    return Calibration(p2, np.eye(3), pose)


WITH_PICTURE = Context(GARAGE, calibration=replace(real_calibration(), size_px=(1242, 375)))
AHEAD, BESIDE = Box3D((12.0, 0.0, -0.8), (4.5, 1.8, 1.6)), Box3D((2.0, -9.0, -0.8), (4.5, 1.8, 1.6))
BEHIND = Box3D((-10.0, 3.0, -0.8), (4.5, 1.8, 1.6))


def document(*shapes: Shape, label: str = "car", **attributes: AttributeValue) -> Document:
    annotations = [Annotation(label, shape, attributes=attributes) for shape in shapes]
    return Document(((0,),), {a.id: a for a in annotations})


def only_box(document: Document) -> Box3D:
    (annotation,) = document.annotations.values()
    assert isinstance(annotation.shape, Box3D)
    return annotation.shape


def devkit_corners(words: list[str]) -> npt.NDArray[np.float64]:
    """The development kit's computeBox3D.m, written anew: corners in the rectified camera."""
    h, w, l, x, y, z, ry = (float(word) for word in words[8:15])  # noqa: E741 - KITTI's letters
    turn = np.array([[math.cos(ry), 0, math.sin(ry)], [0, 1, 0], [-math.sin(ry), 0, math.cos(ry)]])
    own = np.array(
        [(sx * l / 2, sy * h, sz * w / 2) for sx in (1, -1) for sy in (0, -1) for sz in (1, -1)]
    )
    return np.asarray(own @ turn.T + (x, y, z))


def test_a_line_has_kittis_fifteen_columns_in_kittis_axes(tmp_path: Path) -> None:
    target = tmp_path / "000000.txt"

    Kitti().write(document(CAR), CONTEXT, target)

    # x_cam = -y, z_cam = x, y_cam of the bottom = -(z - h/2); rotation_y = -yaw - 90 degrees.
    alpha = -0.5 - math.pi / 2 - math.atan2(-3, 10)
    assert target.read_bytes().decode() == (
        f"Car 0.0000 0 {alpha:.6f} 0.00 0.00 50.00 50.00 1.6000 1.8000 4.5000 "
        f"-3.0000 1.6000 10.0000 {-0.5 - math.pi / 2:.6f}\n"
    )


def test_without_a_camera_the_axes_are_only_renamed(tmp_path: Path) -> None:
    Kitti().write(document(CAR), CONTEXT, tmp_path / "label_2" / "000007.txt")

    lines = (tmp_path / "calib" / "000007.txt").read_text().splitlines()

    assert [line.split(":")[0] for line in lines] == [
        "P0", "P1", "P2", "P3", "R0_rect", "Tr_velo_to_cam", "Tr_imu_to_velo",
    ]  # fmt: skip
    numbers = [float(word) for word in lines[5].split()[1:]]
    assert numbers == [0, -1, 0, 0, 0, 0, -1, 0, 1, 0, 0, 0]


@pytest.mark.parametrize("yaw_rad", [0.0, 1.0, -2.5, math.pi, 3.1415926])
def test_through_a_tilted_camera_a_box_comes_back_exactly(tmp_path: Path, yaw_rad: float) -> None:
    box = Box3D((10.0, 3.0, -0.8), (4.5, 1.8, 1.6), yaw_rad)
    context = Context(GARAGE, calibration=real_calibration())

    Kitti().write(document(box), context, tmp_path / "a.txt")
    back = only_box(Kitti().read(tmp_path / "a.txt", CONTEXT))

    assert back.center_m == pytest.approx(box.center_m, abs=2e-4)
    assert math.remainder(back.yaw_rad - yaw_rad, math.tau) == pytest.approx(0, abs=2e-6)


def test_the_written_box_stands_where_the_development_kits_formula_puts_it(tmp_path: Path) -> None:
    calibration = real_calibration()

    Kitti().write(document(CAR), WITH_PICTURE, tmp_path / "a.txt")

    words = (tmp_path / "a.txt").read_text().split()
    rect_from_cloud = calibration.camera_from_cloud
    cloud = (devkit_corners(words) - rect_from_cloud[:3, 3]) @ rect_from_cloud[:3, :3]
    ahead = np.array((math.cos(0.5), math.sin(0.5), 0))
    assert cloud.mean(axis=0) == pytest.approx(CAR.center_m, abs=2e-4)
    assert ((cloud - CAR.center_m) @ ahead).max() == pytest.approx(4.5 / 2, abs=0.05)
    left, top, right, bottom = (float(word) for word in words[4:8])
    seen = np.c_[devkit_corners(words), np.ones(8)] @ calibration.p2.T
    pixels = seen[:, :2] / seen[:, 2:]
    assert (left, top) == pytest.approx(pixels.min(axis=0), abs=5)
    assert (right, bottom) == pytest.approx(pixels.max(axis=0), abs=5)


def columns(tmp_path: Path, *shapes: Shape, context: Context = WITH_PICTURE) -> list[list[float]]:
    """What is written of boxes: truncated, left, top, right, bottom."""
    Kitti().write(document(*shapes), context, tmp_path / "a.txt")
    lines = [line.split() for line in (tmp_path / "a.txt").read_text().splitlines()]
    return [[float(word) for word in (words[1], *words[4:8])] for words in lines]


def attribute_reasons(shape: Shape, context: Context = WITH_PICTURE) -> list[str]:
    losses = Kitti().plan(document(shape), context)
    return [x.reason for x in losses if x.kind is Holds.ATTRIBUTES]


def test_what_is_wholly_in_the_picture_is_not_truncated(tmp_path: Path) -> None:
    ((truncated, left, top, right, bottom),) = columns(tmp_path, AHEAD)

    assert truncated == 0
    assert 0 < left < right < 1241
    assert 0 < top < bottom < 374


@pytest.mark.parametrize("y_m", [9.0, -9.0])
def test_what_leaves_the_picture_is_cut_to_it_and_truncated_by_the_share_outside(
    tmp_path: Path, y_m: float
) -> None:
    large = Context(GARAGE, calibration=replace(real_calibration(), size_px=(9000, 4000)))
    box = Box3D((10.5, y_m, -0.8), (4.5, 1.8, 1.6))

    ((truncated, left, top, right, bottom),) = columns(tmp_path, box)
    (whole,) = columns(tmp_path, box, context=large) if y_m < 0 else ([],)

    assert (left, right)[y_m < 0] == (0 if y_m > 0 else 1241)
    assert 0.05 < truncated < 0.95
    if whole:
        area = (whole[3] - whole[1]) * (whole[4] - whole[2])
        assert truncated == pytest.approx(1 - (right - left) * (bottom - top) / area, abs=1e-3)
    assert attribute_reasons(box) == [
        "how much of it is outside the picture is written as truncated"
    ]


def test_what_reaches_behind_the_camera_is_what_is_before_it(tmp_path: Path) -> None:
    ((truncated, left, top, right, bottom),) = columns(
        tmp_path, Box3D((1.0, 2.0, -0.8), (4.5, 1.8, 1.6))
    )

    assert 0 < truncated < 1
    assert left == 0
    assert 0 < right <= 1241
    assert 0 <= top < bottom == 374


@pytest.mark.parametrize("box", [BEHIND, BESIDE])
def test_what_the_camera_does_not_see_is_kept_without_a_2d_box_and_the_plan_says_so(
    tmp_path: Path, box: Box3D
) -> None:
    (written,) = columns(tmp_path, box)

    assert written == [1, -1, -1, -1, -1]
    assert only_box(Kitti().read(tmp_path / "a.txt", CONTEXT)).center_m == pytest.approx(
        box.center_m, abs=2e-4
    )
    (reason,) = attribute_reasons(box)
    assert "the camera does not see it" in reason


def test_who_asks_for_it_gets_only_what_the_camera_sees_as_kittis_own_labels_do(
    tmp_path: Path,
) -> None:
    seen = replace(WITH_PICTURE, options={"seen": True})

    lines = columns(tmp_path, AHEAD, BEHIND, context=seen)
    losses = Kitti().plan(document(AHEAD, BEHIND), seen)

    assert len(lines) == 1
    assert [x.reason for x in losses if x.level is Level.DROPPED] == ["the camera does not see it"]


@pytest.mark.parametrize("calibration", [None, real_calibration()])
@pytest.mark.parametrize("box", [AHEAD, BESIDE, BEHIND])
def test_without_a_picture_no_box_is_truncated_or_too_low_for_trainers(
    tmp_path: Path, box: Box3D, calibration: Calibration | None
) -> None:
    context = Context(GARAGE, calibration=calibration)

    assert columns(tmp_path, box, context=context) == [[0, 0, 0, 50, 50]]
    assert attribute_reasons(box, context) == []


def test_how_truncated_a_person_said_it_is_stays(tmp_path: Path) -> None:
    Kitti().write(document(BEHIND, truncated=0.25), WITH_PICTURE, tmp_path / "a.txt")

    assert (tmp_path / "a.txt").read_text().split()[1] == "0.2500"


def test_classes_begin_with_a_large_letter_as_kittis_own_and_come_back_as_they_were(
    tmp_path: Path,
) -> None:
    taxonomy = GARAGE
    for name in ("person_sitting", "trafficCone", "Van", "车"):
        taxonomy = taxonomy.grown_by(name)
    context = Context(taxonomy)
    names = [label.name for label in taxonomy]
    made = [Annotation(name, CAR) for name in names]

    Kitti().write(Document(((0,),), {a.id: a for a in made}), context, tmp_path / "a.txt")

    text = (tmp_path / "a.txt").read_text(encoding="utf-8")
    assert [line.split()[0] for line in text.splitlines()] == [
        "Pillar", "Wall", "Car", "Movable", "Floor", "Ceiling", "Pedestrian", "Ghost",
        "Person_sitting", "TrafficCone", "Van", "车",
    ]  # fmt: skip
    back = Kitti().read(tmp_path / "a.txt", context)
    assert [a.label for a in back.annotations.values()] == names


def test_a_class_of_a_strangers_file_is_found_in_small_letters_too(tmp_path: Path) -> None:
    Kitti().write(document(CAR), CONTEXT, tmp_path / "a.txt")
    line = (tmp_path / "a.txt").read_text()
    (tmp_path / "a.txt").write_text(line.replace("Car", "CAR") + line.replace("Car", "Tram"))

    back = Kitti().read(tmp_path / "a.txt", CONTEXT)

    assert [a.label for a in back.annotations.values()] == ["car", "Tram"]


def test_a_frame_without_objects_is_an_empty_file(tmp_path: Path) -> None:
    Kitti().write(document(), CONTEXT, tmp_path / "a.txt")

    assert (tmp_path / "a.txt").read_bytes() == b""
    assert not Kitti().read(tmp_path / "a.txt", CONTEXT).annotations


def test_of_a_tilted_box_with_guessed_sides_both_losses_are_told() -> None:
    tilted = replace(CAR, pitch_rad=0.1, assumed=frozenset({Face.BACK}))

    (loss,) = Kitti().plan(document(tilted), CONTEXT)

    assert "assumed" in loss.reason
    assert "upright" in loss.reason


def test_a_suggestion_is_not_exported() -> None:
    a = Annotation("car", CAR, origin=Origin.SUGGESTION)

    (loss,) = Kitti().plan(Document(((0,),), {a.id: a}), CONTEXT)

    assert (loss.level, loss.subject) == (Level.DROPPED, a.id)


def test_occlusion_is_kept_and_other_attributes_are_named_as_lost(tmp_path: Path) -> None:
    made = document(CAR, occluded="largely", moving=True)

    losses = Kitti().plan(made, CONTEXT)
    Kitti().write(made, CONTEXT, tmp_path / "a.txt")
    (back,) = Kitti().read(tmp_path / "a.txt", CONTEXT).annotations.values()

    assert back.attributes == {"occluded": "largely"}
    assert [(x.level, x.reason) for x in losses] == [
        (Level.ROUNDED, "numbers keep four decimals"),
        (Level.DROPPED, "KITTI has no column for Moving"),
    ]


def test_walls_become_thin_boxes_only_when_asked_for(tmp_path: Path) -> None:
    wall = Polyline3D(((0.0, 0.0, 0.0), (4.0, 0.0, 0.0), (4.0, 3.0, 0.0)), 2.5, 0.2)
    asked = Context(GARAGE, options={"walls": True})
    made = document(wall, label="wall")

    Kitti().write(made, asked, tmp_path / "asked.txt")
    Kitti().write(made, CONTEXT, tmp_path / "usual.txt")

    boxes = [a.shape for a in Kitti().read(tmp_path / "asked.txt", CONTEXT).annotations.values()]
    assert [b.size_m for b in boxes if isinstance(b, Box3D)] == [(4.0, 0.2, 2.5), (3.0, 0.2, 2.5)]
    assert (tmp_path / "usual.txt").read_bytes() == b""
    assert [x.level for x in Kitti().plan(made, asked)] == [Level.CHANGED]
    assert [x.level for x in Kitti().plan(made, CONTEXT)] == [Level.DROPPED]


def test_a_round_pillar_becomes_a_box_and_the_plan_says_so(tmp_path: Path) -> None:
    made = document(Cylinder3D((1.0, 2.0, 1.4), 0.3, 2.8), label="pillar")

    Kitti().write(made, CONTEXT, tmp_path / "a.txt")

    assert only_box(Kitti().read(tmp_path / "a.txt", CONTEXT)).size_m == (0.6, 0.6, 2.8)
    assert [x.level for x in Kitti().plan(made, CONTEXT)] == [Level.CHANGED]


def test_a_sequence_has_one_file_per_scan_under_the_scans_name(tmp_path: Path) -> None:
    empty = np.zeros((0, 3), np.float32)
    clouds = tuple(PointCloud(empty, path=Path(f"scans/s{i}.bin")) for i in range(2))
    turn = np.array([[0.0, -1, 0, 5], [1, 0, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]])
    context = Context(GARAGE, clouds=clouds, world_from_cloud=(np.eye(4), turn))
    moving, static = Annotation("car", CAR, frame=1), Annotation("pillar", CAR)
    made = Document(((0,), (0,)), {a.id: a for a in (moving, static)})

    files = Kitti().write(made, context, tmp_path / "out")
    back = Kitti().read(tmp_path / "out", context)

    assert [f.relative_to(tmp_path / "out").as_posix() for f in files if "label_2" in f.parts] == [
        "label_2/s0.txt", "label_2/s1.txt",
    ]  # fmt: skip
    assert sorted((a.label, a.frame) for a in back.annotations.values()) == [
        ("car", 1), ("pillar", 0), ("pillar", 1),
    ]  # fmt: skip
    for annotation in back.annotations.values():
        assert isinstance(annotation.shape, Box3D)
        assert annotation.shape.center_m == pytest.approx(CAR.center_m, abs=2e-4)


def test_another_cameras_calibration_is_never_overwritten(tmp_path: Path) -> None:
    place = tmp_path / "calib" / "000000.txt"
    place.parent.mkdir()
    place.write_text(calibration_text(real_calibration()))
    before = place.read_bytes()

    with pytest.raises(FileError, match="another camera"):
        Kitti().write(document(CAR), CONTEXT, tmp_path / "label_2" / "000000.txt")

    assert place.read_bytes() == before
    assert not (tmp_path / "label_2").exists()


def test_every_damaged_line_is_named_by_its_number(tmp_path: Path) -> None:
    Kitti().write(document(CAR), CONTEXT, tmp_path / "a.txt")
    good = (tmp_path / "a.txt").read_text()
    words = good.split()
    lines = ["Car 0.0", " ".join([*words[:8], "nan", *words[9:]]), good.strip(), "车"]
    (tmp_path / "a.txt").write_text("\n".join(lines), encoding="utf-8")

    problems = Kitti().validate(tmp_path / "a.txt")

    assert [p.where for p in problems] == ["a.txt:1", "a.txt:2", "a.txt:4"]
    assert problems[1].message == "height is not a number: nan"
    with pytest.raises(FormatError, match=r"line 1: it has 2 words.*line 2.*line 4"):
        Kitti().read(tmp_path / "a.txt", CONTEXT)


def test_labels_without_their_calibration_are_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "000001.txt").write_text("")

    with pytest.raises(FormatError, match=r"calib/000001\.txt is missing; put the calibration"):
        Kitti().read(tmp_path / "000001.txt", CONTEXT)


@pytest.mark.parametrize("line", range(4, 6))
def test_a_calibration_that_is_no_camera_is_refused(tmp_path: Path, line: int) -> None:
    lines = calibration_text(real_calibration()).splitlines()
    lines[line] = lines[line].split(":")[0] + ": " + " ".join(["2.0"] * (9 if line == 4 else 12))
    (tmp_path / "c.txt").write_text("\n".join(lines))

    with pytest.raises(FormatError, match="is not a rotation"):
        read_calibration(tmp_path / "c.txt")


def test_regions_nobody_cares_about_have_no_place_in_space(tmp_path: Path) -> None:
    Kitti().write(document(), CONTEXT, tmp_path / "a.txt")
    flat = "-1 -1 -10 503.89 169.71 590.61 190.13 -1 -1 -1 -1000 -1000 -1000 -10"
    (tmp_path / "a.txt").write_text(f"DontCare {flat}\nVan {flat}\n")

    found = Kitti().read(tmp_path / "a.txt", CONTEXT)
    problems = Kitti().validate(tmp_path / "a.txt")

    assert not found.annotations
    assert [(p.severity, p.where) for p in problems] == [(Severity.NOTE, "a.txt:2")]


def test_the_same_line_of_the_same_file_is_the_same_object(tmp_path: Path) -> None:
    Kitti().write(document(CAR, CAR), CONTEXT, tmp_path / "a.txt")

    once = Kitti().read(tmp_path / "a.txt", CONTEXT)
    again = Kitti().read(tmp_path / "a.txt", CONTEXT)

    assert len(once.annotations) == 2
    assert once.annotations == again.annotations
