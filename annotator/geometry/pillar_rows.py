"""Finds pillars like a known one: along its row, or anywhere in the scan."""

import math
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from annotator.geometry.ground import Ground
from annotator.geometry.neighbours import PointIndex
from annotator.geometry.parts import parts_by_gap
from annotator.geometry.pillar import (
    NoPillarError,
    PillarFit,
    as_high_as,
    fit_pillar,
    height_of,
    stand_like,
    with_assumed_section,
)
from annotator.geometry.thinning import thinned_to
from annotator.model.shapes import Box3D, Cylinder3D, Vec2

Floats = npt.NDArray[np.float64]

_FARTHEST_M = 40.0
_ABOVE_CARS, _BEAM_M = 0.6, 0.7  # where little but pillars and walls is, from floor to ceiling
_CELL_M, _MOST_POINTS = 0.08, 20_000
_APART_M, _WIDEST_M = 0.4, 1.3
_LEAST_CELLS, _LEAST_RISE_M = 3, 0.25
_TELL_SECTION, _AS_MANY = 20, 0.9  # so many points tell another section, if it explains more
_SAME_PLACE_M, _SAME_SECTION, _SAME_SIZE = 1.0, 0.25, 0.15
_LEAST_ALIKE = 8  # fewer points lie as well on a corner of anything


def along_grid(one: PillarFit, other: PillarFit, count: int) -> tuple[Vec2, ...]:
    """Return where the next pillars of a row would stand: ``other`` is one step from ``one``."""
    (ax, ay, _az), (bx, by, _bz) = one.shape.center_m, other.shape.center_m
    return tuple((bx + k * (bx - ax), by + k * (by - ay)) for k in range(1, count + 1))


def same_again(
    index: PointIndex, ground: Ground, one: PillarFit, other: PillarFit, *, most: int = 30
) -> tuple[PillarFit, ...]:
    """Fit the next pillars of a row, as far as there are any; a missing one is stepped over.

    Each is fitted anew, taken only where it has about the size of ``other``, and given the section
    of that, unless enough is seen of it to tell another: of a far pillar there is not.
    """
    found: list[PillarFit] = []
    missed = 0
    last, before = other, one
    while len(found) < most and missed < 2:
        at = along_grid(before, last, 1 + missed)[-1]
        try:
            known = (other.shape,)
            fitted = fit_pillar(index, ground, at, height_m=height_of(other.shape), known=known)
        except NoPillarError:
            missed += 1
            continue
        if not _alike(fitted, other, at):
            missed += 1
            continue
        fitted = _like(index, ground, fitted, other)
        found.append(fitted)
        step = missed + 1
        lx, ly, _lz = last.shape.center_m
        fx, fy, fz = fitted.shape.center_m
        back = (fx - (fx - lx) / step, fy - (fy - ly) / step, fz)
        before, last, missed = (
            replace(fitted, shape=replace(fitted.shape, center_m=back)),
            fitted,
            0,
        )
    return tuple(found)


def alike_in_scan(
    index: PointIndex, ground: Ground, one: PillarFit, *, most: int = 30
) -> tuple[PillarFit, ...]:
    """Fit the other pillars of a scan that have the section of one, the nearest first.

    What stands up to the ceiling above the cars, and is no wider than a pillar, may be one; each
    is fitted anew, and taken only where it has about the section of ``one``.
    """
    x, y, _z = one.shape.center_m
    places = _columns(index, ground, one)
    apart = np.hypot(places[:, 0] - x, places[:, 1] - y)
    found: list[PillarFit] = []
    for k in np.argsort(apart):
        at = (float(places[k, 0]), float(places[k, 1]))
        if len(found) == most or any(_near(fit, at) for fit in (one, *found)):
            continue
        try:
            known = (one.shape,)
            fitted = fit_pillar(index, ground, at, height_m=height_of(one.shape), known=known)
        except NoPillarError:
            continue
        if _same_section(fitted, one) and not any(
            _near(other, fitted.shape.center_m) for other in (one, *found)
        ):
            found.append(_like(index, ground, fitted, one))
    return tuple(found)


