"""Adds fitted pillars, and the next ones of their row."""

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from annotator.geometry.ground import Ground
from annotator.geometry.neighbours import PointIndex
from annotator.geometry.pillar import PillarFit, as_high_as, fit_pillar, stand_like
from annotator.geometry.pillar_rows import alike_in_scan, same_again
from annotator.geometry.shifting import in_cloud, in_world
from annotator.model.annotations import Annotation, Origin
from annotator.model.cloud import PointCloud
from annotator.model.edits import Batch, Put
from annotator.model.shapes import Box3D, Cylinder3D, Vec2, Vec3


def fit_pillar_at(
    cloud: PointCloud,
    index: PointIndex,
    ground: Ground,
    at_m: Vec2 | Vec3,
    *,
    label: str = "pillar",
    frame: int | None = None,
) -> Put:
    """Add the pillar at a world position: a cylinder or a prism, from floor to ceiling.

    Raises
    ------
    NoPillarError
        With a sentence, where nothing stands from floor to ceiling.
    """
    shape = pillar_at(cloud, index, ground, at_m).shape
    return Put(Annotation(label, shape, origin=Origin.FIT, frame=frame))


def pillar_at(
    cloud: PointCloud,
    index: PointIndex,
    ground: Ground,
    at_m: Vec2 | Vec3,
    *,
    known: Iterable[Box3D | Cylinder3D] = (),
) -> PillarFit:
    """Return the pillar that fits at a world position, in the world.

    Parameters
    ----------
    known
        Other pillars: it is like them where too little is seen of it to tell.

    Raises
    ------
    NoPillarError
        With a sentence, where nothing stands from floor to ceiling.
    """
    fit = fit_pillar(index, ground, cloud.own_m(at_m), known=known)
    return replace(fit, shape=in_world(fit.shape, cloud))


def refit_pillar(
    annotation: Annotation, cloud: PointCloud, index: PointIndex, ground: Ground
) -> Put:
    """Fit a pillar anew where it stands; round or square stays as a person chose it.

    It goes on to the ceiling where only the beam below that is seen from here.

    Raises
    ------
    NoPillarError
        With a sentence, where nothing stands from floor to ceiling, or only another section.
    """
    shape = annotation.shape
    if not isinstance(shape, Box3D | Cylinder3D):
        raise TypeError("a pillar is a box or a cylinder")
    found = pillar_at(cloud, index, ground, shape.center_m, known=(shape,))
    fitted = as_high_as(found, shape).shape
    if type(fitted) is type(shape) or annotation.origin is not Origin.HAND:
        return Put(replace(annotation, shape=fitted, origin=Origin.FIT))
    own = in_cloud(shape, cloud)
    like = as_high_as(stand_like(index, ground, own.center_m, own), own).shape
    return Put(replace(annotation, shape=in_world(like, cloud)))


def propose_pillars(
    cloud: PointCloud,
    index: PointIndex,
    ground: Ground,
    one: Annotation,
    other: Annotation,
) -> Batch:
    """Add, as suggestions, the pillars that continue the row from ``one`` over ``other``."""
    first, second = (_as_fit(a, cloud) for a in (one, other))
    return _suggested(same_again(index, ground, first, second), other, cloud)


def propose_alike(cloud: PointCloud, index: PointIndex, ground: Ground, one: Annotation) -> Batch:
    """Add, as suggestions, the other pillars of the scan that have the section of one."""
    return _suggested(alike_in_scan(index, ground, _as_fit(one, cloud)), one, cloud)


def accept_pillars(proposed: Iterable[Annotation]) -> Batch:
    """Add proposed pillars as what a fit found and a person took."""
    return Batch(tuple(Put(replace(a, origin=Origin.FIT)) for a in proposed))


def _suggested(found: Iterable[PillarFit], like: Annotation, cloud: PointCloud) -> Batch:
    return Batch(
        tuple(
            Put(
                Annotation(
                    like.label,
                    in_world(fit.shape, cloud),
                    origin=Origin.SUGGESTION,
                    frame=like.frame,
                )
            )
            for fit in found
        )
    )


def _as_fit(annotation: Annotation, cloud: PointCloud) -> PillarFit:
    shape = annotation.shape
    if not isinstance(shape, Box3D | Cylinder3D):
        raise TypeError("a pillar is a box or a cylinder")
    return PillarFit(in_cloud(shape, cloud), np.zeros(0, np.int64), 0.0)
