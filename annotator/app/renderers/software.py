"""Draws points with the processor alone, from as many cores as help."""

import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import lru_cache, partial

import numpy as np
import numpy.typing as npt

from annotator.app.renderers.renderer import Picture, ShownPoints
from annotator.geometry import drawing
from annotator.geometry.drawing import ALL_ROWS, NOTHING, Entries, Lens, Pixels, Points, Rows
from annotator.geometry.lasso import in_parts
from annotator.geometry.projection import Camera, Size
from annotator.geometry.sampling import shuffled_rows

# More buffers cost more to merge than more threads win.
_MOST_THREADS = 4
_MOST_SKETCHED = 1_000_000
_FEWEST_SKETCHED = 20_000
_POINTS_A_STEP = 2_000_000
_EDL_STRENGTH = 2.5
# A late picture is seen, a coarse one hardly: be quick to expect less and slow to expect more.
_DOWN, _UP = 0.5, 0.2
_TOP_COLOUR, _BOTTOM_COLOUR = (24, 28, 35), (12, 14, 18)

Merge = Callable[[int, int, Entries], None]
"""Writes the nearest of what was drawn to some lines; whoever shades the next ones does too."""


@dataclass(frozen=True, slots=True, eq=False)
class _Sample:
    """A shuffled part of the scan: any beginning of it is an even sketch."""

    xyz_m: Points
    rows: Rows


