"""Where the bytes of a DICOM file are: a file on disk, or a member of a zip archive.

Nothing is ever extracted, so that no name inside an archive can reach outside it.
"""

import os
import zipfile
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from typing import Protocol

from annotator.errors import FileError, FormatError
from annotator.i18n import gettext as _

_MAX_MEMBERS = 200_000
_MAX_MEMBER_BYTES = 2 << 30
_MAX_ARCHIVE_BYTES = 32 << 30
# Deflate cannot do better than 1032 to 1; a slice of pure air comes near 300.
_MAX_RATIO = 500
_RATIO_MATTERS_BYTES = 16 << 20
_BETWEEN = "!"


class Source(Protocol):
    """The bytes of one DICOM file."""

    path: str
    size: int

    def read(self, offset: int, length: int) -> bytes:
        """Return at most ``length`` bytes from ``offset``; fewer at the end."""

    def read_into(self, offset: int, view: memoryview) -> int:
        """Fill ``view`` from ``offset`` and return how many bytes there were."""

    def close(self) -> None:
        """Let the file go."""


class DiskFile:
    """A file on disk, open for reading."""

    def __init__(self, path: str) -> None:
        self.path = path
        self._file = open(path, "rb", buffering=0)  # noqa: PTH123, SIM115 - thousands; closed below
        self.size = os.fstat(self._file.fileno()).st_size

    def read(self, offset: int, length: int) -> bytes:
        """Return at most ``length`` bytes from ``offset``."""
        self._file.seek(offset)
        return self._file.read(length)

    def read_into(self, offset: int, view: memoryview) -> int:
        """Fill ``view`` from ``offset`` and return how many bytes there were."""
        self._file.seek(offset)
        done = 0
        while done < len(view):
            count = self._file.readinto(view[done:])
            if not count:
                break
            done += count
        return done

    def close(self) -> None:
        """Let the file go."""
        self._file.close()


class ArchiveMember:
    """A member of a zip archive, inflated no further than it is read."""

    def __init__(self, archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> None:
        self.path = f"{archive.filename}{_BETWEEN}{info.filename}"
        self.size = info.file_size
        _refuse_bomb(info, self.path)
        try:
            self._file = archive.open(info)
        except (RuntimeError, NotImplementedError, zipfile.BadZipFile, OSError) as error:
            raise FormatError(
                self.path,
                _("it cannot be unpacked (encrypted or damaged)"),
                _("unpack the archive and open the folder"),
            ) from error

    def read(self, offset: int, length: int) -> bytes:
        """Return at most ``length`` bytes from ``offset``."""
        try:
            self._file.seek(offset)
            return self._file.read(length)
        except (zipfile.BadZipFile, OSError, EOFError, ValueError) as error:
            raise FormatError(
                self.path, _("its archive is damaged"), _("make the archive again")
            ) from error

    def read_into(self, offset: int, view: memoryview) -> int:
        """Fill ``view`` from ``offset`` and return how many bytes there were."""
        data = self.read(offset, len(view))
        view[: len(data)] = data
        return len(data)

    def close(self) -> None:
        """Let the member go."""
        self._file.close()


class Sources(AbstractContextManager["Sources"]):
    """Opens sources by their path, and keeps each archive open while it is used."""

    def __init__(self) -> None:
        self._archives: dict[str, zipfile.ZipFile] = {}

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for archive in self._archives.values():
            archive.close()
        self._archives.clear()

    def open(self, path: str) -> Source:
        """Open a file, or ``archive.zip!member``.

        Raises
        ------
        FileError
            If there is no such file, or it may not be read.
        """
        try:
            archive, member = _split(path)
            if archive is None:
                return DiskFile(path)
            opened = self.archive(Path(archive))
            return ArchiveMember(opened, opened.getinfo(member))
        except (OSError, KeyError) as error:
            raise FileError(path, _("it cannot be opened"), _("check the path")) from error

    def archive(self, path: Path) -> zipfile.ZipFile:
        """Open an archive, or return it where it is open already.

        Raises
        ------
        FormatError
            If it is no archive, or declares more than anyone's studies hold.
        """
        key = str(path)
        if key not in self._archives:
            try:
                self._archives[key] = zipfile.ZipFile(path)
            except (zipfile.BadZipFile, OSError, NotImplementedError, ValueError) as error:
                raise FormatError(
                    path, _("it is not a whole zip archive"), _("make the archive again")
                ) from error
            _refuse_flood(self._archives[key], path)
        return self._archives[key]

    def members(self, path: Path) -> Iterator[str]:
        """Yield the path of every file in an archive."""
        for info in self.archive(path).infolist():
            if not info.is_dir():
                yield f"{path}{_BETWEEN}{info.filename}"


def shown_name(path: str, top: Path) -> str:
    """Return a name for messages: below ``top``, which may itself be in a patient's folder."""
    archive, member = _split(path)
    if archive is not None:
        return member
    try:
        name = Path(path).relative_to(top).as_posix()
    except ValueError:
        name = "."
    return Path(path).name if name == "." else name


def _split(path: str) -> tuple[str | None, str]:
    """Split ``archive.zip!member``; a plain path has no archive."""
    at = path.lower().find(".zip" + _BETWEEN)
    if at < 0:
        return None, path
    return path[: at + 4], path[at + 5 :]


def _refuse_flood(archive: zipfile.ZipFile, path: Path) -> None:
    infos = archive.infolist()
    if len(infos) > _MAX_MEMBERS or sum(info.file_size for info in infos) > _MAX_ARCHIVE_BYTES:
        archive.close()
        raise FormatError(
            path,
            _("it declares more files or bytes than a study has"),
            _("unpack it yourself and open the folder"),
        )


def _refuse_bomb(info: zipfile.ZipInfo, path: str) -> None:
    ratio = info.file_size / max(info.compress_size, 1)
    blown_up = info.file_size > _RATIO_MATTERS_BYTES and ratio > _MAX_RATIO
    if info.file_size > _MAX_MEMBER_BYTES or blown_up:
        raise FormatError(
            path,
            _("it would unpack to far more than an image needs"),
            _("leave it out of the archive"),
        )
