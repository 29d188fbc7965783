"""Goes from scan to scan in the window: how long each takes, and what it leaves behind."""

import time
from collections.abc import Callable, Iterator
from itertools import combinations
from pathlib import Path
from statistics import median

from annotator.views.cloud.cloud_view import CloudView
from annotator.views.cloud.cloud_workbench import CloudWorkbench
from annotator.views.main_window import MainWindow
from annotator.views.sequences.sequence_steering import SequenceSteering
from bench import peers
from bench.memory import shows_whole
from bench.orbit import HEIGHT, WIDTH
from bench.rows import Row
from bench.stage import main_window, new_folder, own_memory_gb, remove_folders, settle, wait_for
from bench.timing import Times, timed
from bench.work_files import frames_folder

POINTS, SCANS = 150_000, 24
COLD_MS, AHEAD_MS, LEAK_MB = 100.0, 30.0, 0.05
IDENTITY = "1 0 0 0 0 1 0 0 0 0 1 0\n"

Found = dict[str, dict[str, float] | str]


def rows(*, quick: bool) -> Iterator[Row]:
    labelcloud = _labelcloud(8 if quick else 20)
    window = main_window()
    yield from _sequence(window, labelcloud, quick=quick)
    yield from _items(window, labelcloud, 120 if quick else 500)
    window.close()
    remove_folders()


def _sequence(window: MainWindow, labelcloud: Found, *, quick: bool) -> Iterator[Row]:
    _open(window, with_poses=True)
    workbench = window.workbench
    assert isinstance(workbench, CloudWorkbench)
    steering, view = workbench.steering, _view(window)
    assert steering is not None
    runs = 6 if quick else 20

    def cold(_n: int) -> None:
        steering.scans._ahead.forget()
        forget = getattr(steering.scans._context.clouds, "forget", None)
        assert forget is not None
        forget()
        _shown(steering, view, (steering.current.frame + 7) % SCANS)

    def ahead(n: int) -> float:
        wait_for(lambda: steering.scans.is_ready((steering.current.frame + 1) % SCANS))
        settle(0.1)
        return timed(lambda _n: _shown(steering, view, 1 + n), 1, warm=0).median_ms

    jump = timed(cold, runs)
    row = Row("next scan of a sequence, 150 k points, cold", jump.median_ms, "ms", COLD_MS)
    yield from row.beside(_of(labelcloud, "next_ms"))
    _shown(steering, view, 0)
    stepped = Times(tuple(ahead(n) for n in range(runs)))
    row = Row("next scan of a sequence, read ahead", stepped.median_ms, "ms", AHEAD_MS)
    yield from row.beside(_of(labelcloud, "next_ms"))
    switches = 120 if quick else 500
    leak_mb = _left_by(lambda n: _shown(steering, view, n % SCANS), switches)
    name = f"memory left by a step to another scan, over {switches}"
    yield from Row(name, leak_mb, "MB", LEAK_MB).beside(_of(labelcloud, "leak_mb"))


def _items(window: MainWindow, labelcloud: Found, switches: int) -> Iterator[Row]:
    _open(window, with_poses=False)
    each: list[float] = []
    leak_mb = _left_by(lambda n: each.append(_opened(window, n)), switches)
    took = Times(tuple(each[SCANS:]))
    row = Row("next item of the list, 150 k points", took.median_ms, "ms", note="window rebuilt")
    yield from row.beside(_of(labelcloud, "next_ms"))
    yield Row(f"memory left by opening another item, over {switches}", leak_mb, "MB", LEAK_MB)


def _left_by(do: Callable[[int], object], times: int) -> float:
    """Return the MB that each time leaves behind, after a round that nobody counts.

    Memory goes up and down by some 20 MB with what happens to be kept, so that two looks at it say
    nothing: it is the middle of the slopes between all pairs of rounds.
    """
    taken_mb = []
    for _round in range(1 + times // SCANS):
        for n in range(SCANS):
            do(n)
        settle(3.0)  # until what was closed has been taken away
        taken_mb.append(1024 * own_memory_gb())
    pairs = combinations(enumerate(taken_mb), 2)
    slopes = [(later - sooner) / (b - a) for (a, sooner), (b, later) in pairs]
    return max(0.0, median(slopes)) / SCANS


def _shown(steering: SequenceSteering, view: CloudView, frame: int) -> None:
    """Go to a scan, until all of it is painted."""
    if steering.current.frame == frame:
        return
    before = view.picture
    steering.current.go(frame)

    def is_there() -> bool:
        picture = view.picture
        is_new = picture is not None and picture is not before and picture.is_whole
        return is_new and view.shown.frame == frame

    wait_for(is_there)
    view.repaint()


def _opened(window: MainWindow, n: int) -> float:
    """Open another item of the list, until its whole picture is painted."""
    items = window.workspace.items()
    item = items[n % len(items)]
    if item.id == window.workspace.current_id:
        return 0.0
    began = time.perf_counter()
    window.openings.open_item(item)
    wait_for(lambda: window.workspace.current_id == item.id and shows_whole(window))
    return 1000 * (time.perf_counter() - began)


def _open(window: MainWindow, *, with_poses: bool) -> None:
    window.open_path(_folder(with_poses=with_poses))
    wait_for(lambda: not window.background.is_busy() and shows_whole(window))
    settle(1.0)


def _view(window: MainWindow) -> CloudView:
    assert window.workbench is not None
    widget = window.workbench.widget
    view = widget if isinstance(widget, CloudView) else widget.findChild(CloudView)
    assert isinstance(view, CloudView)
    return view


def _folder(*, with_poses: bool) -> Path:
    """Return a new folder with the scans, so that its project begins empty."""
    place = new_folder("window-") / "scans"
    place.mkdir()
    for file in frames_folder(SCANS, POINTS).iterdir():
        (place / file.name).hardlink_to(file)
    if with_poses:
        (place / "poses.txt").write_text(IDENTITY * SCANS)
    return place


def _labelcloud(switches: int) -> Found:
    title = peers.title(peers.LABELCLOUD)
    folder = frames_folder(SCANS, POINTS)
    try:
        found = peers.measure(
            peers.LABELCLOUD, "labelcloud_view", folder, WIDTH, HEIGHT, 3, switches, screen=True
        )
    except peers.AbsentPeerError as absent:
        return {title: str(absent)}
    return {title: found}


def _of(found: Found, key: str) -> dict[str, float | str]:
    return {name: v if isinstance(v, str) else v[key] for name, v in found.items()}
