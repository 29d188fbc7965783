"""Measures what an open scan takes, in a process that does nothing else.

python -c "from bench.memory import main; main()" cloud 5000000
python -c "from bench.memory import main; main()" series bench/work/ct/raw
"""

import json
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from annotator.views.cloud.cloud_view import CloudView
from annotator.views.main_window import MainWindow
from bench import peers
from bench.orbit import in_words
from bench.rows import Row
from bench.stage import (
    main_window,
    memory_gb,
    remove_folders,
    settle,
    untouched_gb,
    wait_for,
)
from bench.work_files import pcd_file

TARGETS_GB = {5_000_000: 0.6, 20_000_000: 1.8}
_LOOK_S = 0.01


def rows(*, quick: bool) -> Iterator[Row]:
    for points, target_gb in TARGETS_GB.items():
        pcd_file(points)
        taken = taken_by("cloud", points)
        note = f"the whole window and its processes; {taken['peak_gb']:.2f} GB at most on the way"
        row = Row(
            f"memory, {in_words(points)} points open", taken["after_gb"], "GB", target_gb, note=note
        )
        yield from row.beside(
            {} if quick and points > 5_000_000 else peers.segfix_number(points, "rss_gb")
        )


def taken_by(what: str, where: Path | int) -> dict[str, float]:
    """Return GB before, after, and at most, of a process that opens something, and its children."""
    # Not "-m": reading processes import the main module again, and the program's is a light one.
    start = "from bench.memory import main; main()"
    found: dict[str, float] = peers.run_json([sys.executable, "-c", start, what, str(where)])
    return found


def main() -> None:
    """Measure what the command line names, and print it."""
    kind, argument = sys.argv[1:3]
    print(json.dumps(_cloud(int(argument)) if kind == "cloud" else _series(Path(argument))))


class Watch(threading.Thread):
    """Looks again and again what this process and its children take."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.peak_gb = 0.0
        self._over = threading.Event()

    def run(self) -> None:
        while not self._over.wait(_LOOK_S):
            self.peak_gb = max(self.peak_gb, memory_gb())

    def stop(self) -> float:
        """Return the most that was seen."""
        self._over.set()
        self.join()
        return self.peak_gb


def _cloud(points: int) -> dict[str, float]:
    window = main_window()
    before, watch = memory_gb(), Watch()
    watch.start()
    window.open_path(_alone(pcd_file(points)))
    wait_for(lambda: shows_whole(window))
    settle(3.0)
    peak, after = watch.stop(), memory_gb() + untouched_gb()
    window.close()
    remove_folders()
    return {"before_gb": before, "after_gb": after, "peak_gb": max(peak, after)}


def _alone(file: Path) -> Path:
    """Return a scan in a folder of its own, so that its project begins empty."""
    from bench.stage import new_folder  # noqa: PLC0415 - only here

    folder = new_folder("window-")
    (folder / file.name).hardlink_to(file)
    return folder / file.name


def shows_whole(window: MainWindow) -> bool:
    """Tell whether the window shows all points of a scan."""
    view = getattr(window.workbench, "widget", None)
    seen = view if isinstance(view, CloudView) else view and view.findChild(CloudView)
    return bool(seen and seen.picture is not None and seen.picture.is_whole)


def _series(folder: Path) -> dict[str, float]:
    from annotator.app.reading_ct import open_series, open_volume, prepare  # noqa: PLC0415

    prepare()
    found = open_series(folder)
    time.sleep(2.0)
    before, watch = memory_gb(), Watch()
    watch.start()
    volume = open_volume(found.series[0])
    peak, after = watch.stop(), memory_gb()
    assert volume.hu.size
    return {"before_gb": before, "after_gb": after, "peak_gb": max(peak, after)}
