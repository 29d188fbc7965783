"""A rule's title means one rule for ever."""

from dataclasses import replace

import pytest

from annotator.imaging.rules import CAL_130, Rule


@pytest.mark.parametrize(("version", "then"), [("1", "2"), ("2026", "2027"), ("a", "a.2")])
def test_other_numbers_under_a_known_title_get_the_next_version(version: str, then: str) -> None:
    rule = Rule("House", version)
    stricter = replace(rule, at_least_hu=200.0)

    assert stricter.told_apart((CAL_130, rule)) == replace(stricter, version=then)


def test_a_version_that_was_used_before_is_not_used_again() -> None:
    first, second = CAL_130, replace(CAL_130, version="2", at_least_hu=200.0)

    third = replace(CAL_130, at_least_hu=210.0).told_apart((first, second))

    assert third.title() == "CAL-130 v3"


def test_going_back_to_a_rule_takes_its_title_back() -> None:
    known = (CAL_130, replace(CAL_130, version="2", at_least_hu=200.0))

    assert CAL_130.told_apart(known) == CAL_130
