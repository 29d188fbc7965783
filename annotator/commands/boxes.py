"""Draws, moves, turns, resizes and fits boxes."""

import math
from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from annotator.errors import AnnotatorError
from annotator.geometry.boxes import axes_of, in_box_axes, rotation, turned_round
from annotator.geometry.fit import Fit
from annotator.geometry.fit_cluster import fit_at
from annotator.geometry.ground import FLOOR_M, Ground
from annotator.geometry.nearby import rows_around
from annotator.geometry.neighbours import PointIndex
from annotator.geometry.shifting import in_cloud, in_world, shifted
from annotator.geometry.vectors import vec3
from annotator.i18n import gettext as _
from annotator.model.annotations import Annotation, Origin
from annotator.model.cloud import PointCloud
from annotator.model.edits import Put
from annotator.model.labels import Label
from annotator.model.shapes import Box3D, Face, Vec2, Vec3

LEAST_SIZE_M = 0.02

OUTWARD: Mapping[Face, tuple[int, float]] = {
    Face.FRONT: (0, 1.0),
    Face.BACK: (0, -1.0),
    Face.LEFT: (1, 1.0),
    Face.RIGHT: (1, -1.0),
    Face.TOP: (2, 1.0),
    Face.BOTTOM: (2, -1.0),
}
"""Along which of the box's own axes each face looks, and which way."""
ACROSS = ((Face.FRONT, Face.BACK), (Face.LEFT, Face.RIGHT), (Face.TOP, Face.BOTTOM))
"""The two faces across each axis, the one that looks along it first."""
_UP, _EXACT_M = 2, 1e-6
_ON_ITS_FOOT: Vec3 = (0.0, 0.0, 0.5)
"""The middle stays along and across, and the bottom below."""


class NotABoxError(AnnotatorError):
    """A box's command on an annotation of another shape."""

    def __init__(self) -> None:
        super().__init__(_("this is not a box; select a box"))


_STEEPEST_RAD = math.radians(80)


def draw_box(box: Box3D, label: str, *, frame: int | None = None) -> Put:
    """Add a box."""
    return Put(Annotation(label, box, frame=frame))


def fit_box_at(
    cloud: PointCloud,
    index: PointIndex,
    ground: Ground,
    at_m: Vec2 | Vec3,
    label: Label,
    *,
    frame: int | None = None,
) -> Put:
    """Add the box that fits the object at a world position.

    Raises
    ------
    AnnotatorError
        With a sentence, where there is nothing to fit.
    """
    fit = box_at(cloud, index, ground, at_m, label)
    return Put(Annotation(label.name, fit.box, origin=Origin.FIT, frame=frame))


def box_at(
    cloud: PointCloud, index: PointIndex, ground: Ground, at_m: Vec2 | Vec3, label: Label
) -> Fit:
    """Return the box that fits the object at a world position, in the world.

    Raises
    ------
    AnnotatorError
        With a sentence, where there is nothing to fit.
    """
    fit = fit_at(index, ground, cloud.own_m(at_m), label)
    return replace(fit, box=in_world(fit.box, cloud))


def refit(
    annotation: Annotation, cloud: PointCloud, index: PointIndex, ground: Ground, label: Label
) -> Put:
    """Fit a box anew around its own middle; its heading stays on the side that a person gave.

    A person asked for it, so that it is as much their own as what they clicked: a key frame.

    Raises
    ------
    NoObjectError
        Where there is nothing to fit.
    """
    before = box_of(annotation)
    at_m = cloud.own_m(before.center_m)
    box = in_world(fit_at(index, ground, at_m, label).box, cloud)
    if abs(math.remainder(box.yaw_rad - before.yaw_rad, math.tau)) > math.pi / 2:
        box = turned_round(box)
    box = replace(box, pitch_rad=before.pitch_rad, roll_rad=before.roll_rad)
    return Put(replace(annotation, shape=box, origin=Origin.FIT))


def move_box(annotation: Annotation, by_m: Vec3) -> Put:
    """Shift a box along the world axes."""
    return _put(annotation, shifted(box_of(annotation), by_m))


