"""Reads a series of 300 slices in four compressions: to a volume of HU, and to its first slice."""

from collections.abc import Iterator
from pathlib import Path

from annotator.app import reading_ct
from bench import ct_series, peers
from bench.memory import taken_by
from bench.rows import Row
from bench.work_files import WORK

FOLDER = WORK / "ct"
WHOLE_S = {"raw": 0.35, "rle": 1.0, "jpeg-ls": 1.2, "j2k": 6.2}
NAMES = {"raw": "raw", "rle": "RLE", "jpeg-ls": "JPEG-LS", "j2k": "JPEG 2000"}
FIRST_MS = 150.0
VOLUME_GB = ct_series.SLICES * ct_series.ROWS**2 * 2 / 2**30


def rows(*, quick: bool) -> Iterator[Row]:
    folder = series_folder()
    reading_ct.prepare()
    ct_series.RUNS = 1 if quick else 3
    ours = ct_series.time_ours(folder)
    simpleitk = _simpleitk(folder, runs=1 if quick else 2)
    for kind in ct_series.KINDS:
        beside = {peers.title(peers.SIMPLEITK): _of(simpleitk, kind, "whole_median_s")}
        first: dict[str, float | str] = {}
        if kind != "j2k" or not quick:
            dicomsdl = _dicomsdl(folder / kind, runs=1 if quick or kind == "j2k" else 3)
            beside[peers.title(peers.DICOMSDL)] = _value(dicomsdl, "whole_s")
            first[peers.title(peers.DICOMSDL)] = _value(dicomsdl, "first_ms")
        whole = Row(
            f"300 slices to HU, {NAMES[kind]}", ours[kind]["whole_median_s"], "s", WHOLE_S[kind]
        )
        yield from whole.beside(beside)
        name = f"first slice, {NAMES[kind]}, files to HU"
        yield from Row(name, 1000 * ours[kind]["first_median_s"], "ms", FIRST_MS).beside(first)
    yield from _memory(folder)


def series_folder() -> Path:
    """Return the folder with the series in each compression; makes it where it is missing."""
    if not (FOLDER / ct_series.KINDS[-1]).exists():
        ct_series.make(FOLDER)
    return FOLDER


def _memory(folder: Path) -> Iterator[Row]:
    for kind in ("raw", "jpeg-ls"):
        taken = taken_by("series", folder / kind)
        peak = (taken["peak_gb"] - taken["before_gb"]) / VOLUME_GB
        name = f"memory while reading 300 slices, {NAMES[kind]}"
        yield Row(name, peak, "× the volume", 2.0)


def _simpleitk(folder: Path, runs: int) -> dict[str, dict[str, float]] | str:
    reason = peers.missing(peers.SIMPLEITK)
    script = Path(ct_series.__file__)
    try:
        if reason:
            return reason
        command = [str(peers.SIMPLEITK.python), str(script), "peer", str(folder), str(runs)]
        found: dict[str, dict[str, float]] = peers.run_json(command, time_s=600)
    except peers.AbsentPeerError as absent:
        return str(absent)
    return found


def _dicomsdl(folder: Path, runs: int) -> dict[str, float] | str:
    try:
        found: dict[str, float] = peers.measure(peers.DICOMSDL, "dicomsdl_series", folder, runs)
    except peers.AbsentPeerError as absent:
        return str(absent)
    return found


def _of(found: dict[str, dict[str, float]] | str, kind: str, key: str) -> float | str:
    return found if isinstance(found, str) else found[kind][key]


def _value(found: dict[str, float] | str, key: str) -> float | str:
    return found if isinstance(found, str) else found[key]
