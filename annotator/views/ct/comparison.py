"""A second series of the same patient beside the first, at the same place; for looking only."""

from dataclasses import replace

from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from annotator.i18n import gettext as _
from annotator.imaging.cameras import PlaneCamera
from annotator.imaging.linking import Link
from annotator.imaging.orientation import layout_of
from annotator.imaging.slabs import Plane
from annotator.model.shapes import Vec2, Vec3
from annotator.model.volume import Volume
from annotator.tools.tool import Button, Keys, Pointer
from annotator.views.ct.focus_mask import FocusMask
from annotator.views.ct.image_state import ImageState
from annotator.views.ct.image_view import ImageView
from annotator.views.ct.plane_mouse import ZOOM_STEP, slices_turned
from annotator.views.ct.plane_picture import PlanePicture
from annotator.views.ct.plane_view import PlaneView


class Comparison(QWidget):
    """Shows the axial slices of another series; follows the first one, and leads it by the mouse.

    What the mouse does here it does to the first series, and this one follows: so both always
    show one place, as large, through one window. Only what no position links is moved alone.

    Parameters
    ----------
    view
        The view of the first series.
    volume
        The second series.
    """

    def __init__(self, view: ImageView, volume: Volume, name: str) -> None:
        super().__init__()
        assert view.state is not None
        self._view, self._volume = view, volume
        self._link = Link(view.state.series, volume.series)
        self._ahead = 0.0
        self._mask = FocusMask()
        layout = layout_of(Plane.AXIAL, volume.series.lps_from_voxel)
        size_px, spacing_mm = (1.0, 1.0), volume.series.spacing_mm
        camera = PlaneCamera(layout, (0.0, 0.0, 0.0), 1.0, size_px, spacing_mm)
        self.plane = PlaneView(camera, self.picture)
        self._leader = view.plane_view()
        self._title = QLabel(self._words(name))
        self._arrange()
        self._listen()
        self.follow()

    @property
    def index(self) -> int:
        """The slice that is shown."""
        return self.plane.camera.index

    def words(self) -> str:
        """Return what is written over the picture."""
        return self._title.text()

    def follow(self) -> None:
        """Look at the place, and from as near, as the first series' axial plane does."""
        lead, last = self._leader.camera, len(self._volume.hu) - 1
        i, j, k = self._voxel_at(lead.center)
        seen = (i, j, min(max(k, 0.0), float(last)))
        self.plane.lens_is_on = self._leader.lens_is_on
        self.plane.look(
            replace(self.plane.camera, layout=lead.layout, center=seen, px_per_mm=lead.px_per_mm)
        )
        self._point()

    def picture(self, camera: PlaneCamera) -> PlanePicture | None:
        """Return what is seen of the second series, as the first one is shown."""
        lead = self._view.state
        if lead is None:
            return None
        shown = self._state(lead, camera.index).picture_of(camera, self._mask, None)
        if self._is_beyond():
            return replace(
                shown, corner=(*shown.corner, _("Beyond this series: its nearest slice"))
            )
        return shown

    def _words(self, name: str) -> str:
        if self._link.is_by_position:
            return _("{name} · for comparison").format(name=name)
        return _(
            "{name} · lies elsewhere: matched by the lowest slices · Shift+wheel moves it alone"
        ).format(name=name)

    def _arrange(self) -> None:
        self._title.setProperty("role", "faint")
        self._title.setContentsMargins(10, 2, 10, 2)
        self._title.setWordWrap(True)
        self._title.setMinimumWidth(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._title)
        column.addWidget(self.plane, 1)

    def _listen(self) -> None:
        self._leader.looked.connect(self.follow)
        self._view.went.connect(self._point)
        self.plane.wheeled.connect(self._wheel)
        self.plane.pressed.connect(self._press)
        self.plane.moved.connect(self._move)
        self.plane.carried.connect(self._leader.pan)
        self.plane.window_dragged.connect(self._view.windowing.drag)
        self.plane.region_dragged.connect(self._use_region)
        self.plane.left.connect(lambda: self._view.pointed.emit(""))

    def _voxel_at(self, voxel: Vec3) -> Vec3:
        """Return where a voxel of the first series is in the second."""
        i, j, k = self._link.in_second(voxel)
        return (i, j, k + self._ahead)

    def _is_beyond(self) -> bool:
        k = self._voxel_at(self._leader.camera.center)[2]
        return not -0.5 <= k <= len(self._volume.hu) - 0.5

    def _point(self) -> None:
        """Show where the planes of the first series meet."""
        lead = self._view.state
        here = lead.crosshair() if lead is not None and not self._is_beyond() else None
        self.plane.show_crosshair(self._voxel_at(here) if here is not None else None)

    def _go_to(self, voxel: Vec3) -> None:
        i, j, k = voxel
        first = self._link.in_first((i, j, k - self._ahead))
        self._view.go_to((round(first[0]), round(first[1]), round(first[2])))

    def _press(self, pointer: Pointer) -> None:
        self._view.setFocus()
        if pointer.voxel is not None:
            self._go_to(pointer.voxel)

    def _move(self, pointer: Pointer) -> None:
        lead = self._view.state
        if lead is None or pointer.voxel is None:
            return
        if pointer.keys == Keys.SHIFT and pointer.button is Button.NONE:
            self._go_to(pointer.voxel)
        i, j, k = (round(at) for at in pointer.voxel)
        state = self._state(lead, self.index)
        self._view.pointed.emit(state.voxel_in_words((i, j, k)) if state.has((i, j, k)) else "")

    def _wheel(self, pointer: Pointer, steps: float) -> None:
        if pointer.keys == Keys.CTRL:
            self._leader.zoom(ZOOM_STEP**steps, self._px_in_leader(pointer.at_px))
        elif pointer.keys == Keys.SHIFT and not self._link.is_by_position:
            self._ahead += slices_turned(steps)
            self.follow()
        elif self._view.state is not None:
            self._view.show_slice(self._view.state.at[2] + slices_turned(steps))

    def _use_region(self, start: Vec3, end: Vec3) -> None:
        self._view.windowing.use_region_of(self._volume.hu, start, end)

    def _px_in_leader(self, at_px: Vec2) -> Vec2:
        """Return the same place in the first series' picture: middles and scales are the same."""
        here, there = self.plane.camera.size_px, self._leader.camera.size_px
        return (at_px[0] + (there[0] - here[0]) / 2, at_px[1] + (there[1] - here[1]) / 2)

    def _state(self, lead: ImageState, index: int) -> ImageState:
        return ImageState(
            self._volume.series,
            self._volume.hu,
            at=(0, 0, index),
            window=lead.window,
            is_inverted=lead.is_inverted,
            slab_mm=lead.slab_mm,
            mix=lead.mix,
            lens=lead.lens,
        )
