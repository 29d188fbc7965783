"""Fits the pillars of the sample garage, each scan seen from one place, by how much it shows.

python -m bench.pillars                               keeps what it found beside bench.fit's
"""

import json
import math
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np

from annotator.errors import AnnotatorError
from annotator.formats.plain import shape_from_plain
from annotator.formats.points.reading import read_cloud
from annotator.geometry.pillar import fit_pillar
from annotator.geometry.survey import Survey, survey
from annotator.model.shapes import Box3D, Cylinder3D

SAMPLE = Path(__file__).parents[1] / "sample_data" / "garage"
KEPT = Path(__file__).with_name("fit.json")
COUNTS = (8, 25, 50, 100, 10_000)
_INSTANCE_SHIFT = 16
Pillar = Box3D | Cylinder3D


@dataclass(frozen=True)
class Click:
    """What one click on a pillar gave; no errors where nothing was found."""

    points: int
    is_round: bool
    found: Pillar | None = None
    is_told: bool = True
    axis_cm: float = 0.0
    half_cm: float = 0.0
    ms: float = 0.0


def clicks() -> Iterator[Click]:
    """Click the middle one of the points of every pillar in every scan."""
    told = json.loads((SAMPLE / "truth.json").read_text("utf-8"))
    for number, frame in enumerate(told["frames"]):
        cloud = read_cloud(SAMPLE / frame["file"])
        found = survey(cloud.xyz_m, (0.0, 0.0, 0.0))
        labels = np.fromfile(SAMPLE / "labels" / f"{number:06d}.label", "<u4")
        for pillar in (box for box in frame["boxes"] if box["label"] == "pillar"):
            rows = np.flatnonzero(labels >> _INSTANCE_SHIFT == pillar["instance"])
            true = shape_from_plain(pillar["shape"])
            if len(rows) >= COUNTS[0] and isinstance(true, Pillar):
                x, y, z = cloud.xyz_m[rows[len(rows) // 2]].astype(float).tolist()
                yield clicked(found, (x, y, z), true, len(rows))


def clicked(found: Survey, at_m: tuple[float, float, float], true: Pillar, points: int) -> Click:
    is_round = isinstance(true, Cylinder3D)
    started = time.thread_time()
    try:
        fit = fit_pillar(found.index, found.ground, at_m)
    except AnnotatorError:
        return Click(points, is_round)
    ms = 1000 * (time.thread_time() - started)
    axis_cm = 100 * math.dist(fit.shape.center_m[:2], true.center_m[:2])
    half_cm = 100 * abs(half_m(fit.shape) - half_m(true))
    return Click(points, is_round, fit.shape, fit.is_told, axis_cm, half_cm, ms)


def half_m(pillar: Pillar) -> float:
    return pillar.radius_m if isinstance(pillar, Cylinder3D) else sum(pillar.size_m[:2]) / 4


def summary(some: list[Click]) -> dict[str, float]:
    found = [click for click in some if click.found is not None]
    axis, half, ms = np.array([(c.axis_cm, c.half_cm, c.ms) for c in found]).T
    right = [isinstance(click.found, Cylinder3D) is click.is_round for click in found]
    return {
        "pillars": len(some),
        "found": len(found) / len(some),
        "axis_median_cm": float(np.median(axis)),
        "axis_p90_cm": float(np.quantile(axis, 0.9)),
        "half_median_cm": float(np.median(half)),
        "half_p90_cm": float(np.quantile(half, 0.9)),
        "kind_right": float(np.mean(right)),
        "assumed": float(np.mean([not click.is_told for click in found])),
        "ms_median": float(np.median(ms)),
    }


def by_points() -> dict[str, dict[str, float]]:
    """Return how exact the fits are, by how many points show a pillar, and what it is."""
    every = list(clicks())
    rows: dict[str, dict[str, float]] = {}
    for least, most in pairwise(COUNTS):
        so_many = [click for click in every if least <= click.points < most]
        for kind in ("square", "round"):
            some = [click for click in so_many if click.is_round == (kind == "round")]
            rows[f"scan pillars {kind} {least}"] = summary(some)
    return rows


if __name__ == "__main__":
    KEPT_ALL = json.loads(KEPT.read_text(encoding="utf-8"))
    KEPT_ALL["rows"] |= by_points()
    KEPT.write_text(json.dumps(KEPT_ALL, indent=1) + "\n", encoding="utf-8")
