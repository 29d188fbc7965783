"""Rows that are made or replaced in one statement, so that two writers cannot both make them."""

from functools import cache
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite

Row = dict[str, Any]


def put_rows(connection: Connection, table: Table, key: tuple[str, ...], rows: list[Row]) -> None:
    """Add rows, or change those that have the same key."""
    if rows:
        connection.execute(_put(connection.dialect.name, table, key, tuple(rows[0])), rows)


def add_if_new(connection: Connection, table: Table, key: tuple[str, ...], row: Row) -> None:
    """Add a row unless there is one with the same key."""
    statement = _insert(connection.dialect.name, table)
    connection.execute(statement.on_conflict_do_nothing(index_elements=list(key)), row)


@cache
def _put(dialect: str, table: Table, key: tuple[str, ...], columns: tuple[str, ...]) -> Any:  # noqa: ANN401 - as below
    """Build a statement once: that takes longer than SQLite needs to carry it out."""
    statement = _insert(dialect, table)
    changed = {name: statement.excluded[name] for name in columns if name not in key}
    return statement.on_conflict_do_update(index_elements=list(key), set_=changed)


def _insert(dialect: str, table: Table) -> Any:  # noqa: ANN401 - one of two classes
    return (sqlite if dialect == "sqlite" else postgresql).insert(table)
