"""Finds the series of a folder with 80 of them, 24 000 files in all."""

from collections.abc import Iterator
from pathlib import Path

from annotator.app.reading_ct import open_series, prepare
from bench import peers
from bench.rows import Row
from bench.timing import timed
from bench.work_files import WORK

SERIES, SLICES = 80, 300
FOLDER = WORK / "many_series"
_SERIES, _SLICE = "7777", "8888"
_PLACE = "0999.5"


def rows(*, quick: bool) -> Iterator[Row]:
    _make()
    prepare()
    took = timed(lambda _n: _found(), 1 if quick else 3, warm=1)
    name = f"folder of {SERIES} series, {SERIES * SLICES} files, indexed"
    row = Row(name, took.median_s, "s", 10.0, note="files in the system's cache, small pictures")
    yield from row.beside(
        {
            peers.title(peers.SIMPLEITK): peers.number(
                "index_s", peers.SIMPLEITK, "sitk_index", FOLDER
            )
        }
    )


def _found() -> None:
    series = open_series(FOLDER).series
    slices = sum(len(one.slices) for one in series)
    if (len(series), slices) != (SERIES, SERIES * SLICES):
        raise RuntimeError(f"found {len(series)} series with {slices} slices")


def _make() -> None:
    """Write one file, then change its numbers for all others; each has its own length kept."""
    if (FOLDER / "whole").exists():
        return
    whole = _template()
    for series in range(SERIES):
        folder = FOLDER / f"study_{series // 4:02d}_{series % 4}"
        folder.mkdir(parents=True, exist_ok=True)
        of_series = whole.replace(_SERIES.encode(), str(1000 + series).encode())
        for k in range(SLICES):
            numbered = of_series.replace(_SLICE.encode(), str(1000 + k).encode())
            placed = numbered.replace(_PLACE.encode(), f"{1.25 * k:06.1f}".encode())
            (folder / f"IM{(k * 7919) % SLICES:05d}").write_bytes(placed)
    (FOLDER / "whole").mkdir()


def _template() -> bytes:
    import numpy as np  # noqa: PLC0415 - only where the files are missing

    from bench.ct_series import _write  # noqa: PLC0415

    path = WORK / "template" / "one"
    _write(path, "raw", np.zeros((8, 8), np.uint16), 0)
    whole = _renumbered(path)
    path.unlink()
    return whole


def _renumbered(path: Path) -> bytes:
    """Give a file the numbers that are to be replaced, and a matrix of 8 × 8."""
    import pydicom  # noqa: PLC0415 - only where the files are missing

    ct = pydicom.dcmread(path)
    ct.SOPInstanceUID = f"1.2.826.0.1.3680043.8.498.6.{_SERIES}.{_SLICE}"
    ct.file_meta.MediaStorageSOPInstanceUID = ct.SOPInstanceUID
    ct.SeriesInstanceUID = f"1.2.826.0.1.3680043.8.498.6.{_SERIES}"
    ct.StudyInstanceUID = f"1.2.826.0.1.3680043.8.498.5.{_SERIES}"
    ct.ImagePositionPatient = ["-180", "-180", _PLACE]
    ct.Rows = ct.Columns = 8
    ct.PixelData = bytes(128)
    ct.save_as(path, enforce_file_format=True)
    written = path.read_bytes()
    for mark, times in ((_SERIES, 4), (_SLICE, 2), (_PLACE, 1)):
        if written.count(mark.encode()) != times:
            raise RuntimeError(f"{mark} stands {written.count(mark.encode())} times, not {times}")
    return written