def turn_box(annotation: Annotation, by_rad: float) -> Put:
    """Turn a box about its own upright axis, counter-clockwise."""
    box = box_of(annotation)
    return _put(annotation, replace(box, yaw_rad=box.yaw_rad + by_rad))


def tilt_box(annotation: Annotation, *, pitch_rad: float = 0.0, roll_rad: float = 0.0) -> Put:
    """Tilt a box further: its front down with a growing pitch, its left up with a growing roll.

    It is never tilted so far that front and back, or top and bottom, could change places.
    """
    box = box_of(annotation)
    pitch = min(max(box.pitch_rad + pitch_rad, -_STEEPEST_RAD), _STEEPEST_RAD)
    roll = min(max(box.roll_rad + roll_rad, -_STEEPEST_RAD), _STEEPEST_RAD)
    return _put(annotation, replace(box, pitch_rad=pitch, roll_rad=roll))


def flip_heading(annotation: Annotation) -> Put:
    """Let the front be where the back was; the box stays where it is."""
    return _put(annotation, turned_round(box_of(annotation)))


def turn_quarter(annotation: Annotation) -> Put:
    """Let the front be where the left was; the box stays where it is, length and width change."""
    return _put(annotation, turned_quarter(box_of(annotation)))


def resize_face(annotation: Annotation, face: Face, by_m: float) -> Put:
    """Pull a face outward, or push it in; the face across stays. A moved face is no assumption."""
    return _put(annotation, pulled(box_of(annotation), face, by_m))


def resized(box: Box3D, size_m: Vec3, ends_kept: Vec3 = _ON_ITS_FOOT) -> Box3D:
    """Return a box of another size: what was seen of it stays where it is.

    Of two faces across, the assumed one moves.

    Parameters
    ----------
    ends_kept
        By axis, which end stays where both were seen, or neither: 0.5 the lower, -0.5 the upper,
        0 the middle.

    Raises
    ------
    ValueError
        If a size is not positive.
    """
    growth_m = np.subtract(size_m, box.size_m)
    shares = [_seen_end(box, *ends, kept) for ends, kept in zip(ACROSS, ends_kept, strict=True)]
    return shifted(replace(box, size_m=size_m), vec3(axes_of(box) @ (growth_m * shares)))


def with_size(box: Box3D, size_m: Vec3) -> Box3D:
    """Return a box with the size that a person says it has; a moved face is no assumption.

    Raises
    ------
    ValueError
        If a size is not positive.
    """
    if min(size_m) <= 0:
        raise ValueError(f"box size must be positive, got {size_m} m")
    length, width, height = (max(size, LEAST_SIZE_M) for size in size_m)
    said = resized(box, (length, width, height))
    return replace(said, assumed=box.assumed - _faces_moved(box, said))


def pulled(box: Box3D, face: Face, by_m: float, *, least_m: float = LEAST_SIZE_M) -> Box3D:
    """Return a box with one face further out, or further in, and known; the face across stays.

    Parameters
    ----------
    least_m
        How large it stays at least along the face's axis.
    """
    axis, sign = OUTWARD[face]
    by_m = max(by_m, least_m - box.size_m[axis])
    shift_m, size_m = np.zeros(3), list(box.size_m)
    shift_m[axis], size_m[axis] = sign * by_m / 2, size_m[axis] + by_m
    length, width, height = size_m
    known = replace(box, size_m=(length, width, height), assumed=box.assumed - {face})
    return shifted(known, vec3(axes_of(box) @ shift_m))


def usual_box(foot_m: Vec3, yaw_rad: float, label: Label) -> Box3D:
    """Return a box of a class's usual size that stands on a place; all but its foot is assumed.

    Raises
    ------
    AnnotatorError
        If the class has no usual size.
    """
    size, (x, y, z) = usual_size_m(label), foot_m
    assumed = frozenset(Face) - {Face.BOTTOM}
    return Box3D((x, y, z + size[2] / 2), size, yaw_rad, assumed=assumed)


def resize_to_usual(annotation: Annotation, label: Label) -> Put:
    """Give a box the usual size of its class, its seen faces kept; what moves is assumed.

    Raises
    ------
    AnnotatorError
        If the class has no usual size.
    """
    box, size_m = box_of(annotation), usual_size_m(label)
    usual = resized(box, size_m)
    return _put(annotation, replace(usual, assumed=box.assumed | _faces_moved(box, usual)))


