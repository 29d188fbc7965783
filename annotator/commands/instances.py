"""Says which points of a scan are one object: paints, splits, merges, grows and shrinks them."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from annotator.commands.points import changing_rows
from annotator.geometry.neighbours import PointIndex
from annotator.geometry.parts import border, parts_by_gap, ring_around, spacing_m
from annotator.model.document import Document
from annotator.model.edits import Batch, Edit, Paint
from annotator.model.labels import Label, Taxonomy
from annotator.model.layers import INSTANCE, SEMANTIC, LayerKey, Where

NO_EDIT = Batch(())
Protected = frozenset[str]


def next_instance(document: Document, frame: int = 0) -> int:
    """Return a number that no object of a scan has."""
    return document.instances(frame).highest + 1


def instance_of_most(document: Document, rows: Where, label: Label, frame: int = 0) -> int:
    """Return the object of a class that most of the points belong to; a new number if none."""
    instances = document.instances(frame).take(rows)
    mine = instances[document.semantic(frame).take(rows) == label.value]
    mine = mine[mine > 0]
    if 2 * len(mine) <= len(rows):
        return next_instance(document, frame)
    return int(np.bincount(mine).argmax())


def paint_class(
    document: Document,
    rows: Where,
    label: Label | None,
    *,
    taxonomy: Taxonomy,
    protected: Protected = frozenset(),
    frame: int = 0,
) -> Edit:
    """Give points a class, or none; a point of another class leaves its object.

    An object that lost points to another class would otherwise be in the file twice.
    """
    return _painted(
        document, rows, label, None, taxonomy=taxonomy, protected=protected, frame=frame
    )


def paint_object(
    document: Document,
    rows: Where,
    label: Label,
    instance: int,
    *,
    taxonomy: Taxonomy,
    protected: Protected = frozenset(),
    frame: int = 0,
) -> Edit:
    """Make points one object of a class."""
    return _painted(
        document, rows, label, instance, taxonomy=taxonomy, protected=protected, frame=frame
    )


def split_instance(
    document: Document, instance: int, index: PointIndex, *, gap_m: float, frame: int = 0
) -> Edit:
    """Make an object of each part that a gap separates; the largest keeps the number."""
    rows = document.instances(frame).where(instance)
    parts = parts_by_gap(index.xyz_m[rows], gap_m)
    others = parts > 0
    if not others.any():
        return NO_EDIT
    numbers = next_instance(document, frame) - 1 + parts[others]
    return Paint(LayerKey(INSTANCE, frame), rows[others], numbers.astype(np.uint32))


def split_off(document: Document, rows: Where, *, frame: int = 0) -> Edit:
    """Make an object of its own of those points that belong to one."""
    mine = rows[document.instances(frame).take(rows) > 0]
    return _numbered(mine, next_instance(document, frame), frame)


def merge_instances(document: Document, instances: Sequence[int], *, frame: int = 0) -> Edit:
    """Make one object of several: the first keeps its number and its class."""
    if len(instances) < 2:
        return NO_EDIT
    layer = document.instances(frame)
    where = np.concatenate([layer.where(n) for n in instances[1:]])
    first = layer.where(instances[0])
    if not len(where) or not len(first):
        return NO_EDIT
    values = np.bincount(document.semantic(frame).take(first))
    kind = Paint(LayerKey(SEMANTIC, frame), where, np.array([values.argmax()], np.uint32))
    return Batch((kind, Paint(LayerKey(INSTANCE, frame), where, _one(instances[0]))))


def invert_instance(document: Document, instance: int, rows: Where, *, frame: int = 0) -> Edit:
    """Let those of the points that are in an object leave it, and the others join it."""
    inside = document.instances(frame).take(rows) == instance
    key = LayerKey(INSTANCE, frame)
    edits = [
        Paint(key, part, _one(number))
        for part, number in ((rows[inside], 0), (rows[~inside], instance))
        if len(part)
    ]
    return Batch(tuple(edits))


def grow_instance(
    document: Document,
    instance: int,
    index: PointIndex,
    *,
    reach_m: float | None = None,
    frame: int = 0,
) -> Edit:
    """Add the ring of points around an object that have no class and belong to no other.

    Parameters
    ----------
    reach_m
        How far the ring reaches; by default twice the object's own spacing.
    """
    rows = document.instances(frame).where(instance)
    ring = ring_around(index, rows, reach_m or 2 * spacing_m(index.xyz_m[rows]))
    semantic = document.semantic(frame)
    free = ring[(semantic.take(ring) == 0) & (document.instances(frame).take(ring) == 0)]
    if not len(free):
        return NO_EDIT
    value = np.bincount(semantic.take(rows)).argmax()
    return Batch(
        (
            Paint(LayerKey(SEMANTIC, frame), free, np.array([value], np.uint32)),
            Paint(LayerKey(INSTANCE, frame), free, _one(instance)),
        )
    )


def shrink_instance(
    document: Document,
    instance: int,
    index: PointIndex,
    *,
    reach_m: float | None = None,
    frame: int = 0,
) -> Edit:
    """Take away the points of an object that have a neighbour outside it.

    What would take all points takes none.
    """
    rows = document.instances(frame).where(instance)
    edge = border(index, rows, reach_m or 2 * spacing_m(index.xyz_m[rows]))
    if len(edge) in {0, len(rows)}:
        return NO_EDIT
    nothing = _one(0)
    return Batch(
        (
            Paint(LayerKey(SEMANTIC, frame), edge, nothing),
            Paint(LayerKey(INSTANCE, frame), edge, nothing),
        )
    )


def _painted(
    document: Document,
    rows: Where,
    label: Label | None,
    instance: int | None,
    *,
    taxonomy: Taxonomy,
    protected: Protected,
    frame: int,
) -> Edit:
    value = 0 if label is None else label.value
    changing = changing_rows(document, rows, value, taxonomy, protected=protected, frame=frame)
    edits: list[Edit] = []
    if len(changing):
        edits.append(Paint(LayerKey(SEMANTIC, frame), changing, _one(value)))
    held = changing
    if instance is not None:  # points that are of the class already join the object too
        held = rows[(document.semantic(frame).take(rows) == value) | np.isin(rows, changing)]
    number = instance or 0
    moved = held[document.instances(frame).take(held) != number]
    if len(moved):
        edits.append(Paint(LayerKey(INSTANCE, frame), moved, _one(number)))
    return edits[0] if len(edits) == 1 else Batch(tuple(edits))


def _numbered(rows: Where, instance: int, frame: int) -> Edit:
    return Paint(LayerKey(INSTANCE, frame), rows, _one(instance)) if len(rows) else NO_EDIT


def _one(value: int) -> npt.NDArray[np.uint32]:
    return np.array([value], np.uint32)
