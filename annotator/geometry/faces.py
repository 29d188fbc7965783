"""Measures a footprint by the faces that points show, and completes it by what is usual."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from annotator.geometry.extents import HIDDEN, Axis, likely_top_m, reckoned_height_m, roof_m
from annotator.geometry.viewpoint import Rays
from annotator.model.shapes import Face, Vec2, Vec3

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

SIDES = (Face.FRONT, Face.BACK, Face.LEFT, Face.RIGHT)
_BANDS_M = (0.1, 0.08, 0.06, 0.05, 0.04, 0.04)
_BEHIND = 0.5  # what lies behind a face may be a window or a corner; before it nothing is
_INNER_M = 0.05  # what lies nearer to the sides may be the neighbour's
_ROOF_M = 0.25
_LEVEL_M = 0.07
_FACE = 0.3
_PARKED_RAD, _ASKEW_RAD = math.radians(2), math.radians(10)  # off the way of what is around
_FOUND_RAD = math.radians(7)  # how far off the search leaves a yaw
_SOLID = (0.2, 0.5)  # between these shares of its height an object lets no ray through


@dataclass(frozen=True, slots=True)
class Usual:
    """Length, width and height that are usual for a class, and how far they usually stray.

    ``hidden`` tells how often an object's points end where a shadow, not the object, ends.
    """

    size_m: Vec3
    spread_m: Vec3
    hidden: float = HIDDEN


@dataclass(frozen=True, slots=True)
class Measured:
    """A footprint with its height, metres from the anchor.

    Attributes
    ----------
    middle_m
        In axes turned by the yaw.
    size_m
        Length and width.
    assumed
        Faces that no point showed.
    """

    yaw_rad: float
    middle_m: Vec2
    size_m: Vec2
    height_m: float
    assumed: frozenset[Face]

    def beside_m(self) -> float:
        """Return how far outside of the footprint the anchor lies; 0 inside."""
        u, v = (
            abs(middle) - size / 2 for middle, size in zip(self.middle_m, self.size_m, strict=True)
        )
        return max(u, v, 0.0)


def measured_footprint(
    points: Floats,
    foot: Floats,
    usual: Usual,
    *,
    ground: Floats | None = None,
    rays: Rays | None = None,
    along_rad: float | None = None,
) -> Measured:
    """Turn and place a rough footprint by least squares on its seen faces.

    Parameters
    ----------
    points
        (x, y, height above the floor) about the anchor, shape (N, 3), not thinned.
    foot
        (yaw, front, back, left, right), to within a few decimetres and degrees.
    usual
        Where nothing was seen, the class's usual size decides, loosely.
    ground
        Places of floor and walls about the anchor, where no object can be.
    rays
        What passed by, about the anchor on the floor, if it is known from where.
    along_rad
        The way that most around lies, by quarter turns, if there is one: what is parked lies
        about so.
    """
    ground = np.zeros((0, 3)) if ground is None else ground
    points = points[_within(_own(points, float(foot[0])), foot, 0.9)]
    turned = _turned_onto_faces(points, foot, along_rad)
    own = _own(points, turned[0])
    height = _height(own, turned, usual)
    seen = tuple(_is_seen(own, turned, side, height) for side in range(4))
    sides = [
        _outer(_face_points(own, turned, side, height, (0.13, 0.05))) if seen[side] else math.nan
        for side in range(4)
    ]
    for axis, first in ((0, 0), (1, 2)):
        size = sides[first] + sides[first + 1]
        if (
            abs(size - usual.size_m[axis]) > 4 * usual.spread_m[axis]
        ):  # one of the two is another's side
            weaker = first + int(
                _on_face(own, turned, first, height) >= _on_face(own, turned, first + 1, height)
            )
            sides[weaker] = math.nan
    seen = tuple(math.isfinite(side) for side in sides)
    floor = _own(ground, turned[0])
    free = [
        np.concatenate(
            [floor[_between(floor, turned, axis), axis], _passed(rays, turned, axis, height)]
        )
        for axis in (0, 1)
    ]
    front, back = _ends(own, free[0], turned, sides, first=0, usual=usual)
    left, right = _ends(own, free[1], turned, sides, first=2, usual=usual)
    assumed = frozenset(face for face, was in zip(SIDES, seen, strict=True) if not was)
    return _lengthwise(turned[0], (front, back, left, right), height, assumed)


def _own(points: Floats, yaw: float) -> Floats:
    c, s = math.cos(yaw), math.sin(yaw)
    x, y = points[:, 0], points[:, 1]
    # products by hand: a library's threads would wait for each other longer than they reckon
    return np.column_stack([c * x + s * y, c * y - s * x, points[:, 2]])


def _turned_onto_faces(points: Floats, rough: Floats, along_rad: float | None) -> Floats:
    foot = rough.copy()
    for band in _BANDS_M:
        own = _own(points, foot[0])
        top = _rough_top(own, foot)
        turn, shifts = _least_squares(own, foot, band, top, _pull(foot[0], along_rad))
        middle = np.array([foot[1] + foot[2], foot[3] + foot[4]]) / 2
        foot[1:] += shifts
        c, s = math.cos(turn), math.sin(turn)
        moved = np.array([[c, s], [-s, c]]) @ middle - middle
        foot[1:3] += moved[0]
        foot[3:5] += moved[1]
        foot[0] += turn
    return foot


def _rough_top(own: Floats, foot: Floats) -> float:
    inside = _within(own, foot, 0.05)
    return float(np.quantile(own[inside, 2], 0.95)) if inside.any() else 1.0


def _within(own: Floats, foot: Floats, margin: float) -> Mask:
    return np.asarray(
        (own[:, 0] <= foot[1] + margin)
        & (own[:, 0] >= foot[2] - margin)
        & (own[:, 1] <= foot[3] + margin)
        & (own[:, 1] >= foot[4] - margin)
    )


def _face_frame(own: Floats, foot: Floats, side: int) -> tuple[Floats, Floats, float, float]:
    """Return distance outward, place along the face, and the face's two ends."""
    sign = 1.0 if side % 2 == 0 else -1.0
    across, along = (0, 1) if side < 2 else (1, 0)
    first = 3 if side < 2 else 1
    return sign * (own[:, across] - foot[1 + side]), own[:, along], foot[first + 1], foot[first]


