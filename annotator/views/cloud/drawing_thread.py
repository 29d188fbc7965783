"""Draws scans beside the window's thread, the latest wish first."""

import threading
import time
from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from annotator.app.renderers.renderer import Picture, PointRenderer, ShownPoints
from annotator.geometry.drawing import Pixels
from annotator.geometry.projection import Camera, Size

_SKETCH_S = 0.012
_REST_S = 0.08

Make = Callable[[], PointRenderer]


class DrawingThread(QObject):
    """Takes wishes at any time, and emits pictures: a sketch while things move, then the whole.

    Parameters
    ----------
    make
        Makes the first renderer, beside the window's thread.
    """

    ready = Signal(object, object)
    """A picture, and the `ShownPoints` that its rows are of."""
    drawn_by = Signal(str)
    """Name of the renderer that draws from now on."""

    def __init__(self, make: Make, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._wish = threading.Condition()
        self._make: Make | None = make
        self._renderer: PointRenderer | None = None
        self._points: ShownPoints | None = None
        self._shown: ShownPoints | None = None
        self._table: Pixels | None = None
        self._view: tuple[Camera, Size] | None = None
        self._moving, self._closed = False, False
        self._last: Picture | None = None
        self._thread = threading.Thread(target=self._run, name="cloud view", daemon=True)
        self._thread.start()

    def use(self, make: Make) -> None:
        """Draw with another renderer as soon as it is made; until then the present one goes on."""
        threading.Thread(target=self._hand_over, args=(make,), daemon=True).start()

    def show(self, points: ShownPoints) -> None:
        """Draw this scan from now on."""
        with self._wish:
            self._points, self._table = points, None
            self._wish.notify()

    def recolour(self, table: Pixels) -> None:
        """Shade the last picture again, with this table."""
        with self._wish:
            self._table = table
            self._wish.notify()

    def look(self, camera: Camera, size_px: Size, *, moving: bool) -> None:
        """Draw from this camera."""
        with self._wish:
            self._view, self._moving = (camera, size_px), moving
            self._wish.notify()

    def close(self) -> None:
        """End the thread; the renderer is closed where it was made."""
        with self._wish:
            self._closed = True
            self._wish.notify()
        self._thread.join()

    def _hand_over(self, make: Make) -> None:
        renderer = make()
        with self._wish:
            late = self._closed
            if not late:
                self._make = lambda: renderer
                self._wish.notify()
        if late:
            renderer.close()

    def _run(self) -> None:
        view = None
        while True:
            with self._wish:
                self._wish.wait_for(self._is_wished)
                if self._closed:
                    break
                make, points, table = self._make, self._points, self._table
                new_view, moving = self._view, self._moving
                self._make = self._points = self._table = self._view = None
            if make is not None:
                points = points or self._shown
                self._replace(make)
            self._give(points, table)
            view = new_view or view
            if view is None or self._shown is None:
                continue
            if points is None and new_view is None and self._last is not None:
                self._emit(self._drawing().shaded_again(self._last))
                if self._last.is_whole:
                    continue
            self._draw(*view, moving=moving and new_view is not None)
        if self._renderer is not None:
            self._renderer.close()

    def _replace(self, make: Make) -> None:
        if self._renderer is not None:
            self._renderer.close()
        self._renderer = make()
        self.drawn_by.emit(self._renderer.name)

    def _give(self, points: ShownPoints | None, table: Pixels | None) -> None:
        if points is not None:
            self._shown = points
            self._drawing().show(points)
        if table is not None and self._shown is not None:
            self._drawing().recolour(table)

    def _drawing(self) -> PointRenderer:
        assert self._renderer is not None  # made before anything else is taken
        return self._renderer

    def _draw(self, camera: Camera, size_px: Size, *, moving: bool) -> None:
        if moving:
            self._emit(self._drawing().sketch(camera, size_px, budget_s=_SKETCH_S))
            if self._last is not None and self._last.is_whole:
                return
            with self._wish:
                if self._wish.wait_for(self._is_wished, _REST_S):
                    return
        for picture in self._drawing().refine(camera, size_px):
            if picture is not None:
                self._emit(picture)
            with self._wish:
                if self._view is not None or self._closed:
                    return
            time.sleep(0)

    def _is_wished(self) -> bool:
        wishes = (self._make, self._points, self._table, self._view)
        return self._closed or any(wish is not None for wish in wishes)

    def _emit(self, picture: Picture) -> None:
        self._last = picture
        with self._wish:
            if not self._closed:
                self.ready.emit(picture, self._shown)
