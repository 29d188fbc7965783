"""How far apart bodies stand, from side to side."""

import math

import pytest

from annotator.geometry.apart import clear_m
from annotator.model.shapes import Box3D, Cylinder3D

ROUND = Cylinder3D((0, 0, 1.5), 0.3, 3)


@pytest.mark.parametrize(
    ("other", "clear"),
    [
        (Cylinder3D((3, 4, 2), 0.5, 1), 4.2),
        (Box3D((5, 0.1, 1), (1, 0.6, 2)), 4.2),
        (Box3D((5, 0, 1), (1, 1, 2), math.radians(45)), 4.7 - math.sqrt(0.5)),
        (Cylinder3D((0.2, 0, 2), 0.5, 1), 0),
    ],
    ids=["round", "square", "square by its corner", "meeting"],
)
def test_bodies_are_as_far_apart_as_their_sides(other: Box3D | Cylinder3D, clear: float) -> None:
    assert clear_m(ROUND, other) == pytest.approx(clear)
    assert clear_m(other, ROUND) == pytest.approx(clear)


def test_two_boxes_are_as_far_apart_as_their_nearest_sides() -> None:
    assert clear_m(Box3D((0, 0, 1), (2, 1, 2)), Box3D((4, 0.8, 1), (2, 1, 2))) == pytest.approx(2)
