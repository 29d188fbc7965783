"""Measures SimpleITK on a volume. Arguments: HU as .npy, threshold, seeds as k,j,i;k,j,i…"""

import json
import statistics
import sys
import time

import numpy as np
import SimpleITK


def main(path: str, threshold: float, seeds: str) -> dict[str, float]:
    image = SimpleITK.GetImageFromArray(np.load(path))
    places = [tuple(int(n) for n in seed.split(",")) for seed in seeds.split(";")]

    def grow(n: int) -> None:
        k, j, i = places[n % len(places)]
        grown = SimpleITK.ConnectedThreshold(
            image,
            [(i, j, k)],
            lower=threshold,
            upper=4000,
            connectivity=SimpleITK.ConnectedThresholdImageFilter.FullConnectivity,
        )
        SimpleITK.GetArrayViewFromImage(grown)

    connected = SimpleITK.ConnectedComponentImageFilter()
    connected.FullyConnectedOn()

    def candidates(_n: int) -> None:
        parts = connected.Execute(image >= threshold)
        told = SimpleITK.LabelIntensityStatisticsImageFilter()
        told.Execute(parts, image)

    return {"grow_ms": _median(grow, 9), "candidates_ms": _median(candidates, 3)}


def _median(do, runs: int) -> float:  # noqa: ANN001
    do(0)
    each = []
    for n in range(1, runs + 1):
        began = time.perf_counter()
        do(n)
        each.append((time.perf_counter() - began) * 1000)
    return statistics.median(each)


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], float(sys.argv[2]), sys.argv[3])))
