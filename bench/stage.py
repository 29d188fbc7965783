"""The real views and the real window, without a display, ready to be measured."""

import contextlib
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from threading import Thread

import numpy as np
import psutil
from PySide6.QtCore import QEventLoop, QTimer, SignalInstance
from PySide6.QtWidgets import QApplication, QWidget

from annotator.app.selection import Selection
from annotator.app.session import Session
from annotator.app.settings import Settings
from annotator.app.workspace import Workspace
from annotator.formats.format import Context
from annotator.model.cloud import PointCloud
from annotator.model.items import ItemKind
from annotator.model.labels import GARAGE
from annotator.project.project import NewItem, Project
from annotator.views.application import application
from annotator.views.cleaning import Cleaning
from annotator.views.cloud.cloud_view import CloudView
from annotator.views.main_window import MainWindow
from bench.work_files import WORK, garage_m, intensity

LONGEST_WAIT_S = 120.0
CAR = "car"


def stored_session(kind: ItemKind, context: Context) -> Session:
    """Return a session on a new SQLite project, so that every edit is kept as it would be."""
    folder = new_folder("project-")
    project = Project.create(folder / "project.annotator", who="bench", folder=folder)
    item = project.add_item(NewItem(kind, "measured", (folder / "measured",)))
    return Session.of(project, item, context)


def new_folder(prefix: str) -> Path:
    """Return an empty folder on the disk that projects would be on; emptied at the next run."""
    WORK.mkdir(parents=True, exist_ok=True)
    return Path(tempfile.mkdtemp(prefix=prefix, dir=WORK))


def remove_folders() -> None:
    """Remove what earlier runs left behind."""
    for prefix in ("project-", "window-"):
        for folder in WORK.glob(f"{prefix}*"):
            shutil.rmtree(folder, ignore_errors=True)


def cloud_view(points: int, width: int, height: int) -> CloudView:
    """Return a cloud view of a made garage, its first whole picture drawn."""
    app()
    cloud = PointCloud(garage_m(points), {"intensity": intensity(points)})
    view = CloudView(
        stored_session(ItemKind.CLOUD, Context(GARAGE, clouds=(cloud,))), Selection(CAR)
    )
    view.resize(width, height)
    view.show()
    wait_for(lambda: view.picture is not None and view.picture.is_whole)
    settle(0.2)
    return view


def main_window() -> MainWindow:
    """Return the window as it is started, with its processes and kernels warm."""
    from annotator.app import compiling, reading, reading_ct  # noqa: PLC0415 - only the window needs them

    settings = Settings()
    app()
    reading.prepare()
    reading_ct.prepare()
    window = MainWindow(Workspace("bench"), settings)
    window.resize(1440, 900)
    window.show()
    beside = Thread(target=compiling.compile_all)
    beside.start()
    wait_for(lambda: not beside.is_alive())
    settle(2.0)
    return window


def app() -> QApplication:
    """Return the one application, whose garbage is collected as the program's is."""
    running = application(Settings())
    if running.findChild(Cleaning) is None:
        Cleaning(running)
    return running


def next_drawn(drawn: SignalInstance, widget: QWidget, do: Callable[[], object]) -> None:
    """Do something, wait for the picture that it asks for, and paint it."""
    loop = QEventLoop()
    drawn.connect(loop.quit)
    guard = QTimer(singleShot=True, interval=round(1000 * LONGEST_WAIT_S))
    guard.timeout.connect(loop.quit)
    guard.start()
    do()
    loop.exec()
    drawn.disconnect(loop.quit)
    widget.repaint()


def wait_for(condition: Callable[[], bool], *, most_s: float = LONGEST_WAIT_S) -> None:
    """Let events happen until something is so.

    Raises
    ------
    TimeoutError
        If it never is.
    """
    loop, ends = QEventLoop(), time.monotonic() + most_s
    tick = QTimer(interval=1)
    tick.timeout.connect(lambda: loop.quit() if condition() or time.monotonic() > ends else None)
    tick.start()
    if not condition():
        loop.exec()
    if not condition():
        raise TimeoutError("waited in vain")


def settle(seconds: float) -> None:
    """Let events happen for a while."""
    loop = QEventLoop()
    QTimer.singleShot(round(1000 * seconds), loop.quit)
    loop.exec()


def memory_gb() -> float:
    """Return what this process and its children take, what they share counted once (PSS)."""
    taken = 0
    for process in _processes():
        with contextlib.suppress(psutil.Error):  # it may end meanwhile
            taken += process.memory_full_info().pss
    return taken / 2**30


def own_memory_gb() -> float:
    """Return what is this program's alone: without libraries, whose share depends on others."""
    return sum(map(_own_bytes, _processes())) / 2**30


def untouched_gb() -> float:
    """Return shared memory of the scan that no process has looked at yet, so that none has it."""
    sizes: dict[str, int] = {}
    seen: dict[str, int] = {}
    for process in _processes():
        for part in process.memory_maps():
            if part.path.startswith("/dev/shm/annotator"):
                sizes[part.path] = max(sizes.get(part.path, 0), part.size)
                seen[part.path] = max(seen.get(part.path, 0), part.rss)
    return sum(size - seen[path] for path, size in sizes.items()) / 2**30


def _processes() -> list[psutil.Process]:
    """Return this process and those that it started and that still live."""
    own = psutil.Process()
    return [own, *(child for child in own.children(recursive=True) if child.is_running())]


def _own_bytes(process: psutil.Process) -> int:
    rollup = Path(f"/proc/{process.pid}/smaps_rollup")
    if not rollup.exists():
        return int(process.memory_full_info().uss)
    lines = (line.split() for line in rollup.read_text().splitlines())
    return sum(1024 * int(line[1]) for line in lines if line[0] in {"Pss_Anon:", "Pss_Shmem:"})


def outline_px(width: int, height: int, vertices: int, shift: float) -> list[tuple[float, float]]:
    """Return an outline around the middle of the view, a little different for each shift."""
    angle = np.arange(vertices) * np.pi * 2 / vertices
    reach = 150 + 25 * np.sin(15 * angle)
    x, y = width / 2 + shift + reach * np.cos(angle), height / 2 + shift + reach * np.sin(angle)
    return list(zip(x.tolist(), y.tolist(), strict=True))
