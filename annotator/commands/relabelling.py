"""Gives annotations another class."""

from collections.abc import Iterable
from dataclasses import replace

from annotator.commands.tracks import with_all_boxes
from annotator.errors import AnnotatorError
from annotator.i18n import gettext as _
from annotator.model.annotations import Annotation, AnnotationId
from annotator.model.document import Document
from annotator.model.edits import Batch, Put
from annotator.model.labels import Label
from annotator.model.shapes import Polyline3D


def relabelled(document: Document, ids: Iterable[AnnotationId], label: Label) -> Batch:
    """Return the edit after which these objects are of a class, in all scans; what is, stays.

    Raises
    ------
    AnnotatorError
        If one of them has a shape that the class cannot have.
    """
    found = [a for a in with_all_boxes(document, ids) if a.label != label.name]
    for one in found:
        if not can_be(one, label):
            text = _("a wall cannot be of the class {name}; let go of walls, or draw a new object")
            raise AnnotatorError(text.format(name=_(label.title)))
    return Batch(tuple(Put(replace(a, label=label.name)) for a in found))


def can_be(annotation: Annotation, label: Label) -> bool:
    """Tell whether a shape may be of a class: a line's length is no object's of a usual size."""
    return not isinstance(annotation.shape, Polyline3D) or label.usual_size_m is None
