"""Slices of 4 000 × 4 000 pixels, of which a detector or a bad export makes some, are slices."""

from pathlib import Path

import numpy as np
from pytestqt.qtbot import QtBot

from annotator.formats.dicom.series import find_series
from annotator.formats.dicom.volume import read_volume
from annotator.views.ct.ct_workbench import CtWorkbench
from tests.gui.conftest import Opened
from tests.unit.formats.dicom.ct_maker import ct_slice, save

SIDE, COUNT = 4000, 3
LONG_MS = 120_000


def large_series(folder: Path) -> Path:
    stored = np.zeros((SIDE, SIDE), np.int16)
    stored[400:3600, 400:3600] = 1024 + 30
    stored[2000:2040, 2000:2040] = 1024 + 400
    for k in range(COUNT):
        ct = ct_slice(k)
        ct.Rows = ct.Columns = SIDE
        ct.PixelSpacing = [0.08, 0.08]
        ct.PixelData = stored.tobytes()
        save(ct, folder / f"{k}.dcm")
    return folder


def test_a_few_slices_of_sixteen_million_pixels_are_read_and_shown(
    qtbot: QtBot, opened: Opened, tmp_path: Path
) -> None:
    folder = large_series(tmp_path / "ct")
    (series,) = find_series(folder).series
    assert read_volume(series).hu[1, 2020, 2020] == 400

    window = opened(folder)

    assert isinstance(window.workbench, CtWorkbench)
    view = window.workbench.widget
    qtbot.waitUntil(lambda: view.rail.decisions is not None, timeout=LONG_MS)
    assert view.state is not None
    assert view.state.hu.shape == (COUNT, SIDE, SIDE)
    shown = view.plane_view().grab().toImage()
    assert shown.pixelColor(shown.rect().center()).value() > 100
    assert view.rail.cards.total() == 1
