"""Finds a known box again in another scan, near where it is expected."""

import math
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from annotator.geometry.faces import Usual, measured_footprint
from annotator.geometry.fit import Fit
from annotator.geometry.fit_search import footprint_score, settled_footprint
from annotator.geometry.ground import FLOOR_M, Ground
from annotator.geometry.neighbours import PointIndex, Rows
from annotator.geometry.thinning import thinned_to
from annotator.kernels import kernel
from annotator.model.shapes import Box3D, Face, Vec2

Floats = npt.NDArray[np.float64]

LEAST_POINTS = 12
_SPREAD_M = 0.06
"""How far the size may stray while sides settle; the box keeps its size in the end."""
_STARTS = 12
_STEP_M = 0.1
_APART = 0.09
"""Less than a step: the better of two neighbours may be where no side settles."""
_QUARTER = {
    Face.FRONT: Face.RIGHT,
    Face.RIGHT: Face.BACK,
    Face.BACK: Face.LEFT,
    Face.LEFT: Face.FRONT,
}


@dataclass(frozen=True, slots=True, eq=False)
class _Search:
    """What is known before a point is looked at; all about the expected middle."""

    yaw_rad: float
    size: Floats
    low: float
    reach_m: Vec2
    turn_rad: float
    sensor_m: Vec2 | None

    def starts(self) -> Floats:
        """Return (yaw, front, back, left, right) for a grid of places and turns."""
        a, b = self.size / 2
        feet = []
        for turn in np.linspace(-self.turn_rad, self.turn_rad, 5):
            ct, st = math.cos(turn), math.sin(turn)
            for along in np.arange(-self.reach_m[0], self.reach_m[0] + 0.01, _STEP_M):
                for across in np.arange(-self.reach_m[1], self.reach_m[1] + 0.01, _STEP_M):
                    u, v = ct * along + st * across, -st * along + ct * across
                    feet.append((self.yaw_rad + turn, u + a, u - a, v + b, v - b))
        return np.array(feet)

    def likely(self, scores: Floats, feet: Floats, points: Floats) -> Floats:
        """Return scores lowered for what is far from where the box was expected, or turned round.

        Points lie on the side of an object that the sensor saw, not on its far side.
        """
        weight = 0.5 + 0.1 * np.abs(scores).max(initial=0.0)
        lowered = scores - weight * self._improbable(feet)
        if self.sensor_m is not None:
            lowered -= _hollow(points, feet, np.array(self.sensor_m))
        return np.asarray(lowered)

    def _improbable(self, feet: Floats) -> Floats:
        turn = feet[:, 0] - self.yaw_rad
        u, v = (feet[:, 1] + feet[:, 2]) / 2, (feet[:, 3] + feet[:, 4]) / 2
        along = np.cos(turn) * u - np.sin(turn) * v
        across = np.sin(turn) * u + np.cos(turn) * v
        off = (along / self.reach_m[0]) ** 2 + (across / self.reach_m[1]) ** 2
        return np.asarray(off + (turn / self.turn_rad) ** 2 / 4)


def follow_box(
    index: PointIndex,
    ground: Ground,
    expected: Box3D,
    *,
    reach_m: Vec2 = (1.5, 0.75),
    turn_rad: float = 0.25,
    sensor_m: Vec2 | None = None,
) -> Fit | None:
    """Lay a box of known size onto the points near where it is expected.

    Parameters
    ----------
    index, ground
        Of the scan, in whose axes (without its origin) the box is.
    expected
        The box where constant motion would have it; its size is kept.
    reach_m
        How far it may be off along and across its heading.
    turn_rad
        How far its heading may be off.
    sensor_m
        Where the scan was taken, (x, y) in the same axes, if it is known.

    Returns
    -------
    Fit or None
        None where too few points are there to tell.
    """
    rows, points, floor = _around(index, ground, expected, reach_m)
    if len(points) < LEAST_POINTS:
        return None
    x, y, _z = expected.center_m
    search = _Search(
        expected.yaw_rad,
        np.array(expected.size_m[:2]),
        0.45 * expected.size_m[2],
        reach_m,
        turn_rad,
        None if sensor_m is None else (sensor_m[0] - x, sensor_m[1] - y),
    )
    thin = np.concatenate([thinned_to(points, 0.05, 4000), thinned_to(floor, 0.2, 600)])
    foot = _best(thin, search)
    return _stood_up(expected, ground, rows, points, foot)


