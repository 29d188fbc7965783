"""What is typed into a panel's field reaches the field, and no shortcut of the window."""

import math
import shutil
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QScrollBar,
    QTableView,
    QWidget,
)
from pytestqt.qtbot import QtBot

from annotator.geometry.colouring import ColourBy
from annotator.model.annotations import Annotation
from annotator.model.edits import Put
from annotator.model.shapes import Box3D
from annotator.tools.keys import ToolKey
from annotator.tools.tool import NOTHING, Reply
from annotator.views.application import own_up
from annotator.views.cloud.cloud_workbench import CloudWorkbench
from annotator.views.dialogs.keys import KeySheet
from annotator.views.field_keys import FieldKeys
from annotator.views.main_window import MainWindow
from tests.gui.conftest import Opened

SCAN = Path(__file__).parents[2] / "sample_data" / "garage" / "scans"
CAR = Annotation("car", Box3D((3.0, 1.0, 0.75), (4.4, 1.8, 1.5)))
KEY = Qt.Key


@pytest.fixture
def window(qtbot: QtBot, opened: Opened, tmp_path: Path) -> MainWindow:
    shown = opened(Path(shutil.copy(min(SCAN.glob("*.pcd")), tmp_path)))
    assert shown.workspace.session is not None
    shown.workspace.session.do(Put(CAR), "Put")
    shown.workspace.selection.set((CAR.id,))
    shown.activateWindow()
    qtbot.waitUntil(lambda: field(shown, "x").value() == 3.0)
    return shown


def field(window: MainWindow, name: str) -> QDoubleSpinBox:
    found = window.docks.properties.findChild(QDoubleSpinBox, name)
    assert isinstance(found, QDoubleSpinBox)
    return found


def box(window: MainWindow) -> Box3D:
    assert window.workspace.session is not None
    shape = window.workspace.session.document.annotations[CAR.id].shape
    assert isinstance(shape, Box3D)
    return shape


def type_into(qtbot: QtBot, window: MainWindow, name: str, text: str) -> None:
    field(window, name).setFocus()
    qtbot.waitUntil(lambda: field(window, name).hasFocus())
    field(window, name).selectAll()
    type_on(text)


def type_on(text: str) -> None:
    focused = QApplication.focusWidget()
    assert focused is not None
    QTest.keyClicks(focused, text)


def press(key: Qt.Key) -> None:
    focused = QApplication.focusWidget()
    assert focused is not None
    QTest.keyClick(focused, key)


def test_enter_takes_a_number_marks_nothing_and_gives_the_keys_back(
    qtbot: QtBot, window: MainWindow
) -> None:
    type_into(qtbot, window, "Length", "5.25")

    press(KEY.Key_Return)
    qtbot.wait(20)

    assert box(window).size_m[0] == pytest.approx(5.25)
    assert window.workspace.remarks() == {}
    assert window.workspace.selection.ids == (CAR.id,)
    assert window.workbench is not None
    view = window.workbench.widget.focusProxy()
    assert view is not None
    assert view.hasFocus()


