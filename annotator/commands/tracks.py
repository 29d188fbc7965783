"""Joins, cuts and fills the boxes of one object over the scans of a sequence."""

import itertools
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise

from annotator.errors import AnnotatorError
from annotator.geometry.motion import has_moved, interpolated
from annotator.geometry.visibility import Presence, Sight
from annotator.i18n import gettext as _
from annotator.model.annotations import Annotation, AnnotationId, Origin, new_id
from annotator.model.document import Document
from annotator.model.edits import Batch, Drop, Edit, Put, apply
from annotator.model.shapes import Box3D, Vec3

Track = str


class TrackError(AnnotatorError):
    """What cannot be done with a track, as a sentence."""


class State(StrEnum):
    """How the box of a track in one scan came about."""

    KEY = "key"
    REFITTED = "refitted"
    INTERPOLATED = "interpolated"


def state_of(annotation: Annotation) -> State:
    """Tell a person's own box from one that was refitted, and from one nobody looked at."""
    match annotation.origin:
        case Origin.INTERPOLATED:
            return State.INTERPOLATED
        case Origin.REFITTED:
            return State.REFITTED
        case _:
            return State.KEY


def boxes_of(document: Document, track: Track) -> dict[int, Annotation]:
    """Return a track's annotations by scan, in order; suggestions are none of it."""
    found = {
        a.frame: a
        for a in document.annotations.values()
        if a.track == track and a.frame is not None and a.origin is not Origin.SUGGESTION
    }
    return dict(sorted(found.items()))


def objects_of(annotations: Iterable[Annotation]) -> frozenset[Track | AnnotationId]:
    """Return what tells objects apart: the track of those that move, or else their own id."""
    return frozenset(a.track or a.id for a in annotations)


def with_all_boxes(document: Document, ids: Iterable[AnnotationId]) -> list[Annotation]:
    """Return annotations, and of those that move their boxes in all scans; each once."""
    chosen = set(ids)
    tracks = {document.annotations[i].track for i in chosen} - {None}
    return [
        a
        for a in document.annotations.values()
        if a.id in chosen or (a.track in tracks and a.origin is not Origin.SUGGESTION)
    ]


def by_track(
    tracks: Iterable[Track], annotations: Iterable[Annotation]
) -> dict[Track, dict[int, Annotation]]:
    """Return each track's boxes by scan, in one pass: an import may bring thousands of tracks."""
    found: dict[Track, dict[int, Annotation]] = {track: {} for track in tracks}
    for one in annotations:
        is_its = one.track in found and one.origin is not Origin.SUGGESTION
        if is_its and one.track is not None and one.frame is not None:
            found[one.track][one.frame] = one
    return found


def trajectory_m(document: Document, track: Track) -> tuple[Vec3, ...]:
    """Return the middles of a track's boxes in the world, scan by scan."""
    shapes = (a.shape for a in boxes_of(document, track).values())
    return tuple(shape.center_m for shape in shapes if isinstance(shape, Box3D))


def way_m(document: Document, track: Track) -> tuple[tuple[Vec3, Vec3], ...]:
    """Return lines on the floor that show a track's way, with a mark across it for every scan.

    The mark of a person's own box is longest, that of a refitted one shorter; an interpolated box
    has none, as nobody saw it. What stands still has no way.
    """
    boxes = [(a.shape, state_of(a)) for a in boxes_of(document, track).values()]
    feet = [(_foot_m(box), box, state) for box, state in boxes if isinstance(box, Box3D)]
    if _is_one_place([foot for foot, _box, _state in feet]):
        return ()
    lines = [(one[0], other[0]) for one, other in pairwise(feet)]
    return (*lines, *(_across(foot, box, _MARKS_M[state]) for foot, box, state in feet))


def moving(document: Document, tracks: Iterable[Track]) -> frozenset[Track]:
    """Return those of some tracks whose boxes lie in different places."""
    all_boxes = by_track(tracks, document.annotations.values())
    feet = {
        track: [_foot_m(a.shape) for a in boxes.values() if isinstance(a.shape, Box3D)]
        for track, boxes in all_boxes.items()
    }
    return frozenset(track for track, places in feet.items() if not _is_one_place(places))


def _is_one_place(feet_m: Sequence[Vec3]) -> bool:
    return all(math.dist(foot, feet_m[0]) < _STILL_M for foot in feet_m)


