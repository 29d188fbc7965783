"""KITTI object labels: one line per box, in the axes of a rectified camera.

Options
-------
walls
    Write each stretch of a wall as a thin box (default: no).

References
----------
Geiger, Lenz, Urtasun 2012, "Are we ready for autonomous driving?", and ``readme.txt`` of the
object development kit, which defines the columns.
"""

import math
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import numpy as np
import numpy.typing as npt

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
    cloud_from_world,
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
    rect_from_cloud,
    same_calibration,
)
from annotator.formats.kitti_lines import (
    DONT_CARE,
    NO_PICTURE,
    NOT_IN_PICTURE,
    KittiObject,
    line_of,
    object_of,
    rounded_size_m,
)
from annotator.formats.losses import kind_of, layer_losses, shape_dropped, suggestion_losses, told
from annotator.geometry.boxes import corners
from annotator.i18n import gettext as _
from annotator.i18n import ngettext
from annotator.model.annotations import Annotation, AttributeValue, Origin
from annotator.model.document import Document
from annotator.model.findings import Severity
from annotator.model.labels import Taxonomy
from annotator.model.shapes import Box3D

Floats = npt.NDArray[np.float64]

OCCLUSION = ("visible", "partly", "largely", "unknown")
BOUND = 2e-4
"""Half a unit of the fourth decimal in each of three axes, and in the height: 0.13 mm."""

_FOLDER, _SUFFIX = "label_2", ".txt"
_USUAL_NAMES = {"car": "Car", "pedestrian": "Pedestrian"}
_LARGEST_BYTES = 64 * 2**20
_NEAR_M = 0.1


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
            placed = _Placing.of(_calibration_of(file, context), context, frame)
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


@dataclass(frozen=True, slots=True)
class _Placing:
    """How a camera sees the world of the labels."""

    rect_from_world: Floats
    p2: Floats

    @classmethod
    def of(cls, calibration: Calibration, context: Context, frame: int) -> "_Placing":
        pose = rect_from_cloud(calibration) @ cloud_from_world(context, frame)
        return cls(pose, calibration.p2)

    @property
    def floor_turn(self) -> Floats:
        """(2, 2): a heading (cos, sin) in the world to its (x, z) in the camera's axes."""
        return self.rect_from_world[np.ix_((0, 2), (0, 1))]

    @property
    def looks_ahead(self) -> bool:
        """Whether headings on the floor can be told in the camera's plane."""
        return float(np.linalg.svd(self.floor_turn, compute_uv=False).min()) > 0.3


def _losses(annotation: Annotation, document: Document, context: Context) -> Iterator[Loss]:
    boxes = boxed(annotation.shape, walls=bool(context.options.get("walls", False)))
    frame, frames = annotation.frame, len(document.extents)
    if not boxes or (frame is not None and not 0 <= frame < frames):
        yield shape_dropped(annotation)
        return
    yield _shape_loss(annotation, boxes, context)
    lost = sorted(set(annotation.attributes) - _kept_attributes(annotation, context))
    if lost:
        reason = _("KITTI has no column for {names}").format(names=", ".join(lost))
        yield Loss(Level.DROPPED, Holds.ATTRIBUTES, annotation.id, reason)
    if annotation.track is not None:
        reason = _("KITTI object labels have no track")
        yield Loss(Level.DROPPED, Holds.TRACK, annotation.id, reason)
    if frame is None and frames > 1:
        reason = _("it is written once for each scan")
        yield Loss(Level.CHANGED, Holds.FRAMES, annotation.id, reason)


def _shape_loss(annotation: Annotation, boxes: list[Box3D], context: Context) -> Loss:
    kind, changes = kind_of(annotation.shape), list(_changes(annotation, context))
    if boxes[0] != annotation.shape and not changes:
        count = len(boxes)
        text = ngettext("written as an upright box", "written as {count} upright boxes", count)
        changes.append(text.format(count=count))
    if changes:
        return Loss(Level.CHANGED, kind, annotation.id, "; ".join(changes))
    bound = BOUND + 1e-11 * max(abs(n) for n in boxes[0].center_m)  # a calibration's own digits
    return Loss(Level.ROUNDED, kind, annotation.id, _("numbers keep four decimals"), bound)


