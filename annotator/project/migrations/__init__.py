"""Brings a project's database from any older revision to the newest, in one transaction."""

from pathlib import Path

from sqlalchemy import Connection


def upgrade(connection: Connection) -> None:
    """Run the migrations that a database lacks; the caller commits."""
    from alembic import command  # noqa: PLC0415 - 0.2 s, and only where something is to be done
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    # Alembic reads its settings as a template, in which a lone % is an error.
    folder = str(Path(__file__).parent).replace("%", "%%")
    config.set_main_option("script_location", folder)
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
