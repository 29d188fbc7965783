"""Rows that are made or replaced in one statement, so that two writers cannot both make them."""

from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite

Row = dict[str, Any]


def put_rows(connection: Connection, table: Table, key: tuple[str, ...], rows: list[Row]) -> None:
    """Add rows, or change those that have the same key."""
    if not rows:
        return
    statement = _insert(connection, table)
    changed = {name: statement.excluded[name] for name in rows[0] if name not in key}
    connection.execute(
        statement.on_conflict_do_update(index_elements=list(key), set_=changed), rows
    )


def add_if_new(connection: Connection, table: Table, key: tuple[str, ...], row: Row) -> None:
    """Add a row unless there is one with the same key."""
    statement = _insert(connection, table)
    connection.execute(statement.on_conflict_do_nothing(index_elements=list(key)), row)


def _insert(connection: Connection, table: Table) -> Any:  # noqa: ANN401 - one of two classes
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    return dialect.insert(table)
