"""Writes what was measured for people: a table on the terminal, and a page of the documentation."""

import os
import platform
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from bench import peers
from bench.rows import Row, shown

_OWN_PACKAGES = ("annotator", "numpy", "numba", "PySide6-Essentials", "open3d-cpu")

_HOW = (
    "Made by `make bench`: everything on one machine and in one run, every peer in an environment"
    " of its own, with its quickest settings. Numbers are medians after a warm-up. *Ratio* says"
    " how many times better ours is than the peer's; above 1 ours leads. A dash is something that"
    " was not measured; the note says why."
)


@dataclass(frozen=True, slots=True)
class Conditions:
    """Under what it was measured.

    Attributes
    ----------
    load_before, load_after
        Processes that wanted a core, mean of a minute, as the system counts them.
    """

    began: datetime
    machine: str
    versions: tuple[str, ...]
    load_before: float
    quick: bool
    load_after: float = 0.0
    took_s: float = 0.0

    @classmethod
    def now(cls, *, quick: bool) -> "Conditions":
        """Return the conditions before the first measurement."""
        return cls(datetime.now(UTC), _machine(), _versions(), _load(), quick)

    def ended(self) -> "Conditions":
        """Return them after the last one."""
        took_s = (datetime.now(UTC) - self.began).total_seconds()
        return replace(self, load_after=_load(), took_s=took_s)

    def in_words(self) -> str:
        """Say when, and how busy the machine was."""
        return (
            f"{self.began:%Y-%m-%d %H:%M} UTC, {self.took_s / 60:.0f} min, load average"
            f" {self.load_before:.1f} before and {self.load_after:.1f} after"
            + (", fewer repetitions" if self.quick else "")
        )


def as_text(row: Row) -> str:
    """Return a row as a line of the terminal."""
    ours = f"{shown(row.ours)} {row.unit}"
    target = f"{'≥' if row.more_is_better else '≤'} {shown(row.target)}" if row.target else ""
    peer = f"{row.peer_name} {shown(row.peer)}" if row.peer_name else ""
    ratio = f"{shown(row.ratio)}×" if row.ratio else ""
    mark = {True: "yes", False: "NO", None: ""}[row.is_reached]
    note = f"  ({row.note})" if row.note else ""
    return f"  {row.name:46s} {ours:>12s}  {target:>8s} {mark:3s} {peer:44s} {ratio:>6s}{note}"


def write_markdown(
    rows: list[Row], broken: list[str], conditions: Conditions, path: Path, *, is_partial: bool
) -> None:
    """Write the page of the documentation."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(_page(rows, broken, conditions, is_partial=is_partial)) + "\n")


def _page(
    rows: list[Row], broken: list[str], conditions: Conditions, *, is_partial: bool
) -> list[str]:
    some = (
        " Only some rows were measured in this run; the others are from earlier ones." * is_partial
    )
    lines = [
        "# Benchmarks",
        "",
        _HOW,
        "",
        f"Measured {conditions.in_words()}.{some}",
        "",
        f"* Machine: {conditions.machine}, no GPU used",
        f"* Ours: {', '.join(conditions.versions)}",
        f"* Peers: {', '.join(title for title in _peer_titles() if title)}",
        "",
        "| what | ours | unit | target | reached | peer | its number | ratio | note |",
        "| --- | ---: | --- | ---: | --- | --- | ---: | ---: | --- |",
        *(_line(row) for row in rows),
    ]
    if broken:
        lines += ["", "Not measured, because it failed:", "", *(f"* {text}" for text in broken)]
    return lines


def _line(row: Row) -> str:
    sign = "≥" if row.more_is_better else "≤"
    cells = (
        row.name,
        shown(row.ours),
        row.unit,
        f"{sign} {shown(row.target)}" if row.target is not None else "",
        {True: "yes", False: "**no**", None: ""}[row.is_reached],
        row.peer_name,
        shown(row.peer) if row.peer_name else "",
        f"{shown(row.ratio)}" if row.ratio else "",
        row.note,
    )
    return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"


def _peer_titles() -> list[str]:
    return [f"{peer.name} {peers.version(peer)}" for peer in peers.PEERS if peers.version(peer)]


def _machine() -> str:
    model = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        names = [x for x in cpuinfo.read_text().splitlines() if x.startswith("model name")]
        model = names[0].split(":", 1)[1].strip() if names else model
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    system = f"{platform.system()} {platform.release().split('-')[0]}"
    return f"{model}, {os.cpu_count()} cores, {memory:.0f} GB, {system}"


def _versions() -> tuple[str, ...]:
    found = [f"Python {platform.python_version()}"]
    for package in _OWN_PACKAGES:
        try:
            found.append(f"{package} {version(package)}")
        except PackageNotFoundError:
            continue
    return tuple(found)


def _load() -> float:
    return os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")
