"""Reviewers' marks and words; they belong to the project, since reviewing changes no label."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import delete, select

from annotator.model.annotations import AnnotationId, Remark, Verdict
from annotator.model.items import ItemId
from annotator.project.database import Database
from annotator.project.schema import remarks
from annotator.project.upsert import put_rows


def read_remarks(database: Database, item: ItemId) -> dict[AnnotationId, Remark]:
    """Return the remarks on an item's annotations, in the order they were made."""
    columns = (remarks.c.annotation, remarks.c.verdict, remarks.c.text, remarks.c.who)
    wanted = select(*columns).where(remarks.c.item == item)
    with database.reading() as connection:
        rows = connection.execute(wanted.order_by(remarks.c.at, remarks.c.annotation)).all()
    made = [
        Remark(of, Verdict(mark) if mark else None, words, who) for of, mark, words, who in rows
    ]
    return {remark.annotation_id: remark for remark in made}


def keep_remark(database: Database, item: ItemId, remark: Remark) -> None:
    """Keep a remark in place of an older one; one without mark and words takes it away."""
    of = (remarks.c.item == item, remarks.c.annotation == remark.annotation_id)
    with database.writing() as connection:
        if remark.verdict is None and not remark.text:
            connection.execute(delete(remarks).where(*of))
        else:
            put_rows(connection, remarks, ("item", "annotation"), [_row(item, remark)])


def _row(item: ItemId, remark: Remark) -> dict[str, Any]:
    return {
        "item": item,
        "annotation": remark.annotation_id,
        "verdict": None if remark.verdict is None else remark.verdict.value,
        "text": remark.text,
        "who": remark.who,
        "at": datetime.now(UTC),
    }
