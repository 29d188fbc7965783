"""Views that a person keeps of a scan outlive its being closed."""

import shutil
from pathlib import Path

import numpy as np
from pytestqt.qtbot import QtBot

from annotator.app.scan_view import are_shown
from annotator.geometry.projection import StandardView
from annotator.views.cloud.cloud_workbench import CloudWorkbench
from annotator.views.main_window import MainWindow
from tests.gui.conftest import Opened
from tests.gui.waiting import wait_until_open

SCAN = Path(__file__).parents[2] / "sample_data" / "garage" / "scans"


def bench_of(window: MainWindow) -> CloudWorkbench:
    assert isinstance(window.workbench, CloudWorkbench)
    return window.workbench


def test_a_kept_view_is_there_when_the_scan_is_opened_again_and_the_menu_says_so(
    qtbot: QtBot, opened: Opened, tmp_path: Path
) -> None:
    scan = Path(shutil.copy(min(SCAN.glob("*.pcd")), tmp_path / "a.pcd"))
    window = opened(scan)
    before = bench_of(window)
    before.view.steering.look_from(StandardView.LEFT)
    before.view.settings.set(slab_m=(0.4, None))
    kept = before.view.camera
    window.menus["view.store_2"].trigger()
    before.view.steering.look_from(StandardView.TOP)
    before.view.settings.show_all_heights()

    window.open_path(scan)
    qtbot.waitUntil(lambda: window.workbench not in {before, None}, timeout=30_000)
    wait_until_open(qtbot, window)

    qtbot.waitUntil(window.menus["view.recall_2"].isChecked)
    assert not window.menus["view.recall_1"].isChecked()
    window.menus["view.recall_2"].trigger()
    view = bench_of(window).view
    assert view.camera.azimuth_rad == kept.azimuth_rad
    assert view.settings.look.slab_m == (0.4, None)
    assert window.menus["view.recall_2"].isChecked()


def test_a_kept_view_shows_the_storey_alone_that_was_shown_when_it_was_kept(
    qtbot: QtBot, opened: Opened, tmp_path: Path
) -> None:
    plan = np.random.default_rng(0).uniform(-15, 15, (40_000, 2))
    heights = np.array([0.0, 2.8, 3.2, 6.0])[np.arange(40_000) % 4]
    np.save(tmp_path / "two.npy", np.column_stack([plan, heights]).astype(np.float32))
    window = opened(tmp_path / "two.npy")
    view = bench_of(window).view
    qtbot.waitUntil(lambda: view.scene.survey is not None, timeout=10_000)
    window.menus["view.storey"].trigger()
    window.menus["view.storey"].trigger()
    window.menus["view.store_1"].trigger()
    window.menus["view.all_heights"].trigger()
    qtbot.waitUntil(lambda: bool(are_shown(view.shown_points).all()))

    window.menus["view.recall_1"].trigger()

    qtbot.waitUntil(lambda: bool((are_shown(view.shown_points) == (heights > 3)).all()))
