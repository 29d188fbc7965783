"""PCD with labels: the scan itself with the fields ``label`` and ``instance``.

All other fields of the scan keep their name, type and place; ``class_mapping.json`` beside the
file names the classes, as Supervisely reads it.

Options
-------
encoding
    ``binary`` (default), ``binary_compressed`` or ``ascii``.
boxes_to_points
    See `point_labels`.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, get_args

import numpy as np

from annotator.errors import FileError, FormatError, WrongDataError
from annotator.formats.binding import coordinate_hash
from annotator.formats.built_in import PCD
from annotator.formats.files import Contents, cannot_read, head, read_whole, write_whole
from annotator.formats.format import Context, FormatInfo, Loss, Problem
from annotator.formats.frames import has_files, source_files, target_files
from annotator.formats.point_labels import (
    PointLabels,
    document_of,
    file_taxonomy,
    point_labels,
    point_losses,
)
from annotator.formats.points.pcd import read_columns, read_pcd
from annotator.formats.points.pcd_writing import NO_VIEWPOINT, Encoding, pcd_parts
from annotator.formats.points.records import Column, Columns
from annotator.formats.values import from_file, named
from annotator.i18n import gettext as _
from annotator.model.cloud import PointCloud
from annotator.model.document import Document
from annotator.model.findings import Severity
from annotator.model.labels import Taxonomy
from annotator.model.layers import Values

MAPPING = "class_mapping.json"
_SUFFIX = ".pcd"
_LABEL_FIELDS = ("label", "labels", "classification", "class", "semantic")
_INSTANCE_FIELDS = ("instance", "instances", "object")
_LARGEST_MAPPING_BYTES = 2**20
_LARGEST_NUMBER = 2**32 - 1
_ENCODINGS: tuple[Encoding, ...] = get_args(Encoding)
_SAME_PLACE_M = 2e-3
"""What another tool's decimals may cost a coordinate."""


class Pcd:
    """The scan with a class and an object number for each point; no shapes, no attributes."""

    info: ClassVar[FormatInfo] = PCD

    def plan(self, document: Document, context: Context) -> list[Loss]:
        """Say what a class and a number per point cannot hold."""
        return point_losses(document, context)

    def write(self, document: Document, context: Context, target: Path) -> list[Path]:
        """Write each scan with its labels, and the file that names the classes."""
        files = target_files(target, context, folder="", suffix=_SUFFIX)
        labels = [point_labels(document, context, f, file) for f, file in enumerate(files)]
        names = {0: "unlabeled"} | {x.value: x.name for x in file_taxonomy(document, context)}
        place = files[0].parent / MAPPING
        contents: dict[Path, Contents] = {}
        joined = _joined(place, names)
        if joined is not None:
            rows = {str(number): name for number, name in sorted(joined.items())}
            contents[place] = (json.dumps(rows, ensure_ascii=False, indent=1) + "\n").encode()
        for cloud, file, one in zip(context.clouds, files, labels, strict=True):
            _refuse_the_scan_itself(file, cloud)
            table, encoding = _labelled(cloud, one), _encoding(context, file)
            contents[file] = pcd_parts(
                table.columns, encoding=encoding, viewpoint=table.viewpoint, size=table.size
            )
        return write_whole(contents)

    def sniff(self, path: Path) -> float:
        """Recognise a PCD header that has a field of labels; or a folder of such files."""
        if has_files(path, _SUFFIX):
            return 0.7 if (path / MAPPING).is_file() else 0.0
        return 0.9 if _has_label_field(head(path)) else 0.0

    def read(self, path: Path, context: Context) -> Document:
        """Return the labels of a file, or of a folder with one file per scan."""
        labels: dict[int, PointLabels] = {}
        for frame, file in source_files(path, context, folder="", suffix=_SUFFIX):
            cloud = _labelled_cloud(file)
            if frame < len(context.clouds):
                _require_same(file, cloud, context.clouds[frame])
            numbers = _whole(file, cloud, _LABEL_FIELDS)
            semantic = from_file(numbers, _mapping_beside(file), context.taxonomy)
            labels[frame] = PointLabels(semantic, _whole(file, cloud, _INSTANCE_FIELDS))
        extents = context.extents() or tuple((len(x.semantic),) for x in labels.values())
        return document_of(labels, extents)

    def validate(self, path: Path) -> list[Problem]:
        """Check that all points are there and that their labels are whole numbers."""
        try:
            for _frame, file in source_files(path, Context(Taxonomy()), folder="", suffix=_SUFFIX):
                cloud = _labelled_cloud(file)
                for fields in (_LABEL_FIELDS, _INSTANCE_FIELDS):
                    _whole(file, cloud, fields)
                _mapping_beside(file)
        except FileError as error:
            return [Problem(Severity.ERROR, error.path.name, error.problem)]
        return []

    def class_names(self, path: Path) -> tuple[str, ...]:
        """Return the classes that label files use, in the order in which `read` adds them."""
        names: dict[int, str] = {}
        for _frame, file in source_files(path, Context(Taxonomy()), folder="", suffix=_SUFFIX):
            numbers = _whole(file, _labelled_cloud(file), _LABEL_FIELDS)
            names |= named(_mapping_beside(file), numbers)
        return tuple(names[number] for number in sorted(names))


@dataclass(frozen=True, slots=True, eq=False)
class _Table:
    """A scan's fields as its own file has them."""

    columns: Columns
    viewpoint: tuple[float, ...] = NO_VIEWPOINT
    size: tuple[int, int] | None = None


def _has_label_field(start: bytes) -> bool:
    text = start.split(b"DATA", 1)[0].decode("utf-8", "replace")
    for line in text.split("\n"):
        key, *fields = line.lower().split() or [""]
        if key in ("fields", "columns"):
            return not {*fields}.isdisjoint(_LABEL_FIELDS)
    return False


