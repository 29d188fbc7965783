"""Fits objects of made drives from one click each, in one scan and in several laid over it.

python -m bench.over_scans                      garages 1 to 3, sparse and dense
"""

import argparse
import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from annotator.app.data import context_of, only_candidate
from annotator.app.scans import WorldScans
from annotator.commands.fitting import LaidOver, fit_object_at, fit_standing_at
from annotator.errors import AnnotatorError
from annotator.formats.plain import shape_from_plain
from annotator.geometry.boxes import iou_3d
from annotator.geometry.survey import survey
from annotator.model.edits import Put
from annotator.model.labels import GARAGE
from annotator.model.shapes import Box3D, Vec3
from bench.work_files import WORK
from sample_data.make_garage import make_garage

REACHES = (0, 1, 3, 5)
FRAMES = (4, 7)
LIDARS = ((32, 256), (64, 512))
LEAST_POINTS = 15
LABELS = ("car", "movable")


@dataclass(frozen=True)
class Clicked:
    """What one click on an object gave."""

    beams: int
    label: str
    moving: bool
    reach: int
    iou: float
    is_standing: bool


def clicks(seed: int, beams: int, columns: int) -> Iterator[Clicked]:
    """Click each object of a drive once, with each reach."""
    folder = WORK / f"drive_{seed}_{beams}"
    if not (folder / "truth.json").exists():
        make_garage(folder, seed=seed, beams=beams, columns=columns)
    truth = json.loads((folder / "truth.json").read_text("utf-8"))
    scans = WorldScans(context_of(only_candidate(folder / "scans")))
    for frame in FRAMES:
        labels = np.fromfile(folder / "labels" / f"{frame:06d}.label", "<u4") >> 16
        for reach in REACHES:
            yield from _clicked(scans, frame, reach, truth, labels, beams)
    scans.close()


def _clicked(
    scans: WorldScans,
    frame: int,
    reach: int,
    truth: dict[str, Any],
    labels: npt.NDArray[np.integer],
    beams: int,
) -> Iterator[Clicked]:
    shown = scans.shown(frame, reach=reach)
    own, chance = survey(shown.own.xyz_m), np.random.default_rng(5)
    laid = LaidOver(shown.around, survey(shown.cloud.xyz_m)) if shown.around else None
    for one in truth["objects"]:
        rows = np.flatnonzero(labels == one["instance"])
        if one["label"] not in LABELS or len(rows) < LEAST_POINTS:
            continue
        x, y, z = shown.own.xyz_m[chance.choice(rows)].astype(float).tolist()
        label, at_m = GARAGE[one["label"]], (x, y, z)
        alone = _tried(lambda: fit_object_at(shown.own, own.index, own.ground, at_m, label))  # noqa: B023 - called at once
        put, standing = alone, None
        if laid is not None:
            standing = _standing(laid, at_m, one["label"], alone)
            put = standing or alone
        true = _true_box(one, truth["frames"][frame]["time_s"])
        shape = put.annotation.shape if put is not None else None
        iou = iou_3d(shape, true) if isinstance(shape, Box3D) else 0.0
        yield Clicked(beams, one["label"], one["moving"], reach, iou, standing is not None)


def _standing(laid: LaidOver, at_m: Vec3, label: str, alone: Put | None) -> Put | None:
    try:
        return fit_standing_at(laid, at_m, GARAGE[label], own=alone, can_move=True)
    except AnnotatorError:
        return None


def _tried(fit: Any) -> Put | None:
    try:
        put: Put = fit()
    except AnnotatorError:
        return None
    return put


def _true_box(one: dict[str, Any], time_s: float) -> Box3D:
    shape = shape_from_plain(one["shape"])
    assert isinstance(shape, Box3D)
    x, y, z = (c + time_s * v for c, v in zip(shape.center_m, one["velocity_m_s"], strict=True))
    return replace(shape, center_m=(x, y, z))


def main(seeds: tuple[int, ...] = (1, 2, 3)) -> None:
    """Print a line for each lidar, class and reach."""
    found: dict[tuple[int, str, bool, int], list[Clicked]] = defaultdict(list)
    for seed in seeds:
        for beams, columns in LIDARS:
            for one in clicks(seed, beams, columns):
                found[one.beams, one.label, one.moving, one.reach].append(one)
    for (beams, label, moving, reach), group in sorted(found.items()):
        iou = np.array([one.iou for one in group])
        standing = sum(one.is_standing for one in group)
        print(
            f"{beams} beams, {label:8s} {'moving' if moving else 'parked'} ± {reach}:"
            f" n={len(group):3d} IoU {iou.mean():.3f} ≥ 0.7 {(iou >= 0.7).mean():.2f}"
            f" taken as standing {standing}"
        )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    main(tuple(parser.parse_args().seeds))
