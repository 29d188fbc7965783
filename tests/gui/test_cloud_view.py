import gc
import math
import weakref
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from annotator.app.renderers.choosing import Wanted
from annotator.app.renderers.software import SoftwareRenderer
from annotator.app.selection import Selection
from annotator.app.session import Session
from annotator.errors import AnnotatorError
from annotator.formats.format import Context
from annotator.geometry.colouring import ColourBy, ColourMap
from annotator.geometry.projection import StandardView
from annotator.model.annotations import Annotation
from annotator.model.cloud import PointCloud
from annotator.model.document import Document
from annotator.model.edits import Put
from annotator.model.labels import GARAGE
from annotator.model.shapes import Box3D, Cylinder3D, Face, Point3D, Polygon3D, Polyline3D, Shape
from annotator.tools.tool import Preview, Reply
from annotator.views.cloud import cloud_overlay, scan_drawing
from annotator.views.cloud.box_keys import BoxKeys
from annotator.views.cloud.cloud_view import CloudView
from annotator.views.kept_views import KeptViews
from tests.pictures import rows_seen, share_covered

CAR = Annotation("car", Box3D((0, 0, 0.75), (4.4, 1.8, 1.5)))


def cloud() -> PointCloud:
    random = np.random.default_rng(0)
    floor = np.column_stack([random.uniform(-8, 8, (20_000, 2)), np.zeros(20_000)])
    car = random.uniform((-2.2, -0.9, 0.2), (2.2, 0.9, 1.5), (8000, 3))
    return PointCloud(
        np.concatenate([floor, car]).astype(np.float32),
        {"intensity": random.uniform(0, 1, 28_000).astype(np.float32)},
    )


@pytest.fixture
def session() -> Session:
    scan = cloud()
    return Session.in_memory(Document(((len(scan),),)), Context(GARAGE, (scan,)))


@pytest.fixture
def selection() -> Selection:
    return Selection("car")


@pytest.fixture
def view(qtbot: QtBot, session: Session, selection: Selection) -> Iterator[CloudView]:
    shown = CloudView(session, selection, renderer=SoftwareRenderer(threads=1))
    qtbot.addWidget(shown, before_close_func=lambda widget: widget.stop_listening())
    shown.resize(500, 400)
    shown.show()
    qtbot.waitUntil(lambda: is_whole(shown), timeout=20_000)
    yield shown
    shown.stop_listening()


def is_whole(view: CloudView) -> bool:
    picture = view.picture
    return (
        picture is not None
        and picture.is_whole
        and picture.camera == view.camera
        and picture.size_px == (view.width(), view.height())
    )


def send(view: CloudView, kind: QEvent.Type, x: float, y: float, button: Qt.MouseButton) -> None:
    at = QPointF(x, y)
    held = Qt.MouseButton.NoButton if kind is QEvent.Type.MouseButtonRelease else button
    event = QMouseEvent(
        kind, at, view.mapToGlobal(at), button, held, Qt.KeyboardModifier.NoModifier
    )
    QApplication.sendEvent(view, event)


def drag(
    view: CloudView,
    path: list[tuple[float, float]],
    button: Qt.MouseButton = Qt.MouseButton.LeftButton,
) -> None:
    send(view, QEvent.Type.MouseButtonPress, *path[0], button)
    for x, y in path[1:]:
        send(view, QEvent.Type.MouseMove, x, y, button)
    send(view, QEvent.Type.MouseButtonRelease, *path[-1], button)


def place_px(view: CloudView, place_m: tuple[float, float, float]) -> tuple[float, float]:
    x, y = view.camera.project([place_m], (view.width(), view.height()))[0][0].tolist()
    return (x, y)


def test_dragging_with_the_middle_button_goes_around(qtbot: QtBot, view: CloudView) -> None:
    before = view.picture
    assert before is not None

    drag(view, [(200, 200), (260, 210), (300, 190)], Qt.MouseButton.MiddleButton)
    qtbot.waitUntil(lambda: is_whole(view))

    assert view.picture is not None
    assert view.picture.camera != before.camera
    assert not np.array_equal(view.picture.pixels, before.pixels)


