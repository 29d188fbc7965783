"""Each candidate is accepted or dismissed in one step, and says what it is."""

import numpy as np
import pytest

from annotator.app.decided import REASONS, Decision
from annotator.app.deciding import accept, bring_back, dismiss, dismiss_wall, open_again, say_site
from annotator.app.decisions import Decisions
from annotator.app.missing import progress_in_words
from annotator.commands.foci import (
    foci,
    is_counted,
    suggest_foci,
)
from annotator.imaging.candidates import Aside, Order, find_candidates
from annotator.model.annotations import Origin
from annotator.model.edits import Edit
from tests.unit.app.decisions.conftest import chest, opened, said


def bone_of(decisions: Decisions) -> int:
    (bone,) = np.flatnonzero(decisions.candidates.bone).tolist()
    return int(bone)


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


def test_a_site_that_a_person_confirmed_outlives_a_dismissal(decisions: Decisions) -> None:
    number = int(decisions.candidates.in_order()[0])
    accept(decisions, number, "calcification")
    say_site(decisions, number, decisions.guess(number))

    dismiss(decisions, number, "calcification", "bone")
    accept(decisions, number, "calcification")

    assert said(decisions) == [{"site": decisions.guess(number)}]


def test_what_lies_outside_is_listed_after_bone_and_can_be_brought_back() -> None:
    volume = chest()
    volume.hu[5, 11, 50:53] = 900
    decisions = Decisions(opened(volume), find_candidates(volume))

    bone, skin = decisions.left_aside().tolist()[:1], decisions.left_aside().tolist()[1:]
    assert bone == [bone_of(decisions)]
    assert decisions.aside()[Aside.OUTSIDE] == len(skin) > 0
    bring_back(decisions, skin[0], "calcification")

    assert decisions.decision(skin[0]) is Decision.OPEN
