"""What a project keeps is what was in memory, at any time, on a file and on a server."""

from collections.abc import Callable
from dataclasses import replace
from itertools import count
from pathlib import Path
from uuid import uuid4

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from annotator.app.session import Session
from annotator.commands.removing import drop_all
from annotator.errors import FileError, WrongDataError
from annotator.formats.format import Context
from annotator.model.annotations import Annotation, Origin
from annotator.model.document import Document
from annotator.model.edits import Batch, Drop, Edit, Paint, Put, apply, parts
from annotator.model.items import Item, ItemKind, Status
from annotator.model.labels import GARAGE
from annotator.model.layers import LayerKey
from annotator.model.shapes import Box3D, Point3D
from annotator.project import documents
from annotator.project.documents import StaleError
from annotator.project.project import NewItem, Project

OpenProject = Callable[[], Project]
EXTENTS = ((150_000,), (70_000,))
CONTEXT = Context(GARAGE)

ids = st.sampled_from(["a", "b", "c", "d"])
puts = st.builds(
    lambda name, x: Put(Annotation("car", Point3D((x, 0.0, 0.0)), id=name)),
    ids,
    st.floats(-100, 100),
)
paints = st.builds(
    lambda name, where, value: Paint(
        LayerKey(name, 0), np.array(where, np.int64), np.array([value], np.uint32)
    ),
    st.sampled_from(["semantic", "instance"]),
    st.lists(st.integers(0, EXTENTS[0][0] - 1), unique=True, max_size=20),
    st.sampled_from([0, 1, 300, 70_000]),
)
simple = st.one_of(puts, paints)
acts = st.lists(
    st.one_of(
        st.sampled_from(["undo", "undo", "redo", "withdraw"]),
        simple,
        st.lists(simple, min_size=1, max_size=4).map(lambda e: Batch(tuple(e))),
        ids.map(Drop),
    ),
    max_size=12,
)
modest = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
_names = count()


def opened(project: Project, item: Item) -> Session:
    return Session(project.open_history(item.id, EXTENTS), CONTEXT, item=item)


def new_item(project: Project) -> Item:
    name = f"scan{next(_names)}-{uuid4().hex}.pcd"
    return project.add_item(NewItem(ItemKind.CLOUD, name, (Path("/data", name),)))


def test_what_was_deleted_comes_back_to_its_place_and_stays_there(reopen: OpenProject) -> None:
    project = reopen()
    item = new_item(project)
    session = opened(project, item)
    for name in "abcde":
        session.do(Put(Annotation("car", Point3D((0.0, 0.0, 0.0)), id=name)), "draw")

    session.do(drop_all(session.document, ("b", "d", "e")), "delete")
    remaining = list(session.document.annotations)
    session.undo()

    assert remaining == ["a", "c"]
    assert list(session.document.annotations) == list("abcde")
    assert list(opened(reopen(), item).document.annotations) == list("abcde")


def test_an_object_keeps_its_number_whatever_is_deleted_undone_or_opened_again(
    reopen: OpenProject,
) -> None:
    project = reopen()
    item = new_item(project)
    session = opened(project, item)
    for name in "abc":
        session.do(Put(Annotation("car", Point3D((0.0, 0.0, 0.0)), id=name)), "draw")

    session.do(drop_all(session.document, ("a", "c")), "delete")
    again = opened(reopen(), item)
    again.do(Put(Annotation("wall", Point3D((0.0, 0.0, 0.0)), id="d")), "draw")
    again.undo()
    again.undo()
    again.do(Put(Annotation("car", Point3D((1.0, 0.0, 0.0)), id="e")), "draw")

    numbers = opened(reopen(), item).document.numbers
    assert numbers == again.document.numbers == {"a": 1, "b": 2, "c": 3, "d": 4, "e": 5}


def test_what_moves_or_is_only_suggested_has_no_number_until_it_needs_one(
    reopen: OpenProject,
) -> None:
    project = reopen()
    item = new_item(project)
    session = opened(project, item)
    moves = Annotation("car", Point3D((0.0, 0.0, 0.0)), id="a", frame=0, track="7")
    guess = replace(moves, id="b", track=None, origin=Origin.SUGGESTION)
    session.do(Batch((Put(moves), Put(guess))), "draw")
    before = dict(session.document.numbers)

    session.do(Put(replace(guess, origin=Origin.FIT)), "accept")
    session.do(Put(replace(moves, track=None)), "stop")

    assert before == {}
    assert opened(reopen(), item).document.numbers == {"b": 1, "a": 2}


