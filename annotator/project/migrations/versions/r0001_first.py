"""The first schema."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_time = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make every table."""
    op.create_table(
        "settings",
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("value", sa.LargeBinary, nullable=False, comment="JSON"),
        sa.PrimaryKeyConstraint("name", name="pk_settings"),
    )
    _make_items()
    _make_document()
    _make_edits()
    _make_reviews()


def _make_items() -> None:
    op.create_table(
        "items",
        sa.Column("id", _number, autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column(
            "sources",
            sa.Text,
            nullable=False,
            comment="JSON; relative to the project's data folder",
        ),
        sa.Column("series_uid", sa.Text, nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("read_only", sa.Boolean, nullable=False),
        sa.Column(
            "extents", sa.Text, comment="JSON; what layers index, known since the first edit"
        ),
        sa.Column("opened_at", _time),
        sa.PrimaryKeyConstraint("id", name="pk_items"),
        sa.UniqueConstraint("sources", "series_uid", name="uq_items_sources_series_uid"),
        sqlite_autoincrement=True,
    )


def _make_document() -> None:
    op.create_table(
        "annotations",
        sa.Column("row", _number, autoincrement=True, nullable=False, comment="order of creation"),
        sa.Column("item", _number, nullable=False),
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("label", sa.Text, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False, comment="the whole annotation"),
        sa.PrimaryKeyConstraint("row", name="pk_annotations"),
        sa.UniqueConstraint("item", "id", name="uq_annotations_item_id"),
        _belongs("annotations"),
    )
    op.create_table(
        "chunks",
        sa.Column("item", _number, nullable=False),
        sa.Column("layer", sa.Text, nullable=False),
        sa.Column("frame", sa.Integer, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False, comment="64 Ki points, or one slice"),
        sa.PrimaryKeyConstraint("item", "layer", "frame", "number", name="pk_chunks"),
        _belongs("chunks"),
    )


def _make_edits() -> None:
    op.create_table(
        "edits",
        sa.Column("item", _number, nullable=False),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("act", sa.String(8), nullable=False, comment="what was done; rows never change"),
        sa.Column(
            "step", sa.Integer, nullable=False, comment="seq of the edit done, undone or redone"
        ),
        sa.Column("at", _time, nullable=False),
        sa.Column("who", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("edit", sa.LargeBinary, comment="only where act is do"),
        sa.Column("inverse", sa.LargeBinary, comment="only where act is do"),
        sa.PrimaryKeyConstraint("item", "seq", name="pk_edits"),
        _belongs("edits"),
    )


def _make_reviews() -> None:
    op.create_table(
        "remarks",
        sa.Column("item", _number, nullable=False),
        sa.Column("annotation", sa.Text, nullable=False),
        sa.Column("verdict", sa.String(8)),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("who", sa.Text, nullable=False),
        sa.Column("at", _time, nullable=False),
        sa.PrimaryKeyConstraint("item", "annotation", name="pk_remarks"),
        _belongs("remarks"),
    )
    op.create_table(
        "label_files",
        sa.Column("item", _number, nullable=False),
        sa.Column("path", sa.Text, nullable=False, comment="absolute"),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("read_completely", sa.Boolean, nullable=False),
        sa.Column("read_at", _time, nullable=False),
        sa.PrimaryKeyConstraint("item", "path", name="pk_label_files"),
        _belongs("label_files"),
    )


def _belongs(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["item"], ["items.id"], name=f"fk_{table}_item", ondelete="CASCADE"
    )
