"""Several objects are carried on together, each as itself, and it is said what became of them."""

import json
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from annotator.commands.carrying import Scan
from annotator.commands.carrying_all import CarriedAll, carry_all, left_behind
from annotator.formats.points.reading import read_cloud
from annotator.formats.points.sequence import read_poses
from annotator.geometry.accumulating import placed
from annotator.geometry.boxes import iou_3d, turned_round
from annotator.geometry.ground import find_ground
from annotator.geometry.neighbours import index_points
from annotator.i18n import set_language
from annotator.model.annotations import Annotation, Origin
from annotator.model.document import Document
from annotator.model.edits import Batch, apply
from annotator.model.labels import GARAGE
from annotator.model.shapes import Box3D, Polygon3D

FOLDER = Path(__file__).parents[3] / "sample_data" / "garage"


@cache
def truth() -> dict[str, Any]:
    said: dict[str, Any] = json.loads((FOLDER / "truth.json").read_text())
    return said


@cache
def scan(frame: int) -> Scan:
    pose = read_poses(FOLDER / "poses.txt")[frame]
    cloud = placed(read_cloud(FOLDER / "scans" / f"{frame:06d}.pcd"), pose)
    index = index_points(cloud.xyz_m)
    x, y, z = pose[:3, 3].tolist()
    return Scan(frame, cloud, index, find_ground(cloud.xyz_m, index), (x, y, z))


def parked(count: int = 5) -> list[Annotation]:
    """Parked cars that scans 0 and 1 show well, as boxes of scan 0."""
    labels = np.fromfile(FOLDER / "labels" / "000000.label", np.uint32) >> 16
    found = []
    for thing in truth()["objects"]:
        if thing["label"] == "car" and not thing["moving"]:
            shape, points = thing["shape"], int((labels == thing["instance"]).sum())
            box = Box3D(tuple(shape["center_m"]), tuple(shape["size_m"]), shape["yaw_rad"])
            found.append((points, Annotation("car", box, frame=0)))
    return [a for _points, a in sorted(found, key=lambda one: -one[0])[:count]]


def document(*annotations: Annotation) -> Document:
    return Document(((10,), (10,)), {a.id: a for a in annotations})


def test_each_parked_car_is_found_again_as_itself() -> None:
    cars = parked()
    before = document(*cars)

    carried = carry_all(before, cars, scan(1), GARAGE)
    apply(carried.edit, before)

    assert len(carried.found) >= 4
    tracks = [before.annotations[a.id].track for a in cars]
    assert len({*tracks}) == len(cars)
    for made in carried.found:
        own = next(a for a in cars if before.annotations[a.id].track == made.track)
        assert made.frame == 1
        assert isinstance(made.shape, Box3D)
        assert isinstance(own.shape, Box3D)
        assert iou_3d(made.shape, own.shape) > 0.7


def test_a_car_whose_heading_was_guessed_is_turned_to_where_it_moves() -> None:
    thing = next(one for one in truth()["objects"] if one["instance"] == 42)
    shape = thing["shape"]
    true_box = Box3D(tuple(shape["center_m"]), tuple(shape["size_m"]), shape["yaw_rad"])
    guessed = Annotation("car", turned_round(true_box), frame=0, origin=Origin.FIT)
    cars = [guessed, *parked(2)]
    before = document(*cars)

    carried = carry_all(before, cars, scan(1), GARAGE)
    apply(carried.edit, before)

    assert len(carried.turned) == 1
    turned = before.annotations[guessed.id].shape
    assert isinstance(turned, Box3D)
    assert abs(turned.yaw_rad) == pytest.approx(np.pi, abs=0.05)


def test_the_document_is_left_as_it_is_until_the_edit_is_done() -> None:
    cars = parked(2)
    before = document(*cars)

    carry_all(before, cars, scan(1), GARAGE)

    assert list(before.annotations.values()) == cars


def test_how_many_were_looked_for_is_told() -> None:
    cars, told = parked(3), list[int]()

    carry_all(document(*cars), cars, scan(1), GARAGE, told.append)

    assert told == [1, 2, 3]


def test_what_the_scan_has_already_is_neither_left_behind_nor_carried_on() -> None:
    first, second = parked(2)
    tracked = replace(first, track="7")
    there = replace(tracked, id="there", frame=1)
    by_place = replace(second, id="again", frame=1)
    both = document(tracked, second, there, by_place)

    assert left_behind(both, 0, 1) == []
    assert carry_all(both, [tracked, second], scan(1), GARAGE).known == 2


def test_what_is_no_box_is_left_out_and_counted() -> None:
    outline = Annotation("car", Polygon3D(((0, 0, 0), (4, 0, 0), (4, 2, 0))), frame=0)
    (car,) = parked(1)

    carried = carry_all(document(car, outline), [car, outline], scan(1), GARAGE)

    set_language("en")
    assert (carried.known, carried.no_boxes) == (0, 1)
    assert carried.in_words(GARAGE).endswith("1 left out, as only boxes can be carried on")


def test_what_is_not_there_yet_is_left_behind_but_no_suggestion() -> None:
    first, second = parked(2)
    guess = replace(second, origin=Origin.SUGGESTION)
    everywhere = Annotation("pillar", second.shape)

    assert left_behind(document(first, guess, everywhere), 0, 1) == [first]
    assert left_behind(document(first), 1, 0) == []


def named(*tracks: int) -> tuple[Annotation, ...]:
    return tuple(replace(parked(1)[0], track=str(track)) for track in tracks)


@pytest.mark.parametrize(
    ("carried", "said"),
    [
        (CarriedAll(Batch(()), tuple(parked(2)), (), 0, 0), "2 objects carried on"),
        (
            CarriedAll(Batch(()), tuple(parked(1)), tuple(parked(1)), 2, 3),
            (
                "1 object carried on · 1 by guess, for lack of points: Car · 2 no longer there"
                " · 3 labelled there already"
            ),
        ),
        (
            CarriedAll(Batch(()), (), (), 0, 0, turned=named(2), outgrown=named(7)),
            (
                "0 objects carried on · 1 turned to where it moves: Car 2"
                " · 1 larger than its box: Car 7"
            ),
        ),
        (
            CarriedAll(Batch(()), (), (), 0, 0, outgrown=named(1, 2, 3, 4)),
            "0 objects carried on · 4 larger than their boxes: Car 1, Car 2, Car 3, …",
        ),
    ],
)
def test_what_became_of_them_is_one_line(carried: CarriedAll, said: str) -> None:
    set_language("en")

    assert carried.in_words(GARAGE) == said