@modest
@given(st.lists(st.one_of(simple, ids.map(Drop)), max_size=8))
def test_undoing_leaves_the_order_as_it_was(edits: list[Edit]) -> None:
    names = "dcba"
    known = {n: Annotation("car", Point3D((0.0, 0.0, 0.0)), id=n) for n in names}
    document = Document(EXTENTS, known)

    undo = [
        apply(edit, document)
        for edit in edits
        if not isinstance(edit, Drop) or edit.id in document.annotations
    ]
    for inverse in reversed(undo):
        apply(inverse, document)

    assert list(document.annotations) == list(names)


def box(x: float = 0.0) -> Put:
    return Put(Annotation("car", Box3D((x, 0.0, 0.0), (4.0, 2.0, 1.5))))


def paint(*rows: int, value: int = 3, frame: int = 0) -> Paint:
    where = np.array(rows, np.int64)
    return Paint(LayerKey("semantic", frame), where, np.array([value], np.uint32))


CAR = Annotation("car", Point3D((0.0, 0.0, 0.0)), id="a")


class Model:
    """Undo and redo as anyone would write them who has all memory in the world."""

    def __init__(self) -> None:
        self.states = [Document(EXTENTS)]
        self.at = 0
        self.before: list[Document] | None = None

    def do(self, edit: Edit) -> bool:
        document = copy_of(self.states[self.at])
        if isinstance(edit, Drop) and edit.id not in document.annotations:
            return False
        there = document.annotations.values()
        if all(isinstance(part, Put) and part.annotation in there for part in parts(edit)):
            return True  # it is given to the session as well, which makes no step of it
        apply(edit, document)
        self.before = list(self.states)
        self.states[self.at + 1 :] = [document]
        self.at += 1
        return True

    def undo(self) -> None:
        if self.at > 0:
            self.at, self.before = self.at - 1, None

    def redo(self) -> None:
        if self.at < len(self.states) - 1:
            self.at, self.before = self.at + 1, None

    def withdraw(self) -> None:
        if self.before is not None:
            self.at, self.states, self.before = self.at - 1, self.before, None


def copy_of(document: Document) -> Document:
    layers = {key: layer.copy() for key, layer in document.layers.items()}
    return Document(document.extents, dict(document.annotations), layers)


def follow(session: Session, model: Model, act: Edit | str) -> None:
    if act == "undo":
        session.undo()
        model.undo()
    elif act == "withdraw":
        session.withdraw()
        model.withdraw()
    elif isinstance(act, str):
        session.redo()
        model.redo()
    elif model.do(act):
        session.do(act, "step")


@modest
@given(st.one_of(simple, st.lists(simple, max_size=5).map(lambda e: Batch(tuple(e)))))
def test_an_edit_and_its_inverse_leave_no_trace(edit: Edit) -> None:
    before, after = Document(EXTENTS), Document(EXTENTS)
    for document in (before, after):
        apply(
            Batch((Put(Annotation("wall", Point3D((1.0, 1.0, 1.0)), id="a")), paint(5))), document
        )

    apply(apply(edit, after), after)

    assert after == before


@modest
@given(acts)
@example([Put(CAR), Batch((Put(CAR),)), Put(CAR), "undo", "redo"])
def test_any_walk_through_a_history_equals_a_model_without_a_store(walk: list[Edit | str]) -> None:
    session, model = Session.in_memory(Document(EXTENTS), CONTEXT), Model()

    for act in walk:
        follow(session, model, act)

        assert session.document == model.states[model.at]
        assert session.can_undo == (model.at > 0)
        assert session.can_redo == (model.at < len(model.states) - 1)


@modest
@given(acts, acts)
def test_a_reopened_document_equals_the_one_in_memory_and_walks_on(
    reopen: OpenProject, first: list[Edit | str], second: list[Edit | str]
) -> None:
    project, model = reopen(), Model()
    item = new_item(project)
    session = opened(project, item)

    for walk in (first, second):
        for act in walk:
            follow(session, model, act)
        before = session
        session = opened(reopen(), item)

        assert session.document == before.document == model.states[model.at]
        assert session.steps() == before.steps()
        assert session.saved_at == before.saved_at
        for name in session.document.annotations:
            assert session.document.numbers.get(name) == before.document.numbers.get(name)


