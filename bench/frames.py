"""Goes from scan to scan in the window: how long each takes, and what it leaves behind."""

import time
from collections.abc import Iterator
from pathlib import Path

from annotator.views.main_window import MainWindow
from bench import peers
from bench.memory import shows_whole
from bench.orbit import HEIGHT, WIDTH
from bench.rows import Row
from bench.stage import main_window, memory_gb, new_folder, remove_folders, settle, wait_for
from bench.timing import Times
from bench.work_files import frames_folder

POINTS, SCANS = 150_000, 24
COLD_MS, LEAK_MB = 100.0, 0.05


def rows(*, quick: bool) -> Iterator[Row]:
    switches = 60 if quick else 500
    window = main_window()
    window.open_path(_folder())
    wait_for(lambda: shows_whole(window))
    settle(1.0)
    each = [_next(window, n) for n in range(SCANS)]
    before_gb = _settled_gb()
    each += [_next(window, n) for n in range(switches)]
    leak_mb = 1024 * (_settled_gb() - before_gb) / switches
    window.close()
    remove_folders()
    took = Times(tuple(each[SCANS:]))
    labelcloud = _labelcloud(8 if quick else 20)
    note = f"99 % within {took.share_ms(0.99):.0f} ms; read from its file each time"
    yield from Row("next scan, 150 k points", took.median_ms, "ms", COLD_MS, note=note).beside(
        _of(labelcloud, "next_ms")
    )
    name = f"memory left by a change of scans, over {switches}"
    yield from Row(name, leak_mb, "MB", LEAK_MB).beside(_of(labelcloud, "leak_mb"))


def _next(window: MainWindow, n: int) -> float:
    """Open the next item of the list until its whole picture is painted."""
    items = window.workspace.items()
    item = items[n % len(items)]
    if item.id == window.workspace.current_id:
        item = items[(n + 1) % len(items)]
    began = time.perf_counter()
    window.openings.open_item(item)
    wait_for(lambda: window.workspace.current_id == item.id and shows_whole(window))
    return 1000 * (time.perf_counter() - began)


def _settled_gb() -> float:
    settle(2.0)
    return memory_gb()


def _folder() -> Path:
    """Return a new folder with the scans, so that its project begins empty."""
    place = new_folder("window-") / "scans"
    place.mkdir()
    for file in frames_folder(SCANS, POINTS).iterdir():
        (place / file.name).hardlink_to(file)
    return place


def _labelcloud(switches: int) -> dict[str, dict[str, float] | str]:
    title = peers.title(peers.LABELCLOUD)
    folder = frames_folder(SCANS, POINTS)
    try:
        found = peers.measure(
            peers.LABELCLOUD, "labelcloud_view", folder, WIDTH, HEIGHT, 3, switches, screen=True
        )
    except peers.AbsentPeerError as absent:
        return {title: str(absent)}
    return {title: found}


def _of(found: dict[str, dict[str, float] | str], key: str) -> dict[str, float | str]:
    return {name: v if isinstance(v, str) else v[key] for name, v in found.items()}
