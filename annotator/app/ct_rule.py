"""By which rule a session's foci are marked and measured, and whether they may be measured."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import msgspec

from annotator.app.noted import is_noted, take_note
from annotator.app.session import Session
from annotator.formats.format import Context
from annotator.i18n import gettext as _
from annotator.imaging.rules import CAL_130, Rule

_RULE, _RULES_BEFORE = "ct-rule", "ct-rules-before"
_ACKNOWLEDGED = "ct-acknowledged-series"


def rule_of(session: Session) -> Rule:
    """Return the project's rule; the usual one where none was chosen, or it cannot be read."""
    return rule_by(session.setting)


def rule_by(setting: Callable[[str], Any]) -> Rule:
    """Return the rule that a project's settings hold, as `rule_of` does."""
    return _rule(setting(_RULE)) or CAL_130


def known_rules(session: Session) -> tuple[Rule, ...]:
    """Return every rule that the project's numbers were ever printed with, and the usual one."""
    before: Any = session.setting(_RULES_BEFORE)
    read = [_rule(kept) for kept in before] if isinstance(before, list) else []
    return (CAL_130, *(rule for rule in read if rule is not None), rule_of(session))


def change_rule(session: Session, rule: Rule) -> None:
    """Let the whole project mark and measure by another rule.

    Where its name and version are those of a rule with other numbers, it gets a version of its own.
    """
    known = known_rules(session)
    before = [msgspec.to_builtins(one) for one in dict.fromkeys(known)]
    session.change_setting(_RULES_BEFORE, before)
    session.change_setting(_RULE, msgspec.to_builtins(rule.told_apart(known)))


def context_by_rule(session: Session) -> Context:
    """Return the session's data with the project's rule, and with what was acknowledged of them."""
    return context_by(session.context, session.setting)


def context_by(context: Context, setting: Callable[[str], Any]) -> Context:
    """Return data with what a project's settings hold of them, as `context_by_rule` does."""
    known = context.acknowledged or is_noted(_ACKNOWLEDGED, context.series, setting)
    return replace(context, rule=rule_by(setting), acknowledged=known)


def may_measure(session: Session) -> bool:
    """Tell whether mm², mm³ and scores may be shown; asks the project only of a doubtful series."""
    if session.changed_slices:
        return False
    context = session.context
    return context.is_measured or is_noted(_ACKNOWLEDGED, context.series, session.setting)


def why_not_measured(session: Session) -> str:
    """Say why a number is a dash, and what shows it; empty where volumes are measured."""
    series = session.context.series
    if series is None or may_measure(session):
        return ""
    text = _('Not measured: {why}. "Measure anyway" above the picture shows it all the same.')
    if session.changed_slices:
        text = _("Not measured: {why}")
    return text.format(why=doubts_of(session))


def doubts_of(session: Session) -> str:
    """Return why volumes of the open series are doubtful."""
    if session.changed_slices:
        return _("the pixels are not those that were labelled")
    series = session.context.series
    return series.doubts() if series is not None else ""


def acknowledge(session: Session) -> None:
    """Keep that a person took note of what makes this series' volumes doubtful."""
    if not may_measure(session):
        take_note(_ACKNOWLEDGED, session)


def _rule(kept: Any) -> Rule | None:  # noqa: ANN401 - as the project kept it
    try:
        return None if kept is None else msgspec.convert(kept, Rule)
    except (msgspec.ValidationError, ValueError):
        return None
