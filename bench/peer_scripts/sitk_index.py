"""Measures SimpleITK finding the series of many folders. Argument: their parent."""

import json
import sys
import time
from pathlib import Path

import SimpleITK


def main(parent: str) -> dict[str, float]:
    began = time.perf_counter()
    count = 0
    reader = SimpleITK.ImageSeriesReader
    for folder in sorted(p for p in Path(parent).iterdir() if p.is_dir()):
        for uid in reader.GetGDCMSeriesIDs(str(folder)):
            count += len(reader.GetGDCMSeriesFileNames(str(folder), uid))
    return {"index_s": time.perf_counter() - began, "files": count}


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1])))
