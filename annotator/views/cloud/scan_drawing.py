"""Has a scan drawn beside the window, and says which of its points the picture shows where."""

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QObject, Signal

from annotator.app.cloud_settings import CloudSettings, Look
from annotator.app.overhead import Overhead
from annotator.app.renderers.choosing import choices_folder, renderer_for
from annotator.app.renderers.renderer import Picture, PointRenderer, ShownPoints
from annotator.app.scan_view import shown_points
from annotator.app.session import Session
from annotator.app.shown_rows import WantedRows
from annotator.app.shown_scan import ShownScan
from annotator.app.storeys import Storeys
from annotator.geometry import drawing
from annotator.geometry.drawing import ALL_SEEN, Mask
from annotator.geometry.lasso import inside, rows_inside
from annotator.geometry.picking import pick
from annotator.geometry.projection import Camera, Size
from annotator.model.annotations import Annotation
from annotator.model.edits import Paint
from annotator.model.shapes import Box3D, Vec2
from annotator.views.cloud.cloud_colours import CloudColours
from annotator.views.cloud.drawing_thread import DrawingThread

_WITHIN_PX = 0.75
_PARTS = 4
_MANY, _MANY_BELOW = 500_000, 60_000
"""Of so many points it takes a moment to find those that are shown; under ceilings, longer."""
Rows = npt.NDArray[np.int64]
Alone = Callable[[], Sequence[Annotation]]


@dataclass(frozen=True, slots=True)
class Laid:
    """Where a picture lies in a view: its top left corner, and view pixels to one of its own."""

    at_px: Vec2
    scale: float

    def to_picture(self, place_px: Vec2) -> Vec2:
        """Return which place of the picture is at a place of the view."""
        x, y = place_px
        return (x - self.at_px[0]) / self.scale, (y - self.at_px[1]) / self.scale


def laid(picture: Picture, camera: Camera, size_px: Size) -> Laid:
    """Return where a picture lies in a view of this camera, though the view's edges moved."""
    wide, high = picture.size_px
    if not camera.looks_like(picture.camera):
        return Laid((0.0, 0.0), size_px[0] / wide)
    scale = camera.focal_px(size_px[1]) / picture.camera.focal_px(high)
    x, y = camera.middle_px(size_px)
    own_x, own_y = picture.camera.middle_px(picture.size_px)
    left, top = x - scale * own_x, y - scale * own_y
    is_whole = max(abs(left), abs(top), abs(scale * wide - size_px[0])) < _WITHIN_PX
    return Laid((0.0, 0.0), size_px[0] / wide) if is_whole else Laid((left, top), scale)


