"""Makes a CT series of 300 slices in four compressions, and times how it is read.

python bench/ct_series.py make bench/work/ct
python bench/ct_series.py time bench/work/ct
.venvs/simpleitk/bin/python bench/ct_series.py peer bench/work/ct
"""

# ruff: noqa: PLC0415 - each part runs in the environment of what it times
import json
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

KINDS = ("raw", "rle", "jpeg-ls", "j2k")
SLICES, ROWS = 300, 512
RUNS = 5


def make(folder: Path) -> None:
    """Write the series four times; file names and instance numbers do not follow the geometry."""
    import numpy as np

    rng = np.random.default_rng(4)
    v, u = np.mgrid[-1 : 1 : ROWS * 1j, -1 : 1 : ROWS * 1j]
    names = rng.permutation(SLICES)
    for k in range(SLICES):
        hu = _chest(u, v, k / SLICES) + rng.normal(0, 22, (ROWS, ROWS))
        stored = np.clip(hu + 1024, 0, 4095).astype(np.uint16)
        for kind in KINDS:
            _write(folder / kind / f"IM{names[k]:05d}", kind, stored, k)


def time_ours(folder: Path) -> dict[str, dict[str, float]]:
    """Time finding, the first slice and the whole volume, with the processes warm."""
    from annotator.app.reading_ct import open_series, open_volume

    def once(kind: str) -> tuple[float, float]:
        start = time.perf_counter()
        first: list[float] = []
        found = open_series(folder / kind)
        open_volume(
            found.series[0],
            on_slice=lambda _k, _hu: None if first else first.append(time.perf_counter() - start),
        )
        return time.perf_counter() - start, first[0]

    return {kind: _timed(lambda kind=kind: once(kind)) for kind in KINDS}


def time_simpleitk(folder: Path) -> dict[str, dict[str, float]]:
    """Time the peer: series ids, sorted names, and the volume as an array."""
    import SimpleITK

    def once(kind: str) -> tuple[float, float]:
        start = time.perf_counter()
        names = SimpleITK.ImageSeriesReader.GetGDCMSeriesFileNames(str(folder / kind))
        reader = SimpleITK.ImageSeriesReader()
        reader.SetFileNames(names)
        SimpleITK.GetArrayViewFromImage(reader.Execute())
        whole = time.perf_counter() - start
        return whole, whole

    return {kind: _timed(lambda kind=kind: once(kind)) for kind in KINDS}


def _timed(once: Callable[[], tuple[float, float]]) -> dict[str, float]:
    once()
    runs = [once() for _run in range(RUNS)]
    whole, first = zip(*runs, strict=True)
    return {
        "whole_s": min(whole),
        "whole_median_s": statistics.median(whole),
        "first_s": min(first),
        "first_median_s": statistics.median(first),
    }


def _chest(u: Any, v: Any, height: float) -> Any:
    import numpy as np

    body = (u / 0.85) ** 2 + (v / 0.6) ** 2 < 1
    lungs = ((np.abs(u) - 0.4) / 0.28) ** 2 + (v / 0.42) ** 2 < 0.9 + 0.1 * np.sin(6 * height)
    spine = u**2 + (v - 0.4) ** 2 < 0.012
    hu = np.where(body, 40.0, -1000.0)
    hu[lungs & body] = -850
    hu[spine] = 450
    return hu


def _write(path: Path, kind: str, stored: Any, k: int) -> None:
    from pydicom.dataset import FileDataset, FileMetaDataset
    from pydicom.uid import (
        CTImageStorage,
        ExplicitVRLittleEndian,
        JPEG2000Lossless,
        JPEGLSLossless,
        RLELossless,
    )

    path.parent.mkdir(parents=True, exist_ok=True)
    syntax = dict(
        zip(
            KINDS,
            [ExplicitVRLittleEndian, RLELossless, JPEGLSLossless, JPEG2000Lossless],
            strict=True,
        )
    )[kind]
    meta = FileMetaDataset()
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    meta.MediaStorageSOPClassUID = CTImageStorage
    meta.MediaStorageSOPInstanceUID = f"1.2.826.0.1.3680043.8.498.5.{k + 1}"
    ct = FileDataset(str(path), {}, file_meta=meta, preamble=b"\0" * 128)
    ct.SOPClassUID, ct.SOPInstanceUID = CTImageStorage, meta.MediaStorageSOPInstanceUID
    ct.Modality, ct.ImageType = "CT", ["ORIGINAL", "PRIMARY", "AXIAL"]
    ct.StudyInstanceUID, ct.SeriesInstanceUID = "1.2.826.0.1.1", "1.2.826.0.1.2"
    ct.FrameOfReferenceUID = "1.2.826.0.1.3"
    ct.ConvolutionKernel, ct.KVP, ct.SliceThickness = "B30f", "120", "1"
    ct.InstanceNumber = str(SLICES - k)
    ct.ImagePositionPatient, ct.ImageOrientationPatient = [-180, -180, k], [1, 0, 0, 0, 1, 0]
    ct.PixelSpacing = [0.7, 0.7]
    ct.Rows = ct.Columns = ROWS
    ct.SamplesPerPixel, ct.PhotometricInterpretation = 1, "MONOCHROME2"
    ct.BitsAllocated, ct.BitsStored, ct.HighBit, ct.PixelRepresentation = 16, 12, 11, 0
    ct.RescaleSlope, ct.RescaleIntercept = "1", "-1024"
    ct.PixelData = stored.tobytes()
    if kind == "j2k":
        _as_j2k(ct, stored)
    elif kind != "raw":
        ct.compress(syntax, generate_instance_uid=False)
    ct.save_as(path, enforce_file_format=True)


def _as_j2k(ct: Any, stored: Any) -> None:
    from openjpeg.utils import encode_array
    from pydicom.encaps import encapsulate
    from pydicom.uid import JPEG2000Lossless

    code = encode_array(stored, bits_stored=12, photometric_interpretation=0)
    ct.PixelData = encapsulate([bytes(code)])
    ct["PixelData"].is_undefined_length = True
    ct.file_meta.TransferSyntaxUID = JPEG2000Lossless


if __name__ == "__main__":
    what, where = sys.argv[1], Path(sys.argv[2])
    RUNS = int(sys.argv[3]) if len(sys.argv) > 3 else RUNS
    if what == "make":
        make(where)
    else:
        print(json.dumps(time_ours(where) if what == "time" else time_simpleitk(where)))
