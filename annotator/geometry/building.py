"""Tells which way a building stands: its walls, beams and pillars are square with each other."""

import math

import numpy as np
import numpy.typing as npt

from annotator.geometry.ground import Ground
from annotator.geometry.neighbours import PointIndex
from annotator.model.shapes import Vec2, Vec3

Floats = npt.NDArray[np.float64]

_AROUND_M = 20.0
_ABOVE_CARS_M, _BELOW_CEILING_M = 1.8, 0.15
_LEAST_POINTS, _MOST_POINTS = 50, 3000
_STEP_RAD, _BIN_M = math.radians(1.5), 0.1
_CLEAR = 1.6  # so much more than usual of a building lies along its own axes


def square_with_rad(index: PointIndex, ground: Ground, at_m: Vec2 | Vec3) -> float | None:
    """Return the turn, 0 to π/2, of what stands high around a place; None where that is not clear.

    Along it and across it most points share their place with many others.
    """
    plan = _high(index, ground, at_m)
    if len(plan) < _LEAST_POINTS:
        return None
    turns = np.arange(0, math.pi / 2, _STEP_RAD)
    shared = np.array([_shared(plan, turn) for turn in turns.tolist()])
    best = int(shared.argmax())
    if shared[best] < _CLEAR * np.median(shared):
        return None
    before, after = shared[best - 1], shared[(best + 1) % len(turns)]
    aside = 0.5 * (before - after) / (before - 2 * shared[best] + after)
    return float(turns[best] + aside * _STEP_RAD)


def _high(index: PointIndex, ground: Ground, at_m: Vec2 | Vec3) -> Floats:
    """Return what is above the cars and below the ceiling, about the place, shape (n, 2)."""
    storey = ground.storey_at(at_m[0], at_m[1], at_m[2] if len(at_m) == 3 else None)
    xyz = index.xyz_m[index.within(at_m[0], at_m[1], _AROUND_M)].astype(np.float64)
    high = xyz[:, 2] > ground.floors_at(xyz[:, :2], storey) + _ABOVE_CARS_M
    high &= xyz[:, 2] < ground.ceilings_at(xyz[:, :2], storey) - _BELOW_CEILING_M
    plan = xyz[high, :2] - np.asarray(at_m[:2])
    return np.asarray(plan[:: max(1, len(plan) // _MOST_POINTS)])


def _shared(plan: Floats, turn: float) -> float:
    """Return how often two points have the same place along turned axes."""
    c, s = math.cos(turn), math.sin(turn)
    places = (c * plan[:, 0] + s * plan[:, 1], c * plan[:, 1] - s * plan[:, 0])
    bins = (np.floor((place + _AROUND_M + 1) / _BIN_M).astype(np.int64) for place in places)
    return float(sum((np.bincount(one).astype(np.float64) ** 2).sum() for one in bins))
