"""Choices made with the mouse, in the list that opens below a field."""

from dataclasses import replace
from functools import partial

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from annotator.app.colours_in_words import colour_in_words
from annotator.app.palettes import Palette, palette_of
from annotator.app.session import Session
from annotator.model.labels import Taxonomy
from annotator.views.fields import Choice
from annotator.views.main_window import MainWindow
from annotator.views.scrolled import Scrolled
from tests.gui.conftest import SAMPLES, Opened


def palettes(window: MainWindow) -> QComboBox:
    return next(
        box
        for box in window.docks.display.findChildren(QComboBox)
        if box.findText(colour_in_words(Palette.CONTRAST)) >= 0
    )


def has(session: Session, palette: Palette) -> bool:
    return palette_of(session.taxonomy) is palette


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

    box = palettes(window)
    for row, palette in list(enumerate(Palette))[::-1]:
        choose(qtbot, box, row)

        qtbot.waitUntil(partial(has, session, palette))
        qtbot.wait(50)
        assert palettes(window) is box
        assert box.currentIndex() == row
        assert box.hasFocus()


def test_colours_of_ones_own_are_named_so_until_others_are_chosen(
    qtbot: QtBot, opened: Opened
) -> None:
    window = opened(SAMPLES / "garage")
    session = window.workspace.session
    assert session is not None
    box = palettes(window)
    first, *others = session.taxonomy

    session.change_taxonomy(Taxonomy((replace(first, color=(1, 2, 3)), *others)), "Colour")
    qtbot.waitUntil(lambda: box.currentText() == "Your own")
    session.undo_classes()

    qtbot.waitUntil(lambda: box.currentIndex() == 0)
    assert box.findText("Your own") < 0


@pytest.mark.qt_log_ignore("plugin does not support (raise|grabbing)")
def test_what_makes_its_form_anew_is_there_until_it_has_told_so(qtbot: QtBot) -> None:
    shown, box, instead = Scrolled(), Choice(), QWidget()
    qtbot.addWidget(shown)
    box.addItems(["usual", "other"])
    was_there: list[bool] = []

    def make_anew(_index: int) -> None:
        shown.show_instead(instead)
        was_there.append(isValid(box))

    box.activated.connect(make_anew)
    shown.show_instead(box)
    shown.show()

    choose(qtbot, box, 1)

    assert shown.widget() is instead
    assert was_there == [True]
    qtbot.waitUntil(lambda: not isValid(box))
