"""`annotator suggest`: the candidates of a series, as a label file of suggestions."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from annotator.cli.labels import data_context
from annotator.cli.options import DataPath, Json, SeriesUid, Threshold
from annotator.cli.output import as_json, table
from annotator.cli.program import app
from annotator.cli.rules import by_rule
from annotator.errors import FileError
from annotator.i18n import gettext as _
from annotator.imaging.rules import CAL_130, Rule

if TYPE_CHECKING:
    from annotator.app.suggesting import Suggested, Suggestion


@app.command()
def suggest(
    series: DataPath,
    *,
    out: Annotated[Path, typer.Option("-o", "--out", help="The label file to write.")],
    uid: SeriesUid = "",
    threshold: Threshold = None,
    json: Json = False,
) -> None:
    """Put every candidate of a series forward; a person decides each in the window."""
    from annotator.app.exchange import write_labels  # noqa: PLC0415
    from annotator.app.suggesting import suggest as suggested  # noqa: PLC0415 - compiles kernels

    context = data_context(series, uid)
    if context.volume is None:
        raise FileError(series, _("it is not a CT series"), _("name a folder with CT slices"))
    context, rule_from = by_rule(context, series, threshold)
    assert context.volume is not None
    rule = context.rule or CAL_130
    label, is_measured = next(iter(context.taxonomy)).name, context.is_measured
    found = suggested(context.volume, label, rule, is_measured=is_measured)
    write_labels(found.document, context, "native", out)
    if json:
        threshold_hu = rule.threshold_hu(context.volume.series.kvp)
        said_of_rule = {
            "rule": rule.title(),
            "rule_from": rule_from,
            "threshold_hu": threshold_hu,
            "least_area_mm2": rule.flag_below_mm2,
        }
        as_json({**_facts(found), **said_of_rule})
    else:
        _print(found, rule)
        print(_("Rule: {title}, {where}").format(title=rule.title(), where=rule_from))


def _print(found: "Suggested", rule: Rule) -> None:
    from annotator.app.below_the_rule import below_in_words  # noqa: PLC0415

    flag = below_in_words(rule)
    rows = [
        (s.slice, s.voxels, _mm3_in_words(s), s.max_hu, _(s.site), flag if s.is_below else "")
        for s in found.suggestions
    ]
    table(rows, head=(_("Slice"), _("Voxels"), _("mm³"), _("Max HU"), _("Site"), ""))
    aside = sum(found.set_aside.values())
    print(_("{n} suggested, {aside} set aside").format(n=len(rows), aside=aside))


def _mm3_in_words(one: "Suggestion") -> str:
    return "–" if one.volume_mm3 is None else f"{one.volume_mm3:.1f}"


def _facts(found: "Suggested") -> dict[str, Any]:
    return {
        "suggestions": [
            {
                "id": one.annotation.id,
                "voxels": one.voxels,
                "volume_mm3": one.volume_mm3,
                "max_hu": one.max_hu,
                "mean_hu": one.mean_hu,
                "margin_hu": one.margin_hu,
                "slice": one.slice,
                "below_minimum": one.is_below,
                "site": one.site,
                "center_lps_mm": list(one.center_lps_mm),
            }
            for one in found.suggestions
        ],
        "set_aside": sum(found.set_aside.values()),
        "set_aside_as": {reason.value: count for reason, count in found.set_aside.items()},
    }
