"""Changes selected objects one after the other, beside the window."""

from collections.abc import Callable, Sequence

from annotator.errors import AnnotatorError
from annotator.i18n import gettext as _
from annotator.i18n import ngettext
from annotator.model.annotations import Annotation
from annotator.model.edits import Batch, Edit
from annotator.tools.tool import CLEAR, Reply

Change = Callable[[Annotation], Edit | None]


def one_by_one(
    chosen: Sequence[Annotation],
    change: Change,
    text: str,
    *,
    otherwise: str = "",
    says: Callable[[Edit], str] | None = None,
) -> Reply:
    """Return an answer that changes objects in one step, and can be dropped between two of them.

    Parameters
    ----------
    change
        Called on any thread; returns None, or raises `AnnotatorError`, where an object stays as it
        is.
    otherwise
        Why one stays for which there is None.
    says
        Returns what was done in words.
    """
    left, edits, reasons = list(chosen), list[Edit](), list[str]()

    def go_on() -> Reply:
        try:
            edit = change(left.pop(0))
        except AnnotatorError as reason:
            reasons.append(str(reason))
        else:
            edits.extend([] if edit is None else [edit])
            reasons.extend([otherwise] if edit is None else [])
        if left:
            return Reply(hint=_far(text, len(chosen) - len(left), len(chosen)), later=go_on)
        return _made(edits, reasons, text, says)

    return Reply(later=go_on)


def _far(text: str, count: int, all_of: int) -> str:
    said = _("{text}: {count} of {all} objects")
    return said.format(text=text, count=count, all=all_of)


def _made(
    edits: list[Edit], reasons: list[str], text: str, says: Callable[[Edit], str] | None
) -> Reply:
    if not edits:
        return Reply(CLEAR, hint=reasons[0])
    edit = edits[0] if len(edits) == 1 else Batch(tuple(edits))
    said = [says(edit)] if says is not None else []
    return Reply(CLEAR, edit, text, hint=" · ".join((*said, *_stay(reasons))))


def _stay(reasons: list[str]) -> list[str]:
    """Say how many objects stay as they are, and why the first of them does."""
    if not reasons:
        return []
    count = len(reasons)
    said = ngettext("{count} object stays: {reason}", "{count} objects stay: {reason}", count)
    return [said.format(count=count, reason=reasons[0])]