def _labelled(cloud: PointCloud, labels: PointLabels) -> _Table:
    """Return the scan's table with the two fields of labels: in their place where it has them."""
    table = _table_of_file(cloud) or _table_of_points(cloud)
    columns = dict(table.columns)
    for name, values in (("label", labels.semantic), ("instance", labels.instance)):
        columns[next((own for own in columns if own.lower() == name), name)] = values
    return _Table(columns, table.viewpoint, table.size)


def _table_of_file(cloud: PointCloud) -> _Table | None:
    """Return the fields as the scan's own PCD file has them; None where it is none, or gone."""
    if cloud.path is None or cloud.path.suffix.lower() != _SUFFIX or not cloud.path.is_file():
        return None
    try:
        header, columns = read_columns(cloud.path)
    except (FileError, OSError):
        return None
    if header.points != len(cloud) or not {"x", "y", "z"} <= {*columns}:
        return None
    ordered = {name: columns[name] for name in header.record.names or ()}
    return _Table(ordered, header.viewpoint, (header.width, header.height))


def _table_of_points(cloud: PointCloud) -> _Table:
    xyz: Column = cloud.xyz_m
    if any(cloud.origin_m):  # a float32 would cost map coordinates their millimetres
        xyz = cloud.xyz_m.astype(np.float64) + np.asarray(cloud.origin_m)
    axes: Columns = {axis: xyz[:, at] for at, axis in enumerate("xyz")}
    fields = {"_".join(name.split()): values for name, values in cloud.fields.items()}
    return _Table(axes | fields)


def _encoding(context: Context, file: Path) -> Encoding:
    wanted = context.options.get("encoding", "binary")
    for encoding in _ENCODINGS:
        if encoding == wanted:
            return encoding
    problem = _("PCD has no encoding {name}").format(name=wanted)
    raise FileError(file, problem, _("choose {names}").format(names=", ".join(_ENCODINGS)))


def _refuse_the_scan_itself(file: Path, cloud: PointCloud) -> None:
    scan = cloud.path
    if scan is not None and scan.exists() and file.exists() and file.samefile(scan):
        problem = _("it is the scan itself, which labels must not replace")
        raise FileError(file, problem, _("choose another name or folder"))


def _joined(place: Path, names: Mapping[int, str]) -> dict[int, str] | None:
    """Return what the class file must say; None where it says so already.

    Raises
    ------
    FileError
        If it gives one of the numbers to another class: labels beside it rely on that.
    """
    there = _read_mapping(place) if place.exists() else {}
    for number, name in names.items():
        if there.get(number, name) != name:
            text = _("it calls number {number} {theirs}, these labels call it {ours}")
            problem = text.format(number=number, theirs=there[number], ours=name)
            raise FileError(place, problem, _("write the labels into another folder"))
    return None if there == there | dict(names) else there | dict(names)


def _mapping_beside(file: Path) -> dict[int, str]:
    place = file.parent / MAPPING
    return _read_mapping(place) if place.is_file() else {}


def _read_mapping(place: Path) -> dict[int, str]:
    try:
        rows = json.loads(read_whole(place, limit_bytes=_LARGEST_MAPPING_BYTES))
        return {int(number): str(name) for number, name in rows.items()}
    except (ValueError, AttributeError, RecursionError) as error:
        problem = _("it is no table of class numbers and names")
        raise FormatError(
            place, problem, _("correct it, or remove it to read bare numbers")
        ) from error


def _labelled_cloud(file: Path) -> PointCloud:
    try:
        cloud = read_pcd(file)
    except OSError as error:
        raise cannot_read(file, error) from error
    if not any(name in cloud.fields for name in _LABEL_FIELDS):
        problem = _("it has no field of labels")
        raise FormatError(file, problem, _("choose a PCD with a field called label"))
    return cloud


def _whole(file: Path, cloud: PointCloud, fields: tuple[str, ...]) -> Values:
    """Return the first of some fields as whole numbers; zeros where the file has none of them."""
    name = next((name for name in fields if name in cloud.fields), "")
    values = cloud.fields.get(name, np.zeros(len(cloud), np.uint32))
    if values.ndim != 1 or values.dtype.kind not in "fiu":
        problem = _("its field {name} has several values a point").format(name=name)
        raise FormatError(file, problem, _("export it again"))
    whole = np.nan_to_num(values.astype(np.float64), nan=0.5)
    whole[whole == -1] = 0  # how many tools say that there is none
    wrong = (whole != np.round(whole)) | (whole < 0) | (whole > _LARGEST_NUMBER)
    if wrong.any():
        text = _("point {row}: {name} {value} is no class number")
        row = int(np.flatnonzero(wrong)[0])
        problem = text.format(row=row, name=name, value=values[row])
        raise FormatError(file, problem, _("correct it, or export the labels again"))
    return whole.astype(np.uint32)


def _require_same(file: Path, labelled: PointCloud, scan: PointCloud) -> None:
    if len(labelled) != len(scan):
        text = _("it labels {labels} points, the scan has {points}")
        problem = text.format(labels=len(labelled), points=len(scan))
        raise WrongDataError(file, problem, _("open the scan that it was made for"))
    if coordinate_hash(labelled) == coordinate_hash(scan):
        return
    shift = np.asarray(labelled.origin_m) - np.asarray(scan.origin_m)
    theirs = labelled.xyz_m + shift.astype(np.float64)
    if not np.allclose(theirs, scan.xyz_m, rtol=0, atol=_SAME_PLACE_M, equal_nan=True):
        problem = _("its points lie elsewhere than the scan's")
        raise WrongDataError(file, problem, _("open the scan that it was made for"))
