"""Views that a person keeps of a scan outlive its being closed."""

import shutil
from pathlib import Path

from pytestqt.qtbot import QtBot

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
