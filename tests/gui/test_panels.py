"""The panels: hidden and shown again, and the heights that cut a scan."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QTabBar
from pytestqt.qtbot import QtBot

from annotator.app.settings import Settings
from annotator.app.workspace import Workspace
from annotator.views.main_window import MainWindow
from annotator.views.panels.display import HeightBox


def tabs_in_front(window: MainWindow) -> list[str]:
    return sorted(bar.tabText(bar.currentIndex()) for bar in window.findChildren(QTabBar))


def test_panels_come_back_as_they_lay(qtbot: QtBot, window: MainWindow) -> None:
    window.docks.frames[4].raise_()
    qtbot.waitUntil(lambda: "History" in tabs_in_front(window))

    window.menus["view.panels"].trigger()
    window.menus["view.panels"].trigger()

    qtbot.waitUntil(lambda: "History" in tabs_in_front(window))
    assert window.docks.items.isVisible()


def test_panels_that_were_hidden_at_the_end_are_there_at_the_next_start(
    window: MainWindow,
) -> None:
    window.menus["view.panels"].trigger()
    window.close()

    again = MainWindow(Workspace("annotator"), Settings.load())
    again.show()

    assert again.docks.items.isVisible()
    again.close()


def test_a_height_steps_from_where_the_points_are(qtbot: QtBot) -> None:
    box = HeightBox(1000.0, 2.8, "all above")
    qtbot.addWidget(box)
    before = box.text()

    box.stepBy(-1)

    assert before == "all above"
    assert box.height_m == pytest.approx(2.7)
    assert box.text() == "2.70 m"


def test_a_typed_height_is_taken(qtbot: QtBot) -> None:
    box = HeightBox(-1000.0, 0.0, "all below")
    qtbot.addWidget(box)

    box.selectAll()
    QTest.keyClicks(box, "1.5")
    QTest.keyClick(box, Qt.Key.Key_Return)

    assert box.height_m == pytest.approx(1.5)


def test_an_emptied_height_is_unset_again(qtbot: QtBot) -> None:
    box = HeightBox(-1000.0, 0.0, "all below")
    box.show_height(1.5)
    qtbot.addWidget(box)

    box.selectAll()
    QTest.keyClick(box, Qt.Key.Key_Delete)
    QTest.keyClick(box, Qt.Key.Key_Return)

    assert box.height_m is None
    assert box.text() == "all below"


def test_a_very_long_name_does_not_push_the_window_apart(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    window.resize(1000, 700)
    path = tmp_path / f"{'long_' * 40}.pcd"
    path.write_bytes(b"nothing")

    with qtbot.waitSignal(window.openings.failed, timeout=60_000):
        window.open_path(path)
    qtbot.wait(50)

    assert window.width() == 1000


def test_a_short_message_is_in_one_line_and_no_wider_than_it(window: MainWindow) -> None:
    window.say("Undone: Set class")
    short_px = window._toast.size()
    window.say("Undone: " + "Set class and " * 40)

    assert short_px.height() < 2 * window._toast.fontMetrics().lineSpacing() + 18
    assert short_px.width() < window._toast.width() < window.width() / 2
