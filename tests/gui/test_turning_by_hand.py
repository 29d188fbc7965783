"""A newcomer's drags: left turns where the tool has no use for it, and a click still clicks."""

from collections.abc import Iterator
from functools import partial

import numpy as np
import numpy.typing as npt
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from annotator.app.keymap import Keymap
from annotator.app.scan_view import are_shown
from annotator.app.selection import Selection
from annotator.app.session import Session
from annotator.formats.format import Context
from annotator.geometry.projection import StandardView
from annotator.i18n import set_language
from annotator.model.annotations import Annotation
from annotator.model.cloud import PointCloud
from annotator.model.document import Document
from annotator.model.edits import Put
from annotator.model.labels import GARAGE
from annotator.model.shapes import Box3D
from annotator.views.cloud.cloud_view import CloudView
from annotator.views.cloud.cloud_workbench import CloudWorkbench
from annotator.views.key_events import use_keys

LEFT = Qt.MouseButton.LeftButton
NO_KEY = Qt.KeyboardModifier.NoModifier
CAR = Annotation("car", Box3D((0, 0, 0.75), (4.4, 1.8, 1.5)))


def floor() -> PointCloud:
    plan = np.random.default_rng(0).uniform(-15, 15, (30_000, 2))
    return PointCloud(np.column_stack([plan, np.zeros(len(plan))]).astype(np.float32))


@pytest.fixture
def session() -> Session:
    set_language("en")
    use_keys(Keymap())
    cloud = floor()
    return Session.in_memory(Document(((len(cloud),),)), Context(GARAGE, (cloud,)))


@pytest.fixture
def view(qtbot: QtBot, session: Session) -> Iterator[CloudView]:
    made = CloudView(session, Selection("car"))
    made.resize(800, 600)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitUntil(lambda: made.picture is not None)
    yield made
    made.stop_listening()


def drag(view: CloudView, start: tuple[int, int], end: tuple[int, int]) -> None:
    QTest.mousePress(view, LEFT, NO_KEY, QPoint(*start))
    for share in (0.3, 0.6, 1.0):
        at = [round(a + share * (b - a)) for a, b in zip(start, end, strict=True)]
        QTest.mouseMove(view, QPoint(*at))
    QTest.mouseRelease(view, LEFT, NO_KEY, QPoint(*end))


def label(view: CloudView, session: Session) -> tuple[int, int]:
    """Label and select a car, and return where its top is in the view."""
    session.do(Put(CAR), "Put")
    view._selection.set((CAR.id,))
    view.hand.reread()
    x, y = view.scene.to_px([(0, 0, 0.1)])[0].tolist()
    return round(x), round(y)


def test_a_drag_beside_every_object_turns_the_view_and_leaves_the_selection(
    view: CloudView, session: Session
) -> None:
    label(view, session)
    before = view.camera.azimuth_rad

    drag(view, (100, 500), (220, 500))

    assert view.camera.azimuth_rad != before
    assert view._selection.ids == (CAR.id,)
    assert len(session.steps()) == 1


def test_a_click_beside_every_object_lets_go_of_the_selection(
    view: CloudView, session: Session
) -> None:
    label(view, session)
    before = view.camera

    QTest.mouseClick(view, LEFT, NO_KEY, QPoint(100, 500))

    assert view.camera == before
    assert view._selection.ids == ()


def test_a_drag_on_the_selected_object_moves_it_and_not_the_view(
    qtbot: QtBot, view: CloudView, session: Session
) -> None:
    view.steering.look_from(StandardView.TOP)
    qtbot.waitUntil(lambda: view.picture is not None and view.picture.camera == view.camera)
    x, y = label(view, session)
    before = view.camera

    drag(view, (x + 8, y + 14), (x + 90, y + 14))

    assert view.camera == before
    assert session.document.annotations[CAR.id].shape != CAR.shape


def test_a_standard_view_is_to_one_scale_until_one_turns_away(view: CloudView) -> None:
    assert view.camera.is_perspective

    view.steering.look_from(StandardView.TOP)
    from_above = view.camera
    drag(view, (100, 500), (200, 460))

    assert not from_above.is_perspective
    assert view.camera.is_perspective


def test_who_chose_one_scale_keeps_it(view: CloudView) -> None:
    view.steering.set_orthographic(on=True)
    view.steering.look_from(StandardView.TOP)

    drag(view, (100, 500), (200, 460))

    assert not view.camera.is_perspective


def test_an_empty_scan_says_how_to_begin_and_how_to_look_around(
    view: CloudView, session: Session
) -> None:
    empty = view.hint()
    label(view, session)
    view._selection.set(())
    view.hand.reread()

    assert empty.startswith("Choose a class (1 to 8), press B and click an object · drag")
    assert view.hint().startswith("Click an object")
    assert "wheel zooms" in view.hint()


def test_the_ceiling_is_hidden_where_the_scan_has_one(qtbot: QtBot) -> None:
    plan = np.random.default_rng(0).uniform(-15, 15, (60_000, 2))
    heights = np.where(np.arange(60_000) % 2, 0.0, 2.8)
    cloud = PointCloud(np.column_stack([plan, heights]).astype(np.float32))
    set_language("en")
    use_keys(Keymap())
    session = Session.in_memory(Document(((len(cloud),),)), Context(GARAGE, (cloud,)))
    view = CloudView(session, Selection("car"))
    qtbot.addWidget(view)
    view.show()
    qtbot.waitUntil(lambda: view.scene.survey is not None, timeout=10_000)
    open_above, said = are_shown(view.shown_points).all(), view.hint()

    view.settings.set(hides_ceiling=True)

    assert open_above
    assert said.startswith("Shift+H hides the ceiling · Choose a class")
    qtbot.waitUntil(lambda: "ceiling" not in view.hint())
    assert (are_shown(view.shown_points) == (heights < 2.0)).all()
    view.settings.set(slab_m=(None, 1.0))
    assert view.shown_points.slab_m[1] == 1.0
    view.stop_listening()


