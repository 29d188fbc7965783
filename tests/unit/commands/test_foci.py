from collections.abc import Callable

import numpy as np
import pytest
import scipy.ndimage

from annotator.commands import foci as verbs
from annotator.model.annotations import Annotation, Origin
from annotator.model.document import Document
from annotator.model.edits import Edit, apply
from annotator.model.layers import Where
from annotator.model.shapes import Focus

SHAPE = (4, 10, 12)


def box(k: slice, j: slice, i: slice) -> Where:
    taken = np.zeros(SHAPE, bool)
    taken[k, j, i] = True
    return np.flatnonzero(taken)


LEFT = box(slice(1, 3), slice(2, 5), slice(2, 5))
RIGHT = box(slice(1, 3), slice(2, 5), slice(5, 8))


@pytest.fixture
def document() -> Document:
    return Document(extents=(SHAPE,))


def marked(document: Document, where: Where, **said: object) -> Annotation:
    apply(verbs.mark_focus(document, where, "calcification", **said), document)  # type: ignore[arg-type]  # passed through
    return list(document.annotations.values())[-1]


def test_a_marked_focus_has_its_voxels_and_its_annotation(document: Document) -> None:
    focus = marked(document, LEFT)

    np.testing.assert_array_equal(verbs.voxels_of(document, focus), LEFT)
    assert verbs.focus_at(document, int(LEFT[0])) == focus
    assert focus.label == "calcification"


def test_foci_that_touch_stay_two(document: Document) -> None:
    first = marked(document, LEFT)

    second = marked(document, np.union1d(LEFT, RIGHT))

    np.testing.assert_array_equal(verbs.voxels_of(document, first), LEFT)
    np.testing.assert_array_equal(verbs.voxels_of(document, second), RIGHT)


def test_marking_what_is_marked_already_changes_nothing(document: Document) -> None:
    marked(document, LEFT)

    assert verbs.mark_focus(document, LEFT, "calcification") == verbs.NO_EDIT


def test_extending_a_focus_leaves_the_neighbours_voxels_alone(document: Document) -> None:
    first, second = marked(document, LEFT), marked(document, RIGHT)
    more = box(slice(1, 3), slice(2, 6), slice(2, 8))

    apply(verbs.extend_focus(document, first, more), document)

    assert len(verbs.voxels_of(document, first)) == len(more) - len(RIGHT)
    np.testing.assert_array_equal(verbs.voxels_of(document, second), RIGHT)


def test_erasing_the_last_voxel_removes_the_focus(document: Document) -> None:
    focus = marked(document, LEFT)

    apply(verbs.erase(document, LEFT[:-1]), document)
    assert focus.id in document.annotations
    apply(verbs.erase(document, LEFT), document)

    assert document.is_empty()


def test_erasing_one_focus_spares_the_other(document: Document) -> None:
    first, _second = marked(document, LEFT), marked(document, RIGHT)

    apply(verbs.erase(document, RIGHT), document)

    assert list(document.annotations) == [first.id]
    assert not document.instances().take(RIGHT).any()


def test_erasing_nothing_is_no_edit(document: Document) -> None:
    assert verbs.erase(document, LEFT) == verbs.NO_EDIT


def test_merged_foci_are_one_with_the_firsts_attributes(document: Document) -> None:
    first = marked(document, LEFT, attributes={"pattern": "solid"})
    second = marked(document, RIGHT)

    apply(verbs.merge_foci(document, (first.id, second.id)), document)

    assert list(document.annotations.values()) == [first]
    assert len(verbs.voxels_of(document, first)) == len(LEFT) + len(RIGHT)


def test_a_split_focus_is_one_per_connected_part(document: Document) -> None:
    apart = box(slice(3, 4), slice(7, 9), slice(9, 12))
    focus = marked(document, np.union1d(LEFT, apart), attributes={"site": "lung"})

    apply(verbs.split_focus(document, focus), document)

    parts = verbs.foci(document)
    assert [len(verbs.voxels_of(document, p)) for p in parts] == [len(LEFT), len(apart)]
    assert [p.attributes["site"] for p in parts] == ["lung", "lung"]
    assert verbs.split_focus(document, focus) == verbs.NO_EDIT


def test_islands_below_a_size_are_removed_and_the_largest_part_stays(document: Document) -> None:
    island = box(slice(3, 4), slice(7, 8), slice(9, 12))
    focus = marked(document, np.union1d(LEFT, island))

    apply(verbs.remove_islands(document, focus, fewer_than=1000), document)

    np.testing.assert_array_equal(verbs.voxels_of(document, focus), LEFT)


