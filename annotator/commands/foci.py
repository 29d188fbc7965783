"""Verbs for calcification foci: sets of voxels of the instance layer, and what is said of them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import zip_longest

import numpy as np
import numpy.typing as npt

from annotator.imaging.components import connected_parts
from annotator.model.annotations import (
    Annotation,
    AnnotationId,
    AttributeValue,
    Origin,
    new_id,
)
from annotator.model.document import Document
from annotator.model.edits import Batch, Drop, Edit, Paint, Put
from annotator.model.labels import BELONGS_TO
from annotator.model.layers import INSTANCE, LayerKey, Where
from annotator.model.shapes import Focus
from annotator.model.volume import Hu

INSTANCES = LayerKey(INSTANCE)
NO_EDIT = Batch(())


def mark_focus(
    document: Document,
    where: Where,
    label: str,
    *,
    id: AnnotationId | None = None,  # noqa: A002 - the model's own word
    origin: Origin = Origin.HAND,
    attributes: Mapping[str, AttributeValue] | None = None,
    dismissed: str = "",
) -> Edit:
    """Make a new focus of the voxels that belong to no other: foci that touch stay two.

    Parameters
    ----------
    where
        Flat indices.
    id
        The new annotation's; a new one where none is given.
    dismissed
        Why this is no calcification; its voxels are then explained, not marked.
    """
    free = _free(document, where)
    if not len(free):
        return NO_EDIT
    instance = next_instance(document)
    focus = Annotation(
        label,
        Focus(instance),
        id=id or new_id(),
        attributes=attributes or {},
        origin=origin,
        dismissed=dismissed,
    )
    return Batch((_painted(free, instance), Put(focus)))


def suggest_foci(
    document: Document,
    parts: Iterable[Where],
    label: str,
    sites: Iterable[str] = (),
    *,
    dismissed: str = "",
) -> Edit:
    """Put forward several sets of voxels at once; none is a label until a person accepts it.

    Parameters
    ----------
    parts
        Flat indices of each; they do not overlap. Voxels that a focus holds stay its own.
    sites
        The likeliest site of each, noted as an attribute.
    dismissed
        Why a person said that none of them is a calcification.
    """
    edits: list[Edit] = []
    instance = next_instance(document)
    for part, site in zip_longest(parts, sites, fillvalue=""):
        where = _free(document, np.asarray(part))
        if len(where):
            said = {"site": site} if site else {}
            focus = Annotation(
                label,
                Focus(instance),
                origin=Origin.SUGGESTION,
                attributes=said,
                dismissed=dismissed,
            )
            edits += (_painted(where, instance), Put(focus))
            instance += 1
    return Batch(tuple(edits))


def extend_focus(document: Document, focus: Annotation, where: Where) -> Edit:
    """Add voxels to a focus; those of other foci stay theirs.

    A focus that was only suggested, or dismissed, is a person's own from then on.
    """
    free = _free(document, where)
    if not len(free):
        return NO_EDIT
    painted = _painted(free, instance_of(focus))
    return painted if is_counted(focus) else Batch((painted, claim(focus)))


def erase(document: Document, where: Where) -> Edit:
    """Take voxels away from all foci; a focus that loses its last voxel goes."""
    taken = document.instances().take(where)
    hit = taken > 0
    if not hit.any():
        return NO_EDIT
    lost = {int(n): int(c) for n, c in zip(*np.unique(taken[hit], return_counts=True), strict=True)}
    gone = [
        Drop(focus.id)
        for focus in foci(document)
        if (n := instance_of(focus)) in lost and lost[n] == len(document.instances().where(n))
    ]
    return Batch((_painted(where[hit], 0), *gone))


def remove_foci(document: Document, ids: Sequence[AnnotationId]) -> Edit:
    """Remove foci with their voxels."""
    return Batch(
        tuple(
            edit
            for focus in _chosen(document, ids)
            for edit in (_painted(voxels_of(document, focus), 0), Drop(focus.id))
        )
    )


def merge_foci(document: Document, ids: Sequence[AnnotationId]) -> Edit:
    """Make one focus of several: the first keeps its class and attributes."""
    if len(ids) < 2:
        return NO_EDIT
    first, *others = _chosen(document, ids)
    where = np.concatenate([voxels_of(document, focus) for focus in others])
    return Batch((_painted(where, instance_of(first)), *(Drop(focus.id) for focus in others)))


def split_focus(
    document: Document, focus: Annotation, before: Sequence[tuple[Where, Annotation]] = ()
) -> Edit:
    """Make a focus of each 26-connected part; the largest keeps the identity.

    Parameters
    ----------
    before
        Sorted voxels of the foci that were merged into it, and what was said of each: a part of
        one of them has its class and answers again, any other those of the focus.
    """
    where = voxels_of(document, focus)
    parts = connected_parts(where, document.extents[0])
    sizes = np.bincount(parts) if len(parts) else np.zeros(0, np.int64)
    if len(sizes) < 2:
        return NO_EDIT
    first = next_instance(document)
    edits: list[Edit] = []
    largest = int(sizes.argmax())
    others = [n for n in range(len(sizes)) if n != largest]
    for instance, number in enumerate(others, start=first):
        part = where[parts == number]
        said = _said_of(part, before, focus)
        edits.append(_painted(part, instance))
        edits.append(Put(replace(said, id=new_id(), shape=Focus(instance))))
    said = replace(_said_of(where[parts == largest], before, focus), id=focus.id, shape=focus.shape)
    return Batch((*edits, Put(said)) if said != focus else tuple(edits))


def remove_islands(document: Document, focus: Annotation, *, fewer_than: int) -> Edit:
    """Take the parts of a focus away that have too few voxels; the largest always stays."""
    where = voxels_of(document, focus)
    parts = connected_parts(where, document.extents[0])
    sizes = np.bincount(parts)
    small = sizes < fewer_than
    small[sizes.argmax()] = False
    islands = where[small[parts]]
    return _painted(islands, 0) if len(islands) else NO_EDIT


def grow_by_a_voxel(
    document: Document, focus: Annotation, hu: Hu, *, at_least_hu: float = -np.inf
) -> Edit:
    """Add the 26 neighbours of a focus's voxels that reach a value and belong to no other."""
    around = _with_neighbours(voxels_of(document, focus), document.extents[0])
    return extend_focus(document, focus, around[hu.ravel()[around] >= at_least_hu])


