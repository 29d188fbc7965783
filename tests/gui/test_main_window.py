"""The window: opening, marking, undo, coming back, and what happens with bad files."""

import shutil
from pathlib import Path

import pytest
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

from annotator.app.settings import Settings
from annotator.app.workspace import Workspace
from annotator.model.annotations import Annotation, Origin, Verdict
from annotator.model.edits import Put
from annotator.model.items import Status
from annotator.model.shapes import Cylinder3D, Focus
from annotator.views.application import application
from annotator.views.dialogs.export import ExportDialog
from annotator.views.main_window import MainWindow
from tests.gui.conftest import Opened
from tests.gui.waiting import wait_until_open

CHEST = Path(__file__).parents[2] / "sample_data" / "chest"
GARAGE = Path(__file__).parents[2] / "sample_data" / "garage" / "scans"
LONG_MS = 60_000


@pytest.fixture(autouse=True)
def own_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))


@pytest.fixture
def chest(tmp_path: Path) -> Path:
    folder = tmp_path / "胸部"
    shutil.copytree(CHEST, folder)
    return folder


def mark(window: MainWindow) -> Annotation:
    assert window.workspace.session is not None
    focus = Annotation("calcification", Focus(1))
    window.workspace.session.do(Put(focus), "Mark focus")
    return focus


def test_a_series_opens_and_its_neighbour_is_one_key_away(
    qtbot: QtBot, window: MainWindow, chest: Path
) -> None:
    window.open_path(chest)
    wait_until_open(qtbot, window)
    first = window.workspace.current_id

    window.menus["file.next_item"].trigger()
    qtbot.waitUntil(lambda: window.workspace.current_id not in {None, first}, timeout=LONG_MS)
    wait_until_open(qtbot, window)

    assert len(window.workspace.items()) == 2


def test_what_was_marked_is_there_at_the_next_start(
    qtbot: QtBot, window: MainWindow, chest: Path
) -> None:
    window.open_path(chest)
    wait_until_open(qtbot, window)
    focus = mark(window)
    window.workspace.close()

    window.open_path(chest)
    wait_until_open(qtbot, window)

    assert window.workspace.session is not None
    assert list(window.workspace.session.document.annotations) == [focus.id]
    assert window.workspace.session.can_undo


def test_the_next_start_goes_on_with_the_item_that_was_open(
    qtbot: QtBot, window: MainWindow, chest: Path
) -> None:
    window.open_path(chest)
    wait_until_open(qtbot, window)
    second = window.workspace.items()[1]
    window.openings.open_item(second)
    qtbot.waitUntil(lambda: window.workspace.current_id == second.id, timeout=LONG_MS)
    wait_until_open(qtbot, window)
    window.workspace.close()

    window.open_path(chest)
    wait_until_open(qtbot, window)

    assert window.workspace.current_id == second.id


def test_series_of_one_folder_are_exported_to_places_of_their_own(
    qtbot: QtBot, window: MainWindow, chest: Path
) -> None:
    window.open_path(chest)
    wait_until_open(qtbot, window)
    first = window.workspace.beside_data()

    second = window.workspace.items()[1]
    window.openings.open_item(second)
    qtbot.waitUntil(lambda: window.workspace.current_id == second.id, timeout=LONG_MS)

    assert window.workspace.beside_data() != first
    assert not window.workspace.beside_data().suffix


def test_an_item_that_was_changed_elsewhere_is_opened_again(
    qtbot: QtBot, window: MainWindow, chest: Path
) -> None:
    window.open_path(chest)
    wait_until_open(qtbot, window)
    old = window.workspace.session
    elsewhere = MainWindow(Workspace("somebody else"), Settings(language="en"))
    qtbot.addWidget(elsewhere)
    elsewhere.open_path(chest)
    wait_until_open(qtbot, elsewhere)
    focus = mark(elsewhere)
    elsewhere.close()

    window.menus["file.reopen"].trigger()
    qtbot.waitUntil(lambda: window.workspace.session is not old, timeout=LONG_MS)

    assert window.workspace.session is not None
    assert list(window.workspace.session.document.annotations) == [focus.id]