_STILL_M = 0.35
"""No farther apart are the fits of an object that stands still."""
_MARKS_M = {State.KEY: 1.2, State.REFITTED: 0.6, State.INTERPOLATED: 0.0}


def _foot_m(box: Box3D) -> Vec3:
    x, y, z = box.center_m
    return (x, y, z - box.size_m[2] / 2)


def _across(foot_m: Vec3, box: Box3D, length_m: float) -> tuple[Vec3, Vec3]:
    """Return a line across a box's heading, through its foot."""
    x, y, z = foot_m
    right, ahead = math.sin(box.yaw_rad) * length_m / 2, math.cos(box.yaw_rad) * length_m / 2
    return (x + right, y - ahead, z), (x - right, y + ahead, z)


def for_each_object(
    document: Document,
    chosen: Iterable[Annotation],
    edit_of: Callable[[Document, Annotation], Edit],
) -> Batch:
    """Return one edit that does something to each object, however many of its boxes are chosen.

    Parameters
    ----------
    document
        Not changed.
    edit_of
        Is told what the document is like once the objects before it were changed.
    """
    now = Document(document.extents, dict(document.annotations))
    firsts: dict[Track | AnnotationId, Annotation] = {}
    for one in chosen:
        firsts.setdefault(one.track or one.id, one)
    edits: list[Edit] = []
    for one in firsts.values():
        edits.append(edit_of(now, one))
        apply(edits[-1], now)
    return Batch(tuple(edits))


def tracks_of(document: Document) -> tuple[Track, ...]:
    """Return all tracks, in the order in which they were begun."""
    return tuple(dict.fromkeys(a.track for a in document.annotations.values() if a.track))


def next_track(document: Document) -> Track:
    """Return a number that no track has."""
    taken = [int(t) for t in tracks_of(document) if t.isascii() and t.isdigit()]
    return str(max(taken, default=0) + 1)


def begin_tracks(document: Document, ids: Iterable[AnnotationId], frame: int) -> Edit:
    """Let annotations be moving objects, each one of its own and seen in one scan so far."""
    chosen = [document.annotations[i] for i in ids]
    free = itertools.count(int(next_track(document)))
    return Batch(
        tuple(
            Put(replace(a, frame=frame, track=a.track or str(next(free))))
            for a in chosen
            if a.track is None or a.frame is None
        )
    )


def make_static(document: Document, ids: Iterable[AnnotationId], frame: int) -> Edit:
    """Let objects that stand still hold in every scan; the other boxes of their tracks go.

    Of several boxes of one object that in the scan at hand stays, or else the first. What lies in
    different places is left as it is.

    Raises
    ------
    TrackError
        If all of them are in different places.
    """
    chosen = [document.annotations[i] for i in ids]
    move = moving(document, (a.track for a in chosen if a.track))
    kept: dict[Track | AnnotationId, Annotation] = {}
    for one in sorted(chosen, key=lambda a: a.frame != frame):
        if one.track not in move:
            kept.setdefault(one.track or one.id, one)
    if move and not kept:
        raise TrackError(
            _(
                "this object is in different places in its scans, and one box would be wrong in"
                " most of them; if it does stand still, delete the wrong boxes first"
            )
        )
    stay = {one.id for one in kept.values()}
    boxes = by_track((a.track for a in kept.values() if a.track), document.annotations.values())
    gone = [Drop(a.id) for track in boxes.values() for a in track.values() if a.id not in stay]
    return Batch((*gone, *(Put(replace(a, frame=None, track=None)) for a in kept.values())))


def interpolate(document: Document, track: Track) -> Edit:
    """Fill every scan between two key frames, and move what was filled before.

    Boxes that a person made, or that were refitted, stay as they are.
    """
    boxes = boxes_of(document, track)
    keys = {f: a for f, a in boxes.items() if state_of(a) is not State.INTERPOLATED}
    edits: list[Edit] = []
    for (first, one), (last, other) in pairwise(keys.items()):
        for frame in range(first + 1, last):
            share = (frame - first) / (last - first)
            made = between(one, other, share, boxes.get(frame), frame)
            if made != boxes.get(frame):
                edits.append(Put(made))
    return Batch(tuple(edits))


