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


def places_in_words(indices: Iterable[int]) -> str:
    """Name slices as a person counts them, the first few of many."""
    said = [str(k + 1) for k in sorted(indices)]
    return ", ".join(said[:6]) + (" …" if len(said) > 6 else "")
