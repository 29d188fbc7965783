"""Fits cars, pillars and walls of made garages from one click each, against the truth.

Times are of the processor, so that a busy machine tells the same.

python -m bench.fit                                   every car of seeds 1 to 5
python -m bench.fit --seeds 21 22 --every 3           every third car of other garages
"""

import argparse
import json
import math
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from annotator.errors import AnnotatorError
from annotator.geometry.boxes import iou_3d, iou_bev, yaw_error_rad
from annotator.geometry.fit import fit_box
from annotator.geometry.ground import find_ground
from annotator.geometry.neighbours import index_points
from annotator.geometry.pillar import fit_pillar
from annotator.geometry.wall import fit_wall
from annotator.model.labels import GARAGE
from annotator.model.shapes import Box3D, Cylinder3D
from bench.garages import Garage, Recipe, TrueBox, make
from bench.oracle import known_faces
from bench.pillars import by_points

SEEDS = (1, 2, 3, 4, 5)
DENSITIES = (30_000, 150_000, 1_000_000)
DROPOUTS = (0.1, 0.3)
PITCHES_M = (2.2, 2.5, 3.0)
LEAST_POINTS = 25
ABOUT_SQUARE = 0.15


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
    bound: float
    """What a fit would reach that knew every seen face exactly, and the usual size."""


def click(
    truth: TrueBox, garage: Garage, how: str, rng: np.random.Generator
) -> tuple[float, float] | tuple[float, float, float]:
    if how == "centre":
        return truth.center_m[0], truth.center_m[1]
    rows = np.flatnonzero(garage.objects == truth.number)
    x, y, z = garage.xyz_m[rng.choice(rows)].tolist()
    return x, y, z


def boxes_of(recipe: Recipe, how: str, every: int = 1, label: str = "car") -> Iterator[Row]:
    """Fit every so manyth thing of a class that enough points show."""
    garage = make(recipe)
    index = index_points(garage.xyz_m)
    ground = find_ground(garage.xyz_m, index)
    rng = np.random.default_rng(7)
    for number, truth in enumerate(garage.boxes):
        if truth.label != label or truth.points < LEAST_POINTS or number % every:
            continue
        at = click(truth, garage, how, rng)
        true = Box3D(truth.center_m, truth.size_m, truth.yaw_rad)
        own = garage.xyz_m[garage.objects == truth.number].astype(np.float64)
        bound = iou_3d(known_faces(true, own), true) if label == "car" else 1.0
        started = time.thread_time()
        try:
            fitted = fit_box(index, ground, at, GARAGE[label]).box
        except AnnotatorError:
            fitted = None
        ms = 1000 * (time.thread_time() - started)
        if fitted is None:
            yield Row(0, 0, 90, ms, truth.points, recipe, true, None, bound)
            continue
        yield Row(
            iou_3d(fitted, true),
            iou_bev(fitted, true),
            _yaw_error_deg(fitted, true),
            ms,
            truth.points,
            recipe,
            true,
            fitted,
            bound,
        )


def _yaw_error_deg(fitted: Box3D, true: Box3D) -> float:
    """Return the smallest turn between two boxes; of a square no side is the longer one."""
    off = math.degrees(yaw_error_rad(fitted, true))
    length, width, _height = true.size_m
    return min(off, 90 - off) if length - width < ABOUT_SQUARE * length else off


def summary(rows: list[Row]) -> dict[str, float]:
    iou = np.array([r.iou for r in rows])
    yaw = np.array([r.yaw_deg for r in rows])
    ms = np.array([r.ms for r in rows])
    return {
        "cars": len(rows),
        "iou": float(iou.mean()),
        "bev": float(np.mean([r.bev for r in rows])),
        "bound": float(np.mean([r.bound for r in rows])),
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
        f"{name:44s} n={s['cars']:5.0f} IoU {s['iou']:.3f} of {s['bound']:.3f} BEV {s['bev']:.3f}"
        f" >=.7 {s['share_0.7']:.4f} p5 {s['iou_p5']:.3f}"
        f" yaw {s['yaw_median_deg']:.2f}/{s['yaw_p90_deg']:.2f}"
        f" ms {s['ms_median']:.1f}/{s['ms_p99']:.1f}",
        flush=True,
    )


def recipes(seed: int, points: int, kind: str, bodies: str) -> Iterator[tuple[Recipe, str]]:
    """Give each drop-out with each pitch, a third of them on a ramp, and where to click.

    Of a million points, which take long to make, only two.
    """
    for n, dropouts in enumerate(DROPOUTS):
        for m, pitch in enumerate(PITCHES_M):
            if points > 500_000 and (seed + 2 * m + n) % 3:
                continue
            slope = 5.0 if (seed + n + m) % 3 == 0 else 0.0
            how = "centre" if (seed + m) % 2 else "point"
            yield Recipe(seed, points, pitch, dropouts, kind, bodies, slope), how


def main(
    seeds: tuple[int, ...] = SEEDS, densities: tuple[int, ...] = DENSITIES, every: int = 1
) -> dict[str, dict[str, float]]:
    results: dict[str, dict[str, float]] = {}
    for kind, bodies in (("faces", "boxes"), ("rays", "boxes"), ("rays", "cars")):
        together: list[Row] = []
        for points in densities:
            rows: list[Row] = []
            for seed in seeds:
                for recipe, how in recipes(seed, points, kind, bodies):
                    rows += boxes_of(recipe, how, every)
            name = f"{kind} {bodies} {points}"
            show(name, rows)
            results[name] = summary(rows)
            together += rows
        results[f"{kind} {bodies}"] = summary(together)
        show(f"{kind} {bodies} all", together)
    return results


