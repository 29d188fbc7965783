"""Lines of text in the roles that the theme draws them in."""

from PySide6.QtWidgets import QLabel


def faint(text: str) -> QLabel:
    """Return a line that stands back."""
    return _in_role(text, "faint")


def warning(text: str) -> QLabel:
    """Return a line that somebody should read."""
    return _in_role(text, "warning")


def _in_role(text: str, role: str) -> QLabel:
    label = QLabel(text, wordWrap=True)
    label.setProperty("role", role)
    return label
