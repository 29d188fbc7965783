"""Fits an upright prism or cylinder to the pillar that a person clicked."""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from annotator.errors import AnnotatorError
from annotator.geometry.building import square_with_rad
from annotator.geometry.ground import Ground
from annotator.geometry.neighbours import PointIndex, Rows
from annotator.geometry.pillar_outline import SMALLEST_M, Outline, best_outline, outline_like
from annotator.geometry.pillar_rays import outline_seen
from annotator.geometry.viewpoint import rays_beside
from annotator.i18n import gettext as _
from annotator.model.shapes import Box3D, Cylinder3D, Face, Vec2, Vec3

Floats = npt.NDArray[np.float64]

_LEAST_POINTS, _LEAST_ON_SIDE = 5, 2
_WIDEST_M, _MOST_OBLONG = 1.3, 2.5
_BESIDE_M, _LEAST_SHARE = 0.25, 0.5  # so many of the points about a pillar lie on its sides
_CORE, _CORE_HEIGHTS_M, _LEAST_RAYS = 0.6, (0.2, 1.8), 6  # of these none passes a pillar
_BEAM_M = 0.7  # beams under a ceiling are no deeper
_SIDES = frozenset({Face.FRONT, Face.BACK, Face.LEFT, Face.RIGHT})
_BELOW_M = 0.1  # so near below a point of a pillar is another


class NoPillarError(AnnotatorError):
    """A click where nothing stands from floor to ceiling, with the reason as a sentence."""


@dataclass(frozen=True, slots=True, eq=False)
class PillarFit:
    """A pillar in the index's axes, from floor to ceiling.

    Attributes
    ----------
    shape
        A box for a square or oblong pillar, a cylinder for a round one.
    rows
        Points on it; sorted.
    residual_m
        Root mean square distance of these from its faces.
    is_told
        Whether these tell round from square; where not, the section is assumed.
    """

    shape: Box3D | Cylinder3D
    rows: Rows
    residual_m: float
    is_told: bool = True


def fit_pillar(
    index: PointIndex,
    ground: Ground,
    at_m: Vec2 | Vec3,
    *,
    height_m: float = 2.8,
    known: Iterable[Box3D | Cylinder3D] = (),
) -> PillarFit:
    """Fit a pillar to what stands upright at a place.

    Parameters
    ----------
    height_m
        Taken under open sky, where no ceiling tells it.
    known
        Other pillars of the garage: one is like them where too little is seen of it to tell.

    Raises
    ------
    NoPillarError
        If nothing upright is within 1 m, or it is too large or too oblong for a pillar.
    """
    sections = tuple(_section_of(pillar) for pillar in known)

    def found(plan: Floats, start: Vec2 | None) -> Outline:
        if start is None:
            return best_outline(plan)
        return outline_seen(plan, start, sections, square_with_rad(index, ground, at_m))

    return _stood(index, ground, at_m, height_m, found)


def stand_like(
    index: PointIndex,
    ground: Ground,
    at_m: Vec2 | Vec3,
    known: Box3D | Cylinder3D,
    *,
    height_m: float = 2.8,
) -> PillarFit:
    """Stand a pillar with the section, size and turn of ``known`` where its points are.

    Raises
    ------
    NoPillarError
        As for `fit_pillar`; also if most points there lie on another section.
    """
    section = _section_of(known)

    def found(plan: Floats, start: Vec2 | None) -> Outline:
        return outline_like(plan, section, start)

    return _stood(index, ground, at_m, height_m, found)


def as_high_as(fit: PillarFit, known: Box3D | Cylinder3D) -> PillarFit:
    """Return a pillar that goes up as far as a known one, if a beam may be what it ends at.

    From afar the underside of beams is all that is seen of a ceiling.
    """
    height = height_of(fit.shape)
    low_m = height_of(known) - height
    if not 0 < low_m < _BEAM_M:
        return fit
    x, y, z = fit.shape.center_m
    raised = replace(fit.shape, center_m=(x, y, z + low_m / 2))
    if isinstance(raised, Cylinder3D):
        return replace(fit, shape=replace(raised, height_m=height + low_m))
    return replace(fit, shape=replace(raised, size_m=(*raised.size_m[:2], height + low_m)))


def height_of(shape: Box3D | Cylinder3D) -> float:
    """Return how far a pillar goes up, in metres."""
    return shape.height_m if isinstance(shape, Cylinder3D) else shape.size_m[2]


def with_assumed_section(fit: PillarFit) -> PillarFit:
    """Return a pillar of which it is known that nobody knows its section."""
    return replace(fit, shape=_assumed(fit.shape), is_told=False)


