"""A project is a database: items, documents, edits, queue and reviews."""
