"""Verbs that give a focus another shape: cut in two, or filled between its slices."""

from dataclasses import replace

import numpy as np

from annotator.commands.foci import (
    INSTANCES,
    NO_EDIT,
    extend_focus,
    foci,
    instance_of,
    next_instance,
    voxels_of,
)
from annotator.imaging.between import between_slices
from annotator.imaging.slabs import Plane
from annotator.model.annotations import Annotation, new_id
from annotator.model.document import Document
from annotator.model.edits import Batch, Edit, Paint, Put
from annotator.model.layers import Where
from annotator.model.shapes import Focus, Vec3


def fill_between(document: Document, focus: Annotation, spacing_mm: Vec3) -> Edit:
    """Fill the slices that were left out between those of a focus; others' voxels stay theirs."""
    missing = between_slices(voxels_of(document, focus), document.extents[0], spacing_mm)
    return extend_focus(document, focus, missing) if len(missing) else NO_EDIT


def cut_foci(document: Document, start: Vec3, end: Vec3, plane: Plane, spacing_mm: Vec3) -> Edit:
    """Cut every focus that a line crosses into what lies on either side of it.

    The cut goes straight through all slices; each voxel goes where its centre is. The larger
    side keeps the identity, the other becomes a focus with the same class and attributes.

    Parameters
    ----------
    start, end
        Continuous (i, j, k) on one cut of ``plane``.
    spacing_mm
        (z, y, x).
    """
    first = next_instance(document)
    edits: list[Edit] = []
    for focus in foci(document):
        where = voxels_of(document, focus)
        beyond = _beyond(where, document.extents[0], start, end, plane, spacing_mm)
        if beyond is None:
            continue
        part = where[beyond if 2 * beyond.sum() <= len(beyond) else ~beyond]
        instance = first + len(edits) // 2
        edits.append(Paint(INSTANCES, part, np.array([instance], np.uint32)))
        edits.append(Put(replace(focus, id=new_id(), shape=Focus(instance))))
    return Batch(tuple(edits)) if edits else NO_EDIT


def crossed_by(
    document: Document, start: Vec3, end: Vec3, plane: Plane, spacing_mm: Vec3
) -> list[Annotation]:
    """Return the foci that a line would cut in two."""
    return [
        focus
        for focus in foci(document)
        if instance_of(focus)
        and _beyond(voxels_of(document, focus), document.extents[0], start, end, plane, spacing_mm)
        is not None
    ]


def _beyond(  # noqa: PLR0917 - one line in one volume
    where: Where,
    shape: tuple[int, ...],
    start: Vec3,
    end: Vec3,
    plane: Plane,
    spacing_mm: Vec3,
) -> np.ndarray[tuple[int], np.dtype[np.bool_]] | None:
    """Tell which voxels lie to the right of a line; None where it does not cross them.

    A line crosses a focus when some of its voxels on the cut lie within the line's length and
    both sides hold voxels.
    """
    at = np.stack(np.unravel_index(where, shape), axis=1) * np.array(spacing_mm)
    a, b = (np.array(point[::-1]) * np.array(spacing_mm) for point in (start, end))
    down, right = (axis for axis in range(3) if axis != plane.axis)
    along, from_a = b - a, at - a
    length2 = float(along[down] ** 2 + along[right] ** 2)
    if length2 == 0:
        return None
    side = along[right] * from_a[:, down] - along[down] * from_a[:, right]
    beyond = np.asarray(side > 0)
    on_cut = np.abs(from_a[:, plane.axis]) <= 0.5 * spacing_mm[plane.axis]
    share = (along[right] * from_a[:, right] + along[down] * from_a[:, down]) / length2
    near = np.abs(side) / np.sqrt(length2) <= max(spacing_mm[down], spacing_mm[right])
    touched = on_cut & near & (share >= 0) & (share <= 1)
    return beyond if touched.any() and beyond.any() and not beyond.all() else None