def _face_mask(
    own: Floats, foot: Floats, side: int, top: float, band: tuple[float, float]
) -> tuple[Mask, Floats, Floats]:
    out, along, low, high = _face_frame(own, foot, side)
    size = foot[1] - foot[2] if side < 2 else foot[3] - foot[4]
    mask = (
        (out > -min(band[0], _FACE * size))  # the far face of a small thing is not this one
        & (out < band[1])
        & (along > low + 0.03)
        & (along < high - 0.03)
        & (own[:, 2] < top - 0.08)
    )
    return mask, out, along


def _pull(yaw: float, along_rad: float | None) -> tuple[float, float]:
    """Return how much is known of a turn without faces, as 1 / variance, and how large it is."""
    off = math.inf if along_rad is None else math.remainder(along_rad - yaw, math.pi / 2)
    return (_PARKED_RAD**-2, off) if abs(off) < _ASKEW_RAD else (_FOUND_RAD**-2, 0.0)


def _least_squares(
    own: Floats, foot: Floats, band: float, top: float, pull: tuple[float, float]
) -> tuple[float, Floats]:
    """Return the turn that lays all seen faces flat at once, and each side's shift."""
    tt = td = 0.0
    shifts = np.zeros(4)
    for side in range(4):
        mask, out, along = _face_mask(own, foot, side, top, (band, band))
        n = int(mask.sum())
        if n < 4 or np.ptp(along[mask]) < 0.2:
            continue
        d, t = out[mask], along[mask]
        weight = (1 - (d / (1.05 * band)) ** 2) ** 2
        weight[d < (weight * d).sum() / weight.sum()] *= _BEHIND
        total = weight.sum()
        dm, tm = (weight * d).sum() / total, (weight * t).sum() / total
        variance = max((weight * (d - dm) ** 2).sum() / total, 0.008**2)
        sign = (1.0 if side % 2 == 0 else -1.0) * (1.0 if side < 2 else -1.0)
        tt += (weight * (t - tm) ** 2).sum() / variance
        td += sign * (weight * (t - tm) * (d - dm)).sum() / variance
        shifts[side] = (1.0 if side % 2 == 0 else -1.0) * dm
    turn = (pull[0] * pull[1] - td) / (pull[0] + tt)
    return float(np.clip(turn, -0.06, 0.06)), shifts


