"""Numbers typed into the property panel, as one would type them."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QDoubleSpinBox, QScrollArea
from pytestqt.qtbot import QtBot

from annotator.model.annotations import Annotation
from annotator.model.edits import Put
from annotator.model.shapes import Box3D, Cylinder3D, Face, Shape
from annotator.views.main_window import MainWindow
from tests.gui.conftest import Opened

SCAN = Path(__file__).parents[2] / "sample_data" / "garage" / "scans" / "000000.pcd"


@pytest.fixture
def window(opened: Opened, tmp_path: Path) -> MainWindow:
    (tmp_path / "scans").mkdir()
    shutil.copy(SCAN, tmp_path / "scans")
    return opened(tmp_path / "scans")


def typed(qtbot: QtBot, window: MainWindow, shape: Shape, field: str, number: str) -> Shape:
    """Select a shape, type a number into one of its fields, and return what it has become."""
    session = window.workspace.session
    assert session is not None
    made = Annotation("car", shape)
    session.do(Put(made), "Draw")
    window.workspace.selection.set((made.id,))

    def box() -> QDoubleSpinBox | None:
        return window.findChild(QDoubleSpinBox, field)

    qtbot.waitUntil(lambda: box() is not None)
    qtbot.wait(200)  # the panes and the panel have looked at it
    spin = box()
    assert spin is not None
    spin.setFocus()
    spin.selectAll()
    QTest.keyClicks(spin, number)
    QTest.keyClick(spin, Qt.Key.Key_Return)
    return session.document.annotations[made.id].shape


def test_a_typed_height_leaves_the_bottom_on_the_floor(qtbot: QtBot, window: MainWindow) -> None:
    fitted = Box3D((1, 2, 0.75), (4, 2, 1.5), assumed=frozenset({Face.TOP, Face.BACK}))

    box = typed(qtbot, window, fitted, "Height", "1.9")

    assert isinstance(box, Box3D)
    assert box.size_m[2] == pytest.approx(1.9)
    assert box.center_m[2] - box.size_m[2] / 2 == pytest.approx(0)
    assert box.assumed == {Face.BACK}


def test_what_was_typed_is_named_by_its_field_and_its_number(
    qtbot: QtBot, window: MainWindow
) -> None:
    typed(qtbot, window, Box3D((1, 2, 0.75), (4, 2, 1.5)), "Height", "2")

    assert window.workspace.session is not None
    assert window.workspace.session.steps()[-1].text == "Height set to 2.00 m"


def test_a_moved_box_has_newer_numbers_in_the_same_fields(qtbot: QtBot, window: MainWindow) -> None:
    box = typed(qtbot, window, Box3D((1, 2, 0.75), (4, 2, 1.5)), "x", "3")
    session = window.workspace.session
    assert session is not None
    assert isinstance(box, Box3D)
    qtbot.wait(200)
    field = window.findChild(QDoubleSpinBox, "x")
    assert field is not None

    window.menus["box.forward"].trigger()
    qtbot.waitUntil(lambda: field.value() == pytest.approx(3.05))
    steps = len(session.steps())
    qtbot.wait(50)

    assert window.findChild(QDoubleSpinBox, "x") is field
    assert len(session.steps()) == steps
    field.stepUp()
    field.stepDown()
    assert len(session.steps()) == steps + 2


def test_a_typed_length_leaves_the_face_that_was_seen(qtbot: QtBot, window: MainWindow) -> None:
    fitted = Box3D((1, 2, 0.75), (4, 2, 1.5), assumed=frozenset({Face.BACK}))

    box = typed(qtbot, window, fitted, "Length", "5")

    assert isinstance(box, Box3D)
    assert box.center_m[0] + box.size_m[0] / 2 == pytest.approx(3)
    assert box.center_m[0] - box.size_m[0] / 2 == pytest.approx(-2)
    assert box.assumed == frozenset()


def test_a_pillar_stands_where_it_stood_when_its_height_is_typed(
    qtbot: QtBot, window: MainWindow
) -> None:
    pillar = typed(qtbot, window, Cylinder3D((0, 0, 1), 0.3, 2), "Height", "3")

    assert isinstance(pillar, Cylinder3D)
    assert pillar.center_m[2] - pillar.height_m / 2 == pytest.approx(0)


def asked(window: MainWindow, name: str) -> QComboBox:
    field = window.docks.properties.findChild(QComboBox, name)
    assert isinstance(field, QComboBox)
    return field


def shown_car(qtbot: QtBot, window: MainWindow) -> Annotation:
    """Return a car whose properties are shown."""
    made, session = Annotation("car", Box3D((1, 2, 0.75), (4, 2, 1.5))), window.workspace.session
    assert session is not None
    session.do(Put(made), "Draw")
    window.workspace.selection.set((made.id,))
    qtbot.waitUntil(lambda: window.docks.properties.findChild(QComboBox, "occluded") is not None)
    return made


def test_what_a_class_asks_stands_right_below_the_class(qtbot: QtBot, window: MainWindow) -> None:
    shown_car(qtbot, window)

    x = window.findChild(QDoubleSpinBox, "x")
    assert x is not None
    assert asked(window, "class").y() < asked(window, "occluded").y() < x.y()


def test_an_answer_leaves_the_fields_where_they_are(qtbot: QtBot, window: MainWindow) -> None:
    car, session = shown_car(qtbot, window), window.workspace.session
    assert session is not None
    field = asked(window, "occluded")
    field.setCurrentIndex(1)

    field.activated.emit(1)

    assert session.document.annotations[car.id].attributes["occluded"] == field.itemData(1)
    qtbot.wait(50)
    assert asked(window, "occluded") is field
    session.undo()
    qtbot.waitUntil(lambda: field.currentIndex() == 0)


def test_a_key_leads_to_what_a_class_asks_and_back(qtbot: QtBot, window: MainWindow) -> None:
    window.activateWindow()
    window.menus["edit.answer"].trigger()
    assert window._toast.text() == "Select one thing whose class asks something"
    shown_car(qtbot, window)
    next(frame for frame in window.docks.frames if frame.objectName() == "history").raise_()

    window.menus["edit.answer"].trigger()

    field = asked(window, "occluded")
    qtbot.waitUntil(field.hasFocus)
    QTest.keyClick(field, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not field.hasFocus())


def test_a_form_that_is_made_anew_stays_scrolled(qtbot: QtBot, window: MainWindow) -> None:
    car, session = shown_car(qtbot, window), window.workspace.session
    assert session is not None
    window.resize(1000, 600)
    qtbot.wait(50)
    area = window.docks.properties.findChild(QScrollArea)
    assert isinstance(area, QScrollArea)
    area.verticalScrollBar().setValue(40)
    before = area.widget()

    session.do(Put(replace(car, label="movable")), "Set class")

    qtbot.waitUntil(lambda: area.widget() is not before)
    qtbot.wait(50)
    assert area.verticalScrollBar().value() == 40


def test_a_class_that_is_chosen_after_a_box_was_moved_leaves_it_there(
    qtbot: QtBot, window: MainWindow
) -> None:
    car, session = shown_car(qtbot, window), window.workspace.session
    assert session is not None
    session.do(Put(replace(car, shape=Box3D((3, 2, 0.75), (4, 2, 1.5)))), "Move")
    qtbot.wait(50)
    field = asked(window, "class")

    field.activated.emit(field.findData("movable"))

    now = session.document.annotations[car.id]
    assert now.label == "movable"
    assert now.shape == Box3D((3, 2, 0.75), (4, 2, 1.5))
