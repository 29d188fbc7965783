"""Draws a timeline's thumbnails beside the window, and what was labelled over them."""

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QObject, QPointF, Signal
from PySide6.QtGui import QImage, QPolygonF

from annotator.app.open_sequence import OpenSequence
from annotator.app.scan_pictures import Window, bulk_m, plan_picture
from annotator.app.shown_class import color_of
from annotator.commands.tracks import trajectory_m
from annotator.errors import AnnotatorError
from annotator.geometry.boxes import corners
from annotator.geometry.wireframes import lines_of
from annotator.model.annotations import Annotation
from annotator.model.shapes import Box3D, Focus, Shape, Vec2
from annotator.views.sequences.frame_strip import THUMB_PX, FrameStrip, Outline

_DOT_PX = 2
_WIDE_M, _LEAST_M, _MOST_M = 40.0, 14.0, 80.0
_ROOM_M = 4.0
_MOST_OUTLINES = 3_000
"""Of more, thumbnails show only the selected ones: the window does not wait for specks."""
_MOST_POINTS = 2_000_000
"""A larger scan gets its thumbnail when it is looked at: it is not read for that alone."""


class ScanThumbnails(QObject):
    """Shows each scan around its sensor; while a moving object is selected, around its way.

    So what is the same in all thumbnails stands still, and what changes is seen to change.
    """

    _drawn = Signal(int, object, object)

    def __init__(self, sequence: OpenSequence, strip: FrameStrip, parent: QObject) -> None:
        super().__init__(parent)
        self._sequence, self._strip = sequence, strip
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="thumbnails")
        self._asked: dict[int, Window | None] = {}
        self._windows: dict[int, Window] = {}
        self._is_over = False
        self._drawn.connect(self._take)

    def ask(self) -> None:
        """Have drawn what is in view and not drawn yet, and show what was labelled."""
        if self._is_over:
            return
        way = self._way()
        for frame in self._strip.frames():
            window = way or self._around_sensor(frame)
            if (frame not in self._asked or self._asked[frame] != window) and self._is_light(frame):
                self._asked[frame] = window
                self._pool.submit(self._draw, frame, window)
        self.show_outlines()

    def show_outlines(self) -> None:
        """Show what was labelled in the scans in view."""
        frames = [frame for frame in self._strip.frames() if frame in self._windows]
        shown = _by_frame(self._sequence.session.document.annotations.values(), frames)
        if sum(map(len, shown.values())) > _MOST_OUTLINES:
            shown = {frame: list(filter(self._is_chosen, those)) for frame, those in shown.items()}
        self._strip.show_outlines({frame: self._outlines(frame, shown[frame]) for frame in frames})

    def close(self) -> None:
        """Draw no more."""
        self._is_over = True
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _is_light(self, frame: int) -> bool:
        scans = self._sequence.scans
        return scans.count(frame) <= _MOST_POINTS or scans.is_ready(frame)

    def _way(self) -> Window | None:
        """Return the part of the world that the selected object goes through."""
        selected = self._sequence.selected()
        if selected is None or selected.track is None:
            return None
        places = np.array(trajectory_m(self._sequence.session.document, selected.track))
        if not len(places):
            return None
        low, high = places[:, :2].min(axis=0) - _ROOM_M, places[:, :2].max(axis=0) + _ROOM_M
        wide, deep = (high - low).tolist()
        x, y = ((low + high) / 2).tolist()
        needed_m = max(wide, deep * THUMB_PX[0] / THUMB_PX[1], _LEAST_M)
        return Window((x, y), min(needed_m, _MOST_M), THUMB_PX)

    def _around_sensor(self, frame: int) -> Window | None:
        """Return the surroundings of the sensor; without poses they are known once it is read."""
        place = self._sequence.sensor_m(frame)
        return None if place is None else Window(place, _WIDE_M, THUMB_PX)

    def _draw(self, frame: int, window: Window | None) -> None:
        """Draw one thumbnail; runs on the thread."""
        if self._is_over or self._asked.get(frame) != window:
            return
        try:
            cloud = self._sequence.scans[frame]
        except (AnnotatorError, OSError) as error:
            self._drawn.emit(frame, window, str(error))
            return
        shown = window or _around(bulk_m(cloud))
        self._drawn.emit(frame, shown, plan_picture(cloud, shown, dot_px=_DOT_PX))

    def _take(self, frame: int, window: Window, made: npt.NDArray[np.uint32] | str) -> None:
        if isinstance(made, str):
            self._strip.show_fault(frame, made)
            return
        height, width = made.shape
        image = QImage(made.data, width, height, 4 * width, QImage.Format.Format_RGB32)
        self._windows[frame] = window
        self._strip.show_thumbnail(frame, image.copy())
        self.show_outlines()

    def _is_chosen(self, annotation: Annotation) -> bool:
        """Tell whether it is selected, or another box of the selected object."""
        selected = self._sequence.selected()
        track = selected.track if selected is not None else None
        is_same = track is not None and annotation.track == track
        return is_same or annotation.id in self._sequence.selection.ids

    def _outlines(self, frame: int, annotations: Iterable[Annotation]) -> list[Outline]:
        window = self._windows[frame]
        return [
            Outline(
                _ring(annotation.shape, window),
                color_of(annotation.label, self._sequence.session.taxonomy),
                self._is_chosen(annotation),
            )
            for annotation in annotations
        ]


def _by_frame(
    annotations: Iterable[Annotation], frames: Sequence[int]
) -> dict[int, list[Annotation]]:
    """Return what each scan shows, in one pass over what may be thousands."""
    found: dict[int, list[Annotation]] = {frame: [] for frame in frames}
    for annotation in annotations:
        at = frames if annotation.frame is None else (annotation.frame,)
        if not annotation.dismissed and not isinstance(annotation.shape, Focus):
            for frame in at:
                if frame in found:
                    found[frame].append(annotation)
    return found


@lru_cache(maxsize=16_384)
def _ring(shape: Shape, window: Window) -> QPolygonF:
    """Return a shape's outline from above; of a line, the line there and back."""
    places = corners(shape)[:4] if isinstance(shape, Box3D) else _foot(shape)
    return QPolygonF([QPointF(x, y) for x, y in window.to_px(places).tolist()])


def _foot(shape: Shape) -> npt.NDArray[np.float64]:
    """Return the ends of a shape's lines from its first one on, as far as they go on."""
    lines = lines_of(shape)
    goes_on = np.all(lines[1:, 0] == lines[:-1, 1], axis=1)
    count = len(lines) if goes_on.all() else int(np.argmin(goes_on)) + 1
    return np.concatenate([lines[:count, 0], lines[count - 1 : count, 1]])


def _around(bulk: tuple[Vec2, float] | None) -> Window:
    middle, width = bulk or ((0.0, 0.0), _WIDE_M)
    return Window(middle, min(max(width, _LEAST_M), _MOST_M), THUMB_PX)
