"""Carries a box on to another scan of a sequence, onto the points that it has there."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

from annotator.commands.growing import outgrown
from annotator.commands.tracks import State, TrackError, boxes_of, next_track, state_of
from annotator.geometry.boxes import turned_round
from annotator.geometry.following import follow_box
from annotator.geometry.ground import Ground
from annotator.geometry.motion import foretold
from annotator.geometry.neighbours import PointIndex
from annotator.geometry.shifting import in_cloud, in_world
from annotator.geometry.visibility import Presence, Sight, sight_of
from annotator.i18n import gettext as _
from annotator.model.annotations import Annotation, Origin, new_id
from annotator.model.cloud import PointCloud
from annotator.model.document import Document
from annotator.model.edits import Batch, Drop, Edit, Put
from annotator.model.findings import Finding, Severity
from annotator.model.labels import Label
from annotator.model.shapes import Box3D, Vec2, Vec3

TURNED, BACKS = "heading-turned", "moves-backwards"
"""Codes of what is found while an object is carried on."""
_FASTEST_SHARE = 0.65
"""Of its length, that a large object may have moved between the first two scans."""
_CLEAR_M = 1.0
"""What moved less may only be laid onto its points in another way."""
_STRAIGHT = 0.8


@dataclass(frozen=True, slots=True, eq=False)
class Scan:
    """A scan in world axes, with what is found in it once.

    Attributes
    ----------
    index, ground
        Of ``cloud.xyz_m``, without the cloud's origin.
    sensor_m
        Where it was taken, in the world; None if that is not known.
    """

    frame: int
    cloud: PointCloud
    index: PointIndex
    ground: Ground
    sensor_m: Vec3 | None = None


@dataclass(frozen=True, slots=True)
class Carried:
    """What became of a box in another scan.

    Attributes
    ----------
    edit
        Adds or moves the box there; empty where it holds in every scan, or is gone.
    annotation
        The box there; None where it is gone.
    finding
        Why it is worth a second look.
    """

    edit: Edit
    annotation: Annotation | None
    sight: Sight
    finding: Finding | None = None


def carry_on(document: Document, annotation: Annotation, scan: Scan, label: Label) -> Carried:
    """Find an object again in another scan.

    A static object holds there as it is; it is only looked at. A moving one is expected where its
    last two boxes send it, laid onto the points there, and stored as refitted. Where it has too
    few points it is stored as interpolated, for a person to look at; where other things are seen
    through its place it is gone, and nothing is stored.

    Raises
    ------
    TrackError
        If the annotation is no box, or a person's own box of it is in that scan already.
    """
    if not isinstance(annotation.shape, Box3D):
        raise TrackError(_("only boxes can be carried on to another scan"))
    if annotation.frame is None:
        sight = look_at(annotation.shape, scan.cloud, label, sensor_m=scan.sensor_m)
        finding = _finding(annotation, sight, scan.frame)
        if sight.presence is Presence.SEEN:
            finding = outgrown(annotation, scan.cloud)
        return Carried(Batch(()), annotation, sight, finding)
    return _carried(document, annotation, scan, label)


def look_at(box: Box3D, cloud: PointCloud, label: Label, *, sensor_m: Vec3 | None) -> Sight:
    """Tell what a scan shows of a box's place.

    Parameters
    ----------
    cloud
        The scan in world axes.
    sensor_m
        Where it was taken; None if that is not known, so that nothing can be told to be gone.
    """
    at = (0.0, 0.0, 0.0) if sensor_m is None else cloud.own_m(sensor_m)  # rays need a sensor
    sight = sight_of(in_cloud(box, cloud), cloud.xyz_m, at, least_points=label.minimum_points)
    if sensor_m is None and sight.presence is Presence.GONE:
        return replace(sight, presence=Presence.HIDDEN)
    return sight


def _carried(document: Document, annotation: Annotation, scan: Scan, label: Label) -> Carried:
    track = annotation.track or next_track(document)
    boxes = boxes_of(document, track) or {annotation.frame or 0: annotation}
    there = boxes.get(scan.frame)
    _leave_to_the_person(there)
    known = _known(boxes, annotation, scan.frame)
    expected = foretold(known, scan.frame)
    found = _fitted(expected, scan, reach_m=_reach_m(expected, known, scan.frame))
    sight = look_at(found or expected, scan.cloud, label, sensor_m=scan.sensor_m)
    if sight.presence is Presence.GONE:
        gone = (Drop(there.id),) if there else ()
        return Carried(Batch(gone), None, sight, _finding(annotation, sight, scan.frame))
    seen = found if sight.presence is Presence.SEEN else None
    first = replace(annotation, track=track)
    made = replace(
        first,
        id=there.id if there else new_id(),
        shape=seen or expected,
        origin=Origin.REFITTED if seen else Origin.INTERPOLATED,
        frame=scan.frame,
    )
    boxes = {**boxes, annotation.frame or 0: first}
    turned = _turned_to_motion(boxes, made) if seen else None
    if turned is not None:
        return Carried(Batch(tuple(Put(a) for a in turned)), turned[-1], sight, _turning(made))
    edits = (Put(made),) if annotation.track else (Put(first), Put(made))
    return Carried(Batch(edits), made, sight, _said_of(boxes, made, scan, sight))


def _leave_to_the_person(there: Annotation | None) -> None:
    """Refuse to carry a box to where a person's own is."""
    if there is not None and there.frame is not None and state_of(there) is State.KEY:
        text = _("scan {frame} has a box of this object that a person made")
        raise TrackError(text.format(frame=there.frame + 1))


