"""Reads a DICOMDIR: the list of files on a disc.

References
----------
DICOM PS3.3, F.3 "Basic Directory"; PS3.10, 8.2: components of a file's name.
"""

import contextlib
import warnings
from collections.abc import Iterator
from pathlib import Path

from annotator.errors import FormatError
from annotator.i18n import gettext as _


def indexed_files(path: Path, skipped: list[tuple[str, str]]) -> Iterator[str]:
    """Yield the files that a DICOMDIR lists and that are there, below its own folder.

    Raises
    ------
    FormatError
        If it cannot be read, or lists nothing.
    """
    listed = _listed(path)
    root = path.parent.resolve()
    for parts in listed:
        file = _beside(root, parts)
        if file is None:
            skipped.append(("/".join(parts), _("the DICOMDIR lists it, but it is not there")))
        else:
            yield str(file)


def _listed(path: Path) -> list[tuple[str, ...]]:
    import pydicom  # noqa: PLC0415 - heavy, and only for an index

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            records = pydicom.dcmread(path, force=True).get("DirectoryRecordSequence") or []
            listed = [_parts(record.ReferencedFileID) for record in records if _refers(record)]
    except (Exception, RecursionError) as error:
        raise _unreadable(path) from error
    if not listed:
        raise _unreadable(path)
    return listed


def _refers(record: object) -> bool:
    return bool(getattr(record, "ReferencedFileID", None))


def _parts(said: object) -> tuple[str, ...]:
    return (said,) if isinstance(said, str) else tuple(map(str, said))  # type: ignore[call-overload]


def _beside(root: Path, parts: tuple[str, ...]) -> Path | None:
    """Return the file, whatever the case of its name; None outside ``root`` or if absent."""
    for names in (parts, [part.lower() for part in parts], [part.upper() for part in parts]):
        with contextlib.suppress(ValueError, OSError):  # a name no file system allows
            file = root.joinpath(*names).resolve()
            if file.is_relative_to(root) and file.is_file():
                return file
    return None


def _unreadable(path: Path) -> FormatError:
    return FormatError(
        path, _("it is not a readable DICOMDIR"), _("open the folder that it is in instead")
    )
