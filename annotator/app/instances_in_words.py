"""Says what instances of points are."""

from collections.abc import Sequence

from annotator.i18n import gettext as _
from annotator.i18n import ngettext
from annotator.model.labels import Label


def instances_in_words(label: Label, instances: Sequence[int], count: int) -> str:
    """Return class, numbers and how many points instances have together."""
    words = ngettext("{label} {numbers} · {n} point", "{label} {numbers} · {n} points", count)
    numbers = ", ".join(str(number) for number in instances)
    return words.format(label=_(label.title), numbers=numbers, n=f"{count:,}")
