"""Grips of the cloud view's own: the clipping box, the slab on the legend, the legend itself."""

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from annotator.app.renderers.software import SoftwareRenderer
from annotator.app.selection import Selection
from annotator.app.session import Session
from annotator.errors import AnnotatorError
from annotator.formats.format import Context
from annotator.geometry.projection import StandardView
from annotator.model.annotations import Annotation
from annotator.model.cloud import PointCloud
from annotator.model.document import Document
from annotator.model.labels import GARAGE
from annotator.model.shapes import Box3D, Face, Vec2
from annotator.tools.clip_box import clip_grips
from annotator.views.cloud.cloud_legend import bar_in
from annotator.views.cloud.cloud_view import CloudView
from tests.pictures import rows_seen

CAR = Annotation("car", Box3D((1, 1, 0.75), (4, 2, 1.5)))


@pytest.fixture
def session() -> Session:
    random = np.random.default_rng(0)
    scan = PointCloud(random.uniform((-8, -8, 0), (8, 8, 3), (60_000, 3)).astype(np.float32))
    return Session.in_memory(Document(((len(scan),),), {CAR.id: CAR}), Context(GARAGE, (scan,)))


@pytest.fixture
def selection() -> Selection:
    return Selection("car")


@pytest.fixture
def view(qtbot: QtBot, session: Session, selection: Selection) -> Iterator[CloudView]:
    shown = CloudView(session, selection, renderer=SoftwareRenderer(threads=1))
    qtbot.addWidget(shown, before_close_func=lambda widget: widget.stop_listening())
    shown.resize(600, 500)
    shown.steering.look_from(StandardView.TOP)
    shown.show()
    settle(qtbot, shown)
    yield shown
    shown.stop_listening()


def settle(qtbot: QtBot, view: CloudView) -> None:
    def is_drawn() -> bool:
        picture = view.picture
        return picture is not None and picture.is_whole and picture.camera == view.camera

    qtbot.wait(20)
    qtbot.waitUntil(is_drawn, timeout=20_000)
    qtbot.wait(120)


def send(view: CloudView, kind: QEvent.Type, at_px: Vec2, *, is_held: bool) -> None:
    left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
    button = none if kind is QEvent.Type.MouseMove else left
    at, held = QPointF(*at_px), left if is_held else none
    modifiers = Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(
        view, QMouseEvent(kind, at, view.mapToGlobal(at), button, held, modifiers)
    )


def drag(view: CloudView, start: Vec2, end: Vec2, *, lets_go: bool = True) -> None:
    send(view, QEvent.Type.MouseButtonPress, start, is_held=True)
    for share in (0.3, 0.7, 1.0):
        between = (
            start[0] + share * (end[0] - start[0]),
            start[1] + share * (end[1] - start[1]),
        )
        send(view, QEvent.Type.MouseMove, between, is_held=True)
    if lets_go:
        send(view, QEvent.Type.MouseButtonRelease, end, is_held=False)


def grip_px(view: CloudView, face: Face) -> Vec2:
    box = view.clipping.box
    assert box is not None
    grip = next(grip for grip in clip_grips(box) if grip.faces == (face,))
    x, y = view.camera.project([grip.at_m], view.size_px())[0][0].tolist()
    return (x, y)


def seen_x(view: CloudView) -> tuple[float, float]:
    assert view.picture is not None
    x = view.cloud.xyz_m[rows_seen(view.picture.entries), 0]
    return float(x.min()), float(x.max())


def test_the_clipping_box_around_the_selection_shows_and_gives_what_is_in_it_only(
    qtbot: QtBot, view: CloudView, selection: Selection
) -> None:
    selection.set((CAR.id,))

    view.clipping.fit()
    settle(qtbot, view)
    whole = ((0, 0), (600, 0), (600, 500), (0, 500))
    rows = view.scene.finding(whole, front_only=False)()

    assert view.clipping.box == Box3D((1, 1, 0.75), (6, 4, 3.5))
    assert seen_x(view) == pytest.approx((-2, 4), abs=0.1)
    assert view.cloud.xyz_m[rows, 1].min() > -1.01
    assert view.cloud.xyz_m[rows, 1].max() < 3.01
    assert view.hand.scene.document.annotations == {CAR.id: CAR}


