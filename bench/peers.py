"""Installs each peer in an environment of its own, and runs a script there."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from bench.work_files import WORK, ply_file

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENTS = ROOT / ".venvs"
SCRIPTS = ROOT / "bench" / "peer_scripts"
INSTALL_TIME_S = 900.0
VIEW_PX = (948, 856)
RUN = "BENCH_RUN"
"""The variable that names a run of all groups."""


@dataclass(frozen=True, slots=True)
class Peer:
    """A program or library that ours is measured beside.

    Attributes
    ----------
    requirements
        What pip is asked for; the first is the peer itself.
    name
        As the tables call it, without its version.
    """

    folder: str
    name: str
    requirements: tuple[str, ...]

    @property
    def python(self) -> Path:
        """The interpreter of its environment."""
        where = "Scripts" if os.name == "nt" else "bin"
        return ENVIRONMENTS / self.folder / where / "python"


class AbsentPeerError(Exception):
    """A peer that cannot be installed or run here; the text says why."""


_OPEN3D = "open3d-cpu==0.20.*" if sys.platform == "linux" else "open3d==0.20.*"

SIMPLEITK = Peer("simpleitk", "SimpleITK", ("SimpleITK==2.5.*", "numpy"))
NAPARI = Peer("napari", "napari", ("napari==0.9.*", "PySide6-Essentials<6.12", "numpy"))
CC3D = Peer("cc3d", "cc3d", ("connected-components-3d", "numpy"))
DICOMSDL = Peer("dicomsdl", "dicomsdl", ("dicomsdl", "numpy"))
LABELCLOUD = Peer("labelcloud", "labelCloud", ("labelCloud==1.1.1", "numpy<2", "setuptools<81"))
SEGFIX = Peer("segfix", "segfix", ("segfix==1.2.1",))
GLSCATTER = Peer(
    "pyqtgraph",
    "pyqtgraph GLScatterPlotItem",
    ("pyqtgraph", "PyOpenGL", "PySide6-Essentials<6.12", "numpy"),
)
PYQTGRAPH = Peer("pyqtgraph", "pyqtgraph", GLSCATTER.requirements)
OPEN3D = Peer("open3d", "Open3D", (_OPEN3D, "numpy"))
PEERS = (SIMPLEITK, NAPARI, CC3D, DICOMSDL, LABELCLOUD, SEGFIX, GLSCATTER, OPEN3D)


def title(peer: Peer) -> str:
    """Return the peer's name with its version; installs it where it is not."""
    missing(peer)
    return f"{peer.name} {version(peer)}".strip()


