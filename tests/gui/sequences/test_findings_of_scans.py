"""What is found in other scans of a drive is told, and which of them nobody checked."""

from dataclasses import replace

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from annotator.commands.boxes import pulled
from annotator.model.annotations import Annotation
from annotator.model.edits import Put
from annotator.model.shapes import Face
from annotator.views.cloud.cloud_workbench import CloudWorkbench
from annotator.views.fields import Press
from annotator.views.panels.findings import FindingsPanel
from tests.gui.sequences.conftest import do, label, session_of, steering_of, true_box


@pytest.fixture
def panel(qtbot: QtBot, bench: CloudWorkbench) -> FindingsPanel:
    made = FindingsPanel(steering_of(bench)._selection)
    qtbot.addWidget(made)
    made.show_counts(bench.view.counts)
    made.show_check(steering_of(bench).check)
    made.show_session(session_of(bench))
    return made


def lines(panel: FindingsPanel) -> list[Press]:
    content = panel._area.widget()
    return content.findChildren(Press) if content is not None else []


def words(panel: FindingsPanel) -> list[str]:
    content = panel._area.widget()
    labels = content.findChildren(QLabel) if content is not None else []
    return [*(one.text() for one in labels), *(one.text() for one in lines(panel))]


def press(panel: FindingsPanel, begins: str) -> None:
    next(one for one in lines(panel) if one.text().startswith(begins)).click()


def test_what_a_scan_has_is_told_in_the_next_and_a_click_leads_back(
    bench: CloudWorkbench, panel: FindingsPanel, qtbot: QtBot
) -> None:
    far = replace(true_box(0), center_m=(400.0, 0.0, 1.0))
    label(bench, far)
    qtbot.waitUntil(lambda: any(text.startswith("▲ #1 Car has") for text in words(panel)))

    do(bench, "next")

    qtbot.waitUntil(lambda: "Scan 2: nothing is amiss" in words(panel))
    qtbot.waitUntil(lambda: "2 of 12 scans checked as they are now" in words(panel))
    assert "1 finding in other scans" in words(panel)
    assert steering_of(bench).timeline.strip._found == {0: 1}
    press(panel, "▲ Scan 1: 1 finding")
    assert steering_of(bench).current.frame == 0


def test_what_was_mended_is_found_no_longer(
    bench: CloudWorkbench, panel: FindingsPanel, qtbot: QtBot
) -> None:
    made = label(bench, replace(true_box(0), center_m=(400.0, 0.0, 1.0)))
    qtbot.waitUntil(lambda: any(text.startswith("▲ #1 Car has") for text in words(panel)))
    do(bench, "next")
    qtbot.waitUntil(lambda: "1 finding in other scans" in words(panel))

    session_of(bench).do(Put(replace(made, shape=true_box(0))), "Move box")

    qtbot.waitUntil(lambda: "1 finding in other scans" not in words(panel))
    assert steering_of(bench).timeline.strip._found == {}
    qtbot.waitUntil(lambda: any(text.startswith("1 of 12 scans checked") for text in words(panel)))


def test_the_scans_that_nobody_saw_are_checked_beside_the_window(
    bench: CloudWorkbench, panel: FindingsPanel, qtbot: QtBot
) -> None:
    low = Annotation("car", pulled(true_box(9, 42), Face.TOP, -0.2), frame=9)
    session_of(bench).do(Put(replace(low, frame=None)), "Draw box")
    qtbot.waitUntil(lambda: any(text.startswith("1 of 12 scans") for text in words(panel)))

    press(panel, "Check the others")

    all_checked = "12 of 12 scans checked as they are now"
    qtbot.waitUntil(lambda: all_checked in words(panel), timeout=60_000)
    here, elsewhere = steering_of(bench).check.counts().items()
    assert here == (0, 1)  # too few points
    assert elsewhere[1] == 1  # once too low, though several scans show it
    assert "Check the others" not in words(panel)


def test_a_finding_calls_its_object_by_the_number_in_the_list(
    bench: CloudWorkbench, panel: FindingsPanel, qtbot: QtBot
) -> None:
    label(bench, true_box(0))
    label(bench, replace(true_box(0), center_m=(400.0, 0.0, 1.0)))

    qtbot.waitUntil(lambda: any(text.startswith("▲ #2 Car has ") for text in words(panel)))
