"""Done and next closes a chest that is explained, and no other."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from annotator.app.ct_rule import change_rule, rule_of
from annotator.errors import AnnotatorError
from annotator.model.items import Status
from annotator.views.ct.candidate_rail import CandidateRail
from annotator.views.ct.ct_workbench import CtWorkbench
from annotator.views.main_window import MainWindow
from annotator.views.toast import Toast
from tests.gui.conftest import Opened

CHEST = Path(__file__).parents[2] / "sample_data" / "chest" / "B30f"
LONG_MS = 60_000


@pytest.fixture
def window(opened: Opened, tmp_path: Path) -> MainWindow:
    return opened(Path(shutil.copytree(CHEST, tmp_path / "chest")))


def rail_of(window: MainWindow) -> CandidateRail:
    assert isinstance(window.workbench, CtWorkbench)
    return window.workbench.widget.rail


def status_of(window: MainWindow) -> Status:
    (item,) = window.workspace.items()
    return item.status


def test_a_chest_is_done_when_each_candidate_is_decided(qtbot: QtBot, window: MainWindow) -> None:
    rail = rail_of(window)

    window.menus["file.close"].trigger()
    qtbot.waitUntil(lambda: "are open" in rail.head.words(), timeout=LONG_MS)
    assert status_of(window) is not Status.DONE
    assert rail.head.words().startswith("Not closed: 13 ")
    for _candidate in range(12):
        rail.verbs.say_site()
        rail.verbs.accept("solid")
    rail.verbs.accept("solid")
    assert rail.head.words() == (
        "All 13 are decided · 1 without a site (? is a guess) · Ctrl+Enter closes the scan"
    )
    window.menus["file.close"].trigger()

    assert status_of(window) is Status.DONE
    told = window.findChild(Toast)
    assert told is not None
    closed = "Closed: 13 foci, 1 without a site · Ctrl+E exports"
    assert told.text() == closed
    qtbot.waitUntil(lambda: rail.head.words() == closed)
    window.menus["file.close"].trigger()
    assert told.text() == "Closed already: 13 foci, 1 without a site · Ctrl+E exports"


def test_a_closed_chest_that_is_opened_anew_says_that_it_is_closed(
    qtbot: QtBot, window: MainWindow
) -> None:
    window.workspace.set_status(Status.DONE)

    window.openings.open_item(window.workspace.items()[0])

    told = window.findChild(Toast)
    assert told is not None
    qtbot.waitUntil(lambda: told.text().startswith("Closed: 0 foci"), timeout=15_000)
    window.menus["view.candidates"].trigger()
    rail = rail_of(window)
    qtbot.waitUntil(lambda: rail.head.words().startswith("Closed: 0 foci"), timeout=LONG_MS)


def test_a_chest_with_candidates_left_is_left_open_and_never_done(
    qtbot: QtBot, window: MainWindow
) -> None:
    rail = rail_of(window)
    window.menus["file.close"].trigger()
    qtbot.waitUntil(lambda: "are open" in rail.head.words(), timeout=LONG_MS)

    rail.left.emit()

    assert status_of(window) is Status.IN_PROGRESS


def test_a_chest_cannot_be_closed_before_its_slices_or_its_candidates_are_there(
    qtbot: QtBot, window: MainWindow
) -> None:
    bench, session = window.workbench, window.workspace.session
    assert isinstance(bench, CtWorkbench)
    assert session is not None
    closed: list[bool] = []

    def refusal() -> str:
        with pytest.raises(AnnotatorError) as refused:
            bench.finish(lambda: closed.append(True), lambda: None)
        return str(refused.value)

    qtbot.waitUntil(lambda: bench.widget.rail.decisions is not None, timeout=LONG_MS)
    bench.widget.rail.decisions = None
    assert "candidates are still looked for" in refusal()
    session.context = replace(session.context, volume=None)
    assert "slices still arrive" in refusal()

    assert closed == []


def closed_after_one(qtbot: QtBot, window: MainWindow) -> CandidateRail:
    """Accept the first candidate, and close the scan."""
    rail = rail_of(window)
    qtbot.waitUntil(lambda: rail.decisions is not None, timeout=LONG_MS)
    rail.choose_next()
    rail.verbs.accept("solid")
    window.workspace.set_status(Status.DONE)
    return rail


def test_a_closed_scan_that_is_changed_is_open_until_that_is_undone(
    qtbot: QtBot, window: MainWindow
) -> None:
    rail = closed_after_one(qtbot, window)
    said: list[Status] = []
    window.workspace.closing_changed.connect(said.append)

    rail.verbs.choose_last()
    rail.verbs.dismiss("bone")
    assert status_of(window) is Status.IN_PROGRESS
    session = window.workspace.session
    assert session is not None
    session.undo()

    assert status_of(window) is Status.DONE
    assert said == [Status.IN_PROGRESS, Status.DONE]


def test_that_a_closed_scan_is_open_again_is_read_whatever_the_step_says_of_itself(
    qtbot: QtBot, window: MainWindow
) -> None:
    closed_after_one(qtbot, window)
    session = window.workspace.session
    assert session is not None
    window.workspace.selection.set(tuple(session.document.annotations))

    window.edit_menu.delete()
    qtbot.waitUntil(lambda: "it is open again" in window._toast.text())
    window.edit_menu.undo()

    qtbot.waitUntil(lambda: "it is closed again" in window._toast.text())


def test_a_scan_that_was_closed_by_another_rule_is_open_until_that_rule_is_back(
    qtbot: QtBot, window: MainWindow
) -> None:
    session = window.workspace.session
    assert session is not None
    assert session.item is not None
    window.workspace.set_status(Status.DONE)
    before = rule_of(session)

    change_rule(session, replace(before, name="LOWER", at_least_hu=100.0, follows_kv=False))
    assert status_of(window) is Status.IN_PROGRESS
    change_rule(session, before)
    assert status_of(window) is Status.DONE

    change_rule(session, replace(before, name="LOWER", at_least_hu=100.0, follows_kv=False))
    assert window.workspace.project is not None
    window.workspace.project.set_status(session.item.id, Status.DONE)
    window.openings.open_item(window.workspace.items()[0])
    qtbot.waitUntil(
        lambda: window.workspace.session is not session and status_of(window) is Status.IN_PROGRESS,
        timeout=LONG_MS,
    )


def test_a_scan_that_nobody_closed_offers_its_candidates_and_leaves_the_keys_alone(
    qtbot: QtBot, window: MainWindow
) -> None:
    rail = rail_of(window)

    qtbot.waitUntil(lambda: rail.head.words() == "0 of 13 decided", timeout=LONG_MS)

    assert rail.isVisible()
    assert not rail.has_keys()
    assert rail.current() is None


def test_space_hides_the_mask_while_it_is_held_and_closes_nothing(
    qtbot: QtBot, window: MainWindow
) -> None:
    assert isinstance(window.workbench, CtWorkbench)
    view = window.workbench.widget
    view.setFocus()

    QTest.keyPress(view, Qt.Key.Key_Space)
    assert view.state is not None
    state, hidden = view.state, view.state.is_mask_hidden
    QTest.keyRelease(view, Qt.Key.Key_Space)

    assert hidden
    qtbot.waitUntil(lambda: view.state is not state)
    assert not view.state.is_mask_hidden
    assert status_of(window) is not Status.DONE


def test_another_rule_opens_the_scans_that_are_not_shown_as_well(
    qtbot: QtBot, opened: Opened, tmp_path: Path
) -> None:
    window = opened(Path(shutil.copytree(CHEST.parent, tmp_path / "chests")))
    window.workspace.set_status(Status.DONE)
    closed = window.workspace.current_id
    other = next(item for item in window.workspace.items() if item.id != closed)
    window.openings.open_item(other)
    qtbot.waitUntil(lambda: window.workspace.current_id == other.id, timeout=LONG_MS)
    session = window.workspace.session
    assert session is not None

    change_rule(session, replace(rule_of(session), name="LOWER", follows_kv=False))

    status = {item.id: item.status for item in window.workspace.items()}
    assert closed is not None
    assert status[closed] is Status.IN_PROGRESS


def test_candidates_are_offered_again_where_the_shown_scan_is_opened_anew_or_unlocked(
    qtbot: QtBot, window: MainWindow
) -> None:
    qtbot.waitUntil(lambda: rail_of(window).decisions is not None, timeout=LONG_MS)
    shown = window.workspace.session
    window.openings.open_item(window.workspace.items()[0])
    qtbot.waitUntil(lambda: window.workspace.session is not shown, timeout=LONG_MS)
    qtbot.waitUntil(lambda: rail_of(window).isVisible(), timeout=LONG_MS)

    session = window.workspace.session
    assert session is not None
    session.read_only = True
    window.workspace.unlock()

    assert rail_of(window).isVisible()


def test_once_a_soft_kernel_is_done_the_sharp_one_of_its_study_is_passed_over_in_words(
    qtbot: QtBot, opened: Opened, tmp_path: Path
) -> None:
    window = opened(Path(shutil.copytree(CHEST.parent, tmp_path / "chests")))
    soft = next(item for item in window.workspace.items() if "B30f" in item.name)
    rail = rail_of(window)
    qtbot.waitUntil(lambda: rail.decisions is not None, timeout=LONG_MS)
    rail.take_keys()
    for _candidate in range(13):
        rail.verbs.accept("solid")

    window.menus["file.close"].trigger()

    (said,) = (toast.text() for toast in window.findChildren(Toast))
    assert "is done" in said
    assert "softer kernel of the same study is done: Chest 1.25 B70f" in said
    assert window.workspace.current_id == soft.id


def test_a_sentence_stands_over_the_picture_and_planes_stay_where_keys_go_elsewhere(
    qtbot: QtBot, window: MainWindow
) -> None:
    rail = rail_of(window)
    qtbot.waitUntil(lambda: rail.decisions is not None, timeout=LONG_MS)
    window.menus["view.candidates"].trigger()
    qtbot.wait(50)
    height = rail.height()

    assert window.workbench is not None
    window.workbench.widget.setFocus()
    qtbot.wait(50)
    window.say("Something happened")

    assert rail.hint().startswith("Keys go to the picture now")
    assert rail.height() == height
    (told,) = window.findChildren(Toast)
    shown = told.geometry()
    assert shown.bottom() < rail.mapTo(window, rail.rect().topLeft()).y()
    assert shown.right() < rail.mapTo(window, rail.rect().topRight()).x()


def test_scores_are_of_the_rule_that_they_are_printed_with(
    qtbot: QtBot, window: MainWindow
) -> None:
    rail, panel = rail_of(window), window.docks.scores
    window.menus["file.close"].trigger()
    qtbot.waitUntil(lambda: "are open" in rail.head.words(), timeout=LONG_MS)
    for _candidate in range(13):
        rail.verbs.accept("solid")
    panel.window().show()
    dock = next(frame for frame in window.docks.frames if frame.objectName() == "scores")
    dock.raise_()
    panel.refresh()
    before = panel.said
    session = window.workspace.session
    assert session is not None

    change_rule(session, replace(rule_of(session), at_least_hu=200.0, follows_kv=False))
    qtbot.waitUntil(lambda: panel.said != before)
    stricter = dict(panel.said)["Agatston"]
    panel.refresh()

    assert stricter == dict(panel.said)["Agatston"]
    assert stricter != dict(before)["Agatston"]
