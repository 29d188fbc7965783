"""Starts the program."""

import multiprocessing

from annotator.cli import main

if __name__ == "__main__":
    multiprocessing.freeze_support()  # a frozen program starts its reading process through here
    main()
