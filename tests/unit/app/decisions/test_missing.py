"""What keeps a scan from being closed."""

from dataclasses import replace

from annotator.app.contrast import take_note
from annotator.app.decided import Decision
from annotator.app.deciding import accept, dismiss, open_again
from annotator.app.decisions import Decisions
from annotator.app.missing import missing, nothing_open_in_words, progress_in_words
from annotator.commands.foci import (
    set_attribute,
    suggest_foci,
)
from annotator.imaging.candidates import Order, find_candidates
from annotator.imaging.rules import Rule
from annotator.model.findings import Finding
from annotator.model.volume import Volume
from tests.unit.app.decisions.conftest import chest, opened


def test_what_is_missing_is_counted_for_classes_that_ask_for_a_pattern(
    decisions: Decisions,
) -> None:
    numbers = decisions.candidates.in_order().tolist()
    accept(decisions, numbers[0], "calcification")
    accept(decisions, numbers[1], "nodule")

    left = missing(decisions)

    assert (left.open, len(left.unanswered)) == (1, 1)
    assert left.in_words() == "1 candidate is open · 1 focus has no pattern"


def test_a_scan_is_not_called_ready_to_be_closed_while_a_pattern_is_missing(
    decisions: Decisions,
) -> None:
    numbers = decisions.candidates.in_order().tolist()
    for number in numbers:
        accept(decisions, number, "calcification", {"pattern": "solid"})
    assert "closes the scan" in progress_in_words(decisions)
    assert "closes the scan" in nothing_open_in_words(missing(decisions))
    focus = decisions.focus(numbers[0])
    assert focus is not None

    session = decisions.session
    session.do(set_attribute(session.document, [focus.id], "pattern", ""), "Take back")

    said = "All 3 are decided, but 1 focus has no pattern · "
    assert progress_in_words(decisions).startswith(said)
    assert "closes the scan" not in nothing_open_in_words(missing(decisions))


def test_what_is_below_the_rules_area_is_nobodys_duty_and_can_be_decided_all_the_same() -> None:
    volume = chest()
    volume.hu[12, 40, 70] = 300
    rule = Rule(flag_below_mm2=3.0)
    decisions = Decisions(opened(volume), find_candidates(volume, rule))
    (small,) = decisions.below().tolist()
    assert decisions.decision(small) is Decision.BELOW
    assert small not in decisions.in_order(Order.PLACE)
    assert small not in decisions.residual().open

    accept(decisions, small, "calcification", {"pattern": "solid"})
    assert decisions.decision(small) is Decision.MARKED
    dismiss(decisions, small, "calcification", "artefact")
    assert decisions.decision(small) is Decision.DISMISSED
    open_again(decisions, small)

    assert decisions.decision(small) is Decision.BELOW


def test_a_suggestion_of_what_is_below_the_rules_area_asks_nothing_of_a_person() -> None:
    volume = chest()
    volume.hu[12, 40, 70] = 300
    decisions = Decisions(opened(volume), find_candidates(volume, Rule(flag_below_mm2=3.0)))
    (small,) = decisions.below().tolist()
    session, where = decisions.session, [decisions.candidates.found.where(small)]

    session.do(suggest_foci(session.document, where, "calcification"), "Suggest")

    assert decisions.decision(small) is Decision.BELOW
    assert decisions.asked() == 3


def test_contrast_is_acknowledged_once_before_a_scan_can_be_closed() -> None:
    volume = chest()
    contrast = replace(volume.series, findings=(Finding("contrast", "contrast was given"),))
    volume = Volume(contrast, volume.hu)
    session = opened(volume)
    decisions = Decisions(session, find_candidates(volume))
    for number in decisions.in_order(Order.PLACE).tolist():
        dismiss(decisions, number, "calcification", "other")
    assert missing(decisions).in_words() == "what contrast hides is not noted"

    take_note(session)

    assert missing(decisions).is_nothing
