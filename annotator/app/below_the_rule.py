"""What is said of a focus or a candidate that is smaller than the rule's least area."""

from annotator.i18n import gettext as _
from annotator.imaging.rules import Rule


def below_in_words(rule: Rule) -> str:
    """Flag something small, shortly."""
    return _("below {mm2:g} mm²").format(mm2=rule.flag_below_mm2)
