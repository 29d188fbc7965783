"""Picks, draws outlines and recolours in the real cloud view, on a stored project."""

from collections.abc import Iterator

import numpy as np
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from annotator.geometry.colouring import ColourBy, ColourMap, colour_map
from annotator.views.cloud.cloud_view import CloudView
from bench import peers
from bench.orbit import HEIGHT, WIDTH, in_words
from bench.rows import Row
from bench.stage import cloud_view, next_drawn, outline_px, remove_folders
from bench.timing import Times, timed

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
VERTICES = 500
LASSO_MS = {1_000_000: 40.0, 5_000_000: 150.0}
PICK_MS = 3.0
RECOLOUR_MS = 10.0
TAKE_ALL = ("floor", "ceiling")
"""Outlines leave these out for other classes, which the peer does not."""


def rows(*, quick: bool) -> Iterator[Row]:
    runs = 5 if quick else 11
    for points in (1_000_000, 5_000_000, 20_000_000):
        view = cloud_view(points, WIDTH, HEIGHT)
        beside = _segfix(points, quick=quick)
        if points != 5_000_000:
            yield from _picking(view, points, beside)
        if points == 1_000_000:
            yield _recolouring(view, runs)
        if points in LASSO_MS:
            yield from _lasso(view, points, beside, runs)
        view.stop_listening()
    remove_folders()


def _picking(
    view: CloudView, points: int, beside: dict[str, dict[str, float] | str]
) -> Iterator[Row]:
    took = timed(lambda n: view.pointer_at((WIDTH / 2 + 7 * n % 300, HEIGHT / 2 - n % 200)), 200)
    row = Row(f"pick, {in_words(points)} points", took.median_ms, "ms", PICK_MS)
    yield from row.beside(_of(beside, "pick_ms"))


def _recolouring(view: CloudView, runs: int) -> Row:
    """A new table of colours, until it is on the screen."""
    maps = [colour_map(ColourMap.DUSK), colour_map(ColourMap.SPECTRUM)]
    grey = view.drawing.colours.now.table[-1:]

    def recolour(n: int) -> None:
        table = maps[n % 2]
        padded = np.append(table, grey)
        next_drawn(view.drawn, view, lambda: view.drawing._thread.recolour(padded))

    return Row("recolour 1 M points", timed(recolour, 3 * runs).median_ms, "ms", RECOLOUR_MS)


def _lasso(
    view: CloudView, points: int, beside: dict[str, dict[str, float] | str], runs: int
) -> Iterator[Row]:
    view.settings.set(colour_by=ColourBy.LABEL)
    view.choose_tool("lasso_label")
    times = Times(tuple(_outlined(view, n) for n in range(runs + 2))[2:])
    name = f"outline of {VERTICES} points to relabelled picture, {in_words(points)}"
    taken = np.count_nonzero(view._session.document.semantic().dense()) / points
    note = f"takes {100 * taken:.0f} % of the points; kept in SQLite as well"
    row = Row(name, times.median_ms, "ms", LASSO_MS[points], note=note)
    yield from row.beside(_of(beside, "lasso_ms"))


def _outlined(view: CloudView, n: int) -> float:
    """Draw an outline; time from letting go to the relabelled picture on the screen."""
    view._selection.choose(TAKE_ALL[n % 2])
    path = [QPoint(round(x), round(y)) for x, y in outline_px(WIDTH, HEIGHT, VERTICES, 2.0 * n)]
    QTest.mousePress(view, LEFT, NONE, path[0])
    for at in path[1:]:
        QTest.mouseMove(view, at)
    last = path[-1]

    def let_go(_n: int) -> None:
        next_drawn(view.drawn, view, lambda: QTest.mouseRelease(view, LEFT, NONE, last))

    return timed(let_go, 1, warm=0).median_ms


def _segfix(points: int, *, quick: bool) -> dict[str, dict[str, float] | str]:
    if quick and points > 5_000_000:
        return {}
    return {peers.title(peers.SEGFIX): peers.segfix(points)}


def _of(beside: dict[str, dict[str, float] | str], key: str) -> dict[str, float | str]:
    return {name: v if isinstance(v, str) else v[key] for name, v in beside.items()}
