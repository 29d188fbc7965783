"""Objects of the sample garage are found again in the next scan, or it is said why not."""

import json
import math
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from annotator.commands.boxes import pulled
from annotator.commands.carrying import Scan, carry_on, look_at
from annotator.commands.growing import grow_to_points
from annotator.commands.tracks import TrackError, boxes_of
from annotator.formats.points.reading import read_cloud
from annotator.formats.points.sequence import read_poses
from annotator.geometry.accumulating import placed
from annotator.geometry.boxes import iou_3d, turned_round
from annotator.geometry.ground import find_ground
from annotator.geometry.neighbours import index_points
from annotator.geometry.visibility import Presence
from annotator.model.annotations import Annotation, Origin
from annotator.model.cloud import PointCloud
from annotator.model.document import Document
from annotator.model.edits import apply
from annotator.model.labels import GARAGE, Label
from annotator.model.shapes import Box3D, Face, Point3D

FOLDER = Path(__file__).parents[3] / "sample_data" / "garage"
NEAR_CAR, FAR_CAR, WALKER = 42, 43, 44


@cache
def truth() -> dict[str, Any]:
    said: dict[str, Any] = json.loads((FOLDER / "truth.json").read_text())
    return said


def true_box(instance: int, frame: int) -> Box3D:
    thing = next(o for o in truth()["objects"] if o["instance"] == instance)
    time_s = truth()["frames"][frame]["time_s"]
    (x, y, z), (vx, vy, vz) = thing["shape"]["center_m"], thing["velocity_m_s"]
    at_m = (x + time_s * vx, y + time_s * vy, z + time_s * vz)
    length, width, height = thing["shape"]["size_m"]
    return Box3D(at_m, (length, width, height), thing["shape"]["yaw_rad"])


@cache
def scan(frame: int) -> Scan:
    pose = read_poses(FOLDER / "poses.txt")[frame]
    cloud = placed(read_cloud(FOLDER / "scans" / f"{frame:06d}.pcd"), pose)
    index = index_points(cloud.xyz_m)
    x, y, z = pose[:3, 3].tolist()
    return Scan(frame, cloud, index, find_ground(cloud.xyz_m, index), (x, y, z))


def label_of(instance: int) -> Label:
    return GARAGE["pedestrian" if instance == WALKER else "car"]


def followed(instance: int, first: int, last: int) -> Document:
    """Carry the true box of the first scan on to the last, as a person would, key by key."""
    label = label_of(instance)
    now = Annotation(label.name, true_box(instance, first), frame=first)
    document = Document(((1,),) * 12, {now.id: now})
    step = 1 if last > first else -1
    for frame in range(first + step, last + step, step):
        carried = carry_on(document, now, scan(frame), label)
        apply(carried.edit, document)
        assert carried.annotation is not None
        now = carried.annotation
    return document


@pytest.mark.parametrize(
    ("instance", "first", "last", "least"),
    [(NEAR_CAR, 4, 11, 0.95), (NEAR_CAR, 9, 0, 0.9), (FAR_CAR, 0, 11, 0.95), (WALKER, 1, 8, 0.5)],
    ids=["oncoming", "backwards", "ahead", "pedestrian"],
)
def test_a_moving_object_is_followed_through_the_drive(
    instance: int, first: int, last: int, least: float
) -> None:
    document = followed(instance, first, last)

    boxes = boxes_of(document, "1")
    assert sorted(boxes) == list(range(min(first, last), max(first, last) + 1))
    for frame, found in boxes.items():
        assert isinstance(found.shape, Box3D)
        assert iou_3d(found.shape, true_box(instance, frame)) >= least, f"scan {frame}"


def test_what_was_refitted_says_so_and_shares_a_track_with_its_key_frame() -> None:
    boxes = boxes_of(followed(FAR_CAR, 0, 2), "1")

    assert [a.origin for a in boxes.values()] == [Origin.HAND, Origin.REFITTED, Origin.REFITTED]
    assert len({a.id for a in boxes.values()}) == 3


def test_a_box_keeps_the_size_that_a_person_gave() -> None:
    boxes = boxes_of(followed(FAR_CAR, 0, 3), "1")

    sizes = {a.shape.size_m for a in boxes.values() if isinstance(a.shape, Box3D)}
    assert sizes == {true_box(FAR_CAR, 0).size_m}


