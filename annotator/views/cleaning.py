"""Takes Python's garbage away in the window's own thread, when nobody waits for it."""

import gc
import math
import threading
import time
from typing import Final

from PySide6.QtCore import QCoreApplication, QObject, Qt, QTimer
from PySide6.QtGui import QCursor, QGuiApplication

from annotator.app.memory import give_back

_EVERY_MS: Final = 500
_NEXT_IS_SHOWN_S = 1.5
"""How long after an item was closed the one that was opened instead is on the screen."""


class Cleaning(QObject):
    """Collects garbage now and then instead of whenever some thread happens to allocate.

    Python may otherwise pause for it in the middle of a gesture, or end Qt's objects in a thread
    that they do not belong to. What exists when this is made is never looked at again: modules
    and classes, which stay as long as the program. The rest takes some 40 ms, so it waits until
    the pointer rests.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        gc.disable()
        gc.collect()
        gc.freeze()
        self._all_from_s = math.inf
        self._pointer = QCursor.pos()
        self._timer = QTimer(self, interval=_EVERY_MS, timerType=Qt.TimerType.CoarseTimer)
        self._timer.timeout.connect(self._look)
        self._timer.start()

    def clean_soon(self) -> None:
        """Look through everything as soon as nobody waits, as for the item that comes next."""
        self._all_from_s = min(self._all_from_s, time.monotonic() + _NEXT_IS_SHOWN_S)

    def stop(self) -> None:
        """Leave it to Python again."""
        self._timer.stop()
        gc.unfreeze()
        gc.enable()

    def _look(self) -> None:
        due = _oldest_due()
        if due == _ALL:
            self._all_from_s = 0.0
        if time.monotonic() >= self._all_from_s and self._is_resting():
            self._all_from_s = math.inf
            gc.collect()
            _trim()
        elif due >= 0:
            gc.collect(min(due, _ALL - 1))

    def _is_resting(self) -> bool:
        before, self._pointer = self._pointer, QCursor.pos()
        pressed = QGuiApplication.mouseButtons() != Qt.MouseButton.NoButton
        return before == self._pointer and not pressed


_ALL: Final = 2


def clean_soon() -> None:
    """Free what a closed item leaves behind, once Qt has let go of it and nobody waits."""
    app = QCoreApplication.instance()
    cleaning = app.findChild(Cleaning) if app else None
    if isinstance(cleaning, Cleaning):
        cleaning.clean_soon()
    else:  # Python collects when it likes
        QTimer.singleShot(_EVERY_MS, _trim)


def _oldest_due() -> int:
    """Return the oldest generation with more in it than Python itself would let gather, or -1."""
    counts = zip(gc.get_count(), gc.get_threshold(), strict=True)
    return max((age for age, (count, most) in enumerate(counts) if count > most), default=-1)


def _trim() -> None:
    threading.Thread(target=give_back, daemon=True).start()
