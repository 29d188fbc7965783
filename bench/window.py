"""The whole window, offscreen: a series until its first slice, and what it takes to do nothing."""

import time
from collections.abc import Iterator
from pathlib import Path

import psutil

from annotator.views.ct.ct_workbench import CtWorkbench
from annotator.views.ct.image_view import ImageView
from annotator.views.main_window import MainWindow
from bench import peers
from bench.ct import NAMES, series_folder
from bench.memory import shows_whole
from bench.orbit import HEIGHT, WIDTH
from bench.rows import Row
from bench.stage import main_window, new_folder, remove_folders, settle, wait_for
from bench.timing import Times
from bench.work_files import frames_folder, pcd_file

FIRST_MS = 150.0
IDLE_SHARE = 1.0


def rows(*, quick: bool) -> Iterator[Row]:
    window = main_window()
    yield from _first_slices(window, runs=3 if quick else 7)
    idle_s = 4.0 if quick else 10.0
    yield Row("idle, a series open", 100 * _idle(idle_s), "% of a core", IDLE_SHARE)
    window.open_path(_copied(pcd_file(1_000_000)))
    wait_for(lambda: shows_whole(window))
    settle(3.0)
    row = Row("idle, a scan of 1 M points open", 100 * _idle(idle_s), "% of a core", IDLE_SHARE)
    yield from row.beside(_labelcloud_idle())
    window.close()
    remove_folders()


def _first_slices(window: MainWindow, runs: int) -> Iterator[Row]:
    for kind in ("raw", "jpeg-ls"):
        each = [_first_slice(window, _linked(series_folder() / kind)) for _n in range(runs + 1)]
        if kind == "raw":
            yield Row("first slice of the first series", each[0], "ms", note="after a start")
        took = Times(tuple(each[1:]))
        name = f"first slice in the window, {NAMES[kind]}"
        yield Row(name, took.median_ms, "ms", FIRST_MS, note="a new project each time")


def _first_slice(window: MainWindow, folder: Path) -> float:
    """From opening a folder to a slice painted in the image view."""
    window.workspace.close()
    settle(0.3)
    began = time.perf_counter()
    window.open_path(folder)
    wait_for(lambda: _shows_slice(window))
    took = 1000 * (time.perf_counter() - began)
    wait_for(lambda: not window.background.is_busy())
    settle(0.3)
    return took


def _shows_slice(window: MainWindow) -> bool:
    """Tell whether the middle slice was painted: not the blank one that stands for no slice."""
    workbench = window.workbench
    if not isinstance(workbench, CtWorkbench):
        return False
    view = workbench.widget.findChild(ImageView) or workbench.widget
    assert isinstance(view, ImageView)
    plane = view.plane_view()
    return plane._image is not None and int(plane.pixels.argb.max() & 255) > 0


def _idle(seconds: float) -> float:
    """Return the cores that the program and its processes use while nobody does anything."""
    settle(1.0)
    before = _used_s()
    settle(seconds)
    return (_used_s() - before) / seconds


def _used_s() -> float:
    own = psutil.Process()
    used = 0.0
    for process in (own, *own.children(recursive=True)):
        times = process.cpu_times()
        used += times.user + times.system
    return used


def _linked(folder: Path) -> Path:
    """Return a new folder with the same files, so that its project begins empty."""
    place = new_folder("window-") / folder.name
    place.mkdir()
    for file in folder.iterdir():
        (place / file.name).hardlink_to(file)
    return place


def _copied(file: Path) -> Path:
    place = new_folder("window-") / file.name
    place.hardlink_to(file)
    return place


def _labelcloud_idle() -> dict[str, float | str]:
    folder = frames_folder(1, 1_000_000)
    cores = peers.number(
        "idle_cores", peers.LABELCLOUD, "labelcloud_view", folder, WIDTH, HEIGHT, 2, 0, screen=True
    )
    return {peers.title(peers.LABELCLOUD): cores if isinstance(cores, str) else 100 * cores}