def is_section_assumed(shape: Box3D | Cylinder3D) -> bool:
    """Tell whether too little was seen of a pillar to know round from square."""
    return shape.assumed if isinstance(shape, Cylinder3D) else shape.assumed >= _SIDES


def _assumed(shape: Box3D | Cylinder3D) -> Box3D | Cylinder3D:
    if isinstance(shape, Cylinder3D):
        return replace(shape, assumed=True)
    return replace(shape, assumed=frozenset(Face))


def _stood(
    index: PointIndex,
    ground: Ground,
    at_m: Vec2 | Vec3,
    height_m: float,
    find: Callable[[Floats, Vec2 | None], Outline],
) -> PillarFit:
    storey = ground.storey_at(at_m[0], at_m[1], at_m[2] if len(at_m) == 3 else None)
    rows, points, hangs = _upright(index, ground, at_m, storey, height_m)
    plan = points[:, :2] - np.asarray(at_m[:2])
    free = ~_walls(plan, hangs)
    rows, plan = rows[free], plan[free]
    if len(plan) < 5:
        raise NoPillarError(_("nothing stands from floor to ceiling here; click a pillar"))
    seen_from = index.seen_from_m
    start = None if seen_from is None else (seen_from[0] - at_m[0], seen_from[1] - at_m[1])
    chosen = find(plan, start)
    if chosen.on < _LEAST_POINTS:
        raise NoPillarError(_("nothing stands from floor to ceiling here; click a pillar"))
    _must_be_plausible(chosen, plan)
    _must_stop_light(index, ground, chosen, (at_m[0], at_m[1]), storey)
    x, y = chosen.middle_m[0] + at_m[0], chosen.middle_m[1] + at_m[1]
    floor = float(ground.floors_at(np.array([[x, y]]), storey)[0])
    ceiling = float(ground.ceilings_at(np.array([[x, y]]), storey)[0])
    height = ceiling - floor if math.isfinite(ceiling) else height_m
    fit = PillarFit(
        _shape(chosen, (x, y, floor + height / 2), height, _unseen(chosen, plan)),
        rows[chosen.mask],
        chosen.residual_m,
    )
    return fit if chosen.is_told else with_assumed_section(fit)


def _upright(
    index: PointIndex, ground: Ground, at_m: Vec2 | Vec3, storey: int, height_m: float
) -> tuple[Rows, Floats, npt.NDArray[np.bool_]]:
    """Return what is above the cars, and what is below it where there is nothing above.

    The third array tells what is so high that it may hang from the ceiling, as beams do.
    """
    rows = index.within(at_m[0], at_m[1], 1.6)
    xyz = index.xyz_m[rows].astype(np.float64)
    floors = ground.floors_at(xyz[:, :2], storey)
    room = ground.ceilings_at(xyz[:, :2], storey) - floors
    height = xyz[:, 2] - floors
    top = np.minimum(room - 0.12, height_m + 1.0)
    high = (height > np.minimum(1.9, 0.6 * top)) & (height < top)
    every = (height > 0.12) & (height < top)
    use = high if high.sum() >= 12 else every
    if not use.any():
        raise NoPillarError(_("nothing stands from floor to ceiling here; click a pillar"))
    # where the ceiling was not found, the highest point stands for it
    ceiling = np.where(np.isfinite(room), room, height[use].max())
    hangs = height > ceiling - _BEAM_M
    if index.seen_from_m is not None:
        use &= ~hangs | _is_above(xyz[:, :2], every & ~hangs)
    return rows[use], xyz[use], hangs[use]


