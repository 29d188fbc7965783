"""Adds a row of parked objects that were fitted from one of them."""

from collections.abc import Iterable

from annotator.geometry.fit import Fit
from annotator.geometry.shifting import in_world
from annotator.model.annotations import Annotation, Origin
from annotator.model.cloud import PointCloud
from annotator.model.edits import Batch, Put


def row_of(first: Annotation, fits: Iterable[Fit], cloud: PointCloud) -> tuple[Annotation, ...]:
    """Return fits as annotations of the class, and of the scan, of the first one."""
    return tuple(
        Annotation(first.label, in_world(fit.box, cloud), origin=Origin.FIT, frame=first.frame)
        for fit in fits
    )


def add_row(row: Iterable[Annotation]) -> Batch:
    """Add a row as one edit."""
    return Batch(tuple(Put(annotation) for annotation in row))
