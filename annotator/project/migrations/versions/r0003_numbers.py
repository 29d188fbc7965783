"""Objects keep what they are called, `#12`, when others are deleted: they had it by their place."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_IN_ORDER = """
UPDATE annotations SET number = ordered.number
FROM (
    SELECT "row", ROW_NUMBER() OVER (PARTITION BY item ORDER BY "row") AS number FROM annotations
) AS ordered
WHERE annotations."row" = ordered."row"
"""


def upgrade() -> None:
    """Give all objects of each item numbers in the order in which they were made."""
    number = sa.Column("number", sa.Integer, comment="what it is called in its item, for good")
    op.add_column("annotations", number)
    op.execute(_IN_ORDER)