def shrink_by_a_voxel(document: Document, focus: Annotation) -> Edit:
    """Take away the voxels of a focus that have a neighbour in their slice outside it.

    In the slice only: thick slices would vanish whole. What would take all voxels takes none.
    """
    where = voxels_of(document, focus)
    inside = np.ones(len(where), np.bool_)
    _, rows, columns = document.extents[0]
    j, i = (where // columns) % rows, where % columns
    for step, is_within in (
        (1, i < columns - 1),
        (-1, i > 0),
        (columns, j < rows - 1),
        (-columns, j > 0),
    ):
        inside &= is_within & np.isin(where + step, where)
    return _painted(where[~inside], 0) if inside.any() and not inside.all() else NO_EDIT


def set_attribute(
    document: Document, ids: Sequence[AnnotationId], name: str, value: AttributeValue
) -> Edit:
    """Answer one question about some annotations."""
    return Batch(
        tuple(
            Put(replace(a, attributes={**a.attributes, name: value}))
            for a in _chosen(document, ids)
        )
    )


def assign_to_nodule(document: Document, ids: Sequence[AnnotationId], nodule: Annotation) -> Edit:
    """Say that foci belong to a nodule: by its id, which files keep, unlike numbers of voxels."""
    return set_attribute(
        document, [each for each in ids if each != nodule.id], BELONGS_TO, nodule.id
    )


def claim(focus: Annotation) -> Edit:
    """Make one focus a person's own; nothing where it is already.

    The site of a suggestion was guessed, and is not kept.
    """
    if is_counted(focus):
        return NO_EDIT
    kept = {k: v for k, v in focus.attributes.items() if focus.dismissed or k != "site"}
    return Put(replace(focus, origin=Origin.HAND, dismissed="", attributes=kept))


def dismiss(document: Document, ids: Sequence[AnnotationId], reason: str) -> Edit:
    """Say why suggestions are no calcification; their voxels stay explained.

    Raises
    ------
    ValueError
        If no reason is given: a scan is proven finished by its reasons.
    """
    if not reason:
        raise ValueError("a suggestion is dismissed with a reason")
    return Batch(
        tuple(
            Put(replace(a, origin=Origin.SUGGESTION, dismissed=reason))
            for a in _chosen(document, ids)
        )
    )


def foci(document: Document) -> list[Annotation]:
    """Return the document's foci, suggestions and dismissed ones included."""
    return [a for a in document.annotations.values() if isinstance(a.shape, Focus)]


def is_counted(focus: Annotation) -> bool:
    """Tell whether a person stands for a focus: neither dismissed nor only suggested."""
    return not focus.dismissed and focus.origin is not Origin.SUGGESTION


def focus_at(document: Document, index: int) -> Annotation | None:
    """Return the focus that a voxel belongs to."""
    instance = int(document.instances().take(np.array([index]))[0])
    return focus_of(document, instance) if instance else None


def focus_of(document: Document, instance: int) -> Annotation | None:
    """Return the focus with an instance number."""
    return next((a for a in foci(document) if instance_of(a) == instance), None)


def instance_of(focus: Annotation) -> int:
    """Return a focus's number in the instance layer; 0 for what is no focus."""
    return focus.shape.instance if isinstance(focus.shape, Focus) else 0


def voxels_of(document: Document, focus: Annotation) -> Where:
    """Return a focus's sorted flat indices."""
    instance = instance_of(focus)
    return document.instances().where(instance) if instance else np.zeros(0, np.int64)


def touches(document: Document, focus: Annotation, where: Where) -> bool:
    """Tell whether voxels are, or are 26-connected to, a focus's own."""
    if not len(where):
        return False
    around = _with_neighbours(where, document.extents[0])
    return bool((document.instances().take(around) == instance_of(focus)).any())


def next_instance(document: Document) -> int:
    """Return a number that neither a focus nor a voxel has, or ever had while this was open."""
    told = max((instance_of(focus) for focus in foci(document)), default=0)
    return max(told, document.instances().highest) + 1


def _chosen(document: Document, ids: Sequence[AnnotationId]) -> list[Annotation]:
    return [document.annotations[each] for each in ids]


def _said_of(
    part: Where, before: Sequence[tuple[Where, Annotation]], otherwise: Annotation
) -> Annotation:
    """Return what was said of a part before it was merged."""
    said = (told for where, told in before if np.isin(part, where).all())
    return next(said, otherwise)


def _free(document: Document, where: Where) -> Where:
    is_free: npt.NDArray[np.bool_] = document.instances().take(where) == 0
    return where[is_free]


def _painted(where: Where, instance: int) -> Paint:
    return Paint(INSTANCES, where, np.array([instance], np.uint32))


def _with_neighbours(where: Where, shape: tuple[int, ...]) -> Where:
    at = np.stack(np.unravel_index(where, shape), axis=1)
    steps = np.stack(np.meshgrid(*[(-1, 0, 1)] * 3, indexing="ij"), axis=-1).reshape(-1, 3)
    around = (at[:, None] + steps).reshape(-1, 3)
    inside = ((around >= 0) & (around < np.array(shape))).all(axis=1)
    flat = np.ravel_multi_index(tuple(around[inside].T), shape)
    return np.asarray(np.unique(flat), np.int64)
