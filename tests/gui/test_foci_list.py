from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from annotator.app.ct_rule import acknowledge
from annotator.app.selection import Selection
from annotator.app.session import Session
from annotator.commands.foci import dismiss, foci, mark_focus, remove_foci, set_attribute
from annotator.formats.format import Context
from annotator.imaging.measuring import measure_focus
from annotator.imaging.rules import CAL_130
from annotator.model.document import Document
from annotator.model.findings import Finding
from annotator.model.labels import CHEST
from annotator.model.volume import Series, Slice, Volume
from annotator.views.ct.foci_list import FociList
from annotator.views.ct.rule_card import RuleCard, verdicts

SHAPE = (8, 30, 30)


def series() -> Series:
    slices = tuple(Slice(f"{k}", f"1.{k}", (0.0, 0.0, 3.0 * k)) for k in range(SHAPE[0]))
    affine = np.diag((0.5, 0.5, 3.0, 1.0))
    return Series("1", "2", "3", slices, SHAPE, affine, (3.0, 0.5, 0.5), kvp=120)


def session_of(of: Series) -> Session:
    hu = np.zeros(SHAPE, np.int16)
    hu[2:4, 4:8, 4:8] = 250
    hu[2, 5, 5] = 610
    hu[6, 20, 20:23] = 141
    volume = Volume(of, hu)
    session = Session.in_memory(
        Document(extents=(SHAPE,)), Context(CHEST, series=of, volume=volume)
    )
    for where in (np.flatnonzero(hu == 141), np.flatnonzero(hu >= 250)):
        session.do(mark_focus(session.document, where, "calcification"), "Mark focus")
    return session


@pytest.fixture
def session() -> Session:
    return session_of(series())


@pytest.fixture
def shown(qtbot: QtBot, session: Session) -> FociList:
    panel = FociList(Selection())
    qtbot.addWidget(panel)
    panel.show_session(session)
    return panel


def text_at(shown: FociList, row: int, column: int) -> str:
    return str(shown.table().model().index(row, column).data() or "")


def cells(shown: FociList, row: int) -> list[str]:
    return [text_at(shown, row, column) for column in range(6)]


def test_the_list_says_voxels_volume_and_values_from_the_lowest_slice_up(shown: FociList) -> None:
    assert cells(shown, 0) == ["Calcification", "", "3", "32", "24.0", "610"]
    assert cells(shown, 1) == ["Calcification", "", "7", "3", "▴ 2.2", "141"]


def test_the_list_follows_do_undo_and_redo(shown: FociList, session: Session, qtbot: QtBot) -> None:
    model = shown.table().model()
    session.do(remove_foci(session.document, (foci(session.document)[0].id,)), "Remove")
    qtbot.waitUntil(lambda: model.rowCount() == 1)

    session.undo()

    qtbot.waitUntil(lambda: model.rowCount() == 2)
    session.redo()
    qtbot.waitUntil(lambda: model.rowCount() == 1)


def test_a_pattern_given_is_shown_without_losing_the_row(
    shown: FociList, session: Session, qtbot: QtBot
) -> None:
    focus = foci(session.document)[0]
    shown.selection.set((focus.id,))

    session.do(set_attribute(session.document, (focus.id,), "pattern", "solid"), "Set pattern")

    qtbot.waitUntil(lambda: text_at(shown, 1, 1) == "solid")
    assert shown.selection.ids == (focus.id,)


def test_selecting_a_row_selects_the_focus_and_the_other_way_round(
    shown: FociList, session: Session, qtbot: QtBot
) -> None:
    first, second = foci(session.document)

    shown.table().selectRow(0)
    assert shown.selection.ids == (second.id,)

    shown.selection.set((first.id,))
    rows = shown.table().selectionModel()
    qtbot.waitUntil(lambda: [r.row() for r in rows.selectedRows()] == [1])


def test_a_double_click_looks_for_the_focus(
    shown: FociList, session: Session, qtbot: QtBot
) -> None:
    index = shown.table().model().index(1, 0)

    with qtbot.waitSignal(shown.looked_for) as asked:
        shown.table().doubleClicked.emit(index)

    assert asked.args == [foci(session.document)[0].id]


def test_a_click_looks_for_the_focus_too(shown: FociList, session: Session, qtbot: QtBot) -> None:
    with qtbot.waitSignal(shown.looked_for) as asked:
        shown.table().clicked.emit(shown.table().model().index(0, 0))

    assert asked.args == [foci(session.document)[1].id]


def test_an_arrow_key_looks_for_the_focus_that_it_leads_to(
    shown: FociList, session: Session, qtbot: QtBot
) -> None:
    shown.table().selectRow(0)

    with qtbot.waitSignal(shown.looked_for) as asked:
        QTest.keyClick(shown.table(), Qt.Key.Key_Down)

    assert asked.args == [foci(session.document)[0].id]
    assert shown.selection.ids == (foci(session.document)[0].id,)


