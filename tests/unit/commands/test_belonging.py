import math
from dataclasses import replace

import numpy as np
import pytest

from annotator.commands.belonging import box_around_instance, box_of, label_points_of
from annotator.commands.instances import belonging_to, instance_of
from annotator.commands.points import NO_EDIT, paint_instance
from annotator.errors import AnnotatorError
from annotator.geometry.inside import rows_in
from annotator.model.annotations import Annotation, Origin
from annotator.model.cloud import PointCloud
from annotator.model.document import Document
from annotator.model.edits import apply
from annotator.model.labels import GARAGE
from annotator.model.layers import Where
from annotator.model.shapes import Box3D, Point3D

CAR, WALL = GARAGE["car"], GARAGE["wall"]
ORIGIN_M = (1000.0, 2000.0, 0.0)
CAR_BOX = Box3D((1000.0, 2000.0, 0.75), (4.4, 1.8, 1.5))


@pytest.fixture(scope="module")
def cloud() -> PointCloud:
    """A car's 500 points about the origin, then 200 of something else 10 m away."""
    random = np.random.default_rng(0)
    car = random.uniform((-2.2, -0.9, 0), (2.2, 0.9, 1.5), (500, 3))
    other = random.uniform((9, -1, 0), (11, 1, 2), (200, 3))
    return PointCloud(np.concatenate([car, other]).astype(np.float32), origin_m=ORIGIN_M)


@pytest.fixture
def document(cloud: PointCloud) -> Document:
    made = Document(((len(cloud),),))
    apply(paint_instance(made, np.arange(500), CAR, 3, taxonomy=GARAGE), made)
    return made


def rows_of(cloud: PointCloud) -> dict[int, Where]:
    return {0: rows_in(cloud, CAR_BOX, None)}


def test_a_box_around_an_instance_holds_exactly_its_points_and_its_number(
    cloud: PointCloud, document: Document
) -> None:
    put = box_around_instance(document, 3, cloud, GARAGE)

    assert put.annotation.label == "car"
    assert instance_of(put.annotation) == 3
    assert rows_in(cloud, put.annotation.shape, None).tolist() == list(range(500))
    assert isinstance(put.annotation.shape, Box3D)
    assert put.annotation.shape.center_m == pytest.approx(CAR_BOX.center_m, abs=0.05)


def test_the_box_that_an_instance_has_is_moved_and_keeps_its_heading(
    cloud: PointCloud, document: Document
) -> None:
    before = belonging_to(Annotation("car", replace(CAR_BOX, yaw_rad=math.pi)), 3)
    document.annotations[before.id] = before

    put = box_around_instance(document, 3, cloud, GARAGE)

    assert put.annotation.id == before.id
    assert put.annotation.origin is Origin.FIT
    assert isinstance(put.annotation.shape, Box3D)
    assert abs(math.remainder(put.annotation.shape.yaw_rad - math.pi, math.tau)) < 0.05


def test_an_instance_without_points_has_no_box(cloud: PointCloud, document: Document) -> None:
    with pytest.raises(AnnotatorError, match="no points in this scan"):
        box_around_instance(document, 9, cloud, GARAGE)


def test_the_points_in_a_box_become_its_class_and_instance_and_the_box_remembers_it(
    cloud: PointCloud,
) -> None:
    document = Document(((len(cloud),),))
    box = Annotation("car", CAR_BOX)
    document.annotations[box.id] = box

    edit, number = label_points_of(document, box, rows_of(cloud), GARAGE)
    undo = apply(edit, document)

    assert document.semantic().counts() == {CAR.value: 500}
    assert document.instances().counts() == {number: 500}
    assert box_of(document, number) == document.annotations[box.id]
    apply(undo, document)
    assert document.annotations == {box.id: box}
    assert document.semantic().counts() == {}


def test_a_box_that_has_an_instance_gives_its_points_that_one_again(
    cloud: PointCloud, document: Document
) -> None:
    box = belonging_to(Annotation("car", CAR_BOX), 3)
    document.annotations[box.id] = box

    edit, number = label_points_of(document, box, rows_of(cloud), GARAGE)

    assert number == 3
    assert edit == NO_EDIT


def test_protected_points_in_a_box_stay_as_they_are(cloud: PointCloud, document: Document) -> None:
    wall = Annotation("wall", CAR_BOX)

    edit, _number = label_points_of(
        document, wall, rows_of(cloud), GARAGE, protected=frozenset({"car"})
    )

    assert edit == NO_EDIT


def test_the_points_of_a_box_in_several_scans_become_one_instance_in_one_edit(
    cloud: PointCloud,
) -> None:
    document = Document(((len(cloud),),) * 2)
    box = Annotation("car", CAR_BOX)
    document.annotations[box.id] = box
    rows = rows_of(cloud)[0]

    edit, number = label_points_of(document, box, {1: rows, 0: rows[:100]}, GARAGE, frame=1)
    apply(edit, document)

    assert document.instances(0).counts() == {number: 100}
    assert document.instances(1).counts() == {number: 500}
    assert box_of(document, number) == document.annotations[box.id]


def test_a_place_has_no_points_inside(document: Document) -> None:
    with pytest.raises(AnnotatorError, match="only a box or a pillar"):
        label_points_of(document, Annotation("car", Point3D((0, 0, 0))), {}, GARAGE)
