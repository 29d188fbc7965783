"""Plays through the slices of a series."""

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from annotator.views.image_view import ImageView

FRAMES_PER_S = 12


class Cine(QTimer):
    """Goes to the next axial slice a dozen times a second, from the last to the first again."""

    def __init__(self, view: ImageView, parent: QWidget | None = None) -> None:
        super().__init__(parent or view)
        self._view = view
        self.setInterval(1000 // FRAMES_PER_S)
        self.timeout.connect(self.step)

    def play_or_pause(self) -> None:
        """Begin, or stop where it is."""
        if self.isActive():
            self.stop()
        else:
            self.start()

    def step(self) -> None:
        """Show the next slice."""
        state = self._view.state
        if state is not None:
            self._view.show_slice((state.at[2] + 1) % len(state.hu))
