"""Cuts the view to a box that is pulled by the grips on its faces."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from annotator.app.selection import Selection
from annotator.app.session import Session
from annotator.commands.boxes import pulled
from annotator.errors import AnnotatorError
from annotator.geometry.projection import Camera, Size
from annotator.i18n import gettext as _
from annotator.model.shapes import Box3D, Vec2, Vec3
from annotator.tools.box_handles import Handle, face_normal, nearest
from annotator.tools.clip_box import THINNEST_M, along_m, clip_around, clip_between, clip_grips
from annotator.tools.tool import Button, Keys, Pointer

Seen = Callable[[], tuple[Camera, Size]]
Bounds = Callable[[], tuple[Vec3, Vec3] | None]


@dataclass(frozen=True, slots=True)
class _Drag:
    """A face that is pulled, from where the pointer took hold of it."""

    before: Box3D
    grip: Handle
    start_m: float


class Clipping(QObject):
    """Has the box. View state: never an edit, never undone.

    Parameters
    ----------
    seen
        Returns the camera and the size of the view.
    bounds
        Returns the extent of the scan.
    """

    changed = Signal(bool)
    """Another part is to be drawn; True while it goes on changing."""

    def __init__(
        self, session: Session, selection: Selection, seen: Seen, bounds: Bounds, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._session, self._selection = session, selection
        self._seen, self._bounds = seen, bounds
        self._box: Box3D | None = None
        self._is_on = False
        self._drag: _Drag | None = None

    @property
    def box(self) -> Box3D | None:
        """The box that the view is cut to; None where it is not cut."""
        return self._box if self._is_on else None

    @property
    def held(self) -> Handle | None:
        """The grip that is dragged."""
        return self._drag.grip if self._drag is not None else None

    def switch(self) -> None:
        """Cut the view, the first time around the selection or the scan, or no longer cut it."""
        if self._is_on:
            self._set(self._box, on=False)
        elif self._box is not None:
            self._set(self._box, on=True)
        elif self._selection.ids:
            self.fit()
        else:
            bounds = self._bounds()
            if bounds is None:
                raise AnnotatorError(_("This scan has no points"))
            self._set(clip_between(*bounds), on=True)

    def fit(self) -> None:
        """Cut the view to what is close to the selection.

        Raises
        ------
        AnnotatorError
            If nothing is selected.
        """
        box = clip_around(tuple(self._selection.annotations(self._session.document)))
        if box is None:
            raise AnnotatorError(_("Select what the view is to be cut to"))
        self._set(box, on=True)

    def show(self, box: Box3D | None) -> None:
        """Cut the view to this box; with None no longer cut it."""
        self._set(box or self._box, on=box is not None)

    # --- its grips

    def hint_at(self, at_px: Vec2) -> str:
        """Say what dragging the face under the pointer does."""
        if self._grip_at(at_px) is None:
            return ""
        return _("Drag this face of the clipping box: points outside are not shown")

    def press(self, pointer: Pointer) -> bool:
        """Take hold of a face."""
        box, grip = self.box, self._grip_at(pointer.at_px)
        is_left = pointer.button is Button.LEFT and not pointer.keys & Keys.ALT
        if box is None or grip is None or pointer.ray is None or not is_left:
            return False
        start_m = along_m(grip, face_normal(box, grip.faces[0]), pointer.ray)
        self._drag = _Drag(box, grip, start_m)
        return True

    def move(self, pointer: Pointer) -> None:
        """Pull the face along."""
        drag = self._drag
        if drag is not None and pointer.ray is not None:
            face = drag.grip.faces[0]
            by_m = along_m(drag.grip, face_normal(drag.before, face), pointer.ray) - drag.start_m
            self._set(pulled(drag.before, face, by_m, least_m=THINNEST_M), on=True)

    def release(self) -> None:
        """Let go of the face."""
        self._drag = None
        self._set(self._box, on=self._is_on)

    def back_out(self) -> bool:
        """Put the face back."""
        drag, self._drag = self._drag, None
        if drag is None:
            return False
        self._set(drag.before, on=True)
        return True

    def _grip_at(self, at_px: Vec2) -> Handle | None:
        if self.box is None:
            return None
        camera, size = self._seen()
        grips = clip_grips(self.box)
        places, _depth = camera.project([grip.at_m for grip in grips], size)
        return nearest(grips, places, at_px)

    def _set(self, box: Box3D | None, *, on: bool) -> None:
        self._box, self._is_on = box, on
        self.changed.emit(self._drag is not None)
