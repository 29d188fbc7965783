"""What may be said about a candidate."""

from enum import StrEnum

from annotator.i18n import gettext as _
from annotator.i18n import mark

REASONS = (
    mark("bone"),
    mark("vessel wall"),
    mark("contrast"),
    mark("artefact"),
    mark("other"),
)


def pattern_title(pattern: str) -> str:
    """Return what a pattern is called: of a calcification, none can be absent."""
    return _("none of these") if pattern == "absent" else _(pattern)


class Decision(StrEnum):
    """What was said about a candidate."""

    OPEN = "open"
    PARTLY = "partly"
    """A person's focus holds some of its voxels; of the others nobody has said anything."""
    SET_ASIDE = "set-aside"
    """Explained as bone or contrast, or as lying outside, without a person."""
    BELOW = "below"
    """Smaller than the rule's least area: flagged, and not asked of a person."""
    MARKED = "marked"
    DISMISSED = "dismissed"


UNDECIDED = {Decision.OPEN, Decision.BELOW, Decision.SET_ASIDE}
"""What no person has said anything of."""
OFFERED = {Decision.OPEN, Decision.BELOW}
"""What a key may accept as it is."""
UNEXPLAINED = {*OFFERED, Decision.PARTLY}
"""What has voxels that a key may accept or dismiss."""