def test_the_view_has_the_keys_again_after_the_sheet_of_keys(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(KeySheet, "exec", lambda _sheet: field(window, "x").setFocus())
    assert window.workbench is not None
    view = window.workbench.widget.focusProxy()

    window.menus["help.keys"].trigger()

    qtbot.waitUntil(lambda: view is not None and view.hasFocus())


def test_tab_takes_a_number_and_goes_to_the_next_field(qtbot: QtBot, window: MainWindow) -> None:
    type_into(qtbot, window, "x", "3.5")

    press(KEY.Key_Tab)
    type_on("2")
    press(KEY.Key_Return)

    assert box(window).center_m[:2] == pytest.approx((3.5, 2.0))
    assert window.docks.properties.isVisible()


def test_escape_drops_what_was_typed_and_keeps_the_selection(
    qtbot: QtBot, window: MainWindow
) -> None:
    type_into(qtbot, window, "x", "9")

    press(KEY.Key_Escape)

    assert box(window) == CAR.shape
    assert field(window, "x").value() == 3.0
    assert not field(window, "x").hasFocus()
    assert window.workspace.selection.ids == (CAR.id,)


def test_letters_in_a_field_are_no_shortcuts(qtbot: QtBot, window: MainWindow) -> None:
    before = window.tool_in_hand
    type_into(qtbot, window, "x", "bnx")

    assert window.tool_in_hand == before
    assert box(window) == CAR.shape


def test_what_is_typed_next_is_added_once_the_numbers_were_shown_anew(
    qtbot: QtBot, window: MainWindow
) -> None:
    type_into(qtbot, window, "Length", "5")

    press(KEY.Key_Tab)
    qtbot.wait(100)  # meanwhile the panel shows the numbers anew
    qtbot.waitUntil(lambda: field(window, "Width").hasFocus())
    type_on("2")
    press(KEY.Key_Return)

    assert box(window).size_m == pytest.approx((5, 2, 1.5))


def test_tab_in_the_view_still_hides_the_panels(qtbot: QtBot, window: MainWindow) -> None:
    assert window.workbench is not None
    window.workbench.widget.setFocus()

    press(KEY.Key_Tab)

    qtbot.waitUntil(lambda: not window.docks.properties.isVisible())


def test_the_keys_of_a_check_box_are_its_own(qtbot: QtBot, window: MainWindow) -> None:
    panel = window.docks.display
    window.docks.frames[6].raise_()
    qtbot.waitUntil(panel.isVisible)
    check = panel.findChild(QCheckBox)
    assert isinstance(check, QCheckBox)
    before = check.isChecked()
    check.setFocus()

    press(KEY.Key_Space)

    assert check.isChecked() != before


def test_every_way_to_colour_can_be_chosen(qtbot: QtBot, window: MainWindow) -> None:
    panel = window.docks.display
    window.docks.frames[6].raise_()
    qtbot.waitUntil(panel.isVisible)
    for index in range(panel.findChildren(QComboBox)[0].count()):
        combo = panel.findChildren(QComboBox)[0]
        assert isinstance(combo, QComboBox)
        combo.setFocus()
        combo.setCurrentIndex(index)
        combo.activated.emit(index)
        qtbot.wait(5)

        assert isinstance(window.look.look.colour_by, ColourBy)
        assert panel.findChildren(QComboBox)[0].currentIndex() == index


def test_the_display_panel_follows_the_keys_while_one_of_its_boxes_has_the_focus(
    qtbot: QtBot, window: MainWindow
) -> None:
    panel = window.docks.display
    window.docks.frames[6].raise_()
    qtbot.waitUntil(panel.isVisible)
    check, colour_by = panel.findChildren(QCheckBox)[-2], panel.findChildren(QComboBox)[0]
    check.setFocus()
    press(KEY.Key_Space)

    window.menus["view.next_colour"].trigger()

    qtbot.waitUntil(lambda: colour_by.currentText() != "Height")
    assert check.hasFocus()


def test_undoing_what_was_added_selects_nothing(window: MainWindow) -> None:
    window.menus["edit.undo"].trigger()

    assert window.workspace.selection.ids == ()


def test_what_nobody_foresaw_is_owned_up_to(window: MainWindow) -> None:
    own_up(window, TypeError)

    assert "not done (TypeError)" in window._toast.text()


def test_a_click_on_a_tick_leaves_the_keys_to_the_view(qtbot: QtBot, window: MainWindow) -> None:
    assert isinstance(window.workbench, CloudWorkbench)
    view, tick = window.workbench.view, window.docks.properties.findChild(QCheckBox)
    assert isinstance(tick, QCheckBox)
    view.setFocus()
    qtbot.waitUntil(view.hasFocus)

    QTest.mouseClick(tick, Qt.MouseButton.LeftButton, pos=QPoint(8, 8))

    assert tick.isChecked()
    assert view.hasFocus()


def test_the_fields_of_other_windows_keep_their_own_ways(qtbot: QtBot, window: MainWindow) -> None:
    other = QDoubleSpinBox()
    qtbot.addWidget(other)
    other.show()
    other.activateWindow()
    other.setFocus()
    qtbot.wait(10)

    assert isinstance(window.fields, FieldKeys)
    assert window.fields._field is not other


def test_escape_in_the_list_lets_go_of_the_selection(qtbot: QtBot, window: MainWindow) -> None:
    table = window.docks.annotations.findChild(QTableView)
    assert isinstance(table, QTableView)
    table.setFocus()
    qtbot.waitUntil(table.hasFocus)

    press(KEY.Key_Escape)

    assert window.workspace.selection.ids == ()


def list_with_the_keys(qtbot: QtBot, window: MainWindow) -> QTableView:
    table = window.docks.annotations.findChild(QTableView)
    assert isinstance(table, QTableView)
    table.setFocus()
    qtbot.waitUntil(table.hasFocus)
    return table


def test_keys_of_the_view_work_while_the_list_has_the_keyboard(
    qtbot: QtBot, window: MainWindow
) -> None:
    table = list_with_the_keys(qtbot, window)

    press(KEY.Key_X)

    assert abs(box(window).yaw_rad) == pytest.approx(math.pi)
    assert table.hasFocus()


def test_arrows_go_through_the_list_and_move_no_box(qtbot: QtBot, window: MainWindow) -> None:
    list_with_the_keys(qtbot, window)

    press(KEY.Key_Down)

    assert box(window) == CAR.shape


def test_keys_of_the_view_and_of_tools_work_while_a_choice_has_the_keyboard(
    qtbot: QtBot, window: MainWindow
) -> None:
    choice = window.docks.properties.findChild(QComboBox)
    assert isinstance(choice, QComboBox)
    choice.setFocus()
    qtbot.waitUntil(choice.hasFocus)
    before = choice.currentIndex()

    press(KEY.Key_X)
    press(KEY.Key_B)

    assert abs(box(window).yaw_rad) == pytest.approx(math.pi)
    assert window.tool_in_hand == "one_click_box"
    assert choice.currentIndex() == before


def test_enter_in_the_list_means_what_it_means_to_the_tool_in_hand(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert isinstance(window.workbench, CloudWorkbench)
    tool, told = window.workbench.view.tool, list[ToolKey]()

    def press_of_tool(key: ToolKey) -> Reply:
        told.append(key)
        return NOTHING

    monkeypatch.setattr(tool, "keys_wanted", lambda: frozenset({ToolKey.FINISH}))
    monkeypatch.setattr(tool, "key_press", press_of_tool)
    list_with_the_keys(qtbot, window)

    press(KEY.Key_Return)

    assert told == [ToolKey.FINISH]
    assert window.workspace.remarks() == {}


def wheel_over(widget: QWidget) -> QWheelEvent:
    middle = QPointF(widget.rect().center())
    event = QWheelEvent(
        middle,
        QPointF(widget.mapToGlobal(middle)),
        QPoint(),
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    event.ignore()
    QApplication.sendEvent(widget, event)
    return event


def test_a_wheel_that_goes_over_fields_changes_none_of_them(window: MainWindow) -> None:
    panels = (window.docks.properties, window.docks.display, window.docks.classes)
    kinds = (QComboBox, QAbstractSpinBox, QAbstractSlider)
    fields = [f for panel in panels for kind in kinds for f in panel.findChildren(kind)]
    for one in fields:
        if not isinstance(one, QScrollBar):
            assert one.focusPolicy() is Qt.FocusPolicy.StrongFocus, one
            assert not wheel_over(one).isAccepted(), "it is for the panel, which scrolls"

    assert box(window) == CAR.shape
    assert not any(one.hasFocus() for one in fields)


def test_the_sheet_of_keys_says_what_the_mouse_does(window: MainWindow) -> None:
    title, rows = window.help_menu.key_groups()[0]

    assert title == "Mouse"
    assert ("Right drag", "Move the view") in rows


def test_the_sheet_of_keys_says_what_tools_do_with_a_key_that_is_held(window: MainWindow) -> None:
    title, rows = window.help_menu.key_groups()[1]

    assert title == "Mouse with a key held"
    assert ("Ctrl+drag", "Fit a box to what is in the rectangle (One-click box)") in rows
    assert any(keys == "Shift+drag" and "Lasso, Rectangle" in does for keys, does in rows)
    assert not any("HU" in does for _keys, does in rows)
