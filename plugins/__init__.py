"""Formats that are not part of the program; each speaks to `annotator.api` only."""
