"""Grows the wall under a click, and squares it with the walls that are there already."""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import numpy.typing as npt

from annotator.errors import AnnotatorError
from annotator.geometry.between_floors import standing
from annotator.geometry.ground import Ground
from annotator.geometry.neighbours import PointIndex, Rows
from annotator.geometry.vectors import heading_rad
from annotator.geometry.wall_shadows import sight_of, spans
from annotator.i18n import gettext as _
from annotator.model.shapes import Polyline3D, Vec2, Vec3

Floats = npt.NDArray[np.float64]
Parts = Callable[[Floats], list[Vec2]]
"""Parts sorted places where the gaps between them are too long."""


_NEAR_M = 8.0  # so far a line is laid first, which then tells the strip to look along
_STRIP_M = 0.4
_ABOVE_FLOOR_M, _BELOW_CEILING_M = 0.15, 0.12


class NoWallError(AnnotatorError):
    """A click where no upright plane grows, with the reason as a sentence."""


@dataclass(frozen=True, slots=True, eq=False)
class WallFit:
    """A wall in the index's axes.

    Attributes
    ----------
    shape
        Its foot on the floor, along the face that was seen, with height and thickness.
    rows
        Points on the face; sorted.
    residual_m
        Root mean square distance of these from the plane.
    """

    shape: Polyline3D
    rows: Rows
    residual_m: float


def fit_wall(
    index: PointIndex,
    ground: Ground,
    at_m: Vec3,
    *,
    gap_m: float = 1.2,
    thickness_m: float = 0.2,
    most_m: float = 80.0,
) -> WallFit:
    """Grow an upright plane from a click, as far as it goes without a longer gap.

    Parameters
    ----------
    gap_m
        A longer stretch without a point ends the wall, unless rays were stopped before it there,
        or met it too far apart.
    thickness_m
        Given to the wall: one side does not show it.

    Raises
    ------
    NoWallError
        If what is under the click is not flat, not upright, or shorter than half a metre.
    """
    parts = partial(spans, gap_m=gap_m)
    storey = ground.storey_at(*at_m)
    around = index.within(at_m[0], at_m[1], _NEAR_M)
    _rows, near = standing(
        index, ground, around, storey, above_m=_ABOVE_FLOOR_M, below_m=_BELOW_CEILING_M
    )
    normal, offset = _plane_near(near, at_m)
    for band in (0.06, 0.04, 0.04):
        _ends, on = _grown(near, at_m, (normal, offset), band, parts)
        normal, offset = _line(near[on, :2] - at_m[:2])
    foot = (at_m[0] + offset * normal[0], at_m[1] + offset * normal[1])
    strip = index.along(foot, normal, _STRIP_M, most_m)
    rows, points = standing(
        index, ground, strip, storey, above_m=_ABOVE_FLOOR_M, below_m=_BELOW_CEILING_M
    )
    for band in (0.06, 0.035, 0.035):
        _ends, on = _grown(points, at_m, (normal, offset), band, parts)
        normal, offset = _line(points[on, :2] - at_m[:2])
    ends, on = _grown(points, at_m, (normal, offset), 0.04, parts)
    sensor_m = index.seen_from_m
    if sensor_m is not None:
        plane = (normal, offset)
        heights = (float(points[on, 2].min()), float(points[on, 2].max()))
        sight = sight_of(index.xyz_m, sensor_m, at_m, plane, heights)
        ends, on = _grown(points, at_m, plane, 0.04, partial(spans, gap_m=gap_m, sight=sight))
    if ends[1] - ends[0] < 0.5:
        raise NoWallError(_("this is too short for a wall; use the pillar or the box tool"))
    off = (points[on, :2] - at_m[:2]) @ normal - offset
    shape = _stood_up(
        ground,
        storey,
        at_m,
        (normal, offset),
        ends=ends,
        thickness_m=thickness_m,
        points=points[on],
    )
    return WallFit(shape, np.sort(rows[on]), float(np.sqrt(np.mean(off**2))))


def snapped(wall: Polyline3D, others: Iterable[Polyline3D], *, within_m: float = 0.4) -> Polyline3D:
    """Turn a wall square with its neighbours (3° allowed) and join its ends to their corners."""
    others = tuple(others)
    turned = _squared(wall, others)
    first, last = turned.vertices_m[0], turned.vertices_m[-1]
    ends = [_corner(end, turned, others, within_m) for end in (first, last)]
    return replace(turned, vertices_m=(ends[0], *turned.vertices_m[1:-1], ends[1]))


