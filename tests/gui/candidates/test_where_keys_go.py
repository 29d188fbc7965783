"""Keys decide only while the rail has them, and a person sees where they go."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot

from annotator.app.keymap import Keymap
from annotator.commands.foci import foci
from annotator.model.annotations import Origin
from annotator.views.ct.image_view import ImageView
from annotator.views.key_events import use_keys
from tests.gui.candidates.conftest import said


def test_the_rails_keys_are_its_own_while_it_has_them(view: ImageView, qtbot: QtBot) -> None:
    window_key = QShortcut(QKeySequence("3"), view)
    fired: list[bool] = []
    window_key.activated.connect(lambda: fired.append(True))
    view.activateWindow()
    view.rail.setFocus()
    qtbot.waitUntil(view.rail.hasFocus)

    QTest.keyClick(view.rail, Qt.Key.Key_3)
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_3)

    assert said(view) == [(Origin.HAND, "solid", "")]
    assert fired == [True]


def test_over_a_closed_scan_keys_of_the_rail_are_the_windows_but_one_that_opens_it_again(
    view: ImageView,
) -> None:
    QTest.keyClick(view.rail, Qt.Key.Key_3)
    QTest.keyClick(view.rail, Qt.Key.Key_Backspace)
    view.rail.is_closed = True
    view.rail.recount()
    view.activateWindow()
    view.rail.setFocus()
    letters = "BVCAOXS156"
    fired: list[str] = []
    for letter in letters:
        key = QShortcut(QKeySequence(letter), view)
        key.activated.connect(lambda letter=letter: fired.append(letter))

    for letter in letters:
        QTest.keyClick(view.rail, Qt.Key(ord(letter)))
    QTest.keyClick(view.rail, Qt.Key.Key_Return)

    assert said(view) == [(Origin.HAND, "solid", "")]
    assert "".join(fired) == letters
    assert view.rail.hint().startswith("This scan is closed: no key decides")
    QTest.keyClick(view.rail, Qt.Key.Key_Delete)
    assert said(view) == []


def test_a_box_over_the_window_changes_nothing_about_where_keys_go(
    view: ImageView, qtbot: QtBot
) -> None:
    view.activateWindow()
    view.rail.take_keys()
    qtbot.waitUntil(view.rail.hasFocus)
    box = QDialog(view)
    qtbot.addWidget(box)

    box.open()
    qtbot.waitUntil(lambda: not view.rail.hasFocus())

    assert not view.rail.hint().startswith("Keys go to the picture")
    box.reject()
    view.activateWindow()
    qtbot.waitUntil(view.rail.hasFocus)
    assert not view.rail.hint().startswith("Keys go to the picture")


def test_a_key_decides_nothing_while_something_else_is_looked_at(view: ImageView) -> None:
    here = view.rail.current()
    view.selection.set(())

    QTest.keyClick(view.rail, Qt.Key.Key_Return)
    assert said(view) == []
    assert view.selection.offer is not None
    assert view.rail.current() == here
    QTest.keyClick(view.rail, Qt.Key.Key_Return)

    assert len(said(view)) == 1


def test_it_says_when_keys_go_to_the_picture(view: ImageView, qtbot: QtBot) -> None:
    use_keys(Keymap())
    view.rail.name_keys()
    view.activateWindow()
    view.rail.take_keys()
    qtbot.waitUntil(view.rail.hasFocus)
    assert view.rail.hint().startswith("First S if its site is node  Accept  Enter")

    view.setFocus()

    assert view.rail.hint().startswith("Keys go to the picture now. Press K")


def test_the_key_that_accepts_leads_from_the_picture_to_the_rail_and_decides_nothing(
    view: ImageView, qtbot: QtBot
) -> None:
    view.activateWindow()
    view.setFocus()
    qtbot.waitUntil(view.hasFocus)

    QTest.keyClick(view, Qt.Key.Key_Return)

    assert said(view) == []
    assert view.rail.has_keys()
    QTest.keyClick(view.rail, Qt.Key.Key_Return)
    assert len(said(view)) == 1


def test_the_key_that_accepts_leads_to_the_rail_though_a_focus_is_selected(
    view: ImageView, qtbot: QtBot
) -> None:
    view.rail.verbs.accept("solid")
    (focus,) = foci(view.session.document)
    view.activateWindow()
    view.setFocus()
    qtbot.waitUntil(view.hasFocus)
    view.selection.set((focus.id,))

    QTest.keyClick(view, Qt.Key.Key_Return)

    assert view.rail.has_keys()
    assert said(view) == [(Origin.HAND, "solid", "")]


def test_dragging_the_window_of_grey_values_leaves_the_keys_to_the_rail(
    view: ImageView, qtbot: QtBot
) -> None:
    view.activateWindow()
    view.rail.take_keys()
    qtbot.waitUntil(view.rail.hasFocus)

    QTest.mouseClick(view.plane_view(), Qt.MouseButton.RightButton)
    assert view.rail.has_keys()
    QTest.mouseClick(view.plane_view(), Qt.MouseButton.LeftButton)

    assert not view.rail.has_keys()