def usual_size_m(label: Label) -> Vec3:
    """Return how large objects of a class usually are.

    Raises
    ------
    AnnotatorError
        If that is not known.
    """
    if label.usual_size_m is None:
        raise AnnotatorError(_("The class {name} has no usual size").format(name=_(label.title)))
    return label.usual_size_m


def shrink_face_to_points(annotation: Annotation, cloud: PointCloud, face: Face) -> Put | None:
    """Push a face in to the outermost point that the box holds; None where it holds no point.

    A box stands on the floor and holds some of it, to which no side is pushed.
    """
    box = box_of(annotation)
    just_m = (1e-4, 1e-4, 1e-4)
    rows = rows_around(cloud.xyz_m, box, origin_m=cloud.origin_m, margin_m=just_m)
    if not len(rows):
        return None
    own = in_box_axes(cloud.xyz_m[rows], in_cloud(box, cloud))
    half = np.asarray(box.size_m) / 2
    axis, sign = OUTWARD[face]
    above_floor = own[:, _UP] > FLOOR_M - half[_UP]
    if axis != _UP and above_floor.any():
        own = own[above_floor]
    outermost = float((sign * own[:, axis]).max())
    return _put(annotation, pulled(box, face, outermost - float(half[axis])))


def shrink_to_points(annotation: Annotation, cloud: PointCloud) -> Put | None:
    """Push the faces that were seen in to the outermost points that the box holds.

    What is assumed has no points to go by, and stays as it is.

    Returns
    -------
    Put or None
        None where it holds no point.

    Raises
    ------
    AnnotatorError
        If every side is assumed.
    """
    seen = [face for face in Face if face not in box_of(annotation).assumed]
    if not set(seen) - {Face.BOTTOM}:
        raise AnnotatorError(
            _("Every side of this box is assumed; double-click the sides that its points show")
        )
    put: Put | None = None
    for face in seen:
        put = shrink_face_to_points(annotation, cloud, face)
        if put is None:
            return None
        annotation = put.annotation
    return put


def box_of(annotation: Annotation) -> Box3D:
    """Return the box that an annotation is.

    Raises
    ------
    NotABoxError
        If it is of another shape.
    """
    if not isinstance(annotation.shape, Box3D):
        raise NotABoxError
    return annotation.shape


def turned_quarter(box: Box3D) -> Box3D:
    """Return the same cuboid with its front where the left was."""
    length, width, height = box.size_m
    axes = axes_of(box) @ rotation(math.pi / 2)
    return replace(
        box,
        size_m=(width, length, height),
        yaw_rad=math.atan2(axes[1, 0], axes[0, 0]),
        pitch_rad=-math.asin(float(np.clip(axes[2, 0], -1, 1))),
        roll_rad=math.atan2(axes[2, 1], axes[2, 2]),
        assumed=frozenset(_QUARTER.get(face, face) for face in box.assumed),
    )


def _seen_end(box: Box3D, upper: Face, lower: Face, kept: float) -> float:
    """Return which end of an axis stays while a box is resized: the one that was seen."""
    if (upper in box.assumed) == (lower in box.assumed):
        return kept
    return 0.5 if upper in box.assumed else -0.5


def _faces_moved(before: Box3D, after: Box3D) -> frozenset[Face]:
    """Return which faces of a box are elsewhere, seen along its own axes."""
    middle_m = in_box_axes(np.array([after.center_m]), before)[0]
    growth_m = np.subtract(after.size_m, before.size_m) / 2
    return frozenset(
        face
        for face, (axis, sign) in OUTWARD.items()
        if abs(sign * middle_m[axis] + growth_m[axis]) > _EXACT_M
    )


def _put(annotation: Annotation, box: Box3D) -> Put:
    return Put(replace(annotation, shape=box, origin=Origin.HAND))


_QUARTER = {
    Face.LEFT: Face.FRONT,
    Face.BACK: Face.LEFT,
    Face.RIGHT: Face.BACK,
    Face.FRONT: Face.RIGHT,
}
