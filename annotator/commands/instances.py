"""Says which points of a scan are one object: splits, merges, inverts, grows and shrinks them."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np

from annotator.commands.points import NO_EDIT, Protected, one, paint_instance, painted
from annotator.geometry.neighbours import PointIndex, Points, Rows
from annotator.geometry.parts import border, parts_without_crumbs, ring_around, spacing_m
from annotator.model.annotations import Annotation
from annotator.model.document import Document
from annotator.model.edits import Batch, Edit, Paint, Put
from annotator.model.labels import Label, Taxonomy
from annotator.model.layers import INSTANCE, LayerKey, Where

_ENOUGH_TO_TELL = 50_000
"""So many points tell the class of an instance: nobody waits for more."""
INSTANCE_ATTRIBUTE = "instance"
"""The attribute of a box that says which instance its points are."""
_CRUMB = 5
"""Fewer points are no part of their own, unless the class asks for fewer."""


def instance_of(annotation: Annotation) -> int:
    """Return the instance that a box's points are; 0 if it has none."""
    number = annotation.attributes.get(INSTANCE_ATTRIBUTE, 0)
    return int(number) if isinstance(number, float | int) and number >= 1 else 0


def next_instance(document: Document) -> int:
    """Return a number that no object of an item has, in whichever scan."""
    painted_so_far = [layer.highest for key, layer in document.layers.items() if key[0] == INSTANCE]
    boxed = [instance_of(a) for a in document.annotations.values()]
    return max([0, *painted_so_far, *boxed]) + 1


def instance_of_most(document: Document, rows: Where, label: Label, frame: int = 0) -> int:
    """Return the instance of a class that most of the points belong to; 0 if none."""
    instances = document.instances(frame).take(rows)
    mine = instances[document.semantic(frame).take(rows) == label.value]
    mine = mine[mine > 0]
    if 2 * len(mine) <= len(rows):
        return 0
    numbers, counts = np.unique(mine, return_counts=True)
    return int(numbers[counts.argmax()])


def members(document: Document, instances: Iterable[int], frame: int = 0) -> Where:
    """Return the sorted rows of the points of some instances."""
    found = [document.instances(frame).where(number) for number in instances if number]
    if len(found) == 1:  # sorted as it is: to sort millions takes seconds
        return found[0]
    return np.sort(np.concatenate(found), kind="stable") if found else np.zeros(0, np.int64)


def class_of(document: Document, instance: int, taxonomy: Taxonomy, frame: int = 0) -> Label | None:
    """Return the class of most of an instance's points; None if they have none that is known.

    Of very many the first ones are asked: nearly always all have the same.
    """
    rows = document.instances(frame).where(instance, most=_ENOUGH_TO_TELL)
    value = _value_of_most(document, rows, frame)
    return taxonomy.of_value(value)


def relabel_instances(
    document: Document,
    instances: Iterable[int],
    label: Label,
    *,
    taxonomy: Taxonomy,
    protected: Protected = frozenset(),
    frame: int = 0,
) -> Edit:
    """Give the points of instances another class; they stay in their instances."""
    edits = [
        paint_instance(
            document,
            members(document, (number,), frame),
            label,
            number,
            taxonomy=taxonomy,
            protected=protected,
            frame=frame,
        )
        for number in instances
    ]
    return _together(edits)


def least_of_a_part(label: Label | None) -> int:
    """Return how many points a part of an instance of a class must have to be one."""
    return _CRUMB if label is None else min(_CRUMB, label.minimum_points)


def parts_of_instance(
    document: Document,
    instance: int,
    xyz_m: Points,
    label: Label | None,
    *,
    gap_m: float,
    frame: int = 0,
) -> tuple[Where, Rows]:
    """Return an instance's rows, and the part of each that a gap separates; 0 is the largest.

    Crumbs stay with the nearest part: nobody means an object of three points.
    """
    rows = document.instances(frame).where(instance)
    return rows, parts_without_crumbs(xyz_m[rows], gap_m, least=least_of_a_part(label))


