"""What has been said about one object."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from annotator.model.plain_numbers import with_plain_numbers
from annotator.model.shapes import Shape

AnnotationId = str
AttributeValue = str | float | bool


class Origin(StrEnum):
    """How an annotation came to be as it is."""

    HAND = "hand"
    FIT = "fit"
    SUGGESTION = "suggestion"
    IMPORT = "import"
    INTERPOLATED = "interpolated"
    REFITTED = "refitted"


class Verdict(StrEnum):
    """A reviewer's mark on one object."""

    RIGHT = "right"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Remark:
    """A reviewer's mark and words on one annotation.

    It belongs to the project, not to the document: reviewing changes no label.
    """

    annotation_id: AnnotationId
    verdict: Verdict | None
    text: str = ""
    who: str = ""


def new_id() -> AnnotationId:
    """Return an identifier nobody has used: a random UUID (RFC 9562, version 4)."""
    return str(uuid.uuid4())


@dataclass(frozen=True, slots=True)
class Annotation:
    """One labelled shape.

    Attributes
    ----------
    label
        Name of its class in the taxonomy.
    shape
        Where it is. A suggestion is drawn dotted and is not a label until a person accepts it.
    frame
        Which scan of a sequence it belongs to; None where the item has one scan, or where a
        static object holds in every frame.
    track
        The identity that annotations of one moving object share across frames.
    """

    label: str
    shape: Shape
    id: AnnotationId = field(default_factory=new_id)
    attributes: Mapping[str, AttributeValue] = field(default_factory=dict)
    origin: Origin = Origin.HAND
    frame: int | None = None
    track: str | None = None
    dismissed: str = ""
    """Why a suggestion was dismissed; empty where it was not."""

    def __post_init__(self) -> None:
        plain = {name: with_plain_numbers(value) for name, value in self.attributes.items()}
        object.__setattr__(self, "attributes", MappingProxyType(plain))
        object.__setattr__(self, "frame", with_plain_numbers(self.frame))