def movables(seeds: tuple[int, ...], densities: tuple[int, ...]) -> dict[str, dict[str, float]]:
    """Fit crates and boxes, 0.3 m to 1.0 m long: of these no size is usual."""
    results: dict[str, dict[str, float]] = {}
    for points in densities:
        rows: list[Row] = []
        for seed in seeds:
            for recipe, how in recipes(seed, points, "rays", "cars"):
                rows += boxes_of(recipe, how, label="movable")
        name = f"movable rays {points}"
        show(name, rows)
        results[name] = summary(rows)
    return results


def pillars_of(garage: Garage) -> Iterator[tuple[float, float, float, bool] | None]:
    """Axis and half-width error in cm, ms, and whether round was told from square; None if lost."""
    index = index_points(garage.xyz_m)
    ground = find_ground(garage.xyz_m, index)
    for truth in garage.pillars:
        if truth.points < LEAST_POINTS:
            continue
        started = time.thread_time()
        try:
            shape = fit_pillar(index, ground, truth.axis_m).shape
        except AnnotatorError:
            yield None
            continue
        ms = 1000 * (time.thread_time() - started)
        is_round = isinstance(shape, Cylinder3D)
        half = shape.radius_m if isinstance(shape, Cylinder3D) else sum(shape.size_m[:2]) / 4
        axis_cm = 100 * math.dist(shape.center_m[:2], truth.axis_m)
        yield axis_cm, 100 * abs(half - truth.half_m), ms, is_round == truth.round


def walls_of(garage: Garage, slope_deg: float) -> Iterator[tuple[float, float, float] | None]:
    """Larger end error and plane error in cm, and ms."""
    index = index_points(garage.xyz_m)
    ground = find_ground(garage.xyz_m, index)
    for truth in garage.walls:
        a, b = (np.asarray(end) for end in truth.ends_m)
        x, y = a + 0.47 * (b - a)
        z = 1.5 + math.tan(math.radians(slope_deg)) * x
        normal = np.array([a[1] - b[1], b[0] - a[0]]) / np.linalg.norm(b - a)
        started = time.thread_time()
        try:
            feet = np.array(
                fit_wall(index, ground, (float(x), float(y), float(z))).shape.vertices_m
            )
        except AnnotatorError:
            yield None
            continue
        ms = 1000 * (time.thread_time() - started)
        apart = [[np.linalg.norm(foot[:2] - end) for end in (a, b)] for foot in feet]
        ends = min(max(apart[0][0], apart[1][1]), max(apart[0][1], apart[1][0]))
        plane = max(abs((foot[:2] - a) @ normal) for foot in feet)
        yield 100 * float(ends), 100 * float(plane), ms


def structures(seeds: tuple[int, ...], densities: tuple[int, ...]) -> dict[str, dict[str, float]]:
    results: dict[str, dict[str, float]] = {}
    for kind, bodies in (("faces", "boxes"), ("rays", "cars")):
        for points in densities:
            pillars: list[tuple[float, float, float, bool] | None] = []
            walls: list[tuple[float, float, float] | None] = []
            for seed in seeds:
                slope = 5.0 if seed % 2 == 0 else 0.0
                garage = make(Recipe(seed, points, 2.5, 0.1, kind, bodies, slope))
                pillars += pillars_of(garage)
                walls += walls_of(garage, slope)
            found = [p for p in pillars if p]
            grown = [w for w in walls if w]
            name = f"pillars {kind} {points}"
            if found:
                axis, half, ms, right = (np.array(v) for v in zip(*found, strict=True))
                results[name] = {
                    "pillars": len(pillars),
                    "found": len(found) / len(pillars),
                    "axis_median_cm": float(np.median(axis)),
                    "axis_p90_cm": float(np.quantile(axis, 0.9)),
                    "half_median_cm": float(np.median(half)),
                    "half_p90_cm": float(np.quantile(half, 0.9)),
                    "kind_right": float(right.mean()),
                    "ms_median": float(np.median(ms)),
                }
            if grown:
                ends, plane, ms = (np.array(v) for v in zip(*grown, strict=True))
                results[f"walls {kind} {points}"] = {
                    "walls": len(walls),
                    "found": len(grown) / len(walls),
                    "end_median_cm": float(np.median(ends)),
                    "end_max_cm": float(ends.max()),
                    "plane_median_cm": float(np.median(plane)),
                    "plane_max_cm": float(plane.max()),
                    "ms_median": float(np.median(ms)),
                }
            for key in (name, f"walls {kind} {points}"):
                shown = {k: round(v, 2) for k, v in results.get(key, {}).items()}
                print(f"{key:26s} {shown}", flush=True)
    return results


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.fit", description=__doc__)
    parser.add_argument("--seeds", type=int, nargs="+", default=SEEDS)
    parser.add_argument("--densities", type=int, nargs="+", default=DENSITIES)
    parser.add_argument("--every", type=int, default=1, help="fit one car in so many")
    return parser.parse_args()


if __name__ == "__main__":
    ASKED = _asked()
    FOUND = main(tuple(ASKED.seeds), tuple(ASKED.densities), ASKED.every)
    FOUND |= movables(tuple(ASKED.seeds), tuple(ASKED.densities))
    FOUND |= structures(tuple(ASKED.seeds), tuple(ASKED.densities))
    FOUND |= by_points()
    RUN = {"seeds": list(ASKED.seeds), "every": ASKED.every, "load": os.getloadavg()[1]}
    Path(__file__).with_name("fit.json").write_text(
        json.dumps({"run": RUN, "rows": FOUND}, indent=1) + "\n", encoding="utf-8"
    )
