"""What checks found: the health of a series, how a scan was understood."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QScrollArea, QVBoxLayout, QWidget

from annotator.app.selection import Selection
from annotator.i18n import gettext as _
from annotator.model.findings import Severity
from annotator.views.panels.panel import Panel

_SIGN = {Severity.NOTE: "·", Severity.WARNING: "▲", Severity.ERROR: "■"}


class FindingsPanel(Panel):
    """One sentence per finding, the worst first. Holds no truth."""

    def __init__(self, selection: Selection, parent: QWidget | None = None) -> None:
        super().__init__(selection, parent)
        self._area = QScrollArea(widgetResizable=True)
        self._area.setFrameShape(QScrollArea.Shape.NoFrame)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._area)

    def refresh(self) -> None:
        """Show the findings of the data at hand."""
        content = QWidget()
        layout = QVBoxLayout(content)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.setAlignment(Qt.AlignmentFlag.AlignTop)
        for role, text in self._sentences():
            label = QLabel(text, wordWrap=True)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            label.setProperty("role", role)
            layout.addWidget(label)
        self._area.setWidget(content)

    def _sentences(self) -> list[tuple[str, str]]:
        if self.session is None:
            return []
        context = self.session.context
        found = list(context.series.findings) if context.series else []
        found.sort(key=lambda finding: list(Severity).index(finding.severity), reverse=True)
        said = [
            (
                "faint" if f.severity is Severity.NOTE else "warning",
                f"{_SIGN[f.severity]} {f.text} [{f.code}]",
            )
            for f in found
        ]
        said += [("faint", f"· {cloud.layout}") for cloud in context.clouds[:1] if cloud.layout]
        return said or [("faint", _("Nothing to point at"))]
