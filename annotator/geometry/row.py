"""Fits a row of parked cars from one of them and a sweep along the row."""

import math
from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from annotator.geometry.boxes import shared_area_m2, turned_round
from annotator.geometry.fit import Fit, NoObjectError, fit_box
from annotator.geometry.front import is_front_told, is_like_car
from annotator.geometry.ground import Ground
from annotator.geometry.neighbours import PointIndex
from annotator.model.labels import Label
from annotator.model.shapes import Box3D, Vec2, Vec3

_STEP_M = 0.6
_MOST_TURNED = math.radians(12)


def fit_row(
    index: PointIndex, ground: Ground, first: Box3D, to_m: Vec2, label: Label
) -> tuple[Fit, ...]:
    """Fit the objects between a labelled one and the end of a sweep; empty slots give nothing.

    Parameters
    ----------
    first
        The labelled object, in the index's axes; it is not among the results. The others stand
        parallel to it (12° allowed), are of about its size, and look the way it does where their
        own points do not tell their fronts.
    to_m
        Where the sweep ended, in plan.

    Returns
    -------
    tuple of Fit
        In the order of the sweep, none overlapping another by a tenth.
    """
    sweep = RowSweep(index, ground, first, to_m, label)
    sweep.extend(math.dist(first.center_m[:2], to_m))
    return tuple(sweep.found)


class RowSweep:
    """A straight way along a row that is followed piece by piece, as a hand drags.

    Parameters
    ----------
    towards_m
        A place that the way leads over, in plan.
    others
        Boxes that are labelled already; nothing is fitted over them.
    known
        What a sweep in about the same direction found; what lies on this way too is kept.

    Attributes
    ----------
    found
        What was fitted so far, in the order of the sweep.
    is_stopped
        Set from another thread: nothing more is fitted.
    """

    def __init__(
        self,
        index: PointIndex,
        ground: Ground,
        first: Box3D,
        towards_m: Vec2,
        label: Label,
        *,
        others: Iterable[Box3D] = (),
        known: Iterable[Fit] = (),
    ) -> None:
        way = np.asarray(towards_m) - first.center_m[:2]
        self.way = way / max(float(np.linalg.norm(way)), 1e-9)
        self.is_stopped = False
        self._index, self._ground, self._first, self._label = index, ground, first, label
        self.found = [fit for fit in known if self._is_on_way(fit.box)]
        self._taken = [first, *others, *(fit.box for fit in self.found)]
        self._reached_m = 0.0

    def extend(self, length_m: float) -> None:
        """Fit what stands between where the sweep has been and a distance from its start."""
        while self._reached_m + _STEP_M / 2 < length_m and not self.is_stopped:
            self._reached_m += _STEP_M
            self._fit_at(*(np.asarray(self._first.center_m[:2]) + self._reached_m * self.way))

    def off_m(self, at_m: Vec2) -> float:
        """Return how far aside of the way a place lies."""
        dx, dy = at_m[0] - self._first.center_m[0], at_m[1] - self._first.center_m[1]
        return abs(float(self.way[0] * dy - self.way[1] * dx))

    def _is_on_way(self, box: Box3D) -> bool:
        dx, dy = (
            box.center_m[0] - self._first.center_m[0],
            box.center_m[1] - self._first.center_m[1],
        )
        ahead = float(self.way[0] * dx + self.way[1] * dy)
        return ahead > 0 and self.off_m(box.center_m[:2]) < max(self._first.size_m[:2]) / 2

    def _fit_at(self, x: float, y: float) -> None:
        if any(_covers(box, x, y) for box in self._taken):
            return
        fit = self._fitted((x, y, self._first.center_m[2]))
        if fit is None or not self._belongs(fit):
            return
        fit = self._from_its_middle(fit)
        if self._belongs(fit):
            self.found.append(self._headed(fit))
            self._taken.append(fit.box)

    def _fitted(self, at_m: Vec3) -> Fit | None:
        try:
            return fit_box(self._index, self._ground, at_m, self._label)
        except NoObjectError:
            return None

    def _from_its_middle(self, fit: Fit) -> Fit:
        """Fit once more where a person would have clicked: the way may meet a car at its edge."""
        xyz = self._index.xyz_m[fit.rows].astype(float)
        off_m = np.abs((xyz[:, :2] - fit.box.center_m[:2]) @ self.way)
        again = self._fitted(tuple(xyz[int(off_m.argmin())].tolist()))
        return again if again is not None and len(again.rows) > len(fit.rows) else fit

    def _belongs(self, fit: Fit) -> bool:
        """Tell whether one is of the row: about as the first lies, of its size, over no other."""
        box, first = fit.box, self._first
        if len(fit.rows) < self._label.minimum_points:
            return False
        if abs(math.remainder(box.yaw_rad - first.yaw_rad, math.pi)) > _MOST_TURNED:
            return False
        if not all(0.6 < a / b < 1.6 for a, b in zip(box.size_m, first.size_m, strict=True)):
            return False
        area = box.size_m[0] * box.size_m[1]
        return all(shared_area_m2(box, other) < 0.1 * area for other in self._taken)

    def _headed(self, fit: Fit) -> Fit:
        """Let one look the way the first does, where its own points do not tell its front."""
        is_told = is_like_car(self._label) and is_front_told(self._index.xyz_m[fit.rows], fit.box)
        turn = math.remainder(fit.box.yaw_rad - self._first.yaw_rad, math.tau)
        if is_told or abs(turn) <= math.pi / 2:
            return fit
        return replace(fit, box=turned_round(fit.box))


def _covers(box: Box3D, x: float, y: float) -> bool:
    c, s = math.cos(box.yaw_rad), math.sin(box.yaw_rad)
    dx, dy = x - box.center_m[0], y - box.center_m[1]
    return (
        abs(c * dx + s * dy) < box.size_m[0] / 2 + 0.1
        and abs(-s * dx + c * dy) < box.size_m[1] / 2 + 0.1
    )
