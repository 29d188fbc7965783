"""A scan is proven finished by what was said of each of its components."""

from dataclasses import replace

import numpy as np
import pytest

from annotator.app.contrast import take_note
from annotator.app.ct_rule import acknowledge, change_rule, may_measure, rule_of
from annotator.app.decided import REASONS, Decision
from annotator.app.deciding import accept, bring_back, dismiss, dismiss_wall, open_again, say_site
from annotator.app.decisions import Decisions
from annotator.app.focus_table import FocusTable
from annotator.app.missing import missing, nothing_open_in_words, progress_in_words
from annotator.app.session import Session
from annotator.commands.foci import dismiss as dismiss_foci
from annotator.commands.foci import (
    erase,
    foci,
    grow_by_a_voxel,
    is_counted,
    mark_focus,
    merge_foci,
    set_attribute,
    suggest_foci,
    voxels_of,
)
from annotator.commands.foci_shaping import cut_foci
from annotator.errors import AnnotatorError
from annotator.formats.format import Context
from annotator.imaging.candidates import Aside, Order, find_candidates
from annotator.imaging.rules import CAL_130, Rule
from annotator.imaging.slabs import Plane
from annotator.model.annotations import Origin
from annotator.model.document import Document
from annotator.model.edits import Edit
from annotator.model.findings import Finding
from annotator.model.labels import CHEST
from annotator.model.volume import Series, Slice, Volume

SHAPE = (30, 100, 100)


def chest(*, measurable: bool = True) -> Volume:
    hu = np.full(SHAPE, -1000, np.int16)
    hu[:, 10:80, 10:90] = 30
    hu[:, 60:72, 45:57] = 400
    hu[10:12, 30:33, 30:33] = 300
    hu[20, 40:43, 60:62] = 700
    hu[15, 30:32, 70:72] = 150
    hu[:, 2:4, 2:4] = 900
    slices = tuple(Slice(f"{k}", f"1.{k}", (0.0, 0.0, 2.0 * k)) for k in range(SHAPE[0]))
    affine = np.diag((1.5, 1.5, 2.0, 1.0))
    spacing_mm = (2.0, 1.5, 1.5)
    series = Series(
        "1", "2", "3", slices, SHAPE, affine, spacing_mm, kvp=120, measurable=measurable
    )
    return Volume(series, hu)


def opened(volume: Volume) -> Session:
    context = Context(CHEST, series=volume.series, volume=volume)
    return Session.in_memory(Document(extents=(SHAPE,)), context)


@pytest.fixture
def decisions() -> Decisions:
    volume = chest()
    return Decisions(opened(volume), find_candidates(volume))


def test_a_suggestion_that_nobody_decided_explains_nothing(decisions: Decisions) -> None:
    session, found = decisions.session, decisions.candidates.found
    numbers = decisions.candidates.in_order().tolist()
    parts = [found.where(n) for n in numbers]

    session.do(suggest_foci(session.document, parts, "calcification"), "Suggest")

    assert len(decisions.residual().open) == len(numbers) == 3
    assert not any(is_counted(focus) for focus in foci(session.document))


def test_accepting_a_suggestion_keeps_its_identity(decisions: Decisions) -> None:
    session = decisions.session
    number = int(decisions.candidates.in_order()[0])
    where = decisions.candidates.found.where(number)
    session.do(suggest_foci(session.document, [where], "calcification", ["node"]), "Suggest")
    (suggested,) = foci(session.document)

    accepted = accept(decisions, number, "calcification")

    assert accepted == suggested.id
    assert session.document.annotations[accepted].origin is Origin.HAND
    assert decisions.decision(number) is Decision.MARKED


def test_bone_is_explained_without_a_person_and_can_be_brought_back(decisions: Decisions) -> None:
    bone = bone_of(decisions)
    assert decisions.decision(bone) is Decision.SET_ASIDE
    assert decisions.aside()[Aside.BONE] == 1

    bring_back(decisions, bone, "calcification")

    assert decisions.decision(bone) is Decision.OPEN
    assert bone in decisions.in_order(Order.PLACE)
    assert bone not in decisions.left_aside()
    assert progress_in_words(decisions) == "0 of 4 decided"


def test_bone_that_was_brought_back_is_decided_like_any_candidate(decisions: Decisions) -> None:
    bone = bone_of(decisions)
    bring_back(decisions, bone, "calcification")

    dismiss(decisions, bone, "calcification", "bone")

    assert decisions.decision(bone) is Decision.DISMISSED
    assert bone not in decisions.residual().open
    decisions.session.undo()
    decisions.session.undo()
    assert decisions.decision(bone) is Decision.SET_ASIDE


