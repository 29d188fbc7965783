"""KITTI object labels: one line per box, in the axes of a rectified camera.

Options
-------
walls
    Write each stretch of a wall as a thin box (default: no).
seen
    Write only what the camera's picture shows, as KITTI's own labels do (default: no).

References
----------
Geiger, Lenz, Urtasun 2012, "Are we ready for autonomous driving?", and ``readme.txt`` of the
object development kit, which defines the columns.
"""

import math
import uuid
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import ClassVar

import numpy as np

from annotator.errors import FileError, FormatError
from annotator.formats.boxed import boxed
from annotator.formats.built_in import KITTI
from annotator.formats.files import Contents, head, read_whole, write_whole
from annotator.formats.format import (
    Calibration,
    Context,
    FormatInfo,
    Holds,
    Level,
    Loss,
    Problem,
)
from annotator.formats.frames import (
    frame_count,
    has_files,
    source_files,
    target_files,
)
from annotator.formats.kitti_calibration import (
    NO_CAMERA,
    calibration_path,
    calibration_text,
    read_calibration,
    same_calibration,
)
from annotator.formats.kitti_classes import label_of, word_of
from annotator.formats.kitti_lines import (
    DONT_CARE,
    KittiObject,
    line_of,
    object_of,
    rounded_size_m,
)
from annotator.formats.kitti_picture import NO_PICTURE, InPicture, in_picture
from annotator.formats.kitti_placing import Placing
from annotator.formats.losses import (
    answers_in_words,
    kind_of,
    layer_losses,
    shape_dropped,
    suggestion_losses,
    told,
)
from annotator.i18n import gettext as _
from annotator.i18n import in_one, ngettext
from annotator.model.annotations import Annotation, AttributeValue, Origin
from annotator.model.document import Document
from annotator.model.findings import Severity
from annotator.model.labels import Taxonomy
from annotator.model.shapes import Box3D

OCCLUSION = ("visible", "partly", "largely", "unknown")
BOUND = 2e-4
"""Half a unit of the fourth decimal in each of three axes, and in the height: 0.13 mm."""

_FOLDER, _SUFFIX = "label_2", ".txt"
_LARGEST_BYTES = 64 * 2**20


class Kitti:
    """Boxes for detectors. Upright only; no tracks, and few attributes."""

    info: ClassVar[FormatInfo] = KITTI

    def plan(self, document: Document, context: Context) -> list[Loss]:
        """Say what a line cannot hold."""
        return [
            *suggestion_losses(document),
            *(loss for a in told(document) for loss in _losses(a, document, context)),
            *layer_losses(document),
        ]

    def write(self, document: Document, context: Context, target: Path) -> list[Path]:
        """Write a label file per scan, and beside it the calibration that places it."""
        contents: dict[Path, Contents] = {}
        targets = target_files(target, context, folder=_FOLDER, suffix=_SUFFIX)
        for frame, file in enumerate(targets):
            place = calibration_path(file)
            if not _is_there(place, context.calibration or NO_CAMERA):
                text = calibration_text(context.calibration or NO_CAMERA)
                contents[place] = text.encode("ascii")
            lines = [line_of(thing) for thing in _objects(document, context, frame)]
            contents[file] = "".join(f"{line}\n" for line in lines).encode()
        return write_whole(contents)

    def sniff(self, path: Path) -> float:
        """Recognise fifteen columns, twelve of them numbers; or a folder with ``label_2``."""
        if has_files(path / _FOLDER, _SUFFIX):
            return 0.9
        if path.suffix.lower() != _SUFFIX or not path.is_file():
            return 0.0
        first = head(path).removeprefix(b"\xef\xbb\xbf").strip()
        if not first:
            return 0.6 if path.parent.name == _FOLDER else 0.1
        return 0.9 if _is_line(first.split(b"\n", 1)[0]) else 0.0

    def read(self, path: Path, context: Context) -> Document:
        """Return the boxes of a label file, or of a folder with one per scan."""
        files = source_files(path, context, folder=_FOLDER, suffix=_SUFFIX)
        one_scan = frame_count(context) == 1 and len(files) == 1
        found: list[Annotation] = []
        for frame, file in files:
            placed = Placing.of(_calibration_of(file, context), context, frame)
            for number, thing in _things(file):
                if not thing.is_flat:
                    key = f"{file.name}:{number}:{line_of(thing)}"
                    made = _annotation(thing, placed, context.taxonomy, key)
                    found.append(made if one_scan else _in_frame(made, frame))
        extents = context.extents() or ((0,),) * len(files)
        return Document(extents, {a.id: a for a in found})

    def validate(self, path: Path) -> list[Problem]:
        """Name each damaged line; no calibration is needed."""
        try:
            files = source_files(path, Context(Taxonomy()), folder=_FOLDER, suffix=_SUFFIX)
            return [p for _frame, file in files for p in _problems(file)]
        except FileError as error:
            return [Problem(Severity.ERROR, error.path.name, error.problem)]


