"""Scrolls, points and clicks in the real image view; every picture is painted at once."""

from collections.abc import Iterator
from pathlib import Path

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from annotator.app.selection import Selection
from annotator.commands.foci import foci
from annotator.imaging.slabs import Plane
from annotator.tools.tool import Keys, Pointer
from annotator.views.ct.image_view import ImageView
from bench import peers
from bench.rows import Row
from bench.stage import app, remove_folders, settle
from bench.timing import Times, timed
from bench.volumes import THRESHOLD_HU, Chest, as_files, chest, mark_all, stored

Files = tuple[Path, Path]
SIDE = 1024
LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


def rows(*, quick: bool) -> Iterator[Row]:
    app()
    made = chest()
    files = as_files(made)
    steps = 60 if quick else 300
    yield from _clicking(made, files[0], runs=10 if quick else 40)
    yield from _scrolling(made, files, steps)
    yield _crosshair(made, steps)
    remove_folders()


def _scrolling(made: Chest, files: Files, steps: int) -> Iterator[Row]:
    view = _view(made, is_marked=True)
    view.maximise(Plane.AXIAL)
    plane = view.plane_view()
    for _each in range(3):
        settle(0.1)
        view.resize(view.width() + SIDE - plane.width(), view.height() + SIDE - plane.height())
    settle(0.1)
    size = f"{plane.width()} × {plane.height()}"
    count = len(made.volume.hu)

    def scroll(n: int) -> None:
        view.show_slice(n % count)
        plane.repaint()

    took = timed(scroll, steps, warm=10)
    scrolled = _peers(files, steps // 3)
    yield from Row(f"scroll with mask, {size}, median", took.median_ms, "ms", 8.0).beside(
        _pick(scrolled, "median_ms")
    )
    yield from Row(f"scroll with mask, {size}, 99 %", took.share_ms(0.99), "ms", 16.0).beside(
        _pick(scrolled, "p99_ms")
    )
    view.stop_listening()
    view.close()


def _crosshair(made: Chest, steps: int) -> Row:
    view = _view(made, is_marked=True)
    view.resize(1440, 900)
    settle(0.2)
    planes = [view.plane_view(plane) for plane in Plane]
    width, height = planes[0].width(), planes[0].height()

    def move(n: int) -> None:
        at = (width * (0.3 + 0.4 * (n * 7 % 100) / 100), height * (0.3 + 0.4 * (n * 3 % 100) / 100))
        planes[0].moved.emit(Pointer(at, keys=Keys.SHIFT))
        for plane in planes:
            plane.repaint()

    took = timed(move, steps, warm=10)
    view.stop_listening()
    view.close()
    note = f"99 % within {took.share_ms(0.99):.1f} ms"
    return Row("three linked planes, a crosshair move", took.median_ms, "ms", 20.0, note=note)


def _clicking(made: Chest, hu_file: Path, runs: int) -> Iterator[Row]:
    view = _view(made, is_marked=False)
    view.resize(1440, 900)
    settle(0.2)
    took = Times(tuple(_clicked(view, made, n) for n in range(runs + 5))[5:])
    found = len(foci(view.session.document))
    assert found == runs + 5, f"{found} foci from {runs + 5} clicks"
    seeds = ";".join(",".join(map(str, seed)) for seed in made.seeds[:5])
    title = peers.title(peers.SIMPLEITK)
    grown = peers.number(
        "grow_ms", peers.SIMPLEITK, "sitk_volume", hu_file, str(THRESHOLD_HU), seeds
    )
    note = f"kept in SQLite as well; 99 % within {took.share_ms(0.99):.1f} ms; the peer grows only"
    row = Row("click to visible focus", took.median_ms, "ms", 5.0, note=note)
    yield from row.beside({f"{title} ConnectedThreshold": grown})
    view.stop_listening()
    view.close()


def _clicked(view: ImageView, made: Chest, n: int) -> float:
    """Point at a focus, then click; time from the click to the painted mask."""
    k, j, i = made.seeds[n]
    view.go_to((i, j, k))
    plane = view.plane_view()
    plane.bring_into_view((i, j, k))
    plane.repaint()
    x, y = plane.camera.px_of((float(i), float(j), float(k)))
    at = QPoint(round(x), round(y))
    QTest.mouseMove(plane, at)
    settle(0.05)
    shown = int(plane.pixels.argb[at.y(), at.x()])

    def click(_n: int) -> None:
        QTest.mousePress(plane, LEFT, NONE, at)
        while int(plane.pixels.argb[at.y(), at.x()]) == shown:
            QApplication.processEvents()

    took = timed(click, 1, warm=0).median_ms
    QTest.mouseRelease(plane, LEFT, NONE, at)
    QApplication.processEvents()
    return took


def _view(made: Chest, *, is_marked: bool) -> ImageView:
    session = stored(made)
    if is_marked:
        mark_all(session, made)
    view = ImageView(session, Selection("calcification"))
    view.show()
    settle(0.2)
    return view


def _peers(files: Files, steps: int) -> dict[str, dict[str, float] | str]:
    found: dict[str, dict[str, float] | str] = {}
    for peer, script in ((peers.NAPARI, "napari_scroll"), (peers.PYQTGRAPH, "pyqtgraph_scroll")):
        try:
            told = peers.measure(peer, script, *files, SIDE, steps, screen=True)
        except peers.AbsentPeerError as absent:
            told = str(absent)
        found[peers.title(peer)] = told
    return found


def _pick(found: dict[str, dict[str, float] | str], key: str) -> dict[str, float | str]:
    return {name: v if isinstance(v, str) else v[key] for name, v in found.items()}
