"""Takes annotations out of a document, with the voxels that are theirs."""

from collections.abc import Iterable

import numpy as np

from annotator.model.annotations import AnnotationId
from annotator.model.document import Document
from annotator.model.edits import Batch, Drop, Edit, Paint
from annotator.model.layers import INSTANCE, LayerKey
from annotator.model.shapes import Focus


def drop_all(document: Document, ids: Iterable[AnnotationId]) -> Batch:
    """Return the edit that removes these annotations; a focus takes its voxels along."""
    edits: list[Edit] = []
    chosen = set(ids)
    for annotation_id in [i for i in reversed(document.annotations) if i in chosen]:
        annotation = document.annotations[annotation_id]
        edits.append(Drop(annotation_id))
        if isinstance(annotation.shape, Focus):
            frame = annotation.frame or 0
            where = document.instances(frame).where(annotation.shape.instance)
            edits.append(Paint(LayerKey(INSTANCE, frame), where, np.zeros(1, np.uint32)))
    return Batch(tuple(edits))