def _losses(annotation: Annotation, document: Document, context: Context) -> Iterator[Loss]:
    boxes = _boxes(annotation, context)
    frame, frames = annotation.frame, len(document.extents)
    if not boxes or (frame is not None and not 0 <= frame < frames):
        yield shape_dropped(annotation)
        return
    if _asks_for_seen(context) and not _is_seen(annotation, context, range(frames)):
        reason = _("the camera does not see it")
        yield Loss(Level.DROPPED, kind_of(annotation.shape), annotation.id, reason)
        return
    yield _shape_loss(annotation, boxes, context)
    yield from _attribute_losses(annotation, context, frames)
    if annotation.track is not None:
        reason = _("KITTI object labels have no track")
        yield Loss(Level.DROPPED, Holds.TRACK, annotation.id, reason)
    if frame is None and frames > 1:
        reason = _("it is written once for each scan")
        yield Loss(Level.CHANGED, Holds.FRAMES, annotation.id, reason)


def _attribute_losses(annotation: Annotation, context: Context, frames: int) -> Iterator[Loss]:
    placed = Placing.of_scan(context, annotation.frame or 0)
    kept = _kept_attributes(annotation, has_picture=placed.has_picture)
    lost = set(annotation.attributes) - kept
    if lost:
        names = answers_in_words(annotation, lost, context.taxonomy)
        reason = _("KITTI has no column for {names}").format(names=names)
        yield Loss(Level.DROPPED, Holds.ATTRIBUTES, annotation.id, reason)
    is_in_one_scan = annotation.frame is not None or frames == 1
    if is_in_one_scan and not _is_seen(annotation, context, (0,)):
        reason = _(
            "the camera does not see it: it is written without a 2D box"
            " (KITTI's own labels leave such objects out)"
        )
        yield Loss(Level.CHANGED, Holds.ATTRIBUTES, annotation.id, reason)
    elif placed.has_picture and "truncated" not in kept:
        reason = _("how much of it is outside the picture is written as truncated")
        yield Loss(Level.CHANGED, Holds.ATTRIBUTES, annotation.id, reason)


def _boxes(annotation: Annotation, context: Context) -> list[Box3D]:
    return boxed(annotation.shape, walls=bool(context.options.get("walls", False)))


def _asks_for_seen(context: Context) -> bool:
    return bool(context.options.get("seen", False))


def _is_seen(annotation: Annotation, context: Context, frames: Iterable[int]) -> bool:
    """Tell whether the camera sees any of it, in its own scan or in any of some."""
    own = frames if annotation.frame is None else (annotation.frame,)
    placings = (Placing.of_scan(context, frame) for frame in own)
    boxes = _boxes(annotation, context)
    return any(in_picture(box, at.pinhole).is_seen for at in placings for box in boxes)


def _shape_loss(annotation: Annotation, boxes: list[Box3D], context: Context) -> Loss:
    kind, changes = kind_of(annotation.shape), list(_changes(annotation, context))
    if boxes[0] != annotation.shape and not changes:
        count = len(boxes)
        text = ngettext("written as an upright box", "written as {count} upright boxes", count)
        changes.append(text.format(count=count))
    if changes:
        return Loss(Level.CHANGED, kind, annotation.id, in_one(changes))
    bound = BOUND + 1e-11 * max(abs(n) for n in boxes[0].center_m)  # a calibration's own digits
    return Loss(Level.ROUNDED, kind, annotation.id, _("numbers keep four decimals"), bound)


def _changes(annotation: Annotation, context: Context) -> Iterator[str]:
    word = word_of(annotation.label, context.taxonomy)
    if label_of(word, context.taxonomy) != annotation.label:
        yield _("its class is written as {word}").format(word=word)
    if isinstance(annotation.shape, Box3D):
        if annotation.shape.assumed:
            yield _("which faces were assumed is not written")
        if annotation.shape.pitch_rad or annotation.shape.roll_rad:
            yield _("it is written upright")
    if not Placing.of_scan(context, annotation.frame or 0).looks_ahead:
        yield _("the camera does not look along the floor, so its heading is inexact")


def _kept_attributes(annotation: Annotation, *, has_picture: bool) -> set[str]:
    values, kept = annotation.attributes, set()
    occluded, truncated = values.get("occluded"), values.get("truncated")
    # Without a picture 0 means "nobody said", so that "visible" cannot be told from it.
    if occluded in (OCCLUSION if has_picture else OCCLUSION[1:]):
        kept.add("occluded")
    if _is_share(truncated) and (has_picture or truncated):
        kept.add("truncated")
    return kept


def _is_share(value: AttributeValue | None) -> bool:
    """Tell whether four decimals hold a value as it is, 0 to 1."""
    return type(value) in (float, int) and 0 <= float(value or 0) <= 1 and _is_short(value)


def _is_short(value: AttributeValue | None) -> bool:
    return float(f"{float(value or 0):.4f}") == value


def _objects(document: Document, context: Context, frame: int) -> Iterator[KittiObject]:
    placed = Placing.of_scan(context, frame)
    inside = {a.id for a in document.in_frame(frame)}
    for annotation in told(document):
        if annotation.id not in inside:
            continue
        for box in _boxes(annotation, context):
            shown = in_picture(box, placed.pinhole)
            if shown.is_seen or not _asks_for_seen(context):
                yield _object(annotation, box, shown, placed, context.taxonomy)


