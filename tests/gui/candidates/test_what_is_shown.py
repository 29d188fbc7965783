"""The planes show the candidate that is asked about, and what nobody has explained."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from annotator.app.session import Session
from annotator.commands.foci import foci
from annotator.imaging.windows import Window
from annotator.model.document import Document
from annotator.views.ct.focus_mask import OPEN, PREVIEW
from annotator.views.ct.image_view import ImageView
from tests.gui.candidates.conftest import SHAPE


def test_the_brightest_candidate_far_from_bone_is_offered_first(view: ImageView) -> None:
    assert view.state is not None
    assert view.state.at[2] == 20
    assert view.rail.head.words() == "0 of 3 decided"


def test_the_chosen_candidate_is_offered_until_it_is_decided(view: ImageView) -> None:
    offered = view.rail.offered()
    assert view.session.context.volume is not None
    hu = view.session.context.volume.hu
    assert offered is not None
    np.testing.assert_array_equal(offered, np.flatnonzero(hu == 700))
    before = view.plane_view().grab().toImage()

    view.candidates.show(on=False)
    view.hide_mask(hidden=True)

    assert view.rail.offered() is None
    assert view.plane_view().grab().toImage() != before


def test_the_residual_view_shows_what_nobody_has_explained(view: ImageView) -> None:
    plane = view.plane_view()

    def pink() -> int:
        image = plane.grab().toImage()
        seen = (image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height()))
        return sum((c.red(), c.green(), c.blue()) == (255, 64, 200) for c in seen)

    view.show_slice(15)
    assert pink() == 0
    view.candidates.show_residual(on=True)
    assert pink() > 0

    for _candidate in range(3):
        view.rail.verbs.accept()
    view.show_slice(15)
    assert pink() == 0


def test_what_is_looked_at_is_always_the_chosen_candidate(view: ImageView) -> None:
    for _candidate in range(2):
        offer = view.selection.offer
        assert offer is not None
        assert offer.number == view.rail.current()
        assert view.selection.ids == ()
        QTest.keyClick(view.rail, Qt.Key.Key_Return)

    view.rail.verbs.choose_last()
    (focus_id,) = view.selection.ids
    assert view.rail.decisions is not None
    number = view.rail.current()
    assert number is not None
    focus = view.rail.decisions.focus(number)
    assert focus is not None
    assert focus.id == focus_id


def test_selecting_a_focus_elsewhere_chooses_its_card(view: ImageView) -> None:
    first = view.rail.current()
    view.rail.verbs.accept("solid")
    (focus,) = foci(view.session.document)

    view.selection.set((focus.id,))

    assert view.rail.current() == first


def test_a_candidate_is_seen_closely_until_a_person_zooms(view: ImageView) -> None:
    plane = view.plane_view()
    seen_mm = min(plane.camera.size_px) / plane.camera.px_per_mm
    assert seen_mm == pytest.approx(60.0, rel=0.02)

    plane.zoom(0.5, (10.0, 10.0))
    view.rail.choose_next()

    assert min(plane.camera.size_px) / plane.camera.px_per_mm == pytest.approx(120.0, rel=0.02)


def test_a_candidate_is_seen_through_the_calcium_window_until_a_person_chooses_one(
    view: ImageView, qtbot: QtBot
) -> None:
    assert view.state is not None
    assert view.state.window == Window(300, 600)

    view.windowing.use_preset("lung")
    view.rail.choose_next()
    assert view.state.window == Window(-600, 1500)

    context = view.session.context
    document = Document(extents=(SHAPE,))
    following = ImageView(Session.in_memory(document, context), view.selection)
    qtbot.addWidget(following)
    assert following.state is not None
    assert following.state.window == Window(-600, 1500)
    following.stop_listening()


def test_hidden_candidates_are_not_looked_at(view: ImageView) -> None:
    view.candidates.show(on=False)

    assert view.selection.offer is None


def test_the_selected_focus_is_fitted_to_the_view_or_all_of_the_scan(view: ImageView) -> None:
    number = view.rail.current()
    assert number is not None
    view.rail.verbs.accept("solid")
    assert view.rail.decisions is not None
    focus = view.rail.decisions.focus(number)
    assert focus is not None
    view.selection.set(())
    view.candidates.fit()
    whole = view.plane_view().camera.px_per_mm

    view.selection.set((focus.id,))
    view.candidates.fit()

    assert view.plane_view().camera.px_per_mm > whole
    assert view.state is not None
    assert view.state.at[2] + 1 == view.rail.decisions.place(number)


def test_what_is_fitted_to_the_view_gives_way_to_the_whole_slice_and_comes_back(
    view: ImageView,
) -> None:
    plane, scales = view.plane_view(), []

    for _press in range(3):
        view.candidates.fit()
        scales.append(plane.camera.px_per_mm)

    large = min(plane.camera.size_px) / 60.0
    assert scales[1] == pytest.approx(large)
    assert scales[0] == scales[2] < large


def test_the_chosen_piece_is_magenta_as_well_while_what_is_unexplained_is_shown(
    view: ImageView,
) -> None:
    plane = view.plane_view()

    def shows(color: tuple[int, int, int]) -> bool:
        image = plane.grab().toImage()
        seen = (image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height()))
        return any((c.red(), c.green(), c.blue()) == color for c in seen)

    assert shows(PREVIEW)
    assert not shows(OPEN)

    view.candidates.show_residual(on=True)

    assert shows(OPEN)
    assert not shows(PREVIEW)
