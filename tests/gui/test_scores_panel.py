"""Scores with provenance: shown with their rule, held back where the series is doubtful."""

import numpy as np
import pytest
from PySide6.QtWidgets import QFormLayout, QLabel, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from annotator.app.ct_rule import (
    acknowledge,
    change_rule,
    context_by_rule,
    may_measure,
    rule_of,
)
from annotator.app.foci_findings import foci_findings
from annotator.app.focus_table import FocusTable
from annotator.app.selection import Selection
from annotator.app.session import Session
from annotator.commands.foci import extend_focus, mark_focus, set_attribute
from annotator.formats.format import Context
from annotator.imaging.rules import CAL_130, Rule
from annotator.imaging.scoring import scores
from annotator.model.annotations import Origin
from annotator.model.document import Document
from annotator.model.findings import Finding
from annotator.model.labels import CHEST
from annotator.model.volume import Series, Slice, Volume
from annotator.views.ct.rule_card import RuleCard
from annotator.views.ct.scores_panel import ScoresPanel
from annotator.views.dialogs.rule import RuleDialog
from annotator.views.fields import Number, Press
from annotator.views.panels.findings import FindingsPanel

SHAPE = (6, 20, 20)


def opened(*, measurable: bool = True) -> Session:
    hu = np.full(SHAPE, 30, np.int16)
    hu[2:4, 5:8, 5:8] = 350
    hu[4, 12:14, 12:14] = 150
    slices = tuple(Slice(f"{k}", f"1.{k}", (0.0, 0.0, 3.0 * k)) for k in range(SHAPE[0]))
    series = Series(
        "1",
        "2",
        "3",
        slices,
        SHAPE,
        np.diag((1.0, 1.0, 3.0, 1.0)),
        (3.0, 1.0, 1.0),
        kvp=120,
        findings=() if measurable else (Finding("missing-slices", "One slice is missing."),),
        measurable=measurable,
    )
    volume = Volume(series, hu)
    context = Context(CHEST, series=series, volume=volume)
    session = Session.in_memory(Document(extents=(SHAPE,)), context)
    for value in (350, 150):
        where = np.flatnonzero(hu == value)
        session.do(mark_focus(session.document, where, "calcification"), "Mark")
    return session


def shown(qtbot: QtBot, session: Session) -> ScoresPanel:
    panel = ScoresPanel(Selection("calcification"))
    qtbot.addWidget(panel)
    panel.show_session(session)
    with qtbot.waitExposed(panel):
        panel.show()
    return panel


def test_the_panel_adds_up_what_a_person_stands_for(qtbot: QtBot) -> None:
    session = opened()
    where = np.flatnonzero(session.document.instances().dense() == 0)[:9]
    suggested = mark_focus(session.document, where, "calcification", origin=Origin.SUGGESTION)
    session.do(suggested, "Suggest")

    panel = shown(qtbot, session)

    said = dict(panel.said)
    assert said["Foci"] == "2"
    assert said["Agatston"] == f"{2 * 9 * 3 + 4 * 1:.1f}"
    assert said["Volume"] == f"{(18 + 4) * 3:.1f} mm³"


def test_scores_follow_every_edit_and_stay_as_they_are_while_foci_are_selected(
    qtbot: QtBot,
) -> None:
    session = opened()
    panel = shown(qtbot, session)
    before, content = panel.said, panel.findChildren(QFormLayout)

    panel.selection.set(tuple(session.document.annotations)[:1])
    qtbot.wait(1)
    selected = panel.findChildren(QFormLayout)
    session.undo()
    qtbot.waitUntil(lambda: panel.said != before)

    assert selected == content


def test_the_total_of_kept_scores_is_the_scan_scored_anew() -> None:
    session = opened()
    table = FocusTable.of(session)
    volume = session.context.volume
    assert volume is not None
    before = table.scores()
    session.undo()

    after = table.scores()

    assert before == scores(volume, [np.flatnonzero(volume.hu == hu) for hu in (350, 150)])
    assert after == scores(volume, [np.flatnonzero(volume.hu == 350)])


def test_a_doubtful_series_is_not_measured_before_a_person_says_so(qtbot: QtBot) -> None:
    session = opened(measurable=False)
    panel = shown(qtbot, session)
    card = RuleCard(panel.selection)
    qtbot.addWidget(card)
    card.show_session(session)
    card.selection.set((FocusTable.of(session).annotations()[0].id,))
    qtbot.waitUntil(lambda: dict(card.said).get("Volume") == "–")
    assert not panel.said

    (anyway,) = panel.findChildren(QPushButton)
    anyway.click()

    qtbot.waitUntil(lambda: may_measure(session))
    panel.refresh()
    card.refresh()

    assert dict(panel.said)["Agatston"] == "58.0"
    assert dict(card.said)["Volume"] == "54.0 mm³"


def test_another_rule_changes_every_number(qtbot: QtBot) -> None:
    session = opened()
    panel = shown(qtbot, session)

    change_rule(session, Rule("Strict", "1", at_least_hu=200.0, follows_kv=False))
    panel.refresh()

    assert dict(panel.said)["Agatston"] == "54.0"


