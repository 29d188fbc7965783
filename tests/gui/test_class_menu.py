"""What is done with a class where it is listed: protected for good, renamed, asked for more."""

import shutil
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QComboBox, QInputDialog, QListWidget, QMenu
from pytestqt.qtbot import QtBot

from annotator.app.settings import Settings
from annotator.app.workspace import Workspace
from annotator.model.annotations import Annotation
from annotator.model.edits import Paint, Put
from annotator.model.labels import GARAGE
from annotator.model.layers import SEMANTIC, LayerKey
from annotator.model.shapes import Box3D
from annotator.views.class_menu import ClassMenu
from annotator.views.cloud.cloud_workbench import CloudWorkbench
from annotator.views.dialogs.palette import Palette
from annotator.views.main_window import MainWindow
from tests.gui.conftest import Opened
from tests.gui.waiting import wait_until_open

SCAN = Path(__file__).parents[2] / "sample_data" / "garage" / "scans"


@pytest.fixture
def scan(tmp_path: Path) -> Path:
    return Path(shutil.copy(min(SCAN.glob("*.pcd")), tmp_path / "a.pcd"))


@pytest.fixture
def window(opened: Opened, scan: Path) -> MainWindow:
    return opened(scan)


def protected(window: MainWindow) -> frozenset[str]:
    assert isinstance(window.workbench, CloudWorkbench)
    return window.workbench.view.settings.look.protected


def classes(window: MainWindow) -> QListWidget:
    shown = window.docks.classes.findChild(QListWidget)
    assert isinstance(shown, QListWidget)
    return shown


def right_click(window: MainWindow, row: int) -> ClassMenu:
    shown = classes(window)
    at = shown.visualItemRect(shown.item(row)).center()
    shown.customContextMenuRequested.emit(QPoint(at))
    return window.class_menu


def test_a_class_is_still_protected_at_the_next_start(
    qtbot: QtBot, window: MainWindow, scan: Path
) -> None:
    window.workspace.selection.choose("wall")
    window.menus["class.protect"].trigger()
    window.close()

    again = MainWindow(Workspace("annotator"), Settings.load())
    again.open_path(scan)
    wait_until_open(qtbot, again)

    assert protected(again) == {"wall"}
    again.close()


def test_a_class_is_still_hidden_at_the_next_start_and_its_row_says_so(
    qtbot: QtBot, window: MainWindow, scan: Path
) -> None:
    window.workspace.selection.choose("wall")
    window.menus["class.hide"].trigger()
    window.menus["class.fade"].trigger()
    window.look.set(solo=frozenset({0, 1, 2}))
    window.close()

    again = MainWindow(Workspace("annotator"), Settings.load())
    again.open_path(scan)
    wait_until_open(qtbot, again)

    look, wall, car = again.look.look, GARAGE["wall"].value, GARAGE["car"].value
    assert look.hidden == look.faded == {wall}
    assert look.solo == {0, 1, 2}
    assert not look.shows(car)
    assert classes(again).item(2).data(Qt.ItemDataRole.UserRole + 1) == ("unseen",)
    assert not classes(again).item(1).data(Qt.ItemDataRole.UserRole + 1)
    again.close()


