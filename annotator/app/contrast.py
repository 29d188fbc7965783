"""Whether a person took note that calcium in vessels full of contrast agent is not told apart."""

from annotator.app import noted
from annotator.app.decisions import Decisions
from annotator.app.session import Session

_NOTED = "ct-contrast-noted"


def wants_note(decisions: Decisions) -> bool:
    """Tell whether contrast may be set aside as bone is, and nobody took note of it."""
    session = decisions.session
    return decisions.candidates.may_be_contrast and not noted.is_noted(
        _NOTED, session.context.series, session.setting
    )


def take_note(session: Session) -> None:
    """Keep that a person knows what is not told apart in the open scan."""
    noted.take_note(_NOTED, session)
