"""Items lose a mark that nobody ever set: what is open for reading only is the session's to say."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Drop the mark."""
    op.drop_column("items", "read_only")