def test_what_another_project_protects_and_hides_is_as_usual_here(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    window.look.set(protected=frozenset({"wall"}), hidden=frozenset({1}))
    before = window.workbench
    (tmp_path / "other").mkdir()

    window.open_path(Path(shutil.copy(min(SCAN.glob("*.pcd")), tmp_path / "other" / "b.pcd")))
    qtbot.waitUntil(lambda: window.workbench not in {before, None}, timeout=30_000)
    wait_until_open(qtbot, window)

    assert protected(window) == frozenset()
    assert not window.look.look.cuts_classes


@pytest.mark.qt_log_ignore("plugin does not support (raise|grabbing)")
def test_a_right_click_on_a_class_offers_to_protect_it_and_its_row_shows_a_lock(
    qtbot: QtBot, window: MainWindow
) -> None:
    menu = right_click(window, 1).menu
    offered = [action.text() for action in menu.actions()]
    menu.actions()[0].trigger()

    assert offered[0] == "Protect this class"
    assert window.workspace.selection.label == "wall"
    assert protected(window) == {"wall"}
    qtbot.waitUntil(lambda: classes(window).item(1).data(Qt.ItemDataRole.UserRole + 1) == ("lock",))
    assert right_click(window, 1).menu.actions()[0].isChecked()
    assert not right_click(window, 2).menu.actions()[0].isChecked()
    menu.close()


def test_a_word_that_no_action_has_is_answered(window: MainWindow) -> None:
    palette = Palette([(window.menus["file.open"], "Open file…", "File")], window)

    palette._text.setText("no such thing")
    assert not palette._nothing.isHidden()

    palette._text.setText("open")
    assert palette._nothing.isHidden()
    palette.reject()


def answer(monkeypatch: pytest.MonkeyPatch, words: str) -> list[tuple[str, ...]]:
    """Let the next questions be answered so; return what was asked."""
    asked: list[tuple[str, ...]] = []

    def get_text(_parent: object, *question: str, text: str = "") -> tuple[str, bool]:
        asked.append((*question, text))
        return words, True

    monkeypatch.setattr(QInputDialog, "getText", get_text)
    return asked


def test_an_attribute_is_added_by_words_and_undo_takes_it_back_and_nothing_else(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = window.workspace.session
    assert session is not None
    session.do(Put(Annotation("car", Box3D((0, 0, 1), (4, 2, 1)))), "Put")
    window.workspace.selection.choose("car")
    asked = answer(monkeypatch, "damage: none, dent")

    window.docks.classes.attribute_wanted.emit()

    assert asked[0][0] == "Add attribute to Car"
    assert session.taxonomy["car"].attributes[-1].choices == ("none", "dent")
    assert window._toast.text() == "Car has “damage” now: none, dent · Ctrl+Z takes it back"
    window.edit_menu.undo()
    assert session.taxonomy == GARAGE
    assert window._toast.text() == "Undone: Add attribute"
    assert len(session.document.annotations) == 1


def test_what_is_selected_is_asked_at_once_what_its_class_asks_now(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = window.workspace
    assert workspace.session is not None
    workspace.session.do(Put(Annotation("car", Box3D((0, 0, 0), (4, 2, 2)), id="a")), "Add")
    workspace.selection.choose("car")
    workspace.selection.set(("a",))
    window.docks.properties.refresh()
    answer(monkeypatch, "damage: none, dent")

    window.docks.classes.attribute_wanted.emit()

    properties = window.docks.properties
    qtbot.waitUntil(lambda: isinstance(properties.findChild(QComboBox, "damage"), QComboBox))
    window.edit_menu.undo()
    qtbot.waitUntil(lambda: properties.findChild(QComboBox, "damage") is None)


@pytest.mark.qt_log_ignore("plugin does not support (raise|grabbing)")
def test_an_attribute_is_renamed_at_its_class_and_the_window_says_so(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = window.workspace.session
    assert session is not None
    window.workspace.selection.choose("car")
    answer(monkeypatch, "damage")
    window.docks.classes.attribute_wanted.emit()
    answer(monkeypatch, "Dents")

    menu = right_click(window, 2).menu
    about = next(a for a in menu.actions() if a.text() == "Attribute “damage”").menu()
    assert isinstance(about, QMenu)
    next(a for a in about.actions() if a.text() == "Rename…").trigger()
    menu.close()

    assert session.taxonomy["car"].attributes[-1].title == "Dents"
    assert window._toast.text() == "“damage” is called “Dents” now; what was answered stays"


@pytest.mark.qt_log_ignore("plugin does not support (raise|grabbing)")
def test_an_attribute_is_removed_at_its_class_and_answers_are_kept(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = window.workspace.session
    assert session is not None
    window.workspace.selection.choose("car")
    answer(monkeypatch, "damage: none, dent")
    window.docks.classes.attribute_wanted.emit()
    car = Annotation("car", Box3D((0, 0, 1), (4, 2, 1)), attributes={"damage": "dent"})
    session.do(Put(car), "Put")

    menu = right_click(window, 2).menu
    about = next(a for a in menu.actions() if a.text() == "Attribute “damage”").menu()
    assert isinstance(about, QMenu)
    next(a for a in about.actions() if a.text() == "Remove").trigger()
    menu.close()

    assert session.taxonomy == GARAGE
    assert session.document.annotations[car.id].attributes == {"damage": "dent"}
    assert window._toast.text().startswith("“damage” is asked no more; 1 object here keeps")


def test_a_class_that_is_there_already_is_refused_in_words(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer(monkeypatch, "Wall")

    window.docks.classes.class_wanted.emit()

    assert "“Wall” already" in window._toast.text()


@pytest.mark.qt_log_ignore("plugin does not support (raise|grabbing)")
def test_a_class_of_ones_own_is_removed_unless_anything_is_of_it(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = window.workspace.session
    assert session is not None
    answer(monkeypatch, "Crate")
    window.docks.classes.class_wanted.emit()
    window.docks.classes.refresh()
    crate = session.taxonomy["crate"]
    points = Paint(LayerKey(SEMANTIC, 0), np.arange(5), np.array([crate.value], np.uint32))

    def remove() -> str:
        menu = right_click(window, len(GARAGE.labels)).menu
        next(a for a in menu.actions() if a.text() == "Remove class").trigger()
        menu.close()
        return window._toast.text()

    session.do(points, "Label points")
    assert "“Crate” is the class of something in 1 item" in remove()
    session.undo()
    assert remove() == "The class “Crate” is removed · Ctrl+Z takes that back"
    assert session.taxonomy == GARAGE
    assert window.workspace.selection.label in GARAGE
    assert "Remove class" not in [a.text() for a in right_click(window, 0).menu.actions()]
    window.class_menu.menu.close()
    window.edit_menu.undo()
    assert "crate" in session.taxonomy
