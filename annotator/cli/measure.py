"""`annotator measure`: what the foci of a label file measure on their series."""

import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from annotator.cli.labels import data_context
from annotator.cli.options import (
    Acknowledge,
    DataPath,
    FromFormat,
    Json,
    LabelPath,
    SeriesUid,
    Threshold,
)
from annotator.cli.output import as_json, table
from annotator.cli.program import FINDINGS, app
from annotator.cli.rules import by_rule
from annotator.errors import FileError
from annotator.i18n import gettext as _
from annotator.imaging.rules import CAL_130, Rule
from annotator.model.annotations import Annotation
from annotator.model.document import Document

if TYPE_CHECKING:
    from annotator.formats.format import Context
    from annotator.imaging.scoring import Scores
    from annotator.model.volume import Series


@app.command()
def measure(
    series: DataPath,
    labels: LabelPath,
    *,
    uid: SeriesUid = "",
    origin: FromFormat = "",
    acknowledge: Acknowledge = False,
    threshold: Threshold = None,
    json: Json = False,
) -> int:
    """Measure every focus: voxels, HU, volume and Agatston score."""
    from annotator.app.exchange import read_labels, reads_as  # noqa: PLC0415
    from annotator.commands.foci import foci  # noqa: PLC0415

    context = replace(data_context(series, uid), acknowledged=acknowledge)
    if context.series is None or context.volume is None:
        raise FileError(series, _("it is not a CT series"), _("name a folder with CT slices"))
    context, rule_from = by_rule(context, series, threshold)
    assert context.series is not None
    document = read_labels(labels, context, reads_as(labels, origin))
    rows = [_facts(focus, document, context) for focus in foci(document)]
    total = _total(document, context) if context.is_measured else None
    if json:
        scores = as_facts(total, _rule(context)) if total is not None else None
        facts = {"rule_from": rule_from, "scores": scores}
        as_json({"foci": rows, **series_facts(context.series), **facts})
    else:
        table(
            [tuple(map(_cell, row.values())) for row in rows], head=tuple(rows[0]) if rows else ()
        )
        print()
        table(lines(total) if total is not None else ())
        print(_("Rule: {title}, {where}").format(title=_rule(context).title(), where=rule_from))
    if not context.series.measurable:
        print(_doubt(context), file=sys.stderr)
    return 0 if context.is_measured else FINDINGS


def _facts(annotation: Annotation, document: Document, context: "Context") -> dict[str, Any]:
    """Return the numbers of one focus; None for those that a doubtful series holds back."""
    from annotator.commands.foci import instance_of, is_counted  # noqa: PLC0415
    from annotator.imaging.measuring import measure_focus  # noqa: PLC0415 - compiles kernels

    assert context.volume is not None
    where = document.instances().where(instance_of(annotation))
    found = measure_focus(context.volume, where, _rule(context))
    return {
        "id": annotation.id,
        "label": annotation.label,
        "counted": is_counted(annotation),
        "voxels": found.voxels,
        "volume_mm3": found.volume_mm3 if context.is_measured else None,
        "max_hu": found.max_hu,
        "mean_hu": found.mean_hu,
        "agatston": found.agatston if context.is_measured else None,
        "center_lps_mm": list(found.center_lps_mm),
    }


def _total(document: Document, context: "Context") -> "Scores":
    from annotator.commands.foci import foci, instance_of, is_counted  # noqa: PLC0415
    from annotator.imaging.scoring import scores  # noqa: PLC0415 - compiles kernels

    assert context.volume is not None
    counted = filter(is_counted, foci(document))
    where = [document.instances().where(instance_of(focus)) for focus in counted]
    return scores(context.volume, where, _rule(context))


def _rule(context: "Context") -> Rule:
    return context.rule or CAL_130


def _cell(value: object) -> object:
    return "–" if value is None else value


def _doubt(context: "Context") -> str:
    """Say why volumes and scores are doubtful, and what prints them all the same."""
    assert context.series is not None
    why = context.series.doubts()
    if context.is_measured:
        return _("Volumes and scores of this series are doubtful: {why}").format(why=why)
    text = _("Volumes and scores are not measured: {why}; --acknowledge measures all the same")
    return text.format(why=why)


def series_facts(series: "Series") -> dict[str, Any]:
    """Return whether a series may be measured, and what speaks against it."""
    return {
        "measurable": series.measurable,
        "findings": [{"code": f.code, "text": f.text} for f in series.findings],
    }


def as_facts(total: "Scores", rule: Rule) -> dict[str, Any]:
    """Return a scan's scores with the rule that they hold by."""
    return {
        "agatston": total.agatston,
        "volume_mm3": total.volume_mm3,
        "uncalibrated_mass_hu_mm3": total.uncalibrated_mass_hu_mm3,
        "rule": total.provenance,
        "threshold_hu": total.threshold_hu,
        "others": [{"rule": other.rule, "agatston": other.value} for other in total.others],
        "threshold_by_kv": {str(kv): cuts[0] for kv, cuts in rule.cuts_by_kv},
    }


def lines(total: "Scores") -> list[tuple[str, str]]:
    """Return the scores for a terminal."""
    return [
        (_("Agatston"), f"{total.agatston:.1f}"),
        (_("Volume"), f"{total.volume_mm3:.1f} mm³"),
        (_("Uncalibrated mass"), f"{total.uncalibrated_mass_hu_mm3:.0f} HU·mm³"),
        (_("Rule"), total.provenance),
        *((other.rule, f"{other.value:.1f}") for other in total.others),
    ]
