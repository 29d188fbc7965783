"""What the first scan of the sample garage shows well enough to be labelled."""

import json
import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from annotator.formats.plain import shape_from_plain
from annotator.geometry.boxes import iou_3d
from annotator.geometry.wireframes import surrounding_box
from annotator.model.annotations import Annotation
from annotator.model.shapes import Box3D, Polyline3D, Shape

Rows = npt.NDArray[np.int64]
LEAST_POINTS = {"car": 60, "pillar": 60, "movable": 30, "wall": 150}
_INSTANCE_SHIFT = 16  # SemanticKITTI: the upper half of a label is the instance
_OFF_WALL_M = 0.3
_SAME_ROW_M, _PARALLEL_RAD = 1.5, math.radians(10)


@dataclass(frozen=True, slots=True)
class Target:
    """An object that the first scan shows well enough to be labelled, and its points' rows."""

    label: str
    shape: Shape
    rows: Rows

    @property
    def box(self) -> Box3D:
        """The true box, or what surrounds another shape."""
        box = surrounding_box(self.shape)
        assert box is not None
        return box

    def agreement(self, made: Annotation) -> float:
        """Return the 3D IoU; for a wall, 1 where its foot runs along the true one, else 0."""
        if isinstance(self.shape, Polyline3D):
            return float(_runs_along(made.shape, self.shape))
        box = surrounding_box(made.shape)
        return 0.0 if box is None else iou_3d(box, self.box)


def targets_of(garage: Path) -> list[Target]:
    """Return what the first scan shows, the best seen first."""
    truth = json.loads((garage / "truth.json").read_text("utf-8"))
    instances = np.fromfile(garage / "labels" / "000000.label", "<u4") >> _INSTANCE_SHIFT
    found = [
        Target(
            one["label"],
            shape_from_plain(one["shape"]),
            np.flatnonzero(instances == one["instance"]),
        )
        for one in truth["objects"]
        if one["label"] in LEAST_POINTS
    ]
    kept = [target for target in found if len(target.rows) >= LEAST_POINTS[target.label]]
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


def _runs_along(made: Shape, truth: Polyline3D) -> bool:
    if not isinstance(made, Polyline3D):
        return False
    (ax, ay, _az), (bx, by, _bz) = truth.vertices_m[0], truth.vertices_m[-1]
    along = np.array([bx - ax, by - ay]) / np.hypot(bx - ax, by - ay)
    off = [abs((x - ax) * along[1] - (y - ay) * along[0]) for x, y, _z in made.vertices_m]
    return bool(max(off) < _OFF_WALL_M)
