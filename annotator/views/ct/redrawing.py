"""Draws planes again where something changed: the one at hand first, the others soon."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QObject, QTimer

from annotator.imaging.slabs import Plane
from annotator.model.layers import Where
from annotator.tools.tool import Preview
from annotator.views.ct.focus_mask import box_on_cut
from annotator.views.ct.plane_view import PlaneView

LATER_MS = 40


class Redrawing(QObject):
    """Knows what was previewed, and which planes have yet to show what changed."""

    def __init__(self, planes: Mapping[Plane, PlaneView], parent: QObject) -> None:
        super().__init__(parent)
        self.shape: tuple[int, int, int] | None = None
        self._planes = planes
        self._preview: Preview | None = None
        self._waiting: list[Where] = []
        self._later = QTimer(self, singleShot=True, interval=LATER_MS)
        self._later.timeout.connect(self._show_waiting)

    def everything(self) -> None:
        """Draw all planes whole."""
        for view in self._planes.values():
            view.refresh()

    def preview(self, plane: Plane, preview: Preview | None) -> None:
        """Draw what a tool previews now, and what it previewed before."""
        shown = [p for p in (self._preview, preview) if p is not None]
        self._preview = preview
        self.around([p.voxels for p in shown if p.voxels is not None], first=plane)
        if any(p.circle_px is not None or p.path_voxels for p in shown):
            self._planes[plane].update()

    def around(self, changed: Sequence[Where], *, first: Plane | None = None) -> None:
        """Draw where some voxels are; the others wait if one plane comes first."""
        if first is None:
            for view in self._planes.values():
                self._draw(view, changed)
            return
        self._draw(self._planes[first], changed)
        self._waiting += changed
        if not self._later.isActive():
            self._later.start()

    def _show_waiting(self) -> None:
        changed, self._waiting = self._waiting, []
        self.around(changed)

    def _draw(self, view: PlaneView, changed: Sequence[Where]) -> None:
        if view.camera.shear is not None:
            view.refresh()
        elif self.shape is not None:
            plane, index = view.camera.layout.plane, view.camera.index
            boxes = (box_on_cut(where, self.shape, plane, index) for where in changed)
            view.refresh_around([box for box in boxes if box is not None])
