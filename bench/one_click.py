"""Fits cars from one click each on garages with known truth; a part of what `bench/fit.py` does."""

import contextlib
import sys
from collections.abc import Iterator

from bench import fit
from bench.rows import Row

IOU, SHARE, YAW_DEG, CLICK_MS = 0.92, 1.00, 1.0, 50.0


def rows(*, quick: bool) -> Iterator[Row]:
    densities = (150_000,) if quick else (150_000, 1_000_000)
    with contextlib.redirect_stdout(sys.stderr):  # it prints a table of its own
        found = fit.main((1,), densities)
    for kind, title in (
        ("faces boxes", "seen faces of boxes"),
        ("rays boxes", "boxes seen by rays"),
        ("rays cars", "car bodies seen by rays"),
    ):
        told = found[kind]
        note = f"{told['cars']:.0f} cars"
        yield Row(
            f"one click, {title}: mean 3D IoU", told["iou"], "", IOU, more_is_better=True, note=note
        )
        yield Row(
            f"one click, {title}: share ≥ 0.7", told["share_0.7"], "", SHARE, more_is_better=True
        )
        yield Row(f"one click, {title}: median yaw error", told["yaw_median_deg"], "°", YAW_DEG)
        largest = found[f"{kind} {densities[-1]}"]
        points = f"{densities[-1] // 1000} k points"
        yield Row(f"one click, {title}: time at {points}", largest["ms_median"], "ms", CLICK_MS)
