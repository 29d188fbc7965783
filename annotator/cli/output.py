"""How facts are printed: for people, or as JSON for scripts."""

import json
import sys
from collections.abc import Iterable, Sequence
from typing import Any

from annotator.i18n import gettext as _


def as_json(facts: object) -> None:
    """Print facts as one JSON document."""
    print(json.dumps(facts, ensure_ascii=False, indent=1, default=_plain))


def table(rows: Iterable[Sequence[object]], *, head: Sequence[str] = ()) -> None:
    """Print rows in columns as wide as they need; Chinese counts as two.

    The last cell of a row that is shorter than others is a sentence and widens no column.
    """
    texts = [[_in_words(cell) for cell in row] for row in ([head] if head else [])]
    texts += [[_in_words(cell) for cell in row] for row in rows]
    if not texts:
        return
    most = max(len(row) for row in texts)
    columns = [[row[c] for row in texts if len(row) > c + (len(row) < most)] for c in range(most)]
    widths = [max(map(_width, column), default=0) for column in columns]
    for row in texts:
        padded = (cell + " " * (w - _width(cell)) for cell, w in zip(row, widths, strict=False))
        print("  ".join(padded).rstrip())


def progress_bar(name: str) -> "ProgressBar":
    """Return something to call with a share from 0 to 1."""
    return ProgressBar(name)


class ProgressBar:
    """Shows the share done on a terminal; silent anywhere else."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._shown = sys.stderr.isatty()
        self._percent = -1

    def __call__(self, share: float) -> None:
        """Show this share, 0 to 1."""
        percent = int(share * 100)
        if self._shown and percent != self._percent:
            self._percent = percent
            end = "\n" if percent >= 100 else ""
            print(f"\r{self._name} {percent:3d} %", end=end, file=sys.stderr, flush=True)


def _in_words(cell: object) -> str:
    match cell:
        case bool():
            return _("yes") if cell else _("no")
        case float():
            return f"{cell:.3f}".rstrip("0").rstrip(".")
        case list() | tuple():
            return ", ".join(_in_words(part) for part in cell)
        case _:
            return str(cell)


def _width(text: str) -> int:
    return sum(2 if "\u2e80" <= c <= "\uffef" else 1 for c in text)


def _plain(value: object) -> Any:  # noqa: ANN401 - whatever JSON takes
    for method in ("tolist", "isoformat", "as_posix"):
        if hasattr(value, method):
            return getattr(value, method)()
    return str(value)
