"""What a check points at."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from annotator.i18n import mark as _
from annotator.model.annotations import AnnotationId


class Severity(StrEnum):
    """How much a finding matters; translated where it is shown."""

    NOTE = _("note")
    WARNING = _("warning")
    ERROR = _("error")


def worst_first(findings: Iterable["Finding"]) -> list["Finding"]:
    """Return findings in the order in which a person should read them."""
    return sorted(findings, key=lambda found: list(Severity).index(found.severity), reverse=True)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing worth a second look.

    Attributes
    ----------
    code
        Stable identifier that scripts rely on, such as ``missing-slices``.
    text
        One sentence for a person.
    """

    code: str
    text: str
    severity: Severity = Severity.WARNING
    annotation_id: AnnotationId | None = None
