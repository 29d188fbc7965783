"""Says which class the points of a scan have."""

import numpy as np
import numpy.typing as npt

from annotator.model.document import Document
from annotator.model.edits import Batch, Edit, Paint
from annotator.model.labels import Label, Taxonomy
from annotator.model.layers import SEMANTIC, LayerKey, Where

Protected = frozenset[str]


def paint_points(
    document: Document,
    rows: Where,
    label: Label | None,
    *,
    taxonomy: Taxonomy,
    protected: Protected = frozenset(),
    frame: int = 0,
) -> Edit:
    """Give points a class, or take it away.

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
        Only of the points that change; an empty `Batch` where none does.
    """
    value = 0 if label is None else label.value
    changing = changing_rows(document, rows, value, taxonomy, protected=protected, frame=frame)
    if not len(changing):
        return Batch(())
    return Paint(LayerKey(SEMANTIC, frame), changing, np.array([value], np.uint32))


def changing_rows(
    document: Document,
    rows: Where,
    value: int,
    taxonomy: Taxonomy,
    *,
    protected: Protected = frozenset(),
    frame: int = 0,
) -> npt.NDArray[np.int64]:
    """Return those of the rows that would change if they were given a label's value."""
    now = document.semantic(frame).take(rows)
    kept = [label.value for label in taxonomy if label.name in protected and label.value != value]
    changes = now != value
    if kept:  # looking for none of them would cost as much as looking for some
        changes &= ~np.isin(now, kept)
    changing: npt.NDArray[np.int64] = rows[changes]
    return changing
