"""Fits every car, pillar and wall of made garages from one click each, against the truth."""

import math
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from annotator.errors import AnnotatorError
from annotator.geometry.boxes import iou_3d, iou_bev, yaw_error_rad
from annotator.geometry.fit import fit_box
from annotator.geometry.ground import find_ground
from annotator.geometry.neighbours import index_points
from annotator.model.labels import GARAGE
from annotator.model.shapes import Box3D
from bench.garages import Garage, Recipe, TrueBox, make

SEEDS = (1, 2, 3, 4, 5)
DENSITIES = (30_000, 150_000, 1_000_000)
DROPOUTS = (0.1, 0.3)
PITCHES_M = (2.2, 2.5, 3.0)
LEAST_POINTS = 25


@dataclass(frozen=True)
class Row:
    """What one click gave."""

    iou: float
    bev: float
    yaw_deg: float
    ms: float
    points: int
    recipe: Recipe
    true: Box3D
    fitted: Box3D | None


def click(truth: TrueBox, garage: Garage, how: str, rng: np.random.Generator):  # type: ignore[no-untyped-def]
    if how == "centre":
        return truth.center_m[:2]
    rows = np.flatnonzero(garage.objects == truth.number)
    return tuple(float(v) for v in garage.xyz_m[rng.choice(rows)])


def cars_of(recipe: Recipe, how: str) -> Iterator[Row]:
    garage = make(recipe)
    index = index_points(garage.xyz_m)
    ground = find_ground(garage.xyz_m, index)
    rng = np.random.default_rng(7)
    for truth in garage.boxes:
        if truth.label != "car" or truth.points < LEAST_POINTS:
            continue
        at = click(truth, garage, how, rng)
        true = Box3D(truth.center_m, truth.size_m, truth.yaw_rad)
        started = time.perf_counter()
        try:
            fitted = fit_box(index, ground, at, GARAGE["car"]).box
        except AnnotatorError:
            fitted = None
        ms = 1000 * (time.perf_counter() - started)
        if fitted is None:
            yield Row(0, 0, 90, ms, truth.points, recipe, true, None)
            continue
        yield Row(
            iou_3d(fitted, true),
            iou_bev(fitted, true),
            math.degrees(yaw_error_rad(fitted, true)),
            ms,
            truth.points,
            recipe,
            true,
            fitted,
        )


def summary(rows: list[Row]) -> dict[str, float]:
    iou = np.array([r.iou for r in rows])
    yaw = np.array([r.yaw_deg for r in rows])
    ms = np.array([r.ms for r in rows])
    return {
        "cars": len(rows),
        "iou": float(iou.mean()),
        "bev": float(np.mean([r.bev for r in rows])),
        "share_0.7": float((iou >= 0.7).mean()),
        "iou_p5": float(np.quantile(iou, 0.05)),
        "yaw_median_deg": float(np.median(yaw)),
        "yaw_p90_deg": float(np.quantile(yaw, 0.9)),
        "ms_median": float(np.median(ms)),
        "ms_p99": float(np.quantile(ms, 0.99)),
    }


def show(name: str, rows: list[Row]) -> None:
    s = summary(rows)
    print(
        f"{name:44s} n={s['cars']:5.0f} IoU {s['iou']:.3f} BEV {s['bev']:.3f} >=.7 {s['share_0.7']:.4f}"
        f" p5 {s['iou_p5']:.3f} yaw {s['yaw_median_deg']:.2f}/{s['yaw_p90_deg']:.2f}"
        f" ms {s['ms_median']:.1f}/{s['ms_p99']:.1f}",
        flush=True,
    )


def main(
    seeds: tuple[int, ...] = SEEDS, densities: tuple[int, ...] = DENSITIES
) -> dict[str, dict[str, float]]:
    results: dict[str, dict[str, float]] = {}
    for kind, bodies in (("faces", "boxes"), ("rays", "boxes"), ("rays", "cars")):
        every: list[Row] = []
        for points in densities:
            rows: list[Row] = []
            for seed in seeds:
                for n, dropouts in enumerate(DROPOUTS):
                    for m, pitch in enumerate(PITCHES_M):
                        slope = 5.0 if (seed + n + m) % 3 == 0 else 0.0
                        recipe = Recipe(seed, points, pitch, dropouts, kind, bodies, slope)
                        how = "centre" if (seed + m) % 2 else "point"
                        rows += cars_of(recipe, how)
            name = f"{kind} {bodies} {points}"
            show(name, rows)
            results[name] = summary(rows)
            every += rows
        results[f"{kind} {bodies}"] = summary(every)
        show(f"{kind} {bodies} all", every)
    return results


if __name__ == "__main__":
    main(tuple(range(1, int(sys.argv[1]) + 1)) if len(sys.argv) > 1 else SEEDS)
