"""By which rule a session's foci are marked and measured, and whether they may be measured."""

from typing import Any

import msgspec

from annotator.app.session import Session
from annotator.imaging.rules import CAL_130, Rule

_RULE, _ACKNOWLEDGED = "ct-rule", "ct-acknowledged-series"


def rule_of(session: Session) -> Rule:
    """Return the project's rule; the usual one where none was chosen, or it cannot be read."""
    kept: Any = session.setting(_RULE)
    if kept is None:
        return CAL_130
    try:
        return msgspec.convert(kept, Rule)
    except (msgspec.ValidationError, ValueError):
        return CAL_130


def change_rule(session: Session, rule: Rule) -> None:
    """Let the whole project mark and measure by another rule."""
    session.change_setting(_RULE, msgspec.to_builtins(rule))


def may_measure(session: Session) -> bool:
    """Tell whether volumes may be shown: the series is sound, or a person took note of why not."""
    series = session.context.series
    if series is None or series.measurable:
        return True
    return series.series_uid in (session.setting(_ACKNOWLEDGED) or ())


def acknowledge(session: Session) -> None:
    """Keep that a person took note of what makes this series' volumes doubtful."""
    series = session.context.series
    if series is not None and not may_measure(session):
        known = session.setting(_ACKNOWLEDGED) or ()
        session.change_setting(_ACKNOWLEDGED, [*known, series.series_uid])
