"""What a person must know of a series stands over the picture before the first click."""

from dataclasses import replace

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from annotator.model.findings import Finding, Severity
from annotator.model.volume import Series, Slice
from annotator.views.health_strip import HealthStrip

NOTE = Finding("localizer", "1 localizer image was set aside", Severity.NOTE)
CONTRAST = Finding("contrast", "contrast agent was given")
GAP = Finding("missing-slices", "1 slice is missing", Severity.ERROR)


@pytest.fixture
def series() -> Series:
    slices = tuple(Slice(f"{k}", f"1.{k}", (0.0, 0.0, float(k))) for k in range(3))
    return Series("1", "2", "3", slices, (3, 4, 4), np.eye(4), (1.0, 1.0, 1.0))


def strip_of(qtbot: QtBot, series: Series, *findings: Finding) -> HealthStrip:
    strip = HealthStrip(replace(series, findings=findings))
    qtbot.addWidget(strip)
    return strip


def test_a_sound_series_has_no_strip(qtbot: QtBot, series: Series) -> None:
    assert strip_of(qtbot, series, NOTE).isHidden()


def test_the_worst_finding_is_read_first_and_the_others_on_demand(
    qtbot: QtBot, series: Series
) -> None:
    strip = strip_of(qtbot, series, CONTRAST, NOTE, GAP)
    assert strip.said() == "■ 1 slice is missing"

    strip.show_all(on=True)

    assert strip.said() == "■ 1 slice is missing\n▲ contrast agent was given"
