"""What is worth a second look in the foci of a scan."""

from collections.abc import Iterator

from annotator.app.ct_rule import may_measure
from annotator.app.focus_table import FocusTable
from annotator.app.session import Session
from annotator.app.unanswered import unanswered
from annotator.i18n import gettext as _
from annotator.imaging.measuring import Measures
from annotator.imaging.rules import Rule
from annotator.model.annotations import Annotation
from annotator.model.findings import Finding


def foci_findings(session: Session) -> list[tuple[Annotation, Finding]]:
    """Return the counted foci that lie below the rule, in part or by area, or say no pattern."""
    table = FocusTable.of(session)
    blank, is_measured = set(unanswered(session)), may_measure(session)
    found: list[tuple[Annotation, Finding]] = []
    for focus in table.counted():
        row = table.row(focus.id)
        told = row.measures if row is not None else None
        below = _below(told, table.rule, is_measured=is_measured) if told is not None else ()
        for code, said in below:
            found.append((focus, Finding(code, said, annotation_id=focus.id)))
        if focus.id in blank:
            text = _("slice {slice}: the focus has no pattern")
            said = text.format(slice=table.largest_slice(focus) + 1)
            found.append((focus, Finding("no-pattern", said, annotation_id=focus.id)))
    return found


def _below(told: Measures, rule: Rule, *, is_measured: bool) -> Iterator[tuple[str, str]]:
    """Yield a code and a sentence for each way in which a focus is less than the rule asks."""
    slice_ = told.largest_slice + 1
    if told.below == told.voxels:
        text = _("slice {slice}: the focus lies wholly below the rule ({hu:.0f} HU at most)")
        yield "below-the-rule", text.format(slice=slice_, hu=told.max_hu)
    elif told.below:
        text = _("slice {slice}: {n} of {all} voxels of the focus lie below the rule")
        yield "partly-below-the-rule", text.format(slice=slice_, n=told.below, all=told.voxels)
    if is_measured and told.area_mm2 < rule.enough_mm2:
        text = _("slice {slice}: the focus is smaller than {mm2:g} mm² on its largest slice")
        yield "below-the-least-area", text.format(slice=slice_, mm2=rule.flag_below_mm2)
