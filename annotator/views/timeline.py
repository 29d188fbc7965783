"""The row below the cloud view: where in the sequence one is, and how to go on."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QLabel,
    QSpinBox,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from annotator.app.current_scan import MOST_REACH, CurrentScan
from annotator.app.scan_pictures import bulk_m, top_picture
from annotator.app.scans import WorldScans
from annotator.app.selection import Selection
from annotator.app.session import Session
from annotator.commands.tracks import State, boxes_of, state_of
from annotator.errors import AnnotatorError
from annotator.i18n import gettext as _
from annotator.model.annotations import Annotation
from annotator.model.shapes import Vec2
from annotator.views.frame_strip import THUMB_PX, FrameStrip
from annotator.views.theme import DARK, numbers_font

PLAY_MS = 150
_WIDEST_M = 60.0
_MOST_POINTS = 2_000_000
"""A larger scan gets its thumbnail when it is looked at: it is not read for that alone."""


class Timeline(QWidget):
    """Shows and moves the place in a sequence. Holds no truth: `CurrentScan` does."""

    _drawn = Signal(int, object)

    def __init__(
        self,
        session: Session,
        selection: Selection,
        current: CurrentScan,
        scans: WorldScans,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self._selection = session, selection
        self._current, self._scans = current, scans
        self.strip = FrameStrip(current.count)
        self._play = _button("▶", _("Play"))
        self._play.setCheckable(True)
        self._previous = _button("‹", _("Previous scan"))
        self._next = _button("›", _("Next scan"))
        self._place = QLabel()
        self._place.setFont(numbers_font())
        self._reach = QSpinBox(minimum=0, maximum=min(MOST_REACH, current.count - 1))
        self._reach.setPrefix("± ")
        self._reach.setToolTip(_("Scans on each side that are laid over this one"))
        self._static = QCheckBox(_("Same in every scan"))
        self._static.setToolTip(_("What is labelled now stands still and holds in every scan"))
        self._clock = QTimer(self, interval=PLAY_MS)
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="thumbnails")
        self._asked: set[int] = set()
        self._width_m = 0.0
        self._is_over = False
        self._arrange()
        self._listen()
        self._refresh()

    @property
    def is_playing(self) -> bool:
        """Whether it goes on by itself."""
        return self._clock.isActive()

    def play(self, *, on: bool) -> None:
        """Go through the scans by itself, from the first one if the last is shown."""
        if on and self._current.is_last:
            self._current.go(0)
        (self._clock.start if on else self._clock.stop)()
        with QSignalBlocker(self._play):
            self._play.setChecked(on)
        self._play.setText("❚❚" if on else "▶")

    def stop_listening(self) -> None:
        """Let go of the session and end the threads; the widget is then only to be deleted."""
        if self._is_over:
            return
        self._is_over = True
        self._clock.stop()
        self._soon.stop()
        self._session.changed.disconnect(self._note)
        self._selection.changed.disconnect(self._note)
        self._current.changed.disconnect(self._note)
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _arrange(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(2)
        for widget in (self._previous, self._play, self._next, self._place):
            buttons.addWidget(widget)
        buttons.addStretch()
        buttons.addWidget(self._reach)
        left = QVBoxLayout()
        left.setSpacing(4)
        left.addLayout(buttons)
        left.addWidget(self._static)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(4, 4, 4, 4)
        layout.addLayout(left)
        layout.addWidget(self.strip, 1)

    def _listen(self) -> None:
        self._soon.timeout.connect(self._refresh)
        self._session.changed.connect(self._note)
        self._selection.changed.connect(self._note)
        self._current.changed.connect(self._note)
        self._previous.clicked.connect(lambda: self._current.step(-1))
        self._next.clicked.connect(lambda: self._current.step(1))
        self._play.toggled.connect(lambda on: self.play(on=on))
        self._clock.timeout.connect(self._go_on)
        self._reach.valueChanged.connect(self._current.accumulate)
        self._static.toggled.connect(lambda on: self._current.make_static(on=on))
        self.strip.chosen.connect(self._current.go)
        self.strip.shown.connect(self._ask_thumbnails)
        self._drawn.connect(self._take_thumbnail)

    def _note(self, *_what: object) -> None:
        self._soon.start()

    def _refresh(self) -> None:
        current = self._current
        self._place.setText(
            _("scan {frame} of {count}").format(frame=current.frame + 1, count=current.count)
        )
        self._previous.setEnabled(current.frame > 0)
        self._next.setEnabled(not current.is_last)
        with QSignalBlocker(self._reach), QSignalBlocker(self._static):
            self._reach.setValue(current.reach)
            self._static.setChecked(current.makes_static)
        self.strip.show_place(current.frame, current.reach)
        self._show_marks()
        self._ask_thumbnails()

    def _show_marks(self) -> None:
        ids = self._selection.ids
        selected = self._session.document.annotations.get(ids[0]) if len(ids) == 1 else None
        marks, is_static = marks_of(self._session, selected)
        taxonomy = self._session.taxonomy
        known = selected is not None and selected.label in taxonomy
        color = QColor(*taxonomy[selected.label].color) if known and selected else QColor()
        self.strip.show_marks(
            marks, color if color.isValid() else QColor(DARK.accent), is_static=is_static
        )

    def _go_on(self) -> None:
        """Show the next scan once it is read; playing never makes the window wait."""
        if self._current.is_last:
            self.play(on=False)
        elif self._scans.is_ready(self._current.frame + 1):
            self._current.step(1)
        else:
            self._scans.prepare_around(self._current.frame)

    def _ask_thumbnails(self) -> None:
        if self._is_over:
            return
        for frame in self.strip.frames():
            is_light = self._scans.count(frame) <= _MOST_POINTS or self._scans.is_ready(frame)
            if frame not in self._asked and is_light:
                self._asked.add(frame)
                self._pool.submit(self._draw, frame)

    def _draw(self, frame: int) -> None:
        """Draw one thumbnail; runs on the thread."""
        try:
            cloud = self._scans[frame]
        except (AnnotatorError, OSError):
            self._drawn.emit(frame, None)
            return
        bulk = bulk_m(cloud)
        if bulk is None:
            bulk = ((0.0, 0.0), 1.0)
        self._width_m = self._width_m or min(bulk[1], _WIDEST_M)
        middle = self._sensor_m(frame) or bulk[0]
        self._drawn.emit(frame, top_picture(cloud, middle, self._width_m, THUMB_PX))

    def _sensor_m(self, frame: int) -> Vec2 | None:
        poses = self._session.context.world_from_cloud
        if frame >= len(poses):
            return None
        x, y = poses[frame][:2, 3].tolist()
        return (x, y)

    def _take_thumbnail(self, frame: int, pixels: npt.NDArray[np.uint32] | None) -> None:
        if pixels is None:
            self.strip.show_fault(frame)
            return
        height, width = pixels.shape
        image = QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_RGB32)
        self.strip.show_thumbnail(frame, image.copy())


def marks_of(session: Session, annotation: Annotation | None) -> tuple[dict[int, State], bool]:
    """Return in which scans an object has a box and how that came about, and if it holds in all."""
    if annotation is None:
        return {}, False
    if annotation.frame is None:
        return {}, True
    if annotation.track is None:
        return {annotation.frame: state_of(annotation)}, False
    boxes = boxes_of(session.document, annotation.track)
    return {frame: state_of(a) for frame, a in boxes.items()}, False


def _button(text: str, tip: str) -> QToolButton:
    button = QToolButton()
    button.setText(text)
    button.setToolTip(tip)
    button.setAutoRaise(True)
    button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return button
