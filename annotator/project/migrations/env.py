"""What Alembic runs: the migrations, over the connection it was handed."""

from alembic import context

from annotator.project.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    # SQLite's schema changes obey transactions too, once the driver leaves BEGIN to us.
    transactional_ddl=True,
)
context.run_migrations()
