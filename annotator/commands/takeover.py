"""Makes one document say what another says, as a single edit."""

import numpy as np

from annotator.model.document import Document
from annotator.model.edits import Batch, Drop, Edit, Paint, Put
from annotator.model.layers import LayerKey


def replacing(old: Document, new: Document) -> Batch:
    """Return the edit after which ``old`` holds what ``new`` holds."""
    edits: list[Edit] = [Drop(i) for i in old.annotations if i not in new.annotations]
    edits += [Put(a) for i, a in new.annotations.items() if old.annotations.get(i) != a]
    for key in {**old.layers, **new.layers}:
        paint = _painting(old, new, key)
        if len(paint.where):
            edits.append(paint)
    return Batch(tuple(edits))


def _painting(old: Document, new: Document, key: LayerKey) -> Paint:
    was, is_now = old.layer(key.name, key.frame), new.layer(key.name, key.frame)
    where, values = [], []
    for chunk in sorted({*was.chunks(), *is_now.chunks()}):
        before, after = was.chunk(chunk), is_now.chunk(chunk)
        changed = np.flatnonzero(before != after)
        where.append(changed + chunk * was.chunk_size)
        values.append(after[changed])
    nothing = np.zeros(0, np.int64)
    return Paint(
        key,
        np.concatenate([nothing, *where]).astype(np.int64),
        np.concatenate([nothing.astype(np.uint32), *values]).astype(np.uint32),
    )