def test_an_empty_list_says_how_to_begin(qtbot: QtBot) -> None:
    panel = FociList(Selection())
    qtbot.addWidget(panel)

    panel.refresh()

    assert panel.in_words().startswith("No focus yet")


def test_one_focus_is_one_focus(shown: FociList, session: Session) -> None:
    session.do(remove_foci(session.document, (foci(session.document)[0].id,)), "Remove")

    shown.refresh()

    assert shown.in_words() == "1 focus · 1 without a pattern · 1 without a site"
    focus = foci(session.document)[0]
    session.do(set_attribute(session.document, (focus.id,), "pattern", "solid"), "Say")
    shown.refresh()
    assert shown.in_words() == "1 focus · 1 without a site"


def test_numbers_stand_right_in_their_columns(shown: FociList) -> None:
    model = shown.table().model()

    sides = [model.data(model.index(0, c), Qt.ItemDataRole.TextAlignmentRole) for c in range(6)]

    assert [bool(side & Qt.AlignmentFlag.AlignRight) for side in sides] == [False] * 2 + [True] * 4


def test_a_dismissed_focus_says_why(shown: FociList, session: Session, qtbot: QtBot) -> None:
    focus = foci(session.document)[0]

    session.do(dismiss(session.document, (focus.id,), "bone"), "Dismiss")

    qtbot.waitUntil(lambda: text_at(shown, 1, 0) == "no: bone")


def test_thousands_of_foci_are_listed_without_measuring_them_all(
    shown: FociList, session: Session, qtbot: QtBot
) -> None:
    rest = np.arange(0, 30 * 30 * 2, 3)
    for place in rest[:300]:
        session.do(mark_focus(session.document, np.array([place]), "calcification"), "Mark")

    qtbot.waitUntil(lambda: shown.table().model().rowCount() == 302)


@pytest.fixture
def card(qtbot: QtBot, session: Session) -> RuleCard:
    shown = RuleCard(Selection())
    qtbot.addWidget(shown)
    shown.show_session(session)
    return shown


def test_the_rule_card_says_how_far_a_focus_is_above_the_rule(
    card: RuleCard, session: Session, qtbot: QtBot
) -> None:
    card.selection.set((foci(session.document)[0].id,))

    qtbot.waitUntil(lambda: bool(card.said))
    said = dict(card.said)
    assert said["Max"] == "141 HU, 11 above"
    assert said["Slices"] == "7"
    assert said["Largest area"] == "0.75 mm²"
    assert said["Volume"] == "2.2 mm³"
    assert said["Rule"] == "CAL-130 v1, ≥ 130 HU at 120 kV"


def test_the_rule_card_measures_no_volume_before_gaps_are_acknowledged(qtbot: QtBot) -> None:
    session = session_of(replace(series(), measurable=False))
    card = RuleCard(Selection())
    qtbot.addWidget(card)
    card.show_session(session)

    card.selection.set((foci(session.document)[0].id,))

    qtbot.waitUntil(lambda: bool(card.said))
    said = dict(card.said)
    assert {said[name] for name in ("Largest area", "Volume", "Agatston")} == {"–"}
    assert said["Voxels"] == "3"
    told = [label.text() for label in card.findChildren(QLabel)]
    assert any(text.startswith("Not measured: ") for text in told)
    assert not any("mm²" in text for text in told)


def test_the_list_holds_volumes_back_until_gaps_are_acknowledged(qtbot: QtBot) -> None:
    gap = Finding("missing-slices", "1 slice is missing")
    session = session_of(replace(series(), measurable=False, findings=(gap,)))
    shown = FociList(Selection())
    qtbot.addWidget(shown)
    shown.show_session(session)
    assert cells(shown, 0)[3:] == ["32", "–", "610"]
    model = shown.table().model()
    said = model.data(model.index(0, 4), Qt.ItemDataRole.ToolTipRole)
    assert said.startswith("Not measured: 1 slice is missing.")

    acknowledge(session)
    shown.refresh()

    assert cells(shown, 0)[3:] == ["32", "24.0", "610"]


def test_the_rule_card_without_a_focus_is_empty(card: RuleCard) -> None:
    assert card.said == ()


def test_a_focus_with_voxels_below_the_rule_does_not_pass(session: Session) -> None:
    volume = session.context.volume
    assert volume is not None
    where = np.flatnonzero(volume.hu >= 250)
    dark = np.sort(np.append(where, np.flatnonzero(volume.hu == 0)[:3]))

    told = verdicts(measure_focus(volume, dark), CAL_130)

    assert told[0] == ("3 of 35 below the rule", False)
    assert dict(verdicts(measure_focus(volume, where), CAL_130))["200 HU"]


def test_selecting_a_focus_reads_no_cell_again_and_moves_the_marked_row(
    shown: FociList, session: Session, qtbot: QtBot
) -> None:
    changed = []
    shown.table().model().dataChanged.connect(lambda *_cells: changed.append(1))

    shown.selection.set((foci(session.document)[0].id,))

    qtbot.waitUntil(lambda: bool(shown.table().selectionModel().selectedRows()))
    assert shown.table().shows_selection
    assert not changed
