"""A second series of the same patient beside the first, at the same place; for looking only."""

from dataclasses import replace

import numpy as np
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from annotator.i18n import gettext as _
from annotator.imaging.cameras import PlaneCamera
from annotator.imaging.orientation import layout_of, lps_of
from annotator.imaging.slabs import Plane
from annotator.model.shapes import Vec3
from annotator.model.volume import Volume
from annotator.tools.tool import Pointer
from annotator.views.focus_mask import FocusMask
from annotator.views.image_state import ImageState
from annotator.views.image_view import ImageView
from annotator.views.plane_picture import PlanePicture
from annotator.views.plane_view import PlaneView


class Comparison(QWidget):
    """Shows the axial slices of another series; follows the first one, and leads it by the wheel.

    Parameters
    ----------
    view
        The view of the first series.
    volume
        The second series, in the same frame of reference.
    """

    def __init__(self, view: ImageView, volume: Volume, name: str) -> None:
        super().__init__()
        self._view, self._volume = view, volume
        self._voxel_from_lps = np.linalg.inv(volume.series.lps_from_voxel)
        self._mask = FocusMask()
        layout = layout_of(Plane.AXIAL, volume.series.lps_from_voxel)
        size_px, spacing_mm = (1.0, 1.0), volume.series.spacing_mm
        camera = PlaneCamera(layout, (0.0, 0.0, 0.0), 1.0, size_px, spacing_mm)
        self.plane = PlaneView(camera, self._picture)
        self.plane.wheeled.connect(self._lead)
        title = QLabel(_("{name} · for comparison").format(name=name))
        title.setProperty("role", "faint")
        title.setContentsMargins(10, 2, 10, 2)
        title.setMinimumWidth(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(title)
        column.addWidget(self.plane, 1)
        self._leader = view.plane_view()
        self._leader.looked.connect(self.follow)
        self.follow()

    @property
    def index(self) -> int:
        """The slice that is shown."""
        return self.plane.camera.index

    def follow(self) -> None:
        """Look at the place, and from as near, as the first series' axial plane does."""
        lead = self._leader.camera
        voxel = self._voxel_at(lead.center)
        self.plane.look(replace(self.plane.camera, center=voxel, px_per_mm=lead.px_per_mm))

    def _voxel_at(self, voxel: Vec3) -> Vec3:
        """Return where a voxel of the first series is in the second."""
        assert self._view.state is not None
        place = lps_of(self._view.state.series.lps_from_voxel, voxel)
        i, j, k = (float(at) for at in (self._voxel_from_lps @ (*place, 1.0))[:3])
        last = len(self._volume.hu) - 1
        return (i, j, min(max(k, 0.0), float(last)))

    def _lead(self, _pointer: Pointer, steps: float) -> None:
        state = self._view.state
        if state is not None:
            self._view.show_slice(state.at[2] + (round(steps) or (1 if steps > 0 else -1)))

    def _picture(self, camera: PlaneCamera) -> PlanePicture | None:
        lead = self._view.state
        if lead is None:
            return None
        state = ImageState(
            self._volume.series,
            self._volume.hu,
            at=(0, 0, camera.index),
            window=lead.window,
            is_inverted=lead.is_inverted,
            slab_mm=lead.slab_mm,
            mix=lead.mix,
        )
        return state.picture_of(camera, self._mask, None)
