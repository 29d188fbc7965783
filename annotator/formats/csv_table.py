"""Tables for spreadsheets: the foci of a CT with their measures, or the boxes of a scan.

A focus is one row of measurements with the rule that they hold by; its voxels are not in a
table, so it is read back as a point.
Boxes are read back as boxes. Also read: LUNA16's ``seriesuid,coordX,coordY,coordZ,diameter_mm``.

Options
-------
excel
    Begin with the mark by which Excel knows UTF-8 (default: no).

References
----------
RFC 4180 for the file; a text that a spreadsheet would take for a formula gets a leading
apostrophe, which reading takes away again.
"""

import csv
import io
import json
import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import ClassVar

from annotator.errors import FileError, FormatError, WrongDataError
from annotator.formats.built_in import CSV
from annotator.formats.files import head, read_whole, write_whole
from annotator.formats.foci import (
    attributes_as_plain,
    attributes_from_plain,
    id_of,
    id_of_uid,
    parts_of,
    uid_of,
)
from annotator.formats.format import Context, FormatInfo, Holds, Level, Loss, Problem
from annotator.formats.losses import (
    layer_losses,
    shape_dropped,
    suggestion_losses,
    told,
)
from annotator.i18n import gettext as _
from annotator.imaging.measuring import Measures, measure_focus
from annotator.imaging.rules import CAL_130, Rule
from annotator.model.annotations import Annotation, Origin
from annotator.model.document import Document
from annotator.model.edits import Put, apply
from annotator.model.findings import Severity
from annotator.model.layers import Where
from annotator.model.shapes import Box3D, Face, Focus, Point3D, Vec3
from annotator.model.volume import Series

_END = ("track", "frame", "attributes")
FOCI_COLUMNS = (
    *("study_uid", "series_uid", "focus_id", "tracking_uid", "class"),
    *("x_lps_mm", "y_lps_mm", "z_lps_mm", "i_col", "j_row", "k_slice"),
    *("volume_mm3", "voxels", "max_hu", "mean_hu", "area_mm2", "long_axis_mm", "agatston"),
    *("rule", "at_least_hu", "kv", "increment_mm", "connectivity", "least_area_mm2"),
    *("rater", "time_utc"),
    *_END,
)
BOX_COLUMNS = (
    *("id", "label", "shape", "x_m", "y_m", "z_m", "length_m", "width_m", "height_m"),
    *("yaw_deg", "pitch_deg", "roll_deg", "assumed"),
    *_END,
)
_LUNA_COLUMNS = ("seriesuid", "coordX", "coordY", "coordZ")
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "'")
"""What a spreadsheet may take for a formula; the apostrophe itself so that reading is exact."""
_DEGREE_BOUND_RAD = 1e-12

Row = dict[str, str]
Number = float | int | str


