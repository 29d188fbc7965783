"""Alt belongs to the wheel while both are used together, not to the menu bar."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMainWindow, QWidget
from pytestqt.qtbot import QtBot

from annotator.imaging.cameras import PlaneCamera
from annotator.imaging.orientation import layout_of
from annotator.imaging.slabs import Plane
from annotator.views.ct.plane_view import PlaneView

ALT, NONE = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.NoModifier


@pytest.mark.parametrize("turns", [True, False])
def test_letting_alt_go_after_the_wheel_leaves_the_keyboard_where_it_is(
    qtbot: QtBot, *, turns: bool
) -> None:
    layout = layout_of(Plane.AXIAL, np.eye(4))
    camera = PlaneCamera(layout, (0.0, 0.0, 0.0), 1.0, (1.0, 1.0), (1.0, 1.0, 1.0))
    plane, window = PlaneView(camera, lambda _camera: None), QMainWindow()
    qtbot.addWidget(window)
    window.menuBar().addMenu("&File").addAction("Open")
    window.setCentralWidget(plane)
    with qtbot.waitActive(window):
        window.show()
    plane.setFocus()

    QTest.keyPress(plane, Qt.Key.Key_Alt, ALT)
    if turns:
        turn_with_alt(plane)
    QTest.keyRelease(plane, Qt.Key.Key_Alt, NONE)

    takes_over = window.menuBar().activeAction() is not None
    assert takes_over is not turns


def turn_with_alt(widget: QWidget) -> None:
    at, step = QPointF(5, 5), QPoint(120, 0)
    phase = Qt.ScrollPhase.NoScrollPhase
    event = QWheelEvent(at, at, QPoint(), step, Qt.MouseButton.NoButton, ALT, phase, False)
    QApplication.sendEvent(widget, event)
