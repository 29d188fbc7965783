"""`annotator lint`: which labels of a scan break a rule."""

from pathlib import Path
from typing import Annotated

import typer

from annotator.cli.labels import data_context
from annotator.cli.options import FromFormat, Json, LabelPath
from annotator.cli.output import as_json, table
from annotator.cli.program import FINDINGS, app
from annotator.errors import FileError
from annotator.i18n import gettext as _


@app.command()
def lint(
    labels: LabelPath,
    *,
    data: Annotated[Path, typer.Option("--data", help="The scan or series that it labels.")],
    origin: FromFormat = "",
    json: Json = False,
) -> int:
    """Say which boxes hold fewer points than their class asks for, and which outlines cross."""
    from annotator.app.exchange import read_labels, reads_as  # noqa: PLC0415
    from annotator.app.scans import WorldScans  # noqa: PLC0415 - compiles kernels
    from annotator.geometry.survey import survey  # noqa: PLC0415 - as above
    from annotator.project.lint import LintedScan, lint_scans  # noqa: PLC0415 - as above

    context = data_context(data)
    if not context.clouds:
        raise FileError(data, _("it is no scan"), _("name a scan, or a folder with scans"))
    document = read_labels(labels, context, reads_as(labels, origin))
    scans = WorldScans(context)
    linted = (LintedScan(n, scans[n], survey(scans[n].xyz_m)) for n in range(len(scans)))
    found = list(lint_scans(document, linted, context.taxonomy))
    scans.close()
    if json:
        as_json([{"code": f.code, "text": f.text, "annotation": f.annotation_id} for f in found])
    else:
        table([(f.code, f.text, f.annotation_id or "") for f in found])
        if not found:
            print(_("nothing to point at"))
    return FINDINGS if found else 0
