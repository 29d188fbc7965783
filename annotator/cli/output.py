"""How facts are printed: for people, or as JSON for scripts."""

import json
import sys
from collections.abc import Iterable, Sequence
from typing import Any


def as_json(facts: object) -> None:
    """Print facts as one JSON document."""
    print(json.dumps(facts, ensure_ascii=False, indent=1, default=_plain))


def table(rows: Iterable[Sequence[object]], *, head: Sequence[str] = ()) -> None:
    """Print rows in columns as wide as they need; Chinese counts as two."""
    texts = [[str(cell) for cell in row] for row in ([head] if head else [])]
    texts += [[str(cell) for cell in row] for row in rows]
    if not texts:
        return
    widths = [max(_width(row[c]) for row in texts) for c in range(len(texts[0]))]
    for row in texts:
        padded = (cell + " " * (w - _width(cell)) for cell, w in zip(row, widths, strict=True))
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


def _width(text: str) -> int:
    return sum(2 if "\u2e80" <= c <= "\uffef" else 1 for c in text)


def _plain(value: object) -> Any:  # noqa: ANN401 - whatever JSON takes
    for method in ("tolist", "isoformat", "as_posix"):
        if hasattr(value, method):
            return getattr(value, method)()
    return str(value)
