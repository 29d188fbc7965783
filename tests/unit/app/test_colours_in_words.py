"""What stands beside the colours of a scan."""

from annotator.app.colours_in_words import notes_of
from annotator.geometry.colouring import ColourBy, Legend


def test_times_say_from_when_on_they_are_told() -> None:
    assert notes_of(Legend(ColourBy.TIME, begins=1639647695.75)) == ("0 is 1639647695.75 s",)


def test_times_from_the_start_of_the_scan_say_nothing_more() -> None:
    assert notes_of(Legend(ColourBy.TIME, begins=0.0004)) == ()
