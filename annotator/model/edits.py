"""Changes as data. Applying an edit returns the edit that undoes it."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from annotator.errors import NoSuchAnnotationError
from annotator.i18n import gettext as _
from annotator.model.annotations import Annotation, AnnotationId, Origin
from annotator.model.document import Document
from annotator.model.layers import LayerKey, Values, Where


@dataclass(frozen=True, slots=True)
class Put:
    """Add an annotation, or replace the one with the same id.

    Attributes
    ----------
    before
        The annotation that it stands before where it is added; None adds it at the end. Only what
        was dropped comes back to a place: what is new is the latest.
    """

    annotation: Annotation
    before: AnnotationId | None = None


@dataclass(frozen=True, slots=True)
class Drop:
    """Remove an annotation."""

    id: AnnotationId


@dataclass(frozen=True, slots=True, eq=False)
class Paint:
    """Set values in a layer.

    Attributes
    ----------
    where
        Flat indices into the layer, each at most once.
    values
        One per index, or a single one for all.
    """

    layer: LayerKey
    where: Where
    values: Values

    def __post_init__(self) -> None:
        if len(self.values) not in (1, len(self.where)):
            raise ValueError(f"{len(self.values)} values for {len(self.where)} places")


@dataclass(frozen=True, slots=True)
class Batch:
    """Several edits that are done, and undone, as one."""

    edits: tuple["Edit", ...]


Edit = Put | Drop | Paint | Batch


def apply(edit: Edit, document: Document) -> Edit:
    """Change ``document`` and return the edit that undoes the change.

    Raises
    ------
    NoSuchAnnotationError
        If an edit drops what is not there; the document is left as it was.
    """
    match edit:
        case Put(annotation, place):
            before = document.annotations.get(annotation.id)
            document.annotations[annotation.id] = annotation
            give_number(annotation, document)
            if before is None and place is not None:
                _move_before(place, document)
            return Drop(annotation.id) if before is None else Put(before)
        case Drop(id):
            if id not in document.annotations:
                raise NoSuchAnnotationError(
                    _("an object that this changes is no longer there, so nothing was changed")
                )
            place = _next_after(id, document)
            return Put(document.annotations.pop(id), place)
        case Paint(key, where, values):
            layer = document.layer(key.name, key.frame)
            undo = Paint(key, where, layer.take(where))
            layer.put(where, values)
            return undo
        case Batch(edits):
            return _apply_all(edits, document)


def give_number(annotation: Annotation, document: Document) -> None:
    """Give an object the next number for good.

    What moves is called by its track, and a suggestion is no object yet.
    """
    numbers = document.numbers
    is_called_otherwise = annotation.track is not None or annotation.origin is Origin.SUGGESTION
    if annotation.id not in numbers and not is_called_otherwise:
        numbers[annotation.id] = next(reversed(numbers.values()), 0) + 1


def parts(edit: Edit) -> Iterator[Put | Drop | Paint]:
    """Go through an edit's single changes, in order."""
    if isinstance(edit, Batch):
        for inner in edit.edits:
            yield from parts(inner)
    else:
        yield edit


def layers_of(edit: Edit) -> set[LayerKey]:
    """Return the layers that an edit paints."""
    return {part.layer for part in parts(edit) if isinstance(part, Paint)}


def weight(edit: Edit) -> int:
    """Return how many values an edit paints, and between how many these lie, added up.

    Both take time: values are written one by one, and layers kept in chunks.
    """
    painted = [p.where for p in parts(edit) if isinstance(p, Paint) and len(p.where)]
    return sum(len(where) + int(where[-1] - where[0]) + 1 for where in painted)


def changes_anything(edit: Edit, document: Document) -> bool:
    """Tell whether an edit changes anything; values that are painted count as a change."""
    annotations = document.annotations
    return any(
        not isinstance(part, Put) or annotations.get(part.annotation.id) != part.annotation
        for part in parts(edit)
    )


def outcome(edit: Edit) -> dict[AnnotationId, Annotation | None]:
    """Return what an edit makes of every annotation that it speaks of; None where it drops it."""
    found: dict[AnnotationId, Annotation | None] = {}
    for part in parts(edit):
        match part:
            case Put(annotation):
                found[annotation.id] = annotation
            case Drop(number):
                found[number] = None
            case Paint():
                pass
    return found


def _next_after(wanted: AnnotationId, document: Document) -> AnnotationId | None:
    if wanted == next(reversed(document.annotations)):
        return None
    return next(after for here, after in pairwise(document.annotations) if here == wanted)


def _move_before(place: AnnotationId, document: Document) -> None:
    """Let the last annotation stand before another; it stays last where the other is gone."""
    if place in document.annotations:
        ids = list(document.annotations)
        for later in ids[ids.index(place) : -1]:
            document.annotations[later] = document.annotations.pop(later)


def _apply_all(edits: tuple[Edit, ...], document: Document) -> Batch:
    undo: list[Edit] = []
    try:
        for edit in edits:
            undo.append(apply(edit, document))  # noqa: PERF401 - kept for taking back half a batch
    except Exception:
        for inverse in reversed(undo):
            apply(inverse, document)
        raise
    return Batch(tuple(reversed(undo)))
