"""Fits a box to the object that a person clicked."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from annotator.errors import AnnotatorError
from annotator.geometry.faces import measured_footprint
from annotator.geometry.fit_search import best_footprint, thinned, thinned_to
from annotator.geometry.ground import Ground
from annotator.geometry.neighbours import PointIndex, Rows
from annotator.i18n import gettext as _
from annotator.model.labels import Label
from annotator.model.shapes import Box3D, Face, Vec2, Vec3

Floats = npt.NDArray[np.float64]

FLOOR_M = 0.10
"""What lies lower above the floor belongs to the floor, kerbs and cables included."""

_CEILING_M = 0.12


class NoObjectError(AnnotatorError):
    """A click that shows nothing to fit, with the reason as a sentence."""


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """A box, and what is known about it.

    Attributes
    ----------
    box
        In the axes of the index (a scan's own, without its origin). ``box.assumed`` names the
        faces that no point showed. Which end is the front cannot be known from a box: length
        runs along the longer side, and the front is on the side of +x.
    rows
        Points of the scan in the box, the floor's left out; sorted.
    quality
        Share of these that lie within 5 cm of the box's faces, 0 to 1.
    """

    box: Box3D
    rows: Rows
    quality: float

    @property
    def seen(self) -> frozenset[Face]:
        """Faces that points showed."""
        return frozenset(Face) - self.box.assumed


def fit_box(index: PointIndex, ground: Ground, at_m: Vec2 | Vec3, label: Label) -> Fit:
    """Fit a box to the object at a place.

    Parameters
    ----------
    at_m
        In the index's axes: (x, y, z) on or in the object, or (x, y) for a look straight down.
    label
        Its usual size tells neighbours apart and fills in what was not seen.

    Raises
    ------
    NoObjectError
        On nothing, on the floor, or on a wall or pillar where ``label`` is neither.
    """
    usual = label.usual_size_m or (1.0, 1.0, 1.0)
    scene = _surroundings(index, ground, at_m, usual)
    anchor = _anchor(scene, at_m, usual)
    footprint = _footprint(scene, anchor, usual, centred=0.35 if len(at_m) == 2 else 0.03)
    return _stood_up(scene, footprint, usual)


@dataclass(frozen=True, slots=True, eq=False)
class Surroundings:
    """What stands around a click, without floor, ceiling, pillars and walls.

    Attributes
    ----------
    points
        (x, y, height above the floor), shape (N, 3), metres.
    upright
        The same of what reaches up to the ceiling.
    """

    ground: Ground
    storey: int
    rows: Rows
    points: Floats
    upright: Floats
    floor: Floats


def _surroundings(
    index: PointIndex, ground: Ground, at_m: Vec2 | Vec3, usual: Vec3
) -> Surroundings:
    reach = math.hypot(usual[0], usual[1]) + 0.3
    rows = index.within(at_m[0], at_m[1], reach)
    storey = ground.storey_at(at_m[0], at_m[1], at_m[2] if len(at_m) == 3 else None)
    xyz = index.xyz_m[rows].astype(np.float64)
    floors = ground.floors_at(xyz[:, :2], storey)
    room = ground.ceilings_at(xyz[:, :2], storey) - floors
    points = np.column_stack([xyz[:, :2], xyz[:, 2] - floors])
    tall = max(1.45 * usual[2], usual[2] + 0.35)
    height = points[:, 2]
    low = (height > FLOOR_M) & (height < np.minimum(room - _CEILING_M, tall))
    high = (height >= min(tall, 2.2)) & (height < np.minimum(room - 0.2, 6.0))
    upright = _upright(points[high])
    free = low.copy()
    free[low] = ~_beside(points[low], upright)
    floor = np.abs(height) < 0.06
    if _floor_shows_through(points[floor], points[free & (height > 0.45 * usual[2])]):
        floor[:] = False
    return Surroundings(ground, storey, rows[free], points[free], upright, points[floor])


def _floor_shows_through(floor: Floats, tops: Floats) -> bool:
    """Tell whether the floor was seen below objects too, as in scans merged from many places."""
    if len(floor) < 20 or not len(tops):
        return False
    from scipy.spatial import cKDTree  # noqa: PLC0415 - takes 0.2 s

    thin = thinned(floor, 0.15)
    tree = cKDTree(thin[:, :2])
    some, open_floor = tops[:: max(1, len(tops) // 200)], thin[:: max(1, len(thin) // 200)]
    below = tree.query_ball_point(some[:, :2], 0.3, return_length=True).mean()
    around = tree.query_ball_point(open_floor[:, :2], 0.3, return_length=True).mean() - 1
    return bool(below > 0.8 * around)


def _upright(high: Floats) -> Floats:
    """Keep what stands in a column, as pillars and walls do and pipes under a ceiling do not."""
    if len(high) < 3:
        return high[:0]
    from scipy.spatial import cKDTree  # noqa: PLC0415 - takes 0.2 s

    thin = thinned(high, 0.1)
    tree = cKDTree(thin[:, :2])
    distance, near = tree.query(thin[:, :2], k=min(6, len(thin)), distance_upper_bound=0.35)
    heights = np.append(thin[:, 2], np.nan)[near]
    span = np.nanmax(heights, axis=1) - np.nanmin(heights, axis=1)
    return np.asarray(thin[(span > 0.3) & (np.isfinite(distance).sum(axis=1) >= 3)])


def _beside(points: Floats, upright: Floats) -> npt.NDArray[np.bool_]:
    if not len(upright) or not len(points):
        return np.zeros(len(points), np.bool_)
    from scipy.spatial import cKDTree  # noqa: PLC0415 - takes 0.2 s

    tree = cKDTree(upright[:, :2])
    distance, _nearest = tree.query(points[:, :2], k=1, distance_upper_bound=0.16)
    return np.asarray(np.isfinite(distance))


def _anchor(scene: Surroundings, at_m: Vec2 | Vec3, usual: Vec3) -> Vec2:
    """Return a place in plan that the object covers."""
    offsets = scene.points - (at_m[0], at_m[1], 0.0)
    plan = np.hypot(offsets[:, 0], offsets[:, 1])
    reach = min(1.0, 0.35 + 0.5 * min(usual[0], usual[1]))
    nearest = int(plan.argmin()) if len(plan) else -1
    if nearest >= 0 and plan[nearest] <= 0.12:
        return at_m[0], at_m[1]
    if len(at_m) == 2 and len(plan) and plan[nearest] > 0.35 and _in_shadow(scene, at_m, usual):
        return at_m
    if nearest < 0 or plan[nearest] > reach:
        raise NoObjectError(_why_nothing(scene, at_m))
    # a click may be in the gap beside an object, so the object's own point is taken for it
    return float(scene.points[nearest, 0]), float(scene.points[nearest, 1])


def _in_shadow(scene: Surroundings, at_m: Vec2, usual: Vec3) -> bool:
    """Tell whether floor and objects are unseen here, as in the middle of an unseen roof."""
    seen = scene.floor if len(scene.floor) else scene.points
    apart = np.hypot(seen[:, 0] - at_m[0], seen[:, 1] - at_m[1])
    return bool(apart.min() > 0.4 * min(usual[0], usual[1]))


def _why_nothing(scene: Surroundings, at_m: Vec2 | Vec3) -> str:
    apart = np.hypot(scene.upright[:, 0] - at_m[0], scene.upright[:, 1] - at_m[1])
    if len(apart) and apart.min() < 0.4:
        return _("this reaches from floor to ceiling; use the pillar or the wall tool")
    if len(at_m) == 3:
        floor = float(scene.ground.floors_at(np.array([at_m[:2]]), scene.storey)[0])
        if abs(at_m[2] - floor) < 0.15:
            return _("this is the floor; click a point of the object")
    return _("there is nothing here; click a point of the object")


def _footprint(
    scene: Surroundings, anchor: Vec2, usual: Vec3, *, centred: float
) -> tuple[Vec2, Floats]:
    points = np.concatenate([scene.points, scene.floor]) - (anchor[0], anchor[1], 0.0)
    size = np.array(usual[:2])
    strays = np.array(_spread(usual))
    fine = thinned_to(points, 0.1 if usual[0] > 2 else 0.05, 1500)
    coarse = thinned_to(fine, 0.25 if usual[0] > 2 else 0.1, 400)
    _score, foot = best_footprint(
        coarse, fine, size, strays, 0.45 * usual[2], band_m=0.05, centred=centred
    )
    return anchor, foot


def _spread(usual: Vec3) -> tuple[float, float]:
    """Return how far length and width of a class usually stray from the usual."""
    share = (0.065, 0.04) if usual[0] > 2 else (0.4, 0.4)
    return usual[0] * share[0], usual[1] * share[1]


def _stood_up(scene: Surroundings, footprint: tuple[Vec2, Floats], usual: Vec3) -> Fit:
    anchor, foot = footprint
    points = scene.points - (anchor[0], anchor[1], 0.0)
    measured = measured_footprint(points, foot, usual, _spread(usual))
    c, s = math.cos(measured.yaw_rad), math.sin(measured.yaw_rad)
    x = anchor[0] + c * measured.middle_m[0] - s * measured.middle_m[1]
    y = anchor[1] + s * measured.middle_m[0] + c * measured.middle_m[1]
    floor = float(scene.ground.floors_at(np.array([[x, y]]), scene.storey)[0])
    height = measured.height_m
    box = Box3D(
        (x, y, floor + height / 2),
        (measured.size_m[0], measured.size_m[1], height),
        measured.yaw_rad,
        assumed=measured.assumed,
    )
    own = points @ np.array([[c, -s, 0], [s, c, 0], [0, 0, 1.0]])
    own -= (measured.middle_m[0], measured.middle_m[1], height / 2)
    gap = np.abs(own) - np.array(box.size_m) / 2
    inside = (gap <= 0.05).all(axis=1)
    on_a_face = inside & (gap.max(axis=1) >= -0.05)
    quality = float(on_a_face.sum() / max(1, inside.sum()))
    return Fit(box, scene.rows[inside], quality)
