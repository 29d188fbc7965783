"""What the rows of a table say."""

import csv
import io
import json
import math
from collections.abc import Callable, Iterator
from pathlib import Path

from annotator.errors import FormatError, WrongDataError
from annotator.formats.csv_columns import ANGLES, Row, kind_of, unguarded
from annotator.formats.files import read_whole
from annotator.formats.foci import attributes_from_plain, id_of_uid
from annotator.formats.format import Context
from annotator.i18n import gettext as _
from annotator.model.annotations import Annotation, Origin
from annotator.model.shapes import Box3D, Face, Point3D, Vec3


def rows_of(path: Path) -> Iterator[tuple[int, str, Row]]:
    """Go through line number, kind of table, and cells by column."""
    try:
        text = read_whole(path, limit_bytes=2**28).decode("utf-8-sig", "surrogatepass")
    except UnicodeDecodeError as error:
        problem = _("it is not UTF-8 text")
        raise FormatError(path, problem, _("save it as CSV UTF-8")) from error
    table = csv.reader(io.StringIO(text, newline=""))
    try:
        names = [name.strip() for name in next(table, [])]
        kind = kind_of(names)
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


def annotation_of(kind: str, row: Row, context: Context) -> Annotation:
    """Return what a row of a kind of table says.

    Raises
    ------
    ValueError, KeyError
        If a cell does not hold what its column asks for.
    """
    match kind:
        case "boxes":
            return _made(unguarded(row["label"]), _shape(row), row.get("id", ""), row)
        case "foci":
            at = _numbers(row, "x_lps_mm", "y_lps_mm", "z_lps_mm")
            uid = row.get("tracking_uid", "")
            own = id_of_uid(uid) if uid else ""
            return _made(unguarded(row["class"]), Point3D(at), own, row)
        case _:
            label = next((x.name for x in context.taxonomy if x.name == "nodule"), "nodule")
            return _made(label, Point3D(_numbers(row, "coordX", "coordY", "coordZ")), "", row)


def told_line(path: Path, line: int, made: Callable[[], Annotation]) -> Annotation:
    """Make an annotation of a row, or raise with its line what is wrong with it."""
    try:
        return made()
    except (ValueError, KeyError, OverflowError) as error:
        problem = _("line {line}: {reason}").format(line=line, reason=error)
        raise FormatError(path, problem, _("correct that line or export it again")) from error


def require_same_series(path: Path, row: Row, context: Context) -> None:
    """Raise where a row is about another series than the open one."""
    theirs = row.get("series_uid") or row.get("seriesuid")
    if context.series is not None and theirs and theirs != context.series.series_uid:
        problem = _("its foci are about another series")
        raise WrongDataError(path, problem, _("open the series that it was made for"))
    if context.series is None and context.clouds and theirs:
        problem = _("its foci are about a CT")
        raise WrongDataError(path, problem, _("open the series that it was made for"))


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
        id=unguarded(own),
        attributes=attributes,
        origin=Origin.IMPORT,
        frame=int(frame) if frame else None,
        track=unguarded(track) if track else None,
    )


def _shape(row: Row) -> Box3D | Point3D:
    at = _numbers(row, "x_m", "y_m", "z_m")
    if row.get("shape") == "point":
        return Point3D(at)
    yaw, pitch, roll = (math.radians(_number(row, name, 0.0)) for name in ANGLES)
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
