"""Labels never lie on other pixels than those that were labelled without a word."""

import shutil
from pathlib import Path

import pydicom
import pytest
from pytestqt.qtbot import QtBot

from annotator.app.ct_rule import may_measure, why_not_measured
from annotator.app.series_facts import findings_of
from annotator.app.session import Session
from annotator.model.annotations import Annotation
from annotator.model.edits import Put
from annotator.model.items import Status
from annotator.model.shapes import Focus
from annotator.views.ct.measure_anyway import measure_anyway
from annotator.views.main_window import MainWindow
from tests.gui.conftest import Opened

CHEST = Path(__file__).parents[2] / "sample_data" / "chest" / "B30f"
LONG_MS = 60_000


@pytest.fixture
def chest(tmp_path: Path) -> Path:
    return Path(shutil.copytree(CHEST, tmp_path / "chest"))


def session_of(window: MainWindow) -> Session:
    assert window.workspace.session is not None
    return window.workspace.session


def mark_a_focus(window: MainWindow) -> None:
    session_of(window).do(Put(Annotation("calcification", Focus(1))), "Mark a focus")


def open_again(window: MainWindow, qtbot: QtBot, folder: Path) -> None:
    window.workspace.close()
    window.open_path(folder)
    qtbot.waitUntil(lambda: not window.background.is_busy(), timeout=LONG_MS)
    qtbot.wait(100)  # menus follow the picture


def flip_a_slice(folder: Path, *, under_its_name: bool = True) -> None:
    file = sorted(folder.glob("*.dcm"))[40]
    data = pydicom.dcmread(file)
    data.decompress(generate_instance_uid=not under_its_name)
    data.PixelData = data.pixel_array[:, ::-1].tobytes()
    data.save_as(file)


def turn_the_stack_over(folder: Path) -> None:
    for file in folder.glob("*.dcm"):
        data = pydicom.dcmread(file)
        x, y, z = data.ImagePositionPatient
        data.ImagePositionPatient = [x, y, -z]
        data.save_as(file)


def codes(window: MainWindow) -> list[str]:
    return [finding.code for finding in findings_of(session_of(window))]


@pytest.mark.parametrize("under_its_name", [True, False])
def test_a_slice_that_was_changed_in_place_is_named_and_nothing_is_edited_by_mistake(
    opened: Opened,
    qtbot: QtBot,
    chest: Path,
    under_its_name: bool,
) -> None:
    window = opened(chest)
    mark_a_focus(window)

    flip_a_slice(chest, under_its_name=under_its_name)
    open_again(window, qtbot, chest)

    assert codes(window)[0] == "pixels-changed"
    assert "The pixels of 1 slice are not those" in findings_of(session_of(window))[0].text
    assert session_of(window).read_only
    assert window.menus["edit.unlock"].isEnabled()


def test_who_edits_it_all_the_same_has_seen_the_new_pixels(
    opened: Opened, qtbot: QtBot, chest: Path
) -> None:
    window = opened(chest)
    mark_a_focus(window)
    flip_a_slice(chest)
    open_again(window, qtbot, chest)

    window.menus["edit.unlock"].trigger()

    assert not session_of(window).read_only
    assert "pixels-changed" not in codes(window)
    open_again(window, qtbot, chest)
    assert "pixels-changed" not in codes(window)
    assert not session_of(window).read_only


def test_pixels_that_changed_before_anything_was_labelled_are_no_matter(
    opened: Opened, qtbot: QtBot, chest: Path
) -> None:
    window = opened(chest)

    flip_a_slice(chest)
    open_again(window, qtbot, chest)
    mark_a_focus(window)
    open_again(window, qtbot, chest)

    assert "pixels-changed" not in codes(window)
    assert not session_of(window).read_only


def test_an_untouched_series_is_opened_as_it_was_left(
    opened: Opened, qtbot: QtBot, chest: Path
) -> None:
    window = opened(chest)
    mark_a_focus(window)

    open_again(window, qtbot, chest)

    assert "pixels-changed" not in codes(window)
    assert not session_of(window).read_only


def test_slices_that_lie_elsewhere_in_the_stack_carry_no_labels_silently(
    opened: Opened, qtbot: QtBot, chest: Path
) -> None:
    window = opened(chest)
    mark_a_focus(window)

    turn_the_stack_over(chest)
    open_again(window, qtbot, chest)

    assert codes(window)[0] == "pixels-changed"
    assert session_of(window).read_only


def test_on_changed_pixels_nothing_is_measured_and_a_closed_scan_is_open_again_once_it_is_edited(
    opened: Opened, qtbot: QtBot, chest: Path
) -> None:
    window = opened(chest)
    mark_a_focus(window)
    window.workspace.set_status(Status.DONE)
    flip_a_slice(chest)
    open_again(window, qtbot, chest)

    (shown,) = window.workspace.items()
    assert shown.status is Status.DONE
    assert not may_measure(session_of(window))
    assert "not those that were labelled" in why_not_measured(session_of(window))
    assert measure_anyway(session_of(window)) is None

    window.menus["edit.unlock"].trigger()

    (edited,) = window.workspace.items()
    assert edited.status is Status.IN_PROGRESS
    assert may_measure(session_of(window))


def test_a_chest_that_was_closed_without_a_focus_is_looked_at_as_well(
    opened: Opened, qtbot: QtBot, chest: Path
) -> None:
    window = opened(chest)
    window.workspace.set_status(Status.DONE)

    flip_a_slice(chest)
    open_again(window, qtbot, chest)

    assert codes(window)[0] == "pixels-changed"


def test_a_slice_that_was_removed_is_refused_in_one_sentence(
    opened: Opened, qtbot: QtBot, chest: Path
) -> None:
    window = opened(chest)
    mark_a_focus(window)
    told: list[str] = []
    window.openings.failed.connect(told.append)

    min(chest.glob("*.dcm")).unlink()
    open_again(window, qtbot, chest)

    assert len(told) == 1
    assert "its size has changed" in told[0]
