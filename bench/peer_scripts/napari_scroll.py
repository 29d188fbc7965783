"""Measures napari scrolling slices with labels. Arguments: HU .npy, labels .npy, side, steps."""

import json
import statistics
import sys
import time

import napari
import numpy as np
from qtpy.QtWidgets import QApplication


def main(hu_path: str, labels_path: str, side: int, steps: int) -> dict[str, float]:
    hu, labels = np.load(hu_path), np.load(labels_path)
    viewer = napari.Viewer(show=False)
    viewer.window._qt_viewer.canvas.native.setFixedSize(side, side)
    viewer.add_image(hu, contrast_limits=(-1350, 150))
    viewer.add_labels(labels)
    viewer.window.show()
    app = QApplication.instance()
    _settle(app, 1.0)
    middle = len(hu) // 2

    def scroll(n: int) -> None:
        viewer.dims.set_current_step(0, middle + n % (len(hu) // 3))
        viewer.window._qt_viewer.canvas._scene_canvas.update()
        app.processEvents()

    for n in range(5):
        scroll(n)
    each = []
    for n in range(5, 5 + steps):
        began = time.perf_counter()
        scroll(n)
        each.append((time.perf_counter() - began) * 1000)
    each.sort()
    return {"median_ms": statistics.median(each), "p99_ms": each[int(0.99 * len(each))]}


def _settle(app, seconds: float) -> None:  # noqa: ANN001
    ends = time.perf_counter() + seconds
    while time.perf_counter() < ends:
        app.processEvents()


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], sys.argv[2], *map(int, sys.argv[3:5]))))
    sys.stdout.flush()
