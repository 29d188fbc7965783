"""Chooses the way to draw that is quicker on this machine, and survives one that crashes."""

import time
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path

import numpy as np

from annotator.app.renderers.renderer import PointRenderer, ShownPoints
from annotator.app.renderers.software import SoftwareRenderer
from annotator.geometry.projection import Camera

_SIZE = (1280, 800)
_POINTS = 300_000
_CHOICE, _TRYING = "renderer", "renderer-trying"

Make = Callable[[], PointRenderer]


class Wanted(StrEnum):
    """Which way to draw a person asked for."""

    AUTO = "auto"
    SOFTWARE = "software"
    OPEN3D = "open3d"


def renderer_for(
    wanted: Wanted, folder: Path, *, software: Make = SoftwareRenderer, open3d: Make | None = None
) -> PointRenderer:
    """Return a renderer; the software one wherever the other cannot be had.

    Parameters
    ----------
    folder
        Where the choice is kept, and the mark that a try is under way: if the mark is still there
        at the next start, the try crashed and is not repeated.
    """
    if wanted is Wanted.SOFTWARE:
        return software()
    make = open3d or _open3d
    if wanted is Wanted.OPEN3D:
        return _tried(make, folder) or software()
    chosen = _read(folder / _CHOICE)
    if not chosen:
        chosen = _quicker(software, make, folder)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / _CHOICE).write_text(chosen, "utf-8")
    if chosen == Wanted.OPEN3D:
        return _tried(make, folder) or software()
    return software()


def forget_choice(folder: Path) -> None:
    """Let both be tried and timed again."""
    for name in (_CHOICE, _TRYING):
        (folder / name).unlink(missing_ok=True)


def _quicker(software: Make, open3d: Make, folder: Path) -> Wanted:
    other = _tried(open3d, folder)
    if other is None:
        return Wanted.SOFTWARE
    own = software()
    try:
        return Wanted.OPEN3D if _frame_s(other) < _frame_s(own) else Wanted.SOFTWARE
    finally:
        own.close()
        other.close()


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


def _read(path: Path) -> str:
    return path.read_text("utf-8").strip() if path.is_file() else ""


def _open3d() -> PointRenderer:
    from annotator.app.renderers.open3d_scene import Open3DRenderer  # noqa: PLC0415 - one second

    return Open3DRenderer(_SIZE)
