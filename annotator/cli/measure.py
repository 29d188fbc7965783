"""`annotator measure`: what the foci of a label file measure on their series."""

from typing import TYPE_CHECKING, Any

from annotator.cli.labels import data_context
from annotator.cli.options import DataPath, FromFormat, Json, LabelPath, SeriesUid
from annotator.cli.output import as_json, table
from annotator.cli.program import app
from annotator.errors import FileError
from annotator.i18n import gettext as _
from annotator.imaging.rules import CAL_130
from annotator.model.layers import Where
from annotator.model.shapes import Focus

if TYPE_CHECKING:
    from annotator.imaging.scoring import Scores
    from annotator.model.volume import Series


@app.command()
def measure(
    series: DataPath,
    labels: LabelPath,
    *,
    uid: SeriesUid = "",
    origin: FromFormat = "",
    json: Json = False,
) -> None:
    """Measure every focus: voxels, volume, HU and Agatston score."""
    from annotator.app.exchange import read_labels, reads_as  # noqa: PLC0415
    from annotator.commands.foci import is_counted  # noqa: PLC0415
    from annotator.imaging.measuring import measure_focus  # noqa: PLC0415 - compiles kernels
    from annotator.imaging.scoring import scores  # noqa: PLC0415 - as above

    context = data_context(series, uid)
    if context.volume is None:
        raise FileError(series, _("it is not a CT series"), _("name a folder with CT slices"))
    document = read_labels(labels, context, reads_as(labels, origin))
    facts: list[dict[str, Any]] = []
    counted: list[Where] = []
    for annotation in document.annotations.values():
        if not isinstance(annotation.shape, Focus):
            continue
        where = document.instances().where(annotation.shape.instance)
        if is_counted(annotation):
            counted.append(where)
        found = measure_focus(context.volume, where)
        facts.append(
            {
                "id": annotation.id,
                "label": annotation.label,
                "counted": is_counted(annotation),
                "voxels": found.voxels,
                "volume_mm3": found.volume_mm3,
                "max_hu": found.max_hu,
                "mean_hu": found.mean_hu,
                "agatston": found.agatston,
                "center_lps_mm": list(found.center_lps_mm),
            }
        )
    total = scores(context.volume, counted)
    if json:
        as_json({"foci": facts, **series_facts(context.volume.series), "scores": as_facts(total)})
        return
    table([tuple(f.values()) for f in facts], head=tuple(facts[0]) if facts else ())
    print()
    table(lines(total))
    if not context.volume.series.measurable:
        reasons = " ".join(finding.text for finding in context.volume.series.findings)
        print(_("Volumes and scores of this series are doubtful: {why}").format(why=reasons))


def series_facts(series: "Series") -> dict[str, Any]:
    """Return whether a series may be measured, and what speaks against it."""
    return {
        "measurable": series.measurable,
        "findings": [{"code": f.code, "text": f.text} for f in series.findings],
    }


def as_facts(total: "Scores") -> dict[str, Any]:
    """Return a scan's scores with the rule that they hold by."""
    return {
        "agatston": total.agatston,
        "volume_mm3": total.volume_mm3,
        "uncalibrated_mass_hu_mm3": total.uncalibrated_mass_hu_mm3,
        "rule": total.provenance,
        "threshold_hu": total.threshold_hu,
        "others": [{"rule": other.rule, "agatston": other.value} for other in total.others],
        "threshold_by_kv": {str(kv): cuts[0] for kv, cuts in CAL_130.cuts_by_kv},
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