def _around(
    index: PointIndex, ground: Ground, box: Box3D, reach_m: Vec2
) -> tuple[Rows, Floats, Floats]:
    """Return the rows and (x, y, height) about the box's middle that may be it, and the floor."""
    x, y, z = box.center_m
    length, width, height = box.size_m
    radius = math.hypot(length / 2 + reach_m[0], width / 2 + reach_m[1])
    rows = index.within(x, y, radius)
    xyz = index.xyz_m[rows].astype(np.float64)
    heights = xyz[:, 2] - ground.floors_at(xyz[:, :2], ground.storey_at(x, y, z))
    points = np.column_stack([xyz[:, 0] - x, xyz[:, 1] - y, heights])
    body = (heights > FLOOR_M) & (heights < height + 0.15)
    return rows[body], points[body], points[np.abs(heights) < 0.06]


def _best(points: Floats, search: _Search) -> Floats:
    size, low = search.size, search.low
    coarse = thinned_to(points, 0.1, 1000)
    starts = search.starts()
    first = starts[
        np.argsort(-search.likely(_scores(coarse, starts, size, low, 0.15), starts, coarse))
    ]
    near = [_settled(coarse, foot, size, low, (0.12, 0.04)) for foot in _apart(first)]
    found = np.array([_settled(points, foot, size, low, (0.06, 0.008)) for foot in near])
    scores = _scores(points, found, size, low, 0.05)
    return np.asarray(found[int(search.likely(scores, found, points).argmax())])


@kernel
def _hollow(points: Floats, feet: Floats, sensor: Floats) -> Floats:
    """Return how many of a footprint's points count against it, lying beyond its middle."""
    against = np.zeros(len(feet))
    for n in range(len(feet)):
        foot = feet[n]
        c, s = np.cos(foot[0]), np.sin(foot[0])
        u, v = (foot[1] + foot[2]) / 2, (foot[3] + foot[4]) / 2
        a, b = (foot[1] - foot[2]) / 2, (foot[3] - foot[4]) / 2
        x, y = c * u - s * v, s * u + c * v
        away = max(np.hypot(x - sensor[0], y - sensor[1]), 1e-6)
        dx, dy = (x - sensor[0]) / away, (y - sensor[1]) / away
        depth = a * abs(c * dx + s * dy) + b * abs(-s * dx + c * dy)
        beyond, count = 0.0, 0
        for i in range(len(points)):
            px, py = points[i, 0] - x, points[i, 1] - y
            if points[i, 2] < FLOOR_M or abs(c * px + s * py) > a + 0.05:
                continue
            if abs(-s * px + c * py) <= b + 0.05:
                beyond += dx * px + dy * py
                count += 1
        if count:
            against[n] = count * max(0.0, beyond / count / depth + 0.1)
    return against


@kernel
def _scores(points: Floats, feet: Floats, size: Floats, low: float, band: float) -> Floats:
    """Return how well footprints explain points, each about its own middle, as the score wants."""
    scores = np.empty(len(feet))
    spread = np.full(2, _SPREAD_M)
    moved = points.copy()
    own = np.zeros(5)
    for n in range(len(feet)):
        foot = feet[n]
        u, v = (foot[1] + foot[2]) / 2, (foot[3] + foot[4]) / 2
        c, s = np.cos(foot[0]), np.sin(foot[0])
        moved[:, 0] = points[:, 0] - (c * u - s * v)
        moved[:, 1] = points[:, 1] - (s * u + c * v)
        own[0] = foot[0]
        own[1], own[2], own[3], own[4] = foot[1] - u, foot[2] - u, foot[3] - v, foot[4] - v
        scores[n] = footprint_score(moved, own, size, spread, band, low, -0.8, -1.5)
    return scores


def _settled(
    points: Floats, foot: Floats, size: Floats, low: float, steps_m: tuple[float, float]
) -> Floats:
    own, middle = _about_middle(foot)
    spread = np.full(2, _SPREAD_M)
    _found, settled = settled_footprint(
        points - middle, own, size, spread, low, steps_m[0], steps_m[1], 0.05, 1.0
    )
    c, s = math.cos(settled[0]), math.sin(settled[0])
    u, v = c * middle[0] + s * middle[1], -s * middle[0] + c * middle[1]
    return np.asarray(settled + np.array((0.0, u, u, v, v)))


