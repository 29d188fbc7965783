"""The sheet of keys and the palette tell the truth about what works now."""

import shutil
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLineEdit, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from annotator.app.action import Workbench
from annotator.app.menu_titles import TOOLS
from annotator.views.dialogs.keys import KeySheet
from annotator.views.dialogs.palette import Palette
from annotator.views.main_window import MainWindow
from tests.gui.conftest import Opened

SCAN = Path(__file__).parents[2] / "sample_data" / "garage" / "scans" / "000000.pcd"
CHEST = Path(__file__).parents[2] / "sample_data" / "chest" / "B30f"
LONG_MS = 60_000
SMALL_SCREEN_PX = 680


@pytest.fixture
def window(opened: Opened, tmp_path: Path) -> MainWindow:
    return opened(Path(shutil.copy(SCAN, tmp_path)))


def test_the_sheet_of_keys_shows_only_what_works_on_a_scan(window: MainWindow) -> None:
    said = [does for _title, rows in window.help_menu.key_groups() for _keys, does in rows]

    assert "One-click box" in said
    assert "Lung window" not in said


def test_the_sheet_of_keys_names_the_classes(window: MainWindow) -> None:
    rows = [row for _title, group in window.help_menu.key_groups() for row in group]

    assert ("3", "Car") in rows
    assert "Class 9" not in [does for _keys, does in rows]


@pytest.mark.parametrize("width_px", [800, 1024, 1440, 1920])
def test_the_sheet_of_keys_has_as_many_columns_as_there_is_room_for(
    qtbot: QtBot, window: MainWindow, width_px: int
) -> None:
    room = QWidget()
    room.resize(width_px, 700)
    qtbot.addWidget(room)

    sheet = KeySheet(window.help_menu.key_groups(), room)

    sheet.show()
    qtbot.waitUntil(lambda: sheet.width() > width_px * 0.9)
    area = sheet.findChild(QScrollArea)
    assert isinstance(area, QScrollArea)
    assert area.horizontalScrollBar().maximum() == 0
    sheet.close()


def test_what_the_mouse_does_over_a_ct_is_on_its_sheet_of_keys(opened: Opened) -> None:
    window = opened(CHEST)

    title, rows = window.help_menu.key_groups()[0]

    assert title == "Mouse over a CT"
    assert ("Right drag", "Window: wider to the right, level up and down") in rows
    assert ("Shift+move", "Show the place in all planes") in rows


def test_the_tools_are_in_their_menu_and_in_the_palette(window: MainWindow) -> None:
    in_menu = [action.text() for action in window.menus.menus[TOOLS].actions()]
    in_palette = [action.text() for action, _english in window.tool_actions]

    assert "Lasso" in in_menu
    assert in_palette == in_menu


def test_a_class_and_the_tool_of_its_name_are_told_apart_in_the_palette(
    window: MainWindow,
) -> None:
    found = [(action.text(), kind) for action, _t, kind in window.help_menu.findable()]

    assert {("Wall", "Tools"), ("Wall", "Class")} <= set(found)


def test_over_a_scan_no_panel_of_a_ct_is_offered(window: MainWindow) -> None:
    offered = [f.toggleViewAction() for f in window.docks.frames]

    assert "Scores" not in [action.text() for action in offered if action.isVisible()]


@pytest.mark.parametrize("typed", ["undo", "撤销", "edit.undo"])
def test_the_palette_finds_an_action_in_both_languages(
    qtbot: QtBot, window: MainWindow, typed: str
) -> None:
    undo = window.menus["edit.undo"]
    undo.setEnabled(True)
    palette = Palette([(undo, "Undo", "Edit"), (window.menus["edit.redo"], "Redo", "Edit")])
    qtbot.addWidget(palette)

    with qtbot.waitSignal(undo.triggered):
        palette.findChildren(QLineEdit)[0].setText(typed)
        palette.findChildren(QLineEdit)[0].returnPressed.emit()


@pytest.mark.parametrize("where", [Workbench.NONE, Workbench.CLOUD, Workbench.CT])
def test_every_menu_fits_a_small_screen_in_one_column(window: MainWindow, where: Workbench) -> None:
    window.menus.offer(where)

    heights = {title: menu.sizeHint().height() for title, menu in window.menus.menus.items()}

    assert {title: px for title, px in heights.items() if px > SMALL_SCREEN_PX} == {}


def test_what_one_workbench_has_alone_is_not_shown_before_it_is_open_and_stays_after(
    empty_window: MainWindow, opened: Opened, tmp_path: Path
) -> None:
    titles = [action.text() for action in empty_window.menuBar().actions() if action.isVisible()]

    opened(Path(shutil.copy(SCAN, tmp_path)))
    empty_window.menus.offer(Workbench.NONE)
    after = [action.text() for action in empty_window.menuBar().actions() if action.isVisible()]

    assert {"Box", "Focus"}.isdisjoint(titles)
    assert "Box" in after
    assert "Focus" not in after


def test_a_menu_shows_what_its_workbench_has(window: MainWindow) -> None:
    bar = window.menuBar()
    shown = [action.text() for action in bar.actions() if action.isVisible()]

    assert "Box" in shown
    assert "Focus" not in shown
    assert not window.menus["window.lung"].isVisible()


def test_a_menu_offers_a_workbench_again_what_another_did_not_have(window: MainWindow) -> None:
    window.menus.offer(Workbench.CT)
    is_offered_beside_series = window.menus["window.lung"].isEnabled()

    window.menus.offer(Workbench.CLOUD)
    window.menus.offer(Workbench.CLOUD)
    is_offered_beside_scans = window.menus["window.lung"].isEnabled()
    window.menus.offer(Workbench.CT)

    assert (is_offered_beside_series, is_offered_beside_scans) == (True, False)
    assert window.menus["window.lung"].isEnabled()


def test_what_was_told_at_once_is_not_told_again_a_moment_later(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[object] = []
    monkeypatch.setattr(window, "setWindowTitle", told.append)

    window.telling.soon()
    window.telling.tell()
    qtbot.wait(1)

    assert len(told) == 1
