"""Three steps over the view at the first start: open, label, export."""

from enum import IntEnum

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

from annotator.app.session import Session
from annotator.app.settings import Settings
from annotator.i18n import gettext as _
from annotator.tools.keys import keyed


class Step(IntEnum):
    """What somebody new does, in order."""

    OPEN = 0
    LABEL = 1
    EXPORT = 2


class FirstSteps(QFrame):
    """A line that says what comes next, and goes for ever when it is dismissed or all is done."""

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self._is_done = dict.fromkeys(Step, False)
        self._is_ct = False
        self._labels = {step: QLabel() for step in Step}
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 4, 8, 4)
        row.setSpacing(18)
        for label in self._labels.values():
            row.addWidget(label)
        self._row = row
        enough = QPushButton(_("Do not show this again"))
        enough.clicked.connect(self._go)
        row.addWidget(enough)
        self.name_keys()

    def follow(self, session: Session | None, *, is_closed: bool = False) -> None:
        """Be there while something is open: the page before that says the steps itself.

        A scan is labelled with the first step, a CT once it is closed.
        """
        self.setVisible(self._settings.shows_first_steps and session is not None)
        if session is not None:
            self._is_ct = session.context.series is not None
            self.finish(Step.OPEN)
            if is_closed or (session.can_undo and not self._is_ct):
                self.finish(Step.LABEL)

    def finish(self, step: Step) -> None:
        """Tick a step off; the last one lets the line go."""
        if not self._is_done[step]:
            self._is_done[step] = True
            self.name_keys()
            if all(self._is_done.values()):
                self._go()

    def name_keys(self) -> None:
        """Say the steps, with keys as they are now."""
        now = next((step for step in Step if not self._is_done[step]), None)
        for step, label in self._labels.items():
            mark = "✓" if self._is_done[step] else str(step + 1)
            words = keyed(_long(step, is_ct=self._is_ct) if step is now else _short(step))
            label.setText(f"{mark}  {words}")
            label.setProperty("role", "heading" if step is now else "faint")
            label.style().polish(label)
            label.setWordWrap(step is now)  # a narrow view is not pushed wider by a sentence
            self._row.setStretchFactor(label, int(step is now))

    def _go(self) -> None:
        self.hide()
        self._settings.shows_first_steps = False
        self._settings.save()


def _short(step: Step) -> str:
    return (_("Open"), _("Label"), _("Export"))[step]


def _long(step: Step, *, is_ct: bool) -> str:
    if is_ct and step is Step.LABEL:
        return _(
            "Label: {view_candidates} decides the candidates key by key, tools on the left mark"
            " what is not among them; once all are decided {file_close} closes the scan"
            " · wheel: slices · right drag: window"
        )
    return (
        _("Open a scan, a CT series or a folder"),
        _("Label: choose a tool on the left, its hint says what a click will do"),
        _("Export with {file_export}; every step is saved as you make it"),
    )[step]
