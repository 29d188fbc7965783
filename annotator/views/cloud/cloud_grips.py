"""Holds what can be taken hold of over a scan besides a tool's work, and cuts the view by it."""

from PySide6.QtCore import QObject, Signal

from annotator.app.cloud_settings import CloudSettings
from annotator.app.height_slab import Edge, HeightSlab
from annotator.app.scan_view import bulk_m
from annotator.app.selection import Selection
from annotator.app.session import Session
from annotator.geometry.projection import Camera, Size
from annotator.model.shapes import Vec3
from annotator.views.cloud.camera_steering import CameraSteering
from annotator.views.cloud.clipping import Clipping
from annotator.views.cloud.cloud_legend import CloudLegend, Told
from annotator.views.cloud.scan_drawing import ScanDrawing


class CloudGrips(QObject):
    """The clipping box, and the legend with the height slab's edges. View state."""

    cut = Signal()
    """The view is cut otherwise."""

    def __init__(  # noqa: PLR0917 - whose grips they are, and what they cut
        self,
        session: Session,
        selection: Selection,
        settings: CloudSettings,
        steering: CameraSteering,
        drawing: ScanDrawing,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._settings, self._steering, self._drawing = settings, steering, drawing
        self.clipping = Clipping(session, selection, self._seen_by, self._bulk_m, self)
        self.legend = CloudLegend(settings, self._told, steering.size)
        self.clipping.changed.connect(self._clip)

    def move_slab(self, by_m: float, of_floor: bool) -> None:  # noqa: FBT001 - as the signal says it
        """Shift the height below (``of_floor``) or above which nothing is shown."""
        bounds = self._bulk_m()
        if bounds is not None:
            edge = Edge.FLOOR if of_floor else Edge.CEILING
            HeightSlab(self._settings).shift(edge, by_m, (bounds[0][2], bounds[1][2]))

    def _clip(self, moving: bool) -> None:  # noqa: FBT001 - as the signal says it
        """Draw only what is in the clipping box; while it is pulled, a sketch comes first."""
        self._drawing.clip = self.clipping.box
        self._drawing.show_points()
        if moving:
            self._steering.look(self._steering.camera, moving=True)
        self.cut.emit()

    def _seen_by(self) -> tuple[Camera, Size]:
        return self._steering.camera, self._steering.size()

    def _bulk_m(self) -> tuple[Vec3, Vec3] | None:
        return bulk_m(self._drawing.shown.cloud)

    def _told(self) -> Told:
        drawing = self._drawing
        return Told(drawing.colours.now.legend, drawing.shown.cloud.origin_m[2])
