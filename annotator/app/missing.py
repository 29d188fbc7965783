"""What a person would still have to say before a scan can be closed."""

from dataclasses import dataclass

from annotator.app.closing import closed_in_words
from annotator.app.contrast import wants_note
from annotator.app.decisions import Decisions
from annotator.app.unanswered import siteless_in_words, unanswered
from annotator.i18n import gettext as _
from annotator.i18n import ngettext
from annotator.model.annotations import AnnotationId
from annotator.tools.keys import keyed


@dataclass(frozen=True, slots=True)
class Missing:
    """What a person would still have to say.

    Attributes
    ----------
    open
        How many candidates nobody has decided.
    unanswered
        Foci that say nothing of their pattern, though their class asks for it.
    contrast
        Whether nobody took note of what contrast agent hides.
    """

    open: int
    unanswered: tuple[AnnotationId, ...]
    contrast: bool = False

    @property
    def is_nothing(self) -> bool:
        """Whether the scan may be closed."""
        return not self.open and not self.unanswered and not self.contrast

    def in_words(self) -> str:
        """Return what is missing, shortly."""
        count, blank = self.open, len(self.unanswered)
        told = []
        if count:
            said = ngettext("{count} candidate is open", "{count} candidates are open", count)
            told.append(said.format(count=count))
        if blank:
            said = ngettext("{count} focus has no pattern", "{count} foci have no pattern", blank)
            told.append(said.format(count=blank))
        if self.contrast:
            told.append(_("what contrast hides is not noted"))
        return " · ".join(told)


def missing(decisions: Decisions) -> Missing:
    """Return what is missing before a scan can be closed."""
    return Missing(
        len(decisions.residual().open), unanswered(decisions.session), wants_note(decisions)
    )


def progress_in_words(decisions: Decisions, *, is_closed: bool = False) -> str:
    """Say how far a scan is, and how it is closed where nothing is missing."""
    if is_closed:
        return closed_in_words(decisions.session)
    total, left = decisions.asked(), missing(decisions)
    if total == 0 and left.is_nothing:
        return _("There is no candidate in this scan")
    if left.open:
        return _("{done} of {total} decided").format(done=total - left.open, total=total)
    if not left.is_nothing:
        return _but_missing(_("All {total} are decided").format(total=total), left)
    below = len(decisions.residual().below)
    dark = _("{n} marked voxels lie below the rule").format(n=below)
    guessed = siteless_in_words(decisions.session)
    told = (
        _("All {total} are decided").format(total=total),
        _("{siteless} (? is a guess)").format(siteless=guessed) if guessed else "",
        keyed(_("{file_close} closes the scan")),
        dark if below else "",
    )
    return " · ".join(filter(None, told))


def nothing_open_in_words(left: Missing) -> str:
    """Say that all that reaches the rule is explained, and what keeps the scan open yet."""
    if not left.is_nothing:
        return _but_missing(_("All that reaches the rule is decided or set aside"), left)
    says = _(
        "Nothing is left: all that reaches the rule is decided or set aside"
        " · {file_close} closes the scan"
    )
    return keyed(says)


def _but_missing(says: str, left: Missing) -> str:
    """Add what is missing, and the key that goes there; a note has its own button."""
    said = _("{decided}, but {missing}").format(decided=says, missing=left.in_words())
    return f"{said} · {keyed(_('{file_close} goes there'))}" if left.unanswered else said
