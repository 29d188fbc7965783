"""Gives annotations another class."""

from collections.abc import Iterable
from dataclasses import replace

from annotator.commands.tracks import with_all_boxes
from annotator.model.annotations import AnnotationId
from annotator.model.document import Document
from annotator.model.edits import Batch, Put


def relabelled(document: Document, ids: Iterable[AnnotationId], label: str) -> Batch:
    """Return the edit after which these objects are of a class, in all scans; what is, stays."""
    found = with_all_boxes(document, ids)
    return Batch(tuple(Put(replace(a, label=label)) for a in found if a.label != label))
