"""What is told of a series although nothing is wrong, and by which threshold it is marked."""

from dataclasses import replace

import numpy as np
import pytest

from annotator.app.series_facts import facts_in_words, pressing_threshold
from annotator.imaging.rules import CAL_130
from annotator.model.findings import Finding
from annotator.model.volume import Series, Slice

SLICES = tuple(Slice(f"{k}", f"1.{k}", (0.0, 0.0, 1.25 * k)) for k in range(2))
SERIES = Series(
    *("1", "2", "3", SLICES, (2, 4, 4), np.diag((1, 1, 1.25, 1.0)), (1.25, 1.0, 1.0)),
    kvp=120,
    kernel="B30f",
    thickness_mm=1.0,
)


def test_a_sound_series_is_told_in_one_line() -> None:
    assert facts_in_words(SERIES) == (
        "120 kV · kernel B30f · 1 mm slices, 1.25 mm apart · no contrast · no tilt · lossless"
    )


def test_what_is_unknown_or_amiss_is_told_as_well() -> None:
    found = tuple(Finding(code, "…") for code in ("contrast", "gantry-tilt", "lossy"))
    bare = replace(SERIES, kvp=None, kernel="", thickness_mm=None, findings=found)

    assert facts_in_words(bare) == (
        "kV unknown · kernel ? · ? mm slices, 1.25 mm apart · with contrast · tilted · lossy"
    )


@pytest.mark.parametrize(
    ("kvp", "said"),
    [
        (None, "the files do not say the tube voltage: 130 HU is used"),
        (110.0, "the rule has no threshold for 110 kV: 130 HU is used"),
    ],
)
def test_a_threshold_that_no_table_gives_is_explained(kvp: float | None, said: str) -> None:
    (finding,) = pressing_threshold(replace(SERIES, kvp=kvp), CAL_130)

    assert finding.text == said


def test_a_threshold_of_the_table_or_of_a_person_needs_no_word() -> None:
    assert pressing_threshold(SERIES, CAL_130) == ()
    fixed = replace(CAL_130, follows_kv=False)
    assert pressing_threshold(replace(SERIES, kvp=110), fixed) == ()