def _is_above(plan: Floats, low: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Tell which points have a low one right below them, as a pillar's have and a beam's not."""
    from scipy.spatial import cKDTree  # noqa: PLC0415 - takes 0.2 s

    if not low.any():
        return np.ones(len(plan), np.bool_)
    apart, _row = cKDTree(plan[low]).query(plan, distance_upper_bound=_BELOW_M)
    return np.asarray(np.isfinite(apart))


def _must_be_plausible(outline: Outline, plan: Floats) -> None:
    wide, narrow = 2 * max(outline.half_m), 2 * min(outline.half_m)
    if wide > _WIDEST_M or wide > _MOST_OBLONG * narrow or wide < SMALLEST_M:
        raise NoPillarError(
            _(
                "this is {width:.1f} m by {depth:.1f} m, not a pillar; use the box or the wall tool"
            ).format(width=wide, depth=narrow)
        )
    c, s = math.cos(outline.yaw_rad), math.sin(outline.yaw_rad)
    off = plan - np.array(outline.middle_m)
    own = np.abs(np.column_stack([c * off[:, 0] + s * off[:, 1], -s * off[:, 0] + c * off[:, 1]]))
    about = (own < np.array(outline.half_m) + _BESIDE_M).all(axis=1)
    if outline.on < _LEAST_SHARE * about.sum():
        raise NoPillarError(
            _("what stands here has no pillar's shape; use the box or the wall tool")
        )


def _must_stop_light(
    index: PointIndex, ground: Ground, outline: Outline, at_m: Vec2, storey: int
) -> None:
    """Refuse boards and signs on thin legs, below which the scanner saw what is behind them."""
    if index.seen_from_m is None:
        return
    x, y = outline.middle_m[0] + at_m[0], outline.middle_m[1] + at_m[1]
    floor = float(ground.floors_at(np.array([[x, y]]), storey)[0])
    wide, deep = (_CORE * half for half in outline.half_m)
    rays = rays_beside(index.xyz_m, index.seen_from_m, (x, y, floor), 2 * max(outline.half_m))
    free = rays.places(outline.yaw_rad, (-deep, deep), _CORE_HEIGHTS_M)
    if ((free[:, 0] < wide) & (free[:, 1] > -wide)).sum() >= _LEAST_RAYS:
        raise NoPillarError(_("the scanner saw through below this; a pillar stands on the floor"))


def _walls(plan: Floats, hangs: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Tell which points lie on walls or beams beside the pillar; refuse a click on a wall."""
    taken = np.zeros(len(plan), np.bool_)
    angles = np.linspace(0, math.pi, 90, endpoint=False)
    normals = np.column_stack([np.cos(angles), np.sin(angles)])
    for _line in range(4):  # a pillar in a corner has two walls, one under a beam has two sides
        rest = plan[~taken]
        if len(rest) < 12:
            break
        normal, offset = _longest_line(rest[:: max(1, len(rest) // 400)], normals)
        near = ~taken & (np.abs(plan @ normal - offset) < 0.07)
        along = plan @ np.array([-normal[1], normal[0]])
        if not _is_long(along[near]):
            break
        if not _is_long(along[near & ~hangs]):
            taken |= near & hangs
            continue
        if abs(offset) < 0.15:
            raise NoPillarError(_("this is a wall; use the wall tool"))
        taken |= near
    return taken


def _is_long(along: Floats) -> bool:
    return len(along) >= 12 and bool(np.ptp(along) >= 1.9) and _hole(along) <= 0.8


def _longest_line(plan: Floats, normals: Floats) -> tuple[Floats, float]:
    across = plan @ normals.T
    bins = np.clip(((across + 1.7) / 0.05).astype(np.int64), 0, 67)
    votes = np.zeros((len(normals), 68))
    np.add.at(votes, (np.arange(len(normals))[None, :].repeat(len(plan), 0), bins), 1)
    angle, at = np.unravel_index(int(votes.argmax()), votes.shape)
    mask = bins[:, angle] == at
    return normals[angle], float(across[mask, angle].mean())


def _hole(along: Floats) -> float:
    return float(np.diff(np.sort(along)).max())


def _section_of(known: Box3D | Cylinder3D) -> Outline:
    none = np.zeros(0, np.bool_)
    if isinstance(known, Cylinder3D):
        half = (known.radius_m, known.radius_m)
        return Outline((0.0, 0.0), half, 0.0, round=True, mask=none, residual_m=0.0)
    half = (known.size_m[0] / 2, known.size_m[1] / 2)
    return Outline((0.0, 0.0), half, known.yaw_rad, round=False, mask=none, residual_m=0.0)


def _unseen(outline: Outline, plan: Floats) -> frozenset[Face]:
    """Return the sides of a rectangle that hardly a point lies on, and both ends."""
    c, s = math.cos(outline.yaw_rad), math.sin(outline.yaw_rad)
    own = (plan[outline.mask] - outline.middle_m) @ np.array([[c, -s], [s, c]])
    beyond = np.abs(own) - np.array(outline.half_m)
    axis = beyond.argmax(axis=1)
    side = 2 * axis + (own[np.arange(len(own)), axis] < 0)
    counts = np.bincount(side, minlength=4).tolist()
    sides = (Face.FRONT, Face.BACK, Face.LEFT, Face.RIGHT)
    hidden = {face for face, count in zip(sides, counts, strict=True) if count < _LEAST_ON_SIDE}
    return frozenset(hidden | {Face.TOP, Face.BOTTOM})


def _shape(
    outline: Outline, center_m: Vec3, height: float, assumed: frozenset[Face]
) -> Box3D | Cylinder3D:
    if outline.round:
        return Cylinder3D(center_m, outline.half_m[0], height)
    size = (2 * outline.half_m[0], 2 * outline.half_m[1], height)
    return Box3D(center_m, size, outline.yaw_rad, assumed=assumed)
