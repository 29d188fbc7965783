import numpy as np
import pytest

from annotator.commands.instances import (
    belonging_to,
    class_of,
    grow_instance,
    instance_of,
    instance_of_most,
    invert_instance,
    members,
    merge_instances,
    next_instance,
    shrink_instance,
    split_instance,
    split_off,
)
from annotator.commands.points import NO_EDIT, paint_class, paint_instance
from annotator.geometry.neighbours import PointIndex, index_points
from annotator.geometry.parts import parts_by_gap
from annotator.model.annotations import Annotation
from annotator.model.document import Document
from annotator.model.edits import Edit, Put, apply
from annotator.model.labels import GARAGE
from annotator.model.shapes import Box3D

CAR, WALL = GARAGE["car"], GARAGE["wall"]


@pytest.fixture
def index() -> PointIndex:
    """Two lines of points 10 cm apart: rows 0 to 9 from x = 0, rows 10 to 19 from x = 3."""
    x = np.concatenate([np.arange(10) * 0.1, 3 + np.arange(10) * 0.1])
    return index_points(np.column_stack([x, 0 * x, 0 * x]).astype(np.float32))


def rows(*numbers: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.array(numbers, np.int64)


def done(document: Document, edit: Edit) -> None:
    before = document.semantic().copy(), document.instances().copy()
    inverse = apply(edit, document)
    redo = apply(inverse, document)
    assert (document.semantic(), document.instances()) == before
    apply(redo, document)


def labelled(first: int, last: int, instance: int = 1) -> Document:
    document = Document(((20,),))
    edit = paint_instance(document, np.arange(first, last), CAR, instance, taxonomy=GARAGE)
    apply(edit, document)
    return document


def test_an_object_split_by_a_gap_keeps_its_number_on_the_larger_part(index: PointIndex) -> None:
    document = labelled(2, 20)

    done(document, split_instance(document, 1, index, CAR, gap_m=0.5))

    assert document.instances().counts() == {1: 10, 2: 8}
    assert document.semantic().counts() == {CAR.value: 18}
    assert split_instance(document, 1, index, CAR, gap_m=0.5) == NO_EDIT


def test_crumbs_stay_with_the_part_that_they_are_nearest_to(index: PointIndex) -> None:
    crumbs = np.array([(2.4, 0, 0), (2.3, 0, 0), (0.4, 2, 0)], np.float32)
    more = index_points(np.concatenate([index.xyz_m, crumbs]))
    document = Document(((23,),))
    apply(paint_instance(document, np.arange(23), CAR, 1, taxonomy=GARAGE), document)

    done(document, split_instance(document, 1, more, CAR, gap_m=0.5))

    assert document.instances().where(1).tolist() == [*range(10, 20), 20, 21]
    assert document.instances().where(2).tolist() == [*range(10), 22]


def test_of_a_class_that_asks_for_one_point_each_is_a_part() -> None:
    x = np.array([0.0, 0.1, 0.2, 5.0], np.float32)
    document = Document(((4,),))
    ghost = GARAGE["ghost"]
    apply(paint_instance(document, np.arange(4), ghost, 1, taxonomy=GARAGE), document)

    index = index_points(np.column_stack([x, 0 * x, 0 * x]).astype(np.float32))
    done(document, split_instance(document, 1, index, ghost, gap_m=0.5))

    assert document.instances().counts() == {1: 3, 2: 1}


def test_chosen_points_are_split_off_as_an_object_of_their_own() -> None:
    document = labelled(0, 10)

    done(document, split_off(document, rows(8, 9, 10, 11)))

    assert document.instances().where(2).tolist() == [8, 9]


def test_merged_objects_have_the_number_and_the_class_of_the_first() -> None:
    document = labelled(0, 5)
    apply(paint_instance(document, np.arange(5, 9), WALL, 2, taxonomy=GARAGE), document)

    done(document, merge_instances(document, [1, 2]))

    assert document.instances().counts() == {1: 9}
    assert document.semantic().counts() == {CAR.value: 9}
    assert merge_instances(document, [1]) == NO_EDIT


def test_a_box_of_a_merged_object_is_a_box_of_what_it_became() -> None:
    document = labelled(0, 5)
    apply(paint_instance(document, np.arange(5, 9), CAR, 2, taxonomy=GARAGE), document)
    box = belonging_to(Annotation("car", Box3D((0, 0, 0), (1, 1, 1))), 2)
    apply(Put(box), document)

    done(document, merge_instances(document, [1, 2]))

    assert instance_of(document.annotations[box.id]) == 1


def test_inverting_swaps_members_and_free_points_among_the_shown_ones() -> None:
    document = labelled(0, 5)
    apply(paint_class(document, rows(7), WALL, taxonomy=GARAGE), document)
    apply(paint_instance(document, rows(8), CAR, 2, taxonomy=GARAGE), document)

    done(document, invert_instance(document, 1, rows(3, 4, 5, 6, 7, 8)))

    assert document.instances().where(1).tolist() == [0, 1, 2, 5, 6]
    assert document.semantic().where(CAR.value).tolist() == [0, 1, 2, 5, 6, 8]
    assert document.instances().where(2).tolist() == [8]


def test_inverting_what_would_take_every_point_away_changes_nothing() -> None:
    document = labelled(0, 5)

    assert invert_instance(document, 1, rows(0, 1, 2, 3, 4)) == NO_EDIT
    assert invert_instance(document, 1, rows(12, 13)) == NO_EDIT


def test_a_new_object_takes_a_number_that_no_scan_and_no_box_has() -> None:
    document = Document(((5,), (5,)))
    apply(paint_instance(document, rows(1), CAR, 4, taxonomy=GARAGE, frame=1), document)

    painted = next_instance(document)
    apply(Put(belonging_to(Annotation("car", Box3D((0, 0, 0), (1, 1, 1))), 9)), document)

    assert (painted, next_instance(document)) == (5, 10)


def test_points_that_are_mostly_an_object_stay_that_one() -> None:
    document = labelled(0, 5)

    assert instance_of_most(document, rows(2, 3, 4, 5), CAR) == 1
    assert instance_of_most(document, rows(4, 5, 6), CAR) == 0
    assert instance_of_most(document, rows(2, 3, 4), WALL) == 0


def test_an_objects_class_is_the_one_of_most_of_its_points() -> None:
    document = labelled(0, 5)

    assert class_of(document, 1, GARAGE) == CAR
    assert class_of(document, 7, GARAGE) is None
    assert members(document, (1, 7)).tolist() == [0, 1, 2, 3, 4]


def test_an_object_grows_by_a_ring_of_free_points_only(index: PointIndex) -> None:
    document = labelled(3, 6)
    apply(paint_class(document, rows(2), WALL, taxonomy=GARAGE), document)

    done(document, grow_instance(document, 1, index, reach_m=0.15))

    assert document.instances().where(1).tolist() == [3, 4, 5, 6]
    assert document.semantic().where(WALL.value).tolist() == [2]


def test_an_object_shrinks_where_it_has_neighbours_and_never_to_nothing(index: PointIndex) -> None:
    document = labelled(3, 6)

    done(document, shrink_instance(document, 1, index, reach_m=0.15))

    assert document.instances().where(1).tolist() == [4]
    assert shrink_instance(document, 1, index, reach_m=0.15) == NO_EDIT


def test_points_that_get_another_class_leave_their_object() -> None:
    document = labelled(0, 5)

    done(document, paint_class(document, rows(3, 4, 5), WALL, taxonomy=GARAGE))

    assert document.instances().where(1).tolist() == [0, 1, 2]
    assert document.semantic().where(WALL.value).tolist() == [3, 4, 5]


def test_painting_the_class_that_is_there_changes_no_object() -> None:
    document = labelled(0, 5)

    assert paint_class(document, rows(1, 2), CAR, taxonomy=GARAGE) == NO_EDIT


def test_points_of_a_protected_class_join_no_object() -> None:
    document = labelled(0, 5)

    edit = paint_instance(
        document, rows(4, 5), WALL, 2, taxonomy=GARAGE, protected=frozenset({"car"})
    )
    apply(edit, document)

    assert document.instances().where(2).tolist() == [5]
    assert next_instance(document) == 3


def test_parts_are_told_apart_by_their_gaps(index: PointIndex) -> None:
    assert parts_by_gap(index.xyz_m, 0.5).tolist() == [0] * 10 + [1] * 10
    assert set(parts_by_gap(index.xyz_m, 3.5).tolist()) == {0}
    assert len(parts_by_gap(index.xyz_m[:0], 1)) == 0


def test_the_first_of_very_many_points_tell_the_class_of_an_instance() -> None:
    document = Document(((600_000,),))
    for label, rows in ((CAR, np.arange(450_000)), (WALL, np.arange(450_000, 600_000))):
        apply(
            paint_instance(document, rows, label, 1, taxonomy=GARAGE),
            document,
        )

    assert class_of(document, 1, GARAGE) == CAR
    assert document.instances().count(1) == 600_000
    np.testing.assert_array_equal(document.instances().where(1, most=70_000), np.arange(70_000))
