"""Slices that are shown while the rest of their series is still read."""

from typing import TYPE_CHECKING, cast

import numpy as np
from PySide6.QtCore import QTimer

from annotator.imaging.cameras import PlaneCamera
from annotator.imaging.slabs import Plane
from annotator.model.volume import AIR_HU, Hu, Series
from annotator.views.ct.image_state import ImageState

if TYPE_CHECKING:
    from annotator.views.ct.image_view import ImageView

_SLICES_A_TICK = 8


class ArrivingSlices:
    """Puts slices into the view's volume as they come, and air where none came yet."""

    def __init__(self, view: "ImageView") -> None:
        self._view = view
        self._unread: set[int] = set()
        self._empty = QTimer(view, interval=0)
        self._empty.timeout.connect(self._empty_unread)

    def take(self, series: Series, index: int, hu: Hu) -> None:
        """Show a slice of a series, the first of which opens it."""
        state = self._view.state
        if state is None or state.series is not series:
            blank = cast("Hu", np.zeros(series.shape, hu.dtype))
            state = ImageState.in_the_middle(series, blank)
            self._view.begin(state)
            self._unread = set(range(len(blank)))
            self._empty.start()
        state.hu[index] = hu
        self._unread.discard(index)
        if index == state.at[2]:
            self._view.refresh()

    def is_blank(self, camera: PlaneCamera) -> bool:
        """Tell whether a cut holds voxels that are neither read nor air yet; 0 HU is bright."""
        if camera.layout.plane is Plane.AXIAL:
            return camera.index in self._unread
        return bool(self._unread)

    def end(self) -> None:
        """Expect no more: the whole volume is there."""
        self._unread.clear()

    def _empty_unread(self) -> None:
        """Make what is not read yet air, bit by bit: at once it would delay the first slice."""
        state = self._view.state
        for _each in range(min(_SLICES_A_TICK, len(self._unread))):
            assert state is not None
            state.hu[self._unread.pop()] = AIR_HU
        if not self._unread:
            self._empty.stop()
            self._view.refresh()
