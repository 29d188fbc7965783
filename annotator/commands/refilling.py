"""Keeps what was interpolated between its key frames, whatever an edit does to these."""

from itertools import pairwise

from annotator.commands.tracks import State, between, by_track, state_of
from annotator.model.annotations import Annotation, AnnotationId
from annotator.model.document import Document
from annotator.model.edits import Batch, Edit, Put, outcome
from annotator.model.shapes import Box3D


def refilled(document: Document, edit: Edit) -> Edit:
    """Return an edit that also moves the interpolated boxes beside the key frames that it changes.

    Only boxes that are there already move, only those between a changed key frame and the next
    ones, and none that the edit itself speaks of. An edit that touches no track is returned as
    it is.
    """
    after = outcome(edit)
    tracks = dict.fromkeys(
        one.track
        for number, new in after.items()
        for one in (document.annotations.get(number), new)
        if one is not None and one.track is not None
    )
    if not tracks:
        return edit
    before = by_track(tracks, document.annotations.values())
    new = by_track(tracks, (one for one in after.values() if one is not None))
    moved = [put for track in tracks for put in _refilled(before[track], new[track], after)]
    return Batch((edit, *moved)) if moved else edit


def _refilled(
    boxes_before: dict[int, Annotation],
    new: dict[int, Annotation],
    after: dict[AnnotationId, Annotation | None],
) -> list[Put]:
    boxes = {f: a for f, a in boxes_before.items() if a.id not in after} | new
    before, keys = _keys(boxes_before), _keys(boxes)
    changed = {f for f in before.keys() | keys.keys() if before.get(f) != keys.get(f)}
    puts: list[Put] = []
    for first, last in pairwise(sorted(keys)):
        if not changed.isdisjoint(range(first, last + 1)):
            guesses = (boxes[f] for f in range(first + 1, last) if f in boxes)
            ends = (boxes[first], boxes[last])
            puts += [_moved(*ends, a) for a in guesses if a.id not in after]
    return puts


def _keys(boxes: dict[int, Annotation]) -> dict[int, tuple[str, Box3D]]:
    return {
        frame: (a.label, a.shape)
        for frame, a in boxes.items()
        if isinstance(a.shape, Box3D) and state_of(a) is not State.INTERPOLATED
    }


def _moved(first: Annotation, last: Annotation, guess: Annotation) -> Put:
    assert first.frame is not None
    assert last.frame is not None
    assert guess.frame is not None
    share = (guess.frame - first.frame) / (last.frame - first.frame)
    return Put(between(first, last, share, guess, guess.frame))
