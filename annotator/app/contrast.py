"""Whether a person took note that calcium in vessels full of contrast agent is not told apart."""

from annotator.app.decisions import Decisions
from annotator.app.session import Session

_NOTED = "ct-contrast-noted"
"""The setting that names each scan of which a person took note."""


def wants_note(decisions: Decisions) -> bool:
    """Tell whether contrast may be set aside as bone is, and nobody took note of it."""
    session = decisions.session
    return decisions.candidates.may_be_contrast and _stack_uid(session) not in _noted(session)


def take_note(session: Session) -> None:
    """Keep that a person knows what is not told apart in the open scan."""
    session.change_setting(_NOTED, [*_noted(session), _stack_uid(session)])


def _noted(session: Session) -> list[str]:
    kept = session.setting(_NOTED)
    return list(kept) if isinstance(kept, list) else []


def _stack_uid(session: Session) -> str:
    series = session.context.series
    return "" if series is None else series.stack_uid
