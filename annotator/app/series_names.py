"""What series are called: never after a folder, whose name may be a patient's."""

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from annotator.i18n import gettext as _
from annotator.i18n import ngettext
from annotator.model.volume import Series

_TAG_DIGITS = 4


def told_apart(found: Iterable[Series]) -> list[tuple[str, Series]]:
    """Name series; those of one name by their date or their tag in front, or counted.

    In front, because a narrow list cuts names off at their end.
    """
    series = list(found)
    names = [_described(one) for one in series]
    for said in (lambda one: one.study_day, tag):
        names = _said_too(names, series, said)
    return list(zip(_numbered(names), series, strict=True))


def nameless(series: Series) -> str:
    """Return what a series is called outside its project: without any word of its headers."""
    return " ".join(["CT", *filter(None, (_slices(series), series.study_day, tag(series)))])


def place_in_words(found: Sequence[Series]) -> str:
    """Return what to call the place where series lie; empty where there is none."""
    if len(found) < 2:
        return nameless(found[0]) if found else ""
    several = _("{count} series").format(count=len(found))
    return f"{nameless(found[0])} · {several}"


def export_name(series: Series, item_uid: str) -> str:
    """Return a file name for labels of a series, or of the part of it that an item is."""
    part = item_uid.partition("#")[2]
    return re.sub(r"[^\w-]+", "_", f"{nameless(series)} {part}".strip())


def tag(series: Series) -> str:
    """Return a few signs that stay a series' own, whatever lies beside it."""
    own = series.series_uid or series.slices[0].sop_uid
    return f"#{hashlib.sha256(own.encode()).hexdigest()[:_TAG_DIGITS].upper()}"


def _said_too(names: list[str], series: list[Series], said: Callable[[Series], str]) -> list[str]:
    """Say more in front of names that several share, where it differs among them."""
    shared: dict[str, set[str]] = {}
    for name, one in zip(names, series, strict=True):
        shared.setdefault(name, set()).add(said(one))
    return [
        f"{said(one)} · {name}" if len(shared[name]) > 1 and said(one) else name
        for name, one in zip(names, series, strict=True)
    ]


def _numbered(names: list[str]) -> list[str]:
    """Add a number where nothing else tells apart, as acquisitions of one series."""
    seen = Counter(names)
    return [
        f"{name} · {names[: at + 1].count(name)}" if seen[name] > 1 else name
        for at, name in enumerate(names)
    ]


def _described(series: Series) -> str:
    kernel = "" if series.kernel in series.description else series.kernel
    said = [series.description or _("CT series"), kernel]
    return " ".join([*filter(None, said), _slices(series)])


def _slices(series: Series) -> str:
    count = len(series.slices)
    return ngettext("{count} slice", "{count} slices", count).format(count=count)
