"""What checks found: the health of a series, how a scan was understood."""

from dataclasses import replace
from typing import NamedTuple

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from annotator.app.box_counts import BoxCounts
from annotator.app.checked_scans import found_in_scan
from annotator.app.ct_rule import may_measure
from annotator.app.foci_findings import foci_findings
from annotator.app.listed_objects import numbered, numbers_of
from annotator.app.scans import first_readable
from annotator.app.selection import Selection
from annotator.app.series_facts import facts_in_words, findings_of
from annotator.app.session import Session
from annotator.formats.format import Context
from annotator.i18n import gettext as _
from annotator.model.annotations import Annotation, AnnotationId
from annotator.model.findings import Finding
from annotator.views.ct.measure_anyway import measure_anyway
from annotator.views.fields import Press
from annotator.views.finding_signs import signed, worst_sign
from annotator.views.panels.other_scans import OtherScans
from annotator.views.panels.panel import Panel
from annotator.views.scrolled import Scrolled
from annotator.views.sequences.scan_check import ScanCheck
from annotator.views.text_roles import faint, finding_line

_MOST_LISTED = 200


class _Row(NamedTuple):
    """A finding about an annotation, and the number that tells this from others."""

    annotation_id: AnnotationId
    finding: Finding
    number: str


class _Found(NamedTuple):
    """All that is shown: the rows are made anew where it is something else."""

    session: Session | None
    frame: int
    rows: tuple[_Row, ...]
    sentences: tuple[Finding | str, ...]
    check: ScanCheck | None
    others: tuple[dict[int, int], int, bool] | None
    is_measured: bool


class FindingsPanel(Panel):
    """One sentence per finding, the worst first. Holds no truth."""

    looked_for = Signal(str)
    """An annotation whose finding was clicked."""

    def __init__(self, selection: Selection, parent: QWidget | None = None) -> None:
        super().__init__(selection, parent)
        self._counts: BoxCounts | None = None
        self._check: ScanCheck | None = None
        self._shown: _Found | None = None
        self._area = Scrolled()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._area)

    def show_counts(self, counts: BoxCounts | None) -> None:
        """Point at boxes with too few points, from these counts."""
        if self._counts is not None:
            self._counts.changed.disconnect(self._note)
        self._counts = counts
        if counts is not None:
            counts.changed.connect(self._note)

    def show_check(self, check: ScanCheck | None) -> None:
        """Tell of the other scans of a sequence as well, from this check."""
        self._check = check
        if check is not None:
            check.changed.connect(self._note)

    def refresh(self) -> None:
        """Show the findings of the data at hand, in the same rows where they are the same."""
        about_data = findings_of(self.session) if self.session is not None else []
        found = self._found(about_data)
        if found != self._shown:
            self._shown = found
            self._area.show_instead(self._content(found))
        self.setWindowTitle(f"{_('Findings')} {worst_sign(about_data)}".strip())

    def _note_selection(self) -> None:
        if self._shown is None or self.selection.frame != self._shown.frame:
            self._note()

    def _found(self, about_data: list[Finding]) -> _Found:
        about_objects, numbers = self._about_objects(), self._numbers()
        rows = tuple(
            _Row(one.id, finding, numbered(numbers.get(one.id, 0)))
            for one, finding in about_objects[:_MOST_LISTED]
        )
        sentences = self._sentences(about_data, is_all=not about_objects)
        check = self._check
        others = (check.counts(), check.checked, check.is_checking) if check is not None else None
        may_be_measured = self.session is not None and may_measure(self.session)
        frame = self.selection.frame
        return _Found(self.session, frame, rows, tuple(sentences), check, others, may_be_measured)

    def _content(self, found: _Found) -> QWidget:
        content = QWidget()
        layout = QVBoxLayout(content)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.setAlignment(Qt.AlignmentFlag.AlignTop)
        for row in found.rows:
            layout.addWidget(self._button(row))
        for one in found.sentences:
            layout.addWidget(finding_line(one) if isinstance(one, Finding) else faint(one))
        if found.check is not None:
            layout.addWidget(OtherScans(found.check, found.frame))
        anyway = measure_anyway(found.session)
        if anyway is not None:
            layout.addWidget(anyway, 0, Qt.AlignmentFlag.AlignLeft)
        return content

    def _about_objects(self) -> list[tuple[Annotation, Finding]]:
        if self.session is not None and self.session.context.series is not None:
            return foci_findings(self.session)
        if self.session is None or self._counts is None:
            return []
        here = self.session.document.in_frame(self.selection.frame)
        found = found_in_scan(self._counts, here, self.session.taxonomy)
        if self._check is not None and self._counts.is_done:
            self._check.keep(self.selection.frame, found)
        return found

    def _numbers(self) -> dict[AnnotationId, int]:
        """Return what tells objects of scans apart, as their list does; foci have numbers."""
        if self.session is None or self.session.context.series is not None:
            return {}
        return numbers_of(self.session.document)

    def _button(self, row: _Row) -> Press:
        """Return a button that selects what a row speaks of, and brings it into view."""
        text = f"{row.number} {row.finding.text}".lstrip()
        button = Press(signed(replace(row.finding, text=text)))
        button.setFlat(True)
        button.setToolTip(row.finding.code)
        button.clicked.connect(lambda: self._go_to(row.annotation_id))
        return button

    def _go_to(self, annotation_id: AnnotationId) -> None:
        self.selection.set((annotation_id,))
        self.looked_for.emit(annotation_id)

    def _sentences(self, found: list[Finding], *, is_all: bool) -> list[Finding | str]:
        if self.session is None:
            return []
        context = self.session.context
        told: list[Finding | str] = [*found]
        layout = first_readable(context.clouds).layout if context.clouds else ""
        told += [f"· {layout}"] if layout else []
        if is_all and self._check is not None:
            text = _("Scan {frame}: nothing is amiss").format(frame=self.selection.frame + 1)
            told = [text, *told]
        elif is_all and not told:
            told = [_nothing(context)]
        return [facts_in_words(context.series), *told] if context.series else told


def _nothing(context: Context) -> str:
    if context.series is None:
        return _("Nothing is amiss")
    return _("Nothing is amiss in the series or its foci; what is open is counted under the planes")
