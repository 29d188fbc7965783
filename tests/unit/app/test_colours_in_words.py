"""What stands beside the colours of a scan."""

import pytest

from annotator.app.colours_in_words import notes_of
from annotator.geometry.colouring import ColourBy, Legend
from annotator.geometry.doppler import Motion
from annotator.i18n import set_language


def test_times_say_from_when_on_they_are_told() -> None:
    assert notes_of(Legend(ColourBy.TIME, begins=1639647695.75)) == ("0 is 1639647695.75 s",)


def test_times_from_the_start_of_the_scan_say_nothing_more() -> None:
    assert notes_of(Legend(ColourBy.TIME, begins=0.0004)) == ()


@pytest.mark.parametrize(
    ("motion", "stands", "said"),
    [
        (Motion(("v_r_compensated",), is_over_ground=True), False, "own motion taken out"),
        (Motion(("velocity",)), True, "what stands has 0"),
        (Motion(("velocity",)), False, "with own motion"),
    ],
)
def test_velocities_say_whether_the_sensors_own_motion_is_in_them(
    motion: Motion, stands: bool, said: str
) -> None:
    set_language("en")

    notes = notes_of(Legend(ColourBy.VELOCITY, motion=motion, stands=stands))

    assert notes == ("+ away, − toward", said, f"field {motion.names[0]}")
