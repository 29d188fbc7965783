"""Finds what is labelled already where something new is to be added."""

from annotator.geometry.boxes import iou_3d
from annotator.geometry.wireframes import surrounding_box
from annotator.model.annotations import Annotation
from annotator.model.document import Document
from annotator.model.edits import Edit, Put
from annotator.model.shapes import Box3D, Cylinder3D

_SAME_IOU = 0.7


def twin_of(edit: Edit, document: Document, frame: int) -> Annotation | None:
    """Return what fills about the same place in a scan as the one thing that an edit would add.

    Two objects never share 70 % of their space: whoever adds the second has clicked twice, or did
    not see the first.
    """
    if not isinstance(edit, Put) or edit.annotation.id in document.annotations:
        return None
    new = edit.annotation
    for known in document.in_frame(frame):
        if not known.dismissed and _share_place(new, known):
            return known
    return None


def _share_place(one: Annotation, other: Annotation) -> bool:
    if not all(isinstance(a.shape, Box3D | Cylinder3D) for a in (one, other)):
        return False
    box, there = surrounding_box(one.shape), surrounding_box(other.shape)
    return box is not None and there is not None and iou_3d(box, there) > _SAME_IOU