def test_the_point_under_the_pointer_is_found_and_said(qtbot: QtBot, view: CloudView) -> None:
    view.steering.look_from(StandardView.TOP)
    qtbot.waitUntil(lambda: is_whole(view))
    x, y = place_px(view, (4.0, 3.0, 0.0))

    with qtbot.waitSignal(view.pointed) as said:
        send(view, QEvent.Type.MouseMove, x, y, Qt.MouseButton.NoButton)
    pointer = view.pointer_at((x, y))

    assert pointer.at_m is not None
    assert np.hypot(pointer.at_m[0] - 4, pointer.at_m[1] - 3) < 0.3
    assert pointer.row is not None
    np.testing.assert_allclose(view.cloud.xyz_m[pointer.row], pointer.at_m, atol=1e-6)
    assert said.args is not None
    assert "intensity" in said.args[0]


def test_dragging_a_box_moves_it_on_the_floor_in_one_step(
    qtbot: QtBot, view: CloudView, session: Session, selection: Selection
) -> None:
    session.do(Put(CAR), "Draw box")
    view.steering.look_from(StandardView.TOP)
    qtbot.waitUntil(lambda: is_whole(view))
    start, end = place_px(view, (1.2, 0.3, 1.4)), place_px(view, (3.2, 1.3, 1.4))
    middle = ((start[0] + end[0]) / 2, (start[1] + end[1]) / 2)

    drag(view, [start, middle, end])

    moved = session.document.annotations[CAR.id].shape
    assert isinstance(moved, Box3D)
    np.testing.assert_allclose(moved.center_m, (2, 1, 0.75), atol=0.15)
    assert selection.ids == (CAR.id,)
    assert len(session.steps()) == 2
    session.undo()
    assert session.document.annotations[CAR.id] == CAR


def test_a_lasso_paints_the_points_in_it(qtbot: QtBot, view: CloudView, session: Session) -> None:
    view.steering.look_from(StandardView.TOP)
    qtbot.waitUntil(lambda: is_whole(view))
    view.choose_tool("lasso_label")
    corners = [(-2.5, -1.1, 0.0), (2.5, -1.1, 0.0), (2.5, 1.1, 0.0), (-2.5, 1.1, 0.0)]

    drag(view, [place_px(view, corner) for corner in corners])
    qtbot.waitUntil(lambda: bool(session.steps()))

    painted = session.document.semantic().where(GARAGE["car"].value)
    assert len(session.steps()) == 1
    assert np.isin(np.arange(20_000, 28_000), painted).mean() > 0.95
    assert np.abs(view.cloud.xyz_m[painted, 0]).max() < 3.2


def test_painting_recolours_without_projecting_again(
    qtbot: QtBot, session: Session, selection: Selection
) -> None:
    renderer = SoftwareRenderer(threads=1)
    view = CloudView(session, selection, renderer=renderer)
    qtbot.addWidget(view, before_close_func=lambda widget: widget.stop_listening())
    view.settings.set(colour_by=ColourBy.LABEL)
    view.resize(500, 400)
    view.show()
    qtbot.waitUntil(lambda: is_whole(view), timeout=20_000)
    qtbot.wait(150)
    before, picture = renderer.projections, view.picture
    view.choose_tool("lasso_label")

    drag(view, [(150, 100), (350, 100), (350, 300), (150, 300)])
    qtbot.waitUntil(lambda: view.picture is not picture)

    assert renderer.projections == before
    view.stop_listening()


def test_another_colouring_is_shown(qtbot: QtBot, view: CloudView) -> None:
    before = view.picture
    assert before is not None

    view.settings.set(colour_by=ColourBy.INTENSITY, colour_map=ColourMap.COLOUR_BLIND_SAFE)
    qtbot.waitUntil(lambda: view.picture is not before)

    assert view.picture is not None
    assert not np.array_equal(view.picture.pixels, before.pixels)


