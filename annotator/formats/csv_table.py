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
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import ClassVar

from annotator.errors import FileError, FormatError
from annotator.formats.built_in import CSV
from annotator.formats.csv_columns import BOX_COLUMNS, FOCI_COLUMNS, kind_of
from annotator.formats.csv_reading import annotation_of, require_same_series, rows_of, told_line
from annotator.formats.csv_writing import box_rows, focus_rows
from annotator.formats.files import head, write_whole
from annotator.formats.foci import id_of
from annotator.formats.format import Context, FormatInfo, Holds, Level, Loss, Problem
from annotator.formats.losses import layer_losses, shape_dropped, suggestion_losses, told
from annotator.i18n import gettext as _
from annotator.model.annotations import Annotation
from annotator.model.document import Document
from annotator.model.edits import Put, apply
from annotator.model.findings import Severity
from annotator.model.shapes import Box3D, Focus, Point3D

_DEGREE_BOUND_RAD = 1e-12


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
        rows = focus_rows(document, context) if is_ct else box_rows(document)
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
        return 1.0 if kind_of(names) else 0.0

    def read(self, path: Path, context: Context) -> Document:
        """Return boxes as boxes, and foci as points at their centres."""
        document = Document(context.extents())
        for line, kind, row in rows_of(path):
            annotation = told_line(path, line, partial(annotation_of, kind, row, context))
            if not annotation.id:  # the same at every reading, so that remarks find it again
                annotation = replace(annotation, id=id_of(path.name, line))
            if annotation.id in document.annotations:
                problem = _("line {line}: its id is another's as well").format(line=line)
                raise FormatError(path, problem, _("give each row an id of its own"))
            require_same_series(path, row, context)
            apply(Put(annotation), document)
        return document

    def validate(self, path: Path) -> list[Problem]:
        """Check each row."""
        from annotator.model.labels import Taxonomy  # noqa: PLC0415 - only to have a context

        problems: list[Problem] = []
        nothing = Context(Taxonomy())
        try:
            for line, kind, row in rows_of(path):
                try:
                    annotation_of(kind, row, nothing)
                except (ValueError, KeyError) as error:
                    where = _("line {line}").format(line=line)
                    problems.append(Problem(Severity.ERROR, where, str(error)))
        except FileError as error:
            problems.append(Problem(Severity.ERROR, path.name, error.problem))
        return problems


def _held_back(annotation: Annotation, context: Context) -> list[Loss]:
    """Return the loss of the measures of a series that a person must take note of first."""
    if context.is_measured:
        return []
    reason = _("the series' findings make mm², mm³ and scores doubtful: they are left empty")
    return [Loss(Level.CHANGED, Holds.FOCUS, annotation.id, reason)]