def test_one_storey_after_the_other_is_shown_with_its_objects_and_then_all(qtbot: QtBot) -> None:
    plan = np.random.default_rng(0).uniform(-15, 15, (80_000, 2))
    heights = np.array([0.0, 2.8, 3.2, 6.0])[np.arange(80_000) % 4]
    cloud = PointCloud(np.column_stack([plan, heights]).astype(np.float32))
    session = Session.in_memory(Document(((len(cloud),),)), Context(GARAGE, (cloud,)))
    boxes = [Annotation("car", Box3D((0.0, 0.0, z), (4.0, 2.0, 1.5))) for z in (0.8, 4.0)]
    for box in boxes:
        session.do(Put(box), "Draw box")
    workbench = CloudWorkbench(session, Selection("car"))
    qtbot.addWidget(workbench.widget)
    view, show_next = workbench.view, workbench.does["view.storey"]

    def shows(wanted: npt.NDArray[np.bool_]) -> bool:
        return bool((are_shown(view.shown_points) == wanted).all())

    qtbot.waitUntil(lambda: view.scene.survey is not None, timeout=10_000)

    for wanted, there in (
        (heights < 3, boxes[:1]),
        (heights > 3, boxes[1:]),
        (heights >= 0, boxes),
    ):
        show_next()
        qtbot.waitUntil(partial(shows, wanted))
        assert view.annotations.now() == there

    show_next()
    workbench.does["view.all_heights"]()
    qtbot.waitUntil(partial(shows, heights >= 0))
    workbench.close()


def test_under_open_sky_hiding_the_ceiling_hides_nothing(qtbot: QtBot, view: CloudView) -> None:
    qtbot.waitUntil(lambda: view.scene.survey is not None, timeout=10_000)

    view.settings.set(hides_ceiling=True)

    assert are_shown(view.shown_points).all()


def test_the_whole_scan_comes_into_view_whatever_is_selected(
    view: CloudView, session: Session
) -> None:
    label(view, session)
    view.fit()
    close = view.camera.distance_m

    view.fit_all()

    assert view.camera.distance_m > 2 * close


def on_the_car(view: CloudView) -> tuple[int, int]:
    x, y = view.scene.to_px([(0, -0.9, 0.9)])[0].tolist()
    return round(x), round(y)


def on_the_floor(view: CloudView) -> tuple[int, int]:
    points = floor().xyz_m
    near = np.linalg.norm(points - np.array([-6, -6, 0]), axis=1).argmin()
    x, y = view.scene.to_px([points[near].astype(float)])[0].tolist()
    return round(x), round(y)


@pytest.fixture
def garage_view(qtbot: QtBot) -> Iterator[CloudView]:
    """Look at a floor and a parked car that nobody has labelled, with the tool for boxes."""
    random = np.random.default_rng(0)
    side = random.uniform((-2.2, -0.9, 0.2), (2.2, -0.9, 1.5), (2000, 3))
    rear = random.uniform((-2.2, -0.9, 0.2), (-2.2, 0.9, 1.5), (1000, 3))
    top = random.uniform((-2.2, -0.9, 1.5), (2.2, 0.9, 1.5), (2000, 3))
    cloud = PointCloud(np.concatenate([floor().xyz_m, side, rear, top]).astype(np.float32))
    session = Session.in_memory(Document(((len(cloud),),)), Context(GARAGE, (cloud,)))
    set_language("en")
    use_keys(Keymap())
    made = CloudView(session, Selection("car"))
    made.resize(800, 600)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitUntil(lambda: made.picture is not None and made.scene.survey is not None)
    made.hand.choose("one_click_box")
    yield made
    made.stop_listening()


@pytest.mark.parametrize("is_on_car", [False, True], ids=["floor", "car"])
def test_a_drag_from_a_point_turns_the_view_and_adds_nothing(
    garage_view: CloudView, is_on_car: bool
) -> None:
    view = garage_view
    start = on_the_car(view) if is_on_car else on_the_floor(view)
    assert view._mouse.pointer_at((float(start[0]), float(start[1]))).at_m is not None
    before = view.camera.azimuth_rad

    drag(view, start, (start[0] + 90, start[1]))

    assert view.camera.azimuth_rad != before
    assert not view._session.steps()


def test_a_click_adds_a_box_when_it_is_let_go(qtbot: QtBot, garage_view: CloudView) -> None:
    view, place = garage_view, QPoint(*on_the_car(garage_view))

    QTest.mousePress(view, LEFT, NO_KEY, place)
    pressed = len(view._session.steps())
    QTest.mouseMove(view, place + QPoint(2, 2))
    QTest.mouseRelease(view, LEFT, NO_KEY, place + QPoint(2, 2))

    assert pressed == 0
    qtbot.waitUntil(lambda: len(view._session.steps()) == 1)


def test_a_double_click_still_ends_a_contour(qtbot: QtBot, garage_view: CloudView) -> None:
    view, shift = garage_view, Qt.KeyboardModifier.ShiftModifier
    view.hand.choose("contour")

    QTest.mouseClick(view, LEFT, shift, QPoint(300, 420))
    QTest.mouseClick(view, LEFT, NO_KEY, QPoint(400, 420))
    QTest.mouseClick(view, LEFT, NO_KEY, QPoint(400, 520))
    QTest.mouseDClick(view, LEFT, NO_KEY, QPoint(400, 520))

    qtbot.waitUntil(lambda: len(view._session.steps()) == 1)
