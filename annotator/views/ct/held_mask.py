"""Holds the mask away while its key is down, whichever part of the window has the keyboard."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from annotator.views.field_keys import is_field
from annotator.views.key_events import meant

if TYPE_CHECKING:
    from annotator.views.ct.image_view import ImageView

_HIDE_MASK = "view.hide_mask"
_TAKEN = {Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason}
"""Why nobody here would be told that the key went up."""
_SETTLED_MS = 60
"""How long after a release no press may follow for the key to be up."""


class HeldMask(QObject):
    """Shown → (the key goes down) held away → (up, or another window gets the keys) shown.

    Fields and buttons of the window keep the key. X11 repeats a key that is held as pairs of
    release and press; a release counts once no press has followed.
    """

    def __init__(self, view: "ImageView") -> None:
        super().__init__(view)
        self._view = view
        self._listened: QWidget | None = None
        self._up = QTimer(self, singleShot=True, interval=_SETTLED_MS)
        self._up.timeout.connect(partial(self._hold, away=False))
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._follow)

    def eventFilter(self, _widget: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's
        """Take the key from whoever has the keyboard, and note when it goes elsewhere."""
        if isinstance(event, QFocusEvent) and event.lostFocus() and event.reason() in _TAKEN:
            self._hold(away=False)
        kinds = {QEvent.Type.KeyPress, QEvent.Type.KeyRelease}
        if event.type() not in kinds or not isinstance(event, QKeyEvent):
            return False
        if not meant(event, (_HIDE_MASK,)):
            return False
        if event.type() is QEvent.Type.KeyPress:
            self._up.stop()
            if not event.isAutoRepeat():
                self._hold(away=True)
        elif not event.isAutoRepeat():
            self._up.start()
        return True

    def _follow(self, _before: QWidget | None, now: QWidget | None) -> None:
        if self._listened is not None and isValid(self._listened):
            self._listened.removeEventFilter(self)
        self._listened = None
        if now is None or now.window() is not self._view.window() or is_field(now):
            self._hold(away=False)
            return
        self._listened = now
        now.installEventFilter(self)

    def _hold(self, *, away: bool) -> None:
        state = self._view.state
        if state is not None and state.is_mask_hidden != away:
            self._view.hide_mask(hidden=away)
