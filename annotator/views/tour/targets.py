"""What the first scan of the sample garage shows well enough to be labelled."""

import json
import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from annotator.formats.plain import shape_from_plain
from annotator.geometry.boxes import iou_3d
from annotator.geometry.wireframes import surrounding_box
from annotator.model.annotations import Annotation
from annotator.model.shapes import Box3D, Polyline3D, Shape

Floats = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]
LEAST_POINTS = {"car": 60, "pillar": 60, "movable": 30, "wall": 150}
_INSTANCE_SHIFT = 16  # SemanticKITTI: the upper half of a label is the instance
_OFF_WALL_M = 0.3
_SAME_ROW_M, _PARALLEL_RAD = 1.5, math.radians(10)


@dataclass(frozen=True, slots=True)
class Target:
    """An object that the first scan shows well enough to be labelled.

    Attributes
    ----------
    rows
        Of its points, sorted.
    seen_m
        These points in the world, shape (N, 3).
    """

    label: str
    shape: Shape
    rows: Rows
    seen_m: Floats

    @property
    def box(self) -> Box3D:
        """The true box, or what surrounds another shape."""
        box = surrounding_box(self.shape)
        assert box is not None
        return box

    def agreement(self, made: Annotation) -> float:
        """Return the 3D IoU; for a wall, the share of its seen stretch that was taken."""
        if isinstance(self.shape, Polyline3D):
            return _share_along(made.shape, self.shape, self.seen_m)
        box = surrounding_box(made.shape)
        return 0.0 if box is None else iou_3d(box, self.box)


def targets_of(garage: Path, place_m: Callable[[Rows], Floats]) -> list[Target]:
    """Return what the first scan shows, the best seen first.

    Parameters
    ----------
    place_m
        Returns points of the scan in the world, shape (N, 3).
    """
    truth = json.loads((garage / "truth.json").read_text("utf-8"))
    instances = np.fromfile(garage / "labels" / "000000.label", "<u4") >> _INSTANCE_SHIFT
    found = [
        (one, np.flatnonzero(instances == one["instance"]))
        for one in truth["objects"]
        if one["label"] in LEAST_POINTS
    ]
    kept = [
        Target(one["label"], shape_from_plain(one["shape"]), rows, place_m(rows))
        for one, rows in found
        if len(rows) >= LEAST_POINTS[one["label"]]
    ]
    return sorted(kept, key=lambda target: -len(target.rows))


def rows_of(cars: list[Target]) -> list[list[Target]]:
    """Return the cars that stand side by side, the longest row first, each from end to end."""
    rows: list[list[Target]] = []
    for car in cars:
        row = next((row for row in rows if _beside(row[0].box, car.box)), None)
        if row is None:
            rows.append([car])
        else:
            row.append(car)
    long = sorted((row for row in rows if len(row) > 1), key=len, reverse=True)
    return [sorted(row, key=lambda car: car.box.center_m[:2]) for row in long]


def _beside(one: Box3D, other: Box3D) -> bool:
    turned = abs(math.remainder(one.yaw_rad - other.yaw_rad, math.pi))
    c, s = math.cos(one.yaw_rad), math.sin(one.yaw_rad)
    dx, dy = (b - a for a, b in zip(one.center_m[:2], other.center_m[:2], strict=True))
    return turned < _PARALLEL_RAD and abs(c * dx + s * dy) < _SAME_ROW_M


def _share_along(made: Shape, truth: Polyline3D, seen_m: Floats) -> float:
    """Return how much of what was seen of a wall lies along what was made; 0 where it is off."""
    if not isinstance(made, Polyline3D):
        return 0.0
    (ax, ay, _az), (bx, by, _bz) = truth.vertices_m[0], truth.vertices_m[-1]
    way = np.array([bx - ax, by - ay]) / np.hypot(bx - ax, by - ay)
    foot = np.array([vertex[:2] for vertex in made.vertices_m]) - (ax, ay)
    if np.abs(foot[:, 0] * way[1] - foot[:, 1] * way[0]).max() > _OFF_WALL_M:
        return 0.0
    made_along, seen_along = foot @ way, (seen_m[:, :2] - (ax, ay)) @ way
    low, high = np.percentile(seen_along, (2, 98))
    shared = min(made_along.max(), high) - max(made_along.min(), low)
    return float(max(shared, 0.0) / (high - low))
