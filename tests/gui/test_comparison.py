"""Two series of one patient at the same place."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from annotator.app.selection import Selection
from annotator.app.session import Session
from annotator.formats.format import Context
from annotator.imaging.slabs import Plane
from annotator.model.document import Document
from annotator.model.labels import CHEST
from annotator.model.volume import Series, Slice, Volume
from annotator.views.comparison import Comparison
from annotator.views.image_view import ImageView

SHAPE = (20, 40, 40)


def volume_of(slices: int, increment_mm: float, first_mm: float) -> Volume:
    shape = (slices, *SHAPE[1:])
    affine = np.diag((1.0, 1.0, increment_mm, 1.0))
    affine[2, 3] = first_mm
    places = (first_mm + increment_mm * k for k in range(slices))
    made = tuple(Slice(f"{z}", f"1.{z}", (0.0, 0.0, z)) for z in places)
    series = Series("1", "2", "3", made, shape, affine, (increment_mm, 1.0, 1.0))
    return Volume(series, np.zeros(shape, np.int16))


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
