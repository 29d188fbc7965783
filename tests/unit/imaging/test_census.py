import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.imaging.census import Census
from annotator.model.layers import Layer

strokes = st.lists(
    st.tuples(st.lists(st.integers(0, 59), min_size=1, unique=True), st.integers(0, 4)), max_size=6
)


@settings(max_examples=60, deadline=None)
@given(strokes=strokes)
def test_a_census_kept_up_to_date_equals_a_new_one(strokes: list[tuple[list[int], int]]) -> None:
    layer = Layer((5, 3, 4))
    census = Census(layer)

    for places, value in strokes:
        where = np.array(sorted(places))
        layer.put(where, np.array([value], np.uint32))
        census.refresh(layer.touched(where))

    assert census.instances() == sorted(layer.counts())
    for instance in census.instances():
        np.testing.assert_array_equal(census.where(instance), layer.where(instance))


def test_only_foci_whose_voxels_changed_are_reported() -> None:
    layer = Layer((4, 3, 4))
    layer.put(np.array([0, 1]), np.array([1], np.uint32))
    layer.put(np.array([5]), np.array([2], np.uint32))
    census = Census(layer)
    layer.put(np.array([1, 2]), np.array([3], np.uint32))

    changed = census.refresh([0])

    assert changed == {1, 3}
    assert census.slices_of(2) == [0]


def test_a_focus_that_is_gone_is_no_longer_listed() -> None:
    layer = Layer((4, 3, 4))
    layer.put(np.array([30]), np.array([9], np.uint32))
    census = Census(layer)
    layer.put(np.array([30]), np.array([0], np.uint32))

    assert census.refresh([2]) == {9}
    assert census.instances() == []
    assert len(census.where(9)) == 0
