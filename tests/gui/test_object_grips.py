"""The grips of the selected object, with a tool in hand that only clicks."""

import math
from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from annotator.app.renderers.software import SoftwareRenderer
from annotator.app.selection import Selection
from annotator.app.session import Session
from annotator.formats.format import Context
from annotator.geometry.projection import StandardView
from annotator.model.annotations import Annotation
from annotator.model.cloud import PointCloud
from annotator.model.document import Document
from annotator.model.labels import GARAGE
from annotator.model.shapes import Box3D, Vec2, Vec3
from annotator.tools.box_handles import ring_radius_m
from annotator.tools.cloud_tools import CLOUD_TOOLS
from annotator.tools.keys import ToolKey
from annotator.tools.tool import NOTHING, Pointer, Preview, Reply
from annotator.views.cloud.cloud_view import CloudView

BOX = Box3D((1, 1, 0.75), (4, 2, 1.5))
CAR = Annotation("car", BOX)
CLICKING = sorted(tool.id for tool in CLOUD_TOOLS if tool.only_clicks)


@pytest.fixture
def session() -> Session:
    random = np.random.default_rng(0)
    scan = PointCloud(random.uniform((-8, -8, 0), (8, 8, 0.1), (60_000, 3)).astype(np.float32))
    return Session.in_memory(Document(((len(scan),),), {CAR.id: CAR}), Context(GARAGE, (scan,)))


@pytest.fixture
def view(qtbot: QtBot, session: Session) -> Iterator[CloudView]:
    selection = Selection("car")
    shown = CloudView(session, selection, renderer=SoftwareRenderer(threads=1))
    qtbot.addWidget(shown, before_close_func=lambda widget: widget.stop_listening())
    shown.resize(700, 600)
    shown.steering.look_from(StandardView.TOP)
    shown.show()
    selection.set((CAR.id,))

    def is_drawn() -> bool:
        picture = shown.picture
        return picture is not None and picture.is_whole and picture.camera == shown.camera

    qtbot.waitUntil(is_drawn, timeout=20_000)
    qtbot.waitUntil(lambda: shown.scene.selected is not None)
    yield shown
    shown.stop_listening()


def at(view: CloudView, place_m: Vec3) -> Vec2:
    x, y = view.camera.project([place_m], view.size_px())[0][0].tolist()
    return (x, y)


def send(view: CloudView, kind: QEvent.Type, at_px: Vec2, *, is_held: bool) -> None:
    left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
    button = none if kind is QEvent.Type.MouseMove else left
    where, held = QPointF(*at_px), left if is_held else none
    QApplication.sendEvent(
        view,
        QMouseEvent(
            kind,
            where,
            view.mapToGlobal(where),
            button,
            held,
            Qt.KeyboardModifier.NoModifier,
        ),
    )


def drag(view: CloudView, *path: Vec2) -> None:
    send(view, QEvent.Type.MouseButtonPress, path[0], is_held=True)
    for place in path[1:]:
        send(view, QEvent.Type.MouseMove, place, is_held=True)
    send(view, QEvent.Type.MouseButtonRelease, path[-1], is_held=False)


def box_of(session: Session) -> Box3D:
    shape = session.document.annotations[CAR.id].shape
    assert isinstance(shape, Box3D)
    return shape


@pytest.mark.parametrize("tool_id", CLICKING)
def test_a_drag_from_a_grip_edits_the_box_and_leaves_the_camera(
    view: CloudView, session: Session, tool_id: str
) -> None:
    view.choose_tool(tool_id)
    camera, front = view.camera, at(view, (3, 1, 0.75))

    drag(view, front, at(view, (3.4, 1, 0.75)), at(view, (4, 1, 0.75)))

    assert box_of(session).size_m == pytest.approx((5, 2, 1.5), abs=0.05)
    assert view.camera == camera
    assert len(session.steps()) == 1
    assert view.tool.id == tool_id


