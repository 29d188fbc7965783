"""What a measurement says: ours, a peer's, and what the task asks for."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table.

    Attributes
    ----------
    ours, peer
        None where it could not be measured; ``note`` then says why.
    target
        What ``ours`` must not exceed, or must reach where ``more_is_better``; None where the
        task names no number.
    """

    name: str
    ours: float | None
    unit: str
    target: float | None = None
    peer: float | None = None
    peer_name: str = ""
    more_is_better: bool = False
    note: str = ""

    @property
    def ratio(self) -> float | None:
        """How many times better ours is than the peer's; above 1 ours leads."""
        if not self.ours or not self.peer:
            return None
        return self.ours / self.peer if self.more_is_better else self.peer / self.ours

    @property
    def is_reached(self) -> bool | None:
        """Whether the target is met; None where there is none."""
        if self.target is None:
            return None
        if self.ours is None:
            return False
        return self.ours >= self.target if self.more_is_better else self.ours <= self.target

    def beside(self, peers: Mapping[str, float | str]) -> Iterator["Row"]:
        """Yield this row once for each peer; a text is why that peer has no number."""
        if not peers:
            yield self
        for name, value in peers.items():
            row = replace(self, peer_name=name)
            if isinstance(value, str):
                yield replace(row, note=" · ".join(filter(None, (self.note, f"{name}: {value}"))))
            else:
                yield replace(row, peer=value)

    def as_json(self) -> dict[str, Any]:
        """Return the row as `results.json` has it."""
        return asdict(self) | {"ratio": self.ratio, "reached": self.is_reached}


def row_of(plain: Mapping[str, Any]) -> Row:
    """Return the row that `as_json` wrote."""
    return Row(**{k: v for k, v in plain.items() if k not in {"ratio", "reached"}})


def write_json(rows: list[Row], path: Path) -> None:
    """Write all rows."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        json.dumps([row.as_json() for row in rows], indent=1, ensure_ascii=False) + "\n"
    )


def shown(value: float | None) -> str:
    """Return a number with three digits that count."""
    if value is None:
        return "–"
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}"
