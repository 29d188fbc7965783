"""By which rule a command measures: the one it is told, the project's, or the usual one."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from annotator.errors import AnnotatorError
from annotator.i18n import gettext as _
from annotator.imaging.rules import CAL_130, Rule

if TYPE_CHECKING:
    from annotator.formats.format import Context


def by_rule(context: "Context", data: Path, threshold_hu: float | None) -> tuple["Context", str]:
    """Return the context with its rule and noted doubts, and where the rule is from, in words.

    Parameters
    ----------
    threshold_hu
        Instead of any project's rule.
    """
    from annotator.app.rule_beside import context_beside  # noqa: PLC0415 - loads the database

    if context.series is None:
        return context, ""
    found = context_beside(context, data)
    if threshold_hu is not None:
        told = found[0] if found is not None else context
        return replace(told, rule=_from(threshold_hu)), _("told by --threshold")
    if found is None:
        return replace(context, rule=CAL_130), _("the usual one: no project beside the data")
    return found[0], _("of the project {place}").format(place=found[1])


def _from(threshold_hu: float) -> Rule:
    try:
        return Rule(name=f"HU-{threshold_hu:g}", at_least_hu=threshold_hu, follows_kv=False)
    except ValueError as error:
        says = _("--threshold {hu}: it is no number of HU; give one such as 130")
        raise AnnotatorError(says.format(hu=threshold_hu)) from error
