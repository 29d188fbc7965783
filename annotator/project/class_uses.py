"""Tells in which items of a project anything is of a class."""

from sqlalchemy import select

from annotator.model.items import ItemId
from annotator.model.labels import Label
from annotator.model.layers import SEMANTIC
from annotator.project import codec
from annotator.project.database import Database
from annotator.project.schema import annotations, chunks


def items_with_class(database: Database, label: Label) -> frozenset[ItemId]:
    """Return the items with annotations, points or voxels of a class; reads all that is painted.

    Items of another kind have classes of their own: of these it says nothing of use.
    """
    named = select(annotations.c.item).where(annotations.c.label == label.name).distinct()
    painted = select(chunks.c.item, chunks.c.content).where(chunks.c.layer == SEMANTIC)
    found: set[ItemId] = set()
    with database.reading() as connection:
        found.update(connection.scalars(named))
        for item, content in connection.execute(painted):
            if item not in found and (codec.values_from_bytes(content) == label.value).any():
                found.add(item)
    return frozenset(found)
