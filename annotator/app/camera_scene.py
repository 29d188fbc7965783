"""What a camera sees of a scan and of what was labelled in it."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from annotator.app.renderers.renderer import ShownPoints
from annotator.geometry.pinhole import (
    Pinhole,
    distance_to_lines,
    is_around,
    nearest_to_ray,
)
from annotator.geometry.wireframes import lines_of
from annotator.model.annotations import Annotation
from annotator.model.shapes import Box3D, Cylinder3D, Vec2

Floats = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]

MOST_POINTS = 150_000
"""Of a larger scan every second, third, … point is drawn: an image has no room for more."""

_REACH_PX = 5.0
_LEAST_PX = 3.0
_BEHIND_M = 1.0
_ASKED = 4_000
"""So many points are enough to tell what is hidden."""


@dataclass(frozen=True, slots=True, eq=False)
class SeenPoints:
    """Points of a scan that lie in the image, the farthest first, so that near ones cover them.

    Attributes
    ----------
    rows
        In the scan, shape (n,).
    at_px, depth_m
        Shape (n, 2) and (n,).
    """

    rows: Rows
    at_px: Floats
    depth_m: Floats

    def under(self, at_px: Vec2, within_px: float) -> int | None:
        """Return the row of the point that a pixel shows."""
        found = nearest_to_ray(self.at_px, self.depth_m, at_px, within_px)
        return None if found is None else int(self.rows[found])


@dataclass(frozen=True, slots=True, eq=False)
class SeenAnnotation:
    """An annotation that the camera sees, or would see through what hides it.

    Attributes
    ----------
    lines
        Which of `lines_of` its shape are left, shape (m,).
    ends_px
        Their ends, shape (m, 2, 2).
    depth_m
        Of its nearest visible place.
    is_hidden
        Whether most points around its middle lie well in front of it.
    """

    annotation: Annotation
    lines: Rows
    ends_px: Floats
    depth_m: float
    is_hidden: bool = False

    def holds(self, at_px: Vec2, within_px: float) -> bool:
        """Tell whether a pixel shows it: what has a volume is hit inside, a line nearby."""
        if isinstance(self.annotation.shape, Box3D | Cylinder3D) and is_around(
            self.ends_px.reshape(-1, 2), at_px
        ):
            return True
        return distance_to_lines(self.ends_px, at_px) <= within_px


def points_seen(points: ShownPoints, count: int, pinhole: Pinhole) -> SeenPoints:
    """Return which of the first ``count`` points are in the image and not hidden by the person."""
    step = max(1, -(-count // MOST_POINTS))
    xyz_m = points.xyz_m[:count:step]
    low, high = points.slab_in_cloud_m
    with np.errstate(invalid="ignore"):
        kept = (xyz_m[:, 2] >= low) & (xyz_m[:, 2] <= high)
    if len(points.seen):
        kept &= points.seen[:count:step] != 0
    rows = np.flatnonzero(kept)
    at_px, depth = pinhole.project(xyz_m[rows] + np.asarray(points.origin_m))
    inside = np.flatnonzero(pinhole.is_in_image(at_px))
    order = inside[np.argsort(-depth[inside])]
    return SeenPoints(rows[order] * step, at_px[order], depth[order])


def annotations_seen(
    annotations: Iterable[Annotation], pinhole: Pinhole, points: SeenPoints
) -> list[SeenAnnotation]:
    """Return what is in the image, the farthest first."""
    shown = [a for a in annotations if not a.dismissed and len(lines_of(a.shape))]
    if not shown:
        return []
    counts = [len(lines_of(a.shape)) for a in shown]
    starts = np.cumsum([0, *counts])
    lines, ends_px, depth = pinhole.project_lines(
        np.concatenate([lines_of(a.shape) for a in shown])
    )
    cuts = np.searchsorted(lines, starts)
    step = max(1, len(points.rows) // _ASKED)
    sample = (*points.at_px[::step].T.copy(), points.depth_m[::step])
    found: list[SeenAnnotation] = []
    for annotation, start, first, last in zip(shown, starts, cuts, cuts[1:], strict=False):
        if last == first:
            continue
        ends, places = ends_px[first:last], ends_px[first:last].reshape(-1, 2)
        low, high = places.min(axis=0), places.max(axis=0)
        if _is_inside(low, high, pinhole.size_px):
            nearest_m = float(depth[first:last].min())
            hidden = _is_hidden(low, high, nearest_m, sample)
            rows = lines[first:last] - start
            found.append(SeenAnnotation(annotation, rows, ends, nearest_m, hidden))
    return sorted(found, key=lambda seen: -seen.depth_m)


def annotation_at(seen: Sequence[SeenAnnotation], at_px: Vec2, scale: float) -> Annotation | None:
    """Return the nearest annotation that a pixel shows.

    Parameters
    ----------
    scale
        Pixels of the screen to one of the image.
    """
    under = [one for one in seen if one.holds(at_px, _REACH_PX / scale)]
    best = min(under, key=lambda one: (one.is_hidden, one.depth_m), default=None)
    return None if best is None else best.annotation


def _is_hidden(low: Floats, high: Floats, depth_m: float, sample: tuple[Floats, ...]) -> bool:
    x, y, far_m = sample
    (left, top), (right, bottom) = (low + (high - low) / 4), (high - (high - low) / 4)
    around_m = far_m[(x > left) & (x < right) & (y > top) & (y < bottom)]
    return bool(len(around_m) and np.median(around_m) < depth_m - _BEHIND_M)


def _is_inside(low: Floats, high: Floats, size_px: tuple[int, int]) -> bool:
    """Tell whether something large enough to be seen reaches into the image."""
    reaches = high.min() >= 0 and low[0] <= size_px[0] and low[1] <= size_px[1]
    return bool(reaches) and math.hypot(*(high - low)) >= _LEAST_PX