def test_the_height_slab_takes_the_floor_away(qtbot: QtBot, view: CloudView) -> None:
    assert view.picture is not None
    before = share_covered(view.picture.entries)

    view.settings.set(slab_m=(0.1, None))
    qtbot.waitUntil(
        lambda: view.picture is not None and share_covered(view.picture.entries) < before / 2
    )


def test_a_scan_without_points_says_so(qtbot: QtBot, selection: Selection) -> None:
    empty = PointCloud(np.zeros((0, 3), np.float32))
    session = Session.in_memory(Document(((0,),)), Context(GARAGE, (empty,)))
    view = CloudView(session, selection, renderer=SoftwareRenderer(threads=1))
    qtbot.addWidget(view, before_close_func=lambda widget: widget.stop_listening())
    view.resize(300, 200)

    view.grab()
    drag(view, [(50, 50), (80, 80)])

    assert view.picture is None or share_covered(view.picture.entries) == 0
    view.stop_listening()


def test_a_closed_view_is_given_back(qtbot: QtBot, session: Session, selection: Selection) -> None:
    view = CloudView(session, selection, renderer=SoftwareRenderer(threads=1))
    view.resize(QPoint(200, 150).x(), 150)
    gone = weakref.ref(view)

    view.stop_listening()
    view.deleteLater()
    del view
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()

    assert gone() is None


def select_at(view: CloudView, place_m: tuple[float, float, float]) -> None:
    x, y = place_px(view, place_m)
    drag(view, [(x, y)])


SHAPES: dict[str, tuple[Shape, tuple[float, float, float]]] = {
    "a pillar by its points": (Cylinder3D((5, 5, 0.5), 0.4, 1.2), (5, 5, 0.0)),
    "a wall by its line": (Polyline3D(((-6, 6, 0), (6, 6, 0)), 2.0, 0.2), (0, 6, 0.0)),
    "an outline by what it holds": (
        Polygon3D(((4, -4, 0), (6, -4, 0), (6, -6, 0))),
        (5.6, -4.8, 0),
    ),
    "a place": (Point3D((-5, -5, 0)), (-5, -5, 0)),
}


@pytest.mark.parametrize("name", SHAPES)
def test_a_click_selects(
    qtbot: QtBot, view: CloudView, session: Session, selection: Selection, name: str
) -> None:
    shape, place = SHAPES[name]
    made = Annotation("pillar", shape)
    session.do(Put(made), "Draw")
    view.steering.look_from(StandardView.TOP)
    qtbot.waitUntil(lambda: is_whole(view))

    select_at(view, place)

    assert selection.ids == (made.id,)
    view.grab()


def test_a_vertex_of_the_selected_wall_is_dragged_by_its_grip(
    qtbot: QtBot, view: CloudView, session: Session, selection: Selection
) -> None:
    wall = Annotation("wall", Polyline3D(((-6, 6, 0), (2, 6, 0)), 2.0, 0.2))
    session.do(Put(wall), "Draw")
    selection.set((wall.id,))
    view.steering.look_from(StandardView.TOP)
    qtbot.waitUntil(lambda: is_whole(view) and view.scene.selected == wall)

    drag(view, [place_px(view, (2, 6, 0)), place_px(view, (3, 6, 0)), place_px(view, (4, 6, 0))])

    moved = session.document.annotations[wall.id].shape
    assert isinstance(moved, Polyline3D)
    np.testing.assert_allclose(moved.vertices_m, ((-6, 6, 0), (4, 6, 0)), atol=0.05)


def test_a_double_click_on_a_face_grip_shrinks_the_face_to_its_points(
    qtbot: QtBot, view: CloudView, session: Session, selection: Selection
) -> None:
    large = Annotation("car", Box3D((1, 0, 0.85), (6.4, 1.7, 1.2)))
    session.do(Put(large), "Draw")
    selection.set((large.id,))
    view.steering.look_from(StandardView.TOP)
    qtbot.waitUntil(lambda: is_whole(view) and view.scene.selected == large)

    x, y = place_px(view, (4.2, 0, 0.85))
    for kind in (
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseButtonRelease,
        QEvent.Type.MouseButtonDblClick,
        QEvent.Type.MouseButtonRelease,
    ):
        send(view, kind, x, y, Qt.MouseButton.LeftButton)

    shrunk = session.document.annotations[large.id].shape
    assert isinstance(shrunk, Box3D)
    assert shrunk.center_m[0] + shrunk.size_m[0] / 2 == pytest.approx(2.2, abs=0.05)
    assert len(session.steps()) == 2


