"""One module per kind of file: what it says, and how it is written."""