def _about_middle(foot: Floats) -> tuple[Floats, Floats]:
    """Return a footprint about its own middle, where the search wants it, and that middle."""
    u, v = (foot[1] + foot[2]) / 2, (foot[3] + foot[4]) / 2
    c, s = math.cos(foot[0]), math.sin(foot[0])
    return foot - (0.0, u, u, v, v), np.array((c * u - s * v, s * u + c * v, 0.0))


def _apart(feet: Floats) -> list[Floats]:
    """Return the first footprints that differ in place or turn."""
    kept: list[Floats] = []
    for foot in feet:
        if all(np.abs(foot - other).max() > _APART for other in kept):
            kept.append(foot)
        if len(kept) == _STARTS:
            break
    return kept


def _stood_up(box: Box3D, ground: Ground, rows: Rows, points: Floats, foot: Floats) -> Fit:
    seen, places = _measured(points, box, foot)
    thin = thinned_to(points, 0.05, 4000)
    size, low = np.array(box.size_m[:2]), 0.45 * box.size_m[2]
    scores = _scores(thin, places, size, low, 0.05)
    # the last place is the search's own: coarser, but never misled by a face mistaken for seen
    scores[-1] -= 0.03 * abs(scores[-1])
    yaw, front, back, left, right = places[int(scores.argmax())].tolist()
    u, v = (front + back) / 2, (left + right) / 2
    c, s = math.cos(yaw), math.sin(yaw)
    x, y, z = box.center_m
    at = (x + c * u - s * v, y + s * u + c * v)
    floors = ground.floors_at(np.array([(x, y), at]), ground.storey_at(x, y, z))
    found = replace(
        box,
        center_m=(at[0], at[1], z + float(floors[1] - floors[0])),
        yaw_rad=yaw,
        assumed=frozenset(Face) - seen - {Face.TOP, Face.BOTTOM},
    )
    return _judged(found, rows, points, (x, y))


def _measured(points: Floats, box: Box3D, foot: Floats) -> tuple[frozenset[Face], Floats]:
    """Return the faces seen, and footprints of the box's own size that may be its place.

    Where the measured size is another, one of two opposite sides was mistaken: each is kept in
    place in turn, and the middle. The last footprint is where the search ended.
    """
    measured = measured_footprint(
        points, foot, Usual(box.size_m, (_SPREAD_M, _SPREAD_M, _SPREAD_M))
    )
    quarters = round(math.remainder(box.yaw_rad - measured.yaw_rad, math.tau) / (math.pi / 2))
    yaw = measured.yaw_rad + quarters * math.pi / 2
    (u, v), size = measured.middle_m, measured.size_m
    seen = frozenset(Face) - measured.assumed
    for _turn in range(quarters % 4):
        u, v = v, -u
        size = (size[1], size[0])
        seen = frozenset(_QUARTER.get(face, face) for face in seen)
    slack_u, slack_v = (size[0] - box.size_m[0]) / 2, (size[1] - box.size_m[1]) / 2
    places = [(yaw, u + i * slack_u, v + j * slack_v) for i in (0, 1, -1) for j in (0, 1, -1)]
    places.append((float(foot[0]), (foot[1] + foot[2]) / 2, (foot[3] + foot[4]) / 2))
    a, b = box.size_m[0] / 2, box.size_m[1] / 2
    return seen, np.array([(turn, x + a, x - a, y + b, y - b) for turn, x, y in places])


def _judged(box: Box3D, rows: Rows, points: Floats, about_m: tuple[float, float]) -> Fit:
    c, s = math.cos(box.yaw_rad), math.sin(box.yaw_rad)
    offsets = points[:, :2] + np.array(about_m) - np.array(box.center_m[:2])
    own = np.abs(offsets @ np.array([[c, -s], [s, c]])) - np.array(box.size_m[:2]) / 2
    inside = (own <= 0.05).all(axis=1)
    on_a_face = inside & (own.max(axis=1) >= -0.05)
    return Fit(box, rows[inside], float(on_a_face.sum() / max(1, inside.sum())))