def test_points_that_would_be_painted_are_shown(qtbot: QtBot, view: CloudView) -> None:
    view.steering.look_from(StandardView.TOP)
    qtbot.waitUntil(lambda: is_whole(view))
    before = view.grab().toImage()

    view.hand.preview = Preview(rows=np.arange(20_000, 28_000))
    after = view.grab().toImage()

    assert before != after


def test_assumed_faces_are_dashed(qtbot: QtBot, view: CloudView, session: Session) -> None:
    high = Box3D((0, 0, 6), (4.4, 1.8, 1.5))
    view.steering.look_from(StandardView.TOP)
    qtbot.waitUntil(lambda: is_whole(view))
    session.do(Put(Annotation("car", high, id="one")), "Draw")
    qtbot.wait(20)
    solid = view.grab().toImage()

    session.do(
        Put(Annotation("car", replace(high, assumed=frozenset({Face.BACK})), id="one")), "Fit"
    )
    qtbot.wait(20)

    assert view.grab().toImage() != solid


def test_assumed_edges_of_a_contour_are_dashed(
    qtbot: QtBot, view: CloudView, session: Session
) -> None:
    outline = Polygon3D(((-2, -1, 6), (2, -1, 6), (2, 1, 6), (-2, 1, 6)))
    view.steering.look_from(StandardView.TOP)
    qtbot.waitUntil(lambda: is_whole(view))
    session.do(Put(Annotation("car", outline, id="one")), "Draw")
    qtbot.wait(20)
    solid = view.grab().toImage()

    session.do(Put(Annotation("car", replace(outline, assumed=frozenset({3})), id="one")), "Fit")
    qtbot.wait(20)

    assert view.grab().toImage() != solid


def test_another_renderer_takes_over_what_is_shown(
    qtbot: QtBot, view: CloudView, monkeypatch: pytest.MonkeyPatch
) -> None:
    def other(*_asked: object) -> SoftwareRenderer:
        renderer = SoftwareRenderer(threads=1)
        renderer.name = "other"
        return renderer

    monkeypatch.setattr(scan_drawing, "renderer_for", other)
    before = view.picture

    view.settings.choose_renderer(Wanted.OPEN3D)
    qtbot.waitUntil(lambda: view.picture is not before and is_whole(view))

    assert view.settings.drawn_by == "other"


def test_keys_change_the_selected_box(
    view: CloudView, session: Session, selection: Selection
) -> None:
    session.do(Put(CAR), "Draw box")
    selection.set((CAR.id,))
    does = BoxKeys(session, view).does

    for verb in ("box.forward", "box.turn_left", "box.longer", "box.flip", "box.quarter"):
        does[verb]()

    changed = session.document.annotations[CAR.id].shape
    assert isinstance(changed, Box3D)
    assert changed.size_m == pytest.approx((1.8, 4.45, 1.5))
    assert changed.center_m[0] == pytest.approx(0.05 + 0.025, abs=0.01)
    assert changed.yaw_rad == pytest.approx(math.radians(1 + 180 + 90 - 360))
    assert len(session.steps()) == 6


