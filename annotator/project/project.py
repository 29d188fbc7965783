"""One project: its items, their documents, its classes, and what reviewers said."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any

import msgspec
from sqlalchemy import Row, select, update

from annotator.errors import AnnotatorError, FileError
from annotator.formats.plain import taxonomy_as_plain, taxonomy_from_plain
from annotator.i18n import gettext as _
from annotator.model.annotations import AnnotationId, Remark
from annotator.model.document import Document
from annotator.model.items import Item, ItemId, ItemKind, Status
from annotator.model.labels import CHEST, GARAGE, Label, Taxonomy
from annotator.project import documents, label_files
from annotator.project.class_uses import items_with_class
from annotator.project.database import SQLITE_MAGIC, Database, is_url
from annotator.project.history import Entry, History
from annotator.project.places import refuse_network_share
from annotator.project.remarks import keep_remark, read_remarks
from annotator.project.schema import items, settings
from annotator.project.upsert import add_if_new, put_rows

_FOLDER = "folder"
_SAME_DATA = ("sources", "series_uid")


@dataclass(frozen=True, slots=True)
class NewItem:
    """What becomes an item; sources are paths as they are on this machine."""

    kind: ItemKind
    name: str
    sources: tuple[Path, ...]
    series_uid: str = ""


class Project:
    """An open project. Use `open` or `create`.

    Attributes
    ----------
    folder
        The data folder: sources of items are kept relative to it, so that both can move.
    who
        The person, as the history names them.
    """

    def __init__(self, database: Database, folder: Path, who: str) -> None:
        self.database = database
        self.folder = folder
        self.who = who

    @classmethod
    def open(cls, place: Path | str, *, who: str = "", folder: Path | None = None) -> "Project":
        """Open a project file, or a project on a server by its URL.

        Parameters
        ----------
        folder
            Where the data lies on this machine, if not where the project says.

        Raises
        ------
        FileError
            If there is none, or it is damaged, another program's, a newer version's, or on a
            network share. Nothing is written in these cases.
        """
        if not is_url(place) and not Path(place).exists():
            problem, remedy = _("there is no such project"), _("open the data instead")
            raise FileError(place, problem, remedy)
        return cls._opened(place, who, folder, may_make=False)

    @classmethod
    def create(cls, place: Path | str, *, who: str = "", folder: Path | None = None) -> "Project":
        """Make a project, or open it where it is already there.

        Parameters
        ----------
        folder
            Where the data lies, if not beside the project file.
        """
        return cls._opened(place, who, folder, may_make=True)

    def close(self) -> None:
        """Let go of the database."""
        self.database.close()

    def items(self) -> tuple[Item, ...]:
        """Return all items, in the order they were added."""
        with self.database.reading() as connection:
            rows = connection.execute(select(items).order_by(items.c.id)).all()
        return tuple(_item(row) for row in rows)

    def item(self, item_id: ItemId) -> Item:
        """Return one item as it is now.

        Raises
        ------
        AnnotatorError
            If the project has none of that number.
        """
        with self.database.reading() as connection:
            row = connection.execute(select(items).where(items.c.id == item_id)).one_or_none()
        if row is None:
            raise AnnotatorError(_("there is no item {id} in this project").format(id=item_id))
        return _item(row)

    def add_item(self, new: NewItem) -> Item:
        """Add an item; one over the same data is returned as it is."""
        return self.add_items([new])[0]

    def add_items(self, wanted: Iterable[NewItem]) -> tuple[Item, ...]:
        """Add several items in one transaction; those that are known are called as now."""
        added = []
        with self.database.writing() as connection:
            for new in wanted:
                row = self._row(new)
                add_if_new(connection, items, _SAME_DATA, row)
                same = [items.c[key] == row[key] for key in _SAME_DATA]
                renamed = update(items).where(*same, items.c.name != new.name)
                connection.execute(renamed.values(name=new.name))
                added.append(_item(connection.execute(select(items).where(*same)).one()))
        return tuple(added)

    def paths(self, item: Item) -> tuple[Path, ...]:
        """Return where an item's sources are on this machine."""
        return tuple(self.folder / PurePosixPath(source) for source in item.sources)

    def set_status(self, item_id: ItemId, status: Status) -> None:
        """Say how far an item is."""
        self._update(item_id, status=status.value)

    def touch(self, item_id: ItemId) -> None:
        """Note that an item was opened just now."""
        self._update(item_id, opened_at=datetime.now(UTC))

    def last_opened(self) -> ItemId | None:
        """Return the item that was opened last, to begin with at the next start."""
        wanted = select(items.c.id).where(items.c.opened_at.is_not(None))
        with self.database.reading() as connection:
            return connection.scalar(wanted.order_by(items.c.opened_at.desc()).limit(1))

    def open_history(self, item_id: ItemId, extents: documents.Extents) -> History:
        """Return an item's document with its history; what a `Session` is made of."""
        return documents.open_history(self.database, item_id, extents, self.who)

    def load(self, item_id: ItemId, extents: documents.Extents) -> Document:
        """Return an item's document, to look at."""
        return documents.load(self.database, item_id, extents)

    def history(self, item_id: ItemId) -> list[Entry]:
        """Return everything that was ever done to an item, oldest first."""
        return documents.log(self.database, item_id)

    def taxonomy(self, kind: ItemKind) -> Taxonomy:
        """Return the classes for items of this kind; scans and sequences share theirs."""
        kept = self.setting(_taxonomy_setting(kind))
        if kept is None:
            return CHEST if kind is ItemKind.CT else GARAGE
        return taxonomy_from_plain(kept)

    def set_taxonomy(self, kind: ItemKind, taxonomy: Taxonomy) -> None:
        """Keep other classes for items of this kind."""
        self.set_setting(_taxonomy_setting(kind), taxonomy_as_plain(taxonomy))

    def items_with_class(self, kind: ItemKind, label: Label) -> tuple[Item, ...]:
        """Return the items of a kind, a scan's and a sequence's being one, that use a class."""
        found = items_with_class(self.database, label)
        is_ct = kind is ItemKind.CT
        return tuple(i for i in self.items() if i.id in found and (i.kind is ItemKind.CT) == is_ct)

    def setting(self, name: str) -> Any:  # noqa: ANN401 - JSON
        """Return a setting that all who work on the project share, or None."""
        wanted = select(settings.c.value).where(settings.c.name == name)
        with self.database.reading() as connection:
            value = connection.scalar(wanted)
        return None if value is None else msgspec.json.decode(value)

    def set_setting(self, name: str, value: object) -> None:
        """Keep a setting that JSON can hold."""
        with self.database.writing() as connection:
            row = {"name": name, "value": msgspec.json.encode(value)}
            put_rows(connection, settings, ("name",), [row])

    def remarks(self, item_id: ItemId) -> dict[AnnotationId, Remark]:
        """Return the reviewers' remarks on an item's annotations."""
        return read_remarks(self.database, item_id)

    def remark(self, item_id: ItemId, remark: Remark) -> None:
        """Keep a remark in place of an older one; one without mark and words takes it away."""
        keep_remark(self.database, item_id, remark)

    def remember_label_file(self, item_id: ItemId, path: Path, *, read_completely: bool) -> None:
        """Note that an item's labels were read from a file, wholly or in part, or written to it."""
        label_files.remember(self.database, item_id, path, read_completely=read_completely)

    def known_label_files(self) -> frozenset[Path]:
        """Return the files that labels were read from or written to."""
        return label_files.known(self.database)

    def may_overwrite(self, path: Path) -> str | None:
        """Return why a label file must stay as it is, or None where it may be replaced."""
        return label_files.may_overwrite(self.database, path)

    @classmethod
    def _opened(
        cls, place: Path | str, who: str, folder: Path | None, *, may_make: bool
    ) -> "Project":
        place = place if is_url(place) else Path(place).absolute()
        if isinstance(place, Path):
            _require_usable(place)
            if may_make:
                _make_folder(place.parent)
        database = Database(place)
        try:
            _require_project(database, may_make=may_make)
            project = cls(database, Path(), who)
            project.folder = project._data_folder(folder, may_make=may_make)
        except BaseException:
            database.close()
            raise
        return project

    def _data_folder(self, given: Path | None, *, may_make: bool) -> Path:
        beside = self.database.place.parent if isinstance(self.database.place, Path) else None
        if given is not None:
            given = given.absolute()
            if may_make and given != beside and self.setting(_FOLDER) is None:
                self.set_setting(_FOLDER, str(given))
            return given
        kept = self.setting(_FOLDER)
        return Path(kept) if kept else beside or Path.cwd()

    def _row(self, new: NewItem) -> dict[str, Any]:
        sources = [self._relative(path) for path in new.sources]
        return {
            "kind": new.kind.value,
            "name": new.name,
            "sources": msgspec.json.encode(sources).decode(),
            "series_uid": new.series_uid,
            "status": Status.NEW.value,
        }

    def _relative(self, path: Path) -> str:
        whole = path.absolute()
        if whole.is_relative_to(self.folder):
            return whole.relative_to(self.folder).as_posix()
        return whole.as_posix()

    def _update(self, item_id: ItemId, **values: object) -> None:
        with self.database.writing() as connection:
            connection.execute(update(items).where(items.c.id == item_id).values(**values))