class CsvTable:
    """Rows for people who count, sort and report."""

    info: ClassVar[FormatInfo] = CSV

    def plan(self, document: Document, context: Context) -> list[Loss]:
        """Say what becomes of foci and angles, and which measures a doubtful series holds back."""
        losses = [*suggestion_losses(document), *layer_losses(document)]
        for annotation in told(document):
            match annotation.shape:
                case Box3D():
                    reason = _("angles are written in degrees")
                    kind = Holds.BOX
                    losses.append(
                        Loss(Level.ROUNDED, kind, annotation.id, reason, _DEGREE_BOUND_RAD)
                    )
                case Focus():
                    reason = _("a table holds its measures, not its voxels; it reads as a point")
                    losses.append(Loss(Level.CHANGED, Holds.FOCUS, annotation.id, reason))
                    losses += _held_back(annotation, context)
                case Point3D():
                    pass
                case _:
                    losses.append(shape_dropped(annotation))
        return losses

    def write(self, document: Document, context: Context, target: Path) -> list[Path]:
        """Write the foci and points of a CT, or the boxes and points of a scan."""
        is_ct = context.series is not None
        columns = FOCI_COLUMNS if is_ct else BOX_COLUMNS
        rows = _focus_rows(document, context) if is_ct else _box_rows(document)
        text = io.StringIO(newline="")
        table = csv.DictWriter(text, columns, restval="", lineterminator="\r\n")
        table.writeheader()
        table.writerows(rows)
        mark = "utf-8-sig" if context.options.get("excel", False) else "utf-8"
        return write_whole({target: text.getvalue().encode(mark, "surrogatepass")})

    def sniff(self, path: Path) -> float:
        """Recognise the names of the columns."""
        first = head(path).removeprefix(b"\xef\xbb\xbf").split(b"\n", 1)[0]
        names = first.decode("utf-8", "replace").strip().replace('"', "").split(",")
        return 1.0 if _kind(names) else 0.0

    def read(self, path: Path, context: Context) -> Document:
        """Return boxes as boxes, and foci as points at their centres."""
        document = Document(context.extents())
        for line, kind, row in _rows(path):
            annotation = _told_line(path, line, partial(_annotation, kind, row, context))
            if not annotation.id:  # the same at every reading, so that remarks find it again
                annotation = replace(annotation, id=id_of(path.name, line))
            if annotation.id in document.annotations:
                problem = _("line {line}: its id is another's as well").format(line=line)
                raise FormatError(path, problem, _("give each row an id of its own"))
            _require_same_series(path, row, context)
            apply(Put(annotation), document)
        return document

    def validate(self, path: Path) -> list[Problem]:
        """Check each row."""
        from annotator.model.labels import Taxonomy  # noqa: PLC0415 - only to have a context

        problems: list[Problem] = []
        nothing = Context(Taxonomy())
        try:
            for line, kind, row in _rows(path):
                try:
                    _annotation(kind, row, nothing)
                except (ValueError, KeyError) as error:
                    where = _("line {line}").format(line=line)
                    problems.append(Problem(Severity.ERROR, where, str(error)))
        except FileError as error:
            problems.append(Problem(Severity.ERROR, path.name, error.problem))
        return problems


def _focus_rows(document: Document, context: Context) -> Iterator[Mapping[str, Number]]:
    voxels = {p.instance: p.where for p in parts_of(document)}
    written = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    for annotation in told(document):
        match annotation.shape:
            case Focus(instance) if instance in voxels:
                measures = _measures(voxels[instance], context)
                said: Mapping[str, Number] = {"focus_id": instance, **measures}
            case Point3D(at):
                said = _place(at, context)
            case _:
                continue
        yield {
            "study_uid": context.series.study_uid if context.series else "",
            "series_uid": context.series.series_uid if context.series else "",
            "tracking_uid": uid_of(annotation.id),
            "class": _safe(annotation.label),
            "rater": _safe(str(context.options.get("rater") or context.who)),
            "time_utc": written,
            **said,
            **_end(annotation),
        }


def _held_back(annotation: Annotation, context: Context) -> list[Loss]:
    """Return the loss of the measures of a series that a person must take note of first."""
    if context.is_measured:
        return []
    reason = _("the series' findings make mm², mm³ and scores doubtful: they are left empty")
    return [Loss(Level.CHANGED, Holds.FOCUS, annotation.id, reason)]


def _measures(where: Where, context: Context) -> Mapping[str, Number]:
    """Return the measured columns; without the voxels' HU only what needs none."""
    series = context.series
    if series is None or not len(where):
        return {}
    if context.volume is None:
        mm3 = {"volume_mm3": _rounded(len(where) * series.voxel_mm3)}
        return {"voxels": len(where), **(mm3 if context.is_measured else {})}
    rule = context.rule or CAL_130
    found = measure_focus(context.volume, where, rule)
    return {
        **_place(found.center_lps_mm, context),
        "voxels": found.voxels,
        "max_hu": _rounded(found.max_hu),
        "mean_hu": _rounded(found.mean_hu),
        **(_sizes(found) if context.is_measured else {}),
        **_provenance(rule, series),
    }


