"""The tables of a project, the same on SQLite and PostgreSQL."""

from datetime import UTC, datetime

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)
from sqlalchemy.engine import Dialect

REVISIONS = ("0001", "0002", "0003")
"""All migrations, oldest first; a database at one that is not here is newer than the program."""


class UtcTime(TypeDecorator[datetime]):
    """A moment in UTC: SQLite forgets the zone, PostgreSQL answers in the server's."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Refuse a moment that does not know its zone."""
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Return the moment in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
    }
)

# SQLite numbers rows by itself only where the key is called INTEGER.
_Number = BigInteger().with_variant(Integer(), "sqlite")


def _item() -> Column[int]:
    return Column("item", _Number, ForeignKey("items.id", ondelete="CASCADE"), primary_key=True)


settings = Table(
    "settings",
    metadata,
    Column("name", String(80), primary_key=True),
    Column("value", LargeBinary, nullable=False, comment="JSON"),
)

items = Table(
    "items",
    metadata,
    Column("id", _Number, primary_key=True, autoincrement=True),
    Column("kind", String(20), nullable=False),
    Column("name", Text, nullable=False),
    Column("sources", Text, nullable=False, comment="JSON; relative to the project's data folder"),
    Column("series_uid", Text, nullable=False),
    Column("status", String(20), nullable=False),
    Column("extents", Text, comment="JSON; what layers index, known since the first edit"),
    Column("opened_at", UtcTime),
    UniqueConstraint("sources", "series_uid"),
    sqlite_autoincrement=True,
)

# What was dropped leaves its row, with neither label nor content: should it come back, it comes
# back to its place and to its number. Who counts annotations counts rows with a label.
annotations = Table(
    "annotations",
    metadata,
    Column("row", _Number, primary_key=True, autoincrement=True, comment="order of creation"),
    Column("item", _Number, ForeignKey("items.id", ondelete="CASCADE"), nullable=False),
    Column("id", Text, nullable=False),
    Column("label", Text, nullable=False),
    Column("content", LargeBinary, nullable=False, comment="the whole annotation"),
    Column("number", Integer, comment="what it is called in its item, for good"),
    UniqueConstraint("item", "id"),
)

chunks = Table(
    "chunks",
    metadata,
    _item(),
    Column("layer", Text, primary_key=True),
    Column("frame", Integer, primary_key=True, autoincrement=False),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("content", LargeBinary, nullable=False, comment="64 Ki points, or one slice"),
)

edits = Table(
    "edits",
    metadata,
    _item(),
    # Nobody can add a second act with the same number: two writers cannot pass each other unseen.
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("act", String(8), nullable=False, comment="what was done; rows never change"),
    Column("step", Integer, nullable=False, comment="seq of the edit done, undone or redone"),
    Column("at", UtcTime, nullable=False),
    Column("who", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("edit", LargeBinary, comment="only where act is do"),
    Column("inverse", LargeBinary, comment="only where act is do"),
)

remarks = Table(
    "remarks",
    metadata,
    _item(),
    Column("annotation", Text, primary_key=True),
    Column("verdict", String(8)),
    Column("text", Text, nullable=False),
    Column("who", Text, nullable=False),
    Column("at", UtcTime, nullable=False),
)

label_files = Table(
    "label_files",
    metadata,
    _item(),
    Column("path", Text, primary_key=True, comment="absolute"),
    Column("sha256", String(64), nullable=False),
    Column("read_completely", Boolean, nullable=False),
    Column("read_at", UtcTime, nullable=False),
)
