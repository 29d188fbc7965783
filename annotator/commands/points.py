"""Says which class the points of a scan have, and which instance they belong to."""

import numpy as np
import numpy.typing as npt

from annotator.model.document import Document
from annotator.model.edits import Batch, Edit, Paint
from annotator.model.labels import Label, Taxonomy
from annotator.model.layers import INSTANCE, SEMANTIC, Layer, LayerKey, Values, Where

NO_EDIT = Batch(())
Protected = frozenset[str]


def paint_class(
    document: Document,
    rows: Where,
    label: Label | None,
    *,
    taxonomy: Taxonomy,
    protected: Protected = frozenset(),
    frame: int = 0,
) -> Edit:
    """Give points a class, or none; a point that gets another class leaves its instance.

    An instance that lost points to another class would otherwise be in the file twice.

    Parameters
    ----------
    rows
        Sorted rows of the scan.
    label
        None erases.
    protected
        Names of classes whose points stay as they are.

    Returns
    -------
    Edit
        Only of the points that change; `NO_EDIT` where none does.
    """
    value = 0 if label is None else label.value
    changing = changing_rows(document, rows, value, taxonomy, protected=protected, frame=frame)
    return _both(document, changing, changing, value, 0, frame=frame)


def paint_instance(
    document: Document,
    rows: Where,
    label: Label,
    instance: int,
    *,
    taxonomy: Taxonomy,
    protected: Protected = frozenset(),
    frame: int = 0,
) -> Edit:
    """Make points part of an instance of a class; points of the class already join it too."""
    joining = changing_rows(
        document,
        rows,
        label.value,
        taxonomy,
        instance=instance,
        protected=protected,
        frame=frame,
    )
    return painted(document, joining, label.value, instance, frame=frame)


def painted(document: Document, rows: Where, value: int, instance: int, *, frame: int) -> Edit:
    """Set both layers of some points, each only where it changes."""
    semantic = _others(document.semantic(frame), rows, value)
    return _both(document, semantic, rows, value, instance, frame=frame)


def changing_rows(
    document: Document,
    rows: Where,
    value: int,
    taxonomy: Taxonomy,
    *,
    instance: int | None = None,
    protected: Protected = frozenset(),
    frame: int = 0,
) -> Where:
    """Return those of the rows that would change if they were given a label's value.

    Parameters
    ----------
    instance
        What they would become part of as well; None where that does not matter.
    """
    now = document.semantic(frame).take(rows)
    kept = [label.value for label in taxonomy if label.name in protected and label.value != value]
    changes = now != value
    if instance is not None:
        changes |= document.instances(frame).take(rows) != instance
    if kept:  # looking for none of them would cost as much as looking for some
        changes &= ~np.isin(now, kept)
    return _chosen(rows, changes)


def one(value: int) -> Values:
    """Return what a `Paint` gives to all of its points."""
    return np.array([value], np.uint32)


def _both(
    document: Document, semantic: Where, rows: Where, value: int, instance: int, *, frame: int
) -> Edit:
    """Give the first rows a class, and those of the others that need it an instance."""
    numbered = _others(document.instances(frame), rows, instance)
    edits = [
        Paint(LayerKey(name, frame), where, one(wanted))
        for name, where, wanted in ((SEMANTIC, semantic, value), (INSTANCE, numbered, instance))
        if len(where)
    ]
    return edits[0] if len(edits) == 1 else Batch(tuple(edits))


def _others(layer: Layer, rows: Where, wanted: int) -> Where:
    """Return those of the rows that do not hold a value yet."""
    if not layer.highest:  # to look at millions of zeros would take its time
        return rows if wanted else rows[:0]
    return _chosen(rows, layer.take(rows) != wanted)


def _chosen(rows: Where, which: npt.NDArray[np.bool_]) -> Where:
    """Return some of the rows; all of them as they are, as copying millions takes its time."""
    chosen: Where = rows if which.all() else rows[which]
    return chosen