def test_keys_move_and_turn_all_that_is_selected_in_one_step(
    view: CloudView, session: Session, selection: Selection
) -> None:
    ahead = Annotation("car", Box3D((0, 4, 0.75), (4.4, 1.8, 1.5), math.pi / 2))
    pillar = Annotation("pillar", Cylinder3D((5, 0, 1.5), 0.3, 3))
    wall = Annotation("wall", Polyline3D(((-6, 6, 0), (6, 6, 0)), 3.0, 0.2))
    for annotation in (CAR, ahead, pillar, wall):
        session.do(Put(annotation), "Draw")
    selection.set((CAR.id, ahead.id, pillar.id, wall.id))
    does = BoxKeys(session, view).does

    does["box.forward"]()
    does["box.turn_left"]()

    shapes = [session.document.annotations[a.id].shape for a in (CAR, ahead, pillar, wall)]
    moved_car, moved_ahead, moved_pillar, moved_wall = shapes
    assert isinstance(moved_car, Box3D)
    assert isinstance(moved_ahead, Box3D)
    assert isinstance(moved_pillar, Cylinder3D)
    assert isinstance(moved_wall, Polyline3D)
    assert moved_car.center_m == pytest.approx((0.05, 0, 0.75))
    assert moved_ahead.center_m == pytest.approx((0.05, 4, 0.75))
    assert moved_pillar.center_m == pytest.approx((5.05, 0, 1.5))
    assert moved_wall.vertices_m[1][1] > 6.1
    assert math.degrees(moved_ahead.yaw_rad) == pytest.approx(91)
    assert len(session.steps()) == 6


def test_keys_that_a_shape_has_no_use_for_say_so(
    view: CloudView, session: Session, selection: Selection
) -> None:
    pillar = Annotation("pillar", Cylinder3D((5, 0, 1.5), 0.3, 3))
    session.do(Put(pillar), "Draw")
    selection.set((pillar.id,))

    with pytest.raises(AnnotatorError, match="no heading"):
        BoxKeys(session, view).does["box.turn_left"]()


def test_all_faces_shrink_to_the_points_in_one_step(
    view: CloudView, session: Session, selection: Selection
) -> None:
    large = Annotation("car", Box3D((0, 0, 1.15), (6, 4, 2)))
    session.do(Put(large), "Draw box")
    selection.set((large.id,))

    BoxKeys(session, view).does["box.shrink"]()

    shrunk = session.document.annotations[large.id].shape
    assert isinstance(shrunk, Box3D)
    assert shrunk.size_m == pytest.approx((4.4, 1.8, 1.3), abs=0.02)
    assert len(session.steps()) == 2


@pytest.fixture
def tags(monkeypatch: pytest.MonkeyPatch) -> list[tuple[tuple[float, float], str]]:
    """Where words were written over the picture, and which."""
    said: list[tuple[tuple[float, float], str]] = []
    monkeypatch.setattr(
        cloud_overlay, "paint_tag", lambda _painter, at, text, _color: said.append((at, text))
    )
    return said


def test_a_long_wall_is_named_at_its_top_and_not_beside_it(
    view: CloudView,
    session: Session,
    selection: Selection,
    tags: list[tuple[tuple[float, float], str]],
) -> None:
    wall = Annotation("wall", Polyline3D(((-8, -8, 0), (8, -8, 0), (8, 8, 0)), 2.5, 0.2))
    session.do(Put(wall), "Add wall")
    selection.set((wall.id,))
    view.repaint()

    ((at_px, words),) = tags[-1:]
    tops = [(x, -8, 2.5) for x in np.linspace(-8, 8, 99)]
    tops += [(8, y, 2.5) for y in np.linspace(-8, 8, 99)]
    apart = np.hypot(*(view.scene.to_px(tops) - np.array(at_px)).T)
    assert words == "Wall"
    assert apart.min() < 10


def test_the_count_of_a_lasso_stands_below_all_of_it(
    view: CloudView, tags: list[tuple[tuple[float, float], str]]
) -> None:
    path = ((100.0, 100.0), (200.0, 250.0), (210.0, 120.0))

    view.take(Reply(preview=Preview(path_px=path, beside=(path[-1], "7 points"))))
    view.repaint()

    ((at_px, words),) = tags[-1:]
    assert words == "7 points"
    assert at_px[1] > 280


def test_keys_without_a_box_say_so(view: CloudView, session: Session) -> None:
    with pytest.raises(AnnotatorError, match="Select a box"):
        BoxKeys(session, view).does["box.forward"]()