def _plane_near(points: Floats, at_m: Vec3) -> tuple[Floats, float]:
    """Return the upright plane through the click with most points around it."""
    for reach in (0.6, 1.0, 1.8):
        near = points[np.hypot(points[:, 0] - at_m[0], points[:, 1] - at_m[1]) < reach]
        if len(near) >= 12:
            break
    if len(near) < 6:
        raise NoWallError(_("there is nothing here; click a point of the wall"))
    plan = near[:, :2] - at_m[:2]
    angles = np.linspace(0, math.pi, 180, endpoint=False)
    normals = np.column_stack([np.cos(angles), np.sin(angles)])
    across = plan @ normals.T
    nearest = int(np.argmin(np.linalg.norm(near - at_m, axis=1)))
    offsets = across[nearest] * (np.linalg.norm(plan[nearest]) < 0.3)
    on = (np.abs(across - offsets) < 0.05).sum(axis=0)
    best = int(on.argmax())
    if on[best] < 0.4 * len(near):
        raise NoWallError(_("this is not flat and upright; click a point of the wall"))
    return normals[best], float(offsets[best])


def _grown(
    points: Floats,
    at_m: Vec3,
    plane: tuple[Floats, float],
    band: float,
    parts: Parts,
) -> tuple[tuple[float, float], npt.NDArray[np.bool_]]:
    """Return the stretch around the click that has no long gap, and which points lie on it."""
    normal, offset = plane
    plan = points[:, :2] - at_m[:2]
    across = plan @ normal - offset
    along = plan @ np.array([-normal[1], normal[0]])
    on = np.abs(across) < band
    places = np.sort(along[on])
    if len(places) < 5:
        raise NoWallError(_("this is not flat and upright; click a point of the wall"))
    low, high = min(parts(places), key=lambda s: max(s[0], -s[1], 0.0))
    return (low, high), on & (along >= low) & (along <= high)


def _line(plan: Floats) -> tuple[Floats, float]:
    middle = plan.mean(axis=0)
    _values, vectors = np.linalg.eigh(np.cov((plan - middle).T))
    normal = vectors[:, 0]
    return normal, float(middle @ normal)


def _stood_up(
    ground: Ground,
    storey: int,
    at_m: Vec3,
    plane: tuple[Floats, float],
    *,
    ends: tuple[float, float],
    thickness_m: float,
    points: Floats,
) -> Polyline3D:
    normal, offset = plane
    way = np.array([-normal[1], normal[0]])
    plan = [np.asarray(at_m[:2]) + offset * normal + end * way for end in ends]
    floors = ground.floors_at(np.array(plan), storey)
    room = float(np.median(ground.ceilings_at(np.array(plan), storey) - floors))
    if not math.isfinite(room):
        above = points[:, 2] - ground.floors_at(points[:, :2], storey)
        room = float(np.quantile(above, 0.99))
    feet = tuple((float(p[0]), float(p[1]), float(z)) for p, z in zip(plan, floors, strict=True))
    return Polyline3D(feet, room, thickness_m)


def _squared(wall: Polyline3D, others: tuple[Polyline3D, ...]) -> Polyline3D:
    if len(wall.vertices_m) != 2:
        return wall
    a, b = wall.vertices_m
    own = heading_rad(a, b)
    turns = [
        math.remainder(heading_rad(p, q) - own, math.pi / 2)
        for other in others
        for p, q in zip(other.vertices_m, other.vertices_m[1:], strict=False)
    ]
    turn = min(turns, key=abs, default=0.0)
    if abs(turn) > math.radians(3):
        return wall
    mx, my = (a[0] + b[0]) / 2, (a[1] + b[1]) / 2
    c, s = math.cos(turn), math.sin(turn)
    turned = tuple(
        (mx + c * (x - mx) - s * (y - my), my + s * (x - mx) + c * (y - my), z)
        for x, y, z in wall.vertices_m
    )
    return replace(wall, vertices_m=turned)


def _corner(end: Vec3, wall: Polyline3D, others: tuple[Polyline3D, ...], within_m: float) -> Vec3:
    """Return where the wall's line meets another wall's line near an end, or the end itself."""
    a, b = wall.vertices_m[0], wall.vertices_m[-1]
    met: list[Vec2] = []
    for other in others:
        for p, q in zip(other.vertices_m, other.vertices_m[1:], strict=False):
            at = _crossing((a, b), (p, q))
            if at and min(math.dist(at, v[:2]) for v in (p, q)) <= within_m:
                met.append(at)
    near = [at for at in met if math.dist(at, end[:2]) <= within_m]
    if not near:
        return end
    x, y = min(near, key=lambda at: math.dist(at, end[:2]))
    return x, y, end[2]


def _crossing(one: tuple[Vec3, Vec3], other: tuple[Vec3, Vec3]) -> Vec2 | None:
    (ax, ay, _az), (bx, by, _bz) = one
    (px, py, _pz), (qx, qy, _qz) = other
    det = (bx - ax) * (qy - py) - (by - ay) * (qx - px)
    if abs(det) < 0.1 * math.dist((ax, ay), (bx, by)) * math.dist((px, py), (qx, qy)):
        return None
    t = ((px - ax) * (qy - py) - (py - ay) * (qx - px)) / det
    return ax + t * (bx - ax), ay + t * (by - ay)
