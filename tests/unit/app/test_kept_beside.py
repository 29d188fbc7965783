"""A large change is applied and kept beside; nothing overtakes it, and nothing of it is lost."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event

import numpy as np
import pytest

from annotator.app.kept_beside import Told
from annotator.app.session import Session
from annotator.formats.format import Context
from annotator.model.annotations import Annotation
from annotator.model.document import Document
from annotator.model.edits import Batch, Edit, Paint, Put
from annotator.model.items import ItemKind
from annotator.model.labels import GARAGE
from annotator.model.layers import LayerKey
from annotator.model.shapes import Box3D
from annotator.project.history import Change
from annotator.project.project import NewItem, Project

EXTENTS = ((200_000,),)
SEMANTIC = LayerKey("semantic")
LONG_S = 20.0


@dataclass
class Heard:
    """What was told of a change."""

    over: Event = field(default_factory=Event)
    done: list[Edit | None] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)

    @property
    def told(self) -> Told:
        return Told(self.over.set, self.done.append, self.failed.append)


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    made = Project.create(tmp_path / "project.annotator", folder=tmp_path)
    made.add_item(NewItem(ItemKind.CLOUD, "a.pcd", (tmp_path / "a.pcd",)))
    yield made
    made.close()


def opened(project: Project) -> Session:
    item = project.items()[0]
    return Session(project.open_history(item.id, EXTENTS), Context(GARAGE), item=item)


def painted(value: int, start: int = 0, stop: int = 150_000) -> Paint:
    return Paint(SEMANTIC, np.arange(start, stop), np.array([value], np.uint32))


def kept(project: Project) -> Document:
    return project.load(project.items()[0].id, EXTENTS)


def counts(session: Session) -> dict[int, int]:
    return session.document.semantic().counts()


def test_it_is_on_the_disk_before_the_document_shows_it(project: Project) -> None:
    session, heard = opened(project), Heard()

    session.do_beside(painted(1), "Label points", heard.told)
    assert heard.over.wait(LONG_S)
    shown, on_disk = counts(session), kept(project).semantic().counts()
    session.finish()

    assert shown == {}
    assert on_disk == {1: 150_000}
    assert counts(session) == {1: 150_000}
    assert len(heard.done) == 1
    assert not session.is_keeping


def test_listeners_are_told_once_and_when_it_is_shown(project: Project) -> None:
    session, heard, told = opened(project), Heard(), []
    session.changed.connect(lambda _edit: told.append(counts(session)))

    session.do_beside(painted(1), "Label points", heard.told)
    session.finish()
    session.finish()

    assert told == [{1: 150_000}]


def test_an_edit_after_it_does_not_overtake_it(project: Project) -> None:
    session = opened(project)

    session.do_beside(painted(1), "first", Heard().told)
    session.do(painted(2, 100_000, 200_000), "second")

    assert [step.text for step in session.steps()] == ["first", "second"]
    assert counts(session) == {1: 100_000, 2: 100_000}
    assert kept(project) == session.document


def test_it_can_be_undone_right_after(project: Project) -> None:
    session = opened(project)

    session.do_beside(painted(1), "Label points", Heard().told)
    could = session.can_undo
    session.undo()

    assert could
    assert counts(session) == {}
    assert kept(project) == session.document
    assert session.can_redo


def test_steps_are_taken_back_and_brought_back_beside(project: Project) -> None:
    session, heard = opened(project), Heard()
    session.do(painted(1), "first")
    session.do(painted(2, 50_000, 90_000), "second")

    session.undo_beside(heard.told)
    session.undo_beside(heard.told)
    session.finish()
    bare = counts(session)
    session.redo_beside(heard.told)
    session.redo_beside(heard.told)
    session.finish()

    assert bare == {}
    assert counts(session) == {1: 110_000, 2: 40_000}
    assert kept(project) == session.document
    assert len(heard.done) == 4


def test_where_there_is_no_step_none_is_taken_back(project: Project) -> None:
    session, heard = opened(project), Heard()

    session.undo_beside(heard.told)
    session.finish()

    assert heard.done == [None]


def test_what_could_not_be_kept_is_not_shown_and_said(project: Project) -> None:
    session, other, heard = opened(project), opened(project), Heard()
    other.do(painted(3), "of another")

    session.do_beside(painted(1), "Label points", heard.told)
    session.finish()

    assert counts(session) == {}
    assert not session.steps()
    assert heard.done == []
    assert "changed elsewhere" in heard.failed[0]


def test_the_document_is_as_it_was_while_it_is_kept(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    session, heard, goes_on = opened(project), Heard(), Event()
    session.do(painted(1), "first")
    store = session._history._store
    keep = store.keep

    def slowly(change: Change, document: Document) -> None:
        goes_on.wait(LONG_S)
        keep(change, document)

    monkeypatch.setattr(store, "keep", slowly)
    session.do_beside(painted(2), "second", heard.told)
    meanwhile = counts(session)
    goes_on.set()
    session.finish()

    assert meanwhile == {1: 150_000}
    assert counts(session) == {2: 150_000}


def test_an_object_in_it_is_called_by_the_next_number(project: Project) -> None:
    session, made = opened(project), Annotation("car", Box3D((0, 0, 0), (4, 2, 1)))

    session.do_beside(Batch((Put(made), painted(1))), "Label points in a box", Heard().told)
    session.finish()

    assert session.document.numbers == {made.id: 1}
    assert kept(project).numbers == {made.id: 1}
