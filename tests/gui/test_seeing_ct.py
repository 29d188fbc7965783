"""How a CT is shown: lens, slabs, laying, header windows, and what is held away."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QColor, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView, QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from annotator.app.selection import Selection
from annotator.app.session import Session
from annotator.formats.format import Context
from annotator.imaging.orientation import Sides
from annotator.imaging.slabs import Mix, Plane
from annotator.imaging.windows import Window
from annotator.model.document import Document
from annotator.model.labels import CHEST
from annotator.model.volume import HeaderWindow, Series, Slice, Volume
from annotator.views.ct.cine import Cine
from annotator.views.ct.ct_workbench import CtWorkbench
from annotator.views.ct.image_view import ImageView
from tests.gui.conftest import Opened

CHEST_SERIES = Path(__file__).parents[2] / "sample_data" / "chest" / "B30f"
SHAPE = (12, 64, 64)
SPOT = (5, 21, 31)
ABOVE = (6, 40, 45)
"""A bright voxel one slice above the one that is seen."""


def volume_of(increment_mm: float) -> Volume:
    hu = np.full(SHAPE, -700, np.int16)
    hu[:, 10:54, 8:56] = 30
    hu[SPOT], hu[ABOVE] = 500, 600
    slices = tuple(Slice(f"{k}", f"1.{k}", (0.0, 0.0, increment_mm * k)) for k in range(SHAPE[0]))
    place = np.diag((1.0, 1.0, increment_mm, 1.0))
    return Volume(Series("1", "2", "3", slices, SHAPE, place, (increment_mm, 1.0, 1.0)), hu)


def workbench_of(volume: Volume) -> CtWorkbench:
    context = Context(CHEST, series=volume.series, volume=volume)
    session = Session.in_memory(Document(extents=(SHAPE,)), context)
    selection = Selection("calcification")
    selection.wants_candidates = False  # the whole height is the planes'
    return CtWorkbench(session, selection)


@pytest.fixture
def increment_mm() -> float:
    return 2.0


@pytest.fixture
def bench(qtbot: QtBot, increment_mm: float) -> Iterator[CtWorkbench]:
    made = workbench_of(volume_of(increment_mm))
    qtbot.addWidget(made.widget)
    made.widget.resize(900, 640)
    with qtbot.waitExposed(made.widget):
        made.widget.show()
    made.widget.selection.wants_candidates = False
    made.complete()
    made.widget.go_to((2, 2, 5))  # the crosshair out of the way
    yield made
    made.close()


@pytest.fixture
def view(bench: CtWorkbench) -> ImageView:
    return bench.widget


def place(view: ImageView, i: float, j: float) -> QPoint:
    x, y = view.camera().px_of((i, j, 0.0))
    return QPoint(round(x), round(y))


def hover(widget: QWidget, at: QPoint) -> None:
    QTest.mouseMove(widget, at + QPoint(3, 3))  # Qt tells of no move to where the mouse is
    QTest.mouseMove(widget, at)


def brightness(view: ImageView, i: float, j: float) -> int:
    image = view.plane_view().grab().toImage()
    return QColor(image.pixelColor(place(view, i, j))).lightness()


def corner(view: ImageView, plane: Plane = Plane.AXIAL) -> tuple[str, ...]:
    shown = view.picture(view.camera(plane))
    assert shown is not None
    return shown.corner


def letters(view: ImageView, plane: Plane = Plane.AXIAL) -> Sides:
    shown = view.picture(view.camera(plane))
    assert shown is not None
    assert shown.sides is not None
    return shown.sides


def test_the_lens_shows_the_calcium_window_and_goes_by_the_same_key(
    bench: CtWorkbench, view: ImageView
) -> None:
    view.windowing.use_preset("lung")
    hover(view.plane_view(), place(view, 31, 21))
    assert brightness(view, 33, 21) > 100

    bench.does["view.lens"]()
    through = brightness(view, 33, 21)
    bench.does["view.lens"]()

    assert through < 30
    assert brightness(view, 33, 21) > 100


def test_the_lens_over_5_mm_shows_what_lies_in_the_next_slice_and_says_so(
    bench: CtWorkbench, view: ImageView
) -> None:
    view.windowing.use_preset("lung")
    _slice, j, i = ABOVE
    hover(view.plane_view(), place(view, i, j))

    bench.does["view.lens"]()
    thin = brightness(view, i, j)
    bench.does["view.lens_mip"]()
    thick = brightness(view, i, j)
    shown = view.picture(view.camera())
    bench.does["view.lens_mip"]()

    assert thin < 20
    assert thick == 255
    assert shown is not None
    assert shown.lens_words == "Calcium · MIP 4 mm = 2 × 2 mm"
    assert not view.plane_view().lens_is_on


def test_a_slab_says_how_thick_it_really_is_in_each_plane(view: ImageView) -> None:
    view.set_slab(5.0, Mix.MEAN)

    assert corner(view)[-1] == "Mean 4 mm = 2 × 2 mm"
    assert corner(view, Plane.CORONAL)[-1] == "Mean 5 mm = 5 × 1 mm"


@pytest.mark.parametrize("increment_mm", [5.0])
def test_the_next_slab_is_always_one_that_changes_the_picture(
    bench: CtWorkbench, view: ImageView
) -> None:
    shown = []
    for _press in range(3):
        bench.does["view.slab"]()
        shown.append(corner(view)[-1])
    bench.does["view.slab_thicker"]()
    shown.append(corner(view)[-1])

    assert shown[:2] == ["MIP 10 mm = 2 × 5 mm", "MIP 20 mm = 4 × 5 mm"]
    assert shown[2] == view.state.window_in_words() if view.state else False
    assert shown[3] == "MIP 10 mm = 2 × 5 mm"


@pytest.mark.parametrize("increment_mm", [50.0])
def test_where_no_slab_can_be_thicker_than_a_slice_it_is_said(
    bench: CtWorkbench, view: ImageView
) -> None:
    bench.does["view.slab"]()

    assert view.hint() == "Slices of 50 mm are thicker than any slab: there is nothing to mix"


def test_the_mask_comes_back_when_another_window_gets_the_keys_and_a_sign_says_it_is_away(
    view: ImageView, qtbot: QtBot
) -> None:
    view.setFocus()
    QTest.keyPress(view, Qt.Key.Key_Space)
    away = corner(view)
    other = QWidget()
    qtbot.addWidget(other)
    other.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    with qtbot.waitExposed(other):
        other.show()
    other.activateWindow()
    other.setFocus()

    assert away[-1] == "Foci hidden"
    qtbot.waitUntil(lambda: corner(view)[-1] != "Foci hidden")


def test_a_key_that_repeats_while_it_is_held_never_shows_the_mask_in_between(
    view: ImageView, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[bool] = []
    view.setFocus()
    QTest.keyPress(view, Qt.Key.Key_Space)
    monkeypatch.setattr(view, "hide_mask", lambda *, hidden: shown.append(not hidden))

    for _repeat in range(5):  # as X11 says it, whether Qt calls the pair a repetition or not
        QTest.keyRelease(view, Qt.Key.Key_Space)
        QTest.keyPress(view, Qt.Key.Key_Space)
        qtbot.wait(5)
    for kind in (QEvent.Type.KeyRelease, QEvent.Type.KeyPress):
        held = QKeyEvent(kind, Qt.Key.Key_Space, Qt.KeyboardModifier.NoModifier, " ", True)
        QApplication.sendEvent(view, held)
    qtbot.wait(100)

    assert shown == []
    QTest.keyRelease(view, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: shown == [True])


def test_the_mask_is_held_away_from_a_list_and_stays_away_over_a_click_but_no_field_loses_its_space(
    opened: Opened, qtbot: QtBot
) -> None:
    window = opened(CHEST_SERIES)
    assert isinstance(window.workbench, CtWorkbench)
    view, table = window.workbench.widget, window.docks.foci.findChildren(QAbstractItemView)[0]
    field = window.docks.items.findChildren(QLineEdit)[0]
    assert view.state is not None

    table.setFocus()
    QTest.keyPress(table, Qt.Key.Key_Space)
    assert view.state.is_mask_hidden
    view.setFocus()
    assert view.state.is_mask_hidden
    QTest.keyRelease(view, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: corner(view)[-1] != "Foci hidden")

    field.setFocus()
    QTest.keyPress(field, Qt.Key.Key_Space)
    assert not view.state.is_mask_hidden
    assert field.text() == " "


def test_the_key_for_the_files_window_goes_through_all_that_it_brings_and_names_each(
    qtbot: QtBot,
) -> None:
    volume = volume_of(2.0)
    brought = (HeaderWindow(40, 401), HeaderWindow(-600, 1201, "LUNG"))
    bench = workbench_of(replace(volume, series=replace(volume.series, windows=brought)))
    qtbot.addWidget(bench.widget)
    bench.complete()

    shown = []
    for _press in range(3):
        bench.does["window.header"]()
        shown.append(corner(bench.widget)[2])

    assert shown == ["File 1  W 401  L 40", "LUNG  W 1201  L -600", "File 1  W 401  L 40"]
    bench.close()


def test_a_series_without_a_window_of_its_own_says_so(bench: CtWorkbench, view: ImageView) -> None:
    before = view.state.window if view.state else None

    bench.does["window.header"]()

    assert view.state is not None
    assert view.state.window == before
    assert view.hint() == ("This series brings no window of its own · 0 fits one to the slice")


def test_a_click_stops_the_cine_and_its_speed_is_said(bench: CtWorkbench, view: ImageView) -> None:
    cine = view.findChildren(Cine)[0]
    bench.does["view.cine"]()
    bench.does["view.cine_speed"]()
    assert view.hint() == "Plays 24 slices a second"
    assert cine.isActive()

    QTest.mouseClick(view.plane_view(), Qt.MouseButton.LeftButton, pos=place(view, 12, 12))

    assert not cine.isActive()


def test_flipping_mirrors_picture_and_letters(bench: CtWorkbench, view: ImageView) -> None:
    view.windowing.use(Window(300, 600))
    before, spot = letters(view), place(view, 31, 21)
    assert (before.left, before.right) == ("R", "L")

    bench.does["view.flip"]()

    assert (letters(view).left, letters(view).right) == ("L", "R")
    assert place(view, 31, 21).x() == view.plane_view().width() - spot.x()
    assert brightness(view, 31, 21) > 200


@pytest.mark.parametrize("does", ["view.turn", "view.flip"])
def test_what_is_laid_otherwise_is_the_plane_under_the_pointer(
    bench: CtWorkbench, view: ImageView, does: str
) -> None:
    coronal = view.plane_view(Plane.CORONAL)
    axial = letters(view)
    before = letters(view, Plane.CORONAL)
    hover(coronal, coronal.rect().center())

    bench.does[does]()

    assert letters(view, Plane.CORONAL) != before
    assert letters(view) == axial
    assert before.top == "H"
