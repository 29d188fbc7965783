"""Carries results between our own processes: arrays through shared memory, the rest by value."""

import contextlib
import mmap
import os
import pickle
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_ALIGNMENT = 64
# Below this a pipe is quicker than a file.
_SMALL_BYTES = 1 << 16
_SHARED_MEMORY = Path("/dev/shm")  # noqa: S108 - Linux's memory file system, checked before use


@dataclass(frozen=True, slots=True)
class Bundle:
    """A result on its way.

    Attributes
    ----------
    rest
        The result without its large arrays.
    path
        A file in memory with the arrays, or None if there are none.
    places
        Start and length of each array in it, bytes.
    """

    rest: bytes
    path: str | None = None
    places: tuple[tuple[int, int], ...] = ()


def new_folder() -> Path:
    """Make the folder in which a process leaves its arrays: in memory where the system has that."""
    in_memory = _SHARED_MEMORY.is_dir() and os.access(_SHARED_MEMORY, os.W_OK)
    place = _SHARED_MEMORY if in_memory else None
    return Path(tempfile.mkdtemp(prefix="annotator-", dir=place))


def sent(result: object, folder: Path) -> Bundle:
    """Pack a result; its arrays are written once, into memory that the other process maps.

    Parameters
    ----------
    folder
        Where the file goes; on disk if that has no room for it.
    """
    buffers: list[pickle.PickleBuffer] = []

    def outside(buffer: pickle.PickleBuffer) -> bool:
        if buffer.raw().nbytes < _SMALL_BYTES:
            return True
        buffers.append(buffer)
        return False

    rest = pickle.dumps(result, protocol=5, buffer_callback=outside)
    if not buffers:
        return Bundle(rest)
    raws = [buffer.raw() for buffer in buffers]
    path = _new_file(sum(raw.nbytes + _ALIGNMENT for raw in raws), folder)
    try:
        return Bundle(rest, str(path), _write(raws, path))
    except OSError:
        path.unlink(missing_ok=True)
        raise


def received(bundle: Bundle) -> Any:  # noqa: ANN401 - whatever was sent
    """Unpack a result; its arrays are writable, and live in the mapped memory until dropped."""
    # Only ever bytes that our own child made: no file of anybody's comes this way.
    if bundle.path is None:
        return pickle.loads(bundle.rest)  # noqa: S301 - see above
    view = memoryview(_mapped(Path(bundle.path)))
    buffers = [view[start : start + length] for start, length in bundle.places]
    return pickle.loads(bundle.rest, buffers=buffers)  # noqa: S301 - see above


def _write(raws: list[memoryview], path: Path) -> tuple[tuple[int, int], ...]:
    places = []
    with path.open("wb", buffering=0) as file:
        for raw in raws:
            start = -(-file.tell() // _ALIGNMENT) * _ALIGNMENT
            file.seek(start)
            left = raw
            while left:
                left = left[file.write(left) :]
            places.append((start, raw.nbytes))
    return tuple(places)


def _new_file(size_bytes: int, folder: Path) -> Path:
    if shutil.disk_usage(folder).free < 2 * size_bytes:
        folder = Path(tempfile.gettempdir())
    descriptor, name = tempfile.mkstemp(prefix="annotator-", dir=folder)
    os.close(descriptor)
    return Path(name)


def _mapped(path: Path) -> mmap.mmap:
    """Map a file and remove its name: the memory is freed with the last array in it."""
    flags = os.O_RDONLY
    if sys.platform == "win32":
        flags = os.O_RDWR | os.O_BINARY | os.O_TEMPORARY
    descriptor = os.open(path, flags)
    try:
        return mmap.mmap(descriptor, 0, access=mmap.ACCESS_COPY)
    finally:
        os.close(descriptor)
        with contextlib.suppress(OSError):
            path.unlink()
