"""Chooses the way to draw that is quicker on this machine, and survives one that crashes."""

import multiprocessing
import os
import time
from collections.abc import Callable
from enum import StrEnum
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np
import platformdirs

from annotator.app.renderers.renderer import PointRenderer, ShownPoints
from annotator.app.renderers.software import SoftwareRenderer
from annotator.geometry.projection import Camera

_SIZE = (1280, 800)
_POINTS = 300_000
_LONGEST_S = 90.0
_CHOICE, _TRYING = "renderer", "renderer-trying"

Make = Callable[[], PointRenderer]
Times = dict[str, float]


class Wanted(StrEnum):
    """Which way to draw a person asked for."""

    AUTO = "auto"
    SOFTWARE = "software"
    OPEN3D = "open3d"


def choices_folder() -> Path:
    """Return where this machine's choice is kept."""
    return platformdirs.user_cache_path("annotator", appauthor=False)


def wanted_named(name: str) -> Wanted:
    """Return what a setting asks for; what nobody knows is left to us."""
    return Wanted(name) if name in set(Wanted) else Wanted.AUTO


def renderer_for(
    wanted: Wanted, folder: Path, *, software: Make = SoftwareRenderer, open3d: Make | None = None
) -> PointRenderer:
    """Return a renderer; the software one wherever the other cannot be had.

    Parameters
    ----------
    wanted
        Until `find_quicker` has timed both, AUTO is the software one.
    folder
        Where the choice is kept, and the mark that a try is under way: if the mark is still there
        at the next start, the try crashed and is not repeated.
    """
    if wanted is Wanted.AUTO:
        wanted = remembered(folder) or Wanted.SOFTWARE
    if wanted is Wanted.OPEN3D:
        return _tried(open3d or _open3d, folder) or software()
    return software()


def remembered(folder: Path) -> Wanted | None:
    """Return which was quicker when both were timed; None where they never were."""
    path = folder / _CHOICE
    said = path.read_text("utf-8").strip() if path.is_file() else ""
    return Wanted(said) if said in {Wanted.SOFTWARE, Wanted.OPEN3D} else None


def find_quicker(folder: Path, time_both: Callable[[], Times] | None = None) -> Wanted:
    """Time both ways once, in a process that may crash, and remember the quicker."""
    found = remembered(folder)
    if found is None:
        times = (time_both or _timed_apart)()
        infinite = float("inf")
        is_open3d = times.get(Wanted.OPEN3D, infinite) < times.get(Wanted.SOFTWARE, infinite)
        found = Wanted.OPEN3D if is_open3d else Wanted.SOFTWARE
        folder.mkdir(parents=True, exist_ok=True)
        (folder / _CHOICE).write_text(found, "utf-8")
    return found


def try_again(folder: Path) -> None:
    """Forget that a try did not end well: a person asks for it."""
    (folder / _TRYING).unlink(missing_ok=True)


def _timed_apart() -> Times:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_time_both, args=(theirs,), daemon=True)
    process.start()
    theirs.close()
    try:
        return dict(ours.recv()) if ours.poll(_LONGEST_S) else {}
    except EOFError:  # it crashed
        return {}
    finally:
        process.kill()
        process.join()
        ours.close()


def _time_both(answer: Connection) -> None:
    times: Times = {Wanted.SOFTWARE: _frame_s(SoftwareRenderer())}
    try:
        times[Wanted.OPEN3D] = _frame_s(_open3d())
    except (RuntimeError, OSError, ImportError):
        times.pop(Wanted.OPEN3D, None)
    answer.send(times)
    os._exit(0)  # Filament may abort while an interpreter is torn down


def _tried(make: Make, folder: Path) -> PointRenderer | None:
    mark = folder / _TRYING
    if mark.exists():
        return None
    folder.mkdir(parents=True, exist_ok=True)
    mark.touch()
    try:
        made = make()
    except (RuntimeError, OSError, ImportError):
        made = None
    mark.unlink()
    return made


def _frame_s(renderer: PointRenderer) -> float:
    xyz_m = np.random.default_rng(0).uniform(-10, 10, (_POINTS, 3)).astype(np.float32)
    table = np.array([0xFF808080], np.uint32)
    renderer.show(ShownPoints(xyz_m, np.zeros(_POINTS, np.uint16), table))
    took: list[float] = []
    for turn in range(4):  # the first one compiles and warms up
        began = time.perf_counter()
        renderer.draw(Camera(distance_m=30).orbited(0.1 * turn, 0.0), _SIZE)
        took.append(time.perf_counter() - began)
    return min(took[1:])


def _open3d() -> PointRenderer:
    from annotator.app.renderers.open3d_scene import Open3DRenderer  # noqa: PLC0415 - one second

    return Open3DRenderer(_SIZE)
