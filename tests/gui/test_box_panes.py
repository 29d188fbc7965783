"""The three panes: each grip changes the box in one step, and nothing else moves."""

import math
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QColor, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from annotator.app.selection import Selection
from annotator.app.session import Session
from annotator.commands.boxes import move_box
from annotator.formats.format import Context
from annotator.model.annotations import Annotation
from annotator.model.cloud import PointCloud
from annotator.model.document import Document
from annotator.model.edits import Put
from annotator.model.labels import GARAGE
from annotator.model.shapes import Box3D, Cylinder3D, Face, Polygon3D, Polyline3D, Shape, Vec2, Vec3
from annotator.tools.box_handles import Kind
from annotator.tools.pane_box import Side, grips_of
from annotator.views.cloud.box_pane import BoxPane
from annotator.views.cloud.cloud_workbench import CloudWorkbench

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


def show(qtbot: QtBot, bench: CloudWorkbench, session: Session, shape: Shape) -> Annotation:
    made = Annotation("pillar", shape)
    session.do(Put(made), "Draw")
    bench.view._selection.set((made.id,))
    qtbot.waitUntil(
        lambda: (
            (shown := pane_of(bench, Side.TOP).shown) is not None and shown.annotation.id == made.id
        )
    )
    return made


def test_a_shape_without_grips_is_only_shown(
    qtbot: QtBot, bench: CloudWorkbench, session: Session
) -> None:
    ring = show(qtbot, bench, session, Polygon3D(((2, 0, 0), (4, 0, 0), (4, 2, 0))))
    pane = pane_of(bench, Side.TOP)

    drag(pane, pane.to_px((0, 0)), pane.to_px((1, 1)))
    bench.widget.grab()

    assert session.document.annotations[ring.id] == ring


@pytest.mark.parametrize(
    ("side", "drawn_m", "empty_m"),
    [(Side.TOP, (3, 1, 0), (2, 1.5, 0)), (Side.SIDE, (3, 1, 0), (3, 1, 0.05))],
)
def test_an_outline_is_seen_as_it_is_and_not_as_a_box_around_it(
    qtbot: QtBot,
    bench: CloudWorkbench,
    session: Session,
    side: Side,
    drawn_m: Vec3,
    empty_m: Vec3,
) -> None:
    show(qtbot, bench, session, Polygon3D(((2, 0, 0), (4, 0, 0), (4, 2, 0))))
    pane = pane_of(bench, side)
    looked, shown = pane.pane(), pane.shown
    assert looked is not None
    assert shown is not None
    picture = pane.grab().toImage()

    def is_colored(at_m: Vec3) -> bool:
        x, y = map(round, pane.to_px(tuple(looked.on_pane([at_m])[0].tolist())))
        near = [QColor(picture.pixel(x + dx, y + dy)) for dx in (-1, 0, 1) for dy in (-1, 0, 1)]
        return QColor(*shown.color) in near

    assert is_colored(drawn_m)
    assert not is_colored(empty_m)


@pytest.mark.parametrize("face", [Face.FRONT, Face.LEFT])
def test_a_round_pillar_is_widened_about_its_axis(
    qtbot: QtBot, bench: CloudWorkbench, session: Session, face: Face
) -> None:
    pillar = show(qtbot, bench, session, Cylinder3D((3, 1, 1), 0.3, 2))
    pane = pane_of(bench, Side.TOP)
    x, y = grip_px(pane, Kind.FACE, face)
    one_m = pane.to_px((1, 0))[0] - pane.to_px((0, 0))[0]
    out = {Face.FRONT: (0, -0.1), Face.LEFT: (-0.1, 0)}[face]

    drag(pane, (x, y), (x + out[0] * one_m, y + out[1] * one_m))
    bench.widget.grab()

    shape = session.document.annotations[pillar.id].shape
    assert isinstance(shape, Cylinder3D)
    assert shape.radius_m == pytest.approx(0.4, abs=0.01)
    assert shape.center_m == (3, 1, 1)


def test_a_round_pillar_is_made_higher_from_its_side(
    qtbot: QtBot, bench: CloudWorkbench, session: Session
) -> None:
    pillar = show(qtbot, bench, session, Cylinder3D((3, 1, 1), 0.3, 2))
    pane = pane_of(bench, Side.SIDE)
    x, y = grip_px(pane, Kind.FACE, Face.TOP)
    one_m = pane.to_px((1, 0))[0] - pane.to_px((0, 0))[0]

    drag(pane, (x, y), (x, y - 0.5 * one_m))

    shape = session.document.annotations[pillar.id].shape
    assert isinstance(shape, Cylinder3D)
    assert shape.height_m == pytest.approx(2.5, abs=0.02)
    assert shape.center_m[2] == pytest.approx(1.25, abs=0.01)


