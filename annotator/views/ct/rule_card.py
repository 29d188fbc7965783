"""Why the selected focus counts: its numbers beside the rule that they are held against."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFormLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from annotator.app.ct_rule import may_measure, why_not_measured
from annotator.app.focus_table import FocusTable
from annotator.app.selection import Selection
from annotator.app.session import Session
from annotator.i18n import gettext as _
from annotator.imaging.measuring import Measures, measure_focus, passes
from annotator.imaging.rules import Rule
from annotator.model.annotations import Origin
from annotator.model.volume import Series
from annotator.views.panels.panel import Panel
from annotator.views.text_roles import faint, warning
from annotator.views.theme import DARK, numbers_font

Lines = tuple[tuple[str, str], ...]
"""Name and value, in order."""

THRESHOLDS_HU = (130.0, 160.0, 200.0)
_SHORT = 9
"""So many letters has a verdict that shares its line with others."""


class RuleCard(Panel):
    """Shows one focus against the rule. Holds no truth."""

    def __init__(self, selection: Selection, parent: QWidget | None = None) -> None:
        super().__init__(selection, parent)
        self._body = QWidget()
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(8, 8, 8, 8)
        self._layout.addWidget(self._body)
        self._layout.addStretch(1)
        self.said: Lines = ()

    def refresh(self) -> None:
        """Show the selected focus, if one is selected."""
        session = self.session
        measures = self._measures(session) if session is not None else None
        if session is None or measures is None:
            self._show((), ())
            return
        series = session.context.series
        assert series is not None
        rule = FocusTable.of(session).rule
        said = lines(measures, rule, series, is_measured=may_measure(session))
        passed = verdicts(measures, rule, is_measured=may_measure(session))
        offer = self.selection.offer
        doubts = (offer.doubt if offer is not None else "", why_not_measured(session))
        self._show((*self._state(session), *said), passed, doubts=doubts)

    def _measures(self, session: Session) -> Measures | None:
        """Measure what is looked at: the candidate that is open, or the one selected focus."""
        ids, offer, volume = self.selection.ids, self.selection.offer, session.context.volume
        table = FocusTable.of(session)
        if offer is not None and volume is not None:
            return measure_focus(volume, offer.where, table.rule)
        row = table.row(ids[0]) if len(ids) == 1 else None
        return row.measures if row is not None else None

    def _state(self, session: Session) -> tuple[tuple[str, str], ...]:
        """Say whether a person has decided what is shown."""
        offer = self.selection.offer
        if offer is not None:
            said = offer.why_unasked or _("open: nobody has decided it")
            guess = _("{site}? (guessed)") if offer.is_guess else "{site}"
            return (
                (_("Candidate"), said),
                (_("Site"), guess.format(site=_(offer.site))),
            )
        focus = session.document.annotations[self.selection.ids[0]]
        if focus.dismissed:
            said = _("dismissed: {reason}").format(reason=_(focus.dismissed))
        elif focus.origin is Origin.SUGGESTION:
            said = _("suggested: nobody has decided it")
        else:
            said = _("marked")
        return ((_("Focus"), said),)

    def _show(
        self,
        said: Lines,
        passed: tuple[tuple[str, bool], ...],
        *,
        doubts: tuple[str, ...] = (),
    ) -> None:
        self.said = said
        body = QWidget()
        form = QFormLayout(body)
        form.setContentsMargins(0, 0, 0, 0)
        form.setVerticalSpacing(3)
        form.setHorizontalSpacing(12)
        if passed:
            form.addRow(_chips(passed))
        for name, value in said:
            form.addRow(faint(name), _value(value))
        for doubt in filter(None, doubts):
            form.addRow(warning(doubt))
        if not said:
            form.addRow(faint(_("Select a focus to see how it stands to the rule")))
        self._layout.replaceWidget(self._body, body)
        self._body.deleteLater()
        self._body = body


def lines(measures: Measures, rule: Rule, series: Series, *, is_measured: bool = True) -> Lines:
    """Return what the card says."""
    sizes = _sizes(measures)
    if not is_measured:
        sizes = tuple((name, "–") for name, _value in sizes)
    kv = _("{kvp:g} kV").format(kvp=series.kvp) if series.kvp else _("kV unknown")
    threshold = _("≥ {hu:g} HU at {kv}").format(hu=measures.threshold_hu, kv=kv)
    return (*_voxels(measures), *sizes, (_("Rule"), f"{rule.title()}, {threshold}"))


def verdicts(
    measures: Measures, rule: Rule, *, is_measured: bool = True
) -> tuple[tuple[str, bool], ...]:
    """Return which published thresholds the focus reaches and, if measured, the least area.

    First, where there are any, how many of its voxels lie below the rule: with them it is more
    than the rule allows, whatever its brightest voxel reaches.
    """
    least = rule.flag_below_mm2
    mixed = _("{n} of {all} below the rule").format(n=measures.below, all=measures.voxels)
    return (
        *(((mixed, False),) if measures.below else ()),
        *((f"{hu:g} HU", passes(measures, at_least_hu=hu)) for hu in THRESHOLDS_HU),
        *(((f"{least:g} mm²", measures.area_mm2 >= least),) if is_measured else ()),
    )


def _voxels(measures: Measures) -> Lines:
    """Return what its voxels tell, however large each of them is."""
    above, below = _("{hu:.0f} HU, {margin:.0f} above"), _("{hu:.0f} HU, {margin:.0f} below")
    brightest = above if measures.margin_hu >= 0 else below
    left = _("{n} of {all} voxels: counted below, but not in Agatston").format(
        n=measures.below, all=measures.voxels
    )
    return (
        (_("Max"), brightest.format(hu=measures.max_hu, margin=abs(measures.margin_hu))),
        (_("Mean"), _("{hu:.0f} HU").format(hu=measures.mean_hu)),
        (_("Voxels"), f"{measures.voxels}"),
        *(((_("Below the rule"), left),) if measures.below else ()),
        (_("Slices"), _slices(*measures.slices)),
    )


def _slices(first: int, last: int) -> str:
    if first == last:
        return f"{first + 1}"
    several = _("{first}–{last}, {count} slices")
    return several.format(first=first + 1, last=last + 1, count=last - first + 1)


def _sizes(measures: Measures) -> Lines:
    """Return what is measured in millimetres."""
    return (
        (_("Largest area"), f"{measures.area_mm2:.2f} mm²"),
        (_("Volume"), f"{measures.volume_mm3:.1f} mm³"),
        (_("Long × short"), f"{measures.long_mm:.1f} × {measures.short_mm:.1f} mm"),
        (_("Agatston"), f"{measures.agatston:.1f}"),
    )


def _chips(passed: tuple[tuple[str, bool], ...]) -> QWidget:
    """Say each verdict by its sign as well as by its colour; long ones in lines of their own."""
    widget = QWidget()
    lines = QVBoxLayout(widget)
    lines.setContentsMargins(0, 0, 0, 6)
    lines.setSpacing(4)
    short = [verdict for verdict in passed if len(verdict[0]) <= _SHORT]
    for told in (*([verdict] for verdict in passed if len(verdict[0]) > _SHORT), short):
        row = QHBoxLayout()
        row.setSpacing(4)
        for name, good in told:
            row.addWidget(_chip(name, good=good))
        row.addStretch(1)
        lines.addLayout(row)
    return widget


def _chip(name: str, *, good: bool) -> QLabel:
    label = QLabel(f"{'✓' if good else '✗'} {name}")
    label.setFont(numbers_font())
    color = DARK.good if good else DARK.amber
    label.setStyleSheet(
        f"border: 1px solid {color}; border-radius: 3px; padding: 1px 5px; color: {color};"
    )
    return label


def _value(text: str) -> QLabel:
    label = QLabel(text, wordWrap=True)
    label.setFont(numbers_font())
    label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label
