"""The command line; Qt is loaded only inside `open` and `demo`."""

from annotator.cli.program import main, open_window

__all__ = ["main", "open_window"]
