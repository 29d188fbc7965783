"""What a person must know of a series before the first click, over the picture."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from annotator.app.series_facts import findings_of
from annotator.app.session import Session
from annotator.i18n import gettext as _
from annotator.i18n import ngettext
from annotator.model.findings import Finding
from annotator.views.ct.measure_anyway import measure_anyway
from annotator.views.finding_signs import pressing, signed
from annotator.views.text_roles import finding_line


class HealthStrip(QWidget):
    """The worst finding in one line, the others on demand; absent for a sound series."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self._is_open = False
        self._shown = QWidget()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(10, 2, 4, 2)
        self._column.addWidget(self._shown)
        session.settings_changed.connect(self.refresh)
        self.refresh()

    def said(self) -> str:
        """Return what is read now."""
        return "\n".join(map(signed, self._told(self._found())))

    def show_all(self, *, on: bool) -> None:
        """Show every finding, or the worst alone."""
        self._is_open = on
        self.refresh()

    def refresh(self) -> None:
        """Read the findings again: of slices that cannot be read one learns late."""
        found = self._found()
        shown = self._lines(found)
        self._column.replaceWidget(self._shown, shown)
        self._shown.deleteLater()
        self._shown = shown
        self.setVisible(bool(found))

    def stop_listening(self) -> None:
        """Take no more notice of the session."""
        self.session.settings_changed.disconnect(self.refresh, missing_ok=True)

    def _found(self) -> list[Finding]:
        return pressing(findings_of(self.session))

    def _told(self, found: list[Finding]) -> list[Finding]:
        return found if self._is_open else found[:1]

    def _lines(self, found: list[Finding]) -> QWidget:
        shown = QWidget()
        row, column = QHBoxLayout(shown), QVBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        shown.setMinimumHeight(28)  # as high without the button, so that no press moves the picture
        for one in self._told(found):
            column.addWidget(finding_line(one))
        row.addLayout(column, 1)
        anyway = measure_anyway(self.session)
        if anyway is not None:
            row.addWidget(anyway, 0, Qt.AlignmentFlag.AlignTop)
        if len(found) > 1:
            row.addWidget(self._more(len(found) - 1), 0, Qt.AlignmentFlag.AlignTop)
        return shown

    def _more(self, hidden: int) -> QToolButton:
        more = QToolButton()
        counted = ngettext("{count} more", "{count} more", hidden).format(count=hidden)
        more.setText(_("Less") if self._is_open else counted)
        more.clicked.connect(lambda: self.show_all(on=not self._is_open))
        return more
