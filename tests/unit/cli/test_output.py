"""Facts are printed so that people can read them."""

import pytest

from annotator.cli.output import table


def test_numbers_are_short_and_places_are_plain(capsys: pytest.CaptureFixture[str]) -> None:
    table([("a", 54.583333333333336, [30.11111, 2.0, -0.5], True)])

    assert capsys.readouterr().out == "a  54.583  30.111, 2, -0.5  yes\n"


def test_columns_line_up_under_their_heads(capsys: pytest.CaptureFixture[str]) -> None:
    table([("车", 1), ("wall", 22)], head=("class", "count"))

    assert capsys.readouterr().out.splitlines() == ["class  count", "车     1", "wall   22"]


def test_a_sentence_instead_of_numbers_widens_no_column(
    capsys: pytest.CaptureFixture[str],
) -> None:
    table([("1,2", "car", 4.5), ("5,5", "there is nothing here; click a point of the object")])

    assert capsys.readouterr().out.splitlines() == [
        "1,2  car  4.5",
        "5,5  there is nothing here; click a point of the object",
    ]
