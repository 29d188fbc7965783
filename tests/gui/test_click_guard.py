"""The guard of a click in the window: what is known of the scan arrives beside it."""

from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from annotator.app.selection import Selection
from annotator.app.session import Session
from annotator.formats.format import Context
from annotator.model.document import Document
from annotator.model.labels import CHEST
from annotator.tools.tool import Pointer
from annotator.views.ct.ct_workbench import CtWorkbench
from annotator.views.ct.image_view import ImageView
from annotator.views.ct.rule_card import RuleCard
from tests.unit.imaging.contrast_chest import SHAPE, contrast_chest

VESSEL = (121, 31, 8)
"""Column, row and slice of a voxel inside."""


def opened(qtbot: QtBot, *, shows_candidates: bool) -> CtWorkbench:
    volume = contrast_chest()
    context = Context(CHEST, series=volume.series, volume=volume)
    selection = Selection("calcification")
    selection.wants_candidates = shows_candidates
    bench = CtWorkbench(Session.in_memory(Document(extents=(SHAPE,)), context), selection)
    qtbot.addWidget(bench.widget)
    bench.widget.resize(1000, 800)
    with qtbot.waitExposed(bench.widget):
        bench.widget.show()
    return bench


def point_at(view: ImageView, voxel: tuple[int, int, int]) -> None:
    view.go_to(voxel)
    i, j, k = voxel
    at_px = view.camera().px_of((float(i), float(j), float(k)))
    view.plane_view().moved.emit(Pointer(at_px))


def test_a_click_is_guarded_while_candidates_are_hidden_as_well(qtbot: QtBot) -> None:
    bench = opened(qtbot, shows_candidates=False)
    qtbot.waitUntil(lambda: bench.widget.rail.candidates() is not None)

    point_at(bench.widget, VESSEL)

    assert not bench.widget.rail.isVisible()
    assert bench.widget.hint().startswith("May be a vessel with contrast")
    assert bench.widget.runner is not None
    assert bench.widget.runner.preview is not None
    assert bench.widget.runner.preview.warning
    bench.close()


def test_a_pointer_that_rests_is_told_when_more_is_known(qtbot: QtBot) -> None:
    bench = opened(qtbot, shows_candidates=False)
    view = bench.widget
    qtbot.waitUntil(lambda: view.rail.candidates() is not None)
    assert view.runner is not None
    view.runner.scene.candidates = None
    point_at(view, VESSEL)
    assert view.hint().startswith("Click takes")

    view.rail.ready.emit()

    assert view.hint().startswith("May be a vessel with contrast")
    bench.close()


def test_properties_say_of_a_candidate_what_the_guard_of_a_click_says(qtbot: QtBot) -> None:
    bench = opened(qtbot, shows_candidates=True)
    rail = bench.widget.rail
    card = RuleCard(bench.widget.selection)
    qtbot.addWidget(card)
    card.show_session(bench.widget.session)
    qtbot.waitUntil(lambda: rail.candidates() is not None)
    candidates = rail.candidates()
    assert candidates is not None
    at = VESSEL[0] + SHAPE[2] * (VESSEL[1] + SHAPE[1] * VESSEL[2])
    runs = [n for n in candidates.in_order().tolist() if at in candidates.found.where(n)]

    rail.choose(runs[0])
    card.refresh()

    told = [label.text() for label in card.findChildren(QLabel)]
    assert any(text.startswith("May be a vessel with contrast") for text in told)
    bench.close()
