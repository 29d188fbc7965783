"""Boxes of one object over the scans: filled, cut, joined, and told apart by their origin."""

from dataclasses import replace

import pytest

from annotator.commands.tracks import (
    Change,
    Happening,
    State,
    TrackError,
    accept,
    begin_tracks,
    boxes_of,
    changes,
    for_each_object,
    interpolate,
    make_static,
    merge_objects,
    next_track,
    split_track,
    state_of,
    tracks_of,
    way_m,
    with_all_boxes,
)
from annotator.errors import AnnotatorError
from annotator.geometry.visibility import Presence, Sight
from annotator.model.annotations import Annotation, Origin
from annotator.model.document import Document
from annotator.model.edits import Drop, apply
from annotator.model.shapes import Box3D, Point3D

SCANS = 8
SEEN, HIDDEN, GONE = (Sight(n, 0, p) for n, p in ((9, "seen"), (0, "hidden"), (0, "gone")))  # type: ignore[arg-type]  # its members' own words


def box(x_m: float) -> Box3D:
    return Box3D((x_m, 0.0, 0.8), (4.0, 2.0, 1.6))


def car(frame: int | None, x_m: float, track: str | None = "1", **more: Origin) -> Annotation:
    return Annotation("car", box(x_m), frame=frame, track=track, **more)  # type: ignore[arg-type]  # only origins are given


def document_of(*annotations: Annotation) -> Document:
    return Document(((10,),) * SCANS, {a.id: a for a in annotations})


def places(document: Document, track: str = "1") -> dict[int, float]:
    found = boxes_of(document, track).items()
    return {f: a.shape.center_m[0] for f, a in found if isinstance(a.shape, Box3D)}


def test_scans_between_two_key_frames_are_filled() -> None:
    document = document_of(car(1, 0.0), car(4, 6.0))

    apply(interpolate(document, "1"), document)

    assert places(document) == {1: 0.0, 2: 2.0, 3: 4.0, 4: 6.0}
    states = [state_of(a) for a in boxes_of(document, "1").values()]
    assert states == [State.KEY, State.INTERPOLATED, State.INTERPOLATED, State.KEY]


def test_filling_again_after_a_key_frame_moved_keeps_the_identities() -> None:
    first, last = car(0, 0.0), car(2, 2.0)
    document = document_of(first, last)
    apply(interpolate(document, "1"), document)
    before = boxes_of(document, "1")[1].id
    document = document_of(first, replace(last, shape=box(8.0)), boxes_of(document, "1")[1])

    apply(interpolate(document, "1"), document)

    assert places(document)[1] == 4.0
    assert boxes_of(document, "1")[1].id == before


def test_refitted_boxes_are_key_frames_too() -> None:
    document = document_of(car(0, 0.0), car(2, 9.0, origin=Origin.REFITTED), car(4, 4.0))

    apply(interpolate(document, "1"), document)

    assert places(document) == {0: 0.0, 1: 4.5, 2: 9.0, 3: 6.5, 4: 4.0}


def test_filling_what_is_full_changes_nothing() -> None:
    document = document_of(car(0, 0.0), car(2, 2.0))
    apply(interpolate(document, "1"), document)

    assert interpolate(document, "1") == interpolate(document_of(), "1")


def test_only_boxes_are_filled_in() -> None:
    point = Annotation("car", Point3D((0.0, 0.0, 0.0)), frame=0, track="1")

    with pytest.raises(TrackError, match="only boxes"):
        interpolate(document_of(point, car(2, 2.0)), "1")


def test_an_accepted_box_stays_when_others_move() -> None:
    document = document_of(car(0, 0.0), car(4, 4.0))
    apply(interpolate(document, "1"), document)
    middle = boxes_of(document, "1")[2]

    apply(accept(document, [middle.id]), document)

    assert state_of(boxes_of(document, "1")[2]) is State.KEY