def _said_of(
    boxes: dict[int, Annotation], made: Annotation, scan: Scan, sight: Sight
) -> Finding | None:
    """Return what a person should know of a box that was carried."""
    finding = _finding(made, sight, scan.frame) or _backing(boxes, made)
    if finding is None and made.origin is Origin.REFITTED:
        return outgrown(made, scan.cloud)
    return finding


def _turned_to_motion(
    boxes: dict[int, Annotation], made: Annotation
) -> tuple[Annotation, ...] | None:
    """Return an object's boxes with their front ahead, where it moves to where the back was.

    A heading that a person, or a file, gave is not turned: cars do drive backwards.
    """
    others = [a for a in boxes.values() if a.id != made.id]
    is_given = any(a.origin in {Origin.HAND, Origin.IMPORT} for a in others)
    if is_given or not backs(boxes, made):
        return None
    return tuple(
        replace(a, shape=turned_round(a.shape))
        for a in (*others, made)
        if isinstance(a.shape, Box3D)
    )


def _backing(boxes: dict[int, Annotation], made: Annotation) -> Finding | None:
    """Say once, in the first scan where it shows, that an object moves backwards."""
    before = list(boxes.values())
    if not backs(boxes, made) or any(backs(boxes, a) for a in before if a.id != made.id):
        return None
    text = _("it moves backwards")
    return Finding(BACKS, text, Severity.NOTE, made.id)


def _turning(made: Annotation) -> Finding:
    text = _("its heading was turned in all scans: it moves to where its back was")
    return Finding(TURNED, text, Severity.NOTE, made.id)


def backs(boxes: Mapping[int, Annotation], last: Annotation) -> bool:
    """Tell whether an object has clearly moved to where its back is, from its farthest box on."""
    here, frame = last.shape, last.frame
    known = [(f, a.shape) for f, a in boxes.items() if isinstance(a.shape, Box3D)]
    if not isinstance(here, Box3D) or frame is None or not known:
        return False
    first, start = max(known, key=lambda one: abs(one[0] - frame))
    way = 1 if frame > first else -1
    x_m, y_m = (way * (b - a) for a, b in zip(start.center_m[:2], here.center_m[:2], strict=True))
    ahead_m = x_m * math.cos(here.yaw_rad) + y_m * math.sin(here.yaw_rad)
    return math.hypot(x_m, y_m) >= _CLEAR_M and ahead_m <= -_STRAIGHT * math.hypot(x_m, y_m)


def _known(
    boxes: dict[int, Annotation], annotation: Annotation, frame: int
) -> list[tuple[int, Box3D]]:
    """Return the two nearest boxes on this side of a scan, the given one first."""
    start = annotation.frame or 0
    behind = range(start - 1, -1, -1) if frame > start else range(start + 1, max(boxes) + 1)
    others = (boxes[n] for n in behind if n in boxes)
    kept = [a for a in others if state_of(a) is not State.INTERPOLATED]
    return [(a.frame or 0, a.shape) for a in (annotation, *kept[:1]) if isinstance(a.shape, Box3D)]


def _reach_m(box: Box3D, known: list[tuple[int, Box3D]], frame: int) -> Vec2:
    """Return how far a box may be off, along and across: much where its speed is not known yet."""
    length_m = box.size_m[0]
    if len(known) == 1:
        return min(max(_FASTEST_SHARE * length_m, 1.0), 3.0), 0.75
    steps = min(abs(frame - known[0][0]), 4)
    return steps * min(max(0.22 * length_m, 0.3), 1.0), 0.4 * steps


def _fitted(expected: Box3D, scan: Scan, *, reach_m: Vec2) -> Box3D | None:
    cloud = scan.cloud
    sensor_m = None if scan.sensor_m is None else cloud.own_m(scan.sensor_m[:2])
    fit = follow_box(
        scan.index, scan.ground, in_cloud(expected, cloud), reach_m=reach_m, sensor_m=sensor_m
    )
    if fit is None:
        return None
    upright = in_world(fit.box, cloud)
    return replace(upright, pitch_rad=expected.pitch_rad, roll_rad=expected.roll_rad)


def _finding(annotation: Annotation, sight: Sight, frame: int) -> Finding | None:
    if sight.presence is Presence.GONE:
        text = _("its points vanished in scan {frame}: other things are seen through its place")
        return _warn("points-vanished", text, annotation, frame, Severity.WARNING)
    if annotation.origin is Origin.INTERPOLATED:
        text = _("it has {points} points in scan {frame}; its place is a guess")
        text = text.replace("{points}", str(sight.points))
        return _warn("few-points", text, annotation, frame, Severity.NOTE)
    return None


def _warn(code: str, text: str, annotation: Annotation, frame: int, severity: Severity) -> Finding:
    return Finding(code, text.format(frame=frame + 1), severity, annotation.id)
