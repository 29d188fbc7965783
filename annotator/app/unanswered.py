"""What the foci of a scan do not answer, though their class asks it."""

from annotator.app.focus_table import FocusTable
from annotator.app.session import Session
from annotator.i18n import gettext as _
from annotator.model.annotations import AnnotationId

PATTERN, SITE = "pattern", "site"


def unanswered(session: Session, asked: str = PATTERN) -> tuple[AnnotationId, ...]:
    """Return the foci that a person stands for and that leave a question of their class open."""
    asking = {
        label.name
        for label in session.taxonomy
        if any(attribute.name == asked for attribute in label.attributes)
    }
    return tuple(
        focus.id
        for focus in FocusTable.of(session).counted()
        if focus.label in asking and not focus.attributes.get(asked)
    )


def siteless_in_words(session: Session) -> str:
    """Return how many foci say no site, be it guessed or not; empty where all say theirs."""
    count = len(unanswered(session, SITE))
    return _("{count} without a site").format(count=count) if count else ""