def test_a_static_box_becomes_a_track_and_back() -> None:
    pillar = car(None, 1.0, track=None)
    document = document_of(pillar)

    apply(begin_tracks(document, [pillar.id], 3), document)
    assert places(document) == {3: 1.0}
    apply(interpolate(document, "1"), document)
    apply(make_static(document, [pillar.id], 3), document)

    assert document.annotations[pillar.id] == pillar
    assert tracks_of(document) == ()


def test_making_an_object_static_leaves_one_box() -> None:
    boxes = [car(n, 0.1 * n) for n in range(4)]
    document = document_of(*boxes)

    apply(make_static(document, [boxes[2].id], 0), document)

    assert [a.shape for a in document.annotations.values()] == [box(0.2)]


def test_what_moves_is_left_as_it_is_while_others_are_made_the_same_in_every_scan() -> None:
    moving = [car(n, float(n)) for n in range(4)]
    still, pillar = [car(n, 9.0, track="2") for n in (1, 3)], car(0, 20.0, track=None)
    document = document_of(*moving, *still, pillar)

    apply(make_static(document, list(document.annotations), 1), document)

    assert places(document) == {0: 0.0, 1: 1.0, 2: 2.0, 3: 3.0}
    assert [document.annotations[a.id].frame for a in (still[0], pillar)] == [None, None]


def test_what_moves_is_not_made_the_same_in_every_scan() -> None:
    document = document_of(*(car(n, float(n)) for n in range(4)))

    with pytest.raises(AnnotatorError, match="in different places in its scans"):
        make_static(document, list(document.annotations), 1)


def test_all_boxes_of_several_objects_make_each_of_them_static_as_it_is_in_the_scan_at_hand() -> (
    None
):
    mine, others = [car(n, 0.1 * n) for n in range(4)], [car(n, 9.0, track="2") for n in (1, 3)]
    document = document_of(*mine, *others)

    apply(make_static(document, list(document.annotations), 2), document)

    assert {a.id: (a.frame, a.track) for a in document.annotations.values()} == {
        mine[2].id: (None, None),
        others[0].id: (None, None),
    }


def test_static_objects_that_begin_to_move_are_each_an_object_of_its_own() -> None:
    document = document_of(car(None, 1.0, track=None), car(None, 5.0, track=None))

    apply(begin_tracks(document, list(document.annotations), 0), document)

    assert tracks_of(document) == ("1", "2")


def test_what_is_no_longer_there_is_said_without_its_number() -> None:
    with pytest.raises(AnnotatorError, match="no longer there, so nothing was changed"):
        apply(Drop("4f00bd80"), document_of())


def test_a_track_is_cut_in_two() -> None:
    document = document_of(*(car(n, float(n)) for n in range(5)))

    apply(split_track(document, "1", 3), document)

    assert (sorted(places(document)), sorted(places(document, "2"))) == ([0, 1, 2], [3, 4])


@pytest.mark.parametrize("frame", [0, 5])
def test_a_cut_beyond_a_track_is_refused(frame: int) -> None:
    document = document_of(*(car(n, float(n)) for n in range(5)))

    with pytest.raises(TrackError, match="on both sides"):
        split_track(document, "1", frame)


def test_two_tracks_become_one_of_the_first_ones_class() -> None:
    van = replace(car(3, 3.0, track="2"), label="movable")
    guess = car(4, 4.0, track="2", origin=Origin.INTERPOLATED)
    document = document_of(car(1, 1.0), car(4, 4.5), van, guess)

    apply(merge_objects(document, boxes_of(document, "1")[1], van), document)

    assert places(document) == {1: 1.0, 3: 3.0, 4: 4.5}
    assert {a.label for a in document.annotations.values()} == {"car"}


