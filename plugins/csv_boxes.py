"""Boxes as a table that a person can read: one row a box, angles in degrees.

The tutorial `docs/write-a-format.md` goes through this file line by line.
"""

import csv
import io
import math
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

from annotator.api import (
    Annotation,
    Box3D,
    Context,
    Document,
    FileError,
    FormatError,
    FormatInfo,
    Holds,
    Level,
    Loss,
    Origin,
    Problem,
    Severity,
    gettext,
    head,
    kind_of,
    layer_losses,
    new_id,
    read_whole,
    shape_dropped,
    suggestion_losses,
    told,
    write_whole,
)

_ = gettext

COLUMNS = (
    "label", "x_m", "y_m", "z_m", "length_m", "width_m", "height_m", "yaw_deg", "frame",
)  # fmt: skip
HEADER = ",".join(COLUMNS)
YAW_BOUND_RAD = 1e-14


class CsvBoxes:
    """Degrees because people read this file; radians everywhere else."""

    info: ClassVar[FormatInfo] = FormatInfo(
        name="csv-boxes",
        title="Table of boxes (CSV)",
        extensions=(".csv",),
        holds=Holds.BOX | Holds.FRAMES,
    )

    def plan(self, document: Document, context: Context) -> list[Loss]:  # noqa: ARG002
        """Say what has no column."""
        return [
            *suggestion_losses(document),
            *(loss for annotation in told(document) for loss in _losses(annotation)),
            *layer_losses(document),
        ]

    def write(self, document: Document, context: Context, target: Path) -> list[Path]:  # noqa: ARG002
        """Write one row per box; repr keeps every digit of a number."""
        text = io.StringIO(newline="")
        rows = csv.writer(text, lineterminator="\n")
        rows.writerow(COLUMNS)
        rows.writerows(_row(a) for a in told(document) if isinstance(a.shape, Box3D))
        return write_whole({target: text.getvalue().encode("utf-8", "replace")})

    def sniff(self, path: Path) -> float:
        """Recognise the header line."""
        return 1.0 if head(path).startswith(HEADER.encode()) else 0.0

    def read(self, path: Path, context: Context) -> Document:
        """Return the boxes of a file that `write` made."""
        found = []
        for line, row in _rows(path):
            try:
                found.append(_annotation(row))
            except (ValueError, TypeError) as error:
                problem = _("line {line}: {fault}").format(line=line, fault=error)
                raise FormatError(path, problem, _("correct the line")) from error
        extents = context.extents() or ((0,),)
        return Document(extents, {annotation.id: annotation for annotation in found})

    def validate(self, path: Path) -> list[Problem]:
        """Name each row that is no box."""
        try:
            return [p for line, row in _rows(path) for p in _problems(f"{path.name}:{line}", row)]
        except FileError as error:
            return [Problem(Severity.ERROR, path.name, error.problem)]


FORMATS = [CsvBoxes]


def _losses(annotation: Annotation) -> Iterator[Loss]:
    shape, subject = annotation.shape, annotation.id
    if not isinstance(shape, Box3D):
        yield shape_dropped(annotation)
        return
    if shape.pitch_rad or shape.roll_rad or shape.assumed or annotation.label != _word(annotation):
        reason = _("only an upright box and a plain word are written")
        yield Loss(Level.CHANGED, kind_of(shape), subject, reason)
    else:
        reason = _("an angle in degrees is rounded")
        yield Loss(Level.ROUNDED, Holds.BOX, subject, reason, YAW_BOUND_RAD)
    if annotation.attributes:
        yield Loss(Level.DROPPED, Holds.ATTRIBUTES, subject, _("there is no column for attributes"))
    if annotation.track is not None:
        yield Loss(Level.DROPPED, Holds.TRACK, subject, _("there is no column for a track"))


def _row(annotation: Annotation) -> list[str]:
    box = annotation.shape
    assert isinstance(box, Box3D)
    numbers = (*box.center_m, *box.size_m, math.degrees(box.yaw_rad))
    frame = "" if annotation.frame is None else str(annotation.frame)
    return [_word(annotation), *(repr(n) for n in numbers), frame]


def _word(annotation: Annotation) -> str:
    """Return a label that a table can hold and that no spreadsheet takes for a formula."""
    text = annotation.label.encode("utf-8", "replace").decode()
    return "".join(c for c in text if c.isprintable()).lstrip("=+-@")


def _rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        text = read_whole(path, limit_bytes=2**28).decode("utf-8-sig")
        rows = csv.DictReader(io.StringIO(text, newline=""), strict=True)
        if list(rows.fieldnames or ()) != list(COLUMNS):
            problem = _("its first line is not {header}").format(header=HEADER)
            raise FormatError(path, problem, _("choose a table of boxes"))
        for row in rows:
            yield rows.line_num, row
    except (UnicodeDecodeError, csv.Error) as error:
        problem = _("it is no table: {fault}").format(fault=error)
        raise FormatError(path, problem, _("export it again")) from error


def _annotation(row: dict[str, str]) -> Annotation:
    x, y, z, length, width, height, yaw_deg = (float(row[name]) for name in COLUMNS[1:8])
    return Annotation(
        label=row["label"],
        shape=Box3D((x, y, z), (length, width, height), math.radians(yaw_deg)),
        id=new_id(),
        origin=Origin.IMPORT,
        frame=int(row["frame"]) if row["frame"] else None,
    )


def _problems(where: str, row: dict[str, str]) -> Iterator[Problem]:
    try:
        _annotation(row)
    except (ValueError, TypeError) as error:
        yield Problem(Severity.ERROR, where, str(error))
