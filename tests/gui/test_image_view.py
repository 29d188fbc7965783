import math
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QPaintEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from annotator.app.selection import Selection
from annotator.app.session import Session
from annotator.commands.foci import foci, voxels_of
from annotator.formats.format import Context
from annotator.imaging.orientation import Sides
from annotator.imaging.slabs import Mix, Plane
from annotator.imaging.windows import Window
from annotator.model.document import Document
from annotator.model.labels import CHEST
from annotator.model.volume import Series, Slice, Volume
from annotator.tools.tool import Keys, Pointer
from annotator.views.cine import Cine
from annotator.views.ct_workbench import CtWorkbench
from annotator.views.image_view import ImageView
from annotator.views.plane_view import PlaneView

SHAPE = (12, 64, 64)
FOCUS = (slice(4, 7), slice(20, 23), slice(30, 34))
NONE, SHIFT, CTRL, ALT = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
)


def volume_of(affine: npt.NDArray[np.float64] | None = None) -> Volume:
    hu = np.full(SHAPE, -700, np.int16)
    hu[:, 10:54, 8:56] = 30
    hu[FOCUS] = 300
    hu[5, 21, 31] = 640
    hu[8:10, 40:43, 40:42] = 200
    slices = tuple(Slice(f"{k}", f"1.{k}", (0.0, 0.0, 2.0 * k)) for k in range(SHAPE[0]))
    usual = np.diag((1.0, 1.0, 2.0, 1.0))
    place = usual if affine is None else affine
    return Volume(Series("1", "2", "3", slices, SHAPE, place, (2.0, 1.0, 1.0)), hu)


def session_of(volume: Volume) -> Session:
    context = Context(CHEST, series=volume.series, volume=volume)
    return Session.in_memory(Document(extents=(SHAPE,)), context)


@pytest.fixture
def view(qtbot: QtBot) -> Iterator[ImageView]:
    shown = ImageView(session_of(volume_of()), Selection("calcification"))
    qtbot.addWidget(shown)
    shown.resize(900, 640)
    with qtbot.waitExposed(shown):
        shown.show()
    shown.show_slice(5)
    yield shown
    shown.stop_listening()


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


def place(view: ImageView, i: float, j: float) -> QPoint:
    x, y = view.camera().px_of((i, j, 0.0))
    return QPoint(round(x), round(y))


def turn(view: PlaneView, at: QPoint, steps: int, keys: Qt.KeyboardModifier = NONE) -> None:
    where = QPointF(at)
    event = QWheelEvent(
        where,
        QPointF(view.mapToGlobal(at)),
        QPoint(),
        QPoint(0, 120 * steps),
        Qt.MouseButton.NoButton,
        keys,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(view, event)


def click(view: ImageView, i: float, j: float) -> None:
    QTest.mouseClick(view.plane_view(), Qt.MouseButton.LeftButton, NONE, place(view, i, j))


def drag(view: PlaneView, button: Qt.MouseButton, start: QPoint, end: QPoint) -> None:
    QTest.mousePress(view, button, NONE, start)
    QTest.mouseMove(view, end)
    QTest.mouseRelease(view, button, NONE, end)


def color_at(view: ImageView, i: float, j: float) -> tuple[int, int, int]:
    plane = view.plane_view()
    color = plane.grab().toImage().pixelColor(place(view, i, j))
    return color.red(), color.green(), color.blue()


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


def test_a_stroke_is_one_undo_step(view: ImageView) -> None:
    view.choose_tool("brush")

    drag(view.plane_view(), Qt.MouseButton.LeftButton, place(view, 30, 21), place(view, 33, 21))

    assert len(view.session.steps()) == 1
    assert len(foci(view.session.document)) == 1


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


def test_a_slab_shows_what_lies_above_and_below(view: ImageView) -> None:
    view.windowing.use_preset("calcium")
    view.show_slice(3)
    thin = color_at(view, 31, 21)[0]

    view.set_slab(6.0, Mix.MAXIMUM)

    assert color_at(view, 31, 21)[0] > thin


def test_slices_are_shown_before_the_volume_is_complete(qtbot: QtBot) -> None:
    volume = volume_of()
    session = Session.in_memory(Document(extents=(SHAPE,)), Context(CHEST, series=volume.series))
    shown = ImageView(session, Selection())
    qtbot.addWidget(shown)
    shown.resize(900, 640)
    with qtbot.waitExposed(shown):
        shown.show()

    shown.arriving.take(volume.series, 6, volume.hu[6])
    shown.windowing.use_preset("mediastinum")

    assert color_at(shown, 31, 21) == (255, 255, 255)
    assert shown.state is not None
    assert shown.state.at[2] == 6
    shown.show_volume(volume)
    assert shown.state.at[2] == 6
    shown.stop_listening()


@pytest.mark.parametrize("plane", [Plane.CORONAL, Plane.SAGITTAL])
def test_planes_across_slices_that_are_not_read_yet_are_dark_from_the_first_moment(
    qtbot: QtBot, plane: Plane
) -> None:
    volume = volume_of()
    session = Session.in_memory(Document(extents=(SHAPE,)), Context(CHEST, series=volume.series))
    shown = ImageView(session, Selection())
    qtbot.addWidget(shown)
    shown.resize(900, 640)
    with qtbot.waitExposed(shown):
        shown.show()

    def share_of_white() -> float:
        image = shown.plane_view(plane).grab().toImage()
        at = [(x, y) for x in range(0, image.width(), 2) for y in range(image.height())]
        return sum(image.pixelColor(x, y).lightness() > 200 for x, y in at) / len(at)

    shown.arriving.take(volume.series, 6, volume.hu[6])
    assert share_of_white() < 0.05
    state = shown.state
    assert state is not None
    qtbot.waitUntil(lambda: bool((np.delete(state.hu, 6, axis=0) == -1024).all()))
    qtbot.waitUntil(lambda: 0.01 < share_of_white() < 0.1)
    shown.stop_listening()


def test_slices_that_are_not_read_yet_are_air_and_a_whole_volume_is_left_alone(
    qtbot: QtBot,
) -> None:
    volume = volume_of()
    session = Session.in_memory(Document(extents=(SHAPE,)), Context(CHEST, series=volume.series))
    shown = ImageView(session, Selection())
    qtbot.addWidget(shown)
    before = volume.hu.copy()

    shown.arriving.take(volume.series, 6, volume.hu[6])
    state = shown.state
    assert state is not None
    qtbot.waitUntil(lambda: bool((state.hu[0] == -1024).all()))
    others = [k for k in range(SHAPE[0]) if k != 6]
    assert (state.hu[others] == -1024).all()
    np.testing.assert_array_equal(state.hu[6], volume.hu[6])

    shown.arriving.take(volume.series, 7, volume.hu[7])
    shown.show_volume(volume)
    qtbot.wait(30)
    np.testing.assert_array_equal(volume.hu, before)
    shown.stop_listening()


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
