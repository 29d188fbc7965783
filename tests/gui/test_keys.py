"""Keys: chosen in a dialog, kept for the next start, and said the same wherever they are said."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialogButtonBox
from pytestqt.qtbot import QtBot

from annotator.app.action import Workbench
from annotator.app.keymap import TABLE, Keymap, in_use
from annotator.app.menu_titles import TOOLS
from annotator.app.settings import Settings
from annotator.app.workspace import Workspace
from annotator.model.annotations import Annotation
from annotator.model.edits import Put
from annotator.model.items import Status
from annotator.model.shapes import Box3D
from annotator.views.application import application
from annotator.views.dialogs.key_recorder import KeyRecorder
from annotator.views.dialogs.keymap import _ID, KeymapDialog
from annotator.views.key_events import key_words, meant, use_keys
from annotator.views.main_window import MainWindow

SCAN = Path(__file__).parents[2] / "sample_data" / "garage" / "scans" / "000000.pcd"
LONG_MS = 60_000


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MainWindow]:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    scan = Path(shutil.copy(SCAN, tmp_path))
    shown = started(qtbot)
    shown.open_path(scan)
    qtbot.waitUntil(
        lambda: shown.workspace.session is not None and not shown.background.is_busy(),
        timeout=LONG_MS,
    )
    yield shown
    shown.close()
    use_keys(Keymap())


def started(qtbot: QtBot) -> MainWindow:
    settings = Settings.load()
    settings.language = "en"
    application(settings)
    shown = MainWindow(Workspace("annotator"), settings)
    qtbot.addWidget(shown)
    shown.show()
    return shown


@pytest.fixture
def dialog(qtbot: QtBot) -> KeymapDialog:
    application(Settings(language="en"))
    shown = KeymapDialog(Keymap())
    qtbot.addWidget(shown)
    shown.show()
    return shown


def ok(dialog: KeymapDialog) -> bool:
    (buttons,) = dialog.findChildren(QDialogButtonBox)
    return buttons.button(QDialogButtonBox.StandardButton.Ok).isEnabled()


def sheet(window: MainWindow) -> dict[str, str]:
    return {does: keys for _title, rows in window.help_menu.key_groups() for keys, does in rows}


def test_the_sheet_says_exactly_the_keys_that_work(window: MainWindow) -> None:
    labels = len(list(window.workspace.session.taxonomy)) if window.workspace.session else 0
    hidden = {f"class.{n}" for n in range(labels + 1, 10)}

    groups = window.help_menu.key_groups()
    said = [keys for title, rows in groups if not title.startswith("Mouse") for keys, _does in rows]

    rows = [row for row in in_use().rows if row.keys and row.where & Workbench.CLOUD]
    assert sorted(said) == sorted(key_words(row.keys) for row in rows if row.id not in hidden)


def test_what_qt_listens_to_is_what_the_table_says(window: MainWindow) -> None:
    actions = {a.objectName(): a for a, _title in window.tool_actions}
    for row in in_use().rows:
        action = window.menus[row.id] if row.id in window.menus else actions.get(row.id)
        if action is not None:
            assert tuple(k.toString() for k in action.shortcuts()) == row.keys


def test_a_changed_key_is_said_in_menu_sheet_tooltip_and_hint(window: MainWindow) -> None:
    keys = {"tool.one_click_box": ("F9",), "edit.undo": ("F10",), "gesture.back_out": ("F12",)}

    window.keys_menu.take(Keymap(own=keys))
    window.choose_tool("one_click_box")

    tool = next(a for a, _t in window.tool_actions if a.objectName() == "tool.one_click_box")
    assert window.menus["edit.undo"].shortcut().toString() == "F10"
    assert (sheet(window)["Undo"], sheet(window)["One-click box"]) == ("F10", "F9")
    assert tool.toolTip().endswith("F9")
    assert tool in window.menus.menus[TOOLS].actions()
    assert "F12 clears" in window.workbench.view.hint()  # type: ignore[union-attr]  # a scan is open


def test_a_changed_key_works_and_the_old_one_does_not(qtbot: QtBot, window: MainWindow) -> None:
    window.keys_menu.take(Keymap(own={"tool.measure": ("F9",)}))
    assert window.workbench is not None
    view = window.workbench.widget
    view.setFocus()

    QTest.keyClick(view, Qt.Key.Key_M)
    before = window.tool_in_hand
    QTest.keyClick(view, Qt.Key.Key_F9)

    assert before == "select_box"
    qtbot.waitUntil(lambda: window.tool_in_hand == "measure")


def test_keys_live_over_a_restart(qtbot: QtBot, window: MainWindow) -> None:
    window.keys_menu.take(Keymap("blender", {"edit.undo": ("F10",)}))
    window.close()
    use_keys(Keymap())

    again = started(qtbot)

    assert again.menus["edit.undo"].shortcut().toString() == "F10"
    assert again.menus["edit.delete"].shortcut().toString() == "X"
    again.close()


def test_space_is_done_and_next_over_a_scan(qtbot: QtBot, window: MainWindow) -> None:
    assert window.workbench is not None
    view = window.workbench.widget
    view.setFocus()

    QTest.keyClick(view, Qt.Key.Key_Space)

    qtbot.waitUntil(lambda: window.workspace.items()[0].status is Status.DONE)


def test_a_taken_key_is_said_at_once_with_the_other_action(dialog: KeymapDialog) -> None:
    dialog.choose("edit.undo")

    dialog.record("F")

    other = "Fit the selection, or all, to the view"
    assert dialog.words() == f"F is the key of “Undo” and of “{other}”"
    assert not ok(dialog)


def test_a_key_can_be_taken_from_the_other_action(dialog: KeymapDialog) -> None:
    dialog.choose("edit.undo")
    dialog.record("F")

    dialog.take_away()

    assert (dialog.keymap.keys["edit.undo"], dialog.keymap.keys["view.fit"]) == (("F",), ())
    assert ok(dialog)


def test_a_key_of_the_other_workbench_is_free(dialog: KeymapDialog) -> None:
    dialog.choose("view.cine")

    dialog.record("J")

    assert dialog.conflicts() == []
    assert ok(dialog)


def test_one_more_key_leaves_the_others(dialog: KeymapDialog) -> None:
    dialog.choose("edit.undo")

    dialog.record("F9", more=True)

    assert dialog.keymap.keys["edit.undo"] == ("Ctrl+Z", "F9")


@pytest.mark.parametrize("text", ["undo", "撤销", "Ctrl+Z", "edit.undo"])
def test_an_action_is_found_in_both_languages_and_by_its_key(
    dialog: KeymapDialog, text: str
) -> None:
    dialog.search(text)

    assert "edit.undo" in dialog.listed()
    assert len(dialog.listed()) < len(TABLE) / 4


def test_what_the_open_workbench_does_comes_first(qtbot: QtBot) -> None:
    shown = KeymapDialog(Keymap(), where=Workbench.CLOUD)
    qtbot.addWidget(shown)

    listed = shown._table
    ids = [row.data(0, _ID) for n in range(len(Keymap().rows)) if (row := listed.topLevelItem(n))]

    assert ids.index("tool.wall") < ids.index("sequence.carry_on") < ids.index("window.lung")


def test_a_preset_is_taken_whole(dialog: KeymapDialog) -> None:
    dialog.choose("edit.undo")
    dialog.record("F9")

    dialog.use_preset("blender")

    assert dialog.keymap == Keymap("blender")


def test_every_row_of_the_table_is_listed(dialog: KeymapDialog) -> None:
    assert set(dialog.listed()) == {row.id for row in TABLE}


@pytest.mark.parametrize(
    ("key", "held", "said"),
    [
        (Qt.Key.Key_Tab, Qt.KeyboardModifier.NoModifier, "Tab"),
        (Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier, "Esc"),
        (Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier, "Ctrl+Return"),
        (Qt.Key.Key_7, Qt.KeyboardModifier.KeypadModifier, "Num+7"),
        (Qt.Key.Key_Space, Qt.KeyboardModifier.NoModifier, "Space"),
        (Qt.Key.Key_Exclam, Qt.KeyboardModifier.ShiftModifier, "Shift+1"),
        (Qt.Key.Key_BraceLeft, Qt.KeyboardModifier.ShiftModifier, "Shift+["),
    ],
)
def test_any_key_can_be_recorded(
    qtbot: QtBot, key: Qt.Key, held: Qt.KeyboardModifier, said: str
) -> None:
    recorder = KeyRecorder("Another key…")
    qtbot.addWidget(recorder)
    recorder.show()
    recorder.begin()

    with qtbot.waitSignal(recorder.recorded) as heard:
        QTest.keyClick(recorder, key, held)

    assert heard.args == [said]


def test_a_key_that_qt_has_no_name_for_means_nothing_and_breaks_nothing() -> None:
    cyrillic = QKeyEvent(QEvent.Type.KeyPress, 0x0410, Qt.KeyboardModifier.NoModifier)

    assert meant(cyrillic, ("edit.undo", "gesture.finish")) == ""


def test_shift_alone_is_no_key(qtbot: QtBot) -> None:
    recorder = KeyRecorder("Another key…")
    qtbot.addWidget(recorder)
    recorder.show()
    recorder.begin()

    with qtbot.assertNotEmitted(recorder.recorded):
        QTest.keyClick(recorder, Qt.Key.Key_Shift)


def test_shift_goes_far_unless_the_key_itself_has_it(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = window.workspace.session
    assert session is not None
    box = Annotation("car", Box3D((0.0, 0.0, 0.0), (4.0, 2.0, 1.5)))
    session.do(Put(box), "draw")
    window.workspace.selection.set((box.id,))
    held = Qt.KeyboardModifier.ShiftModifier
    monkeypatch.setattr(QApplication, "keyboardModifiers", lambda: held)

    window.menus["box.forward"].trigger()
    far_m = session.document.annotations[box.id].shape.center_m[0]  # type: ignore[union-attr]  # a box
    window.keys_menu.take(Keymap(own={"box.forward": ("Shift+F5",)}))
    window.menus["box.forward"].trigger()
    then_m = session.document.annotations[box.id].shape.center_m[0]  # type: ignore[union-attr]  # a box

    assert far_m == pytest.approx(0.25)
    assert then_m - far_m == pytest.approx(0.05)
