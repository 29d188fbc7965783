"""What all label files of a CT share: which foci they carry, what they leave out, how they end."""

import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from annotator.formats.format import Holds, Level, Loss
from annotator.formats.losses import (
    held_layers,
    layer_subject,
    shape_dropped,
    suggestion_losses,
    told,
)
from annotator.formats.plain import annotation_as_plain, annotation_from_plain
from annotator.i18n import gettext as _
from annotator.model.annotations import Annotation, AnnotationId, AttributeValue, Origin
from annotator.model.document import Document
from annotator.model.layers import INSTANCE, SEMANTIC, Layer, LayerKey, Values, Where
from annotator.model.shapes import Focus


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """Voxels of one instance, and what was said about them, if anything was.

    Attributes
    ----------
    where
        Sorted flat indices into (slices, rows, columns).
    """

    instance: int
    where: Where
    annotation: Annotation | None = None


@dataclass(frozen=True, slots=True, eq=False)
class FoundFocus:
    """A focus as a file says it.

    Attributes
    ----------
    label
        Its class; None where the file knows of voxels only.
    instance
        The number that it should have again; 0 where any will do.
    """

    where: Where
    label: str | None
    id: AnnotationId
    attributes: Mapping[str, AttributeValue] = field(default_factory=dict)
    instance: int = 0


def parts_of(document: Document) -> list[Part]:
    """Return what a file carries: one part per instance, without those that are suggestions."""
    layer = document.layers.get(LayerKey(INSTANCE))
    if layer is None:
        return []
    owners = _owners(document)
    suggested = _suggested(document)
    return [
        Part(n, where, owners.get(n))
        for n, where in _voxels_by_instance(layer)
        if n in owners or n not in suggested
    ]


def foci_losses(document: Document) -> Iterator[Loss]:
    """Go through what no label file of voxels carries."""
    yield from suggestion_losses(document)
    owners, held = _owners(document), _held(document)
    for annotation in told(document):
        match annotation.shape:
            case Focus(n) if n not in held:
                reason = _("it has no voxel")
                yield Loss(Level.DROPPED, Holds.FOCUS, annotation.id, reason)
            case Focus(n) if owners[n] is not annotation:
                reason = _("its voxels are another focus's as well, which carries them")
                yield Loss(Level.DROPPED, Holds.FOCUS, annotation.id, reason)
            case Focus():
                yield from _track_losses(annotation)
            case _:
                yield shape_dropped(annotation)
    yield from _layer_losses(document, owners, held)


def document_of(extent: tuple[int, int, int], foci: Iterable[FoundFocus]) -> Document:
    """Return a document of foci. Where two overlap, the smaller keeps the voxel.

    A focus that lost voxels says how many in its attribute ``overlap_voxels``.
    """
    document = Document((extent,))
    layer = document.instances()
    wanted = list(foci)
    numbers = _numbers(wanted)
    lost: dict[int, int] = {}
    for focus, number in sorted(zip(wanted, numbers, strict=True), key=lambda x: len(x[0].where)):
        free = focus.where[layer.take(focus.where) == 0]
        layer.put(free, np.array([number], np.uint32))
        lost[number] = len(focus.where) - len(free)
    for focus, number in zip(wanted, numbers, strict=True):
        if focus.label is not None:
            overlap = {"overlap_voxels": float(lost[number])} if lost[number] else {}
            attributes = dict(focus.attributes) | overlap
            own = id_of(focus.id, number) if focus.id in document.annotations else focus.id
            document.annotations[own] = Annotation(
                focus.label, Focus(number), own, attributes, Origin.IMPORT
            )
    return document


def attributes_as_plain(annotation: Annotation) -> dict[str, Any]:
    """Return the attributes as JSON can hold them."""
    plain: dict[str, Any] = annotation_as_plain(annotation).get("attributes", {})
    return plain


def attributes_from_plain(plain: object) -> Mapping[str, AttributeValue]:
    """Return attributes that `attributes_as_plain` made.

    Raises
    ------
    ValueError
        If one of them is no text, number, or yes or no.
    """
    shape = {"type": "focus", "instance": 1}
    table = {"id": "-", "label": "-", "shape": shape, "attributes": plain or {}}
    return annotation_from_plain(table).attributes


