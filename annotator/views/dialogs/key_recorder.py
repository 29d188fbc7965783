"""A button that waits for a key, and tells which one went down."""

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QPushButton, QWidget

from annotator.i18n import gettext as _
from annotator.views.key_events import key_names


class KeyRecorder(QPushButton):
    """Idle → (click or `begin`) waiting → (a key, or the focus goes) Idle.

    While it waits every key is taken, those that close a dialog or move the focus too.
    """

    recorded = Signal(str)
    """The key, as the table of keys writes it."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(title, parent)
        self._title = title
        self._is_waiting = False
        self.setAutoDefault(False)
        self.clicked.connect(self.begin)

    def begin(self) -> None:
        """Wait for a key."""
        self._is_waiting = True
        self.setText(_("Press a key…"))
        self.setFocus()

    def event(self, event: QEvent) -> bool:
        """Take a key before anything else has a use for it."""
        if self._is_waiting and isinstance(event, QKeyEvent):
            event.accept()
            names = key_names(event) if event.type() is QEvent.Type.KeyPress else ()
            if names and not event.isAutoRepeat():
                self._end()
                self.recorded.emit(names[0])
            return True
        return super().event(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's
        """Wait no longer."""
        self._end()
        super().focusOutEvent(event)

    def _end(self) -> None:
        self._is_waiting = False
        self.setText(self._title)
