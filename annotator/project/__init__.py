"""A project is a database: items, documents, edits and reviews."""
