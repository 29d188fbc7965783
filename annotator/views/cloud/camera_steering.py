"""Steers the camera: by dragging, by the wheel, and to a thing."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QObject, Signal

from annotator.geometry.projection import Camera, Projection, Size, StandardView
from annotator.geometry.wireframes import extent_m
from annotator.model.shapes import Shape, Vec2, Vec3
from annotator.tools.tool import Button, Keys, Pointer

_ORBIT_RAD_PER_PX = 0.006
_ZOOM_PER_STEP = 0.87
_ROOM_M = 1.5
_DRAG_PX = 4.0


class Way(StrEnum):
    """How a drag moves the camera."""

    ORBIT = "orbit"
    PAN = "pan"


@dataclass(slots=True)
class _Drag:
    """A drag under way: ``about_m`` is what it turns around, or what it takes along."""

    way: Way
    began_px: Vec2
    at_px: Vec2
    about_m: Vec3
    is_click: bool = True


class CameraSteering(QObject):
    """Has the camera. View state: never an edit, never undone.

    Parameters
    ----------
    size
        Returns the size of the view, px.
    """

    moved = Signal(bool)
    """There is another camera; True while it goes on moving."""

    def __init__(self, size: Callable[[], Size], parent: QObject) -> None:
        super().__init__(parent)
        self.camera = Camera()
        self.size = size
        self._drag: _Drag | None = None
        self._was_perspective = False
        """Whether a standard view is to give way to perspective as soon as one turns away."""

    def look(self, camera: Camera, *, moving: bool = False) -> None:
        """Look through this camera from now on."""
        self.camera = camera
        self.moved.emit(moving)

    def look_at(self, low_m: Vec3, high_m: Vec3) -> None:
        """Bring a part of the world into view."""
        self.look(self.camera.fitted(low_m, high_m, self.size()))

    def look_for(self, shape: Shape) -> None:
        """Bring a shape into view, with room around it."""
        extent = extent_m(shape)
        if extent is not None:
            (x0, y0, z0), (x1, y1, z1) = extent
            low = (x0 - _ROOM_M, y0 - _ROOM_M, z0 - _ROOM_M)
            self.look_at(low, (x1 + _ROOM_M, y1 + _ROOM_M, z1 + _ROOM_M))

    def look_from(self, view: StandardView) -> None:
        """Look from a standard direction at the same target, all things to one scale.

        Plans and elevations are read for what is square and how large it is; whoever turns away
        looks with perspective again.
        """
        self._was_perspective |= self.camera.is_perspective
        self.look(self.camera.seen_from(view).projected(Projection.ORTHOGRAPHIC))

    def set_orthographic(self, *, on: bool) -> None:
        """Show all things to one scale, or far ones smaller."""
        self._was_perspective = False
        wanted = Projection.ORTHOGRAPHIC if on else Projection.PERSPECTIVE
        self.look(self.camera.projected(wanted))

    def reframe(self, before_px: Size, after_px: Size, moved_px: Vec2) -> None:
        """Leave everything where it is on the screen, though the view's edges moved."""
        self.look(self.camera.reframed(before_px, after_px, moved_px))

    # --- the mouse

    @property
    def is_dragging(self) -> bool:
        """Whether a drag moves the camera."""
        return self._drag is not None

    def press(self, pointer: Pointer, *, left_is_free: bool = False) -> bool:
        """Begin to orbit or to pan; tell whether that is what the button does.

        Parameters
        ----------
        left_is_free
            Whether the tool has no use for a drag with the left button that begins here.
        """
        orbits = pointer.button is Button.MIDDLE or (
            pointer.button is Button.LEFT and (left_is_free or bool(pointer.keys & Keys.ALT))
        )
        if not orbits and pointer.button is not Button.RIGHT:
            return False
        way = Way.ORBIT if orbits and not pointer.keys & Keys.SHIFT else Way.PAN
        about_m = pointer.at_m or self.camera.target_m
        self._drag = _Drag(way, pointer.at_px, pointer.at_px, about_m)
        return True

    def move(self, at_px: Vec2) -> None:
        """Go on with the drag."""
        drag = self._drag
        if drag is None:
            return
        before, drag.at_px = drag.at_px, at_px
        drag.is_click &= math.dist(at_px, drag.began_px) < _DRAG_PX
        if drag.is_click:
            return  # a hand is never quite still
        if drag.way is Way.PAN:
            moved = self.camera.panned(before, at_px, self.size(), drag.about_m)
        else:
            if self._was_perspective:
                self._was_perspective = False
                self.camera = self.camera.projected(Projection.PERSPECTIVE)
            turn, rise = before[0] - at_px[0], at_px[1] - before[1]
            moved = self.camera.orbited(
                turn * _ORBIT_RAD_PER_PX, rise * _ORBIT_RAD_PER_PX, drag.about_m
            )
        self.look(moved, moving=True)

    def release(self) -> bool:
        """End the drag; tell whether it was only a click."""
        drag, self._drag = self._drag, None
        self.look(self.camera)
        return drag is not None and drag.is_click

    def zoom(self, steps: float, pointer: Pointer) -> None:
        """Come closer to what is under the pointer, or go away from it."""
        about_m = pointer.at_m or self.camera.at_depth_of(
            self.camera.target_m, pointer.at_px, self.size()
        )
        self.look(self.camera.zoomed(_ZOOM_PER_STEP**steps, about_m), moving=True)
