"""Says in which scans of a sequence something new holds."""

from dataclasses import replace

from annotator.model.document import Document
from annotator.model.edits import Batch, Edit, Put
from annotator.model.labels import GHOST, Taxonomy


def can_move(label: str, taxonomy: Taxonomy) -> bool:
    """Tell whether objects of a class may be elsewhere in the next scan.

    Classes that ask whether the object moves may; a pillar or a wall never does. A class that the
    taxonomy does not know may be anything.
    """
    if label not in taxonomy:
        return True
    return any(attribute.name == "moving" for attribute in taxonomy[label].attributes)


def framed(
    edit: Edit, document: Document, taxonomy: Taxonomy, *, frame: int, makes_static: bool
) -> Edit:
    """Give every annotation that an edit adds its scan; what is there already keeps its own.

    Parameters
    ----------
    frame
        The scan that is worked on.
    makes_static
        Whether the person said that what is labelled now holds in every scan.
    """
    if len(document.extents) == 1:
        return edit
    match edit:
        case Put(annotation) if annotation.id not in document.annotations:
            is_fixed = annotation.label != GHOST and not can_move(annotation.label, taxonomy)
            holds_everywhere = makes_static or is_fixed
            return Put(replace(annotation, frame=None if holds_everywhere else frame))
        case Batch(edits):
            parts = (
                framed(part, document, taxonomy, frame=frame, makes_static=makes_static)
                for part in edits
            )
            return Batch(tuple(parts))
        case _:
            return edit