def test_a_face_of_the_clipping_box_is_pulled_by_its_grip(
    qtbot: QtBot, view: CloudView, selection: Selection, session: Session
) -> None:
    selection.set((CAR.id,))
    view.clipping.fit()
    settle(qtbot, view)
    x, y = grip_px(view, Face.FRONT)
    metre = view.camera.px_per_m(500)

    drag(view, (x, y), (x, y - 2 * metre))  # from above, x points up
    settle(qtbot, view)

    box = view.clipping.box
    assert box is not None
    assert box.size_m[0] == pytest.approx(8, abs=0.25)
    assert box.center_m[0] - box.size_m[0] / 2 == pytest.approx(-2)
    assert seen_x(view)[1] == pytest.approx(6, abs=0.3)
    assert not session.steps()


def test_backing_out_of_a_pull_puts_the_face_back(
    qtbot: QtBot, view: CloudView, selection: Selection
) -> None:
    selection.set((CAR.id,))
    view.clipping.fit()
    settle(qtbot, view)
    before = view.clipping.box
    x, y = grip_px(view, Face.LEFT)

    drag(view, (x, y), (x - 60, y), lets_go=False)
    pulled = view.clipping.box
    QTest.keyClick(view, Qt.Key.Key_Escape)

    assert pulled != before
    assert view.clipping.box == before


def test_a_clipping_box_is_hidden_and_comes_back_as_it_was(
    qtbot: QtBot, view: CloudView, selection: Selection
) -> None:
    selection.set((CAR.id,))
    view.clipping.switch()
    box = view.clipping.box

    view.clipping.switch()
    settle(qtbot, view)
    whole, without = seen_x(view), view.clipping.box
    selection.set(())
    view.clipping.switch()

    assert box is not None
    assert without is None
    assert whole == pytest.approx((-8, 8), abs=0.1)
    assert view.clipping.box == box


def test_a_clipping_box_around_nothing_says_what_to_do(view: CloudView) -> None:
    with pytest.raises(AnnotatorError, match="Select what the view is to be cut to"):
        view.clipping.fit()


def test_a_grip_says_what_it_does_before_it_is_taken(
    qtbot: QtBot, view: CloudView, selection: Selection
) -> None:
    selection.set((CAR.id,))
    view.clipping.fit()
    settle(qtbot, view)

    send(view, QEvent.Type.MouseMove, grip_px(view, Face.FRONT), is_held=False)
    over = (view.hint(), view.cursor().shape())
    send(view, QEvent.Type.MouseMove, (10, 250), is_held=False)

    assert "clipping box" in over[0]
    assert over[1] is Qt.CursorShape.PointingHandCursor
    assert "clipping box" not in view.hint()
    assert view.cursor().shape() is not Qt.CursorShape.PointingHandCursor


def test_the_slab_is_cut_on_the_legend(qtbot: QtBot, view: CloudView) -> None:
    bar = bar_in(view.legend.frame())
    top = (bar.center().x(), bar.top())

    drag(view, top, (top[0], bar.center().y()))
    settle(qtbot, view)
    rows = rows_seen(view.picture.entries) if view.picture is not None else np.zeros(0)

    low, high = view.settings.look.slab_m
    assert low is None
    assert high == pytest.approx(1.5, abs=0.1)
    assert view.cloud.xyz_m[rows.astype(int), 2].max() <= 1.6

    drag(view, (top[0], bar.center().y()), (top[0], bar.top() - 30))

    assert view.settings.look.slab_m == (None, None)


def test_the_legend_is_folded_by_a_click_and_moved_by_a_drag(view: CloudView) -> None:
    head = view.legend.frame()
    at = (head.left() + 20, head.top() + 8)

    drag(view, at, (at[0] - 200, at[1] + 100))
    moved = view.legend.frame()
    click = (moved.left() + 20, moved.top() + 8)
    drag(view, click, click)

    assert moved.left() == pytest.approx(head.left() - 200, abs=1)
    assert moved.top() == pytest.approx(head.top() + 100, abs=1)
    assert not view.legend.is_unfolded
    assert view.legend.frame().height() < 30


def test_a_grid_is_laid_on_the_floor(qtbot: QtBot, view: CloudView) -> None:
    without = view.grab().toImage()

    view.settings.set(grid=True)
    qtbot.wait(20)

    assert view.grab().toImage() != without