@pytest.mark.parametrize("reason", REASONS)
def test_a_dismissed_candidate_is_explained_by_its_reason(
    decisions: Decisions, reason: str
) -> None:
    number = int(decisions.candidates.in_order()[0])

    dismiss(decisions, number, "calcification", reason)

    focus = decisions.focus(number)
    assert focus is not None
    assert focus.dismissed == reason
    assert len(decisions.residual().open) == 2


def test_deciding_twice_is_one_step_each(decisions: Decisions) -> None:
    number = int(decisions.candidates.in_order()[0])
    dismiss(decisions, number, "calcification", "artefact")

    accept(decisions, number, "calcification", {"pattern": "solid"})

    assert [step.text for step in decisions.session.steps()] == [
        "Dismiss: artefact (slice 21)",
        "Accept: solid (slice 21)",
    ]


def test_a_guessed_site_is_not_noted_until_a_person_says_it(decisions: Decisions) -> None:
    number = int(decisions.candidates.in_order()[0])
    accept(decisions, number, "calcification")
    assert decisions.guess(number) == "node"
    assert decisions.site(number) == ""

    say_site(decisions, number, "vessel wall")

    focus = decisions.focus(number)
    assert focus is not None
    assert focus.attributes["site"] == "vessel wall"


def test_a_site_that_was_said_of_an_open_candidate_is_noted_when_it_is_accepted(
    decisions: Decisions,
) -> None:
    number = int(decisions.candidates.in_order()[0])
    say_site(decisions, number, "lung")
    assert decisions.session.steps() == ()

    accept(decisions, number, "calcification")

    assert decisions.site(number) == "lung"


def test_the_guess_of_a_suggestion_goes_when_it_is_accepted_and_a_persons_word_stays(
    decisions: Decisions,
) -> None:
    session = decisions.session
    first, second = decisions.candidates.in_order().tolist()[:2]
    parts = [decisions.candidates.found.where(n) for n in (first, second)]
    sites = [decisions.guess(first), "airway"]
    session.do(suggest_foci(session.document, parts, "calcification", sites), "Suggest")

    for number in (first, second):
        accept(decisions, number, "calcification")

    assert [decisions.site(n) for n in (first, second)] == ["", "airway"]


def test_a_decision_is_taken_back_whenever_it_was_made(decisions: Decisions) -> None:
    first, second = decisions.candidates.in_order().tolist()[:2]
    accept(decisions, first, "calcification")
    dismiss(decisions, second, "calcification", "bone")

    open_again(decisions, first)

    assert decisions.decision(first) is Decision.OPEN
    assert decisions.decision(second) is Decision.DISMISSED


def test_an_edit_tells_which_candidates_it_spoke_of(decisions: Decisions) -> None:
    session = decisions.session
    edits: list[Edit] = []
    session.changed.connect(edits.append)
    first, second = decisions.candidates.in_order().tolist()[:2]
    accept(decisions, first, "calcification")
    accept(decisions, second, "calcification")

    session.undo()

    assert [decisions.touched(edit).tolist() for edit in edits] == [[first], [second], [second]]


def test_what_lies_in_the_chest_wall_is_dismissed_in_one_step(decisions: Decisions) -> None:
    numbers = decisions.candidates.in_order().tolist()
    decisions.candidates.wall[numbers[:2]] = True
    assert sorted(decisions.in_wall().tolist()) == sorted(numbers[:2])

    dismiss_wall(decisions, "calcification", "bone")

    assert [decisions.decision(n) for n in numbers] == [
        Decision.DISMISSED,
        Decision.DISMISSED,
        Decision.OPEN,
    ]
    assert [s.text for s in decisions.session.steps()] == ["Dismiss 2 in the chest wall: bone"]
    decisions.session.undo()
    assert len(decisions.residual().open) == 3


def test_what_is_missing_is_counted_for_classes_that_ask_for_a_pattern(
    decisions: Decisions,
) -> None:
    numbers = decisions.candidates.in_order().tolist()
    accept(decisions, numbers[0], "calcification")
    accept(decisions, numbers[1], "nodule")

    left = missing(decisions)

    assert (left.open, len(left.unanswered)) == (1, 1)
    assert left.in_words() == "1 candidate is open · 1 focus has no pattern"


