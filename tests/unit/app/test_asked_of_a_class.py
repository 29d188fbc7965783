"""Classes and what they ask, as a person words it: with either punctuation, each name once."""

import pytest

from annotator.app.asked_of_a_class import (
    answered,
    asking,
    asking_no_more,
    asking_otherwise,
    renamed,
    with_class,
)
from annotator.errors import AnnotatorError
from annotator.model.annotations import Annotation
from annotator.model.labels import GARAGE, Attribute, AttributeKind
from annotator.model.shapes import Box3D

CAR = GARAGE["car"]
BOX = Box3D((0, 0, 0.75), (4.5, 1.8, 1.5))


@pytest.mark.parametrize(
    "words",
    [
        "损伤:无,凹陷,划痕",
        "损伤：无，凹陷，划痕",
        "损伤：无、凹陷、划痕",
        " 损伤 : 无, 凹陷; 划痕 ",
    ],
)
def test_choices_are_told_apart_by_the_punctuation_of_any_keyboard(words: str) -> None:
    _label, asked = asking(CAR, words)

    assert asked == Attribute("损伤", "损伤", AttributeKind.CHOICE, ("无", "凹陷", "划痕"))


def test_a_name_alone_takes_any_words() -> None:
    assert asking(CAR, "note")[1].kind is AttributeKind.TEXT


def test_nothing_is_called_as_something_else_is() -> None:
    with pytest.raises(AnnotatorError, match="Moving"):
        asking(CAR, "Moving: yes, no")
    with pytest.raises(AnnotatorError, match="Wall"):
        with_class(GARAGE, "Wall")
    with pytest.raises(AnnotatorError, match="Wall"):
        renamed(GARAGE, CAR, "Wall")
    with pytest.raises(AnnotatorError, match="before the colon"):
        asking(CAR, ": yes, no")


def test_what_is_called_otherwise_or_asked_no_more_keeps_its_answers() -> None:
    label, asked = asking(CAR, "damage: none, dent")
    both = [
        Annotation("car", BOX, frame=n, track="1", attributes={"damage": "dent"}) for n in (0, 1)
    ]

    called = asking_otherwise(label, asked, "Harm")

    assert called.attributes[-1].name == "damage"
    assert called.attributes[-1].title == "Harm"
    assert answered([*both, Annotation("car", BOX)], label, asked) == 1
    assert asking_no_more(label, asked) == CAR
