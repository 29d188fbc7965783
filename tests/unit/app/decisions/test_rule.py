"""By which rule a project measures, and whether it may."""

import numpy as np

from annotator.app.ct_rule import acknowledge, change_rule, may_measure, rule_of
from annotator.app.focus_table import FocusTable
from annotator.commands.foci import (
    mark_focus,
)
from annotator.imaging.rules import CAL_130, Rule
from tests.unit.app.decisions.conftest import chest, opened


def test_the_whole_project_measures_by_the_rule_that_was_chosen() -> None:
    session = opened(chest())
    volume = session.context.volume
    assert volume is not None
    where = np.flatnonzero(volume.hu == 700)
    session.do(mark_focus(session.document, where, "calcification"), "Mark")
    table = FocusTable.of(session)
    assert rule_of(session) == CAL_130
    before = table.rows()[0].measures

    change_rule(session, Rule("CAL-160", "2", at_least_hu=160.0, follows_kv=False))

    after = table.rows()[0].measures
    assert before is not None
    assert after is not None
    assert (before.threshold_hu, after.threshold_hu) == (130.0, 160.0)
    assert after.rule == "CAL-160 v2"


def test_a_rule_with_other_numbers_never_keeps_the_title() -> None:
    session = opened(chest())

    change_rule(session, Rule(at_least_hu=200.0, follows_kv=False))
    second = rule_of(session)
    change_rule(session, Rule("House", "1"))
    change_rule(session, Rule(at_least_hu=210.0, follows_kv=False))

    assert (second.title(), rule_of(session).title()) == ("CAL-130 v2", "CAL-130 v3")


def test_a_rule_that_cannot_be_read_is_the_usual_one() -> None:
    session = opened(chest())

    session.change_setting("ct-rule", {"name": 3})

    assert rule_of(session) == CAL_130


def test_a_doubtful_series_is_measured_once_a_person_took_note() -> None:
    session = opened(chest(measurable=False))
    assert not may_measure(session)

    acknowledge(session)

    assert may_measure(session)
    assert session.shared.setting("ct-acknowledged-series") == ["1.0"]
