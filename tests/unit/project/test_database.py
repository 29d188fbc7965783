"""A project's database is opened by many, upgraded by one, and never harmed when it is damaged."""

import re
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, event, text

from annotator.app.session import Session
from annotator.errors import FileError
from annotator.formats.format import Context
from annotator.model.annotations import Annotation
from annotator.model.edits import Drop, Paint, Put
from annotator.model.items import Item, ItemKind
from annotator.model.labels import GARAGE
from annotator.model.layers import LayerKey
from annotator.model.shapes import Point3D
from annotator.project import database, migrations
from annotator.project.project import NewItem, Project
from annotator.project.schema import REVISIONS, metadata

OpenProject = Callable[[], Project]
EXTENTS = ((1_000,),)


def put(name: str) -> Put:
    return Put(Annotation("car", Point3D((0.0, 0.0, 0.0)), id=name))


def labelled(place: Path, edits: int = 3) -> Path:
    project = Project.create(place)
    item = project.add_item(NewItem(ItemKind.CLOUD, "a.pcd", (place.parent / "a.pcd",)))
    session = Session(project.open_history(item.id, EXTENTS), Context(GARAGE))
    for number in range(edits):
        session.do(put(str(number)), "edit")
    project.close()
    return place


def test_migrations_make_exactly_the_tables_of_the_schema(place: Path | str) -> None:
    engine = create_engine(place if isinstance(place, str) else f"sqlite:///{place}")

    with engine.begin() as connection:
        migrations.upgrade(connection)
        differences = compare_metadata(MigrationContext.configure(connection), metadata)
    engine.dispose()

    assert differences == []


def test_a_new_project_is_what_the_migrations_would_have_made(reopen: OpenProject) -> None:
    project = reopen()

    with project.database.reading() as connection:
        context = MigrationContext.configure(connection)
        found = compare_metadata(context, metadata), context.get_current_revision()

    assert found == ([], REVISIONS[-1])


def test_a_project_of_the_first_version_is_changed_and_loses_nothing(
    reopen: OpenProject, place: Path | str, tmp_path: Path
) -> None:
    project = reopen()
    item = project.add_item(NewItem(ItemKind.CLOUD, "a.pcd", (tmp_path / "a.pcd",)))
    session = Session.of(project, item, Context(GARAGE))
    for name in ("one", "two", "three"):
        session.do(put(name), "edit")
    session.do(Drop("two"), "delete")
    with project.database.writing() as connection:
        connection.execute(text("ALTER TABLE annotations DROP COLUMN number"))
        first = "ALTER TABLE items ADD COLUMN read_only BOOLEAN NOT NULL DEFAULT FALSE"
        connection.execute(text(first))
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))

    opened = Project.open(place)
    with opened.database.reading() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), metadata)

    assert differences == []
    assert [known.sources for known in opened.items()] == [item.sources]
    document = opened.load(item.id, ())
    assert list(document.annotations) == ["one", "three"]
    assert document.numbers == {"one": 1, "two": 2, "three": 3}
    opened.close()


def test_the_schema_knows_every_migration() -> None:
    scripts = ScriptDirectory(str(Path(migrations.__file__).parent))

    assert tuple(reversed([s.revision for s in scripts.walk_revisions()])) == REVISIONS


def test_sqlite_reaches_the_disk_at_every_commit(tmp_path: Path) -> None:
    project = Project.create(tmp_path / "project.annotator")

    with project.database.writing() as connection:
        pragmas = ["journal_mode", "synchronous", "foreign_keys"]
        values = [connection.scalar(text(f"PRAGMA {name}")) for name in pragmas]

    assert values == ["wal", 2, 1]  # 2 is FULL
    project.close()


def test_many_that_make_one_project_at_once_share_it(place: Path | str, tmp_path: Path) -> None:
    def work(number: int) -> int:
        project = Project.create(place, folder=tmp_path)
        new = NewItem(ItemKind.CLOUD, f"{number}.pcd", (tmp_path / f"{number}.pcd",))
        item = project.add_item(new)
        project.add_item(NewItem(ItemKind.CLOUD, "shared.pcd", (tmp_path / "shared.pcd",)))
        session = Session(project.open_history(item.id, EXTENTS), Context(GARAGE))
        for name in "abcde":
            session.do(put(name), "edit")
        project.close()
        return item.id

    with ThreadPoolExecutor(6) as pool:
        ids = list(pool.map(work, range(6)))

    project = Project.open(place)
    assert len(set(ids)) == 6
    assert len(project.items()) == 7
    assert all(len(project.load(i, EXTENTS).annotations) == 5 for i in ids)
    project.close()


def test_a_project_of_a_newer_version_is_refused_and_left_alone(
    reopen: OpenProject, place: Path | str
) -> None:
    with reopen().database.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(FileError, match=r"newer version.*install that version"):
        Project.open(place)


