"""What a person says of one box of an object holds for its boxes in all scans."""

import math
import time
from dataclasses import replace

import pytest

from annotator.app.session import Session
from annotator.commands.boxes import flip_heading, resize_face, turn_box, turn_quarter, with_size
from annotator.commands.refilling import refilled
from annotator.commands.relabelling import relabelled
from annotator.commands.tracks import boxes_of, interpolate
from annotator.commands.whole_objects import joined, of_whole_objects, with_one_size
from annotator.formats.format import Context
from annotator.model.annotations import Annotation, Origin
from annotator.model.document import Document
from annotator.model.edits import Batch, Edit, Put, apply
from annotator.model.labels import GARAGE
from annotator.model.shapes import Box3D, Face

SIZE = (4.0, 1.8, 1.4)


def seen(frame: int, *assumed: Face, label: str = "car", **more: object) -> Annotation:
    """Return a car that drives a metre a scan, of which some faces were not seen."""
    box = Box3D((float(frame), 0.0, 0.7), SIZE, 0.0, assumed=frozenset(assumed))
    made = Annotation(label, box, frame=frame, track="1", origin=Origin.REFITTED)
    return replace(made, **more)  # type: ignore[arg-type]


def document_of(*annotations: Annotation) -> Document:
    return Document(((10,),) * 9, {a.id: a for a in annotations})


def do(document: Document, edit: Edit) -> Edit:
    return apply(refilled(document, of_whole_objects(document, edit, GARAGE)), document)


def box(document: Document, frame: int) -> Box3D:
    shape = boxes_of(document, "1")[frame].shape
    assert isinstance(shape, Box3D)
    return shape


def span_m(shape: Box3D, axis: int) -> tuple[float, float]:
    middle, half = shape.center_m[axis], shape.size_m[axis] / 2
    return pytest.approx((middle - half, middle + half))  # type: ignore[return-value]


def test_a_roof_that_is_raised_in_one_scan_is_raised_in_all_and_they_stay_on_the_floor() -> None:
    cars = [seen(n) for n in range(4)]
    document = document_of(*cars)

    undo = do(document, resize_face(cars[2], Face.TOP, 0.2))

    assert [span_m(box(document, n), 2) for n in range(4)] == [(0.0, 1.6)] * 4
    origins = [a.origin for a in boxes_of(document, "1").values()]
    assert origins == [Origin.REFITTED, Origin.REFITTED, Origin.HAND, Origin.REFITTED]
    apply(undo, document)
    assert list(document.annotations.values()) == cars


def test_what_a_scan_saw_of_an_object_stays_where_it_was_seen() -> None:
    rear_seen, front_seen = seen(0, Face.FRONT), seen(1, Face.BACK)
    both = seen(2)
    document = document_of(rear_seen, front_seen, both)

    do(document, resize_face(both, Face.FRONT, 0.5))

    assert span_m(box(document, 0), 0) == (-2.0, 2.5)
    assert span_m(box(document, 1), 0) == (-1.5, 3.0)
    assert span_m(box(document, 2), 0) == (0.0, 4.5)


def test_a_face_stays_in_all_scans_where_it_stayed_in_the_one() -> None:
    cars = [seen(n) for n in range(2)]
    document = document_of(*cars)

    do(document, resize_face(cars[0], Face.BACK, 0.5))

    assert span_m(box(document, 1), 0) == (-1.5, 3.0)


def test_sizes_by_number_grow_about_the_middle_and_from_the_floor() -> None:
    cars = [seen(n) for n in range(2)]
    document = document_of(*cars)

    typed = with_size(box(document, 0), (5.0, 1.8, 1.6))
    do(document, Put(replace(cars[0], shape=typed, origin=Origin.HAND)))

    assert span_m(box(document, 1), 0) == (-1.5, 3.5)
    assert span_m(box(document, 1), 2) == (0.0, 1.6)


def test_a_person_who_walks_has_another_size_in_each_scan() -> None:
    walkers = [seen(n, label="pedestrian") for n in range(2)]
    document = document_of(*walkers)

    do(document, resize_face(walkers[0], Face.FRONT, 0.5))

    assert box(document, 1) == walkers[1].shape