def test_a_wall_measures_what_it_is_said_to_be(
    qtbot: QtBot, bench: CloudWorkbench, session: Session
) -> None:
    show(qtbot, bench, session, Polyline3D(((0, 0, 0), (3, 4, 0.1)), 2.98, 0.2))

    shown = pane_of(bench, Side.REAR).shown

    assert shown is not None
    assert shown.box.size_m == pytest.approx((5, 0.2, 2.98))


def test_escape_in_the_view_backs_out_of_a_drag_in_a_pane(
    bench: CloudWorkbench, session: Session
) -> None:
    pane = pane_of(bench, Side.TOP)
    x, y = pane.to_px((0, 0))
    send(pane, PRESS, (x, y))
    send(pane, MOVE, (x + 30, y))

    QTest.keyClick(bench.view, Qt.Key.Key_Escape)
    send(pane, MOVE, (x + 60, y))
    send(pane, RELEASE, (x + 60, y))

    assert box_of(session) == CAR.shape
    assert bench.view._selection.ids == (CAR.id,)
    assert bench.view.preview is None


def test_what_is_in_another_scan_only_is_not_edited_here(
    qtbot: QtBot, bench: CloudWorkbench, session: Session
) -> None:
    session.do(Put(replace(CAR, frame=1)), "Move to the next scan")
    qtbot.waitUntil(lambda: pane_of(bench, Side.TOP).shown is None)
    pane = pane_of(bench, Side.TOP)

    drag(pane, (100, 100), (140, 140))

    assert box_of(session) == CAR.shape
    assert "in scan 2" in pane._empty


def test_a_box_that_was_moved_out_of_a_pane_is_brought_back_into_it(
    qtbot: QtBot, bench: CloudWorkbench, session: Session
) -> None:
    pane = pane_of(bench, Side.SIDE)
    before = pane.to_px((0, 0))

    session.do(move_box(CAR, (1.3, 0.75, 0.0)), "Move")

    qtbot.waitUntil(lambda: pane.shown is not None and pane.shown.annotation.shape != CAR.shape)
    assert pane._holds(box_of(session))
    assert pane.to_px((0, 0)) != before


def test_nothing_selected_is_said(qtbot: QtBot, bench: CloudWorkbench) -> None:
    bench.view._selection.set(())

    qtbot.waitUntil(lambda: pane_of(bench, Side.TOP).shown is None)
    bench.widget.grab()


@pytest.mark.parametrize(("side", "name"), [(Side.SIDE, "pitch_rad"), (Side.REAR, "roll_rad")])
def test_a_level_box_is_tilted_by_a_grip_that_alt_shows(
    bench: CloudWorkbench, session: Session, side: Side, name: str
) -> None:
    pane = pane_of(bench, side)
    assert pane.pane() is not None
    hidden = [grip.kind for grip in pane.pane().grips(box_of(session))]  # type: ignore[union-attr]  # as was asked
    pane._tilts = True
    x, y = grip_px(pane, Kind.TURN)
    middle = pane.to_px((0, 0))
    arm = math.hypot(x - middle[0], y - middle[1])
    at = math.atan2(middle[1] - y, x - middle[0]) + math.radians(8)

    drag(pane, (x, y), (middle[0] + arm * math.cos(at), middle[1] - arm * math.sin(at)))

    tilted = box_of(session)
    assert Kind.TURN not in hidden
    assert getattr(tilted, name) == pytest.approx(-math.radians(8), abs=0.01)
    assert tilted.yaw_rad == pytest.approx(YAW)
    assert tilted.size_m == pytest.approx(CAR.shape.size_m)  # type: ignore[union-attr]  # a box
    assert len(session.steps()) == 1


def test_a_pane_says_which_points_it_shows_and_what_a_grip_does(
    bench: CloudWorkbench, session: Session
) -> None:
    pane = pane_of(bench, Side.TOP)
    assert pane.shown is not None

    send(pane, MOVE, grip_px(pane, Kind.FACE, Face.FRONT))

    assert "face" in pane._hint
    assert "m around" in pane._rule(pane.shown)


def test_what_a_grip_does_is_said_no_more_once_the_pointer_has_left_the_pane(
    bench: CloudWorkbench,
) -> None:
    pane = bench.panes.panes[0]
    shown = pane.shown
    assert shown is not None
    seen = pane.pane()
    assert seen is not None
    send(pane, MOVE, pane.to_px(grips_of(seen, shown.annotation, shown.box)[0].at_m))
    said = pane._hint

    QApplication.sendEvent(pane, QEvent(QEvent.Type.Leave))

    assert said
    assert not pane._hint
