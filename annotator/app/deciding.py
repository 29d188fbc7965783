"""What a person decides about the candidates of a scan; each is one step of the history."""

from collections.abc import Mapping

from annotator.app.decided import Decision, pattern_title
from annotator.app.decisions import Decisions
from annotator.app.focus_table import FocusTable
from annotator.commands.foci import (
    NO_EDIT,
    is_counted,
    mark_focus,
    remove_foci,
    set_attribute,
    suggest_foci,
)
from annotator.commands.foci import dismiss as dismiss_foci
from annotator.commands.foci_deciding import decide_foci, decide_free, is_pending
from annotator.errors import AnnotatorError
from annotator.i18n import gettext as _
from annotator.i18n import told_of
from annotator.model.annotations import Annotation, AnnotationId, AttributeValue, Origin, new_id
from annotator.model.edits import Batch


def accept(
    decisions: Decisions,
    number: int,
    label: str,
    attributes: Mapping[str, AttributeValue] | None = None,
) -> AnnotationId | None:
    """Mark a candidate as a focus; one that was dismissed is taken up again.

    Of a candidate that foci hold already, these are accepted as they were shaped, with all that was
    said of them. Of one that they hold in part, a pattern is theirs and leaves the rest open;
    without one, the rest joins the first. Only what a person said of it is noted: its likeliest
    site stays a guess until `say_site`.
    """
    said = dict(attributes or {})
    if number in decisions.noted_sites:
        said["site"] = decisions.noted_sites[number]
    pattern = str(said.get("pattern", ""))
    what = pattern_title(pattern) if pattern else ""
    if not pattern and decisions.decision(number) is Decision.PARTLY:
        what = _("what was left out")
    text = _named(decisions, _("Accept"), what, number)
    return _decide(decisions, number, label, text, said=said)


def dismiss(decisions: Decisions, number: int, label: str, reason: str) -> None:
    """Say why a candidate, or what foci leave of it, is no calcification.

    Raises
    ------
    AnnotatorError
        If a focus that would be dismissed reaches beyond the candidate.
    """
    if _is_shared(decisions, number):
        says = _("it is part of a larger focus; cut that with the scissors, or delete it, first")
        raise AnnotatorError(says)
    text = _named(decisions, _("Dismiss"), _(reason), number)
    _decide(decisions, number, label, text, said={}, reason=reason)


def dismiss_wall(decisions: Decisions, label: str, reason: str) -> int:
    """Say of all open candidates in the chest wall, in one step, why they are none.

    Those that a focus shares with other candidates stay open.

    Returns
    -------
    int
        How many were dismissed.
    """
    numbers = [n for n in decisions.in_wall().tolist() if not _is_shared(decisions, n)]
    whole = [focus for n in numbers for focus in _spoken_of(decisions, n)]
    parts = [decisions.candidates.found.where(n) for n in numbers]
    edit = Batch(
        (
            dismiss_foci(decisions.session.document, [focus.id for focus in whole], reason),
            suggest_foci(decisions.session.document, parts, label, dismissed=reason),
        )
    )
    told = _("Dismiss {n} in the chest wall: {reason}")
    decisions.session.do(edit, told.format(n=len(numbers), reason=_(reason)))
    return len(numbers)


def open_again(decisions: Decisions, number: int) -> None:
    """Take back what was decided about a candidate, whenever that was.

    Raises
    ------
    AnnotatorError
        If it is a part of a larger focus, or was cut into several.
    """
    held = decisions.foci(number)
    if not held or decisions.decision(number) is Decision.OPEN:
        return
    if len(held) > 1:
        raise AnnotatorError(_("several foci hold it; delete them in the list"))
    if _reaches_beyond(decisions, held[0], number):
        raise AnnotatorError(_("it is part of a larger focus; delete that in the list"))
    edit = remove_foci(decisions.session.document, (held[0].id,))
    decisions.session.do(edit, _named(decisions, _("Open again"), "", number))


def bring_back(decisions: Decisions, number: int, label: str) -> None:
    """Put a component that was set aside to the person: it is open until decided."""
    where = decisions.candidates.found.where(number)
    edit = mark_focus(decisions.session.document, where, label, origin=Origin.SUGGESTION)
    if edit != NO_EDIT:
        decisions.session.do(edit, _("Bring back"))


def say_site(decisions: Decisions, number: int, site: str) -> None:
    """Say where a candidate lies; of an open one it is noted when it is accepted."""
    match decisions.decision(number):
        case Decision.MARKED | Decision.PARTLY:
            ids = [focus.id for focus in decisions.foci(number) if not focus.dismissed]
            edit = set_attribute(decisions.session.document, ids, "site", site)
            decisions.session.do(edit, _named(decisions, _("Site"), _(site), number))
        case Decision.OPEN | Decision.BELOW:
            decisions.noted_sites[number] = site
        case _other:
            return


def _decide(
    decisions: Decisions,
    number: int,
    label: str,
    text: str,
    *,
    said: Mapping[str, AttributeValue],
    reason: str = "",
) -> AnnotationId | None:
    """Say something of the foci that hold a candidate; make one where there is none."""
    document, where = decisions.session.document, decisions.candidates.found.where(number)
    held = _spoken_of(decisions, number) if reason else _accepted_of(decisions, number)
    id_ = held[0].id if held else new_id()
    if held:
        takes_rest = is_pending(held[0]) or not (said.get("pattern") or reason)
        rest, guess = where if takes_rest else where[:0], decisions.guess(number)
        edit = decide_foci(document, held, rest, said=said, guess=guess, reason=reason)
    else:
        edit = decide_free(document, where, label, id=id_, said=said, reason=reason)
    if edit == NO_EDIT:
        return None
    decisions.session.do(edit, text)
    return id_


def _spoken_of(decisions: Decisions, number: int) -> tuple[Annotation, ...]:
    """Return the foci that a decision speaks of: of an open candidate only suggestions.

    What a person said of a part of it stays, whatever is said of the rest.
    """
    held = decisions.foci(number)
    if decisions.is_open(number):
        return tuple(filter(is_pending, held))
    return tuple(filter(is_counted, held)) or held


def _accepted_of(decisions: Decisions, number: int) -> tuple[Annotation, ...]:
    """Return the foci that are accepted: a person's own where they hold a part of it."""
    is_partly = decisions.decision(number) is Decision.PARTLY
    return decisions.holders(number) if is_partly else _spoken_of(decisions, number)


def _is_shared(decisions: Decisions, number: int) -> bool:
    """Tell whether a focus that a decision would speak of reaches beyond the candidate."""
    return any(_reaches_beyond(decisions, focus, number) for focus in _spoken_of(decisions, number))


def _reaches_beyond(decisions: Decisions, focus: Annotation, number: int) -> bool:
    """Tell whether a focus holds voxels of others than one candidate, or below the rule."""
    of = decisions.candidates.found.of(FocusTable.of(decisions.session).where(focus))
    return bool((of != number).any())


def _named(decisions: Decisions, verb: str, what: str, number: int) -> str:
    """Name a step so that the history says what it was about."""
    told = told_of(verb, what) if what else verb
    return _("{what} (slice {slice})").format(what=told, slice=decisions.place(number))
