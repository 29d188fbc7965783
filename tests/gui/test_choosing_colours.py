"""Colours of all classes, chosen with the mouse from the list that opens below their field."""

from functools import partial

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox
from pytestqt.qtbot import QtBot

from annotator.app.colours_in_words import colour_in_words
from annotator.app.palettes import Palette, palette_of
from annotator.views.main_window import MainWindow
from tests.gui.conftest import SAMPLES, Opened


def palettes(window: MainWindow) -> QComboBox:
    return next(
        box
        for box in window.docks.display.findChildren(QComboBox)
        if box.findText(colour_in_words(Palette.CONTRAST)) >= 0
    )


def is_another(window: MainWindow, before: QComboBox) -> bool:
    return palettes(window) is not before


def choose(qtbot: QtBot, box: QComboBox, row: int) -> None:
    """Open a choice and click a row of its list, as a person does."""
    QTest.mouseClick(box, Qt.MouseButton.LeftButton)
    listed = box.view()
    qtbot.waitUntil(listed.isVisible)
    qtbot.wait(QApplication.doubleClickInterval() + 50)  # before, the list waits for a release
    at = listed.visualRect(box.model().index(row, 0)).center()
    QTest.mouseMove(listed.viewport(), at)
    QTest.mouseClick(listed.viewport(), Qt.MouseButton.LeftButton, pos=at)


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_one_palette_after_the_other_can_be_chosen(qtbot: QtBot, opened: Opened) -> None:
    window = opened(SAMPLES / "garage")
    session = window.workspace.session
    assert session is not None
    next(frame for frame in window.docks.frames if frame.objectName() == "display").raise_()

    for row, palette in list(enumerate(Palette))[::-1]:
        before = palettes(window)
        choose(qtbot, before, row)

        qtbot.waitUntil(partial(is_another, window, before))
        assert palettes(window).currentIndex() == row
        assert palette_of(session.taxonomy) is palette
