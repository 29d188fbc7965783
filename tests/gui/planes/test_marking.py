"""Foci are marked and seen where a person clicks, one step each."""

from collections.abc import Sequence

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QObject, QRect, Qt
from PySide6.QtGui import QImage, QPaintEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from annotator.app.selection import Offer, Selection
from annotator.commands.foci import foci, voxels_of
from annotator.imaging.cameras import PlaneCamera
from annotator.imaging.slabs import Plane
from annotator.model.shapes import Vec2
from annotator.views.ct.image_view import ImageView
from annotator.views.ct.plane_picture import PlanePicture
from tests.gui.planes.conftest import (
    FOCUS,
    NONE,
    SHAPE,
    SHIFT,
    click,
    color_at,
    drag,
    place,
    session_of,
    turn,
    volume_of,
)


class Painted(QObject):
    """Counts the pixels around what is painted first of a widget."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.first_px = 0
        widget.installEventFilter(self)

    def eventFilter(self, _widget: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's
        if isinstance(event, QPaintEvent) and not self.first_px:
            around = event.region().boundingRect()
            self.first_px = around.width() * around.height()
        return False


def test_shift_and_wheel_change_the_brush(view: ImageView) -> None:
    view.choose_tool("brush")
    assert view.runner is not None
    before = view.runner.scene.marking.brush.radius_mm

    turn(view.plane_view(), place(view, 31, 21), 1, SHIFT)

    assert view.runner.scene.marking.brush.radius_mm > before


def test_a_click_marks_exactly_the_component_and_is_one_undo_step(view: ImageView) -> None:
    expected = np.zeros(SHAPE, bool)
    expected[FOCUS] = True

    click(view, 31, 21)

    (focus,) = foci(view.session.document)
    where = voxels_of(view.session.document, focus)
    np.testing.assert_array_equal(where, np.flatnonzero(expected))
    assert view.selection.ids == (focus.id,)
    assert len(view.session.steps()) == 1
    view.session.undo()
    assert view.session.document.is_empty()


def test_a_plane_looks_after_a_click_as_if_it_were_drawn_whole(view: ImageView) -> None:
    plane = view.plane_view()
    QTest.mouseMove(plane, place(view, 31, 21))
    plane.repaint()

    click(view, 31, 21)
    QTest.mouseMove(plane, place(view, 5, 5))
    plane.repaint()

    in_parts = plane.pixels.argb.copy()
    plane.refresh()
    plane.repaint()
    np.testing.assert_array_equal(in_parts, plane.pixels.argb)


def test_what_waits_to_be_drawn_already_is_not_drawn_twice(
    view: ImageView, monkeypatch: pytest.MonkeyPatch
) -> None:
    plane, drawn = view.plane_view(), list[int]()
    compose = plane.pixels.compose_again

    def counted(
        shown: PlanePicture, camera: PlaneCamera, lens_px: Vec2 | None, stale: Sequence[QRect]
    ) -> QImage:
        drawn.append(len(stale))
        return compose(shown, camera, lens_px, stale)

    monkeypatch.setattr(plane.pixels, "compose_again", counted)
    inside, around = ((30, 20, 5), (33, 22, 5)), ((28, 18, 5), (35, 25, 5))
    plane.repaint()
    drawn.clear()

    plane.refresh_around([around, inside, around])
    plane.repaint()

    assert drawn == [1]


def test_backing_out_gives_up_what_is_drawn_first_and_then_lets_the_selection_go(
    view: ImageView,
) -> None:
    click(view, 31, 21)
    (focus,) = foci(view.session.document)
    view.choose_tool("polygon_focus")
    click(view, 20, 30)

    QTest.keyClick(view, Qt.Key.Key_Escape)
    kept = view.selection.ids
    QTest.keyClick(view, Qt.Key.Key_Escape)

    assert kept == (focus.id,)
    assert view.selection.ids == ()


def test_the_hint_follows_what_is_selected(view: ImageView, qtbot: QtBot) -> None:
    view.choose_tool("ellipse_focus")
    drag(view.plane_view(), Qt.MouseButton.LeftButton, place(view, 28, 18), place(view, 36, 25))

    qtbot.waitUntil(lambda: "adds to the selected focus" in view.hint())
    view.selection.set(())

    qtbot.waitUntil(lambda: "adds to the selected focus" not in view.hint())


def test_backing_out_leaves_the_candidate_that_is_looked_at(view: ImageView) -> None:
    offer = Offer(0, np.array([5]))
    view.selection.put_forward(offer)

    QTest.keyClick(view, Qt.Key.Key_Escape)

    assert view.selection.offer is offer


def test_a_marked_focus_is_seen_and_space_hides_it(view: ImageView, qtbot: QtBot) -> None:
    click(view, 31, 21)
    view.choose_tool("select")
    qtbot.waitUntil(lambda: color_at(view, 31.5, 20.5)[0] > color_at(view, 31.5, 20.5)[2])

    QTest.keyPress(view, Qt.Key.Key_Space)
    hidden = color_at(view, 31.5, 20.5)
    QTest.keyRelease(view, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: view.state is not None and not view.state.is_mask_hidden)
    shown = color_at(view, 31.5, 20.5)

    assert hidden[0] == hidden[1] == hidden[2]
    assert shown[0] > shown[2]


def test_hovering_says_what_a_click_would_take(view: ImageView, qtbot: QtBot) -> None:
    with qtbot.waitSignal(view.pointed) as told:
        QTest.mouseMove(view.plane_view(), place(view, 31, 21))

    assert told.args[0].startswith("640 HU  ·  i 31  j 21  k 5  ·  L 31.0  P 21.0  H 10.0 mm")
    assert view.hint() == (
        "Click takes 36 voxels, 72.0 mm³, max 640 HU"
        " · ≥ 130 HU (Alt+wheel), no radius (Shift+wheel down)"
    )


def test_a_tool_taken_by_its_key_says_what_a_click_would_do_where_the_pointer_rests(
    view: ImageView, qtbot: QtBot
) -> None:
    view.choose_tool("select")
    with qtbot.waitSignal(view.pointed):
        QTest.mouseMove(view.plane_view(), place(view, 32, 21))

    view.choose_tool("click_focus")

    assert "Click takes 36 voxels" in view.hint()


def test_a_key_that_scrolls_says_what_a_click_would_do_there(view: ImageView, qtbot: QtBot) -> None:
    with qtbot.waitSignal(view.pointed):
        QTest.mouseMove(view.plane_view(), place(view, 32, 22))
    assert "Click takes 36 voxels" in view.hint()

    view.keys.does["view.lowest"]()

    assert "below the threshold" in view.hint()


def test_a_stroke_is_one_undo_step(view: ImageView) -> None:
    view.choose_tool("brush")

    drag(view.plane_view(), Qt.MouseButton.LeftButton, place(view, 30, 21), place(view, 33, 21))

    assert len(view.session.steps()) == 1
    assert len(foci(view.session.document)) == 1


@pytest.mark.parametrize("tool", ["click_focus", "brush", "eraser", "remove_focus"])
def test_a_double_click_leaves_no_edit_of_its_first_click_behind(
    view: ImageView, tool: str
) -> None:
    plane, at = view.plane_view(), place(view, 31, 21)
    click(view, 31, 21)
    if tool in {"click_focus", "brush"}:
        view.session.undo()
    view.choose_tool(tool)
    marked, steps, selected = foci(view.session.document), view.session.steps(), view.selection.ids

    QTest.mouseClick(plane, Qt.MouseButton.LeftButton, NONE, at)
    assert view.session.steps() != steps
    QTest.mouseDClick(plane, Qt.MouseButton.LeftButton, NONE, at)

    assert not view.plane_view(Plane.CORONAL).isVisible()
    assert foci(view.session.document) == marked
    assert view.session.steps() == steps
    assert view.selection.ids == selected


def test_strokes_that_follow_each_other_quickly_are_no_double_click(view: ImageView) -> None:
    view.choose_tool("brush")
    plane, at = view.plane_view(), place(view, 31, 21)

    drag(plane, Qt.MouseButton.LeftButton, at, place(view, 33, 21))
    QTest.mouseDClick(plane, Qt.MouseButton.LeftButton, NONE, at)

    assert view.plane_view(Plane.CORONAL).isVisible()
    assert len(foci(view.session.document)) == 1


def test_a_double_click_on_the_first_corner_keeps_the_polygon(view: ImageView) -> None:
    view.choose_tool("polygon_focus")
    for i, j in ((28, 18), (36, 18), (36, 25), (28, 25)):
        click(view, i, j)

    click(view, 28, 18)
    QTest.mouseDClick(view.plane_view(), Qt.MouseButton.LeftButton, NONE, place(view, 28, 18))

    assert len(foci(view.session.document)) == 1
    assert view.plane_view(Plane.CORONAL).isVisible()


def test_a_series_for_reading_only_is_not_marked_and_the_hint_says_so(qtbot: QtBot) -> None:
    session = session_of(volume_of())
    session.read_only = True
    shown = ImageView(session, Selection())
    qtbot.addWidget(shown)
    shown.resize(900, 640)
    with qtbot.waitExposed(shown):
        shown.show()
    shown.show_slice(5)

    click(shown, 31, 21)

    assert session.document.is_empty()
    assert "reading only" in shown.hint()
    shown.stop_listening()


def test_drawing_only_what_changed_shows_the_same_as_drawing_everything(view: ImageView) -> None:
    plane = view.plane_view()
    for i, j, k in ((31, 21, 5), (40, 41, 8), (31, 21, 5)):
        view.show_slice(k)
        plane.grab()
        QTest.mouseMove(plane, place(view, i, j))
        QTest.mouseClick(plane, Qt.MouseButton.LeftButton, NONE, place(view, i, j))
        QTest.mouseMove(plane, place(view, 15, 15))
        in_parts = plane.grab().toImage()

        view.refresh()

        assert plane.grab().toImage() == in_parts
    assert len(foci(view.session.document)) == 2


def test_a_click_paints_the_surroundings_of_the_focus_and_not_the_whole_plane(
    view: ImageView, qtbot: QtBot
) -> None:
    plane = view.plane_view()
    click(view, 4, 4)  # nothing is there; from now on only what is marked looks different
    qtbot.wait(100)
    painted = Painted(plane)

    QTest.mousePress(plane, Qt.MouseButton.LeftButton, NONE, place(view, 31, 21))

    assert len(foci(view.session.document)) == 1
    assert 0 < painted.first_px < plane.width() * plane.height() // 5


def test_undo_takes_a_mark_off_the_picture(view: ImageView, qtbot: QtBot) -> None:
    plane = view.plane_view()
    view.choose_tool("select")
    before = plane.grab().toImage()
    view.choose_tool("click_focus")
    QTest.mouseClick(plane, Qt.MouseButton.LeftButton, NONE, place(view, 31, 21))
    view.choose_tool("select")
    assert plane.grab().toImage() != before

    view.session.undo()

    view.go_to((32, 32, 5))
    qtbot.waitUntil(lambda: plane.grab().toImage() == before)


def test_in_a_mip_a_click_takes_the_bright_spot_that_is_seen_in_whichever_slice_it_is(
    view: ImageView, qtbot: QtBot
) -> None:
    view.show_slice(2)
    view.set_slab(20.0)
    said: list[str] = []
    view.pointed.connect(said.append)

    QTest.mouseMove(view.plane_view(), place(view, 31, 21))
    qtbot.waitUntil(lambda: "voxels" in view.hint())
    click(view, 31, 21)

    (focus,) = foci(view.session.document)
    assert len(voxels_of(view.session.document, focus)) == 36
    assert said[-1].startswith("640 HU")


def test_in_a_mip_the_foci_of_all_its_slices_are_seen(view: ImageView) -> None:
    click(view, 31, 21)
    view.show_slice(9)
    plain = color_at(view, 32, 22)

    view.set_slab(24.0)

    assert color_at(view, 32, 22) != plain
    r, g, b = color_at(view, 32, 22)
    assert r > b + 20 or g > b + 20


def test_a_brush_in_a_mip_paints_the_slice_in_the_middle(view: ImageView) -> None:
    view.show_slice(5)
    view.set_slab(20.0)
    view.choose_tool("brush")

    click(view, 31, 21)

    (focus,) = foci(view.session.document)
    slices = voxels_of(view.session.document, focus) // (SHAPE[1] * SHAPE[2])
    assert set(slices.tolist()) == {5}