def test_growing_by_a_voxel_takes_what_reaches_the_value(document: Document) -> None:
    hu = np.full(SHAPE, 100, np.int16)
    hu.flat[RIGHT] = 200
    focus = marked(document, LEFT)

    apply(verbs.grow_by_a_voxel(document, focus, hu, at_least_hu=130), document)

    taken = np.zeros(SHAPE, bool)
    taken.flat[LEFT] = True
    around = scipy.ndimage.binary_dilation(taken, np.ones((3, 3, 3))) & (hu >= 130)
    np.testing.assert_array_equal(verbs.voxels_of(document, focus), np.flatnonzero(taken | around))


def test_shrinking_by_a_voxel_peels_each_slice(document: Document) -> None:
    focus = marked(document, box(slice(1, 2), slice(2, 7), slice(0, 5)))

    apply(verbs.shrink_by_a_voxel(document, focus), document)

    np.testing.assert_array_equal(
        verbs.voxels_of(document, focus), box(slice(1, 2), slice(3, 6), slice(1, 4))
    )


def test_a_focus_is_not_shrunk_to_nothing(document: Document) -> None:
    focus = marked(document, box(slice(1, 2), slice(2, 4), slice(2, 4)))

    assert verbs.shrink_by_a_voxel(document, focus) == verbs.NO_EDIT


def test_suggestions_are_put_forward_together_and_spare_what_is_marked(document: Document) -> None:
    mine = marked(document, LEFT)
    apart = box(slice(3, 4), slice(7, 9), slice(9, 12))

    apply(verbs.suggest_foci(document, [LEFT, RIGHT, apart], "calcification"), document)

    first, second = (a for a in verbs.foci(document) if a.origin is Origin.SUGGESTION)
    np.testing.assert_array_equal(verbs.voxels_of(document, mine), LEFT)
    np.testing.assert_array_equal(verbs.voxels_of(document, first), RIGHT)
    np.testing.assert_array_equal(verbs.voxels_of(document, second), apart)


def test_a_claimed_suggestion_is_a_persons_own_and_its_guessed_site_is_forgotten(
    document: Document,
) -> None:
    said = {"pattern": "central", "site": "pleura"}
    found = marked(document, LEFT, origin=Origin.SUGGESTION, attributes=said)

    apply(verbs.claim(found), document)

    claimed = document.annotations[found.id]
    assert claimed.origin is Origin.HAND
    assert claimed.attributes == {"pattern": "central"}


def test_a_dismissed_suggestion_keeps_its_voxels_and_the_reason(document: Document) -> None:
    found = marked(document, LEFT, origin=Origin.SUGGESTION)

    apply(verbs.dismiss(document, (found.id,), "bone"), document)

    assert document.annotations[found.id].dismissed == "bone"
    assert len(verbs.voxels_of(document, found)) == len(LEFT)


def test_a_suggestion_is_not_dismissed_without_a_reason(document: Document) -> None:
    found = marked(document, LEFT, origin=Origin.SUGGESTION)

    with pytest.raises(ValueError, match="reason"):
        verbs.dismiss(document, (found.id,), "")


def test_a_number_that_voxels_still_hold_is_not_given_again(document: Document) -> None:
    document.instances().put(LEFT, np.array([41], np.uint32))

    assert verbs.next_instance(document) == 42


@pytest.mark.parametrize(
    "verb",
    [
        lambda d, a, b: verbs.remove_foci(d, (a.id, b.id)),
        lambda d, a, b: verbs.merge_foci(d, (a.id, b.id)),
        lambda d, _a, _b: verbs.erase(d, LEFT),
        lambda d, a, b: verbs.set_attribute(d, (a.id, b.id), "site", "pleura"),
        lambda d, _a, b: verbs.dismiss(d, (b.id,), "artefact"),
        lambda d, a, _b: verbs.shrink_by_a_voxel(d, a),
    ],
)
def test_every_verb_is_one_step_that_can_be_taken_back(
    document: Document, verb: Callable[[Document, Annotation, Annotation], Edit]
) -> None:
    first, second = marked(document, LEFT), marked(document, RIGHT)
    before = dict(document.annotations), document.instances().copy()

    undo = apply(verb(document, first, second), document)
    assert (dict(document.annotations), document.instances()) != before
    apply(undo, document)

    assert (dict(document.annotations), document.instances()) == before


def test_what_is_no_focus_has_no_voxels(document: Document) -> None:
    other = Annotation("nodule", Focus(7))

    assert len(verbs.voxels_of(document, other)) == 0
    assert verbs.focus_of(document, 7) is None
