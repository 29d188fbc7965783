"""One database, reached the same way whether it is a file or a server."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, create_engine, event, inspect, text
from sqlalchemy.engine import URL, Engine, make_url
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.pool import ConnectionPoolEntry

from annotator.errors import AnnotatorError, FileError
from annotator.i18n import gettext as _
from annotator.project.codec import DamagedError
from annotator.project.migrations import upgrade
from annotator.project.schema import REVISIONS, metadata

BUSY_TIMEOUT_S = 5.0
QUICK_CHECK_BYTES = 64 * 2**20
"""A check reads the whole file, about 0.4 ms a megabyte from the cache; a disk is slower."""
SQLITE_MAGIC = b"SQLite format 3\0"
_WRITES = "annotator_writes"
# Any number, as long as every copy of the program takes the same: serialises upgrades.
_UPGRADE_LOCK = 0x616E6E6F


class Database:
    """A project's database. Every failure comes out as a sentence.

    Parameters
    ----------
    place
        A file, or a URL such as ``postgresql+psycopg://user@host/name``.
    """

    def __init__(self, place: Path | str) -> None:
        self.place = place
        url = _url(place)
        # Of a URL only the database's name is ever shown: the rest may hold a password.
        self._shown = str(place) if isinstance(place, Path) else (url.database or "PostgreSQL")
        self._engine = _engine(url)
        self._reader = self._engine.execution_options(**_reading_options(self._engine))
        self._writer = self._engine.execution_options(**{_WRITES: True})

    @property
    def dialect(self) -> str:
        """``sqlite`` or ``postgresql``."""
        return self._engine.dialect.name

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Look at one state of the database, whatever others write meanwhile."""
        with self._in_words(), self._reader.begin() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Do one transaction: on the disk when this returns, or not done at all."""
        with self._in_words(), self._writer.begin() as connection:
            yield connection

    def is_empty(self) -> bool:
        """Tell whether nothing was ever stored here."""
        with self.reading() as connection:
            return not inspect(connection).get_table_names()

    def require_sound(self) -> None:
        """Refuse a damaged file before anything is written to it; large ones as they are read.

        Raises
        ------
        FileError
            If SQLite finds damage.
        """
        if not isinstance(self.place, Path) or not self.place.exists():
            return
        if self.place.stat().st_size > QUICK_CHECK_BYTES:
            return
        with self.reading() as connection:
            if connection.scalar(text("PRAGMA quick_check(1)")) != "ok":
                raise FileError(self._shown, *_damaged())

    def bring_up_to_date(self) -> None:
        """Make the tables, or change those of an older version; refuse those of a newer one.

        Raises
        ------
        FileError
            If a newer version of the program, or another program, made them.
        """
        with self.reading() as connection:
            if self._is_current(connection):
                return
        with self.writing() as connection:
            if self.dialect == "postgresql":
                connection.execute(text(f"SELECT pg_advisory_xact_lock({_UPGRADE_LOCK})"))
            if not inspect(connection).get_table_names():
                _make_tables(connection)
            elif not self._is_current(connection):
                upgrade(connection)

    def close(self) -> None:
        """Let go of the file or the server."""
        self._engine.dispose()

    def _is_current(self, connection: Connection) -> bool:
        tables = inspect(connection).get_table_names()
        if tables and "alembic_version" not in tables:
            raise FileError(
                self._shown,
                _("it is the database of another program"),
                _("choose a project.annotator file"),
            )
        found = connection.scalar(text("SELECT version_num FROM alembic_version")) if tables else ""
        if found and found not in REVISIONS:
            raise FileError(
                self._shown,
                _("a newer version of this program made it"),
                _("install that version; nothing was changed"),
            )
        return bool(found == REVISIONS[-1])

    @contextmanager
    def _in_words(self) -> Iterator[None]:
        try:
            yield
        except DamagedError as error:
            raise FileError(self._shown, *_damaged()) from error
        except (SQLAlchemyError, sqlite3.Error) as error:
            raise self._sentence(error) from error

    def _sentence(self, error: Exception) -> AnnotatorError:
        cause = error.orig if isinstance(error, DBAPIError) else error
        problem, remedy = _words(cause or error)
        return FileError(self._shown, problem, remedy)


def is_url(place: Path | str) -> bool:
    """Tell a server's URL from a file's path."""
    return isinstance(place, str) and "://" in place


def _url(place: Path | str) -> URL:
    if isinstance(place, str) and is_url(place):
        return make_url(place)
    return URL.create("sqlite", database=str(place))


def _engine(url: URL) -> Engine:
    if url.get_backend_name() != "sqlite":
        return create_engine(url, pool_pre_ping=True)
    engine = create_engine(url, connect_args={"timeout": BUSY_TIMEOUT_S})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _reading_options(engine: Engine) -> dict[str, Any]:
    # SQLite's readers see one state anyway; PostgreSQL's default shows each statement another.
    return {} if engine.dialect.name == "sqlite" else {"isolation_level": "REPEATABLE READ"}


def _prepare_sqlite(connection: sqlite3.Connection, _record: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # the driver must not begin by itself: see `_begin_sqlite`
    connection.execute("PRAGMA journal_mode=WAL").close()
    connection.execute("PRAGMA synchronous=FULL").close()
    connection.execute("PRAGMA foreign_keys=ON").close()


def _begin_sqlite(connection: Connection) -> None:
    """Take the write lock at once: a reader that turns writer is refused without a wait."""
    writes = connection.get_execution_options().get(_WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _words(cause: BaseException) -> tuple[str, str]:
    """Return what is wrong and what to do, from SQLite's result code or PostgreSQL's SQLSTATE."""
    code = getattr(cause, "sqlite_errorcode", -1) & 0xFF  # the low byte; the rest is detail
    state = str(getattr(cause, "sqlstate", None) or "")
    if code == sqlite3.SQLITE_FULL or state == "53100":
        return _("the disk is full, so nothing was saved"), _("free some space and try again")
    if code in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
        return (
            _("another program is using it, so nothing was saved"),
            _("close the other program, or try again in a moment"),
        )
    if code in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}:
        return _damaged()
    if code in {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM}:
        return _("it cannot be written"), _("ask for the right to write there, or copy the data")
    if isinstance(cause, sqlite3.Error):
        return (
            _("the project cannot be saved or read ({reason})").format(reason=cause),
            _("check the disk, then try again"),
        )
    return (
        _("the database server does not answer as it should ({reason})").format(
            reason=type(cause).__name__
        ),
        _("check the address, the network and your right to use it"),
    )


def _damaged() -> tuple[str, str]:
    return _("the project file is damaged"), _("restore a copy of it; nothing was changed")


def _make_tables(connection: Connection) -> None:
    """Make the newest tables at once, as if every migration had run; a new project is quick."""
    metadata.create_all(connection, checkfirst=False)
    connection.execute(
        text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)")
    )
    connection.execute(
        text("INSERT INTO alembic_version VALUES (:newest)"), {"newest": REVISIONS[-1]}
    )
