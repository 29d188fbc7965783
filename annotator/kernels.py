"""Compiles numeric loops and keeps them in the user's cache directory."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, ParamSpec, TypeVar, cast

import platformdirs

P = ParamSpec("P")
R = TypeVar("R")

# numba reads the directory once, when it is first imported.
os.environ.setdefault(
    "NUMBA_CACHE_DIR", str(Path(platformdirs.user_cache_dir("annotator"), "kernels"))
)


def kernel(function: Callable[P, R]) -> Callable[P, R]:
    """Compile a loop over arrays at its first call: no Python inside, the GIL released.

    Kernels use one core; to use more, call one from several threads on parts of the data. numba's
    own threads are not used because its default threading layer must not be entered twice.
    """
    import numba  # noqa: PLC0415 - takes half a second, so only where a kernel is defined

    compiled: Any = numba.njit(cache=True, nogil=True, error_model="numpy")(function)
    return cast("Callable[P, R]", compiled)
