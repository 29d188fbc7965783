"""What a person must know of a series before the first click, over the picture."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QWidget

from annotator.i18n import gettext as _
from annotator.i18n import ngettext
from annotator.model.findings import Finding
from annotator.model.volume import Series
from annotator.views.finding_signs import SIGNS, pressing


class HealthStrip(QWidget):
    """The worst finding in one line, the others on demand; absent for a sound series."""

    def __init__(self, series: Series | None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._found = pressing(series.findings if series is not None else ())
        self._said = QLabel(wordWrap=True)
        self._said.setProperty("role", "warning")
        self._more = QToolButton()
        self._more.setCheckable(True)
        self._more.toggled.connect(self._say)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(10, 2, 4, 2)
        layout.addWidget(self._said, 1)
        layout.addWidget(self._more, 0, Qt.AlignmentFlag.AlignTop)
        self.setVisible(bool(self._found))
        self._say()

    def said(self) -> str:
        """Return what is read now."""
        return self._said.text()

    def show_all(self, *, on: bool) -> None:
        """Show every finding, or the worst alone."""
        self._more.setChecked(on)

    def _say(self) -> None:
        is_open, hidden = self._more.isChecked(), max(0, len(self._found) - 1)
        self._said.setText("\n".join(map(_line, self._found if is_open else self._found[:1])))
        more = ngettext("{count} more", "{count} more", hidden).format(count=hidden)
        self._more.setText(_("Less") if is_open else more)
        self._more.setVisible(hidden > 0)


def _line(finding: Finding) -> str:
    return f"{SIGNS[finding.severity]} {finding.text}"
