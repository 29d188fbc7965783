"""Measures one group of rows in a process of its own, so that none disturbs another.

python -m bench.group drawing --quick
"""

import argparse
import importlib
import json
import time
from collections.abc import Iterator

from bench.rows import Row

GROUPS = {
    "drawing": "a whole picture of 1 M and 10 M points",
    "orbit": "frames while the camera moves, and the whole picture after",
    "opening": "a scan from its file to the screen",
    "selecting": "picking, lasso and recolouring",
    "frames": "the next scan of a sequence, and what each leaves behind",
    "memory": "what an open scan takes",
    "fit": "a box from one click",
    "ct": "a CT series from its files to voxels",
    "planes": "scrolling, crosshair and click in the image view",
    "candidates": "every structure of a scan",
    "indexing": "a folder of many series",
    "edits": "an edit until it is kept",
    "window": "the whole window: first slice, and doing nothing",
}
"""What can be measured; each has a module of its name with a function ``rows(quick)``."""

_MODULES = {"fit": "one_click"}


def rows_of(name: str, *, quick: bool) -> Iterator[Row]:
    """Measure a group."""
    module = importlib.import_module(f"bench.{_MODULES.get(name, name)}")
    yield from module.rows(quick=quick)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name", choices=GROUPS)
    parser.add_argument("--quick", action="store_true")
    asked = parser.parse_args()
    began = time.perf_counter()
    for row in rows_of(asked.name, quick=asked.quick):
        print(json.dumps(row.as_json()), flush=True)
    print(json.dumps({"took_s": time.perf_counter() - began}), flush=True)


if __name__ == "__main__":
    main()
