"""Reads bare 32-bit floats, the way KITTI, nuScenes and View-of-Delft store their scans."""

from pathlib import Path

import numpy as np

from annotator.errors import FormatError
from annotator.formats.points.columns import cloud_of
from annotator.formats.points.layouts import (
    CLOSE,
    LEAST_SCORE,
    Layout,
    Values,
    known_layouts,
    named_layout,
    regularity,
    sample_of,
    scores,
)
from annotator.formats.points.records import Body, Progress, read_records
from annotator.i18n import gettext as _
from annotator.model.cloud import PointCloud

FLOAT_BYTES = 4
_SAMPLE_RUNS, _RUN_FLOATS = 32, 4 * (3 * 4 * 5 * 7)


def read_bin(
    path: Path, *, layout: str | None = None, progress: Progress | None = None
) -> PointCloud:
    """Read a file of bare floats; its layout is told by evidence unless it is set.

    Raises
    ------
    FormatError
        If no layout fits, or the one that was set leaves a part of a point over.
    """
    ranked = [] if layout else rank(path)
    chosen = named_layout(layout, path) if layout else ranked[0][0]
    points = _points(path, chosen)
    record = np.dtype([(name, "<f4") for name in chosen.columns])
    with path.open("rb") as file:
        columns = read_records(Body(file, path, progress), record, points)
    notes = [chosen.words() + (_(", as set") if layout else ""), *_rival(ranked)]
    return cloud_of(columns, path, notes=notes)


def rank(path: Path) -> list[tuple[Layout, float]]:
    """Score every layout that the size of the file allows; the best first.

    Raises
    ------
    FormatError
        If none fits.
    """
    size = path.stat().st_size
    stream = np.memmap(path, "<f4", "r", shape=(size // FLOAT_BYTES,)) if size >= 4 else None
    widths = sorted({len(layout.columns) for layout in known_layouts()})
    fitting = [width for width in widths if size and size % (FLOAT_BYTES * width) == 0]
    if stream is None or not fitting:
        raise _no_points(
            path, _("its {size} bytes are no whole number of points").format(size=size)
        )
    meant = {
        layout: score
        for width in fitting
        for layout, score in scores(stream.reshape(-1, width)).items()
        if score >= LEAST_SCORE
    }
    if not meant:
        raise _no_points(path, _("its numbers do not look like points in any known layout"))
    regular = regularity(_runs(stream), {len(layout.columns) for layout in meant})
    found = {layout: score * regular[len(layout.columns)] for layout, score in meant.items()}
    return sorted(found.items(), key=lambda entry: -entry[1])


def _runs(stream: "np.memmap[tuple[int], np.dtype[np.float32]]") -> Values:
    """Return some runs of numbers, joined; each begins where a point of any width does."""
    if len(stream) <= _SAMPLE_RUNS * _RUN_FLOATS:
        return sample_of(stream[None]).ravel()
    runs = stream[: len(stream) // _RUN_FLOATS * _RUN_FLOATS].reshape(-1, _RUN_FLOATS)
    return sample_of(runs[:: max(1, len(runs) // _SAMPLE_RUNS)]).ravel()


def _points(path: Path, layout: Layout) -> int:
    size, record = path.stat().st_size, FLOAT_BYTES * len(layout.columns)
    if size == 0 or size % record:
        raise _no_points(
            path,
            _("its {size} bytes are no whole number of points of {record} bytes").format(
                size=size, record=record
            ),
        )
    return size // record


def _rival(ranked: list[tuple[Layout, float]]) -> list[str]:
    close = [layout for layout, score in ranked[1:] if score > CLOSE * ranked[0][1]]
    if not close:
        return []
    return [_("could also be {layout}").format(layout=close[0].name)]


def _no_points(path: Path, problem: str) -> FormatError:
    names = ", ".join(layout.name for layout in known_layouts())
    return FormatError(
        path, problem, _("set the layout ({names}) if it does hold points").format(names=names)
    )
