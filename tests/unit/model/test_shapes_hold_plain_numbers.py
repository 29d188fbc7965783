"""Shapes hold Python's own numbers, whatever made them, so that the store can keep them."""

import numpy as np
import pytest

from annotator.model.annotations import Annotation
from annotator.model.edits import Put
from annotator.model.shapes import (
    Box3D,
    Cylinder3D,
    Focus,
    Opening,
    Point3D,
    Polygon3D,
    Polyline3D,
    Shape,
    Vec3,
)
from annotator.project.codec import edit_as_bytes, edit_from_bytes

ONE, HALF = np.float64(1.0), np.float32(0.5)
PLACE: Vec3 = (float(1), 2.0, 3.0)
NUMPY_PLACE: Vec3 = (ONE, np.float64(2.0), np.float64(3.0))


@pytest.mark.parametrize(
    ("of_numpy", "plain"),
    [
        (
            Box3D(NUMPY_PLACE, NUMPY_PLACE, ONE, ONE, float(HALF)),
            Box3D(PLACE, PLACE, 1.0, 1.0, 0.5),
        ),
        (Cylinder3D(NUMPY_PLACE, ONE, ONE), Cylinder3D(PLACE, 1.0, 1.0)),
        (
            Polyline3D((NUMPY_PLACE, PLACE), ONE, ONE, (Opening(ONE, ONE + 1, ONE, ONE + 1),)),
            Polyline3D((PLACE, PLACE), 1.0, 1.0, (Opening(1.0, 2.0, 1.0, 2.0),)),
        ),
        (Polygon3D((NUMPY_PLACE,) * 3), Polygon3D((PLACE,) * 3)),
        (Point3D(NUMPY_PLACE), Point3D(PLACE)),
        (Focus(np.int64(3)), Focus(3)),  # type: ignore[arg-type]  # what a careless caller does
    ],
    ids=lambda shape: type(shape).__name__,
)
def test_a_shape_of_numpy_numbers_can_be_stored(of_numpy: Shape, plain: Shape) -> None:
    annotation = Annotation("car", of_numpy, frame=np.int64(4))  # type: ignore[arg-type]  # as above

    read = edit_from_bytes(edit_as_bytes(Put(annotation)))

    assert isinstance(read, Put)
    assert read.annotation == annotation
    assert read.annotation.shape == plain
    assert "np." not in repr(annotation.shape)


def test_an_array_of_three_numbers_becomes_a_place() -> None:
    box = Box3D(np.array([1.0, 2.0, 3.0]), (4.0, 2.0, 1.5))  # type: ignore[arg-type]  # as above

    assert box.center_m == PLACE


def test_attributes_of_numpy_numbers_can_be_stored() -> None:
    annotation = Annotation("car", Point3D(PLACE), attributes={"speed": ONE, "seen": bool(ONE)})

    edit_as_bytes(Put(annotation))

    assert dict(annotation.attributes) == {"speed": 1.0, "seen": True}
