import numpy as np

from annotator.commands.points import paint_class
from annotator.model.document import Document
from annotator.model.edits import Batch, Paint, apply
from annotator.model.labels import GARAGE

CAR, WALL = GARAGE["car"], GARAGE["wall"]


def document() -> Document:
    made = Document(((10,),))
    apply(paint_class(made, np.array([2, 3]), WALL, taxonomy=GARAGE), made)
    return made


def test_painting_changes_only_points_that_have_another_class() -> None:
    edit = paint_class(document(), np.arange(5), WALL, taxonomy=GARAGE)

    assert isinstance(edit, Paint)
    assert edit.where.tolist() == [0, 1, 4]


def test_points_of_a_protected_class_stay_as_they_are() -> None:
    edit = paint_class(
        document(), np.arange(5), CAR, taxonomy=GARAGE, protected=frozenset({"wall"})
    )

    assert isinstance(edit, Paint)
    assert edit.where.tolist() == [0, 1, 4]


def test_erasing_takes_the_class_away_and_undo_brings_it_back() -> None:
    painted = document()

    undo = apply(paint_class(painted, np.arange(10), None, taxonomy=GARAGE), painted)
    erased = painted.semantic().counts()
    apply(undo, painted)

    assert erased == {}
    assert painted.semantic().counts() == {WALL.value: 2}


def test_painting_nothing_new_is_no_edit() -> None:
    assert paint_class(document(), np.array([2]), WALL, taxonomy=GARAGE) == Batch(())