def _sizes(found: Measures) -> Mapping[str, Number]:
    """Return what a gap between slices, or a slice of another rescale, makes wrong."""
    return {
        "volume_mm3": _rounded(found.volume_mm3),
        "area_mm2": _rounded(found.area_mm2),
        "long_axis_mm": _rounded(found.long_mm),
        "agatston": _rounded(found.agatston),
    }


def _provenance(rule: Rule, series: Series) -> Mapping[str, Number]:
    """Return by what a row's score was made; the tube voltage is empty where none is known."""
    return {
        "rule": _safe(rule.title()),
        "at_least_hu": rule.threshold_hu(series.kvp),
        "kv": "" if series.kvp is None else series.kvp,
        "increment_mm": series.spacing_mm[0],
        "connectivity": rule.connectivity,
        "least_area_mm2": rule.flag_below_mm2,
    }


def _place(at_mm: Vec3, context: Context) -> Mapping[str, Number]:
    place: dict[str, Number] = dict(zip(("x_lps_mm", "y_lps_mm", "z_lps_mm"), at_mm, strict=True))
    if context.series is not None:
        i, j, k = map(_rounded, context.series.voxel_of(at_mm))
        place |= {"i_col": i, "j_row": j, "k_slice": k}
    return place


def _rounded(value: float) -> float:
    return round(value, 3)


def _box_rows(document: Document) -> Iterator[Mapping[str, Number]]:
    for annotation in told(document):
        match annotation.shape:
            case Box3D() as box:
                said = _box_columns(box)
            case Point3D(at):
                said = {"shape": "point", **dict(zip(("x_m", "y_m", "z_m"), at, strict=True))}
            case _:
                continue
        yield {
            "id": _safe(annotation.id),
            "label": _safe(annotation.label),
            **said,
            **_end(annotation),
        }


def _box_columns(box: Box3D) -> Mapping[str, Number]:
    said: dict[str, Number] = {"shape": "box"}
    said |= dict(zip(("x_m", "y_m", "z_m"), box.center_m, strict=True))
    said |= dict(zip(("length_m", "width_m", "height_m"), box.size_m, strict=True))
    for name, angle_rad in zip(_ANGLES, (box.yaw_rad, box.pitch_rad, box.roll_rad), strict=True):
        said[name] = math.degrees(angle_rad)
    return said | {"assumed": " ".join(sorted(face.value for face in box.assumed))}


_ANGLES = ("yaw_deg", "pitch_deg", "roll_deg")


def _end(annotation: Annotation) -> Mapping[str, Number]:
    attributes = attributes_as_plain(annotation)
    return {
        "track": "" if annotation.track is None else _safe(annotation.track),
        "frame": "" if annotation.frame is None else annotation.frame,
        "attributes": json.dumps(attributes, ensure_ascii=False) if attributes else "",
    }