def between(
    one: Annotation, other: Annotation, share: float, before: Annotation | None, frame: int
) -> Annotation:
    """Return a track's box in a scan between two others, in place of one that is there.

    Parameters
    ----------
    share
        How far the scan is from the first to the other, 0 to 1.

    Raises
    ------
    TrackError
        If they are no boxes.
    """
    if not isinstance(one.shape, Box3D) or not isinstance(other.shape, Box3D):
        raise TrackError(_("only boxes can be interpolated"))
    return replace(
        one,
        id=before.id if before else new_id(),
        shape=interpolated(one.shape, other.shape, share),
        attributes=before.attributes if before else one.attributes,
        origin=Origin.INTERPOLATED,
        frame=frame,
    )


def accept(document: Document, annotation_ids: Iterable[AnnotationId]) -> Edit:
    """Let boxes be a person's own, so that they are key frames and stay where they are."""
    chosen = (document.annotations[i] for i in annotation_ids)
    return Batch(
        tuple(Put(replace(a, origin=Origin.HAND)) for a in chosen if state_of(a) is not State.KEY)
    )


def split_track(document: Document, track: Track, frame: int) -> Edit:
    """Let the boxes from one scan on be another object.

    Raises
    ------
    TrackError
        If nothing would be left on one side.
    """
    boxes = boxes_of(document, track)
    later = [a for f, a in boxes.items() if f >= frame]
    if not later or len(later) == len(boxes):
        raise TrackError(_("there is no box of this object on both sides of this scan"))
    other = next_track(document)
    return Batch(tuple(Put(replace(a, track=other)) for a in later))


def merge_objects(document: Document, kept: Annotation, other: Annotation) -> Edit:
    """Let the boxes of two objects be one object of the first one's class.

    An object that has a box in one scan only is one, too. Where both have a box, an interpolated
    one gives way.

    Raises
    ------
    TrackError
        If one of them is the same in every scan, or if both have a box of their own in one scan:
        an object is in one place.
    """
    own, theirs = _boxes_with(document, kept), _boxes_with(document, other)
    if any(box.id == other.id for box in own.values()):
        raise TrackError(_("select a box of each of two objects"))
    track = kept.track or other.track or next_track(document)
    edits: list[Edit] = []
    for frame, box in theirs.items():
        here = own.get(frame)
        if here is None or state_of(here) is State.INTERPOLATED:
            own[frame] = box
            edits += [Drop(here.id)] if here else []
        elif state_of(box) is State.INTERPOLATED:
            edits.append(Drop(box.id))
        else:
            text = _("both objects have a box in scan {frame}; remove one of them first")
            raise TrackError(text.format(frame=frame + 1))
    return Batch((*edits, *_relabelled(own.values(), track, kept.label)))


def _boxes_with(document: Document, one: Annotation) -> dict[int, Annotation]:
    """Return all boxes of an annotation's object by scan."""
    if one.frame is None:
        raise TrackError(_("this object is the same in every scan, and is one already"))
    return boxes_of(document, one.track) if one.track is not None else {one.frame: one}


def _relabelled(boxes: Iterable[Annotation], track: Track, label: str) -> list[Edit]:
    return [
        Put(replace(box, track=track, label=label))
        for box in boxes
        if (box.track, box.label) != (track, label)
    ]


class Happening(StrEnum):
    """Why a scan is worth a look."""

    MOVED = "moved"
    GONE = "gone"
    HIDDEN = "hidden"
    BACK = "back"


@dataclass(frozen=True, slots=True)
class Change:
    """One scan in which an object is not as it was in the one before."""

    frame: int
    happening: Happening


def changes(boxes: Mapping[int, Box3D], sights: Mapping[int, Sight]) -> tuple[Change, ...]:
    """List only the scans where an object moved, or its points vanished or came back.

    Parameters
    ----------
    boxes
        By scan; for a static object the same box for each.
    sights
        What the scans show of it; scans that were not looked at may be missing.
    """
    found: list[Change] = []
    frames = sorted(boxes)
    for before, frame in pairwise(frames):
        was, now = sights.get(before), sights.get(frame)
        if was is not None and now is not None and was.presence is not now.presence:
            found.append(Change(frame, _HAPPENINGS[now.presence]))
        elif has_moved(boxes[before], boxes[frame]):
            found.append(Change(frame, Happening.MOVED))
    return tuple(found)


_HAPPENINGS = {
    Presence.SEEN: Happening.BACK,
    Presence.HIDDEN: Happening.HIDDEN,
    Presence.GONE: Happening.GONE,
}