def _face_points(
    own: Floats, foot: Floats, side: int, top: float, band: tuple[float, float]
) -> Floats:
    """Return how far along its outward axis each point of a face lies."""
    mask, out, _along = _face_mask(own, foot, side, top, band)
    sign = 1.0 if side % 2 == 0 else -1.0
    return np.asarray(out[mask] + sign * foot[1 + side])


def _on_face(own: Floats, foot: Floats, side: int, top: float) -> int:
    return int(_face_mask(own, foot, side, top, (0.08, 0.05))[0].sum())


def _is_seen(own: Floats, foot: Floats, side: int, top: float) -> bool:
    """Tell whether points stand on a face: at several heights, over a third of its length."""
    mask, _out, along = _face_mask(own, foot, side, top, (0.08, 0.05))
    if mask.sum() < 4:
        return False
    _d, _a, low, high = _face_frame(own, foot, side)
    spread = np.quantile(along[mask], 0.95) - np.quantile(along[mask], 0.05)
    rise = np.quantile(own[mask, 2], 0.9) - np.quantile(own[mask, 2], 0.1)
    return bool(spread > 0.35 * (high - low) and rise > 0.2 * top)


def _outer(values: Floats) -> float:
    """Return where a face lies: the middle of a flat one, the bulge of a curved one."""
    middle = float(np.median(values))
    width = 1.4826 * float(np.median(np.abs(values - middle)))
    flat = float(np.mean(values[np.abs(values - middle) <= max(3 * width, 0.02)]))
    if width <= 0.016:
        return flat
    bulge = float(np.quantile(values, 0.93)) - 0.01
    share = min(1.0, (width - 0.016) / 0.01)
    return (1 - share) * flat + share * max(bulge, flat)


def _height(own: Floats, foot: Floats, usual: Usual) -> float:
    inside = own[_within(own, foot, 0.03)]
    if not len(inside):
        return usual.size_m[2]
    inside = inside[inside[:, 2] <= likely_top_m(inside[:, 2], usual.size_m[2], usual.spread_m[2])]
    top = roof_m(inside[:, 2])
    level = inside[np.abs(inside[:, 2] - top) < _LEVEL_M]
    if _is_flat(level, min(_ROOF_M, 0.3 * min(usual.size_m[:2]))):
        return top
    return reckoned_height_m(inside[:, 2], top, usual.size_m[2], usual.spread_m[2])


def _is_flat(top: Floats, least_m: float) -> bool:
    """Tell whether the highest points spread both ways, as those of a roof do."""
    return len(top) >= 2 and bool((np.ptp(top[:, :2], axis=0) > least_m).all())


def _ends(
    own: Floats, ground: Floats, foot: Floats, sides: list[float], *, first: int, usual: Usual
) -> tuple[float, float]:
    """Return both ends of an axis; ends that were not seen are reckoned from what is known."""
    axis = first // 2
    places = np.sort(own[_between(own, foot, axis), axis])
    rough = float(foot[1 + first]), float(foot[2 + first])
    size, spread = usual.size_m[axis], usual.spread_m[axis]
    reach = _last_point(own, foot, first, size), _last_point(own, foot, first + 1, size)
    return Axis(
        sides[first],
        -sides[first + 1],
        rough,
        places,
        reach,
        np.sort(ground),
        size,
        spread,
        usual.hidden,
    ).ends()


