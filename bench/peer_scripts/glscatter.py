"""Measures pyqtgraph's GLScatterPlotItem. Arguments: points as .npy, width, height, frames."""

import json
import statistics
import sys
import time

import numpy as np
import pyqtgraph as pg
import pyqtgraph.opengl as gl
from OpenGL import GL


def main(path: str, width: int, height: int, frames: int) -> dict[str, float]:
    app = pg.mkQApp()
    xyz = np.load(path)
    view = gl.GLViewWidget()
    view.resize(width, height)
    share = (xyz[:, 2] - xyz[:, 2].min()) / np.ptp(xyz[:, 2])
    color = np.stack([share, 1 - share, np.full_like(share, 0.5), np.ones_like(share)], axis=1)
    points = gl.GLScatterPlotItem(pos=xyz, color=color, size=2, pxMode=True)
    points.setGLOptions("opaque")
    view.addItem(points)
    view.opts["center"] = pg.Vector(*xyz.mean(axis=0))
    view.setCameraPosition(distance=60, elevation=35)
    view.show()
    for _each in range(5):
        app.processEvents()
    view.makeCurrent()

    def draw(n: int) -> None:
        view.opts["azimuth"] = 3.0 * n
        view.paintGL()
        GL.glFinish()

    draw(0)
    each = []
    for n in range(1, frames + 1):
        began = time.perf_counter()
        draw(n)
        each.append((time.perf_counter() - began) * 1000)
    return {"frame_ms": statistics.median(each)}


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], *map(int, sys.argv[2:5]))))
