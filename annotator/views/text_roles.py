"""Lines of text in the roles that the theme draws them in."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from annotator.model.findings import Finding, Severity
from annotator.views.finding_signs import signed


def faint(text: str) -> QLabel:
    """Return a line that stands back."""
    return _in_role(text, "faint")


def warning(text: str) -> QLabel:
    """Return a line that somebody should read."""
    return _in_role(text, "warning")


def set_role(label: QLabel, role: str) -> None:
    """Let a line be read in another role from now on."""
    if label.property("role") != role:
        label.setProperty("role", role)
        label.style().polish(label)


def finding_line(finding: Finding) -> QLabel:
    """Return a finding's sentence, to be read and copied."""
    role = {Severity.NOTE: "faint", Severity.WARNING: "warning", Severity.ERROR: "error"}
    label = _in_role(signed(finding), role[finding.severity])
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label


def _in_role(text: str, role: str) -> QLabel:
    label = QLabel(text, wordWrap=True)
    label.setProperty("role", role)
    return label
