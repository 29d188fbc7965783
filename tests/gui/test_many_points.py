"""What takes long with many points is done beside the window."""

import time
from collections.abc import Callable, Iterator, Sequence
from threading import Event

import numpy as np
import numpy.typing as npt
import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from annotator.app.renderers.software import SoftwareRenderer
from annotator.app.selection import Selection
from annotator.app.session import Session
from annotator.formats.format import Context
from annotator.model.cloud import PointCloud
from annotator.model.document import Document
from annotator.model.labels import GARAGE
from annotator.model.shapes import Vec2
from annotator.views.cloud.cloud_view import CloudView

CAR = GARAGE["car"].value
ROUND = ((150.0, 100.0), (350.0, 100.0), (350.0, 300.0), (150.0, 300.0))


@pytest.fixture
def session() -> Session:
    random = np.random.default_rng(0)
    scan = PointCloud(random.uniform(-5, 5, (600_000, 3)).astype(np.float32))
    return Session.in_memory(Document(((len(scan),),)), Context(GARAGE, (scan,)))


@pytest.fixture
def view(qtbot: QtBot, session: Session) -> Iterator[CloudView]:
    shown = CloudView(session, Selection("car"), renderer=SoftwareRenderer(threads=1))
    qtbot.addWidget(shown, before_close_func=lambda widget: widget.stop_listening())
    shown.resize(500, 400)
    shown.show()
    qtbot.waitUntil(
        lambda: (
            shown.picture is not None
            and shown.picture.is_whole
            and shown.picture.size_px == (500, 400)
        ),
        timeout=20_000,
    )
    yield shown
    shown.stop_listening()


def send(
    view: CloudView,
    kind: QEvent.Type,
    x: float,
    y: float,
    modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
) -> None:
    left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
    held = none if kind is QEvent.Type.MouseButtonRelease else left
    at = QPointF(x, y)
    QApplication.sendEvent(view, QMouseEvent(kind, at, view.mapToGlobal(at), left, held, modifiers))


def lasso(view: CloudView) -> None:
    view.choose_tool("lasso_label")
    send(view, QEvent.Type.MouseButtonPress, *ROUND[0])
    for place in ROUND[1:]:
        send(view, QEvent.Type.MouseMove, *place)
    send(view, QEvent.Type.MouseButtonRelease, *ROUND[-1])


def held_up(view: CloudView) -> Event:
    """Let finding points take until the event is set."""
    goes_on, find = Event(), view.scene.rows_found

    def slowly(
        outline_px: Sequence[Vec2], /, *, front_only: bool
    ) -> Callable[[], npt.NDArray[np.int64]]:
        found = find(outline_px, front_only=front_only)

        def wait_and_find() -> npt.NDArray[np.int64]:
            goes_on.wait(10)
            return found()

        return wait_and_find

    view.scene.rows_found = slowly
    return goes_on


def test_the_points_in_a_lasso_are_found_beside_the_window(
    qtbot: QtBot, view: CloudView, session: Session
) -> None:
    goes_on = held_up(view)
    lasso(view)

    before = len(session.steps())
    goes_on.set()
    qtbot.waitUntil(lambda: len(session.steps()) == 1)

    assert before == 0
    assert len(session.document.semantic().where(CAR)) > 10_000
    assert not view.hand.is_working


def test_the_points_in_a_rectangle_to_fit_are_found_beside_the_window(
    qtbot: QtBot, view: CloudView
) -> None:
    goes_on, ctrl = held_up(view), Qt.KeyboardModifier.ControlModifier
    view.choose_tool("one_click_box")
    send(view, QEvent.Type.MouseButtonPress, *ROUND[0], ctrl)
    send(view, QEvent.Type.MouseMove, *ROUND[2], ctrl)
    let_go_s = time.monotonic()
    send(view, QEvent.Type.MouseButtonRelease, *ROUND[2], ctrl)

    took_s, was_working = time.monotonic() - let_go_s, view.hand.is_working
    goes_on.set()

    assert was_working
    assert took_s < 5
    qtbot.waitUntil(lambda: not view.hand.is_working)


def test_a_lasso_takes_what_was_seen_when_it_ended(
    qtbot: QtBot, view: CloudView, session: Session
) -> None:
    before = view.scene.finding(ROUND, front_only=False)()

    goes_on = held_up(view)
    lasso(view)
    picture = view.picture
    view.steering.look(view.camera.orbited(1.0, 0.3))
    qtbot.waitUntil(lambda: view.picture is not picture)
    goes_on.set()
    qtbot.waitUntil(lambda: len(session.steps()) == 1)

    np.testing.assert_array_equal(session.document.semantic().where(CAR), before)


def test_escape_drops_what_is_still_worked_out(
    qtbot: QtBot, view: CloudView, session: Session
) -> None:
    goes_on = held_up(view)
    lasso(view)

    view.hand.back_out()
    goes_on.set()
    qtbot.wait(300)

    assert not session.steps()
    assert view.preview is None
