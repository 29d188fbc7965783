"""The Focus menu, one step for each of its verbs."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtWidgets import QComboBox
from pytestqt.qtbot import QtBot

from annotator.app.selection import Selection
from annotator.app.session import Session
from annotator.commands.foci import foci, mark_focus, set_attribute, voxels_of
from annotator.errors import AnnotatorError
from annotator.formats.format import Context
from annotator.model.document import Document
from annotator.model.edits import Put
from annotator.model.labels import CHEST
from annotator.model.volume import Series, Slice, Volume
from annotator.views.ct.ct_workbench import CtWorkbench
from annotator.views.panels.properties import PropertiesPanel

SHAPE = (8, 30, 30)


@pytest.fixture
def bench(qtbot: QtBot) -> Iterator[CtWorkbench]:
    hu = np.zeros(SHAPE, np.int16)
    hu[3, 10:14, 10:14] = 300
    hu[3, 20:23, 20:23] = 300
    hu[3, 26, 26] = 300
    slices = tuple(Slice(f"{k}", f"1.{k}", (0.0, 0.0, float(k))) for k in range(SHAPE[0]))
    series = Series("1", "2", "3", slices, SHAPE, np.eye(4), (1.0, 1.0, 1.0), kvp=120)
    context = Context(CHEST, series=series, volume=Volume(series, hu))
    session = Session.in_memory(Document(extents=(SHAPE,)), context)
    made = CtWorkbench(session, Selection("calcification"))
    qtbot.addWidget(made.widget)
    where = np.flatnonzero(hu == 300)
    session.do(mark_focus(session.document, where, "calcification"), "Mark")
    made.widget.selection.set(tuple(focus.id for focus in foci(session.document)))
    yield made
    made.close()


def sizes(bench: CtWorkbench) -> list[int]:
    document = bench.widget.session.document
    return sorted(len(voxels_of(document, focus)) for focus in foci(document))


def test_split_and_merge_take_each_other_back(bench: CtWorkbench) -> None:
    bench.does["focus.split"]()
    assert sizes(bench) == [1, 9, 16]

    bench.widget.selection.set(tuple(f.id for f in foci(bench.widget.session.document)))
    bench.does["focus.merge"]()

    assert sizes(bench) == [26]


def test_what_was_merged_has_its_own_answers_again_once_it_is_split(bench: CtWorkbench) -> None:
    view, session = bench.widget, bench.widget.session
    told: list[str] = []
    view.told.connect(told.append)
    bench.does["focus.split"]()
    assert told[-1] == "1 focus is 3 now; each has the answers that it had before"
    ids = {len(voxels_of(session.document, f)): f.id for f in foci(session.document)}
    for size, pattern, site in ((1, "solid", "lung"), (9, "central", "node"), (16, "", "pleura")):
        for name, value in (("pattern", pattern), ("site", site)):
            session.do(set_attribute(session.document, (ids[size],), name, value), "Say")

    view.selection.set((ids[1], ids[16], ids[9]))
    bench.does["focus.merge"]()
    assert told[-1] == "3 foci are one now, with the answers of the one on slice 4"
    (one,) = foci(session.document)
    assert one.attributes == {"pattern": "solid", "site": "lung"}
    bench.does["focus.split"]()

    assert told[-1].startswith("1 focus is 3 now")
    said = {len(voxels_of(session.document, f)): f.attributes for f in foci(session.document)}
    assert said == {
        1: {"pattern": "solid", "site": "lung"},
        9: {"pattern": "central", "site": "node"},
        16: {"pattern": "", "site": "pleura"},
    }


def test_what_was_said_of_merged_foci_holds_for_each_part(bench: CtWorkbench) -> None:
    view, session = bench.widget, bench.widget.session
    bench.does["focus.split"]()
    view.selection.set(tuple(focus.id for focus in foci(session.document)))
    bench.does["focus.merge"]()
    bench.does["focus.pattern_3"]()

    bench.does["focus.split"]()

    assert [f.attributes.get("pattern") for f in foci(session.document)] == ["solid"] * 3


def test_the_history_calls_a_pattern_as_the_window_does(bench: CtWorkbench) -> None:
    bench.does["focus.pattern_6"]()

    assert bench.widget.session.steps()[-1].text == "Set none of these"


def test_islands_are_small_parts(bench: CtWorkbench) -> None:
    bench.does["focus.islands"]()

    assert sizes(bench) == [25]


def test_shrinking_and_growing_by_a_voxel_keep_to_the_range(bench: CtWorkbench) -> None:
    bench.does["focus.shrink"]()
    assert sizes(bench) == [4 + 1]

    bench.does["focus.grow"]()

    assert sizes(bench) == [16 + 9]


def test_foci_belong_to_the_nodule_that_is_selected_with_them(bench: CtWorkbench) -> None:
    bench.does["focus.split"]()
    document = bench.widget.session.document
    largest, *others = sorted(foci(document), key=lambda f: -len(voxels_of(document, f)))
    bench.widget.session.do(Put(replace(largest, label="nodule")), "Set class")
    bench.widget.selection.set((largest.id, *(focus.id for focus in others)))

    bench.does["focus.nodule"]()

    belongs = {f.id: f.attributes.get("nodule") for f in foci(bench.widget.session.document)}
    assert belongs == {largest.id: None} | {focus.id: largest.id for focus in others}


def test_belonging_asks_for_one_nodule_among_the_selected(bench: CtWorkbench) -> None:
    with pytest.raises(AnnotatorError, match="select one nodule"):
        bench.does["focus.nodule"]()


def test_the_panel_offers_the_nodules_that_a_focus_may_belong_to(
    bench: CtWorkbench, qtbot: QtBot
) -> None:
    bench.does["focus.split"]()
    session, selection = bench.widget.session, bench.widget.selection
    nodule, focus, _other = foci(session.document)
    session.do(Put(replace(nodule, label="nodule")), "Set class")
    selection.set((focus.id,))
    panel = PropertiesPanel(selection)
    qtbot.addWidget(panel)
    panel.show_session(session)

    box = panel.findChild(QComboBox, "nodule")
    assert isinstance(box, QComboBox)
    box.setCurrentIndex(box.findData(nodule.id))
    box.activated.emit(box.currentIndex())

    assert session.document.annotations[focus.id].attributes["nodule"] == nodule.id


def test_a_verb_that_does_nothing_says_why(bench: CtWorkbench) -> None:
    with pytest.raises(AnnotatorError, match="no slice between"):
        bench.does["focus.between"]()


def test_a_verb_needs_a_focus(bench: CtWorkbench) -> None:
    bench.widget.selection.set(())

    with pytest.raises(AnnotatorError, match="select one focus"):
        bench.does["focus.shrink"]()


@pytest.mark.parametrize(
    ("verb", "attribute", "value"),
    [
        ("focus.pattern_1", "pattern", "popcorn"),
        ("focus.pattern_6", "pattern", "absent"),
        ("focus.site_4", "site", "node"),
    ],
)
def test_pattern_and_site_are_answered_by_a_key(
    bench: CtWorkbench, verb: str, attribute: str, value: str
) -> None:
    bench.does[verb]()

    (focus,) = foci(bench.widget.session.document)
    assert focus.attributes[attribute] == value
