"""Measures the program beside its peers: the same machine, the same run.

python -m bench                 everything
python -m bench drawing ct      some groups of rows
python -m bench --quick         fewer repetitions
"""

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from bench.group import GROUPS
from bench.peers import RUN
from bench.report import Conditions, as_text, write_markdown
from bench.rows import Row, row_of, write_json
from bench.work_files import WORK

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "bench" / "results.json"
DOCUMENT = ROOT / "docs" / "benchmarks.md"
MOST_S = 900.0


def main() -> int:
    """Measure what was asked for, print it, and keep it; 1 if a group broke."""
    asked = _arguments()
    for old in WORK.glob("told-*.json"):
        old.unlink()
    conditions = Conditions.now(quick=asked.quick)
    rows: list[Row] = []
    broken: list[str] = []
    for name in asked.groups or GROUPS:
        print(f"\n{name}: {GROUPS[name]}", flush=True)
        try:
            for row in _measured(name, quick=asked.quick):
                print(as_text(row), flush=True)
                rows.append(row)
        except RuntimeError as failed:
            print(f"  failed: {failed}", flush=True)
            broken.append(f"{name}: {failed}")
    conditions = conditions.ended()
    if asked.groups:
        rows = _joined_with_kept(rows)
    write_json(rows, RESULTS)
    write_markdown(rows, broken, conditions, DOCUMENT, is_partial=bool(asked.groups))
    _sum_up(rows, conditions)
    return 1 if broken else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m bench",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="\n".join(f"{name:12s}{text}" for name, text in GROUPS.items()),
    )
    parser.add_argument("groups", nargs="*", metavar="group")
    parser.add_argument("--quick", action="store_true", help="fewer repetitions")
    asked = parser.parse_args()
    unknown = [name for name in asked.groups if name not in GROUPS]
    if unknown:
        parser.error(f"there is no group {', '.join(unknown)}; there are {', '.join(GROUPS)}")
    return asked


def _measured(name: str, *, quick: bool) -> Iterator[Row]:
    """Measure a group in a process of its own, and yield its rows as they come."""
    command = [sys.executable, "-m", "bench.group", name, *(["--quick"] if quick else [])]
    environment = os.environ | {
        "QT_QPA_PLATFORM": "offscreen",
        "PYTHONPATH": str(ROOT),
        RUN: str(os.getpid()),
    }
    errors = ROOT / "bench" / "work" / f"{name}.log"
    errors.parent.mkdir(parents=True, exist_ok=True)
    with (
        errors.open("w+") as log,
        subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=log, text=True
        ) as process,
    ):
        assert process.stdout is not None
        began = time.monotonic()
        for line in process.stdout:
            told = json.loads(line)
            if "name" in told:
                yield row_of(told)
            if time.monotonic() - began > MOST_S:
                process.kill()
        if process.wait() != 0:
            log.seek(0)
            said = log.read().strip().splitlines() or ["ended without a word"]
            raise RuntimeError(said[-1])


def _joined_with_kept(rows: list[Row]) -> list[Row]:
    """Put new rows in the place of the old ones, so that one group can be measured again."""
    if not RESULTS.exists():
        return rows
    new = {(row.name, row.peer_name): row for row in rows}
    names = {row.name for row in rows}
    kept: list[Row] = []
    for plain in json.loads(RESULTS.read_text()):
        old = row_of(plain)
        found = new.pop((old.name, old.peer_name), None)
        if found is not None or old.name not in names:
            kept.append(found or old)
    return kept + list(new.values())


def _sum_up(rows: list[Row], conditions: Conditions) -> None:
    aimed = {row.name: row for row in rows if row.target is not None}
    reached = sum(bool(row.is_reached) for row in aimed.values())
    print(f"\n{reached} of {len(aimed)} targets reached; {conditions.in_words()}")
    for row in aimed.values():
        if not row.is_reached:
            print(f"  missed: {as_text(row).strip()}")


if __name__ == "__main__":
    sys.exit(main())
