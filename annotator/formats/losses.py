"""The losses that most formats share, said alike."""

from collections.abc import Iterable, Iterator

from annotator.formats.format import Holds, Level, Loss
from annotator.i18n import gettext as _
from annotator.i18n import listed
from annotator.model.annotations import Annotation, Origin
from annotator.model.document import Document
from annotator.model.labels import Taxonomy
from annotator.model.layers import INSTANCE
from annotator.model.shapes import (
    Box3D,
    Cylinder3D,
    Focus,
    Point3D,
    Polygon3D,
    Polyline3D,
    Shape,
)


def told(document: Document) -> list[Annotation]:
    """Return the annotations that are labels: a suggestion is none until a person accepts it."""
    return [a for a in document.annotations.values() if a.origin is not Origin.SUGGESTION]


def suggestion_losses(document: Document) -> Iterator[Loss]:
    """Go through the suggestions, which no label file for others carries."""
    for annotation in document.annotations.values():
        if annotation.origin is Origin.SUGGESTION:
            yield Loss(
                Level.DROPPED, kind_of(annotation.shape), annotation.id, _why_no_label(annotation)
            )


def layer_losses(document: Document) -> Iterator[Loss]:
    """Go through the layers that hold anything, for a format that has no room for any."""
    for name in held_layers(document):
        kind = Holds.POINT_INSTANCE if name == INSTANCE else Holds.POINT_LABEL
        reason = _("this format holds no label per point or voxel")
        yield Loss(Level.DROPPED, kind, layer_subject(name), reason)


def held_layers(document: Document) -> list[str]:
    """Return the names of the layers that hold anything, in any scan, in their order."""
    return sorted(
        {key.name for key, layer in document.layers.items() if any(True for _c in layer.chunks())}
    )


def layer_subject(name: str) -> str:
    """Return what a loss calls a layer."""
    return f"layer:{name}"


def answers_in_words(annotation: Annotation, names: Iterable[str], taxonomy: Taxonomy) -> str:
    """Return what a person calls some of what an annotation's class asks."""
    label = annotation.label
    asked = taxonomy[label].attributes if label in taxonomy else ()
    titles = {attribute.name: attribute.title for attribute in asked}
    return listed(_(titles.get(name, name)) for name in sorted(names))


def shape_dropped(annotation: Annotation) -> Loss:
    """Return the loss of an annotation whose shape a format does not know."""
    reason = _("this format has no {shape}").format(shape=shape_words(annotation.shape))
    return Loss(Level.DROPPED, kind_of(annotation.shape), annotation.id, reason)


def kind_of(shape: Shape) -> Holds:
    """Return which kind of thing a shape is to a format."""
    match shape:
        case Box3D():
            return Holds.TILTED_BOX if shape.pitch_rad or shape.roll_rad else Holds.BOX
        case Cylinder3D():
            return Holds.CYLINDER
        case Polyline3D():
            return Holds.WALL if shape.height_m or shape.openings else Holds.POLYLINE
        case Polygon3D():
            return Holds.POLYGON
        case Point3D():
            return Holds.POINT
        case Focus():
            return Holds.FOCUS


def shape_words(shape: Shape) -> str:
    """Return what a person calls a shape, in the person's language."""
    return {
        Holds.BOX: _("box"),
        Holds.TILTED_BOX: _("tilted box"),
        Holds.CYLINDER: _("cylinder"),
        Holds.WALL: _("wall"),
        Holds.POLYLINE: _("line"),
        Holds.POLYGON: _("polygon"),
        Holds.POINT: _("point"),
        Holds.FOCUS: _("focus"),
    }[kind_of(shape)]


def _why_no_label(suggestion: Annotation) -> str:
    if not suggestion.dismissed:
        return _("a suggestion is not a label until a person accepts it")
    text = _("it was dismissed as {reason}, so it is no label")
    return text.format(reason=_(suggestion.dismissed))
