"""What a decision about a candidate does to the foci that hold it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from annotator.commands.foci import extend_focus, mark_focus
from annotator.model.annotations import Annotation, AnnotationId, AttributeValue, Origin
from annotator.model.document import Document
from annotator.model.edits import Batch, Edit, Put
from annotator.model.layers import Where


def is_pending(focus: Annotation) -> bool:
    """Tell whether a suggestion waits for a person's decision."""
    return focus.origin is Origin.SUGGESTION and not focus.dismissed


def decide_free(
    document: Document,
    where: Where,
    label: str,
    *,
    id: AnnotationId,  # noqa: A002 - the model's own word
    said: Mapping[str, AttributeValue],
    reason: str = "",
) -> Edit:
    """Make a focus of what no other holds; with a reason it is dismissed."""
    origin = Origin.SUGGESTION if reason else Origin.HAND
    return mark_focus(
        document, where, label, id=id, origin=origin, attributes=said, dismissed=reason
    )


def decide_foci(
    document: Document,
    held: Sequence[Annotation],
    rest: Where,
    *,
    said: Mapping[str, AttributeValue],
    guess: str = "",
    reason: str = "",
) -> Edit:
    """Accept foci with all that was said of them, or dismiss them with a reason.

    Parameters
    ----------
    held
        The foci that are spoken of; at least one.
    rest
        What no focus holds of these joins the first.
    said
        What is said of each besides.
    guess
        The site that a machine guessed: it goes where no person has said it.
    """
    told = [Put(_decided(focus, said, guess, reason)) for focus in held]
    return Batch((extend_focus(document, held[0], rest), *told))


def _decided(
    focus: Annotation, said: Mapping[str, AttributeValue], guess: str, reason: str
) -> Annotation:
    is_guess = is_pending(focus) and focus.attributes.get("site") == guess
    kept = {k: v for k, v in focus.attributes.items() if not (is_guess and k == "site")}
    origin = Origin.SUGGESTION if reason else Origin.HAND
    return replace(focus, origin=origin, dismissed=reason, attributes={**kept, **said})
