"""The planes are scrolled, enlarged, windowed and laid as a person wants."""

import math

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from annotator.app.selection import Selection
from annotator.commands.foci import foci, voxels_of
from annotator.imaging.orientation import Sides
from annotator.imaging.slabs import Mix, Plane
from annotator.imaging.windows import Window
from annotator.tools.tool import Keys, Pointer
from annotator.views.ct.cine import Cine
from annotator.views.ct.ct_workbench import CtWorkbench
from annotator.views.ct.image_view import ImageView
from tests.gui.planes.conftest import (
    CTRL,
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


@pytest.mark.parametrize("tool", [tool.id for tool in ImageView.tools])
def test_the_wheel_scrolls_slices_in_every_tool(view: ImageView, tool: str) -> None:
    view.choose_tool(tool)

    turn(view.plane_view(), place(view, 31, 21), 1)
    assert view.state is not None
    assert view.state.at[2] == 6

    turn(view.plane_view(), place(view, 31, 21), -2)
    assert view.state.at[2] == 4


def test_the_wheel_over_another_plane_scrolls_that_plane(view: ImageView) -> None:
    coronal = view.plane_view(Plane.CORONAL)
    assert view.state is not None
    j = view.state.at[1]

    turn(coronal, coronal.rect().center(), 1)

    assert view.state.at == (32, j + 1, 5)


def test_the_first_and_last_slice_are_the_end(view: ImageView) -> None:
    turn(view.plane_view(), place(view, 31, 21), 500)
    assert view.state is not None
    assert view.state.at[2] == 11

    turn(view.plane_view(), place(view, 31, 21), -500)
    assert view.state.at[2] == 0


def test_ctrl_and_wheel_enlarge_what_is_under_the_pointer(view: ImageView) -> None:
    at = place(view, 31, 21)
    before = view.camera()

    turn(view.plane_view(), at, 2, CTRL)

    assert view.camera().px_per_mm == pytest.approx(before.px_per_mm * 1.44)
    where = (at.x(), at.y())
    assert view.camera().voxel_at(where) == pytest.approx(before.voxel_at(where))


def test_a_right_drag_changes_width_and_level(view: ImageView) -> None:
    view.windowing.use(Window(40, 400))

    drag(view.plane_view(), Qt.MouseButton.RightButton, QPoint(100, 100), QPoint(150, 80))

    assert view.state is not None
    assert view.state.window == Window(20, 450)
    assert view.session.document.is_empty()


def test_a_middle_drag_carries_the_picture(view: ImageView) -> None:
    before = view.camera()

    drag(view.plane_view(), Qt.MouseButton.MiddleButton, QPoint(100, 100), QPoint(130, 90))

    assert view.camera().voxel_at((130, 90)) == pytest.approx(before.voxel_at((100, 100)))


@pytest.mark.parametrize(
    ("name", "window"),
    [
        ("lung", Window(-600, 1500)),
        ("mediastinum", Window(40, 400)),
        ("bone", Window(400, 2000)),
        ("calcium", Window(300, 600)),
    ],
)
def test_presets_are_the_windows_that_stations_have(
    view: ImageView, name: str, window: Window
) -> None:
    view.windowing.use_preset(name)

    assert view.state is not None
    assert view.state.window == window


def test_the_letters_follow_the_affine_of_a_turned_patient(qtbot: QtBot) -> None:
    a = math.radians(90)
    turned = np.eye(4)
    turned[:2, :2] = [[math.cos(a), -math.sin(a)], [math.sin(a), math.cos(a)]]
    shown = ImageView(session_of(volume_of(turned)), Selection())
    qtbot.addWidget(shown)

    before = shown.picture(shown.camera())
    shown.turn()
    after = shown.picture(shown.camera())

    assert before is not None
    assert after is not None
    assert before.sides == Sides("A", "P", "L", "R")
    assert after.sides == Sides("R", "L", "A", "P")
    shown.stop_listening()


def test_brackets_go_from_focus_to_focus(view: ImageView) -> None:
    click(view, 31, 21)
    view.show_slice(8)
    click(view, 40, 41)
    first, second = foci(view.session.document)

    QTest.keyClick(view, Qt.Key.Key_BracketRight)
    assert view.state is not None
    assert (view.selection.ids, view.state.at[2]) == ((first.id,), 4)

    QTest.keyClick(view, Qt.Key.Key_BracketLeft)
    assert (view.selection.ids, view.state.at) == ((second.id,), (40, 41, 8))


def test_shift_and_moving_link_the_three_planes(view: ImageView) -> None:
    plane = view.plane_view()
    at = place(view, 12, 47)

    QTest.mouseMove(plane, at + QPoint(5, 5))
    QTest.keyPress(plane, Qt.Key.Key_Shift, SHIFT)
    plane.moved.emit(Pointer((at.x(), at.y()), keys=Keys.SHIFT))

    assert view.camera(Plane.CORONAL).index == 47
    assert view.camera(Plane.SAGITTAL).index == 12


def test_a_double_click_shows_one_plane_alone_and_again_all(view: ImageView) -> None:
    plane = view.plane_view()

    QTest.mouseDClick(plane, Qt.MouseButton.LeftButton, NONE, QPoint(50, 50))
    alone = [view.plane_view(p).isVisible() for p in Plane]
    QTest.mouseDClick(plane, Qt.MouseButton.LeftButton, NONE, QPoint(50, 50))

    assert alone == [True, False, False]
    assert all(view.plane_view(p).isVisible() for p in Plane)


def test_a_double_click_leaves_the_crosshair_where_it_was(view: ImageView) -> None:
    view.choose_tool("select")
    plane, state = view.plane_view(), view.state
    assert state is not None
    before = state.at

    QTest.mouseClick(plane, Qt.MouseButton.LeftButton, NONE, QPoint(50, 50))
    QTest.mouseDClick(plane, Qt.MouseButton.LeftButton, NONE, QPoint(50, 50))

    assert view.state is not None
    assert view.state.at == before


def test_a_slab_shows_what_lies_above_and_below(view: ImageView) -> None:
    view.windowing.use_preset("calcium")
    view.show_slice(3)
    thin = color_at(view, 31, 21)[0]

    view.set_slab(6.0, Mix.MAXIMUM)

    assert color_at(view, 31, 21)[0] > thin


def test_framing_a_region_tells_its_values_apart(view: ImageView) -> None:
    plane = view.plane_view()
    start, end = place(view, 28, 18), place(view, 36, 25)
    right = Qt.MouseButton.RightButton

    QTest.mousePress(plane, right, SHIFT, start)
    event = QMouseEvent(QEvent.Type.MouseMove, QPointF(end), QPointF(end), right, right, SHIFT)
    QApplication.sendEvent(plane, event)
    QTest.mouseRelease(plane, right, SHIFT, end)

    assert view.state is not None
    low = view.state.window.center_hu - view.state.window.width_hu / 2
    high = view.state.window.center_hu + view.state.window.width_hu / 2
    assert low == pytest.approx(30)
    assert 300 <= high <= 640


def test_slabs_are_chosen_by_thickness_and_mix(view: ImageView) -> None:
    does = CtWorkbench(view.session, view.selection)
    shown = does.widget
    does.complete()

    does.does["view.slab_thicker"]()
    does.does["view.slab_thicker"]()
    does.does["view.mix"]()
    assert shown.state is not None
    assert (shown.state.slab_mm, shown.state.mix) == (6.0, Mix.MINIMUM)
    does.does["view.slab"]()

    assert (shown.state.slab_mm, shown.state.mix) == (10.0, Mix.MINIMUM)
    does.close()


def test_cine_goes_from_the_last_slice_to_the_first(view: ImageView) -> None:
    cine = Cine(view)
    view.show_slice(SHAPE[0] - 1)

    cine.play_or_pause()
    cine.step()

    assert view.state is not None
    assert view.state.at[2] == 0
    cine.play_or_pause()
    assert not cine.isActive()


def test_a_tilted_series_is_straight_in_the_sagittal_plane(qtbot: QtBot) -> None:
    affine = np.diag((1.0, 1.0, 2.0, 1.0))
    affine[1, 2] = 1.0  # each slice lies a row farther back
    volume = volume_of(affine)
    rod = [(k, 30 - (k - SHAPE[0] // 2), 25) for k in range(SHAPE[0])]
    for k, j, i in rod:
        volume.hu[k, j, i] = 900
    view = ImageView(session_of(volume), Selection("calcification"))
    qtbot.addWidget(view)
    view.resize(900, 640)
    with qtbot.waitExposed(view):
        view.show()
    view.go_to((25, 30, SHAPE[0] // 2))

    plane = view.plane_view(Plane.SAGITTAL)
    seen = {round(plane.camera.px_of((float(i), float(j), float(k)))[0], 6) for k, j, i in rod}
    assert len(seen) == 1

    view.choose_tool("click_focus")
    k, j, i = rod[2]
    x, y = plane.camera.px_of((float(i), float(j), float(k)))
    QTest.mouseClick(plane, Qt.MouseButton.LeftButton, NONE, QPoint(round(x), round(y)))
    (focus,) = foci(view.session.document)
    marked = voxels_of(view.session.document, focus)
    assert set(volume.hu.ravel()[marked].tolist()) == {900}
    assert len(marked) == len(rod)
    view.set_slab(5.0, Mix.MEAN)
    assert not plane.grab().isNull()
    view.stop_listening()
