"""Fits a box to the object that a person clicked."""

import math
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import numpy.typing as npt

from annotator.errors import AnnotatorError
from annotator.geometry import faces
from annotator.geometry.boxes import in_box_axes, points_in_box
from annotator.geometry.extents import HIDDEN
from annotator.geometry.fit_choice import Likely, Usual, likely_footprints
from annotator.geometry.fit_search import UPRIGHT_M
from annotator.geometry.front import headed, is_like_car, misfit
from annotator.geometry.ground import Ground
from annotator.geometry.neighbours import PointIndex, Rows
from annotator.geometry.standing_alone import footprint_alone
from annotator.geometry.surroundings import SMALL_M, Surroundings, surroundings
from annotator.geometry.thinning import thinned_to
from annotator.geometry.viewpoint import Rays, rays_beside
from annotator.i18n import gettext as _
from annotator.model.labels import Label
from annotator.model.shapes import Box3D, Face, Vec2, Vec3

Floats = npt.NDArray[np.float64]


_CLICK_OUTSIDE_M = 0.12
_SMALL_HIDDEN = 0.02  # a small thing is seldom cut off by another's shadow
_FLOOR_POINTS = 12
_LEAST_M = 0.05
_MANY = 200  # points tell by their plan alone along which direction a car lies
_LEFT_OUT, _MUCH = 0.1, 3.5
_NO_CAR, _TELLS = 0.15, 1.5  # in nats a point, and how many times as many tell two boxes apart


class NoObjectError(AnnotatorError):
    """A click that shows nothing to fit, with the reason as a sentence."""


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """A box, and what is known about it.

    Attributes
    ----------
    box
        In the axes of the index (a scan's own, without its origin). ``box.assumed`` names the
        faces that no point showed. Length runs along the longer side; the front of a car is where
        its points or the aisle have it, see `headed`, and of other things on the side of +x.
    rows
        Points of the scan in the box, the floor's left out; sorted.
    quality
        Share of these that lie within 5 cm of the box's faces, 0 to 1.
    is_turn_told
        Whether a car's points tell along which of two directions it lies.
    """

    box: Box3D
    rows: Rows
    quality: float
    is_turn_told: bool = True

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
    scene = surroundings(index, ground, at_m, usual)
    anchor = _anchor(scene, at_m, usual)
    rays = _rays(index, scene, anchor, usual)
    start = None if rays is None else rays.start_m
    centred = 0.35 if len(at_m) == 2 else 0.03
    likely = _footprints(scene, anchor, usual, centred=centred, start=start)
    fit = _stood_up(scene, anchor, _measured(scene, anchor, likely, usual, rays))
    if is_like_car(label) and likely.across is not None and len(fit.rows) < _MANY:
        crosswise = replace(likely, feet=[likely.across])
        across = _measured(scene, anchor, crosswise, usual, rays)
        fit = _likelier(index, fit, _stood_up(scene, anchor, across))
    _must_be_plausible(scene, fit, usual)
    if not is_like_car(label):
        return fit
    return replace(fit, box=headed(index, ground, index.xyz_m[fit.rows], fit.box))


def _likelier(index: PointIndex, fit: Fit, across: Fit) -> Fit:
    """Return which of two boxes of a car has its points where a car has sides, bonnet and roof.

    A side of a car looks like the fronts of several as long as only its plan is looked at. A box
    that leaves points of the other out must have the rest much more like a car's.
    """
    first, other = (misfit(index.xyz_m[one.rows], one.box) for one in (fit, across))
    left_out = len(np.setdiff1d(fit.rows, across.rows)) > _LEFT_OUT * len(fit.rows)
    better = other < _NO_CAR and other * (_MUCH if left_out else 1.0) < first
    likelier = across if better else fit
    is_told = max(first, other) > _TELLS * min(first, other) and min(first, other) < _NO_CAR
    return replace(likelier, is_turn_told=is_told)


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


def _rays(index: PointIndex, scene: Surroundings, anchor: Vec2, usual: Vec3) -> Rays | None:
    if index.seen_from_m is None:
        return None
    floor = float(scene.ground.floors_at(np.array([anchor]), scene.storey)[0])
    reach = math.hypot(usual[0], usual[1]) + 0.3
    return rays_beside(index.xyz_m, index.seen_from_m, (*anchor, floor), reach)


def _footprints(
    scene: Surroundings, anchor: Vec2, usual: Vec3, *, centred: float, start: Vec3 | None
) -> Likely:
    """Return likely footprints about the anchor, the best first."""
    own = scene.points[scene.points[:, 2] < _tallest(usual)]
    large = usual[0] > SMALL_M
    about = own - (anchor[0], anchor[1], 0.0)
    alone = None if large else footprint_alone(about, 2 * usual[0], start)
    if alone is not None:
        return Likely([alone])
    walls = np.column_stack([scene.barrier[:, :2], np.full(len(scene.barrier), UPRIGHT_M)])
    points = np.concatenate([own, scene.floor, walls]) - (anchor[0], anchor[1], 0.0)
    known = Usual(np.array(usual[:2]), np.array(_spread(usual)[:2]), 0.45 * usual[2])
    fine = thinned_to(points, 0.1 if large else 0.05, 1500)
    coarse = thinned_to(fine, 0.25 if large else 0.1, 300)
    return likely_footprints(coarse, fine, known, around=scene.around, band_m=0.05, centred=centred)