def id_of(*said: object) -> AnnotationId:
    """Return an id that the same words always give, so that remarks find their focus again."""
    return str(uuid.uuid5(uuid.NAMESPACE_OID, "/".join(map(str, said))))


def uid_of(annotation_id: AnnotationId) -> str:
    """Return an annotation's id as a UID of the root 2.25 (DICOM PS3.5, B.2)."""
    try:
        return f"2.25.{uuid.UUID(annotation_id).int}"
    except ValueError:
        return f"2.25.{uuid.uuid5(uuid.NAMESPACE_OID, annotation_id).int}"


def id_of_uid(uid: str) -> AnnotationId:
    """Return the id that `uid_of` made a UID of, or one that the same UID always gives."""
    root, _dot, number = uid.rpartition(".")
    if root == "2.25" and number.isdecimal() and len(number) < 40 and int(number) < 2**128:
        return str(uuid.UUID(int=int(number)))
    return id_of(uid)


def plain_label(text: str) -> str:
    """Return a class name without spaces, as the taxonomy asks for."""
    return "-".join(text.split()).lower() or "unnamed"


def _numbers(foci: Iterable[FoundFocus]) -> list[int]:
    """Return an instance for each focus: the one it had, where that is still free."""
    wanted = list(foci)
    taken = {focus.instance for focus in wanted}
    spare = (n for n in range(1, 2**32) if n not in taken)
    numbers: list[int] = []
    used: set[int] = set()
    for focus in wanted:
        number = focus.instance if focus.instance and focus.instance not in used else next(spare)
        used.add(number)
        numbers.append(number)
    return numbers


def _voxels_by_instance(layer: Layer) -> Iterator[tuple[int, Where]]:
    """Go through each instance with its sorted voxels; every slice is looked at once."""
    where: list[Where] = [np.zeros(0, np.int64)]
    values: list[Values] = [np.zeros(0, np.uint32)]
    for number in layer.chunks():
        chunk = layer.chunk(number)
        held = np.flatnonzero(chunk)
        where.append(held + number * layer.chunk_size)
        values.append(chunk[held])
    of = np.concatenate(values)
    order = np.argsort(of, kind="stable")
    numbers, starts = np.unique(of[order], return_index=True)
    yield from zip(
        numbers.tolist(), np.split(np.concatenate(where)[order], starts[1:]), strict=bool(len(of))
    )


def _owners(document: Document) -> dict[int, Annotation]:
    """Return the annotation that speaks for each instance: the first, where several would."""
    owners: dict[int, Annotation] = {}
    for annotation in told(document):
        if isinstance(annotation.shape, Focus):
            owners.setdefault(annotation.shape.instance, annotation)
    return owners


def _suggested(document: Document) -> set[int]:
    return {
        a.shape.instance
        for a in document.annotations.values()
        if isinstance(a.shape, Focus) and a.origin is Origin.SUGGESTION
    }


def _held(document: Document) -> set[int]:
    layer = document.layers.get(LayerKey(INSTANCE))
    return set(layer.counts()) if layer is not None else set()


def _track_losses(annotation: Annotation) -> Iterator[Loss]:
    if annotation.track is not None:
        reason = _("this format has no tracks")
        yield Loss(Level.DROPPED, Holds.TRACK, annotation.id, reason)
    if annotation.frame is not None:
        reason = _("a CT has no scans to tell apart")
        yield Loss(Level.DROPPED, Holds.FRAMES, annotation.id, reason)


def _layer_losses(
    document: Document, owners: Mapping[int, Annotation], held: set[int]
) -> Iterator[Loss]:
    for name in held_layers(document):
        if name not in {INSTANCE, SEMANTIC}:
            reason = _("this format has no such layer")
            yield Loss(Level.DROPPED, Holds.POINT_LABEL, layer_subject(name), reason)
    if SEMANTIC in held_layers(document):
        reason = _("only foci are written; a class without a focus is left out")
        yield Loss(Level.DROPPED, Holds.POINT_LABEL, layer_subject(SEMANTIC), reason)
    if (held & _suggested(document)) - set(owners):
        reason = _("voxels of suggestions are left out")
        yield Loss(Level.DROPPED, Holds.POINT_INSTANCE, layer_subject(INSTANCE), reason)
