"""Keeps one item's document: each act is one transaction with the rows it changes."""

import os
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import msgspec
from sqlalchemy import Connection, and_, bindparam, delete, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from annotator.errors import AnnotatorError, WrongDataError
from annotator.i18n import gettext as _
from annotator.model.annotations import AnnotationId
from annotator.model.document import Document
from annotator.model.edits import Drop, Edit, Paint, Put, parts
from annotator.model.items import ItemId, Status
from annotator.model.layers import LayerKey, Span, Values
from annotator.project import codec
from annotator.project.database import Database
from annotator.project.history import Act, Change, Entry, History
from annotator.project.schema import annotations, chunks, edits, items
from annotator.project.upsert import put_rows

Extents = tuple[tuple[int, ...], ...]
Place = tuple[LayerKey, int]
"""A layer, and the number of one of its chunks."""
Held = tuple[Values, Span]
"""A chunk's values, and from where to where any may be but zero."""

_WORTH_THREADS = 16
_PACKING = ThreadPoolExecutor(os.cpu_count(), thread_name_prefix="packing")
_GONE = b""
# Built once: building them takes longer than carrying them out.
_APPENDED = insert(edits)
_BEGUN = (
    update(items)
    .where(
        items.c.id == bindparam("which"),
        or_(items.c.status == Status.NEW.value, items.c.extents.is_(None)),
    )
    .values(status=bindparam("now"), extents=bindparam("sizes"))
)


class StaleError(AnnotatorError):
    """Somebody else changed the same item since it was opened here."""


def open_history(database: Database, item: ItemId, extents: Extents, who: str) -> History:
    """Return an item's document as it was left, with all its steps.

    Raises
    ------
    WrongDataError
        If the item was labelled over data of another size.
    FileError
        If the database cannot be read.
    """
    with database.reading() as connection:  # one state: the log must end where the document is
        document = _load(connection, item, extents)
        log = _log(connection, item)
    return History(document, DocumentStore(database, item, log), who)


def load(database: Database, item: ItemId, extents: Extents) -> Document:
    """Return an item's document as it was left."""
    with database.reading() as connection:
        return _load(connection, item, extents)


def log(database: Database, item: ItemId) -> list[Entry]:
    """Return everything that was ever done to an item, oldest first."""
    with database.reading() as connection:
        return _log(connection, item)


class DocumentStore:
    """The store behind the history of one item."""

    def __init__(self, database: Database, item: ItemId, log: Iterable[Entry]) -> None:
        self._database = database
        self._item = item
        self._opened_with = tuple(log)

    def log(self) -> Iterable[Entry]:
        """Return the entries that there were when the item was opened."""
        return self._opened_with

    def keep(self, change: Change, document: Document) -> None:
        """Keep a change and the annotations and chunks it touched: on the disk at return.

        Raises
        ------
        StaleError
            If the item was changed elsewhere since it was opened here.
        FileError
            If the disk is full, the database locked, damaged or unreachable.
        """
        touched = _touched(change.applied, document)
        held = _held(document, touched.chunks)
        row, contents = _packed(self._item, change, list(held.values()))
        with self._database.writing() as connection:
            self._append(connection, row)
            self._keep_annotations(connection, document, touched.annotations)
            self._keep_chunks(connection, dict(zip(held, contents, strict=True)))
            self._empty_chunks(connection, touched.chunks.keys() - held.keys())
            _note_first_edit(connection, self._item, document.extents)

    def edit(self, step: int) -> Edit:
        """Return the edit that was done as this step."""
        return self._stored("edit", step)

    def inverse(self, step: int) -> Edit:
        """Return the edit that takes this step back."""
        return self._stored("inverse", step)

    def _stored(self, column: str, step: int) -> Edit:
        wanted = select(edits.c[column]).where(edits.c.item == self._item, edits.c.seq == step)
        with self._database.reading() as connection:
            return codec.edit_from_bytes(connection.execute(wanted).scalar_one())

    def _append(self, connection: Connection, row: dict[str, Any]) -> None:
        try:
            connection.execute(_APPENDED, row)
        except IntegrityError as error:
            raise StaleError(
                _(
                    "this item was changed elsewhere meanwhile, so this edit was not made;"
                    " open the item again"
                )
            ) from error

    def _keep_annotations(
        self, connection: Connection, document: Document, touched: Iterable[AnnotationId]
    ) -> None:
        there = [document.annotations[x] for x in touched if x in document.annotations]
        gone = [x for x in touched if x not in document.annotations]
        if gone:  # the row stays, empty: should it come back, it comes back to its place
            which = and_(annotations.c.item == self._item, annotations.c.id == bindparam("gone"))
            emptied = update(annotations).where(which).values(label="", content=_GONE)
            connection.execute(emptied, [{"gone": x} for x in gone])
        rows = [
            {
                "item": self._item,
                "id": annotation.id,
                "label": annotation.label,
                "content": codec.annotation_as_bytes(annotation),
                "number": document.numbers.get(annotation.id),
            }
            for annotation in there
        ]
        put_rows(connection, annotations, ("item", "id"), rows)

    def _keep_chunks(self, connection: Connection, contents: dict[Place, bytes]) -> None:
        rows = [
            {
                "item": self._item,
                "layer": key.name,
                "frame": key.frame,
                "number": number,
                "content": content,
            }
            for (key, number), content in contents.items()
        ]
        put_rows(connection, chunks, ("item", "layer", "frame", "number"), rows)

    def _empty_chunks(self, connection: Connection, places: Iterable[Place]) -> None:
        for key, number in places:
            which = (chunks.c.layer == key.name, chunks.c.frame == key.frame)
            gone = delete(chunks).where(chunks.c.item == self._item, *which)
            connection.execute(gone.where(chunks.c.number == number))


