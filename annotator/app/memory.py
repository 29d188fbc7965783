"""Gives memory back to the system after an item was closed."""

import ctypes
import sys


def give_back() -> None:
    """Return freed memory to the system, where the C library keeps it (glibc; malloc_trim(3)).

    Items come and go by hundreds of megabytes a day, and an office PC has other programs.
    """
    if not sys.platform.startswith("linux"):
        return
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
