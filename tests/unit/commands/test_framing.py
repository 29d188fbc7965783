"""What is new holds in the scan that is shown, unless it stands still."""

from dataclasses import replace

import pytest

from annotator.commands.framing import can_move, framed
from annotator.model.annotations import Annotation
from annotator.model.document import Document
from annotator.model.edits import Batch, Drop, Edit, Put
from annotator.model.labels import GARAGE
from annotator.model.shapes import Box3D

BOX = Box3D((0.0, 0.0, 0.8), (4.0, 2.0, 1.6))
SEQUENCE = ((5,), (5,), (5,))


def frames_of(edit: Edit) -> list[int | None]:
    match edit:
        case Put(annotation):
            return [annotation.frame]
        case Batch(edits):
            return [frame for part in edits for frame in frames_of(part)]
        case _:
            return []


@pytest.mark.parametrize(
    ("label", "static", "frame"),
    [
        ("car", False, 2),
        ("car", True, None),
        ("pillar", False, None),
        ("lorry", False, 2),
        ("ghost", False, 2),
        ("ghost", True, None),
    ],
)
def test_a_new_annotation_gets_its_scan(label: str, static: bool, frame: int | None) -> None:
    edit = framed(
        Put(Annotation(label, BOX)), Document(SEQUENCE), GARAGE, frame=2, makes_static=static
    )

    assert frames_of(edit) == [frame]


def test_every_part_of_an_edit_gets_its_scan() -> None:
    edit = Batch((Put(Annotation("car", BOX)), Batch((Put(Annotation("wall", BOX)),)), Drop("x")))

    placed = framed(edit, Document(SEQUENCE), GARAGE, frame=1, makes_static=False)

    assert frames_of(placed) == [1, None]


def test_what_is_there_already_keeps_its_scan() -> None:
    old = Annotation("car", BOX, frame=0)
    document = Document(SEQUENCE, {old.id: old})

    moved = framed(Put(replace(old, label="movable")), document, GARAGE, frame=2, makes_static=True)

    assert frames_of(moved) == [0]


def test_a_single_scan_has_no_frames() -> None:
    edit = Put(Annotation("car", BOX))

    assert framed(edit, Document(((5,),)), GARAGE, frame=0, makes_static=False) is edit


def test_pillars_and_walls_stand_still_and_cars_may_not() -> None:
    assert [can_move(label.name, GARAGE) for label in GARAGE][:4] == [False, False, True, True]
