"""A person reads beside each object how it came about."""

import pytest

from annotator.app.states_in_words import name_of
from annotator.i18n import set_language
from annotator.model.annotations import Annotation, Origin
from annotator.model.labels import GARAGE
from annotator.model.shapes import Box3D


@pytest.mark.parametrize(
    ("origin", "frame", "track", "name"),
    [
        (Origin.HAND, 3, "2", "◆ Car 2"),
        (Origin.FIT, 3, "2", "◆ Car 2"),
        (Origin.REFITTED, 3, "2", "● Car 2"),
        (Origin.INTERPOLATED, 3, "2", "○ Car 2 (interpolated)"),
        (Origin.SUGGESTION, 3, "2", "? Car 2 (suggestion)"),
        (Origin.SUGGESTION, None, None, "Car (suggestion)"),
        (Origin.HAND, None, None, "Car"),
    ],
)
def test_the_name_of_an_object_says_how_its_box_came_about(
    origin: Origin, frame: int | None, track: str | None, name: str
) -> None:
    set_language("en")
    box = Box3D((0, 0, 0.75), (4.5, 1.8, 1.5))

    assert name_of(Annotation("car", box, origin=origin, frame=frame, track=track), GARAGE) == name
