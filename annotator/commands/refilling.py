"""Keeps what was interpolated between its key frames, whatever an edit does to these."""

from itertools import pairwise

from annotator.commands.tracks import State, Track, between, boxes_of, state_of
from annotator.model.annotations import Annotation, AnnotationId, Origin
from annotator.model.document import Document
from annotator.model.edits import Batch, Drop, Edit, Put, parts
from annotator.model.shapes import Box3D


def refilled(document: Document, edit: Edit) -> Edit:
    """Return an edit that also moves the interpolated boxes beside the key frames that it changes.

    Only boxes that are there already move, only those between a changed key frame and the next
    ones, and none that the edit itself speaks of. An edit that touches no track is returned as
    it is.
    """
    after = _after(edit)
    tracks = dict.fromkeys(
        one.track
        for number, new in after.items()
        for one in (document.annotations.get(number), new)
        if one is not None and one.track is not None
    )
    moved = [put for track in tracks for put in _refilled(document, after, track)]
    return Batch((edit, *moved)) if moved else edit


def _refilled(
    document: Document, after: dict[AnnotationId, Annotation | None], track: Track
) -> list[Put]:
    boxes_before = boxes_of(document, track)
    boxes = {f: a for f, a in boxes_before.items() if a.id not in after} | {
        new.frame: new
        for new in after.values()
        if new is not None and new.frame is not None and _is_of(new, track)
    }
    before, keys = _keys(boxes_before), _keys(boxes)
    changed = {f for f in before.keys() | keys.keys() if before.get(f) != keys.get(f)}
    puts: list[Put] = []
    for first, last in pairwise(sorted(keys)):
        if not changed.isdisjoint(range(first, last + 1)):
            guesses = (boxes[f] for f in range(first + 1, last) if f in boxes)
            ends = (boxes[first], boxes[last])
            puts += [_moved(*ends, a) for a in guesses if a.id not in after]
    return puts


def _after(edit: Edit) -> dict[AnnotationId, Annotation | None]:
    """Return what the edit makes of every annotation that it speaks of; None where it drops it."""
    found: dict[AnnotationId, Annotation | None] = {}
    for part in parts(edit):
        match part:
            case Put(annotation):
                found[annotation.id] = annotation
            case Drop(number):
                found[number] = None
            case _:
                pass
    return found


def _is_of(annotation: Annotation, track: Track) -> bool:
    return annotation.track == track and annotation.origin is not Origin.SUGGESTION


def _keys(boxes: dict[int, Annotation]) -> dict[int, Box3D]:
    return {
        frame: a.shape
        for frame, a in boxes.items()
        if isinstance(a.shape, Box3D) and state_of(a) is not State.INTERPOLATED
    }


def _moved(first: Annotation, last: Annotation, guess: Annotation) -> Put:
    assert first.frame is not None
    assert last.frame is not None
    assert guess.frame is not None
    share = (guess.frame - first.frame) / (last.frame - first.frame)
    return Put(between(first, last, share, guess, guess.frame))