@pytest.mark.parametrize("kvp", [120, 100, None])
def test_the_dialog_gives_back_the_rule_it_was_given(qtbot: QtBot, kvp: float | None) -> None:
    dialog = RuleDialog(CAL_130, kvp)
    qtbot.addWidget(dialog)

    assert dialog.rule() == CAL_130


def type_threshold(dialog: RuleDialog, kv: int, threshold_hu: float) -> None:
    form = dialog.layout()
    assert isinstance(form, QFormLayout)
    titles = {form.labelForField(field): field for field in dialog.findChildren(Number)}
    (field,) = (f for t, f in titles.items() if isinstance(t, QLabel) and f"{kv} kV" in t.text())
    field.setValue(threshold_hu)


def test_a_threshold_of_the_table_can_be_changed(qtbot: QtBot) -> None:
    session = opened()
    dialog = RuleDialog(rule_of(session), 120)
    qtbot.addWidget(dialog)
    type_threshold(dialog, 120, 140)

    change_rule(session, dialog.rule())

    assert rule_of(session).threshold_hu(120) == 140
    assert rule_of(session).threshold_hu(100) == 145


def test_scores_say_which_numbers_count_voxels_below_another_rule(qtbot: QtBot) -> None:
    session = opened()
    panel = shown(qtbot, session)
    kept = session.saved_at
    assert kept is not None

    change_rule(session, Rule(at_least_hu=200.0, follows_kv=False))
    panel.refresh()

    told = [label.text() for label in panel.findChildren(QLabel)]
    assert any(text.startswith("4 of 22 marked voxels lie below the rule") for text in told)
    assert dict(panel.said)["Agatston"] == f"{2 * 9 * 3:.1f}"
    assert session.saved_at is not None
    assert session.saved_at > kept


def test_findings_point_at_foci_below_the_rule_and_without_a_pattern() -> None:
    session = opened()
    change_rule(session, Rule(at_least_hu=200.0, follows_kv=False))

    found = [finding.code for _focus, finding in foci_findings(session)]

    assert found == ["no-pattern", "below-the-rule", "no-pattern"]


def test_the_version_that_a_changed_rule_will_bear_is_in_its_field(qtbot: QtBot) -> None:
    dialog = RuleDialog(CAL_130, 120)
    qtbot.addWidget(dialog)
    name, version = dialog.findChildren(QLineEdit)[:2]

    type_threshold(dialog, 120, 200)

    assert (name.text(), version.text()) == ("CAL-130", "2")
    type_threshold(dialog, 120, 130)
    assert version.text() == "1"
    assert dialog.rule() == CAL_130


def test_the_findings_tab_says_the_doubt_and_how_to_measure_all_the_same(qtbot: QtBot) -> None:
    session = opened(measurable=False)
    panel = FindingsPanel(Selection("calcification"))
    qtbot.addWidget(panel)
    panel.show_session(session)
    assert "Measure anyway" in [button.text() for button in panel.findChildren(QPushButton)]

    next(b for b in panel.findChildren(QPushButton) if b.text() == "Measure anyway").click()

    qtbot.waitUntil(lambda: may_measure(session))
    panel.refresh()
    qtbot.waitUntil(
        lambda: "Measure anyway" not in [b.text() for b in panel.findChildren(QPushButton)]
    )


def test_an_export_is_told_what_was_acknowledged() -> None:
    session = opened(measurable=False)
    assert not context_by_rule(session).is_measured

    acknowledge(session)

    assert context_by_rule(session).is_measured
    assert context_by_rule(session).rule == rule_of(session)


def test_findings_point_at_foci_that_are_dark_in_part_or_too_small() -> None:
    session = opened()
    change_rule(session, Rule(at_least_hu=200.0, follows_kv=False, flag_below_mm2=100.0))
    first = next(iter(session.document.annotations.values()))
    dark = np.array([np.ravel_multi_index((0, 0, 0), session.document.extents[0])])
    session.do(extend_focus(session.document, first, dark), "Paint")

    found = {finding.code for focus, finding in foci_findings(session) if focus.id == first.id}

    assert found >= {"partly-below-the-rule", "below-the-least-area"}


def test_findings_keep_their_rows_while_foci_are_selected_and_follow_what_is_edited(
    qtbot: QtBot,
) -> None:
    session = opened()
    panel = FindingsPanel(Selection("calcification"))
    qtbot.addWidget(panel)
    panel.show_session(session)
    rows = panel.findChildren(Press)
    first = next(iter(session.document.annotations.values()))

    panel.selection.set((first.id,))
    panel.refresh()
    selected = panel.findChildren(Press)
    session.do(set_attribute(session.document, (first.id,), "pattern", "solid"), "Set pattern")

    assert len(rows) == 2
    assert selected == rows
    qtbot.waitUntil(lambda: len(panel.findChildren(Press)) == 1)


def test_the_findings_tab_says_how_a_sound_series_was_made(qtbot: QtBot) -> None:
    panel = FindingsPanel(Selection("calcification"))
    qtbot.addWidget(panel)

    panel.show_session(opened())

    told = [label.text() for label in panel.findChildren(QLabel)]
    assert told[0].startswith("120 kV · kernel ? · ? mm slices, 3 mm apart")
