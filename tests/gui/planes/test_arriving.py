"""Slices are shown while others still arrive."""

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from annotator.app.selection import Selection
from annotator.app.session import Session
from annotator.formats.format import Context
from annotator.imaging.slabs import Plane
from annotator.model.document import Document
from annotator.model.labels import CHEST
from annotator.model.volume import Volume
from annotator.views.ct.image_view import ImageView
from tests.gui.planes.conftest import SHAPE, color_at, volume_of


def shown_before_slices(qtbot: QtBot, volume: Volume) -> ImageView:
    session = Session.in_memory(Document(extents=(SHAPE,)), Context(CHEST, series=volume.series))
    shown = ImageView(session, Selection())
    qtbot.addWidget(shown)
    shown.resize(900, 640)
    with qtbot.waitExposed(shown):
        shown.show()
    return shown


def test_slices_are_shown_before_the_volume_is_complete(qtbot: QtBot) -> None:
    volume = volume_of()
    shown = shown_before_slices(qtbot, volume)

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
    shown = shown_before_slices(qtbot, volume)

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
