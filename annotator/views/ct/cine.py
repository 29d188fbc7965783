"""Plays through the slices of a series."""

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from annotator.i18n import gettext as _
from annotator.imaging.slabs import Plane
from annotator.views.ct.image_view import ImageView

FRAMES_PER_S = (6, 12, 24)
USUAL_PER_S = 12


class Cine(QTimer):
    """Goes to the next axial slice, from the last to the first again; a click stops it."""

    def __init__(self, view: ImageView, parent: QWidget | None = None) -> None:
        super().__init__(parent or view)
        self._view = view
        self._per_s = USUAL_PER_S
        self.setInterval(1000 // self._per_s)
        self.timeout.connect(self.step)
        for plane in Plane:
            view.plane_view(plane).pressed.connect(lambda _pointer: self.stop())

    def play_or_pause(self) -> None:
        """Begin, or stop where it is."""
        if self.isActive():
            self.stop()
        else:
            self.start()

    def change_speed(self) -> None:
        """Play slower, as usual, or faster, in turn."""
        after = FRAMES_PER_S.index(self._per_s) + 1
        self._per_s = FRAMES_PER_S[after % len(FRAMES_PER_S)]
        self.setInterval(1000 // self._per_s)
        self._view.say(_("Plays {n} slices a second").format(n=self._per_s))

    def step(self) -> None:
        """Show the next slice."""
        state = self._view.state
        if state is not None:
            self._view.show_slice((state.at[2] + 1) % len(state.hu))
