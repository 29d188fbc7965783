"""What lies between key frames goes with them, in the same step."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.commands.refilling import refilled
from annotator.commands.tracks import boxes_of, interpolate
from annotator.model.annotations import Annotation, Origin
from annotator.model.document import Document
from annotator.model.edits import Batch, Drop, Paint, Put, apply
from annotator.model.layers import SEMANTIC, LayerKey
from annotator.model.shapes import Box3D

SCANS = 9


def car(frame: int, x_m: float, origin: Origin = Origin.HAND) -> Annotation:
    shape = Box3D((x_m, 0.0, 0.8), (4.0, 2.0, 1.6))
    return Annotation("car", shape, frame=frame, track="1", origin=origin)


def filled(*keys: Annotation) -> Document:
    document = Document(((10,),) * SCANS, {a.id: a for a in keys})
    apply(interpolate(document, "1"), document)
    return document


def places(document: Document) -> dict[int, float]:
    found = boxes_of(document, "1").items()
    return {f: round(a.shape.center_m[0], 9) for f, a in found if isinstance(a.shape, Box3D)}


def moved(annotation: Annotation, x_m: float) -> Annotation:
    return replace(annotation, shape=car(0, x_m).shape, origin=Origin.HAND)


def test_a_key_frame_takes_its_neighbours_along_and_nobody_else() -> None:
    keys = car(0, 0.0), car(2, 2.0), car(4, 4.0), car(6, 6.0)
    document = filled(*keys)

    undo = apply(refilled(document, Put(moved(keys[1], 12.0))), document)

    assert places(document) == {0: 0, 1: 6, 2: 12, 3: 8, 4: 4, 5: 5, 6: 6}
    apply(undo, document)
    assert places(document) == {n: n for n in range(7)}


def test_a_guess_that_a_person_moves_becomes_a_key_frame() -> None:
    document = filled(car(0, 0.0), car(4, 4.0))
    guess = boxes_of(document, "1")[2]

    apply(refilled(document, Put(moved(guess, 10.0))), document)

    assert places(document) == {0: 0, 1: 5, 2: 10, 3: 7, 4: 4}


def test_without_a_key_frame_the_ones_around_it_are_joined() -> None:
    keys = car(0, 0.0), car(2, 9.0), car(4, 4.0)
    document = filled(*keys)

    apply(refilled(document, Drop(keys[1].id)), document)

    assert places(document) == {0: 0, 1: 1, 3: 3, 4: 4}


def test_behind_the_last_key_frame_nothing_moves() -> None:
    keys = car(0, 0.0), car(1, 1.0)
    beyond = car(3, 3.0, Origin.INTERPOLATED)
    document = filled(*keys, beyond)

    apply(refilled(document, Put(moved(keys[1], 5.0))), document)

    assert places(document) == {0: 0, 1: 5, 3: 3}


def test_a_guess_that_the_edit_speaks_of_is_as_the_edit_says() -> None:
    keys = car(0, 0.0), car(2, 2.0)
    document = filled(*keys)
    guess = boxes_of(document, "1")[1]
    said = replace(guess, shape=car(0, 7.0).shape)

    apply(refilled(document, Batch((Put(moved(keys[1], 4.0)), Put(said)))), document)

    assert places(document) == {0: 0, 1: 7, 2: 4}


def test_what_touches_no_key_frame_is_left_as_it_is() -> None:
    key = car(0, 0.0)
    document = filled(key, car(2, 2.0))
    paint = Paint(LayerKey(SEMANTIC, 0), *([1],) * 2)  # type: ignore[arg-type]  # never applied
    other = Put(replace(car(0, 3.0), track=None))
    renamed = Put(replace(key, attributes={"seen": True}))

    assert refilled(document, paint) is paint
    assert refilled(document, other) is other
    assert refilled(document, renamed) is renamed


@settings(max_examples=60)
@given(
    st.lists(st.integers(0, SCANS - 1), min_size=2, max_size=5, unique=True),
    st.integers(0, SCANS - 1),
    st.integers(-50, 50),
)
def test_moving_a_key_frame_is_as_filling_anew(frames: list[int], which: int, x_m: int) -> None:
    keys = [car(frame, float(frame**2)) for frame in frames]
    chosen = keys[which % len(keys)]
    document, expected = filled(*keys), Document(((10,),) * SCANS)
    for key in keys:
        apply(Put(moved(chosen, x_m) if key is chosen else key), expected)

    apply(refilled(document, Put(moved(chosen, x_m))), document)

    apply(interpolate(expected, "1"), expected)
    assert places(document) == places(expected)
