"""What is worth a second look in the foci of a scan."""

from annotator.app.focus_table import FocusTable
from annotator.app.missing import unanswered
from annotator.app.session import Session
from annotator.i18n import gettext as _
from annotator.model.annotations import Annotation
from annotator.model.findings import Finding


def foci_findings(session: Session) -> list[tuple[Annotation, Finding]]:
    """Return the counted foci that lie wholly below the rule, and those without a pattern."""
    table = FocusTable.of(session)
    blank = set(unanswered(session))
    found: list[tuple[Annotation, Finding]] = []
    for focus in table.counted():
        row = table.row(focus.id)
        told = row.measures if row is not None else None
        if told is not None and told.below == told.voxels:
            text = _("slice {slice}: the focus lies wholly below the rule ({hu:.0f} HU at most)")
            said = text.format(slice=told.largest_slice + 1, hu=told.max_hu)
            found.append((focus, Finding("below-the-rule", said, annotation_id=focus.id)))
        if focus.id in blank:
            text = _("slice {slice}: the focus has no pattern")
            said = text.format(slice=table.largest_slice(focus) + 1)
            found.append((focus, Finding("no-pattern", said, annotation_id=focus.id)))
    return found