def test_a_file_that_is_there_is_replaced_only_on_the_persons_word(
    qtbot: QtBot, window: MainWindow, chest: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window.open_path(chest)
    wait_until_open(qtbot, window)
    target = window.workspace.beside_data().with_suffix(".json")
    target.write_text("precious")
    monkeypatch.setattr(ExportDialog, "exec", lambda _dialog: True)
    asked: list[str] = []
    monkeypatch.setattr(QMessageBox, "exec", lambda box: asked.append(box.text()))

    window.file_menu.export()
    qtbot.waitUntil(lambda: not window.background.is_busy(), timeout=LONG_MS)

    assert asked == [f"{target.name} is there already."]
    assert target.read_text() == "precious"


@pytest.mark.postgres
def test_a_team_keeps_its_work_on_a_server(qtbot: QtBot, chest: Path, postgres_url: str) -> None:
    settings = Settings(language="en")
    application(settings)
    window = MainWindow(Workspace("annotator", database=postgres_url), settings)
    qtbot.addWidget(window)
    window.open_path(chest)
    wait_until_open(qtbot, window)
    focus = mark(window)
    window.workspace.close()

    window.open_path(chest)
    wait_until_open(qtbot, window)

    assert window.workspace.session is not None
    assert list(window.workspace.session.document.annotations) == [focus.id]
    assert not list(chest.glob("*.annotator"))
    window.close()


def test_a_server_that_cannot_be_reached_is_said_in_a_sentence(qtbot: QtBot, chest: Path) -> None:
    settings = Settings(language="en")
    application(settings)
    nowhere = "postgresql+psycopg://127.0.0.1:1/nothing"
    window = MainWindow(Workspace("annotator", database=nowhere), settings)
    qtbot.addWidget(window)
    said: list[str] = []
    window.openings.failed.connect(said.append)

    window.open_path(chest)
    qtbot.waitUntil(lambda: bool(said), timeout=LONG_MS)

    assert said[0]
    window.close()


def test_lists_that_are_not_shown_beside_a_series_do_not_follow_it(
    qtbot: QtBot, window: MainWindow, chest: Path, tmp_path: Path
) -> None:
    window.open_path(chest)
    wait_until_open(qtbot, window)
    followed = (window.docks.annotations.session, window.docks.foci.session)
    window.workspace.close()

    window.open_path(Path(shutil.copy(GARAGE / "000000.pcd", tmp_path)))
    wait_until_open(qtbot, window)

    assert followed == (None, followed[1])
    assert followed[1] is not None
    assert window.docks.annotations.session is window.workspace.session
    assert window.docks.foci.session is None


def test_undo_and_redo_follow_the_menu(qtbot: QtBot, window: MainWindow, chest: Path) -> None:
    window.open_path(chest)
    wait_until_open(qtbot, window)
    mark(window)
    session = window.workspace.session
    assert session is not None

    qtbot.waitUntil(window.menus["edit.undo"].isEnabled)
    window.menus["edit.undo"].trigger()

    assert not session.document.annotations

    qtbot.waitUntil(window.menus["edit.redo"].isEnabled)
    window.menus["edit.redo"].trigger()

    assert len(session.document.annotations) == 1


def test_a_file_that_cannot_be_read_leaves_the_window_and_says_why(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    bad = tmp_path / "scan.pcd"
    bad.write_bytes(b"VERSION 0.7\nFIELDS x y z\nSIZE 4 4 4\nTYPE F F F\nPOINTS 4000000000\n")
    said: list[str] = []
    window.openings.failed.connect(said.append)

    window.open_path(bad)
    qtbot.waitUntil(lambda: bool(said), timeout=LONG_MS)

    assert "scan.pcd" in said[0]
    assert window.isVisible()


def test_a_label_file_is_read_only_until_the_person_says_edit(
    qtbot: QtBot, window: MainWindow, chest: Path, tmp_path: Path
) -> None:
    window.open_path(chest)
    wait_until_open(qtbot, window)
    mark(window)
    target = tmp_path / "labels.json"
    window.workspace.export("native", target)

    window.drop(target)
    qtbot.waitUntil(lambda: window.workspace.shown_file == target, timeout=LONG_MS)
    shown = window.workspace.session
    assert shown is not None
    assert shown.read_only

    window.menus["edit.unlock"].trigger()

    assert window.workspace.session is not None
    assert not window.workspace.session.read_only
    assert len(window.workspace.session.document.annotations) == 1


def test_a_reviewers_mark_is_kept_in_the_project(
    qtbot: QtBot, window: MainWindow, chest: Path
) -> None:
    window.open_path(chest)
    wait_until_open(qtbot, window)
    focus = mark(window)
    window.workspace.selection.set((focus.id,))

    window.review_menu.mark(Verdict.WRONG, "not an object")
    window.workspace.close()
    window.open_path(chest)
    wait_until_open(qtbot, window)

    remark = window.workspace.remarks()[focus.id]
    assert (remark.verdict, remark.text) == (Verdict.WRONG, "not an object")


def test_a_key_marks_no_focus_as_right_while_its_series_is_being_labelled(
    qtbot: QtBot, window: MainWindow, chest: Path
) -> None:
    window.open_path(chest)
    wait_until_open(qtbot, window)
    focus = mark(window)
    window.workspace.selection.set((focus.id,))

    window.menus["review.right"].trigger()
    assert window.workspace.remarks() == {}

    window.workspace.set_status(Status.DONE)
    window.menus["review.right"].trigger()

    assert window.workspace.remarks()[focus.id].verdict is Verdict.RIGHT


@pytest.mark.parametrize(
    ("origin", "is_marked"),
    [(Origin.FIT, False), (Origin.IMPORT, True)],
    ids=["own", "from a file"],
)
def test_a_key_marks_what_came_from_a_file_and_nothing_that_is_being_labelled(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, origin: Origin, is_marked: bool
) -> None:
    scans = tmp_path / "scans"
    scans.mkdir()
    shutil.copy(GARAGE / "000000.pcd", scans)
    window.open_path(scans)
    wait_until_open(qtbot, window)
    pillar = Annotation("pillar", Cylinder3D((3, 3, 0), 0.3, 3), origin=origin)
    assert window.workspace.session is not None
    window.workspace.session.do(Put(pillar), "Add pillar")
    window.workspace.selection.set((pillar.id,))

    window.menus["review.right"].trigger()

    assert (pillar.id in window.workspace.remarks()) is is_marked


def test_a_review_that_has_begun_goes_on_though_the_series_is_open(
    qtbot: QtBot, window: MainWindow, chest: Path
) -> None:
    window.open_path(chest)
    wait_until_open(qtbot, window)
    focus = mark(window)
    window.workspace.selection.set((focus.id,))
    window.review_menu.mark(Verdict.WRONG, "wrong place")
    window.workspace.selection.set((focus.id,))

    window.menus["review.right"].trigger()

    assert window.workspace.remarks()[focus.id].verdict is Verdict.RIGHT


def test_done_and_next_says_so_in_the_list_and_goes_on(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    scans = tmp_path / "车库"
    scans.mkdir()
    for name in ("000000.pcd", "000001.pcd"):
        shutil.copy(GARAGE / name, scans)
    window.open_path(scans)
    wait_until_open(qtbot, window)
    first = window.workspace.current_id

    window.file_menu.done_and_next()
    qtbot.waitUntil(lambda: window.workspace.current_id not in {None, first}, timeout=LONG_MS)

    assert window.workspace.items()[0].status is Status.DONE


def test_the_status_counts_the_points_of_scans_that_are_laid_over_it(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    shutil.copytree(GARAGE, tmp_path / "scans")
    shutil.copy(GARAGE.parent / "poses.txt", tmp_path)
    window.open_path(tmp_path / "scans")
    wait_until_open(qtbot, window)
    qtbot.waitUntil(lambda: "32,002 points" in window.status._selection.text())

    window.menus["sequence.more"].trigger()

    qtbot.waitUntil(lambda: "64," in window.status._selection.text(), timeout=LONG_MS)


def test_why_a_place_was_refused_goes_when_another_is_opened(
    qtbot: QtBot, opened: Opened, tmp_path: Path
) -> None:
    window = opened(CHEST / "B30f")
    (tmp_path / "nothing").mkdir()

    window.open_path(tmp_path / "nothing")
    qtbot.waitUntil(lambda: window._toast.isVisibleTo(window), timeout=LONG_MS)
    window.open_path(tmp_path / "opened" / "B30f")

    assert not window._toast.isVisibleTo(window)
    wait_until_open(qtbot, window)
