"""Says how what is labelled in one scan of a sequence comes into the others."""

from collections.abc import Iterable

from annotator.i18n import gettext as _
from annotator.model.annotations import Annotation
from annotator.model.labels import GHOST
from annotator.tools.keys import keyed


def to_others_in_words(annotations: Iterable[Annotation]) -> str:
    """Name the keys that carry on what is in one scan, or let it hold in all; empty of others.

    A ghost is in its own scan alone.
    """
    here = [a for a in annotations if a.frame is not None and a.label != GHOST]
    if not here:
        return ""
    carries = _("{sequence_carry_on} carries on to the next scan")
    if all(a.track is not None for a in here):
        return keyed(carries)
    still = _("{sequence_static} lets what stands still hold in every scan")
    return keyed(f"{carries} · {still}")