def _safe(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text


def _unguarded(text: str) -> str:
    return text[1:] if text[:1] == "'" and text[1:].startswith(_FORMULA) else text


def _rows(path: Path) -> Iterator[tuple[int, str, Row]]:
    """Go through line number, kind of table, and cells by column."""
    try:
        text = read_whole(path, limit_bytes=2**28).decode("utf-8-sig", "surrogatepass")
    except UnicodeDecodeError as error:
        problem = _("it is not UTF-8 text")
        raise FormatError(path, problem, _("save it as CSV UTF-8")) from error
    table = csv.reader(io.StringIO(text, newline=""))
    try:
        names = [name.strip() for name in next(table, [])]
        kind = _kind(names)
        if not kind:
            problem = _("its columns are none that are known")
            raise FormatError(path, problem, _("choose a table of foci or of boxes"))
        for cells in table:
            if not any(cells):
                continue
            if len(cells) != len(names):
                text = _("line {line} has {cells} cells under {names} columns")
                problem = text.format(line=table.line_num, cells=len(cells), names=len(names))
                raise FormatError(path, problem, _("correct that line or export it again"))
            yield table.line_num, kind, dict(zip(names, cells, strict=True))
    except csv.Error as error:
        text = _("line {line}: {reason}")
        problem = text.format(line=table.line_num, reason=error)
        raise FormatError(path, problem, _("correct that line or export it again")) from error


def _kind(names: Iterable[str]) -> str:
    have = {name.strip() for name in names}
    if have >= {"class", "x_lps_mm", "y_lps_mm", "z_lps_mm"}:
        return "foci"
    if have >= set(BOX_COLUMNS[1:10]):
        return "boxes"
    return "luna" if have >= set(_LUNA_COLUMNS) else ""


def _told_line(path: Path, line: int, made: Callable[[], Annotation]) -> Annotation:
    try:
        return made()
    except (ValueError, KeyError, OverflowError) as error:
        problem = _("line {line}: {reason}").format(line=line, reason=error)
        raise FormatError(path, problem, _("correct that line or export it again")) from error


def _annotation(kind: str, row: Row, context: Context) -> Annotation:
    match kind:
        case "boxes":
            return _made(_unguarded(row["label"]), _shape(row), row.get("id", ""), row)
        case "foci":
            at = _numbers(row, "x_lps_mm", "y_lps_mm", "z_lps_mm")
            uid = row.get("tracking_uid", "")
            own = id_of_uid(uid) if uid else ""
            return _made(_unguarded(row["class"]), Point3D(at), own, row)
        case _:
            label = next((x.name for x in context.taxonomy if x.name == "nodule"), "nodule")
            return _made(label, Point3D(_numbers(row, "coordX", "coordY", "coordZ")), "", row)


def _made(label: str, shape: Box3D | Point3D, own: str, row: Row) -> Annotation:
    frame = row.get("frame", "")
    said = row.get("attributes", "")
    attributes = dict(attributes_from_plain(json.loads(said))) if said else {}
    if row.get("diameter_mm"):
        attributes["diameter_mm"] = _number(row, "diameter_mm")
    track = row.get("track", "")
    return Annotation(
        label=label,
        shape=shape,
        id=_unguarded(own),
        attributes=attributes,
        origin=Origin.IMPORT,
        frame=int(frame) if frame else None,
        track=_unguarded(track) if track else None,
    )


def _shape(row: Row) -> Box3D | Point3D:
    at = _numbers(row, "x_m", "y_m", "z_m")
    if row.get("shape") == "point":
        return Point3D(at)
    yaw, pitch, roll = (math.radians(_number(row, name, 0.0)) for name in _ANGLES)
    assumed = frozenset(Face(word) for word in row.get("assumed", "").split())
    size = _numbers(row, "length_m", "width_m", "height_m")
    return Box3D(at, size, yaw, pitch, roll, assumed)


def _numbers(row: Row, x: str, y: str, z: str) -> Vec3:
    return _number(row, x), _number(row, y), _number(row, z)


def _number(row: Row, name: str, default: float | None = None) -> float:
    cell = row.get(name, "").strip()
    if not cell and default is not None:
        return default
    try:
        return float(cell)
    except ValueError:
        text = _("{name} needs a number, got {cell}")
        raise ValueError(text.format(name=name, cell=repr(cell[:40]))) from None


def _require_same_series(path: Path, row: Row, context: Context) -> None:
    theirs = row.get("series_uid") or row.get("seriesuid")
    if context.series is not None and theirs and theirs != context.series.series_uid:
        problem = _("its foci are about another series")
        raise WrongDataError(path, problem, _("open the series that it was made for"))
    if context.series is None and context.clouds and theirs:
        problem = _("its foci are about a CT")
        raise WrongDataError(path, problem, _("open the series that it was made for"))