def test_where_an_object_is_in_a_scan_is_said_of_that_scan_only() -> None:
    cars = [seen(n) for n in range(2)]
    document = document_of(*cars)

    do(document, turn_box(cars[0], 0.9))

    assert box(document, 1) == cars[1].shape


def test_an_object_has_one_class() -> None:
    cars = [seen(0), seen(1), seen(4, origin=Origin.HAND)]
    document = document_of(*cars)
    apply(interpolate(document, "1"), document)

    do(document, relabelled(document, [cars[1].id], GARAGE["movable"]))

    assert {a.label for a in document.annotations.values()} == {"movable"}
    assert len(document.annotations) == 5


def test_a_heading_that_is_flipped_is_flipped_in_all_scans() -> None:
    cars = [seen(0, Face.FRONT), seen(1), seen(3, origin=Origin.HAND)]
    document = document_of(*cars)
    apply(interpolate(document, "1"), document)

    do(document, flip_heading(cars[1]))

    assert all(box(document, n).yaw_rad == pytest.approx(math.pi) for n in range(4))
    assert box(document, 0).assumed == {Face.BACK}
    assert box(document, 2).center_m[0] == pytest.approx(2.0)


def test_length_and_width_change_places_in_all_scans() -> None:
    cars = [seen(n) for n in range(2)]
    document = document_of(*cars)

    do(document, turn_quarter(cars[0]))

    assert [box(document, n).size_m for n in range(2)] == [(1.8, 4.0, 1.4)] * 2
    assert box(document, 1).center_m == (1.0, 0.0, 0.7)


def test_an_object_gets_the_size_that_it_has_in_one_scan() -> None:
    walkers = [seen(n, label="pedestrian") for n in range(3)]
    large = resize_face(walkers[1], Face.TOP, 0.3).annotation
    document = document_of(walkers[0], large, walkers[2])

    apply(with_one_size(document, large), document)

    assert [span_m(box(document, n), 2) for n in range(3)] == [(0.0, 1.7)] * 3


def test_an_edit_that_speaks_of_several_boxes_of_an_object_is_believed() -> None:
    cars = [seen(n) for n in range(3)]
    document = document_of(*cars)
    two_sizes = [resize_face(a, Face.TOP, by) for a, by in zip(cars, (0.1, 0.2), strict=False)]

    do(document, Batch(tuple(two_sizes)))

    heights = [box(document, n).size_m[2] for n in range(3)]
    assert heights == pytest.approx([1.5, 1.6, 1.4])


def test_a_class_for_thousands_of_objects_is_said_in_no_time() -> None:
    cars = [replace(seen(0), track=str(n)) for n in range(5000)]
    document = document_of(*cars)
    all_at_once = relabelled(document, document.annotations, GARAGE["movable"])

    start = time.perf_counter()
    of_whole_objects(document, all_at_once, GARAGE)

    assert time.perf_counter() - start < 1.0


def test_a_label_file_that_is_taken_over_is_believed_box_by_box() -> None:
    cars = [seen(n) for n in range(2)]
    session = Session.in_memory(document_of(*cars), Context(GARAGE))

    session.take_over(Put(replace(cars[0], label="movable")), "Take over")
    assert [a.label for a in session.document.annotations.values()] == ["movable", "car"]

    session.do(Put(replace(cars[0], label="pillar")), "Set class")
    assert {a.label for a in session.document.annotations.values()} == {"pillar"}


@pytest.mark.parametrize(("label", "length_m"), [("car", 4.0), ("pedestrian", 4.5)])
def test_two_objects_that_become_one_have_one_size_where_their_class_keeps_it(
    label: str, length_m: float
) -> None:
    larger = Box3D((5.0, 0.0, 0.7), (4.5, 1.8, 1.4))
    first, later = seen(0, label=label), seen(5, label=label, shape=larger, track=None)
    document = document_of(first, later)

    do(document, joined(document, first, later, GARAGE))

    assert box(document, 5).size_m[0] == length_m
    assert box(document, 0).size_m == SIZE
