"""What the tour found to hold, and what not."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that should hold."""

    name: str
    holds: bool
    detail: str = ""


@dataclass(slots=True)
class Checks:
    """Everything that was checked, in order."""

    rows: list[Check] = field(default_factory=list)

    def note(self, name: str, *, holds: bool, detail: object = "") -> None:
        """Note whether something holds."""
        self.rows.append(Check(name, holds, str(detail)))

    @property
    def all_hold(self) -> bool:
        """Whether nothing failed."""
        return all(row.holds for row in self.rows)

    def in_words(self) -> str:
        """Return a table for a terminal."""
        width = max((len(row.name) for row in self.rows), default=0)
        return "\n".join(
            f"{'✓' if row.holds else '✗'} {row.name:<{width}}  {row.detail}".rstrip()
            for row in self.rows
        )
