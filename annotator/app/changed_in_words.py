"""Says in words what was done to all that is selected, and which key takes it back."""

from collections.abc import Collection

from annotator.commands.tracks import objects_of
from annotator.i18n import gettext as _
from annotator.i18n import ngettext
from annotator.model.annotations import Annotation
from annotator.model.document import Document
from annotator.model.labels import Label, Taxonomy
from annotator.model.shapes import Focus
from annotator.tools.keys import keyed


def deleted_in_words(gone: Collection[Annotation], document: Document) -> str:
    """Say how many objects went, from how many scans, and which key takes what is left of them.

    Parameters
    ----------
    document
        As it is now: what holds in every scan went from all that it has.
    """
    if all(isinstance(one.shape, Focus) for one in gone):
        return _foci_deleted(len(gone))
    scans = len(document.extents)
    count, where = len(objects_of(gone)), {a.frame for a in gone}
    places = scans if None in where else len(where)
    left = objects_of(document.annotations.values()) & objects_of(gone)
    if left and len(where) == 1:
        text = ngettext(
            "{n} object deleted from this scan alone · {sequence_delete} deletes in all scans"
            " · {edit_undo} brings it back",
            "{n} objects deleted from this scan alone · {sequence_delete} deletes in all scans"
            " · {edit_undo} brings them back",
            count,
        )
    elif where == {None} and scans > 1:
        text = ngettext(
            "{n} object deleted from all scans · {edit_undo} brings it back",
            "{n} objects deleted from all scans · {edit_undo} brings them back",
            count,
        )
    elif places == 1:
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


def _foci_deleted(count: int) -> str:
    text = ngettext(
        "{n} focus deleted · {edit_undo} brings it back",
        "{n} foci deleted · {edit_undo} brings them back",
        count,
    )
    return keyed(text, n=count)


def erased_in_words(count: int) -> str:
    """Say how many instances of points have no label any more."""
    text = ngettext(
        "{n} instance erased · {edit_undo} brings it back",
        "{n} instances erased · {edit_undo} brings them back",
        count,
    )
    return keyed(text, n=count)


def relabelled_in_words(before: Collection[Annotation], label: Label, taxonomy: Taxonomy) -> str:
    """Say what became of which class: the one object, or how many.

    Parameters
    ----------
    before
        The objects as they were, each of another class.
    """
    now, was = _(label.title), {a.label for a in before}
    if len(was) == 1 and len(objects_of(before)) == 1:
        (name,) = was
        old = taxonomy.title_of(name)
        return keyed(_("{old} is a {now} now · {edit_undo} takes it back"), old=old, now=now)
    text = _("{n} objects are of the class {now} now · {edit_undo} takes it back")
    return keyed(text, n=len(objects_of(before)), now=now)