def test_carrying_on_again_moves_the_box_that_is_there() -> None:
    document = followed(FAR_CAR, 0, 1)
    first, before = boxes_of(document, "1").values()

    again = carry_on(document, first, scan(1), label_of(FAR_CAR))

    assert again.annotation is not None
    assert again.annotation.id == before.id


def test_a_persons_own_box_is_not_replaced() -> None:
    document = followed(FAR_CAR, 0, 1)
    first, other = boxes_of(document, "1").values()
    document.annotations[other.id] = replace(other, origin=Origin.HAND)

    with pytest.raises(TrackError, match="scan 2 has a box of this object that a person made"):
        carry_on(document, first, scan(1), label_of(FAR_CAR))


def test_a_static_object_holds_and_needs_no_new_box() -> None:
    thing = next(o for o in truth()["objects"] if o["label"] == "car" and not o["moving"])
    said = truth()["frames"][5]["boxes"]
    assert next(b for b in said if b["instance"] == thing["instance"])["points"] > 20
    box = Annotation("car", true_box(thing["instance"], 0))
    document = Document(((1,),) * 12, {box.id: box})

    carried = carry_on(document, box, scan(5), label_of(FAR_CAR))

    apply(carried.edit, document)
    assert document.annotations == {box.id: box}
    assert carried.sight.presence is Presence.SEEN
    assert carried.finding is None


def test_a_static_object_that_drove_away_is_a_finding() -> None:
    parked = Annotation("car", true_box(NEAR_CAR, 4))

    carried = carry_on(Document(((1,),) * 12, {}), parked, scan(10), label_of(NEAR_CAR))

    assert carried.finding is not None
    assert carried.finding.code == "points-vanished"
    assert "vanished in scan 11" in carried.finding.text


def test_a_moving_object_that_is_gone_gets_no_box() -> None:
    nobody = Annotation("car", true_box(NEAR_CAR, 8), frame=8)
    empty = Box3D((14.0, 16.4, 0.8), (4.5, 1.8, 1.5))
    gone = replace(nobody, shape=empty)

    carried = carry_on(Document(((1,),) * 12, {gone.id: gone}), gone, scan(9), GARAGE["car"])

    assert carried.annotation is None
    assert carried.finding is not None


def test_an_object_without_points_stays_where_its_motion_sends_it() -> None:
    behind = Box3D((60.0, 40.0, 0.8), (4.5, 1.8, 1.5))
    boxes = [
        Annotation("car", replace(behind, center_m=(60.0 + n, 40.0, 0.8)), frame=n, track="1")
        for n in range(2)
    ]
    document = Document(((1,),) * 12, {a.id: a for a in boxes})

    carried = carry_on(document, boxes[1], scan(2), GARAGE["car"])

    assert carried.annotation is not None
    assert carried.annotation.origin is Origin.INTERPOLATED
    assert carried.annotation.shape == replace(behind, center_m=(62.0, 40.0, 0.8))
    assert carried.finding is not None
    assert carried.finding.code == "few-points"


def test_a_point_cannot_be_carried_on() -> None:
    point = Annotation("car", Point3D((0.0, 0.0, 0.0)), frame=0)

    with pytest.raises(TrackError, match="only boxes"):
        carry_on(Document(((1,),) * 12, {}), point, scan(1), GARAGE["car"])


def test_an_empty_scan_hides_everything_and_loses_nothing() -> None:
    cloud = PointCloud(np.zeros((0, 3), np.float32))
    index = index_points(cloud.xyz_m)
    empty = Scan(1, cloud, index, find_ground(cloud.xyz_m, index), (0.0, 0.0, 1.8))
    box = Annotation("car", true_box(FAR_CAR, 0), frame=0)
    document = Document(((1,),) * 12, {box.id: box})

    carried = carry_on(document, box, empty, GARAGE["car"])

    assert carried.annotation is not None
    assert carried.annotation.origin is Origin.INTERPOLATED


def test_without_a_sensors_place_nothing_is_said_to_be_gone() -> None:
    sight = look_at(true_box(NEAR_CAR, 4), scan(10).cloud, GARAGE["car"], sensor_m=None)

    assert sight.presence is Presence.HIDDEN


