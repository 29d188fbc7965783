"""Adds what fits the object that a person clicked, by the class they chose."""

from dataclasses import dataclass, replace

from annotator.commands.boxes import box_at, refit
from annotator.commands.pillars import fit_pillar_at, refit_pillar
from annotator.errors import AnnotatorError
from annotator.geometry.accumulating import Accumulated
from annotator.geometry.between_floors import is_beneath
from annotator.geometry.fit_within import fit_within
from annotator.geometry.front import is_front_told, is_like_car
from annotator.geometry.ground import Ground
from annotator.geometry.like_wall import wall_length_m
from annotator.geometry.nearby import rows_around
from annotator.geometry.neighbours import PointIndex, Rows
from annotator.geometry.shifting import in_cloud, in_world
from annotator.geometry.standing import gone_m
from annotator.geometry.survey import Survey
from annotator.geometry.wireframes import surrounding_box
from annotator.i18n import gettext as _
from annotator.model.annotations import Annotation, Origin
from annotator.model.cloud import PointCloud
from annotator.model.edits import Put
from annotator.model.labels import Label
from annotator.model.shapes import Box3D, Cylinder3D, Vec2, Vec3


@dataclass(frozen=True, slots=True)
class Fitted:
    """What a click adds.

    Attributes
    ----------
    is_turn_told
        Whether the points told along which of two directions it lies.
    """

    put: Put
    is_turn_told: bool = True


def fit_object_at(
    cloud: PointCloud,
    index: PointIndex,
    ground: Ground,
    at_m: Vec2 | Vec3,
    label: Label,
    *,
    frame: int | None = None,
) -> Put:
    """Add a pillar from floor to ceiling for the class of pillars, a box for any other.

    A short post is no pillar to the fit; it gets a box, as any object does.

    Raises
    ------
    AnnotatorError
        With a sentence, where there is nothing to fit, and on a wall.
    """
    return fitted_at(cloud, index, ground, at_m, label, frame=frame).put


def fitted_at(
    cloud: PointCloud,
    index: PointIndex,
    ground: Ground,
    at_m: Vec2 | Vec3,
    label: Label,
    *,
    frame: int | None = None,
) -> Fitted:
    """Return what `fit_object_at` adds, with what is known about it.

    Raises
    ------
    AnnotatorError
        With a sentence, where there is nothing to fit, and on a wall.
    """
    if label.name == "pillar" and not is_beneath(ground, cloud.own_m(at_m)):
        try:
            return Fitted(fit_pillar_at(cloud, index, ground, at_m, label=label.name, frame=frame))
        except AnnotatorError:
            pass
    refuse_wall(cloud, index, ground, at_m, label)
    fit = box_at(cloud, index, ground, at_m, label)
    made = Annotation(label.name, fit.box, origin=Origin.FIT, frame=frame)
    return Fitted(Put(made), fit.is_turn_told)


def refuse_wall(
    cloud: PointCloud, index: PointIndex, ground: Ground, at_m: Vec2 | Vec3, label: Label
) -> None:
    """Refuse to take a piece of a wall for an object of the usual size of its class.

    Raises
    ------
    AnnotatorError
        On a wall, with a sentence.
    """
    if label.usual_size_m is None:
        return
    own_m = cloud.own_m(at_m)
    length_m = wall_length_m(index, ground, own_m, longer_than_m=1.2 * max(label.usual_size_m[:2]))
    if length_m is not None:
        raise AnnotatorError(
            _(
                "This looks like a wall: it goes up to the ceiling and is {m:.1f} m long;"
                " use the wall tool, or click a point of the object"
            ).format(m=length_m)
        )


