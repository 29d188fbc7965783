"""The three panes: each grip changes the box in one step, and nothing else moves."""

import math
from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from annotator.app.selection import Selection
from annotator.app.session import Session
from annotator.formats.format import Context
from annotator.model.annotations import Annotation
from annotator.model.cloud import PointCloud
from annotator.model.document import Document
from annotator.model.edits import Put
from annotator.model.labels import GARAGE
from annotator.model.shapes import Box3D, Cylinder3D, Face, Vec2
from annotator.tools.box_handles import Kind
from annotator.tools.pane_box import Side
from annotator.views.box_pane import BoxPane
from annotator.views.cloud_workbench import CloudWorkbench

YAW = math.radians(30)
CAR = Annotation("car", Box3D((3, 1, 0.75), (4.4, 1.8, 1.5), YAW))
PRESS, MOVE = QEvent.Type.MouseButtonPress, QEvent.Type.MouseMove
RELEASE, DOUBLE = QEvent.Type.MouseButtonRelease, QEvent.Type.MouseButtonDblClick


def scan() -> PointCloud:
    random = np.random.default_rng(0)
    own = random.uniform((-2.0, -0.8, -0.7), (2.0, 0.8, 0.7), (4000, 3))
    turn = np.array([[math.cos(YAW), -math.sin(YAW)], [math.sin(YAW), math.cos(YAW)]])
    own[:, :2] = own[:, :2] @ turn.T
    return PointCloud((own + np.array([3, 1, 0.75])).astype(np.float32))


@pytest.fixture
def session() -> Session:
    cloud = scan()
    return Session.in_memory(Document(((len(cloud),),), {CAR.id: CAR}), Context(GARAGE, (cloud,)))


@pytest.fixture
def bench(qtbot: QtBot, session: Session) -> Iterator[CloudWorkbench]:
    selection = Selection("car")
    selection.set((CAR.id,))
    made = CloudWorkbench(session, selection)
    qtbot.addWidget(made.widget)
    made.widget.resize(900, 600)
    made.widget.show()
    qtbot.waitUntil(lambda: all(pane.shown is not None for pane in made.panes.panes))
    yield made
    made.close()


def pane_of(bench: CloudWorkbench, side: Side) -> BoxPane:
    return bench.panes.panes[list(Side).index(side)]


def grip_px(pane: BoxPane, kind: Kind, *faces: Face) -> Vec2:
    looked, shown = pane.pane(), pane.shown
    assert looked is not None
    assert shown is not None
    grips = looked.grips(shown.box)
    return pane.to_px(next(g.at_m for g in grips if g.kind is kind and set(g.faces) == set(faces)))


def send(pane: BoxPane, kind: QEvent.Type, at: Vec2) -> None:
    button = Qt.MouseButton.LeftButton
    held = Qt.MouseButton.NoButton if kind is RELEASE else button
    where = QPointF(*at)
    event = QMouseEvent(
        kind, where, pane.mapToGlobal(where), button, held, Qt.KeyboardModifier.NoModifier
    )
    QApplication.sendEvent(pane, event)


def drag(pane: BoxPane, start: Vec2, end: Vec2) -> None:
    send(pane, PRESS, start)
    send(pane, MOVE, ((start[0] + end[0]) / 2, (start[1] + end[1]) / 2))
    send(pane, MOVE, end)
    send(pane, RELEASE, end)


def box_of(session: Session) -> Box3D:
    shape = session.document.annotations[CAR.id].shape
    assert isinstance(shape, Box3D)
    return shape


