"""Tells how many points a scan has, where its header says so without the points being read."""

from collections.abc import Callable
from pathlib import Path

from annotator.formats.points.reading import kind_of, read_cloud


def count_points(path: Path, *, layout: str | None = None) -> int:
    """Return how many points a scan holds, as its header or its size says.

    Formats whose headers do not say (text, archives) are read for it.

    Raises
    ------
    FileError
        If the header is damaged, or the file cannot be read.
    """
    kind = kind_of(path)
    if kind == "BIN":
        return _bin(path, layout)
    return _COUNTERS[kind](path) if kind in _COUNTERS else len(read_cloud(path, layout=layout))


def _pcd(path: Path) -> int:
    from annotator.formats.points.pcd import read_header  # noqa: PLC0415 - one reader is needed

    with path.open("rb") as file:
        return read_header(file, path).points


def _las(path: Path) -> int:
    from annotator.formats.points.las import read_head  # noqa: PLC0415 - one reader is needed

    return read_head(path).points


def _bin(path: Path, layout: str | None) -> int:
    from annotator.formats.points.bin import FLOAT_BYTES, rank  # noqa: PLC0415 - one is needed
    from annotator.formats.points.layouts import named_layout  # noqa: PLC0415

    chosen = named_layout(layout, path) if layout else rank(path)[0][0]
    return path.stat().st_size // (FLOAT_BYTES * len(chosen.columns))


_COUNTERS: dict[str, Callable[[Path], int]] = {"PCD": _pcd, "LAS": _las}
