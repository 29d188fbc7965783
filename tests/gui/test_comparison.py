"""Two series of one patient at the same place."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from annotator.app.selection import Selection
from annotator.app.session import Session
from annotator.formats.format import Context
from annotator.imaging.slabs import Plane
from annotator.model.document import Document
from annotator.model.labels import CHEST
from annotator.model.volume import Series, Slice, Volume
from annotator.views.ct.comparison import Comparison
from annotator.views.ct.image_view import ImageView

SHAPE = (20, 40, 40)
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def volume_of(
    slices: int, increment_mm: float, first_mm: float, *, frame: str = "3", study: str = "2"
) -> Volume:
    shape = (slices, *SHAPE[1:])
    affine = np.diag((1.0, 1.0, increment_mm, 1.0))
    affine[2, 3] = first_mm
    places = (first_mm + increment_mm * k for k in range(slices))
    made = tuple(Slice(f"{z}", f"1.{z}", (0.0, 0.0, z)) for z in places)
    series = Series("1", study, frame, made, shape, affine, (increment_mm, 1.0, 1.0))
    return Volume(series, np.zeros(shape, np.int16))


def shown_beside(view: ImageView, volume: Volume) -> Comparison:
    made = Comparison(view, volume, "B70f")
    view.beside.show(made)
    QApplication.processEvents()
    return made


def assert_same_place(view: ImageView, beside: Comparison) -> None:
    lead, follower = view.camera(), beside.plane.camera
    assert follower.px_per_mm == lead.px_per_mm
    assert follower.center == pytest.approx(lead.center)


def turn(widget: QWidget, at: QPoint, steps: int, keys: Qt.KeyboardModifier) -> None:
    no_button, no_phase = Qt.MouseButton.NoButton, Qt.ScrollPhase.NoScrollPhase
    where, on_screen = QPointF(at), QPointF(widget.mapToGlobal(at))
    by = QPoint(0, 120 * steps)
    event = QWheelEvent(where, on_screen, QPoint(), by, no_button, keys, no_phase, False)
    QApplication.sendEvent(widget, event)


def drag(
    widget: QWidget,
    button: Qt.MouseButton,
    start: QPoint,
    end: QPoint,
    keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
) -> None:
    QTest.mousePress(widget, button, keys, start)
    move = QMouseEvent(QEvent.Type.MouseMove, QPointF(end), QPointF(end), button, button, keys)
    QApplication.sendEvent(widget, move)
    QTest.mouseRelease(widget, button, keys, end)


@pytest.fixture
def view(qtbot: QtBot) -> Iterator[ImageView]:
    volume = volume_of(20, 2.0, 100.0)
    context = Context(CHEST, series=volume.series, volume=volume)
    session = Session.in_memory(Document(extents=(SHAPE,)), context)
    shown = ImageView(session, Selection("calcification"))
    qtbot.addWidget(shown)
    shown.resize(900, 600)
    with qtbot.waitExposed(shown):
        shown.show()
    yield shown
    shown.stop_listening()


def test_the_second_series_follows_by_position_not_by_number(view: ImageView) -> None:
    comparison = Comparison(view, volume_of(10, 5.0, 95.0), "B70f")
    view.beside.show(comparison)

    view.show_slice(10)

    assert comparison.index == round((100 + 2 * 10 - 95) / 5)


def test_both_are_seen_from_as_near(view: ImageView) -> None:
    comparison = Comparison(view, volume_of(20, 2.0, 100.0), "B70f")
    view.beside.show(comparison)

    view.plane_view().zoom(3.0, (50.0, 60.0))

    lead, follower = view.camera(Plane.AXIAL), comparison.plane.camera
    assert follower.px_per_mm == lead.px_per_mm
    assert follower.center == pytest.approx(lead.center)


def test_ctrl_and_wheel_enlarge_both_around_what_is_under_the_pointer(view: ImageView) -> None:
    beside = shown_beside(view, volume_of(20, 2.0, 100.0))
    at = QPoint(60, 70)
    held = beside.plane.camera.voxel_at((60, 70))
    index = beside.index

    turn(beside.plane, at, 3, CTRL)

    assert beside.plane.camera.voxel_at((60, 70)) == pytest.approx(held)
    assert beside.index == index
    assert_same_place(view, beside)


def test_a_middle_drag_carries_both(view: ImageView) -> None:
    beside = shown_beside(view, volume_of(20, 2.0, 100.0))
    before = view.camera().center

    drag(beside.plane, Qt.MouseButton.MiddleButton, QPoint(60, 70), QPoint(90, 75))

    assert view.camera().center != before
    assert_same_place(view, beside)


def test_a_right_drag_changes_the_window_of_both_and_with_shift_frames_a_region(
    view: ImageView,
) -> None:
    beside = shown_beside(view, volume_of(20, 2.0, 100.0))
    assert view.state is not None
    before = view.state.window

    drag(beside.plane, Qt.MouseButton.RightButton, QPoint(60, 70), QPoint(90, 75))
    dragged = view.state.window
    drag(beside.plane, Qt.MouseButton.RightButton, QPoint(60, 70), QPoint(90, 99), SHIFT)

    assert dragged.width_hu > before.width_hu
    assert view.state.window.center_hu == 0.0  # all that is there


def test_turning_and_flipping_hold_for_both(view: ImageView) -> None:
    beside = shown_beside(view, volume_of(20, 2.0, 100.0))

    view.turn()
    view.flip()

    assert beside.plane.camera.layout == view.camera().layout
    shown, first = beside.picture(beside.plane.camera), view.picture(view.camera())
    assert shown is not None
    assert first is not None
    assert shown.sides == first.sides


def test_the_crosshair_is_at_the_same_place_in_both_and_a_click_there_moves_it(
    view: ImageView,
) -> None:
    beside = shown_beside(view, volume_of(10, 4.0, 100.0))
    before = beside.plane.grab().toImage()

    view.go_to((5, 6, view.state.at[2] if view.state else 0))
    assert beside.plane.grab().toImage() != before

    x, y = beside.plane.camera.px_of((30.0, 12.0, 0.0))
    QTest.mouseClick(beside.plane, Qt.MouseButton.LeftButton, pos=QPoint(round(x), round(y)))
    assert view.state is not None
    assert view.state.at[:2] == (30, 12)
    assert view.session.document.is_empty()


def test_the_lens_is_over_whichever_series_the_pointer_is(view: ImageView) -> None:
    beside = shown_beside(view, volume_of(20, 2.0, 100.0))
    QTest.mouseMove(beside.plane, QPoint(61, 71))
    QTest.mouseMove(beside.plane, QPoint(60, 70))
    view.windowing.use_preset("lung")
    before = beside.plane.grab().toImage().pixelColor(60, 75)

    view.set_lens(on=True)

    assert beside.plane.grab().toImage().pixelColor(60, 75) != before


def test_both_are_as_large_after_the_window_is_resized(view: ImageView, qtbot: QtBot) -> None:
    beside = shown_beside(view, volume_of(20, 2.0, 100.0))
    before = beside.plane.size()

    view.resize(640, 480)
    qtbot.waitUntil(lambda: beside.plane.size() != before)

    assert_same_place(view, beside)


def test_beyond_the_end_of_the_second_series_it_is_said(view: ImageView) -> None:
    beside = shown_beside(view, volume_of(5, 2.0, 100.0))

    view.show_slice(4)
    within = beside.picture(beside.plane.camera)
    view.show_slice(15)
    beyond = beside.picture(beside.plane.camera)

    assert within is not None
    assert beyond is not None
    assert "Beyond this series: its nearest slice" not in within.corner
    assert beyond.corner[-1] == "Beyond this series: its nearest slice"


def test_another_examination_is_matched_by_its_lowest_slice_says_so_and_is_moved_alone(
    view: ImageView,
) -> None:
    beside = shown_beside(view, volume_of(20, 2.0, -400.0, frame="33", study="22"))
    view.show_slice(7)
    assert beside.index == 7
    assert "matched by the lowest slices" in beside.words()

    turn(beside.plane, QPoint(60, 70), 2, SHIFT)
    assert view.state is not None
    assert (view.state.at[2], beside.index) == (7, 9)

    view.show_slice(8)
    assert beside.index == 10


def test_taking_it_away_brings_the_small_planes_back(view: ImageView) -> None:
    view.beside.show(Comparison(view, volume_of(20, 2.0, 100.0), "B70f"))
    assert not view.plane_view(Plane.CORONAL).isVisible()

    view.beside.show(None)
    view.show_slice(3)

    assert view.beside.comparison is None
    assert view.plane_view(Plane.CORONAL).isVisible()


def test_the_small_planes_are_as_wide_as_before(view: ImageView, qtbot: QtBot) -> None:
    view.resize(900, 500)
    view.show()
    qtbot.waitExposed(view)
    small = view.plane_view(Plane.CORONAL)
    before_px = small.width()

    view.beside.show(Comparison(view, volume_of(20, 2.0, 100.0), "B70f"))
    qtbot.wait(20)
    view.beside.show(None)
    qtbot.wait(20)

    assert abs(small.width() - before_px) <= 3


def test_the_second_series_is_shown_through_the_same_window(view: ImageView) -> None:
    comparison = Comparison(view, volume_of(20, 2.0, 100.0), "B70f")
    view.beside.show(comparison)
    view.windowing.use_preset("lung")
    before = comparison.plane.grab().toImage()

    view.windowing.use_preset("mediastinum")

    assert view.state is not None
    assert replace(view.state).window.center_hu == 40
    assert comparison.plane.grab().toImage() != before


def test_a_series_with_a_gap_is_followed_by_where_its_slices_are(view: ImageView) -> None:
    gapped = volume_of(15, 2.0, 100.0)
    above = tuple(
        replace(one, position_mm=(0.0, 0.0, one.position_mm[2] + 10.0 * (k > 4)))
        for k, one in enumerate(gapped.series.slices)
    )
    comparison = Comparison(view, replace(gapped, series=replace(gapped.series, slices=above)), "")
    view.beside.show(comparison)

    view.show_slice(18)

    assert comparison.index == 13


def test_planes_across_slices_say_where_a_gap_is_drawn_closed(view: ImageView) -> None:
    assert view.state is not None
    above = tuple(
        replace(one, position_mm=(0.0, 0.0, one.position_mm[2] + 10.0 * (k > 4)))
        for k, one in enumerate(view.state.series.slices)
    )
    view.change(series=replace(view.state.series, slices=above))

    axial, coronal = (view.picture(view.camera(plane)) for plane in (Plane.AXIAL, Plane.CORONAL))
    assert axial is not None
    assert coronal is not None
    assert (axial.gaps, coronal.gaps) == ((), (4,))
    assert coronal.corner[-1] == "▲ 1 odd gap: heights are not to scale"
    view.show_slice(6)
    moved = view.picture(view.camera(Plane.AXIAL))
    assert moved is not None
    assert moved.corner[1] == "z 122.0 mm"
    assert "H 122.0 mm" in view.state.voxel_in_words((0, 0, 6))
