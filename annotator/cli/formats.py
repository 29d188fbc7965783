"""`annotator formats`: which label files can be read and written."""

from typing import Any

from annotator.cli.options import Json
from annotator.cli.output import as_json, table
from annotator.cli.program import app
from annotator.formats.format import Holds
from annotator.i18n import gettext as _


@app.command()
def formats(
    *,
    json: Json = False,
) -> None:
    """List the formats of label files, and where each comes from."""
    from annotator.app.plugins import all_formats  # noqa: PLC0415 - runs what the person trusts

    registry = all_formats()
    facts: list[dict[str, Any]] = [
        {
            "name": entry.info.name,
            "title": entry.info.title,
            "extensions": list(entry.info.extensions),
            "reads": entry.info.reads,
            "writes": entry.info.writes,
            "holds": _names(entry.info.holds),
            "source": entry.source,
        }
        for entry in registry.entries()
    ]
    if json:
        as_json(facts)
        return
    table(
        [
            (f["name"], _(f["title"]), _direction(f["reads"], f["writes"]), ", ".join(f["holds"]))
            for f in facts
        ],
        head=(_("name"), _("title"), _("direction"), _("holds")),
    )
    for name, reason in registry.refused():
        print(_("{name} could not be loaded: {reason}").format(name=name, reason=reason))


def _names(holds: Holds) -> list[str]:
    return [one.name.lower().replace("_", "-") for one in holds if one.name]


def _direction(reads: object, writes: object) -> str:
    return "+".join(word for word, does in ((_("read"), reads), (_("write"), writes)) if does)
