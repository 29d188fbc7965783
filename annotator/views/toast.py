"""A quiet message over the view that goes away by itself, or at a click."""

from collections.abc import Callable

from PySide6.QtCore import QPoint, QRect, Qt, QTimer
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QLabel, QWidget

from annotator.errors import as_sentence
from annotator.i18n import gettext as _
from annotator.views.short_words import with_short_words

SHOWN_MS = 6000
_ASIDE_PX = 16


class Toast(QLabel):
    """Says what happened without asking anything.

    Parameters
    ----------
    room
        Tells where in the parent it may stand: over the picture, and over nothing that is clicked.
    """

    def __init__(self, parent: QWidget, room: Callable[[], QRect]) -> None:
        super().__init__(parent)
        self._room = room
        self.setStyleSheet(
            "background: palette(button); border: 1px solid palette(mid); "
            "border-radius: 4px; padding: 8px 12px;"
        )
        self._gone = QTimer(self, singleShot=True, interval=SHOWN_MS)
        self._gone.timeout.connect(self.hide)
        self.hide()

    def say(self, text: str, *, stays: bool = False) -> None:
        """Show a sentence bottom left in its room.

        Parameters
        ----------
        stays
            Whether it waits for a click: what was refused must not be missed.
        """
        room = self._room()
        self.setText(with_short_words(as_sentence(text)))
        widest_px = min(420, max(200, room.width() // 2))
        self.setWordWrap(False)
        self.setFixedWidth(min(widest_px, self.sizeHint().width()))
        self.setWordWrap(True)
        self.adjustSize()
        self.move(room.bottomLeft() + QPoint(_ASIDE_PX, -_ASIDE_PX - self.height()))
        self.show()
        self.raise_()
        self._gone.stop()
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, on=not stays)
        self.setToolTip(_("Click to close") if stays else "")
        if not stays:
            self._gone.start()

    def let_go(self) -> None:
        """Go away, unless a click is waited for: what it said is of something else than comes."""
        if self._gone.isActive():
            self.hide()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's
        """Go away."""
        event.accept()
        self.hide()