class SoftwareRenderer:
    """Draws a scan into rows, then looks colours up and shades them by depth.

    Beside the scan's own array it holds a shuffled sample of up to 1 M points (16 MB) for
    sketches, and one picture of entries per thread.

    Parameters
    ----------
    threads
        How many cores to use.
    """

    name = "software"

    def __init__(self, threads: int | None = None) -> None:
        self._threads = threads or min(os.cpu_count() or 1, _MOST_THREADS)
        self._pool = ThreadPoolExecutor(self._threads, thread_name_prefix="drawing")
        self._points: ShownPoints | None = None
        self._beside = ThreadPoolExecutor(1, thread_name_prefix="sampling")
        self._sampling: Future[_Sample] = Future()
        self._buffers = np.zeros((0, 0, 0), np.uint64)
        self._emptied: Future[None] | None = None
        """Done once the buffers hold nothing; None while a picture is drawn, or was abandoned."""
        self._points_a_second = 10e6
        self.projections = 0
        """How often points were projected; recolouring must not count."""

    def show(self, points: ShownPoints) -> None:
        """Draw this from now on."""
        if self._points is None or points.xyz_m is not self._points.xyz_m:
            # A scan of a sequence is often left before anything moves: nobody waits for its sample.
            self._sampling.cancel()
            self._sampling = self._beside.submit(_sampled, points.xyz_m)
        self._points = points

    def recolour(self, table: Pixels) -> None:
        """Use another table of colours from now on."""
        if self._points is not None:
            self._points = replace(self._points, table=table)

    def draw(self, camera: Camera, size_px: Size) -> Picture:
        """Return the whole scan as it looks from a camera."""
        pictures = [p for p in self.refine(camera, size_px) if p is not None]
        return pictures[-1]

    def sketch(self, camera: Camera, size_px: Size, *, budget_s: float) -> Picture:
        """Return a picture within about ``budget_s``, from a beginning of the shuffled sample.

        How long the beginning may be follows from how long the last sketches took.
        """
        began = time.perf_counter()
        shown, lens = self._ready(camera, size_px)
        sample = self._sampling.result()
        self._clear(size_px)
        fixed_s = time.perf_counter() - began + self._shading_s(size_px)
        fits = int(self._points_a_second * max(budget_s - fixed_s, 0.0))
        count = min(max(fits, _FEWEST_SKETCHED), len(sample.rows))
        started = time.perf_counter()
        self._splat(shown, lens, sample.xyz_m, range(count), sample.rows)
        spent = max(time.perf_counter() - started, 1e-6)
        if count >= _FEWEST_SKETCHED:
            off = count / spent - self._points_a_second
            self._points_a_second += (_DOWN if off < 0 else _UP) * off
        whole = count == len(shown.xyz_m)
        return self._finished(camera, lens, whole=whole, drawn=count, began=began)

    def refine(self, camera: Camera, size_px: Size) -> Iterator[Picture | None]:
        """Draw the whole scan in steps of some million points; only the last one is shown."""
        began = time.perf_counter()
        shown, lens = self._ready(camera, size_px)
        self._clear(size_px)
        count = len(shown.xyz_m)
        for start in range(0, count, _POINTS_A_STEP):
            part = range(start, min(start + _POINTS_A_STEP, count))
            self._splat(shown, lens, shown.xyz_m, part, ALL_ROWS)
            if part.stop < count:
                yield None
        yield self._finished(camera, lens, whole=True, drawn=count, began=began)

    def shaded_again(self, picture: Picture) -> Picture:
        """Return a picture in the present colours, without projecting a point."""
        began = time.perf_counter()
        shown, lens = self._ready(picture.camera, picture.size_px)
        pixels = self._shaded(shown, lens, picture.entries)
        return replace(picture, pixels=pixels, took_s=time.perf_counter() - began)

    def close(self) -> None:
        """Give back threads and memory."""
        self._beside.shutdown(cancel_futures=True)
        self._pool.shutdown()
        self._points = None
        self._buffers = np.zeros((0, 0, 0), np.uint64)

    def _ready(self, camera: Camera, size_px: Size) -> tuple[ShownPoints, Lens]:
        if self._points is None:
            raise ValueError("nothing is shown yet")
        return self._points, drawing.lens(camera, size_px, self._points.origin_m)

    def _clear(self, size_px: Size) -> None:
        """Begin with empty buffers: those of a finished picture are emptied while it is shown."""
        shape = (self._threads, size_px[1], size_px[0])
        if self._buffers.shape != shape:
            self._buffers = np.full(shape, NOTHING)
        elif self._emptied is not None:
            self._emptied.result()
        else:
            self._buffers.fill(NOTHING)
        self._emptied = None

    def _splat(
        self, shown: ShownPoints, lens: Lens, xyz_m: Points, part: range, rows: Rows
    ) -> None:
        self.projections += 1
        edges = [part.start + len(part) * i // self._threads for i in range(self._threads + 1)]

        def work(thread: int) -> None:
            drawing.splat(
                self._buffers[thread],
                xyz_m,
                edges[thread],
                edges[thread + 1],
                lens,
                point_px=int(shown.sizes_px.max(initial=0)) or shown.point_px,
                slab_m=shown.slab_in_cloud_m,
                rows=rows,
                seen=shown.seen,
                sizes_px=shown.sizes_px,
            )

        self._at_once(work)

    def _finished(
        self, camera: Camera, lens: Lens, *, whole: bool, drawn: int, began: float
    ) -> Picture:
        shown = self._points
        if shown is None:
            raise ValueError("nothing is shown yet")
        started = time.perf_counter()
        entries = np.empty(self._buffers.shape[1:], np.uint64)
        pixels = self._shaded(shown, lens, entries, merge=partial(drawing.merge, self._buffers))
        self._emptied = self._pool.submit(self._buffers.fill, NOTHING)
        ended = time.perf_counter()
        self._shading_s_per_px = (ended - started) / max(entries.size, 1)
        return Picture(camera, pixels, entries, whole, drawn, ended - began)

    _shading_s_per_px = 4e-9

    def _shading_s(self, size_px: Size) -> float:
        return self._shading_s_per_px * size_px[0] * size_px[1]

    def _shaded(
        self, shown: ShownPoints, lens: Lens, entries: Entries, merge: Merge | None = None
    ) -> Pixels:
        pixels = np.empty(entries.shape, np.uint32)
        background = _background(entries.shape[0])

        def work(start: int, stop: int) -> None:
            if merge is not None:  # here, since to wait for all lines would take as long again
                merge(max(start - 1, 0), min(stop + 1, len(entries)), entries)
            drawing.shade(
                entries,
                start,
                stop,
                colours=shown.colours,
                table=shown.table,
                background=background,
                step_of_key=lens.step_of_key,
                strength=_EDL_STRENGTH,
                pixels=pixels,
            )

        self._by_lines(entries, work)
        return pixels

    def _by_lines(self, entries: Entries, work: Callable[[int, int], None]) -> None:
        in_parts(lambda p: work(p.start, p.stop), len(entries), self._pool, self._threads)

    def _at_once(self, work: Callable[[int], None]) -> None:
        in_parts(lambda part: work(part.start), self._threads, self._pool, self._threads)


def _sampled(xyz_m: Points) -> _Sample:
    """Return up to 1 M points in random order; the same scan gives the same sketch."""
    rows = shuffled_rows(len(xyz_m), _MOST_SKETCHED)
    return _Sample(np.take(xyz_m, rows, axis=0), rows)


@lru_cache(maxsize=8)
def _background(height: int) -> Pixels:
    """Return one colour a line, a little lighter above, as a dark room is."""
    t = np.linspace(0, 1, max(height, 1))[:, None]
    colours = np.round((1 - t) * np.array(_TOP_COLOUR) + t * np.array(_BOTTOM_COLOUR))
    return _packed(colours.astype(np.uint32))


def _packed(rgb: npt.NDArray[np.uint32]) -> Pixels:
    return np.asarray(np.uint32(0xFF000000) | rgb[:, 0] << 16 | rgb[:, 1] << 8 | rgb[:, 2])