def _require_usable(path: Path) -> None:
    """Refuse what SQLite would fail on later, or would take for an empty database."""
    refuse_network_share(path)
    if path.is_dir():
        raise FileError(path, _("it is a folder"), _("choose the project.annotator file in it"))
    try:
        with path.open("rb") as file:
            head = file.read(len(SQLITE_MAGIC))
    except FileNotFoundError:
        return
    except OSError as error:
        raise FileError(path, _("it cannot be read"), _("ask for the right to read it")) from error
    if head not in (b"", SQLITE_MAGIC):
        raise FileError(
            path,
            _("it is not a project, or its beginning is damaged"),
            _("restore a copy of it; nothing was changed"),
        )


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        problem, remedy = _("the folder cannot be made"), _("choose another place")
        raise FileError(folder, problem, remedy) from error


def _require_project(database: Database, *, may_make: bool) -> None:
    database.require_sound()
    if not may_make and database.is_empty():
        raise FileError(
            database.place if isinstance(database.place, Path) else "PostgreSQL",
            _("there is no project in it"),
            _("create the project first"),
        )
    database.bring_up_to_date()


def _item(row: Row[Any]) -> Item:
    return Item(
        id=row.id,
        kind=ItemKind(row.kind),
        name=row.name,
        sources=tuple(msgspec.json.decode(row.sources)),
        series_uid=row.series_uid,
        status=Status(row.status),
    )


def _taxonomy_setting(kind: ItemKind) -> str:
    return f"taxonomy.{'ct' if kind is ItemKind.CT else 'cloud'}"