def _tallest(usual: Vec3) -> float:
    """Return a height above which points say nothing: of a van's roof, or of a pillar before it."""
    return usual[2] + 3.5 * _spread(usual)[2]


def _spread(usual: Vec3) -> Vec3:
    """Return how far length, width and height of a class usually stray from the usual."""
    share = (0.065, 0.04, 0.07) if usual[0] > SMALL_M else (0.4, 0.4, 0.4)
    return usual[0] * share[0], usual[1] * share[1], usual[2] * share[2]


def _measured(
    scene: Surroundings, anchor: Vec2, likely: Likely, usual: Vec3, rays: Rays | None
) -> faces.Measured:
    """Measure the best footprint whose faces leave the clicked place inside."""
    points = scene.points - (anchor[0], anchor[1], 0.0)
    ground = np.concatenate([scene.floor, scene.barrier]) - (anchor[0], anchor[1], 0.0)
    feet = likely.feet
    alone = usual[0] <= SMALL_M and len(feet) == 1
    hidden = HIDDEN if usual[0] > SMALL_M else _SMALL_HIDDEN
    known = faces.Usual(usual, _spread(usual), hidden)
    if alone:
        size = tuple(max(feet[0][k] - feet[0][k + 1], _LEAST_M) for k in (1, 3))
        known = faces.Usual((*size, usual[2]), _spread((*size, usual[2])), hidden)
    measured_by = partial(
        faces.measured_footprint, ground=ground, rays=rays, along_rad=likely.along_rad
    )
    first = measured_by(points, feet[0], known)
    measured = first
    for foot in feet[1:]:
        if measured.beside_m() <= _CLICK_OUTSIDE_M:
            return measured
        measured = measured_by(points, foot, known)
    return measured if measured.beside_m() <= _CLICK_OUTSIDE_M else first


def _stood_up(scene: Surroundings, anchor: Vec2, measured: faces.Measured) -> Fit:
    c, s = math.cos(measured.yaw_rad), math.sin(measured.yaw_rad)
    x = anchor[0] + c * measured.middle_m[0] - s * measured.middle_m[1]
    y = anchor[1] + s * measured.middle_m[0] + c * measured.middle_m[1]
    floor = float(scene.ground.floors_at(np.array([[x, y]]), scene.storey)[0])
    step = _step_m(scene, (x, y), max(measured.size_m) / 2 + 1.0)
    floor, height = floor + step, max(measured.height_m - step, _LEAST_M)
    box = Box3D(
        (x, y, floor + height / 2),
        (measured.size_m[0], measured.size_m[1], height),
        measured.yaw_rad,
        assumed=measured.assumed,
    )
    own = in_box_axes(scene.points + np.array((0.0, 0.0, floor - step)), box)
    gap = np.abs(own) - np.array(box.size_m) / 2
    inside = (gap <= 0.05).all(axis=1)
    on_a_face = inside & (gap.max(axis=1) >= -0.05)
    quality = float(on_a_face.sum() / max(1, inside.sum()))
    return Fit(box, scene.rows[inside], quality)


def _step_m(scene: Surroundings, at_m: Vec2, reach_m: float) -> float:
    """Return how far the floor's own points near a place lie above the map of floors."""
    floor, below = (
        some[np.hypot(some[:, 0] - at_m[0], some[:, 1] - at_m[1]) < reach_m, 2]
        for some in (scene.floor, scene.below)
    )
    heights = below if len(below) > 2 * len(floor) else floor
    return float(np.median(heights)) if len(heights) >= _FLOOR_POINTS else 0.0


def _must_be_plausible(scene: Surroundings, fit: Fit, usual: Vec3) -> None:
    """Refuse bushes, trees and heaps, which are filled where a vehicle or a box has only sides."""
    box = fit.box
    inside = in_box_axes(_standing_on(scene, box), box)
    depth = np.min(np.array(box.size_m[:2]) / 2 - np.abs(inside[:, :2]), axis=1)
    low = inside[:, 2] + box.size_m[2] / 2 < 0.45 * usual[2]
    deep = low & (depth > 0.3)
    if deep.sum() >= 15 and deep.sum() > 0.25 * low.sum():
        raise NoObjectError(_("this is filled with points, as bushes are; click an object"))
    if not math.isfinite(_ceiling_m(scene, box)):
        over = np.abs(in_box_axes(scene.above, box)[:, :2]) < np.array(box.size_m[:2]) / 2
        if over.all(axis=1).sum() > 0.5 * len(fit.rows):
            raise NoObjectError(_("this goes on far above, as trees do; click an object"))


def _standing_on(scene: Surroundings, box: Box3D) -> Floats:
    """Return the points of a scene in a box, with heights as in the box's own axes."""
    floor = box.center_m[2] - box.size_m[2] / 2
    lifted = scene.points + np.array((0.0, 0.0, floor))
    return np.asarray(lifted[points_in_box(lifted, box, margin_m=0.05)])


def _ceiling_m(scene: Surroundings, box: Box3D) -> float:
    at = np.array([box.center_m[:2]])
    return float(scene.ground.ceilings_at(at, scene.storey)[0])
