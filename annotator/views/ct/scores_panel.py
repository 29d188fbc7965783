"""What the scan's foci score, by which rule, and what other published rules would say."""

from typing import ClassVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFormLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from annotator.app.ct_rule import doubts_of, may_measure
from annotator.app.focus_table import FocusTable
from annotator.app.selection import Selection
from annotator.app.session import Session
from annotator.i18n import gettext as _
from annotator.imaging.scoring import PROVENANCE, Scores, provenance
from annotator.views.ct.measure_anyway import measure_anyway
from annotator.views.dialogs.rule import ask_rule
from annotator.views.panels.panel import Panel
from annotator.views.scrolled import Scrolled
from annotator.views.text_roles import faint, warning
from annotator.views.theme import numbers_font

Lines = tuple[tuple[str, str], ...]


class ScoresPanel(Panel):
    """Shows the totals of a scan with their provenance. Holds no truth."""

    follows_selection: ClassVar[bool] = False

    def __init__(self, selection: Selection, parent: QWidget | None = None) -> None:
        super().__init__(selection, parent)
        self._area = Scrolled()
        self.said: Lines = ()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._area)

    def refresh(self) -> None:
        """Count again, if anybody looks."""
        if self.isVisible():
            self._area.show_instead(self._content())

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's
        """Count what changed while nobody looked."""
        super().showEvent(event)
        self.refresh()

    def ask_rule(self) -> None:
        """Ask for another rule, for the whole project."""
        if self.session is not None:
            ask_rule(self.session, self)
            self.refresh()

    def _content(self) -> QWidget:
        content = QWidget()
        layout = QVBoxLayout(content)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.setAlignment(Qt.AlignmentFlag.AlignTop)
        found = FocusTable.of(self.session).scores() if self.session is not None else None
        self.said = ()
        if self.session is None or found is None:
            layout.addWidget(faint(_("Open a CT series to see its scores")))
        elif may_measure(self.session):
            self._add_scores(layout, self.session, found)
        else:
            self._add_doubt(layout, self.session)
        return content

    def _add_scores(self, layout: QVBoxLayout, session: Session, found: Scores) -> None:
        series = session.context.series
        assert series is not None
        table = FocusTable.of(session)
        self.said = lines(found, len(table.counted()))
        layout.addWidget(_form(self.said))
        told = provenance(table.rule, series, _(PROVENANCE))
        layout.addWidget(faint(_("These count: by {rule}").format(rule=told)))
        if found.below:
            layout.addWidget(warning(below_in_words(found)))
        if not series.measurable:
            layout.addWidget(warning(_("Measured although {why}").format(why=series.doubts())))
        layout.addSpacing(6)
        layout.addWidget(
            QLabel(
                _("For comparison only: other published rules on the same voxels"), wordWrap=True
            )
        )
        others = tuple((_(other.rule), f"{other.value:.1f}") for other in found.others)
        layout.addWidget(_form(others))
        change = QPushButton(_("Change the rule…"))
        change.clicked.connect(self.ask_rule)
        layout.addWidget(change, 0, Qt.AlignmentFlag.AlignLeft)

    def _add_doubt(self, layout: QVBoxLayout, session: Session) -> None:
        layout.addWidget(warning(_("Not measured: {why}").format(why=doubts_of(session))))
        anyway = measure_anyway(session)
        if anyway is not None:
            layout.addWidget(anyway, 0, Qt.AlignmentFlag.AlignLeft)


def lines(found: Scores, foci: int) -> Lines:
    """Return what the panel says: name and value, in order."""
    return (
        (_("Foci"), f"{foci}"),
        (_("Agatston"), f"{found.agatston:.1f}"),
        (_("Volume"), f"{found.volume_mm3:.1f} mm³"),
        (_("Mass, uncalibrated"), f"{found.uncalibrated_mass_hu_mm3 / 1000:.1f} HU·cm³"),
    )


def below_in_words(found: Scores) -> str:
    """Say that no score counts the voxels that lie below the rule."""
    text = _("{n} of {all} marked voxels lie below the rule: no score counts them")
    return text.format(n=found.below, all=found.voxels)


def _form(said: Lines) -> QWidget:
    widget = QWidget()
    form = QFormLayout(widget)
    form.setContentsMargins(0, 0, 0, 0)
    form.setVerticalSpacing(3)
    for name, value in said:
        number = QLabel(value)
        number.setFont(numbers_font())
        number.setAlignment(Qt.AlignmentFlag.AlignRight)
        number.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        form.addRow(faint(name), number)
    return widget