def _object(
    annotation: Annotation, box: Box3D, shown: InPicture, placed: Placing, taxonomy: Taxonomy
) -> KittiObject:
    length, width, height = (rounded_size_m(n) for n in box.size_m)
    center = placed.rect_from_world @ (*box.center_m, 1.0)
    ahead = placed.floor_turn @ (math.cos(box.yaw_rad), math.sin(box.yaw_rad))
    values, has_picture = annotation.attributes, placed.has_picture
    kept = _kept_attributes(annotation, has_picture=has_picture)
    unsaid = -1 if has_picture else 0
    return KittiObject(
        type=word_of(annotation.label, taxonomy),
        truncated=float(values["truncated"]) if "truncated" in kept else shown.truncated,
        occluded=OCCLUSION.index(str(values["occluded"])) if "occluded" in kept else unsaid,
        bbox_px=shown.bbox_px,
        size_m=(height, width, length),
        location_m=(float(center[0]), float(center[1]) + height / 2, float(center[2])),
        rotation_y_rad=math.atan2(-ahead[1], ahead[0]),
    )


def _annotation(thing: KittiObject, placed: Placing, taxonomy: Taxonomy, key: str) -> Annotation:
    height, width, length = thing.size_m
    x, y, z = thing.location_m
    center = np.linalg.solve(placed.rect_from_world, (x, y - height / 2, z, 1.0))
    ahead = (math.cos(thing.rotation_y_rad), -math.sin(thing.rotation_y_rad))
    cos, sin = np.linalg.pinv(placed.floor_turn) @ ahead
    cx, cy, cz = (float(n) for n in center[:3])
    return Annotation(
        label=label_of(thing.type, taxonomy),
        shape=Box3D((cx, cy, cz), (length, width, height), math.atan2(sin, cos)),
        # The same line of the same file is the same object, also for a remark made last week.
        id=str(uuid.uuid5(uuid.NAMESPACE_URL, f"kitti:{key}")),
        attributes=_attributes(thing, has_picture=thing.bbox_px != NO_PICTURE),
        origin=Origin.IMPORT,
    )


def _attributes(thing: KittiObject, *, has_picture: bool) -> dict[str, AttributeValue]:
    said: dict[str, AttributeValue] = {}
    if thing.occluded > 0 or (thing.occluded == 0 and has_picture):
        said["occluded"] = OCCLUSION[thing.occluded]
    if thing.truncated > 0 or (thing.truncated == 0 and has_picture):
        said["truncated"] = thing.truncated
    return said


def _in_frame(annotation: Annotation, frame: int) -> Annotation:
    return Annotation(
        annotation.label, annotation.shape, annotation.id, annotation.attributes,
        annotation.origin, frame,
    )  # fmt: skip


def _is_there(place: Path, calibration: Calibration) -> bool:
    """Tell whether this very calibration is in place already.

    Raises
    ------
    FileError
        If another one is: it places other labels, and must not be overwritten.
    """
    if not place.exists():
        return False
    if same_calibration(read_calibration(place), calibration):
        return True
    problem = _("it holds another camera's calibration, which would place these labels wrongly")
    raise FileError(place, problem, _("write the labels into another folder"))


def _calibration_of(file: Path, context: Context) -> Calibration:
    for place in (calibration_path(file), file.parent / "calib" / file.name):
        if place.is_file():
            return read_calibration(place)
    if context.calibration is not None:
        return context.calibration
    problem = _("its calibration calib/{name} is missing").format(name=file.name)
    raise FormatError(file, problem, _("put the calibration file there: it places the boxes"))


def _things(file: Path) -> list[tuple[int, KittiObject]]:
    things, faults = [], []
    for number, line in _lines(file):
        try:
            things.append((number, object_of(line)))
        except ValueError as error:
            faults.append(_("line {number}: {fault}").format(number=number, fault=error))
    if faults:
        more = _(" and {count} more").format(count=len(faults) - 5) if len(faults) > 5 else ""
        problem = ", ".join(faults[:5]) + more
        raise FormatError(file, problem, _("correct these lines, or export the labels again"))
    return things


def _lines(file: Path) -> Iterator[tuple[int, str]]:
    text = read_whole(file, limit_bytes=_LARGEST_BYTES).decode("utf-8-sig", "replace")
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            yield number, line


def _problems(file: Path) -> Iterator[Problem]:
    for number, line in _lines(file):
        where = f"{file.name}:{number}"
        try:
            thing = object_of(line)
        except ValueError as error:
            yield Problem(Severity.ERROR, where, str(error))
            continue
        if thing.is_flat and thing.type != DONT_CARE:
            yield Problem(Severity.NOTE, where, _("it is marked in the picture only, not in 3D"))


def _is_line(line: bytes) -> bool:
    try:
        object_of(line.decode("utf-8"))
    except (ValueError, UnicodeDecodeError):
        return False
    return True
