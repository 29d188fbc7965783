"""A project knows its items, its classes, what reviewers said, and where labels came from."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from annotator.app.session import Session
from annotator.errors import AnnotatorError, ReadOnlyError
from annotator.formats.format import Context
from annotator.model.annotations import Annotation, Remark, Verdict
from annotator.model.edits import Put
from annotator.model.items import Item, ItemKind, Status
from annotator.model.labels import CHEST, GARAGE
from annotator.model.shapes import Point3D
from annotator.project.project import NewItem, Project

OpenProject = Callable[[], Project]
PUT = Put(Annotation("car", Point3D((0.0, 0.0, 0.0)), id="a"))


def test_items_come_back_as_they_were_added(reopen: OpenProject, tmp_path: Path) -> None:
    sequence = tuple(tmp_path / "车库" / f"{n}.bin" for n in range(3))
    new = [
        NewItem(ItemKind.SEQUENCE, "车库", sequence),
        NewItem(ItemKind.CT, "chest", (tmp_path / "ct",), series_uid="1.2.3"),
    ]

    added = reopen().add_items(new)

    assert reopen().items() == added
    assert added[0].sources == ("车库/0.bin", "车库/1.bin", "车库/2.bin")
    assert added[1].series_uid == "1.2.3"


def test_opening_the_same_data_again_makes_no_second_item(
    reopen: OpenProject, item: Item, tmp_path: Path
) -> None:
    project = reopen()
    project.set_status(item.id, Status.DONE)

    again = project.add_item(NewItem(ItemKind.CLOUD, "a.pcd", (tmp_path / "a.pcd",)))

    assert (again.id, again.status) == (item.id, Status.DONE)
    assert len(project.items()) == 1


def test_data_and_project_may_move_together(tmp_path: Path) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    project = Project.create(old / "project.annotator")
    project.add_item(NewItem(ItemKind.CLOUD, "a.pcd", (old / "scans" / "a.pcd",)))
    project.close()

    shutil.move(old, new)

    moved = Project.open(new / "project.annotator")
    assert moved.paths(moved.items()[0]) == (new / "scans" / "a.pcd",)
    moved.close()


def test_a_project_kept_elsewhere_remembers_where_its_data_is(tmp_path: Path) -> None:
    data = tmp_path / "readonly"
    place = tmp_path / "own" / "project.annotator"
    Project.create(place, folder=data).close()

    project = Project.open(place)

    assert project.folder == data
    project.close()


def test_there_is_a_word_for_an_item_that_does_not_exist(reopen: OpenProject) -> None:
    with pytest.raises(AnnotatorError, match="no item 7"):
        reopen().item(7)


def test_the_item_opened_last_is_known(reopen: OpenProject, item: Item, tmp_path: Path) -> None:
    project = reopen()
    other = project.add_item(NewItem(ItemKind.CLOUD, "b.pcd", (tmp_path / "b.pcd",)))
    project.touch(other.id)
    project.touch(item.id)

    assert reopen().last_opened() == item.id


def test_scans_and_ct_have_classes_of_their_own_and_keep_them(
    reopen: OpenProject, item: Item
) -> None:
    project = reopen()
    context = Context(project.taxonomy(item.kind))
    session = Session.of(project, item, context)

    session.change_taxonomy(session.taxonomy.grown_by("cone"))

    assert "cone" in session.taxonomy
    assert reopen().taxonomy(ItemKind.SEQUENCE) == GARAGE.grown_by("cone")
    assert reopen().taxonomy(ItemKind.CT) == CHEST


def test_an_item_open_for_reading_only_refuses_changes_until_a_person_says_edit(
    reopen: OpenProject, item: Item
) -> None:
    session = Session.of(reopen(), item, Context(GARAGE))
    session.read_only = True

    with pytest.raises(ReadOnlyError, match="reading only"):
        session.do(PUT, "x")
    with pytest.raises(ReadOnlyError):
        session.undo()
    assert session.document.is_empty()

    session.read_only = False
    session.do(PUT, "x")
    assert session.saved_at is not None


def test_remarks_are_kept_beside_the_document_and_change_no_label(
    reopen: OpenProject, item: Item
) -> None:
    project = reopen()
    project.remark(item.id, Remark("a", Verdict.RIGHT, "", "韩梅梅"))
    project.remark(item.id, Remark("b", Verdict.WRONG, "sinks into the floor", "韩梅梅"))
    project.remark(item.id, Remark("a", Verdict.WRONG, "too long", "韩梅梅"))

    assert reopen().remarks(item.id) == {
        "b": Remark("b", Verdict.WRONG, "sinks into the floor", "韩梅梅"),
        "a": Remark("a", Verdict.WRONG, "too long", "韩梅梅"),
    }
    assert project.history(item.id) == []


def test_an_empty_remark_takes_the_older_one_away(reopen: OpenProject, item: Item) -> None:
    project = reopen()
    project.remark(item.id, Remark("a", Verdict.RIGHT))

    project.remark(item.id, Remark("a", None))

    assert project.remarks(item.id) == {}


def test_a_label_file_that_was_not_read_completely_may_not_be_overwritten_under_any_name(
    reopen: OpenProject, item: Item, tmp_path: Path
) -> None:
    broken, renamed, other = (tmp_path / name for name in ("a.json", "b.json", "c.json"))
    broken.write_text("{half")
    other.write_text("{}")
    reopen().remember_label_file(item.id, broken, read_completely=False)
    shutil.copy(broken, renamed)
    project = reopen()

    reasons = [project.may_overwrite(path) for path in (broken, renamed, other, tmp_path / "new")]

    assert "a.json could not be read completely" in str(reasons[0])
    assert "b.json could not be read completely" in str(reasons[1])
    assert reasons[2:] == [None, None]


def test_a_label_file_that_was_repaired_and_read_may_be_overwritten(
    reopen: OpenProject, item: Item, tmp_path: Path
) -> None:
    file = tmp_path / "a.json"
    file.write_text("{half")
    project = reopen()
    project.remember_label_file(item.id, file, read_completely=False)
    file.write_text("{}")

    project.remember_label_file(item.id, file, read_completely=True)

    assert project.may_overwrite(file) is None


def test_a_folder_of_label_files_is_guarded_as_one(
    reopen: OpenProject, item: Item, tmp_path: Path
) -> None:
    folder = tmp_path / "label_2"
    folder.mkdir()
    (folder / "000000.txt").write_text("Car half a li")
    project = reopen()

    project.remember_label_file(item.id, folder, read_completely=False)

    assert project.may_overwrite(folder) is not None