class ScanDrawing(QObject):
    """Has the last picture of the shown scan. Holds no truth.

    Parameters
    ----------
    alone
        Returns what is to be shown alone; nothing where everything is shown.
    """

    drawn = Signal(object)
    """There is another picture."""
    shows_otherwise = Signal()
    """Other points are shown, or in other colours."""
    _found_rows = Signal(object, object, object)

    def __init__(  # noqa: PLR0917 - what it draws, how, and where
        self,
        shown: ShownScan,
        session: Session,
        settings: CloudSettings,
        pool: Executor,
        alone: Alone,
        renderer: PointRenderer | None,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._session, self._settings, self._pool = session, settings, pool
        self._alone = alone
        self.shown = shown
        self.overhead: Overhead | None = None
        """Where the ceilings are, once that is known."""
        self.storeys: Storeys | None = None
        """The same of the storeys."""
        self.clip: Box3D | None = None
        """Only what is in this box is drawn."""
        self.picture: Picture | None = None
        self.tells_rows = False
        """Whether the picture is of this scan: rows in one of another would be taken for its."""
        self._px_ratio = 1.0
        self._thread = DrawingThread((lambda: renderer) if renderer else self._renderer(), self)
        self._thread.ready.connect(self._take)
        self._thread.drawn_by.connect(settings.tell_drawn_by)
        self.colours = CloudColours(session, settings, pool, self)
        self.colours.changed.connect(self.show_points)
        self.colours.painted.connect(self.shade)
        self._rows = WantedRows()
        self._seen = ALL_SEEN
        self._painted, self._finds = 0, False
        self._found_rows.connect(self._take_rows)
        self.points = self._points()
        self.colours.colour(shown)

    def show_scan(self, shown: ShownScan) -> None:
        """Draw another scan from now on."""
        self.shown, self.tells_rows = shown, False
        self._rows, self._seen = WantedRows(painted=-1), ALL_SEEN
        self.colours.colour(shown)

    def look(self, camera: Camera, size_px: Size, *, px_ratio: float, moving: bool) -> None:
        """Draw from this camera; ``px_ratio`` is pixels of the screen to one of the window."""
        if px_ratio != self._px_ratio:
            self._px_ratio = px_ratio
            self.show_points()
        wide, high = (max(round(length * px_ratio), 1) for length in size_px)
        self._thread.look(camera, (wide, high), moving=moving)

    def recolour(self) -> None:
        """Find all colours anew, as when the classes changed."""
        self.colours.colour(self.shown)

    def repaint(self, painted: Sequence[Paint]) -> None:
        """Give painted points their new colour, and hide what is now hidden."""
        are_other = self.colours.paint(painted, self.shown)
        self._painted += 1
        if self._wanted_rows().asks_labels:
            self.show_points()
        elif are_other:
            self.shade()

    def shade(self) -> None:
        """Look the colours of the last picture up again; nothing is projected."""
        self.points = replace(self.points, table=self.colours.now.table)
        self._thread.recolour(self.points.table)

    def restyle(self, before: Look) -> None:
        """Draw as the settings say now."""
        look = self._settings.look
        if (look.colour_by, look.colour_map) != (before.colour_by, before.colour_map):
            self.recolour()
            return
        tinted_before = replace(before, tints=look.tints, faded=look.faded)
        if tinted_before != before:
            self.colours.tint(self.shown)
        if not look.draws_like(tinted_before):
            self.show_points()
        elif tinted_before != before:
            self.shade()
            self.shows_otherwise.emit()

    def put_ground(self, overhead: Overhead | None, storeys: Storeys) -> None:
        """Know where the scan's ceilings and storeys are, and hide what is not wanted of them."""
        self.overhead, self.storeys = overhead, storeys
        if self._wanted_rows().asks_ground:
            self.show_points()

    def show_points(self) -> None:
        """Draw what is wanted now; of many points it is found out beside the window."""
        wanted = self._wanted_rows()
        if wanted == self._rows or wanted.are_all:
            self._draw_rows(wanted, self._seen if wanted == self._rows else ALL_SEEN)
        elif len(self.shown.cloud) < (_MANY_BELOW if wanted.asks_ground else _MANY):
            self._draw_rows(wanted, wanted.mask(self.shown, self._session.document))
        elif not self._finds:
            self._find_rows(wanted)

    def draw_otherwise(self) -> None:
        """Use the renderer that the settings ask for."""
        self._thread.use(self._renderer())

    def close(self) -> None:
        """End the thread."""
        self._thread.close()

    def row_at(self, at_px: Vec2, camera: Camera, size_px: Size) -> int | None:
        """Return which of the drawn points is at a place in the view, with tolerance."""
        if self.picture is None or not self.tells_rows:
            return None
        return pick(self.picture.entries, laid(self.picture, camera, size_px).to_picture(at_px))

    def rows_found(
        self, path_px: Sequence[Vec2], camera: Camera, size_px: Size, *, front_only: bool
    ) -> Callable[[], Rows]:
        """Return what finds the rows of what is drawn that are inside an outline in the view.

        It finds them in the picture that is seen now, on any thread.
        """
        picture, points, shown = self.picture, self.points, self.shown
        if picture is None or not self.tells_rows:
            return _no_rows
        here = laid(picture, camera, size_px)
        path = [here.to_picture(place) for place in path_px]

        def find() -> Rows:
            return rows_inside(
                shown.cloud.xyz_m,
                drawing.lens(picture.camera, picture.size_px, shown.cloud.origin_m),
                inside(path, picture.size_px),
                slab_m=points.slab_in_cloud_m,
                seen=points.seen,
                surface=picture.entries if front_only else None,
                executor=self._pool,
                parts=_PARTS,
            )

        return find

    def _wanted_rows(self) -> WantedRows:
        look = self._settings.look
        below = self.overhead if look.hides_ceiling else None
        storey = self.storeys.alone(look.storey) if self.storeys is not None else None
        alone = tuple(self._alone())
        wanted = WantedRows(look.hidden, look.solo, alone, self.clip, below, storey)
        return replace(wanted, painted=self._painted) if wanted.asks_labels else wanted

    def _find_rows(self, wanted: WantedRows) -> None:
        self._finds = True
        shown, document = self.shown, self._session.document
        self._pool.submit(
            lambda: self._found_rows.emit(wanted, shown, wanted.mask(shown, document))
        )

    def _take_rows(self, wanted: WantedRows, shown: ShownScan, seen: Mask) -> None:
        """Draw what was found; if something else is wanted by now, find that next."""
        self._finds = False
        now = self._wanted_rows()
        if shown is self.shown and not now.are_all:
            self._draw_rows(wanted, seen)
        if now != self._rows:
            self.show_points()

    def _draw_rows(self, wanted: WantedRows, seen: Mask) -> None:
        self._rows, self._seen = wanted, seen
        self.points = self._points()
        self._thread.show(self.points)
        self.shows_otherwise.emit()

    def _points(self) -> ShownPoints:
        return shown_points(
            self.shown,
            self._settings.look,
            self.colours.now,
            self._seen,
            px_ratio=self._px_ratio,
        )

    def _take(self, picture: Picture, points: ShownPoints) -> None:
        self.picture = picture
        self.tells_rows = points.xyz_m is self.shown.cloud.xyz_m
        self.drawn.emit(picture)

    def _renderer(self) -> Callable[[], PointRenderer]:
        return partial(renderer_for, self._settings.renderer, choices_folder())


def _no_rows() -> Rows:
    return np.zeros(0, np.int64)
