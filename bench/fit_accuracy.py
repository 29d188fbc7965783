"""Writes docs/fit.md: how exact the fits are on made garages and against labels of people.

python -m bench.fit --seeds 21 22 23 24 25 --every 6      fits, and keeps what it found
python -m bench.pillars                                   the same of the sample's pillars
python -m bench.fit_accuracy [folder of label files]      writes the page
"""

import json
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

from bench.human_labels import WITHOUT_CLOUD, Compared, compared
from bench.pillars import COUNTS

PAGE = Path(__file__).parents[1] / "docs" / "fit.md"
Rows = dict[str, dict[str, float]]

KINDS = (
    ("faces boxes", "boxes whose faces are seen without shadows"),
    ("rays boxes", "boxes seen by rays, shadows included"),
    ("rays cars", "car bodies seen by rays"),
    ("movable rays", "crates of no usual size, seen by rays"),
)
DENSITIES = (30_000, 150_000, 1_000_000)
LEAST_IOU, LEAST_SHARE, MOST_YAW_DEG, MOST_MS = 0.92, 1.0, 1.0, 50.0

INTRODUCTION = """# How exact a click is

Made by `python -m bench.fit --seeds {seeds} --every {every}` and `python -m bench.fit_accuracy`.
The garages are those of `bench/garages.py`: 10 and 30 % drop-outs, clutter, 2.2 to 3.0 m from car
to car, a third of them on a ramp of 5°; no rule was tuned on these seeds. One click each, on the
middle or on any point of the object, and no heading given. To reach: mean 3D IoU ≥ 0.92, share
≥ 0.7 of 1.00, median yaw error ≤ 1°, ≤ 50 ms.

*Known points* is what a fit would reach that was told which points are the object's own, and
where its seen faces, its turn and its height are: what is left is what nobody can see. Times are of
the processor, one core.
"""

PILLARS_OF_SCANS = """
Of the sample garage (`python -m bench.pillars`), whose twelve scans were taken from one known place
each, by the points that show a pillar. None is labelled before, and one point of it is clicked.
*Assumed* are sections of which the points do not tell whether they are round or square.
"""


def page(found: dict[str, Any], people: list[Compared]) -> str:
    rows: Rows = found["rows"]
    run = found["run"]
    seeds = " ".join(str(seed) for seed in run["seeds"])
    parts = [
        INTRODUCTION.format(seeds=seeds, every=run["every"]),
        "\n".join(_boxes(rows)),
        "\n".join(_pillars(rows)),
        "\n".join(_pillars_of_scans(rows)),
        "\n".join(_walls(rows)),
        "\n".join(_people(people)),
    ]
    return "\n".join(parts)


def _boxes(rows: Rows) -> Iterator[str]:
    yield "## Boxes\n"
    yield (
        "| seen | points of the scan | objects | mean 3D IoU | known points | from above"
        " | share ≥ 0.7 | yaw error, median (90 %) | time | reached |"
    )
    yield "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- |"
    for kind, title in KINDS:
        for points in DENSITIES:
            row = rows.get(f"{kind} {points}")
            if row is not None:
                yield _box_row(title, points, row, is_car=not kind.startswith("movable"))


def _box_row(title: str, points: int, row: dict[str, float], *, is_car: bool) -> str:
    reached = (
        row["iou"] >= LEAST_IOU
        and row["share_0.7"] >= LEAST_SHARE
        and row["yaw_median_deg"] <= MOST_YAW_DEG
        and row["ms_median"] <= MOST_MS
    )
    bound = f"{row['bound']:.3f}" if is_car else "–"
    return (
        f"| {title} | {points // 1000} k | {row['cars']:.0f} | {row['iou']:.3f} | {bound}"
        f" | {row['bev']:.3f} | {row['share_0.7']:.3f}"
        f" | {row['yaw_median_deg']:.2f}° ({row['yaw_p90_deg']:.2f}°)"
        f" | {row['ms_median']:.0f} ms | {'yes' if reached else '**no**'} |"
    )


def _pillars(rows: Rows) -> Iterator[str]:
    yield "\n## Pillars\n"
    yield (
        "| seen | points of the scan | pillars | found | axis error, median (90 %), cm"
        " | radius error, median (90 %), cm | round told from square | time |"
    )
    yield "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"
    for seen, points, row in _of(rows, "pillars"):
        yield (
            f"| {seen} | {points // 1000} k | {row['pillars']:.0f} | {row['found']:.3f}"
            f" | {row['axis_median_cm']:.1f} ({row['axis_p90_cm']:.1f})"
            f" | {row['half_median_cm']:.1f} ({row['half_p90_cm']:.1f})"
            f" | {row['kind_right']:.3f} | {row['ms_median']:.0f} ms |"
        )


def _pillars_of_scans(rows: Rows) -> Iterator[str]:
    yield PILLARS_OF_SCANS
    yield (
        "| pillar | points on it | pillars | found | axis error, median (90 %), cm"
        " | radius error, median (90 %), cm | round told from square | assumed | time |"
    )
    yield "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"
    for kind in ("square", "round"):
        for least, most in pairwise(COUNTS):
            row = rows[f"scan pillars {kind} {least}"]
            points = f"{least} to {most - 1}" if most < COUNTS[-1] else f"≥ {least}"
            yield (
                f"| {kind} | {points} | {row['pillars']:.0f} | {row['found']:.3f}"
                f" | {row['axis_median_cm']:.1f} ({row['axis_p90_cm']:.1f})"
                f" | {row['half_median_cm']:.1f} ({row['half_p90_cm']:.1f})"
                f" | {row['kind_right']:.3f} | {row['assumed']:.2f} | {row['ms_median']:.0f} ms |"
            )


def _walls(rows: Rows) -> Iterator[str]:
    yield "\n## Walls\n"
    yield (
        "| seen | points of the scan | walls | found | end error, median (largest), cm"
        " | plane error, median (largest), cm | time |"
    )
    yield "| --- | ---: | ---: | ---: | ---: | ---: | ---: |"
    for seen, points, row in _of(rows, "walls"):
        yield (
            f"| {seen} | {points // 1000} k | {row['walls']:.0f} | {row['found']:.3f}"
            f" | {row['end_median_cm']:.1f} ({row['end_max_cm']:.1f})"
            f" | {row['plane_median_cm']:.2f} ({row['plane_max_cm']:.2f})"
            f" | {row['ms_median']:.0f} ms |"
        )


def _of(rows: Rows, what: str) -> Iterator[tuple[str, int, dict[str, float]]]:
    for seen in ("faces", "rays"):
        for points in DENSITIES:
            row = rows.get(f"{what} {seen} {points}")
            if row is not None:
                yield seen, points, row


def _people(people: list[Compared]) -> Iterator[str]:
    yield "\n## Against labels of people\n"
    if not people:
        yield "Not compared in this run: give the command a folder of label files."
        return
    yield "| label | class | points in it | 3D IoU | from above | yaw error |"
    yield "| --- | --- | ---: | ---: | ---: | ---: |"
    for one in people:
        said = one.said or f"{one.iou:.2f} | {one.bev:.2f} | {one.yaw_deg:.0f}°"
        yield f"| {one.source} | {one.label} | {one.points} | {said} |"
    yield "\nNot to be compared, though people labelled them:"
    for name, why in WITHOUT_CLOUD.items():
        yield f"* `{name}`: {why}"


def main() -> None:
    found = json.loads(Path(__file__).with_name("fit.json").read_text(encoding="utf-8"))
    people = compared(Path(sys.argv[1])) if len(sys.argv) > 1 else []
    PAGE.write_text(page(found, people).rstrip() + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
