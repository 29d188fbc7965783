"""Decides where a project's file lies, and refuses places where SQLite would lose work."""

import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path, PurePath, PureWindowsPath

import platformdirs

from annotator.errors import FileError
from annotator.i18n import gettext as _

PROJECT_NAME = "project.annotator"

# File systems whose locks and shared memory do not reach across machines; sqlite.org/wal.html:
# "All processes using a database must be on the same host computer".
NETWORK_FILE_SYSTEMS = frozenset(
    {
        "nfs", "nfs4", "cifs", "smb2", "smb3", "smbfs", "afpfs", "ncpfs", "afs", "ceph",
        "glusterfs", "fuse.glusterfs", "fuse.sshfs", "lustre", "gpfs", "webdav", "davfs",
        "fuse.davfs2", "fuse.rclone",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """Where a project's file lies, or would.

    Attributes
    ----------
    file
        The project file.
    folder
        The data folder.
    reason
        Why it is not beside the data, as a sentence; empty where it is.
    """

    file: Path
    folder: Path
    reason: str = ""


def place_for(data: Path) -> Place:
    """Return where the project of a file or folder is, or is to be made: beside the data."""
    data = data.absolute()
    folder = data if data.is_dir() else data.parent
    if is_on_network(folder):
        reason = _("the data is on a network share, where a database can lose work")
        return Place(_own_place(folder), folder, reason)
    if not _can_write(folder):
        return Place(_own_place(folder), folder, _("the folder of the data cannot be written"))
    return Place(folder / PROJECT_NAME, folder)


def refuse_network_share(path: Path) -> None:
    """Raise `FileError` where a project file would lie on a network share."""
    if is_on_network(path):
        raise FileError(
            path,
            _("it is on a network share, where a database file can lose work"),
            _("keep the project on this computer's disk, or use a PostgreSQL server"),
        )


def is_on_network(path: Path) -> bool:
    """Tell whether a path lies on another machine's disk."""
    if os.name == "nt":
        return _is_remote_drive(PureWindowsPath(path.absolute()))
    return file_system(path.resolve(), _mounts()) in NETWORK_FILE_SYSTEMS


def file_system(path: PurePath, mounts: list[tuple[str, str]]) -> str:
    """Return the type of the file system that a path lies on.

    Parameters
    ----------
    mounts
        (mount point, type), in the order they were mounted: a later one hides an earlier one.
    """
    holding = [(len(PurePath(at).parts), kind) for at, kind in mounts if path.is_relative_to(at)]
    deepest = max((depth for depth, _kind in holding), default=0)
    return next((kind for depth, kind in reversed(holding) if depth == deepest), "")


def _mounts() -> list[tuple[str, str]]:
    import psutil  # noqa: PLC0415 - only where a project is opened

    return [(part.mountpoint, part.fstype) for part in psutil.disk_partitions(all=True)]


def _is_remote_drive(path: PureWindowsPath) -> bool:
    if path.drive.startswith("\\\\"):
        return True
    import ctypes  # noqa: PLC0415 - only Windows has what is asked for

    windows = getattr(ctypes, "windll", None)
    remote = 4  # DRIVE_REMOTE, winbase.h
    if windows is None:
        return False
    return bool(windows.kernel32.GetDriveTypeW(f"{path.drive}\\") == remote)


def _can_write(folder: Path) -> bool:
    """Try it: permission bits say little on network drives, read-only media and Windows."""
    try:
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


def _own_place(folder: Path) -> Path:
    """Return a place of our own for a data folder, named by a hash: its name may be a patient's."""
    name = hashlib.sha256(str(folder.resolve()).encode(errors="surrogateescape")).hexdigest()[:20]
    return (
        platformdirs.user_data_path("annotator", appauthor=False) / "projects" / name / PROJECT_NAME
    )
