"""Measures pyqtgraph scrolling slices with a mask as a second, translucent item.

Arguments: HU .npy, labels .npy, side, steps.
"""

import json
import statistics
import sys
import time

import numpy as np
import pyqtgraph as pg


def main(hu_path: str, labels_path: str, side: int, steps: int) -> dict[str, float]:
    hu, labels = np.load(hu_path), np.load(labels_path)
    shown = (labels > 0).astype(np.uint8)
    app = pg.mkQApp()
    pg.setConfigOptions(imageAxisOrder="row-major", useNumba=False)
    view = pg.GraphicsLayoutWidget()
    view.setFixedSize(side, side)
    box = view.addViewBox(lockAspect=True, enableMenu=False)
    image, mask = pg.ImageItem(), pg.ImageItem()
    mask.setLookupTable(np.array([[0, 0, 0, 0], [255, 176, 0, 110]], np.uint8))
    for item in (image, mask):
        box.addItem(item)
    view.show()
    middle = len(hu) // 2

    def scroll(n: int) -> None:
        k = middle + n % (len(hu) // 3)
        image.setImage(hu[k], levels=(-1350, 150), autoLevels=False)
        mask.setImage(shown[k], levels=(0, 1), autoLevels=False)
        view.viewport().repaint()
        app.processEvents()

    for n in range(10):
        scroll(n)
    each = []
    for n in range(10, 10 + steps):
        began = time.perf_counter()
        scroll(n)
        each.append((time.perf_counter() - began) * 1000)
    each.sort()
    return {"median_ms": statistics.median(each), "p99_ms": each[int(0.99 * len(each))]}


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], sys.argv[2], *map(int, sys.argv[3:5]))))
    sys.stdout.flush()
