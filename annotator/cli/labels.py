"""`annotator convert` and `annotator validate`: label files in, label files out."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from annotator.app.data import context_of, only_candidate
from annotator.cli.options import Acknowledge, FromFormat, Json, LabelPath, SeriesUid, Threshold
from annotator.cli.output import as_json, progress_bar, table
from annotator.cli.program import FINDINGS, app
from annotator.cli.rules import by_rule
from annotator.errors import FileError
from annotator.i18n import gettext as _
from annotator.i18n import ngettext
from annotator.model.findings import Severity

if TYPE_CHECKING:
    from annotator.app.exchange import Written
    from annotator.formats.format import Context, Loss, Option


@app.command()
def convert(
    source: LabelPath,
    *,
    data: Annotated[Path, typer.Option("--data", help="The scan or series that it labels.")],
    to: Annotated[str, typer.Option("--to", help="Name of the format to write.")],
    out: Annotated[Path, typer.Option("-o", "--out", help="Where to write.")],
    origin: FromFormat = "",
    series: SeriesUid = "",
    option: Annotated[
        list[str] | None, typer.Option("--option", help="NAME=VALUE, a format's own choice.")
    ] = None,
    acknowledge: Acknowledge = False,
    threshold: Threshold = None,
    json: Json = False,
) -> None:
    """Write labels in another format, and say what it could not hold."""
    from annotator.app.exchange import read_labels, reads_as, write_labels  # noqa: PLC0415

    options = dict(_option(text) for text in option or ())
    context = replace(data_context(data, series), options=options, acknowledged=acknowledge)
    context, rule_from = by_rule(context, data, threshold)
    document = read_labels(source, context, reads_as(source, origin))
    written = write_labels(document, context, to, out)
    if json:
        as_json(
            {
                "files": [path.as_posix() for path in written.files],
                "annotations": len(document.annotations),
                "losses": [_loss_facts(loss) for loss in written.losses],
                **({"rule": context.rule.title(), "rule_from": rule_from} if context.rule else {}),
            }
        )
    else:
        _print(written)


@app.command()
def validate(
    path: LabelPath,
    *,
    origin: FromFormat = "",
    data: Annotated[
        Path | None, typer.Option("--data", help="The scan or series that it labels.")
    ] = None,
    series: SeriesUid = "",
    json: Json = False,
) -> int:
    """Check a label file; with its data, also that it belongs to them."""
    from annotator.app.exchange import problems_of, reads_as  # noqa: PLC0415

    if not path.exists():
        raise FileError(path, _("there is no such file or folder"), _("check the path"))
    context = data_context(data, series) if data else None
    problems = problems_of(path, reads_as(path, origin), context)
    bad = any(problem.severity is Severity.ERROR for problem in problems)
    if json:
        as_json(
            {
                "ok": not bad,
                "problems": [
                    {"severity": p.severity, "where": p.where, "message": p.message}
                    for p in problems
                ],
            }
        )
    else:
        table([(_(p.severity), p.where, p.message) for p in problems])
        said = ngettext("{name}: {count} problem", "{name}: {count} problems", len(problems))
        print(said.format(name=path.name, count=len(problems)))
    return FINDINGS if bad else 0


def data_context(data: Path, series: str = "") -> "Context":
    """Read what labels are about."""
    candidate = only_candidate(data, series_uid=series)
    return context_of(candidate, progress=progress_bar(_("Reading {name}").format(name=data.name)))


def _option(text: str) -> "tuple[str, Option]":
    name, _equals, value = text.partition("=")
    if value.lower() in {"true", "yes", ""}:
        return name, True
    if value.lower() in {"false", "no"}:
        return name, False
    try:
        return name, float(value)
    except ValueError:
        return name, value


def _print(written: "Written") -> None:
    for path in written.files:
        print(path)
    if not written.losses:
        print(_("nothing was lost"))
    table([(_(loss.level.name.lower()), loss.subject, loss.reason) for loss in written.losses])


def _loss_facts(loss: "Loss") -> dict[str, Any]:
    return {
        "level": loss.level.name.lower(),
        "kind": (loss.kind.name or "").lower().replace("_", "-"),
        "subject": loss.subject,
        "reason": loss.reason,
        "bound": loss.bound,
    }
