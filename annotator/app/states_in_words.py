"""Says in words how the box of a moving object came about."""

from annotator.commands.tracks import State
from annotator.i18n import gettext as _


def came_about(state: State) -> str:
    """Return how a box came about, as a part of a sentence."""
    words = {
        State.KEY: _("by hand"),
        State.REFITTED: _("refitted"),
        State.INTERPOLATED: _("interpolated"),
    }
    return words[state]
