"""Titles of the menus, and of the groups on the sheet of keys."""

from annotator.i18n import mark as _

FILE, EDIT, VIEW, BOX, POINTS, FOCUS, SEQUENCE, TOOLS, REVIEW, HELP = (
    _("File"),
    _("Edit"),
    _("View"),
    _("Box"),
    _("Points"),
    _("Focus"),
    _("Sequence"),
    _("Tools"),
    _("Review"),
    _("Help"),
)
MENUS = (FILE, EDIT, VIEW, BOX, POINTS, FOCUS, SEQUENCE, TOOLS, REVIEW, HELP)
IN_HAND, RAIL = _("While a tool works"), _("Candidate rail")
GROUPS = (TOOLS, *(menu for menu in MENUS if menu != TOOLS), IN_HAND, RAIL)
"""The sheet of keys, from top to bottom."""
