import numpy as np
import pytest

from annotator.commands.instances import (
    NO_EDIT,
    grow_instance,
    invert_instance,
    merge_instances,
    next_instance,
    paint_class,
    paint_object,
    shrink_instance,
    split_instance,
    split_off,
)
from annotator.geometry.neighbours import PointIndex, index_points
from annotator.geometry.parts import parts_by_gap
from annotator.model.document import Document
from annotator.model.edits import Edit, apply
from annotator.model.labels import GARAGE

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
    edit = paint_object(document, np.arange(first, last), CAR, instance, taxonomy=GARAGE)
    apply(edit, document)
    return document


def test_an_object_split_by_a_gap_keeps_its_number_on_the_larger_part(index: PointIndex) -> None:
    document = labelled(2, 20)

    done(document, split_instance(document, 1, index, gap_m=0.5))

    assert document.instances().counts() == {1: 10, 2: 8}
    assert document.semantic().counts() == {CAR.value: 18}
    assert split_instance(document, 1, index, gap_m=0.5) == NO_EDIT


def test_chosen_points_are_split_off_as_an_object_of_their_own() -> None:
    document = labelled(0, 10)

    done(document, split_off(document, rows(8, 9, 10, 11)))

    assert document.instances().where(2).tolist() == [8, 9]


def test_merged_objects_have_the_number_and_the_class_of_the_first() -> None:
    document = labelled(0, 5)
    apply(paint_object(document, np.arange(5, 9), WALL, 2, taxonomy=GARAGE), document)

    done(document, merge_instances(document, [1, 2]))

    assert document.instances().counts() == {1: 9}
    assert document.semantic().counts() == {CAR.value: 9}
    assert merge_instances(document, [1]) == NO_EDIT


def test_inverting_swaps_members_and_others_among_the_chosen_points() -> None:
    document = labelled(0, 5)

    done(document, invert_instance(document, 1, rows(3, 4, 5, 6)))

    assert document.instances().where(1).tolist() == [0, 1, 2, 5, 6]


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

    edit = paint_object(
        document, rows(4, 5), WALL, 2, taxonomy=GARAGE, protected=frozenset({"car"})
    )
    apply(edit, document)

    assert document.instances().where(2).tolist() == [5]
    assert next_instance(document) == 3


def test_parts_are_told_apart_by_their_gaps(index: PointIndex) -> None:
    assert parts_by_gap(index.xyz_m, 0.5).tolist() == [0] * 10 + [1] * 10
    assert set(parts_by_gap(index.xyz_m, 3.5).tolist()) == {0}
    assert len(parts_by_gap(index.xyz_m[:0], 1)) == 0