def refit_object(
    annotation: Annotation, cloud: PointCloud, index: PointIndex, ground: Ground, label: Label
) -> Put:
    """Fit an object anew where it stands: a pillar from floor to ceiling, a box as any other.

    Raises
    ------
    AnnotatorError
        With a sentence, where there is nothing to fit.
    """
    shape = annotation.shape
    if isinstance(shape, Cylinder3D) or (isinstance(shape, Box3D) and label.name == "pillar"):
        try:
            return refit_pillar(annotation, cloud, index, ground)
        except AnnotatorError:
            if isinstance(shape, Cylinder3D):
                raise
    return refit(annotation, cloud, index, ground, label)


def fit_object_within(
    cloud: PointCloud,
    index: PointIndex,
    ground: Ground,
    rows: Rows,
    label: Label,
    *,
    frame: int | None = None,
) -> Put:
    """Add the box that fits the largest thing among some points of a scan.

    Raises
    ------
    AnnotatorError
        With a sentence, where there is nothing to fit.
    """
    box = in_world(fit_within(index, ground, rows, label).box, cloud)
    return Put(Annotation(label.name, box, origin=Origin.FIT, frame=frame))


def shows_front(annotation: Annotation, cloud: PointCloud, label: Label) -> bool:
    """Tell whether the points of a car show that its box heads to its front."""
    box = annotation.shape
    if not isinstance(box, Box3D) or not is_like_car(label):
        return False
    rows = rows_around(cloud.xyz_m, box, origin_m=cloud.origin_m, margin_m=_JUST_OUTSIDE_M)
    return is_front_told(cloud.xyz_m[rows], in_cloud(box, cloud))


_JUST_OUTSIDE_M: Vec3 = (0.05, 0.05, 0.05)
_STILL_M = 0.35
_BESIDE = 1


@dataclass(frozen=True, slots=True, eq=False)
class LaidOver:
    """Scans that are laid over each other in the world, with what is found in them once.

    Attributes
    ----------
    survey
        Of the whole cloud.
    """

    around: Accumulated
    survey: Survey

    @property
    def count(self) -> int:
        """How many scans there are."""
        return len(self.around.frames)


def fit_standing_at(
    laid: LaidOver, at_m: Vec3, label: Label, *, own: Put | None, can_move: bool
) -> Put | None:
    """Add what fits an object in all scans, if it stood still while they were taken.

    A pillar is fitted to the scan that is worked on, where that shows it.

    Parameters
    ----------
    own
        What fits it in the scan that is worked on, if anything does. A moving object is in its
        place there, and only there.
    can_move
        Whether objects of its class ever move.

    Returns
    -------
    Put or None
        Without a frame, as it holds in every scan; None where the object moved, or too few scans
        show whether it did.

    Raises
    ------
    AnnotatorError
        With a sentence, where there is nothing to fit.
    """
    survey = laid.survey
    if own is not None and is_fitted_to_one_scan(label):
        put = own
    else:
        put = fit_object_at(laid.around.cloud, survey.index, survey.ground, at_m, label)
    if can_move:
        gone = _gone_m(laid, put.annotation)
        own_gone = None if own is None else _gone_m(laid, own.annotation)
        if gone is None or max(gone, own_gone or 0.0) > _STILL_M:
            return None
    return Put(replace(put.annotation, frame=None))


def is_fitted_to_one_scan(label: Label) -> bool:
    """Tell whether a class is fitted to one scan also where others are laid over it.

    How far rays went past a pillar is known of one scan alone.
    """
    return label.name == "pillar"


def _gone_m(laid: LaidOver, annotation: Annotation) -> float | None:
    """Return how far an object went between the scans right before and after the present one.

    Over more scans one sees so much more of what stands that its ends are hard to follow.
    """
    box = surrounding_box(annotation.shape)
    if box is None:
        return None
    around = laid.around
    beside = sorted(n for n in around.frames if abs(n - around.current) <= _BESIDE)
    at = [around.frames.index(frame) for frame in beside]
    scans = [around.cloud.xyz_m[around.starts[n] : around.starts[n + 1]] for n in at]
    return gone_m(scans, in_cloud(box, around.cloud))
