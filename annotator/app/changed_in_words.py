"""Says in words what was done to all that is selected, and which key takes it back."""

from collections.abc import Collection

from annotator.commands.tracks import objects_of
from annotator.i18n import ngettext
from annotator.model.annotations import Annotation
from annotator.tools.keys import keyed


def deleted_in_words(gone: Collection[Annotation], scans: int) -> str:
    """Say how many objects went, and from how many scans where that is more than one.

    Parameters
    ----------
    scans
        How many the item has: what holds in every scan went from all of them.
    """
    count, where = len(objects_of(gone)), {a.frame for a in gone}
    places = scans if None in where else len(where)
    if places == 1:
        text = ngettext(
            "{n} object deleted · {edit_undo} brings it back",
            "{n} objects deleted · {edit_undo} brings them back",
            count,
        )
    else:
        text = ngettext(
            "{n} object in {scans} scans deleted · {edit_undo} brings it back",
            "{n} objects in {scans} scans deleted · {edit_undo} brings them back",
            count,
        )
    return keyed(text, n=count, scans=places)
