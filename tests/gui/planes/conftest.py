"""A small series in three planes, and a person's mouse over them."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from annotator.app.selection import Selection
from annotator.app.session import Session
from annotator.formats.format import Context
from annotator.model.document import Document
from annotator.model.labels import CHEST
from annotator.model.volume import Series, Slice, Volume
from annotator.views.ct.image_view import ImageView
from annotator.views.ct.plane_view import PlaneView

SHAPE = (12, 64, 64)
FOCUS = (slice(4, 7), slice(20, 23), slice(30, 34))
NONE, SHIFT, CTRL, ALT = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
)


def volume_of(affine: npt.NDArray[np.float64] | None = None) -> Volume:
    hu = np.full(SHAPE, -700, np.int16)
    hu[:, 10:54, 8:56] = 30
    hu[FOCUS] = 300
    hu[5, 21, 31] = 640
    hu[8:10, 40:43, 40:42] = 200
    slices = tuple(Slice(f"{k}", f"1.{k}", (0.0, 0.0, 2.0 * k)) for k in range(SHAPE[0]))
    usual = np.diag((1.0, 1.0, 2.0, 1.0))
    place = usual if affine is None else affine
    return Volume(Series("1", "2", "3", slices, SHAPE, place, (2.0, 1.0, 1.0)), hu)


def session_of(volume: Volume) -> Session:
    context = Context(CHEST, series=volume.series, volume=volume)
    return Session.in_memory(Document(extents=(SHAPE,)), context)


@pytest.fixture
def view(qtbot: QtBot) -> Iterator[ImageView]:
    shown = ImageView(session_of(volume_of()), Selection("calcification"))
    qtbot.addWidget(shown)
    shown.resize(900, 640)
    with qtbot.waitExposed(shown):
        shown.show()
    shown.show_slice(5)
    yield shown
    shown.stop_listening()


def place(view: ImageView, i: float, j: float) -> QPoint:
    x, y = view.camera().px_of((i, j, 0.0))
    return QPoint(round(x), round(y))


def turn(view: PlaneView, at: QPoint, steps: int, keys: Qt.KeyboardModifier = NONE) -> None:
    where = QPointF(at)
    event = QWheelEvent(
        where,
        QPointF(view.mapToGlobal(at)),
        QPoint(),
        QPoint(0, 120 * steps),
        Qt.MouseButton.NoButton,
        keys,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(view, event)


def click(view: ImageView, i: float, j: float) -> None:
    QTest.mouseClick(view.plane_view(), Qt.MouseButton.LeftButton, NONE, place(view, i, j))


def drag(view: PlaneView, button: Qt.MouseButton, start: QPoint, end: QPoint) -> None:
    QTest.mousePress(view, button, NONE, start)
    QTest.mouseMove(view, end)
    QTest.mouseRelease(view, button, NONE, end)


def color_at(view: ImageView, i: float, j: float) -> tuple[int, int, int]:
    plane = view.plane_view()
    color = plane.grab().toImage().pixelColor(place(view, i, j))
    return color.red(), color.green(), color.blue()
