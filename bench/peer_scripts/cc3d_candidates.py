"""Measures cc3d: components, statistics and a size filter. Arguments: HU as .npy, threshold."""

import json
import statistics
import sys
import time

import cc3d
import numpy as np


def main(path: str, threshold: float) -> dict[str, float]:
    hu = np.load(path)
    each = []
    for _run in range(6):
        began = time.perf_counter()
        labels, count = cc3d.connected_components(hu >= threshold, connectivity=26, return_N=True)
        told = cc3d.statistics(labels)
        kept = np.flatnonzero((told["voxel_counts"] >= 3) & (told["voxel_counts"] < 20_000))
        each.append((time.perf_counter() - began) * 1000)
    return {"candidates_ms": statistics.median(each[1:]), "count": int(count), "kept": len(kept)}


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], float(sys.argv[2]))))
