"""What the headers of a series say that decides how it is marked, also where nothing is wrong."""

from annotator.app.focus_table import FocusTable
from annotator.app.labelled_pixels import changed_slices_in_words
from annotator.app.session import Session
from annotator.i18n import gettext as _
from annotator.imaging.rules import Rule
from annotator.model.findings import Finding, worst_first
from annotator.model.volume import Series


def facts_in_words(series: Series) -> str:
    """Return tube voltage, kernel, thickness, increment and the usual doubts in one line."""
    unknown, increment_mm = "?", series.spacing_mm[0]
    said = [
        _("{kvp:g} kV").format(kvp=series.kvp) if series.kvp else _("kV unknown"),
        _("kernel {kernel}").format(kernel=series.kernel or unknown),
        _("{thickness} mm slices, {increment:g} mm apart").format(
            thickness=f"{series.thickness_mm:g}" if series.thickness_mm else unknown,
            increment=round(increment_mm, 3),
        ),
        _("with contrast") if series.has_finding("contrast") else _("no contrast"),
        _("tilted") if series.has_finding("gantry-tilt") else _("no tilt"),
        _("lossy") if series.has_finding("lossy") else _("lossless"),
    ]
    return " · ".join(said)


def findings_of(session: Session) -> list[Finding]:
    """Return what was found about the open series and the rule it is marked by, worst first."""
    series = session.context.series
    if series is None:
        return []
    unsure = pressing_threshold(series, FocusTable.of(session).rule)
    return worst_first((*series.findings, *unsure, *changed_slices_in_words(session)))


def pressing_threshold(series: Series, rule: Rule) -> tuple[Finding, ...]:
    """Say which threshold is used where the rule has none for the tube voltage; else nothing."""
    if not rule.follows_kv or rule.knows(series.kvp):
        return ()
    if series.kvp is None:
        why = _("the files do not say the tube voltage")
    else:
        why = _("the rule has no threshold for {kvp:g} kV").format(kvp=series.kvp)
    text = _("{why}: {hu:g} HU is used").format(why=why, hu=rule.threshold_hu(series.kvp))
    return (Finding("threshold-unsure", text),)
