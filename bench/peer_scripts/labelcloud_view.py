"""Measures labelCloud's own window: opening, drawing, changing frames, idling, and its memory.

Arguments: a folder of scans, a width and a height in pixels, how many frames to draw, and how
often to go to the next scan.
"""

import json
import os
import resource
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

import pkg_resources

IDLE_S = 5.0


def main(folder: str, width: int, height: int, frames: int, switches: int) -> dict[str, float]:
    os.chdir(_workplace(Path(folder).absolute()))
    from labelCloud.control.controller import Controller  # noqa: PLC0415 - reads the workplace
    from labelCloud.view import gui  # noqa: PLC0415
    from OpenGL import GL  # noqa: PLC0415
    from PyQt5.QtWidgets import QApplication  # noqa: PLC0415

    gui.StartupDialog = type("Agreed", (), {"exec": lambda _self: 1})
    app = QApplication([])
    began = time.perf_counter()
    control = Controller()
    window = gui.GUI(control)
    window.show()
    view = window.gl_widget

    def draw() -> None:
        view.updateGL()
        GL.glFinish()

    draw()
    opened_s = time.perf_counter() - began
    window.timer.stop()
    side = window.size() - view.size()
    window.resize(side.width() + width, side.height() + height)
    for _each in range(5):
        app.processEvents()

    def turned(_n: int) -> None:
        cloud = control.pcd_manager.pointcloud
        cloud.rot_z = cloud.rot_z + 3
        draw()

    def next_frame(_n: int) -> None:
        control.next_pcd()
        draw()

    found = {
        "open_s": opened_s,
        "frame_ms": _median(turned, frames),
        "width": view.width(),
        "height": view.height(),
        "rss_gb": _rss_gb(),
    }
    if switches:
        found |= _switched(next_frame, switches)
    window.timer.start()
    found["idle_cores"] = _idle(app)
    found["peak_gb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    return found


def _switched(next_frame, switches: int) -> dict[str, float]:  # noqa: ANN001
    next_frame(0)
    before = _rss_gb()
    next_ms = _median(next_frame, switches, warm=False)
    return {"next_ms": next_ms, "leak_mb": 1024 * (_rss_gb() - before) / switches}


def _idle(app) -> float:  # noqa: ANN001
    ends = time.perf_counter() + IDLE_S
    used = time.process_time()
    while time.perf_counter() < ends:
        app.processEvents()
        time.sleep(0.002)
    return (time.process_time() - used) / IDLE_S


def _workplace(clouds: Path) -> Path:
    place = Path(tempfile.mkdtemp(prefix="labelcloud-"))
    resources = Path(pkg_resources.resource_filename("labelCloud.resources", ""))
    shutil.copy(resources / "default_config.ini", place / "config.ini")
    (place / "labels").mkdir()
    shutil.copy(resources / "default_classes.json", place / "labels" / "_classes.json")
    (place / "pointclouds").mkdir()
    for file in sorted(clouds.glob("*.pcd")):
        (place / "pointclouds" / file.name).symlink_to(file)
    return place


def _median(do, runs: int, *, warm: bool = True) -> float:  # noqa: ANN001
    if warm:
        do(0)
    each = []
    for n in range(1, runs + 1):
        began = time.perf_counter()
        do(n)
        each.append((time.perf_counter() - began) * 1000)
    return statistics.median(each)


def _rss_gb() -> float:
    status = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    return int(next(line for line in status if line.startswith("VmRSS")).split()[1]) / 2**20


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], *map(int, sys.argv[2:6]))))
