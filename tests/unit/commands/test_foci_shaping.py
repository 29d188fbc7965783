"""Filling between slices."""

import numpy as np

from annotator.commands.foci import NO_EDIT, foci, mark_focus, voxels_of
from annotator.commands.foci_shaping import fill_between
from annotator.model.document import Document
from annotator.model.edits import apply
from annotator.model.layers import Where

SHAPE = (9, 30, 30)


def disc(k: int, radius: float, *, at: tuple[float, float] = (15, 15)) -> Where:
    j, i = np.mgrid[: SHAPE[1], : SHAPE[2]]
    inside = (j - at[0]) ** 2 + (i - at[1]) ** 2 <= radius**2
    return np.flatnonzero(inside) + k * SHAPE[1] * SHAPE[2]


def marked(*parts: Where) -> Document:
    document = Document(extents=(SHAPE,))
    apply(mark_focus(document, np.sort(np.concatenate(parts)), "calcification"), document)
    return document


def test_a_slice_between_two_discs_is_a_disc_between_them() -> None:
    document = marked(disc(2, 4), disc(6, 8))
    (focus,) = foci(document)

    apply(fill_between(document, focus, (1.0, 1.0, 1.0)), document)

    k = np.unravel_index(voxels_of(document, focus), SHAPE)[0]
    sizes = np.bincount(k, minlength=SHAPE[0])
    assert sizes[2:7].tolist() == sorted(sizes[2:7].tolist())
    assert abs(int(sizes[4]) - len(disc(4, 6))) <= 12
    assert sizes[[0, 1, 7, 8]].tolist() == [0, 0, 0, 0]


def test_what_is_filled_follows_from_place_to_place() -> None:
    document = marked(disc(2, 5, at=(12, 12)), disc(4, 5, at=(16, 16)))
    (focus,) = foci(document)

    apply(fill_between(document, focus, (1.0, 1.0, 1.0)), document)

    k, j, i = np.unravel_index(voxels_of(document, focus), SHAPE)
    assert abs(float(j[k == 3].mean()) - 14) < 0.5
    assert abs(float(i[k == 3].mean()) - 14) < 0.5


def test_a_focus_without_gaps_stays_as_it_is() -> None:
    document = marked(disc(2, 4), disc(3, 4))
    (focus,) = foci(document)

    assert fill_between(document, focus, (1.0, 1.0, 1.0)) == NO_EDIT


def test_voxels_of_another_focus_stay_its_own() -> None:
    document = marked(disc(2, 5), disc(4, 5))
    apply(mark_focus(document, disc(3, 1), "calcification"), document)
    first, second = foci(document)

    apply(fill_between(document, first, (1.0, 1.0, 1.0)), document)

    np.testing.assert_array_equal(voxels_of(document, second), disc(3, 1))