def test_undo_and_redo_reach_through_a_restart(reopen: OpenProject, item: Item) -> None:
    session = opened(reopen(), item)
    session.do(box(1.0), "Draw box")
    session.do(paint(1, 2, 70_000), "Lasso")
    session.undo()

    again = opened(reopen(), item)
    again.redo()
    again.undo()
    again.undo()

    assert again.document.is_empty()
    assert [(s.text, s.done, s.who) for s in again.steps()] == [
        ("Draw box", False, "李雷"),
        ("Lasso", False, "李雷"),
    ]


def test_what_is_withdrawn_is_no_step_after_a_restart_and_brings_back_what_it_abandoned(
    reopen: OpenProject, item: Item
) -> None:
    session = opened(reopen(), item)
    session.do(Put(Annotation("car", Point3D((1.0, 0.0, 0.0)), id="a")), "first")
    session.undo()
    session.do(Put(Annotation("car", Point3D((2.0, 0.0, 0.0)), id="b")), "second")

    session.withdraw()
    session = opened(reopen(), item)

    assert session.document.is_empty()
    assert [(step.text, step.done) for step in session.steps()] == [("first", False)]
    session.redo()
    assert list(session.document.annotations) == ["a"]
    assert session.withdraw() is None


def test_something_new_abandons_what_was_undone_but_the_log_still_tells(
    reopen: OpenProject, item: Item
) -> None:
    project = reopen()
    session = opened(project, item)
    session.do(box(), "first")
    session.undo()

    session.do(box(), "second")

    assert [step.text for step in session.steps()] == ["second"]
    assert [(e.act, e.step) for e in project.history(item.id)] == [
        ("do", 1),
        ("undo", 1),
        ("do", 3),
    ]


def test_histories_of_two_documents_do_not_touch(reopen: OpenProject, item: Item) -> None:
    project = reopen()
    one, two = opened(project, item), opened(project, new_item(project))
    one.do(box(1.0), "in one")
    two.do(box(2.0), "in two")

    one.undo()

    assert one.document.is_empty()
    assert len(two.document.annotations) == 1
    assert [step.text for step in two.steps()] == ["in two"]


def test_layers_of_a_sequence_come_back_on_their_own_scan(reopen: OpenProject, item: Item) -> None:
    session = opened(reopen(), item)
    session.do(paint(69_999, value=70_001, frame=1), "Lasso")

    back = opened(reopen(), item).document

    assert back.semantic(1).where(70_001).tolist() == [69_999]
    assert not back.semantic(0).counts()


def test_two_writers_of_one_item_cannot_pass_each_other_unseen(
    reopen: OpenProject, item: Item
) -> None:
    mine, theirs = opened(reopen(), item), opened(reopen(), item)
    theirs.do(box(1.0), "theirs")

    with pytest.raises(StaleError, match="open the item again"):
        mine.do(paint(4), "mine")

    assert mine.document.is_empty()
    assert mine.steps() == ()
    assert opened(reopen(), item).document == theirs.document


def test_the_first_edit_starts_the_item(reopen: OpenProject, item: Item) -> None:
    project = reopen()

    opened(project, item).do(box(), "Draw box")

    assert project.item(item.id).status is Status.IN_PROGRESS


def test_labels_are_refused_over_data_of_another_size(reopen: OpenProject, item: Item) -> None:
    project = reopen()
    opened(project, item).do(box(), "Draw box")

    with pytest.raises(WrongDataError, match=r"a\.pcd: .*size has changed"):
        project.open_history(item.id, ((149_999,), (70_000,)))


def test_an_edit_that_could_not_be_kept_is_taken_back_and_told_to_nobody(
    reopen: OpenProject, item: Item, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = opened(reopen(), item)
    session.do(box(1.0), "kept")
    before = copy_of(session.document)
    told: list[object] = []
    session.changed.connect(told.append)
    problem = FileError("project.annotator", "the disk is full", "free some space")

    def refuse(*_args: object) -> None:
        raise problem

    monkeypatch.setattr(documents.DocumentStore, "_keep_chunks", refuse)
    with pytest.raises(FileError, match="disk is full"):
        session.do(Batch((paint(9), box(2.0))), "lost")
    monkeypatch.undo()

    assert session.document == before
    assert not told
    assert opened(reopen(), item).document == before
    session.do(paint(9), "after space was made")
    assert opened(reopen(), item).document == session.document


def test_listeners_are_told_once_when_all_is_kept(reopen: OpenProject, item: Item) -> None:
    project = reopen()
    session = opened(project, item)
    logged: list[int] = []
    session.changed.connect(lambda _edit: logged.append(len(project.history(item.id))))

    session.do(Batch((box(1.0), box(2.0), paint(1))), "many")
    session.undo()

    assert logged == [1, 2]
