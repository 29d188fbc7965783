"""What was so when a tool's answer was asked for, so that a late one can be told."""

from collections.abc import Mapping
from dataclasses import dataclass

from annotator.model.annotations import Annotation, AnnotationId


@dataclass(frozen=True, slots=True)
class Asked:
    """When an answer was asked for.

    Attributes
    ----------
    number
        How often answers had been backed out of.
    ended
        How often previews had been ended.
    chosen
        How often a tool had been chosen.
    is_awaited
        Whether the person did something and waits for it.
    known
        The annotations as they were.
    """

    number: int
    ended: int
    frame: int
    chosen: int
    is_awaited: bool
    known: Mapping[AnnotationId, Annotation]
