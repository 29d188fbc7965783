"""A place in a sequence never leaves it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.app.current_scan import CurrentScan


@given(st.integers(1, 20), st.lists(st.integers(-30, 30)))
def test_no_step_leaves_the_sequence(count: int, steps: list[int]) -> None:
    current = CurrentScan(count)

    for step in steps:
        current.step(step)

        assert 0 <= current.frame < count


def test_only_a_change_is_told() -> None:
    current, told = CurrentScan(3), list[int]()
    current.changed.connect(lambda: told.append(current.frame))

    for frame in (1, 1, 9, 9, 2):
        current.go(frame)

    assert told == [1, 2]


def test_it_knows_which_way_it_goes() -> None:
    current = CurrentScan(9)
    current.go(5)

    current.step(-1)

    assert not current.goes_forward


def test_no_more_is_laid_over_than_there_is() -> None:
    current = CurrentScan(4)

    current.accumulate(50)

    assert current.reach == 3


def test_a_sequence_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one scan"):
        CurrentScan(0)