@cache
def version(peer: Peer) -> str:
    """Return the version that is installed, or nothing where none is."""
    package = re.split("[=<>]", peer.requirements[0])[0]
    ask = f"import importlib.metadata as m; print(m.version({package!r}))"
    try:
        done = subprocess.run(
            [peer.python, "-c", ask], capture_output=True, text=True, timeout=60, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout.strip()


@cache
def missing(peer: Peer) -> str:
    """Install a peer where it is not; return why it cannot be, or nothing."""
    stamp = peer.python.parent.parent / ".ready"
    if stamp.exists() and stamp.read_text() == "\n".join(peer.requirements):
        return ""
    print(f"Installing {peer.name} …", file=sys.stderr, flush=True)
    try:
        if not peer.python.exists():
            _run([sys.executable, "-m", "venv", str(ENVIRONMENTS / peer.folder)])
        _run([str(peer.python), "-m", "pip", "install", "--quiet", *peer.requirements])
    except (OSError, subprocess.SubprocessError) as failed:
        return f"could not be installed: {_last_line(failed)}"
    version.cache_clear()
    stamp.write_text("\n".join(peer.requirements))
    return ""


def measure(
    peer: Peer,
    script: str,
    *args: str | Path | int,
    screen: bool = False,
    time_s: float = 300.0,
    settings: Mapping[str, str] | None = None,
) -> Any:
    """Run a script of `peer_scripts` in a peer's environment, and return the JSON it prints.

    Parameters
    ----------
    screen
        Whether it opens windows: it then gets a virtual display and draws with the processor.

    Raises
    ------
    AbsentPeerError
        If the peer cannot be installed, or the script fails, with the reason.
    """
    reason = missing(peer)
    if reason:
        raise AbsentPeerError(reason)
    command = [str(peer.python), str(SCRIPTS / f"{script}.py"), *map(str, args)]
    told = _told_in_this_run(command)
    if told is None:
        told = run_json(command, screen=screen, time_s=time_s, settings=settings)
        _keep_for_this_run(command, told)
    return told


def segfix(points: int) -> dict[str, float] | str:
    """Return all that segfix was measured for on a made garage, or why there is nothing."""
    frames = 8 if points <= 5_000_000 else 3
    try:
        found: dict[str, float] = measure(
            SEGFIX, "segfix_view", ply_file(points), *VIEW_PX, frames, screen=True
        )
    except AbsentPeerError as absent:
        return str(absent)
    return found


def segfix_number(points: int, key: str) -> dict[str, float | str]:
    """Return one of its numbers, under its name."""
    found = segfix(points)
    return {title(SEGFIX): found if isinstance(found, str) else found[key]}


def number(
    key: str, peer: Peer, script: str, *args: str | Path | int, screen: bool = False
) -> float | str:
    """Return one number that a script tells, or why there is none."""
    try:
        return float(measure(peer, script, *args, screen=screen)[key])
    except AbsentPeerError as absent:
        return str(absent)


def run_json(
    command: Sequence[str],
    *,
    screen: bool = False,
    time_s: float = 300.0,
    settings: Mapping[str, str] | None = None,
) -> Any:
    """Run a child process and return what the last line it prints says, as JSON.

    Raises
    ------
    AbsentPeerError
        If it fails, prints nothing, or takes too long.
    """
    environment = os.environ | _drawing(screen=screen) | dict(settings or {})
    try:
        done = subprocess.run(
            [*_display(screen=screen), *command],
            capture_output=True,
            text=True,
            timeout=time_s,
            check=True,
            env=environment,
            cwd=ROOT,
        )
        return json.loads(done.stdout.strip().splitlines()[-1])
    except subprocess.TimeoutExpired:
        raise AbsentPeerError(f"took longer than {time_s:.0f} s") from None
    except (OSError, subprocess.SubprocessError, ValueError, IndexError) as failed:
        raise AbsentPeerError(_last_line(failed)) from None


def _told_in_this_run(command: Sequence[str]) -> Any:
    """Return what a child told another group of the same run; several groups ask for the same."""
    kept = _kept_file()
    if kept is None or not kept.exists():
        return None
    return json.loads(kept.read_text()).get(" ".join(command))


def _keep_for_this_run(command: Sequence[str], told: object) -> None:
    kept = _kept_file()
    if kept is not None:
        all_told = json.loads(kept.read_text()) if kept.exists() else {}
        kept.write_text(json.dumps(all_told | {" ".join(command): told}))


def _kept_file() -> Path | None:
    run = os.environ.get(RUN)
    return WORK / f"told-{run}.json" if run else None


def _drawing(*, screen: bool) -> dict[str, str]:
    if not screen:
        return {}
    return {
        "LIBGL_ALWAYS_SOFTWARE": "1",
        "QT_QPA_PLATFORM": "xcb",
        "XDG_SESSION_TYPE": "x11",
        "QT_XCB_GL_INTEGRATION": "xcb_glx",
    }


def _display(*, screen: bool) -> list[str]:
    if not screen:
        return []
    if shutil.which("xvfb-run") is None:
        raise AbsentPeerError("xvfb-run is not installed")
    return ["xvfb-run", "-a", "-s", "-screen 0 1920x1200x24 +extension GLX"]


def _run(command: Sequence[str]) -> None:
    subprocess.run(
        command, check=True, capture_output=True, text=True, timeout=INSTALL_TIME_S, cwd=ROOT
    )


def _last_line(failed: BaseException) -> str:
    """Return the last thing a child said; a virtual display mixes its errors into its output."""
    told = "\n".join(getattr(failed, name, None) or "" for name in ("stdout", "stderr"))
    lines = [line.strip() for line in (told.strip() or str(failed)).splitlines()]
    said = [line for line in lines if line and not line.startswith("[notice]")]
    return (said or [type(failed).__name__])[-1][:200]