def test_a_focus_that_holds_a_part_leaves_the_rest_unexplained(decisions: Decisions) -> None:
    session = decisions.session
    number = int(decisions.candidates.in_order()[0])
    where = decisions.candidates.found.where(number)

    session.do(mark_focus(session.document, where[1:], "calcification"), "Mark")

    left = decisions.residual()
    assert number in left.open
    assert int(where[0]) in left.where


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


def test_a_candidate_that_was_cut_keeps_its_halves_and_all_that_was_said_of_them(
    decisions: Decisions,
) -> None:
    number = accepted_and_cut(decisions)
    halves = voxels(decisions)

    accept(decisions, number, "calcification", {"pattern": "solid"})

    assert voxels(decisions) == halves
    assert said(decisions) == [{"pattern": "solid", "note": "mine", "site": "lung"}] * 2


def test_a_candidate_that_was_cut_is_dismissed_whole(decisions: Decisions) -> None:
    number = accepted_and_cut(decisions)
    halves = voxels(decisions)

    dismiss(decisions, number, "calcification", "bone")

    assert voxels(decisions) == halves
    assert [focus.dismissed for focus in foci(decisions.session.document)] == ["bone", "bone"]
    assert decisions.decision(number) is Decision.DISMISSED


def test_a_candidate_of_which_one_half_counts_is_no_dismissed_one(decisions: Decisions) -> None:
    number, session = accepted_and_cut(decisions), decisions.session

    session.do(dismiss_foci(session.document, [foci(session.document)[0].id], "bone"), "Dismiss")

    assert decisions.decision(number) is Decision.MARKED


def test_a_pattern_on_one_card_of_a_merged_focus_is_the_pattern_of_that_focus(
    decisions: Decisions,
) -> None:
    first, second = accepted_and_merged(decisions)
    before = voxels(decisions)

    accept(decisions, first, "calcification", {"pattern": "central"})

    assert voxels(decisions) == before
    assert said(decisions) == [{"pattern": "central", "note": "mine"}]
    assert decisions.decision(second) is Decision.MARKED


def test_one_card_of_a_merged_focus_cannot_be_dismissed(decisions: Decisions) -> None:
    first, _second = accepted_and_merged(decisions)
    before = voxels(decisions)

    with pytest.raises(AnnotatorError, match="part of a larger focus"):
        dismiss(decisions, first, "calcification", "bone")

    assert voxels(decisions) == before


def test_a_focus_that_was_grown_keeps_its_voxels_and_its_note(decisions: Decisions) -> None:
    session, number = decisions.session, int(decisions.candidates.in_order()[0])
    accept(decisions, number, "calcification", {"note": "mine"})
    volume = session.context.volume
    assert volume is not None
    (focus,) = foci(session.document)
    session.do(grow_by_a_voxel(session.document, focus, volume.hu), "Grow")
    before = voxels(decisions)

    accept(decisions, number, "calcification", {"pattern": "solid"})

    assert voxels(decisions) == before
    assert said(decisions) == [{"note": "mine", "pattern": "solid"}]


def test_what_is_left_of_a_candidate_is_decided_beside_what_a_person_marked_of_it(
    decisions: Decisions,
) -> None:
    session, number = decisions.session, int(decisions.candidates.in_order()[0])
    where = decisions.candidates.found.where(number)
    session.do(
        mark_focus(session.document, where[:2], "calcification", attributes={"pattern": "central"}),
        "Mark",
    )

    dismiss(decisions, number, "calcification", "vessel wall")

    told = [
        (len(v), f.dismissed)
        for v, f in zip(voxels(decisions), foci(session.document), strict=True)
    ]
    assert told == [(2, ""), (len(where) - 2, "vessel wall")]
    assert said(decisions)[0] == {"pattern": "central"}
    assert decisions.decision(number) is Decision.MARKED


def accepted_and_erased(decisions: Decisions) -> int:
    """Accept the first candidate, and erase one voxel of it."""
    session, number = decisions.session, int(decisions.candidates.in_order()[0])
    accept(decisions, number, "calcification", {"pattern": "popcorn"})
    where = decisions.candidates.found.where(number)
    session.do(erase(session.document, where[:1]), "Erase")
    return number


def test_only_what_nobody_explained_of_a_focus_that_was_erased_is_left(
    decisions: Decisions,
) -> None:
    number = accepted_and_erased(decisions)

    where = decisions.candidates.found.where(number)
    assert decisions.decision(number) is Decision.PARTLY
    assert decisions.left_over(number).tolist() == where[:1].tolist()


