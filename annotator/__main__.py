"""Starts the program."""

import multiprocessing

from annotator.cli import main, open_window

__all__ = ["main", "open_window"]

if __name__ == "__main__":
    multiprocessing.freeze_support()  # a frozen program starts its reading process through here
    main()