@pytest.mark.parametrize("tool_id", ["select_box", "one_click_box"])
def test_the_whole_ring_turns_the_box(view: CloudView, session: Session, tool_id: str) -> None:
    view.choose_tool(tool_id)
    reach, camera = ring_radius_m(BOX), view.camera

    def on_ring(degrees: float) -> Vec2:
        turn = math.radians(degrees)
        return at(view, (1 + reach * math.cos(turn), 1 + reach * math.sin(turn), 0))

    drag(view, on_ring(110), on_ring(120), on_ring(140))

    assert math.degrees(box_of(session).yaw_rad) == pytest.approx(30, abs=1)
    assert view.camera == camera


def test_a_grip_says_what_a_drag_does_before_it_is_dragged(view: CloudView) -> None:
    view.choose_tool("one_click_box")

    send(view, QEvent.Type.MouseMove, at(view, (3, 1, 0.75)), is_held=False)
    over, shape = view.hint(), view.cursor().shape()
    send(view, QEvent.Type.MouseMove, at(view, (-5, -5, 0)), is_held=False)

    assert "Drag to move this face" in over
    assert shape is Qt.CursorShape.PointingHandCursor
    assert view.hint() == view.tool.hint()
    assert view.cursor().shape() is not Qt.CursorShape.PointingHandCursor


def test_a_click_on_a_grip_is_the_tools_own(view: CloudView, session: Session) -> None:
    view.choose_tool("measure")
    front = at(view, (3, 1, 0.75))

    drag(view, front, front)

    assert "above the floor" in view.hint()
    assert session.steps() == ()


def test_a_grip_that_is_let_go_by_backing_out_leaves_the_box(
    view: CloudView, session: Session
) -> None:
    view.choose_tool("one_click_box")
    send(view, QEvent.Type.MouseButtonPress, at(view, (3, 1, 0.75)), is_held=True)
    send(view, QEvent.Type.MouseMove, at(view, (4, 1, 0.75)), is_held=True)

    assert "leaves it as it was" in view.hint()
    assert view._mouse.back_out()
    send(view, QEvent.Type.MouseButtonRelease, at(view, (4, 1, 0.75)), is_held=False)

    assert box_of(session) == BOX
    assert view.preview is None


def test_between_the_corners_of_an_outline_a_grip_is_in_nobodys_way(view: CloudView) -> None:
    view.choose_tool("measure")
    drag(view, at(view, (-4, -4, 0)), at(view, (-4, -4, 0)))

    send(view, QEvent.Type.MouseMove, at(view, (3, 1, 0.75)), is_held=False)

    assert "distance" in view.hint()


def test_the_first_of_two_clicks_on_a_face_fits_nothing_behind_it(
    view: CloudView, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    view.choose_tool("one_click_box")
    pressed: list[Pointer] = []

    def press(pointer: Pointer) -> Reply:
        pressed.append(pointer)
        return NOTHING

    monkeypatch.setattr(view.tool, "press", press)
    front, corner = at(view, (3, 1, 0.75)), at(view, (3, 2, 0.75))

    drag(view, front, front)
    on_face = len(pressed)
    drag(view, corner, corner)

    assert on_face == 0
    assert len(pressed) == 1


def test_what_enter_would_take_stays_shown_while_the_pointer_passes_a_grip(
    view: CloudView, monkeypatch: pytest.MonkeyPatch
) -> None:
    view.choose_tool("pillar")
    offered = Preview(annotations=(CAR,))
    view.take(Reply(preview=offered))
    monkeypatch.setattr(view.tool, "keys_wanted", lambda: frozenset({ToolKey.FINISH}))

    send(view, QEvent.Type.MouseMove, at(view, (3, 1, 0.75)), is_held=False)

    assert view.preview is offered


def test_backing_out_gives_up_what_is_drawn_first_and_then_lets_the_selection_go(
    view: CloudView,
) -> None:
    view.choose_tool("lasso_label")
    drag_to, free = at(view, (4, -4, 0)), at(view, (-4, -4, 0))
    send(view, QEvent.Type.MouseButtonPress, free, is_held=True)
    send(view, QEvent.Type.MouseMove, drag_to, is_held=True)

    view.hand.back_out()
    kept = view.selected()
    view.hand.back_out()

    assert kept == CAR
    assert view.selected() is None
