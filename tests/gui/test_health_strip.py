"""What a person must know of a series stands over the picture before the first click."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from annotator.app.ct_rule import may_measure
from annotator.app.session import Session
from annotator.formats.format import Context
from annotator.model.document import Document
from annotator.model.findings import Finding, Severity
from annotator.model.labels import CHEST
from annotator.model.volume import Series, Slice, Volume
from annotator.views.ct.health_strip import HealthStrip

NOTE = Finding("localizer", "1 localizer image was set aside", Severity.NOTE)
CONTRAST = Finding("contrast", "contrast agent was given")
GAP = Finding("missing-slices", "1 slice is missing", Severity.ERROR)


@pytest.fixture
def series() -> Series:
    slices = tuple(Slice(f"{k}", f"1.{k}", (0.0, 0.0, float(k))) for k in range(3))
    return Series("1", "2", "3", slices, (3, 4, 4), np.eye(4), (1.0, 1.0, 1.0), kvp=120)


def strip_of(qtbot: QtBot, series: Series, *findings: Finding) -> HealthStrip:
    shown = replace(series, findings=findings, measurable=GAP not in findings)
    context = Context(CHEST, series=shown, volume=Volume(shown, np.zeros(shown.shape, np.int16)))
    strip = HealthStrip(Session.in_memory(Document(extents=(shown.shape,)), context))
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


def test_errors_are_told_from_warnings_by_sign_and_colour(qtbot: QtBot, series: Series) -> None:
    strip = strip_of(qtbot, series, CONTRAST, GAP)

    strip.show_all(on=True)

    roles = [label.property("role") for label in strip.findChildren(QLabel)]
    assert roles[-2:] == ["error", "warning"]


def test_a_doubtful_series_is_measured_after_one_press_where_the_doubt_is_read(
    qtbot: QtBot, series: Series
) -> None:
    strip = strip_of(qtbot, series, GAP)
    (anyway,) = strip.findChildren(QPushButton)

    anyway.click()

    qtbot.waitUntil(lambda: not strip.findChildren(QPushButton))
    assert may_measure(strip.session)
    assert strip.said() == "■ 1 slice is missing"


def test_a_sound_series_has_nothing_to_acknowledge(qtbot: QtBot, series: Series) -> None:
    assert not strip_of(qtbot, series, CONTRAST).findChildren(QPushButton)


def test_what_is_learnt_late_is_read_late(qtbot: QtBot, series: Series) -> None:
    strip = strip_of(qtbot, series)
    late = replace(series, findings=(GAP,), measurable=False)
    strip.session.context = replace(strip.session.context, series=late)

    strip.refresh()

    assert strip.said() == "■ 1 slice is missing"
    assert not strip.isHidden()


def test_a_tube_voltage_that_the_rule_does_not_know_is_said(qtbot: QtBot, series: Series) -> None:
    strip = strip_of(qtbot, replace(series, kvp=110))

    assert strip.said() == "▲ the rule has no threshold for 110 kV: 130 HU is used"
