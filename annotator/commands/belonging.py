"""Keeps a box and the points of its object together: both have one instance number."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from annotator.commands.instances import (
    belonging_to,
    class_of,
    instance_of,
    instance_of_most,
    next_instance,
)
from annotator.commands.points import NO_EDIT, Protected, paint_instance
from annotator.errors import AnnotatorError
from annotator.geometry.inside import can_hold
from annotator.geometry.shifting import in_world
from annotator.geometry.tight import tight_box
from annotator.i18n import gettext as _
from annotator.model.annotations import Annotation, Origin
from annotator.model.cloud import PointCloud
from annotator.model.document import Document
from annotator.model.edits import Batch, Edit, Put
from annotator.model.labels import Taxonomy
from annotator.model.layers import Where
from annotator.model.shapes import Box3D


def box_of(document: Document, instance: int, frame: int = 0) -> Annotation | None:
    """Return the box of an instance in a scan, if it has one."""
    return next(
        (
            a
            for a in document.in_frame(frame)
            if instance_of(a) == instance and isinstance(a.shape, Box3D)
        ),
        None,
    )


def box_around_instance(
    document: Document, instance: int, cloud: PointCloud, taxonomy: Taxonomy, *, frame: int = 0
) -> Put:
    """Put a box around exactly an instance's points; the box that it has already is moved there.

    Raises
    ------
    AnnotatorError
        If the instance has no points here, or too few to span a box.
    """
    label = class_of(document, instance, taxonomy, frame)
    if label is None:
        raise AnnotatorError(_("this instance has no points in this scan"))
    before = box_of(document, instance, frame)
    heads_rad = before.shape.yaw_rad if before and isinstance(before.shape, Box3D) else None
    own = tight_box(cloud.xyz_m[document.instances(frame).where(instance)], heads_rad=heads_rad)
    box = in_world(own, cloud)
    if before is not None:
        return Put(replace(before, shape=box, origin=Origin.FIT))
    return Put(belonging_to(Annotation(label.name, box, origin=Origin.FIT), instance))


def label_points_of(
    document: Document,
    annotation: Annotation,
    rows: Mapping[int, Where],
    taxonomy: Taxonomy,
    *,
    protected: Protected = frozenset(),
    frame: int = 0,
    new: int | None = None,
) -> tuple[Edit, int]:
    """Give the points in a box, or in a pillar, its class and its instance.

    Parameters
    ----------
    rows
        The points in it, by scan.
    frame
        The scan that tells whose instance most of them are.
    new
        The number of a new instance; the next free one where None.

    Returns
    -------
    tuple
        The edit, which also notes the instance on the box; the instance.

    Raises
    ------
    AnnotatorError
        If points cannot be in such a shape, or its class is not known.
    """
    if not can_hold(annotation.shape):
        raise AnnotatorError(_("only a box or a pillar has points inside; select one"))
    if annotation.label not in taxonomy:
        raise AnnotatorError(_("the class of this box is not in the list of classes"))
    label, own = taxonomy[annotation.label], rows.get(frame, np.zeros(0, np.int64))
    number = instance_of(annotation) or instance_of_most(document, own, label, frame)
    number = number or new or next_instance(document)
    paints = [
        paint_instance(
            document, those, label, number, taxonomy=taxonomy, protected=protected, frame=scan
        )
        for scan, those in rows.items()
    ]
    made: list[Edit] = [paint for paint in paints if paint != NO_EDIT]
    if made and instance_of(annotation) != number:
        made.append(Put(belonging_to(annotation, number)))
    return made[0] if len(made) == 1 else Batch(tuple(made)), number
