"""Measures dicomsdl from files to a sorted volume of HU. Arguments: the folder, how often."""

import json
import statistics
import sys
import time
from pathlib import Path

import dicomsdl
import numpy as np


def main(folder: str, runs: int) -> dict[str, float]:
    _read(Path(folder))
    each = [_read(Path(folder)) for _run in range(runs)]
    return {
        "whole_s": statistics.median(whole for whole, _first in each),
        "first_ms": 1000 * statistics.median(first for _whole, first in each),
    }


def _read(folder: Path) -> tuple[float, float]:
    began = time.perf_counter()
    files = [dicomsdl.open(str(path)) for path in sorted(folder.iterdir())]
    files.sort(key=lambda file: float(file.ImagePositionPatient[2]))
    rows, columns = files[0].Rows, files[0].Columns
    hu = np.empty((len(files), rows, columns), np.int16)
    middle = len(files) // 2
    _decode(files[middle], hu[middle])
    first = time.perf_counter() - began
    for k, file in enumerate(files):
        _decode(file, hu[k])
    return time.perf_counter() - began, first


def _decode(file, into) -> None:  # noqa: ANN001
    stored = file.pixelData(storedvalue=True)
    into[...] = stored.astype(np.int16) * int(file.RescaleSlope) + int(file.RescaleIntercept)


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], int(sys.argv[2]))))