def _changes(annotation: Annotation, context: Context) -> Iterator[str]:
    word = _type_of(annotation.label, context.taxonomy)
    if _label_of(word, context.taxonomy) != annotation.label:
        yield _("its class is written as {word}").format(word=word)
    match annotation.shape:
        case Box3D(assumed=assumed) if assumed:
            yield _("which faces were assumed is not written")
        case Box3D(pitch_rad=pitch, roll_rad=roll) if pitch or roll:
            yield _("it is written upright")
        case _:
            pass
    placed = _Placing.of(context.calibration or NO_CAMERA, context, annotation.frame or 0)
    if not placed.looks_ahead:
        yield _("the camera does not look along the floor, so its heading is inexact")


def _kept_attributes(annotation: Annotation, context: Context) -> set[str]:
    values, kept = annotation.attributes, set()
    occluded, truncated = values.get("occluded"), values.get("truncated")
    # Without a picture 0 means "nobody said", so that "visible" cannot be told from it.
    if occluded in (OCCLUSION if context.calibration else OCCLUSION[1:]):
        kept.add("occluded")
    if _is_share(truncated) and (context.calibration or truncated):
        kept.add("truncated")
    return kept


def _is_share(value: AttributeValue | None) -> bool:
    """Tell whether four decimals hold a value as it is, 0 to 1."""
    return type(value) in (float, int) and 0 <= float(value or 0) <= 1 and _is_short(value)


def _is_short(value: AttributeValue | None) -> bool:
    return float(f"{float(value or 0):.4f}") == value


def _objects(document: Document, context: Context, frame: int) -> Iterator[KittiObject]:
    placed = _Placing.of(context.calibration or NO_CAMERA, context, frame)
    inside = {a.id for a in document.in_frame(frame)}
    for annotation in told(document):
        if annotation.id not in inside:
            continue
        kept = _kept_attributes(annotation, context)
        for box in boxed(annotation.shape, walls=bool(context.options.get("walls", False))):
            yield _object(annotation, box, placed, kept, context)


def _object(
    annotation: Annotation, box: Box3D, placed: _Placing, kept: set[str], context: Context
) -> KittiObject:
    unsaid = -1 if context.calibration else 0
    length, width, height = (rounded_size_m(n) for n in box.size_m)
    center = placed.rect_from_world @ (*box.center_m, 1.0)
    ahead = placed.floor_turn @ (math.cos(box.yaw_rad), math.sin(box.yaw_rad))
    values = annotation.attributes
    said = OCCLUSION.index(str(values["occluded"])) if "occluded" in kept else unsaid
    return KittiObject(
        type=_type_of(annotation.label, context.taxonomy),
        truncated=float(values["truncated"]) if "truncated" in kept else float(unsaid),
        occluded=said,
        bbox_px=_seen(box, placed) if context.calibration else NO_PICTURE,
        size_m=(height, width, length),
        location_m=(float(center[0]), float(center[1]) + height / 2, float(center[2])),
        rotation_y_rad=math.atan2(-ahead[1], ahead[0]),
    )


def _seen(box: Box3D, placed: _Placing) -> tuple[float, float, float, float]:
    """Return the rectangle around a box's corners in the picture, in pixels."""
    world = np.c_[corners(box), np.ones(8)]
    rect = world @ placed.rect_from_world.T
    rect = rect[rect[:, 2] > _NEAR_M]
    if not len(rect):
        return NOT_IN_PICTURE
    px = rect @ placed.p2.T
    px = px[:, :2] / px[:, 2:]
    (left, top), (right, bottom) = np.maximum(px.min(axis=0), 0), np.maximum(px.max(axis=0), 0)
    return float(left), float(top), float(right), float(bottom)


def _annotation(thing: KittiObject, placed: _Placing, taxonomy: Taxonomy, key: str) -> Annotation:
    height, width, length = thing.size_m
    x, y, z = thing.location_m
    center = np.linalg.solve(placed.rect_from_world, (x, y - height / 2, z, 1.0))
    ahead = (math.cos(thing.rotation_y_rad), -math.sin(thing.rotation_y_rad))
    cos, sin = np.linalg.pinv(placed.floor_turn) @ ahead
    cx, cy, cz = (float(n) for n in center[:3])
    return Annotation(
        label=_label_of(thing.type, taxonomy),
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


def _type_of(label: str, taxonomy: Taxonomy) -> str:
    """Return the word that KITTI's readers know a class by; never a space, which ends it."""
    usual = _USUAL_NAMES.get(label, "")
    if usual and label in taxonomy and usual not in taxonomy:
        return usual
    word = "_".join(label.encode("utf-8", "replace").decode().split()) or "Misc"
    return f"{word}_" if word == DONT_CARE else word


def _label_of(word: str, taxonomy: Taxonomy) -> str:
    return word.lower() if word not in taxonomy and word.lower() in taxonomy else word


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
