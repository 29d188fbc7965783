"""Files that are written whole or not at all, and read with a limit."""

import contextlib
import os
import shutil
import time
import uuid
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from annotator.errors import FileError
from annotator.i18n import gettext as _

HEAD_BYTES = 65_536
"""As much as `Format.sniff` may read."""

Contents = bytes | Iterable[bytes]


def write_whole(contents: Mapping[Path, Contents]) -> list[Path]:
    """Write one file, or several that belong together: all of them or none.

    Each file is first written beside its target and flushed to the disk; only when all are there
    do they take their names, in the order given. So put what a reader opens first last. A failure
    at any moment leaves every target as it was.

    Parameters
    ----------
    contents
        What each target is to hold, whole or in parts. Missing folders are made.

    Returns
    -------
    list[Path]
        The targets, in the order given.

    Raises
    ------
    FileError
        If a file cannot be written; says why, and what to do.
    """
    staged: dict[Path, Path] = {}
    target = Path()
    try:
        for target, parts in contents.items():
            target.parent.mkdir(parents=True, exist_ok=True)
            staged[target] = _sibling(target)
            _write_and_flush(staged[target], parts)
        _give_names(staged)
    except OSError as error:
        raise _cannot_write(target, error) from error
    finally:
        _remove(staged.values())
    return list(contents)


def read_whole(path: Path, *, limit_bytes: int = 2**30) -> bytes:
    """Return a file's bytes.

    Raises
    ------
    FileError
        If it cannot be read, or is larger than any file of its format can sensibly be.
    """
    try:
        size = path.stat().st_size
        if size > limit_bytes:
            raise FileError(
                path,
                _("it has {size} bytes, more than a label file can need").format(size=size),
                _("choose the label file itself"),
            )
        return path.read_bytes()
    except OSError as error:
        raise cannot_read(path, error) from error


def head(path: Path) -> bytes:
    """Return the first 64 KiB of a file; nothing where it cannot be read. Never raises."""
    try:
        with path.open("rb") as file:
            return file.read(HEAD_BYTES)
    except (OSError, ValueError):
        return b""


def cannot_read(path: Path, error: OSError) -> FileError:
    """Return the sentence for a file that the system does not let us read."""
    match error:
        case FileNotFoundError():
            return FileError(path, _("there is no such file"), _("check the name"))
        case IsADirectoryError():
            return FileError(path, _("it is a folder"), _("choose a file in it"))
        case PermissionError():
            problem = _("it may not be read")
            return FileError(path, problem, _("ask for the right to read it, or copy it"))
        case _:
            problem = _("it cannot be read ({reason})").format(reason=error.strerror or error)
            return FileError(path, problem, _("copy it to a disk that works"))


def _sibling(target: Path) -> Path:
    """Return a name on the target's own disk, so that renaming is one step."""
    return target.with_name(f".{target.name[:60]}.{uuid.uuid4().hex[:12]}.part")


def _write_and_flush(path: Path, parts: Contents) -> None:
    with path.open("xb") as file:
        for part in (parts,) if isinstance(parts, bytes) else parts:
            file.write(part)
        file.flush()
        os.fsync(file.fileno())


def _give_names(staged: Mapping[Path, Path]) -> None:
    """Rename all, or put back what was there before the first rename that failed."""
    kept: dict[Path, Path | None] = {}
    try:
        for target, part in staged.items():
            kept[target] = _kept(target) if len(staged) > 1 else None
            _replace(part, target)
    except OSError:
        renamed = [target for target in kept if not staged[target].exists()]
        for target in renamed:
            _put_back(target, kept[target])
        raise
    finally:
        _remove(old for old in kept.values() if old)
    for folder in {target.parent for target in staged}:
        _flush_folder(folder)


def _kept(target: Path) -> Path | None:
    if not target.exists():
        return None
    old = _sibling(target)
    try:
        os.link(target, old)
    except OSError:  # a file system without hard links, such as exFAT
        shutil.copy2(target, old)
    return old


def _put_back(target: Path, old: Path | None) -> None:
    if old is None:
        target.unlink(missing_ok=True)
    else:
        _replace(old, target)


def _replace(part: Path, target: Path) -> None:
    for pause_s in _pauses_s():
        try:
            part.replace(target)
        except PermissionError:  # Windows, while a virus scanner or a preview holds the target
            time.sleep(pause_s)
        else:
            return
    part.replace(target)


def _pauses_s() -> Iterator[float]:
    if os.name == "nt":
        yield from (0.01, 0.05, 0.2, 0.5)


def _flush_folder(folder: Path) -> None:
    """Make the new names survive a power cut; Windows has no such call and needs none."""
    with contextlib.suppress(OSError):
        number = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)


def _remove(paths: Iterable[Path]) -> None:
    for path in paths:
        with contextlib.suppress(OSError):
            path.unlink(missing_ok=True)


def _cannot_write(path: Path, error: OSError) -> FileError:
    match error:
        case PermissionError():
            problem = _("it may not be written")
            return FileError(path, problem, _("choose another folder, or close what holds it"))
        case IsADirectoryError() | NotADirectoryError() | FileExistsError():
            problem = _("a file and a folder have the same name")
            return FileError(path, problem, _("choose another name"))
        case _:
            problem = _("it cannot be written ({reason})").format(reason=error.strerror or error)
            return FileError(path, problem, _("free some space or choose another disk"))
