"""Adds a row of parked objects that were fitted from one of them."""

import math
from collections.abc import Iterable
from dataclasses import replace

from annotator.commands.boxes import flip_heading
from annotator.geometry.fit import Fit
from annotator.geometry.shifting import in_world
from annotator.model.annotations import Annotation, Origin
from annotator.model.cloud import PointCloud
from annotator.model.edits import Batch, Put
from annotator.model.shapes import Box3D


def row_of(first: Annotation, fits: Iterable[Fit], cloud: PointCloud) -> tuple[Annotation, ...]:
    """Return fits as annotations that look the way the first one does."""
    return tuple(_like(first, in_world(fit.box, cloud)) for fit in fits)


def add_row(row: Iterable[Annotation]) -> Batch:
    """Add a row as one edit."""
    return Batch(tuple(Put(annotation) for annotation in row))


def _like(first: Annotation, box: Box3D) -> Annotation:
    made = Annotation(first.label, box, origin=Origin.FIT, frame=first.frame)
    if not isinstance(first.shape, Box3D):
        return made
    turn = abs(math.remainder(box.yaw_rad - first.shape.yaw_rad, math.tau))
    if turn <= math.pi / 2:
        return made
    return replace(flip_heading(made).annotation, origin=Origin.FIT)