def test_another_programs_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    place = tmp_path / "project.annotator"
    with sqlite3.connect(place) as connection:
        connection.execute("CREATE TABLE theirs (x)")
    connection.close()

    with pytest.raises(FileError, match="another program"):
        Project.create(place)

    with sqlite3.connect(place) as connection:
        tables = connection.execute("SELECT name FROM sqlite_master").fetchall()
    connection.close()
    assert tables == [("theirs",)]


@pytest.mark.parametrize("damage", ["head", "middle", "not a database", "cut short"])
def test_a_damaged_project_is_refused_in_words_and_not_written_to(
    tmp_path: Path, damage: str
) -> None:
    place = labelled(tmp_path / "project.annotator", edits=40)
    content = bytearray(place.read_bytes())
    match damage:
        case "head":
            content[:16] = b"\xff" * 16
        case "middle":
            content[4096 : len(content) - 4096] = b"\xa5" * (len(content) - 8192)
        case "not a database":
            content = bytearray(b"hello, this is a text file")
        case _:
            del content[len(content) // 2 :]
    place.write_bytes(content)

    for opening in (Project.open, Project.create):
        with pytest.raises(FileError, match=r"project\.annotator: .*damaged.*; restore a copy"):
            opening(place)

    assert place.read_bytes() == content


def test_a_damaged_annotation_is_a_sentence_when_its_item_is_opened(tmp_path: Path) -> None:
    place = labelled(tmp_path / "project.annotator")
    project = Project.open(place)
    with project.database.writing() as connection:
        connection.execute(text("UPDATE annotations SET content = x'00ff'"))

    with pytest.raises(FileError, match="damaged"):
        project.open_history(1, EXTENTS)

    project.close()


def test_a_missing_project_is_a_sentence_and_no_new_file(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="no such project"):
        Project.open(tmp_path / "nothing.annotator")

    assert not list(tmp_path.iterdir())


def test_a_full_disk_takes_the_edit_back_and_says_so(tmp_path: Path) -> None:
    project = Project.open(labelled(tmp_path / "project.annotator"))
    session = Session(project.open_history(1, EXTENTS), Context(GARAGE))
    engine = project.database._engine

    def fill_up(connection: object) -> None:
        raise full_disk()

    event.listen(engine, "commit", fill_up)
    with pytest.raises(FileError, match=r"disk is full, so nothing was saved; free some space"):
        session.do(put("lost"), "lost")
    event.remove(engine, "commit", fill_up)

    assert "lost" not in session.document.annotations
    session.do(put("kept"), "kept")
    assert project.load(1, EXTENTS) == session.document
    project.close()


def full_disk() -> sqlite3.OperationalError:
    """The very error that SQLite raises when a database may not grow."""
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE t (x)")
    connection.execute("PRAGMA max_page_count=2")
    try:
        connection.execute("INSERT INTO t VALUES (zeroblob(100000))")
    except sqlite3.OperationalError as error:
        return error
    finally:
        connection.close()
    raise AssertionError("SQLite stored it")


def test_a_database_that_may_not_grow_refuses_a_large_edit_whole(tmp_path: Path) -> None:
    project = Project.open(labelled(tmp_path / "project.annotator"))
    item: Item = project.item(1)
    session = Session(project.open_history(item.id, EXTENTS), Context(GARAGE))
    before = project.load(1, EXTENTS)
    pool = project.database._engine.pool

    @event.listens_for(pool, "checkout")
    def no_more_pages(connection: sqlite3.Connection, *_rest: object) -> None:
        connection.execute("PRAGMA max_page_count=1").close()

    with pytest.raises(FileError, match="disk is full"):
        fill(session)

    kept = len(session.steps()) - 3
    assert kept < 50
    assert project.load(1, EXTENTS) == session.document
    assert session.document.annotations == before.annotations
    project.close()


def fill(session: Session) -> None:
    """Paint what no compression makes small, again and again."""
    values = np.random.default_rng(0).integers(0, 2**32, 1_000, dtype=np.uint32)
    for _attempt in range(50):
        session.do(Paint(LayerKey("semantic"), np.arange(1_000), values), "noise")


def test_a_locked_project_is_a_sentence_and_the_edit_is_taken_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "BUSY_TIMEOUT_S", 0.05)
    place = labelled(tmp_path / "project.annotator")
    project = Project.open(place)
    session = Session(project.open_history(1, EXTENTS), Context(GARAGE))
    other = sqlite3.connect(place, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    with pytest.raises(FileError, match="another program is using it"):
        session.do(put("lost"), "lost")

    other.execute("ROLLBACK")
    other.close()
    assert "lost" not in session.document.annotations
    session.do(put("kept"), "kept")
    project.close()


def test_an_unreachable_server_is_a_sentence_without_its_password() -> None:
    url = "postgresql+psycopg://someone:secret-word@127.0.0.1:1/garage?connect_timeout=2"

    with pytest.raises(FileError) as caught:
        Project.open(url)

    assert re.match(r"garage: the database server does not answer", str(caught.value))
    assert "secret-word" not in str(caught.value)
