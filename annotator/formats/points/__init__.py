"""Readers of scans, one module per kind of file."""