def _between(own: Floats, foot: Floats, axis: int) -> Mask:
    """Tell which points lie between the two sides that an axis runs along."""
    other = 3 if axis == 0 else 1
    place = own[:, 1 - axis]
    return np.asarray((place < foot[other] - _INNER_M) & (place > foot[other + 1] + _INNER_M))


def _passed(rays: Rays | None, foot: Floats, axis: int, height: float) -> Floats:
    """Return the places along an axis that rays came nearest to the footprint's middle at."""
    if rays is None:
        return np.zeros(0)
    ends = foot[3:] if axis == 0 else -foot[2:0:-1]
    reach = (float(ends[1]) + _INNER_M, float(ends[0]) - _INNER_M)
    yaw = float(foot[0]) + axis * math.pi / 2
    free = rays.places(yaw, reach, (_SOLID[0] * height, _SOLID[1] * height))
    middle = float(foot[1 + 2 * axis] + foot[2 + 2 * axis]) / 2
    return np.concatenate([free[free[:, 0] > middle, 0], free[free[:, 1] < middle, 1]])


def _corridor(own: Floats, foot: Floats, side: int, usual: float) -> Floats:
    """Return places along a side's outward axis of the points that continue the footprint.

    The search may leave a side that no point showed too near, so what goes on beyond it without
    a gap counts as well, up to the largest likely size.
    """
    out, along, low, high = _face_frame(own, foot, side)
    size = float(foot[1] - foot[2] if side < 2 else foot[3] - foot[4])
    room = max(1.15 * usual - size, 0.08)
    inside = (along > low - 0.02) & (along < high + 0.02) & (out < room) & (out > -size)
    places = np.sort(out[inside])
    covered = int(np.searchsorted(places, 0.08))
    if covered == 0:
        return places[:0]
    widest = float(np.clip(3.5 * size / covered, 0.08, 0.25 if side >= 2 else 0.5))
    gaps = np.flatnonzero(np.diff(places[covered - 1 :]) > widest)
    return np.asarray(places[: covered + (int(gaps[0]) if len(gaps) else len(places))])


def _last_point(own: Floats, foot: Floats, side: int, usual: float) -> float:
    out = _corridor(own, foot, side, usual)
    last = float(out[-1 - len(out) // 200]) if len(out) else 0.0
    sign = 1.0 if side % 2 == 0 else -1.0
    return sign * last + float(foot[1 + side])


def _lengthwise(
    yaw: float,
    sides: tuple[float, float, float, float],
    height: float,
    assumed: frozenset[Face],
) -> Measured:
    """Lay the length along the longer side, heading within a quarter turn of +x."""
    front, back, left, right = sides
    size = (max(front - back, 0.05), max(left - right, 0.05))
    middle = ((front + back) / 2, (left + right) / 2)
    if size[1] > size[0]:
        yaw, size, middle = yaw + math.pi / 2, (size[1], size[0]), (middle[1], -middle[0])
        assumed = frozenset(_QUARTER.get(face, face) for face in assumed)
    if math.cos(yaw) < 0:
        yaw, middle = yaw + math.pi, (-middle[0], -middle[1])
        assumed = frozenset(_HALF.get(face, face) for face in assumed)
    return Measured(yaw, middle, size, max(height, 0.05), assumed)


_QUARTER = {
    Face.LEFT: Face.FRONT,
    Face.RIGHT: Face.BACK,
    Face.FRONT: Face.RIGHT,
    Face.BACK: Face.LEFT,
}
_HALF = {
    Face.LEFT: Face.RIGHT,
    Face.RIGHT: Face.LEFT,
    Face.FRONT: Face.BACK,
    Face.BACK: Face.FRONT,
}
