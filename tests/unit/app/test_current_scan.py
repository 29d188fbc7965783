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


@pytest.mark.parametrize(("static", "frame"), [(False, 2), (True, None)])
def test_what_is_labelled_now_is_of_this_scan_or_of_all(static: bool, frame: int | None) -> None:
    current = CurrentScan(4)
    current.go(2)

    current.make_static(on=static)

    assert current.frame_of_new == frame


def test_a_single_scan_has_no_frames() -> None:
    assert CurrentScan(1).frame_of_new is None


def test_no_more_is_laid_over_than_there_is() -> None:
    current = CurrentScan(4)

    current.accumulate(50)

    assert current.reach == 3


def test_a_sequence_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one scan"):
        CurrentScan(0)
