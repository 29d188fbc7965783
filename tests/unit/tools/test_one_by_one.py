"""Many objects are changed in one step, and what stays as it is says why."""

from dataclasses import replace

from annotator.errors import AnnotatorError
from annotator.model.annotations import Annotation
from annotator.model.edits import Batch, Edit, Put
from annotator.model.shapes import Box3D
from annotator.tools.one_by_one import one_by_one
from annotator.tools.tool import Reply

BOX = Box3D((0, 0, 0.75), (4.4, 1.8, 1.5))
CARS = tuple(Annotation("car", BOX) for _each in range(3))


def relabelled(annotation: Annotation) -> Edit:
    return Put(replace(annotation, label="movable"))


def test_many_objects_are_one_step() -> None:
    reply = one_by_one(CARS, relabelled, "Set class").settled()

    assert isinstance(reply.edit, Batch)
    assert [part.annotation.id for part in reply.edit.edits if isinstance(part, Put)] == [
        car.id for car in CARS
    ]
    assert reply.hint == ""


def test_one_object_is_no_batch() -> None:
    reply = one_by_one(CARS[:1], relabelled, "Set class", says=lambda _edit: "done").settled()

    assert isinstance(reply.edit, Put)
    assert reply.hint == "done"


def test_it_says_how_far_it_is_before_each_further_object() -> None:
    said: list[str] = []

    def goes_on(so_far: Reply) -> bool:
        said.append(so_far.hint)
        return True

    one_by_one(CARS, relabelled, "Set class").settled(goes_on)

    assert said == ["", "Set class: 1 of 3 objects", "Set class: 2 of 3 objects"]


def test_what_cannot_be_changed_stays_and_the_first_reason_is_said() -> None:
    def some(annotation: Annotation) -> Edit | None:
        if annotation is CARS[1]:
            raise AnnotatorError("nothing stands here")
        return None if annotation is CARS[2] else relabelled(annotation)

    reply = one_by_one(CARS, some, "Set class", otherwise="it is so already").settled()

    assert reply.edit == relabelled(CARS[0])
    assert reply.hint == "2 objects stay: nothing stands here"


def test_where_nothing_changes_the_reason_is_all_that_is_said() -> None:
    reply = one_by_one(CARS, lambda _car: None, "Set class", otherwise="it is so already").settled()

    assert reply.edit is None
    assert reply.hint == "it is so already"