@dataclass(slots=True)
class _Touched:
    """What an edit touched, each once, in the order of the edit."""

    annotations: dict[AnnotationId, None] = field(default_factory=dict)
    chunks: dict[Place, None] = field(default_factory=dict)


def _held(document: Document, places: Iterable[Place]) -> dict[Place, Held]:
    """Return the values of those chunks that are not all zero."""
    layers = {(key, number): document.layers[key] for key, number in places}
    views = {place: (layer.view(place[1]), layer.span(place[1])) for place, layer in layers.items()}
    return {place: (values, span) for place, (values, span) in views.items() if values is not None}


def _packed(
    item: ItemId, change: Change, contents: list[Held]
) -> tuple[dict[str, Any], list[bytes]]:
    """Pack a change and chunks, many of them on all cores: compression releases the GIL."""
    if len(contents) < _WORTH_THREADS:
        return _edit_row(item, change), [codec.values_as_bytes(*held) for held in contents]
    row = _PACKING.submit(_edit_row, item, change)
    packed = list(_PACKING.map(lambda held: codec.values_as_bytes(*held), contents))
    return row.result(), packed


def _touched(edit: Edit, document: Document) -> _Touched:
    touched = _Touched()
    for part in parts(edit):
        match part:
            case Put(annotation):
                touched.annotations[annotation.id] = None
            case Drop(id):
                touched.annotations[id] = None
            case Paint(key, where):
                numbers = document.layers[key].touched(where)
                touched.chunks |= {(key, number): None for number in numbers}
    return touched


def _edit_row(item: ItemId, change: Change) -> dict[str, Any]:
    entry, is_new = change.entry, change.entry.act is Act.DO
    packed: codec.Packed = {}
    return {
        "item": item,
        "seq": entry.seq,
        "act": entry.act.value,
        "step": entry.step,
        "at": entry.when,
        "who": entry.who,
        "text": entry.text,
        "edit": codec.edit_as_bytes(change.applied, packed) if is_new else None,
        "inverse": codec.edit_as_bytes(change.inverse, packed) if is_new else None,
    }


def _note_first_edit(connection: Connection, item: ItemId, extents: Extents) -> None:
    given = {"which": item, "now": Status.IN_PROGRESS.value, "sizes": _extents_as_text(extents)}
    connection.execute(_BEGUN, given)


def _load(connection: Connection, item: ItemId, extents: Extents) -> Document:
    _require_same_data(connection, item, extents)
    rows = connection.execute(
        select(annotations.c.content)
        .where(annotations.c.item == item, annotations.c.content != _GONE)
        .order_by(annotations.c.row)
    )
    known = [codec.annotation_from_bytes(content) for (content,) in rows]
    document = Document(extents, {a.id: a for a in known}, numbers=_numbers(connection, item))
    wanted = select(chunks.c.layer, chunks.c.frame, chunks.c.number, chunks.c.content)
    for name, frame, number, content in connection.execute(wanted.where(chunks.c.item == item)):
        document.layer(name, frame).load(number, codec.values_from_bytes(content))
    return document


def _numbers(connection: Connection, item: ItemId) -> dict[AnnotationId, int]:
    """Return what objects are called, those that were dropped as well, the latest last."""
    columns = (annotations.c.id, annotations.c.number)
    known = select(*columns).where(annotations.c.item == item, annotations.c.number.is_not(None))
    return {row.id: row.number for row in connection.execute(known.order_by(columns[1]))}


def _require_same_data(connection: Connection, item: ItemId, extents: Extents) -> None:
    wanted = select(items.c.name, items.c.extents).where(items.c.id == item)
    name, labelled = connection.execute(wanted).one()
    if labelled is not None and labelled != _extents_as_text(extents):
        raise WrongDataError(
            name,
            _("it is not the data that was labelled: its size has changed"),
            _("put the original file back, or open the new one under another name"),
        )


def _log(connection: Connection, item: ItemId) -> list[Entry]:
    columns = (edits.c.seq, edits.c.act, edits.c.step, edits.c.at, edits.c.who, edits.c.text)
    rows = connection.execute(select(*columns).where(edits.c.item == item).order_by(edits.c.seq))
    return [Entry(seq, Act(act), step, at, who, name) for seq, act, step, at, who, name in rows]


def _extents_as_text(extents: Extents) -> str:
    return msgspec.json.encode(extents).decode()