def carried_from(now: Annotation, last: int) -> tuple[Document, list[str]]:
    """Carry a box of the first scan on, and return what was said on the way."""
    document = Document(((1,),) * 12, {now.id: now})
    said = []
    for frame in range(1, last + 1):
        carried = carry_on(document, now, scan(frame), GARAGE["car"])
        apply(carried.edit, document)
        assert carried.annotation is not None
        now = carried.annotation
        said += [carried.finding.code] if carried.finding is not None else []
    return document, said


def backwards(instance: int, height_m: float | None = None) -> Box3D:
    """Return where a car is in the first scan, its front at its back, perhaps too low."""
    box = turned_round(true_box(instance, 0))
    if height_m is None:
        return box
    (x, y, z), (length, width, height) = box.center_m, box.size_m
    low = (x, y, z - (height - height_m) / 2)
    return replace(box, center_m=low, size_m=(length, width, height_m))


def test_a_guessed_heading_is_turned_in_all_scans_once_the_object_moves_the_other_way() -> None:
    start = Annotation("car", backwards(NEAR_CAR), frame=0, origin=Origin.FIT)

    document, said = carried_from(start, 3)

    assert said.count("heading-turned") == 1
    for frame, car in boxes_of(document, "1").items():
        assert isinstance(car.shape, Box3D)
        assert iou_3d(car.shape, true_box(NEAR_CAR, frame)) > 0.8
        assert abs(car.shape.yaw_rad) == pytest.approx(np.pi, abs=0.1)


def test_a_heading_that_a_person_gave_stays_and_it_is_said_once_that_it_moves_backwards() -> None:
    start = Annotation("car", backwards(FAR_CAR), frame=0, origin=Origin.HAND)

    document, said = carried_from(start, 4)

    assert said == ["moves-backwards"]
    last = boxes_of(document, "1")[4].shape
    assert isinstance(last, Box3D)
    assert abs(last.yaw_rad) == pytest.approx(np.pi, abs=0.1)


def test_a_car_that_is_longer_than_its_box_is_said_to_stick_out_of_it() -> None:
    box = true_box(NEAR_CAR, 0)
    (x, y, z), (length, width, height) = box.center_m, box.size_m
    short_m = 0.4
    middle = (x - short_m / 2 * math.cos(box.yaw_rad), y - short_m / 2 * math.sin(box.yaw_rad), z)
    short = replace(box, center_m=middle, size_m=(length - short_m, width, height))

    _document, said = carried_from(Annotation("car", short, frame=0, origin=Origin.HAND), 9)

    assert "outgrown" in said


def test_a_car_whose_box_is_as_large_as_it_sticks_out_of_none() -> None:
    for car in (NEAR_CAR, FAR_CAR):
        start = Annotation("car", true_box(car, 0), frame=0, origin=Origin.HAND)

        assert "outgrown" not in carried_from(start, 9)[1]


def test_a_car_that_is_higher_than_its_box_is_said_to_be_and_grows_to_its_points() -> None:
    low = turned_round(backwards(NEAR_CAR, height_m=1.35))
    start = Annotation("car", low, frame=0)

    document, said = carried_from(start, 9)

    assert said[-1] == "outgrown"
    grown = grow_to_points(boxes_of(document, "1")[9], scan(9).cloud)
    assert grown is not None
    assert isinstance(grown.annotation.shape, Box3D)
    assert iou_3d(grown.annotation.shape, true_box(NEAR_CAR, 9)) > 0.93


def test_what_holds_in_every_scan_is_said_to_be_higher_than_its_box_where_that_is_seen() -> None:
    box = true_box(NEAR_CAR, 9)
    low = Annotation("car", pulled(box, Face.TOP, -0.2))

    carried = carry_on(Document(((9, 0),)), low, scan(9), GARAGE["car"])

    assert carried.finding is not None
    assert carried.finding.code == "outgrown"


def test_a_box_of_the_right_size_grows_by_no_more_than_noise() -> None:
    car = Annotation("car", true_box(NEAR_CAR, 9), frame=9)

    grown = grow_to_points(car, scan(9).cloud)

    shape = car.shape if grown is None else grown.annotation.shape
    assert isinstance(shape, Box3D)
    assert iou_3d(shape, true_box(NEAR_CAR, 9)) > 0.95