def test_a_pattern_on_a_candidate_that_a_focus_holds_in_part_makes_no_second_focus(
    decisions: Decisions,
) -> None:
    number = accepted_and_erased(decisions)

    accept(decisions, number, "calcification", {"pattern": "solid"})

    assert said(decisions) == [{"pattern": "solid"}]
    assert decisions.decision(number) is Decision.PARTLY


def test_enter_takes_what_was_left_out_into_the_focus(decisions: Decisions) -> None:
    number = accepted_and_erased(decisions)

    accept(decisions, number, "calcification")

    assert voxels(decisions) == [decisions.candidates.found.where(number).tolist()]
    assert said(decisions) == [{"pattern": "popcorn"}]
    assert decisions.decision(number) is Decision.MARKED


def test_what_was_left_out_and_dismissed_stays_so_when_the_focus_gets_another_pattern(
    decisions: Decisions,
) -> None:
    number = accepted_and_erased(decisions)
    dismiss(decisions, number, "calcification", "artefact")

    accept(decisions, number, "calcification", {"pattern": "solid"})

    told = [focus.dismissed for focus in foci(decisions.session.document)]
    assert told == ["", "artefact"]
    assert said(decisions) == [{"pattern": "solid"}, {}]


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


def test_a_suggestion_of_a_part_is_accepted_with_the_rest_as_one_focus(
    decisions: Decisions,
) -> None:
    session, number = decisions.session, int(decisions.candidates.in_order()[0])
    where = decisions.candidates.found.where(number)
    session.do(suggest_foci(session.document, [where[:2]], "calcification"), "Suggest")

    accept(decisions, number, "calcification", {"pattern": "solid"})

    assert voxels(decisions) == [where.tolist()]
    assert said(decisions) == [{"pattern": "solid"}]


def test_a_site_that_a_person_confirmed_outlives_a_dismissal(decisions: Decisions) -> None:
    number = int(decisions.candidates.in_order()[0])
    accept(decisions, number, "calcification")
    say_site(decisions, number, decisions.guess(number))

    dismiss(decisions, number, "calcification", "bone")
    accept(decisions, number, "calcification")

    assert said(decisions) == [{"site": decisions.guess(number)}]


def test_what_was_cut_or_merged_is_not_opened_again_by_a_key(decisions: Decisions) -> None:
    number = accepted_and_cut(decisions)
    before = voxels(decisions)

    with pytest.raises(AnnotatorError, match="several foci"):
        open_again(decisions, number)

    assert voxels(decisions) == before


def bone_of(decisions: Decisions) -> int:
    (bone,) = np.flatnonzero(decisions.candidates.bone).tolist()
    return int(bone)


def accepted_and_cut(decisions: Decisions) -> int:
    """Accept the largest candidate with a note and a site, and cut it in two."""
    session, number = decisions.session, int(decisions.candidates.in_order(Order.SIZE)[0])
    accept(decisions, number, "calcification", {"pattern": "popcorn", "note": "mine"})
    say_site(decisions, number, "lung")
    cut = cut_foci(session.document, (28, 30.5, 10), (35, 30.5, 10), Plane.AXIAL, (2.0, 1.5, 1.5))
    session.do(cut, "Cut")
    assert len(foci(session.document)) == 2
    return number


def accepted_and_merged(decisions: Decisions) -> tuple[int, int]:
    """Make one focus of the first two candidates."""
    session = decisions.session
    first, second = decisions.candidates.in_order().tolist()[:2]
    one = accept(decisions, first, "calcification", {"pattern": "solid", "note": "mine"})
    other = accept(decisions, second, "calcification")
    assert one is not None
    assert other is not None
    session.do(merge_foci(session.document, (one, other)), "Merge")
    return first, second


def voxels(decisions: Decisions) -> list[list[int]]:
    document = decisions.session.document
    return [voxels_of(document, focus).tolist() for focus in foci(document)]


def said(decisions: Decisions) -> list[dict[str, object]]:
    return [dict(focus.attributes) for focus in foci(decisions.session.document)]


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


def test_what_lies_outside_is_listed_after_bone_and_can_be_brought_back() -> None:
    volume = chest()
    volume.hu[5, 11, 50:53] = 900
    decisions = Decisions(opened(volume), find_candidates(volume))

    bone, skin = decisions.left_aside().tolist()[:1], decisions.left_aside().tolist()[1:]
    assert bone == [bone_of(decisions)]
    assert decisions.aside()[Aside.OUTSIDE] == len(skin) > 0
    bring_back(decisions, skin[0], "calcification")

    assert decisions.decision(skin[0]) is Decision.OPEN


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