@pytest.mark.parametrize("track", ["1", None])
def test_a_box_of_one_scan_is_joined_as_a_whole_object_is(track: str | None) -> None:
    one, alone = car(1, 1.0, track), car(4, 4.0, None)
    document = document_of(one, alone)

    apply(merge_objects(document, one, alone), document)

    assert {f: a.id for f, a in boxes_of(document, "1").items()} == {1: one.id, 4: alone.id}


def test_what_is_the_same_in_every_scan_is_joined_with_nothing() -> None:
    still, other = car(None, 5.0, None), car(1, 9.0, "2")

    with pytest.raises(TrackError, match="the same in every scan"):
        merge_objects(document_of(still, other), other, still)


def test_an_object_is_not_joined_with_itself() -> None:
    document = document_of(car(1, 1.0), car(2, 2.0))

    with pytest.raises(TrackError, match="each of two objects"):
        merge_objects(document, *document.annotations.values())


def test_an_object_cannot_be_in_two_places() -> None:
    document = document_of(car(1, 1.0), car(1, 5.0, track="2"))

    with pytest.raises(TrackError, match="both objects have a box in scan 2"):
        merge_objects(document, *document.annotations.values())


def test_an_object_is_filled_once_however_many_of_its_boxes_are_chosen() -> None:
    boxes = car(0, 0.0), car(4, 4.0)
    document = document_of(*boxes)

    apply(for_each_object(document, boxes, lambda d, _a: interpolate(d, "1")), document)

    assert len(document.annotations) == 5


def test_two_objects_that_are_cut_at_once_are_four() -> None:
    both = car(0, 0.0), car(0, 9.0, track="2")
    document = document_of(*both, car(1, 1.0), car(1, 8.0, track="2"))

    apply(for_each_object(document, both, lambda d, a: split_track(d, str(a.track), 1)), document)

    assert tracks_of(document) == ("1", "2", "3", "4")


def test_an_object_stands_for_its_boxes_in_all_scans() -> None:
    moving = [car(n, float(n)) for n in range(3)]
    still, other = car(None, 5.0, None), car(1, 9.0, "2")
    document = document_of(*moving, still, other)

    found = with_all_boxes(document, [moving[1].id, moving[2].id, still.id])

    assert found == [*moving, still]


def test_a_suggestion_is_no_part_of_a_track() -> None:
    assert not boxes_of(document_of(car(1, 1.0, origin=Origin.SUGGESTION)), "1")


def test_new_tracks_get_a_free_number_whatever_others_are_called() -> None:
    document = document_of(car(0, 0.0, track="7"), car(0, 9.0, track="van-ä"))

    assert next_track(document) == "8"


def test_only_scans_in_which_something_happened_are_listed() -> None:
    xs = [0.0, 0.0, 0.05, 3.0, 3.0, 3.0, 3.0, 3.0]
    shown = [SEEN, SEEN, SEEN, SEEN, HIDDEN, HIDDEN, GONE, SEEN]

    listed = changes({n: box(x) for n, x in enumerate(xs)}, dict(enumerate(shown)))

    assert listed == (
        Change(3, Happening.MOVED),
        Change(4, Happening.HIDDEN),
        Change(6, Happening.GONE),
        Change(7, Happening.BACK),
    )
    assert SEEN.presence == Presence.SEEN


def test_what_stands_still_has_no_way() -> None:
    assert way_m(document_of(car(0, 0.0), car(1, 0.2), car(2, 0.1)), "1") == ()


def test_a_way_goes_over_the_floor_and_is_marked_by_how_sure_one_is() -> None:
    document = document_of(
        car(0, 0.0), car(1, 2.0, origin=Origin.REFITTED), car(2, 4.0, origin=Origin.INTERPOLATED)
    )

    way = way_m(document, "1")

    assert way[:2] == (((0, 0, 0), (2, 0, 0)), ((2, 0, 0), (4, 0, 0)))
    assert [abs(a[1] - b[1]) for a, b in way[2:]] == pytest.approx([1.2, 0.6, 0.0])
