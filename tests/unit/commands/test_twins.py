"""Nothing is labelled twice in one place by one click too many."""

from dataclasses import replace

from annotator.commands.twins import twin_of
from annotator.model.annotations import Annotation
from annotator.model.document import Document
from annotator.model.edits import Drop, Put
from annotator.model.shapes import Box3D, Cylinder3D

BOX = Box3D((0, 0, 0.75), (4.4, 1.8, 1.5))
CAR = Annotation("car", BOX, frame=2)
NEARLY = Annotation("car", replace(BOX, center_m=(0.2, 0.1, 0.75)))


def document(*known: Annotation) -> Document:
    return Document(((10,),), {a.id: a for a in known})


def test_a_box_in_nearly_the_same_place_has_a_twin() -> None:
    assert twin_of(Put(NEARLY), document(CAR), 2) == CAR


def test_a_box_in_another_scan_or_beside_it_has_none() -> None:
    beside = Annotation("car", replace(BOX, center_m=(0, 2.2, 0.75)))

    assert twin_of(Put(NEARLY), document(CAR), 3) is None
    assert twin_of(Put(beside), document(CAR), 2) is None


def test_changing_a_box_is_no_second_one() -> None:
    assert twin_of(Put(replace(CAR, label="movable")), document(CAR), 2) is None
    assert twin_of(Drop(CAR.id), document(CAR), 2) is None


def test_a_dismissed_suggestion_is_in_nobodys_way() -> None:
    assert twin_of(Put(NEARLY), document(replace(CAR, dismissed="ghost")), 2) is None


def test_a_round_and_a_square_pillar_are_one_pillar() -> None:
    square = Annotation("pillar", Box3D((5, 5, 1.5), (0.6, 0.6, 3)))
    round_one = Annotation("pillar", Cylinder3D((5, 5, 1.5), 0.3, 3))

    assert twin_of(Put(round_one), document(square), 0) == square
