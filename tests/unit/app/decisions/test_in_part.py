"""A focus that is not its candidate: cut, merged, grown or erased in part."""

import pytest

from annotator.app.decided import Decision
from annotator.app.deciding import accept, dismiss, open_again, say_site
from annotator.app.decisions import Decisions
from annotator.commands.foci import dismiss as dismiss_foci
from annotator.commands.foci import (
    erase,
    foci,
    grow_by_a_voxel,
    mark_focus,
    merge_foci,
    suggest_foci,
    voxels_of,
)
from annotator.commands.foci_shaping import cut_foci
from annotator.errors import AnnotatorError
from annotator.imaging.candidates import Order
from annotator.imaging.slabs import Plane
from tests.unit.app.decisions.conftest import said


def accepted_and_erased(decisions: Decisions) -> int:
    """Accept the first candidate, and erase one voxel of it."""
    session, number = decisions.session, int(decisions.candidates.in_order()[0])
    accept(decisions, number, "calcification", {"pattern": "popcorn"})
    where = decisions.candidates.found.where(number)
    session.do(erase(session.document, where[:1]), "Erase")
    return number


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


def test_a_focus_that_holds_a_part_leaves_the_rest_unexplained(decisions: Decisions) -> None:
    session = decisions.session
    number = int(decisions.candidates.in_order()[0])
    where = decisions.candidates.found.where(number)

    session.do(mark_focus(session.document, where[1:], "calcification"), "Mark")

    left = decisions.residual()
    assert number in left.open
    assert int(where[0]) in left.where


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


def test_a_suggestion_of_a_part_is_accepted_with_the_rest_as_one_focus(
    decisions: Decisions,
) -> None:
    session, number = decisions.session, int(decisions.candidates.in_order()[0])
    where = decisions.candidates.found.where(number)
    session.do(suggest_foci(session.document, [where[:2]], "calcification"), "Suggest")

    accept(decisions, number, "calcification", {"pattern": "solid"})

    assert voxels(decisions) == [where.tolist()]
    assert said(decisions) == [{"pattern": "solid"}]


def test_what_was_cut_or_merged_is_not_opened_again_by_a_key(decisions: Decisions) -> None:
    number = accepted_and_cut(decisions)
    before = voxels(decisions)

    with pytest.raises(AnnotatorError, match="several foci"):
        open_again(decisions, number)

    assert voxels(decisions) == before