def _columns(index: PointIndex, ground: Ground, one: PillarFit) -> Floats:
    """Return the middles of what stands above the cars within reach, shape (N, 2)."""
    x, y, z = one.shape.center_m
    rows = index.within(x, y, _FARTHEST_M)
    xyz = index.xyz_m[rows].astype(np.float64)
    storey = ground.storey_at(x, y, z)
    heights = xyz[:, 2] - ground.floors_at(xyz[:, :2], storey)
    room = np.minimum(
        height_of(one.shape), ground.ceilings_at(xyz[:, :2], storey) - xyz[:, 2] + heights
    )
    high = (heights > _ABOVE_CARS * room) & (heights < room - _BEAM_M)
    thin = thinned_to(np.column_stack([xyz[high, :2], heights[high]]), _CELL_M, _MOST_POINTS)
    if not len(thin):
        return np.zeros((0, 2))
    part = parts_by_gap(np.column_stack([thin[:, :2], np.zeros(len(thin))]), _APART_M)
    places: list[Floats] = []
    for number in range(int(part.max()) + 1):
        own = thin[part == number]
        wide = np.ptp(own[:, :2], axis=0).max()
        if len(own) >= _LEAST_CELLS and wide < _WIDEST_M and np.ptp(own[:, 2]) > _LEAST_RISE_M:
            places.append(own[:, :2].mean(axis=0))
    return np.array(places).reshape(-1, 2)


def _like(index: PointIndex, ground: Ground, fitted: PillarFit, model: PillarFit) -> PillarFit:
    """Return a pillar with the section of a known one, or as it was fitted if that is not there."""
    (x, y, z), height_m = fitted.shape.center_m, height_of(model.shape)
    try:
        stood = stand_like(index, ground, (x, y, z), model.shape, height_m=height_m)
    except NoPillarError:
        return as_high_as(fitted, model.shape)
    if _is_of_its_own(fitted, stood, model):
        return as_high_as(fitted, model.shape)
    is_told = fitted.is_told and type(fitted.shape) is type(stood.shape)
    return as_high_as(stood if is_told else with_assumed_section(stood), model.shape)


def _is_of_its_own(fitted: PillarFit, stood: PillarFit, model: PillarFit) -> bool:
    """Tell whether enough is seen of a pillar to know that it has another section or size."""
    if len(fitted.rows) < _TELL_SECTION:
        return False
    if len(stood.rows) < _AS_MANY * len(fitted.rows):
        return True
    is_same_kind = type(fitted.shape) is type(model.shape)
    return is_same_kind and fitted.is_told and not _is_of_size(fitted, model, _SAME_SIZE)


def _near(fit: PillarFit, at_m: tuple[float, ...]) -> bool:
    return math.dist(fit.shape.center_m[:2], at_m[:2]) < _SAME_PLACE_M


def _same_section(fitted: PillarFit, model: PillarFit) -> bool:
    if type(fitted.shape) is not type(model.shape) or len(fitted.rows) < _LEAST_ALIKE:
        return False
    return _is_of_size(fitted, model, _SAME_SECTION)


def _is_of_size(fitted: PillarFit, model: PillarFit, share: float) -> bool:
    return abs(_reach(fitted.shape) / _reach(model.shape) - 1) < share


def _alike(fitted: PillarFit, model: PillarFit, expected_m: Vec2) -> bool:
    if math.dist(fitted.shape.center_m[:2], expected_m) > 0.5:
        return False
    return 0.6 < _reach(fitted.shape) / _reach(model.shape) < 1.7


def _reach(shape: Box3D | Cylinder3D) -> float:
    return shape.radius_m if isinstance(shape, Cylinder3D) else sum(shape.size_m[:2]) / 4