def split_instance(
    document: Document,
    instance: int,
    index: PointIndex,
    label: Label | None,
    *,
    gap_m: float,
    frame: int = 0,
) -> Edit:
    """Make an instance of each part that a gap separates; the largest keeps the number."""
    rows, parts = parts_of_instance(
        document, instance, index.xyz_m, label, gap_m=gap_m, frame=frame
    )
    others = parts > 0
    if not others.any():
        return NO_EDIT
    numbers = next_instance(document) - 1 + parts[others]
    return Paint(LayerKey(INSTANCE, frame), rows[others], numbers.astype(np.uint32))


def split_off(document: Document, rows: Where, *, frame: int = 0) -> Edit:
    """Make an instance of its own of those points that belong to one."""
    mine = rows[document.instances(frame).take(rows) > 0]
    if not len(mine):
        return NO_EDIT
    return Paint(LayerKey(INSTANCE, frame), mine, one(next_instance(document)))


def merge_instances(document: Document, instances: Sequence[int], *, frame: int = 0) -> Edit:
    """Make one instance of several: the first keeps its number and its class.

    A box of one of the others is then a box of the first.
    """
    if len(instances) < 2:
        return NO_EDIT
    layer = document.instances(frame)
    where, first = members(document, instances[1:], frame), layer.where(instances[0])
    if not len(where) or not len(first):
        return NO_EDIT
    value = _value_of_most(document, first, frame)
    boxes = [
        Put(belonging_to(a, instances[0]))
        for a in document.in_frame(frame)
        if instance_of(a) in instances[1:]
    ]
    return Batch((painted(document, where, value, instances[0], frame=frame), *boxes))


def invert_instance(document: Document, instance: int, rows: Where, *, frame: int = 0) -> Edit:
    """Let those of the points that are in an instance leave it, and the free ones become it.

    Free is what has no class, or the instance's own class and no instance; points of other
    classes and of other instances stay as they are.

    Parameters
    ----------
    rows
        Among these the instance is inverted, such as all that is shown; sorted.
    """
    value = _value_of_most(document, document.instances(frame).where(instance), frame)
    instances, values = document.instances(frame).take(rows), document.semantic(frame).take(rows)
    inside = instances == instance
    free = (instances == 0) & ((values == 0) | (values == value))
    leaving = painted(document, rows[inside], 0, 0, frame=frame)
    joining = painted(document, rows[free], value, instance, frame=frame)
    return Batch((leaving, joining)) if inside.any() and free.any() else NO_EDIT


def grow_instance(
    document: Document,
    instance: int,
    index: PointIndex,
    *,
    reach_m: float | None = None,
    frame: int = 0,
) -> Edit:
    """Add the ring of points around an instance that have no class and belong to no other.

    Parameters
    ----------
    reach_m
        How far the ring reaches; by default twice the instance's own spacing.
    """
    rows = document.instances(frame).where(instance)
    ring = ring_around(index, rows, reach_m or 2 * spacing_m(index.xyz_m[rows]))
    semantic = document.semantic(frame)
    free = ring[(semantic.take(ring) == 0) & (document.instances(frame).take(ring) == 0)]
    return painted(document, free, _value_of_most(document, rows, frame), instance, frame=frame)


def shrink_instance(
    document: Document,
    instance: int,
    index: PointIndex,
    *,
    reach_m: float | None = None,
    frame: int = 0,
) -> Edit:
    """Take away the points of an instance that have a neighbour outside it.

    What would take all points takes none.
    """
    rows = document.instances(frame).where(instance)
    edge = border(index, rows, reach_m or 2 * spacing_m(index.xyz_m[rows]))
    return NO_EDIT if len(edge) == len(rows) else painted(document, edge, 0, 0, frame=frame)


def belonging_to(annotation: Annotation, instance: int) -> Annotation:
    """Return a box that says which instance its points are."""
    attributes = {**annotation.attributes, INSTANCE_ATTRIBUTE: float(instance)}
    return replace(annotation, attributes=attributes)


def _together(edits: Sequence[Edit]) -> Edit:
    changing = [edit for edit in edits if edit != NO_EDIT]
    return changing[0] if len(changing) == 1 else Batch(tuple(changing))


def _value_of_most(document: Document, rows: Where, frame: int) -> int:
    values = document.semantic(frame).take(rows)
    return int(np.bincount(values).argmax()) if len(values) else 0
