"""Where labels were read from and written to.

So a file that was not understood is never overwritten, and one that was written is no scan.
"""

import hashlib
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import select

from annotator.formats.files import cannot_read
from annotator.i18n import gettext as _
from annotator.model.items import ItemId
from annotator.project.database import Database
from annotator.project.schema import label_files
from annotator.project.upsert import put_rows


def remember(database: Database, item: ItemId, path: Path, *, read_completely: bool) -> None:
    """Note that labels were read from a file or folder, wholly or in part, or written to it.

    Raises
    ------
    FileError
        If the file cannot be read.
    """
    whole = path.resolve()
    row = {
        "item": item,
        "path": str(whole),
        "sha256": _sha256(whole),
        "read_completely": read_completely,
        "read_at": datetime.now(UTC),
    }
    with database.writing() as connection:
        put_rows(connection, label_files, ("item", "path"), [row])


def known(database: Database) -> frozenset[Path]:
    """Return the files and folders that labels of any item were read from or written to."""
    with database.reading() as connection:
        return frozenset(Path(row.path) for row in connection.execute(select(label_files.c.path)))


def may_overwrite(database: Database, path: Path) -> str | None:
    """Return why a file must stay as it is, or None where it may be replaced.

    A file is known by its place and by its bytes: neither renaming nor copying frees it.
    """
    if not path.exists():
        return None
    wanted = select(label_files.c.path, label_files.c.sha256)
    with database.reading() as connection:
        partly = connection.execute(wanted.where(label_files.c.read_completely.is_(False))).all()
    if not partly:
        return None
    whole = path.resolve()
    if str(whole) in {row.path for row in partly} or _sha256(whole) in {r.sha256 for r in partly}:
        return _(
            "{name} could not be read completely, so what it holds beyond that would be lost;"
            " choose another name"
        ).format(name=path.name)
    return None


def _sha256(path: Path) -> str:
    """Return the hash of a file, or of a folder's files with their names, in their order."""
    digest = hashlib.sha256()
    try:
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.is_file():
                digest.update(file.name.encode(errors="surrogateescape") if file != path else b"")
                with file.open("rb") as opened:
                    while block := opened.read(2**20):
                        digest.update(block)
    except OSError as error:
        raise cannot_read(path, error) from error
    return digest.hexdigest()
