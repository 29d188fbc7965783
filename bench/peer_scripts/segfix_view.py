"""Measures segfix's own view: opening, drawing, picking, its lasso and its memory.

Arguments: a PLY file, a width and a height in pixels, and how many frames.
"""

import json
import math
import resource
import statistics
import sys
import time
from pathlib import Path

import numpy as np
from PyQt6.QtWidgets import QApplication
from segfix import io, operations
from segfix.cloudview import CloudView
from segfix.lasso import points_in_polygon
from segfix.viewer import refresh_view


def main(path: str, width: int, height: int, frames: int) -> dict[str, float]:
    app = QApplication([])
    view = CloudView()
    view.native.resize(width, height)
    view.native.show()
    app.processEvents()

    def draw() -> None:
        view.canvas.render()  # into a buffer, without the smoothing of the window: its quickest way

    began = time.perf_counter()
    cloud = io.load(path)
    view.load_cloud(cloud)
    view.view.camera.center = tuple(float(v) for v in cloud.coords.mean(axis=0))
    view.view.camera.scale_factor = 60.0
    draw()
    opened_s = time.perf_counter() - began
    rss_gb = _rss_gb()
    draw()

    def turned(n: int) -> None:
        view.view.camera.azimuth = 3.0 * n
        view.view.camera.elevation = 35.0
        draw()

    found = {
        "open_s": opened_s,
        "frame_ms": _median(turned, frames),
        "pick_ms": _median(
            lambda n: view.pick_point((width / 2 + 7 * n, height / 2 - 5 * n)), max(3, frames // 2)
        ),
        "rss_gb": rss_gb,
    }
    found["lasso_ms"] = _median(lambda n: _lasso(view, cloud, n, draw, (width, height)), 3)
    found["peak_gb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    return found


def _lasso(view, cloud, n, draw, size) -> None:  # noqa: ANN001
    """As its tool and its panel do it: project, test, select, relabel, recolour, draw."""
    angle = np.arange(500) * math.tau / 500
    reach = 150 + 25 * np.sin(15 * angle)
    middle = np.array(size) / 2 + 3 * n
    path = middle + np.stack([reach * np.cos(angle), reach * np.sin(angle)], axis=1)
    canvas_xy, valid = view.project_to_canvas(view.coords)
    inside = np.flatnonzero(points_in_polygon(path, canvas_xy) & valid)
    view.select(inside)
    operations.reassign(cloud, inside, 1000 + n)
    refresh_view(view, cloud, changed=cloud.last_changed)
    draw()


def _median(do, runs: int) -> float:  # noqa: ANN001
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
    print(json.dumps(main(sys.argv[1], *map(int, sys.argv[2:5]))))