@pytest.mark.parametrize(
    ("side", "face", "axis", "way"),
    [
        (Side.TOP, Face.FRONT, 0, (0, -1)),
        (Side.TOP, Face.RIGHT, 1, (1, 0)),
        (Side.SIDE, Face.BACK, 0, (-1, 0)),
        (Side.SIDE, Face.TOP, 2, (0, -1)),
        (Side.REAR, Face.LEFT, 1, (-1, 0)),
    ],
)
def test_dragging_a_face_outward_makes_the_box_larger_on_that_side(
    bench: CloudWorkbench, session: Session, side: Side, face: Face, axis: int, way: Vec2
) -> None:
    pane = pane_of(bench, side)
    start = grip_px(pane, Kind.FACE, face)
    one_m = pane.to_px((1, 0))[0] - pane.to_px((0, 0))[0]
    far = 0.4 * one_m

    drag(pane, start, (start[0] + way[0] * far, start[1] + way[1] * far))

    grown = np.array(box_of(session).size_m) - CAR.shape.size_m  # type: ignore[union-attr]  # a box
    assert grown[axis] == pytest.approx(0.4, abs=0.02)
    assert np.delete(grown, axis) == pytest.approx((0, 0), abs=1e-9)
    assert box_of(session).yaw_rad == pytest.approx(YAW)
    assert len(session.steps()) == 1


def test_dragging_a_corner_moves_two_faces(bench: CloudWorkbench, session: Session) -> None:
    pane = pane_of(bench, Side.TOP)
    x, y = grip_px(pane, Kind.CORNER, Face.FRONT, Face.RIGHT)

    drag(pane, (x, y), (x + 20, y - 20))

    length, width, _height = box_of(session).size_m
    assert length > 4.5
    assert width > 1.9


def test_dragging_the_turn_grip_turns_the_box(bench: CloudWorkbench, session: Session) -> None:
    pane = pane_of(bench, Side.TOP)
    x, y = grip_px(pane, Kind.TURN)
    middle = pane.to_px((0, 0))
    arm = middle[1] - y

    drag(pane, (x, y), (middle[0] - arm, middle[1]))

    assert box_of(session).yaw_rad == pytest.approx(YAW + math.pi / 2, abs=0.02)


def test_dragging_the_box_moves_it_and_the_main_view_sees_it_on_the_way(
    bench: CloudWorkbench, session: Session
) -> None:
    pane = pane_of(bench, Side.TOP)
    start = pane.to_px((0.2, 0.2))
    end = pane.to_px((0.2, 1.2))

    send(pane, PRESS, start)
    send(pane, MOVE, end)
    seen = bench.view.preview
    send(pane, RELEASE, end)

    assert seen is not None
    assert seen.annotations[0].shape == box_of(session)
    expected = (3 + math.cos(YAW), 1 + math.sin(YAW), 0.75)
    np.testing.assert_allclose(box_of(session).center_m, expected, atol=0.03)


def test_a_double_click_on_a_face_grip_shrinks_it_to_its_points(
    bench: CloudWorkbench, session: Session
) -> None:
    pane = pane_of(bench, Side.SIDE)
    at = grip_px(pane, Kind.FACE, Face.TOP)

    for kind in (PRESS, RELEASE, DOUBLE, RELEASE):
        send(pane, kind, at)

    assert box_of(session).size_m[2] == pytest.approx(0.75 + 0.7, abs=0.01)
    assert len(session.steps()) == 1


def test_a_press_beside_the_box_moves_the_picture_only(
    bench: CloudWorkbench, session: Session
) -> None:
    pane = pane_of(bench, Side.REAR)
    before = pane.to_px((0, 0))

    drag(pane, (6, 60), (26, 70))

    assert pane.to_px((0, 0)) == pytest.approx((before[0] + 20, before[1] + 10))
    assert not session.steps()


def test_other_shapes_are_shown_without_grips(
    qtbot: QtBot, bench: CloudWorkbench, session: Session
) -> None:
    pillar = Annotation("pillar", Cylinder3D((3, 1, 1), 0.3, 2))
    session.do(Put(pillar), "Draw")

    bench.view._selection.set((pillar.id,))
    qtbot.waitUntil(
        lambda: (
            (shown := pane_of(bench, Side.TOP).shown) is not None
            and shown.annotation.id == pillar.id
        )
    )
    pane = pane_of(bench, Side.TOP)
    drag(pane, pane.to_px((0, 0)), pane.to_px((1, 1)))
    bench.widget.grab()

    assert session.document.annotations[pillar.id] == pillar


def test_nothing_selected_is_said(qtbot: QtBot, bench: CloudWorkbench) -> None:
    bench.view._selection.set(())

    qtbot.waitUntil(lambda: pane_of(bench, Side.TOP).shown is None)
    bench.widget.grab()