def test_only_the_selection_and_what_is_close_to_it_is_shown_alone(
    qtbot: QtBot, view: CloudView, session: Session, selection: Selection
) -> None:
    session.do(Put(CAR), "Draw box")
    session.do(Put(Annotation("car", Box3D((6, 6, 1), (1, 1, 1)))), "Draw box")
    selection.set((CAR.id,))
    assert view.picture is not None
    before = view.picture

    view.isolate(on=True)
    qtbot.waitUntil(lambda: view.picture is not before and is_whole(view))
    alone = view.picture
    view.isolate(on=False)
    qtbot.waitUntil(lambda: view.picture is not alone and is_whole(view))

    shown = view.cloud.xyz_m[rows_seen(alone.entries)]
    assert np.abs(shown[:, 0]).max() < 2.4
    assert np.abs(shown[:, 1]).max() < 1.1
    assert share_covered(view.picture.entries) == pytest.approx(share_covered(before.entries))


ROOM = Box3D((0.0, 0.0, 1.0), (6.0, 4.0, 3.0))


def test_a_kept_view_is_gone_back_to_with_what_was_cut(view: CloudView, session: Session) -> None:
    views = KeptViews(session, view)
    view.steering.look_from(StandardView.LEFT)
    view.settings.set(slab_m=(0.5, None))
    view.clipping.show(ROOM)
    kept = view.camera
    views.keep(2)
    said = view.hint()
    view.steering.look_from(StandardView.TOP)
    view.settings.show_all_heights()
    view.clipping.show(None)

    views.go_to(2)

    assert (said, view.hint()) == ("This view is kept as 2", "This is view 2")
    assert view.camera == kept
    assert view.settings.look.slab_m == (0.5, None)
    assert view.clipping.box == ROOM
    assert [views.has(n) for n in (1, 2, 3)] == [False, True, False]
    with pytest.raises(AnnotatorError, match="No view is kept as 3"):
        views.go_to(3)


def test_what_has_happened_is_said_for_a_while_and_a_warning_until_something_else_does(
    view: CloudView, qtbot: QtBot
) -> None:
    view.hand._passing.setInterval(20)

    view.say("There is nothing to carry on")
    qtbot.wait(60)
    warned = view.hint()
    view.say("This is view 2", warning=False)
    said = view.hint()

    assert (warned, said) == ("There is nothing to carry on", "This is view 2")
    qtbot.waitUntil(lambda: view.hint() == view.tool.hint())


def test_a_right_click_selects_and_asks_for_a_menu_and_a_right_drag_does_neither(
    qtbot: QtBot, view: CloudView, session: Session, selection: Selection
) -> None:
    session.do(Put(CAR), "Draw box")
    view.steering.look_from(StandardView.TOP)
    qtbot.waitUntil(lambda: is_whole(view))
    at = place_px(view, (1.2, 0.3, 1.4))
    asked: list[object] = []
    view.menu_asked.connect(asked.append)

    drag(view, [at, (at[0] + 30, at[1]), at], Qt.MouseButton.RightButton)
    before = (list(asked), selection.ids)
    drag(view, [place_px(view, (1.2, 0.3, 1.4))], Qt.MouseButton.RightButton)

    assert before == ([], ())
    assert len(asked) == 1
    assert selection.ids == (CAR.id,)
    assert session.document.annotations[CAR.id] == CAR


def test_many_points_get_their_colours_beside_the_window(
    qtbot: QtBot, selection: Selection
) -> None:
    random = np.random.default_rng(0)
    scan = PointCloud(random.uniform(-5, 5, (600_000, 3)).astype(np.float32))
    session = Session.in_memory(Document(((len(scan),),)), Context(GARAGE, (scan,)))
    view = CloudView(session, selection, renderer=SoftwareRenderer(threads=1))
    qtbot.addWidget(view, before_close_func=lambda widget: widget.stop_listening())

    grey = len(view.shown_points.table)
    qtbot.waitUntil(lambda: len(view.shown_points.table) > 200)

    assert grey == 1
    view.stop_listening()
