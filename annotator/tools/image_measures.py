"""Measures on a cut without leaving anything behind: ruler, angle, and probes of HU."""

import math
from typing import ClassVar

import numpy as np

from annotator.i18n import gettext as _
from annotator.i18n import mark
from annotator.imaging.outlines import ellipse, inside_outline
from annotator.imaging.slabs import Plane
from annotator.model.shapes import Vec2, Vec3
from annotator.tools.image_scene import ImageScene, ImageTool
from annotator.tools.tool import CLEAR, NOTHING, Button, Pointer, Preview, Reply

_DRAG_PX = 3.0


class _PathTool(ImageTool):
    """Idle → (press) place by place → shown until the next press or Esc; nothing is kept.

    A release after a drag is a place as well.
    """

    places: ClassVar[int]

    def __init__(self, scene: ImageScene) -> None:
        super().__init__(scene)
        self._path: list[Vec3] = []
        self._is_done = False
        self._pressed_px: Vec2 | None = None

    def press(self, pointer: Pointer) -> Reply:
        """Set the next place, or begin anew."""
        if pointer.button is not Button.LEFT or pointer.voxel is None:
            return NOTHING
        if self._is_done:
            self._path, self._is_done = [], False
        self._pressed_px = pointer.at_px
        return self._set(pointer.voxel)

    def release(self, pointer: Pointer) -> Reply:
        """Set the next place where a drag ends."""
        pressed_px, self._pressed_px = self._pressed_px, None
        if pressed_px is None or self._is_done or pointer.voxel is None:
            return NOTHING
        if math.dist(pressed_px, pointer.at_px) <= _DRAG_PX:
            return NOTHING
        return self._set(pointer.voxel)

    def move(self, pointer: Pointer) -> Reply:
        """Measure as if the next place were here."""
        if not self._path or self._is_done or pointer.voxel is None:
            return NOTHING
        return self._told([*self._path, pointer.voxel])

    def cancel(self) -> Reply:
        """Take the measure away."""
        path, self._path, self._is_done, self._pressed_px = self._path, [], False, None
        return Reply(preview=CLEAR) if path else NOTHING

    def _set(self, place: Vec3) -> Reply:
        self._path.append(place)
        self._is_done = len(self._path) == self.places
        return self._told(self._path)

    def _told(self, path: list[Vec3]) -> Reply:
        said = self._said(path)
        words = ((path[-1], said),) if said else ()
        shown = Preview(path_voxels=tuple(path), closed=False, words=words)
        return Reply(preview=shown, hint=said or self.hint())

    def _said(self, path: list[Vec3]) -> str:
        raise NotImplementedError

    def _mm(self, voxel: Vec3) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
        return np.array(self.scene.volume.series.lps_of(voxel))


class Ruler(_PathTool):
    """Idle → (press) first end → (press or drag) second end, shown until the next press or Esc."""

    id: ClassVar[str] = "ruler"
    title: ClassVar[str] = mark("Ruler")
    key: ClassVar[str] = "R"
    places: ClassVar[int] = 2

    def hint(self) -> str:
        """Say what clicks do."""
        return _("Click two places, or drag, to measure between them; nothing is kept")

    def _said(self, path: list[Vec3]) -> str:
        if len(path) < 2:
            return ""
        length_mm = float(np.linalg.norm(self._mm(path[1]) - self._mm(path[0])))
        return _("{mm:.1f} mm").format(mm=length_mm)


class Angle(_PathTool):
    """Idle → (press) end → (press) corner → (press) end, shown until the next press or Esc."""

    id: ClassVar[str] = "angle"
    title: ClassVar[str] = mark("Angle")
    key: ClassVar[str] = "A"
    places: ClassVar[int] = 3

    def hint(self) -> str:
        """Say what clicks do."""
        return _("Click one end, the corner and the other end of an angle; nothing is kept")

    def _said(self, path: list[Vec3]) -> str:
        if len(path) < 3:
            return ""
        corner = self._mm(path[1])
        a, b = self._mm(path[0]) - corner, self._mm(path[2]) - corner
        lengths = float(np.linalg.norm(a) * np.linalg.norm(b))
        if lengths == 0:
            return ""
        cosine = min(max(float(a @ b) / lengths, -1.0), 1.0)
        return _("{degrees:.1f}°").format(degrees=math.degrees(math.acos(cosine)))


class PointProbe(_PathTool):
    """Idle → (press) the value is shown until the next press or Esc."""

    id: ClassVar[str] = "point_probe"
    title: ClassVar[str] = mark("HU at a point")
    key: ClassVar[str] = "Q"
    takes_what_is_shown: ClassVar[bool] = True
    places: ClassVar[int] = 1

    def hint(self) -> str:
        """Say what a click does."""
        return _("Click shows the HU here, and the mean of 3 × 3 pixels; nothing is kept")

    def _said(self, path: list[Vec3]) -> str:
        hu = self.scene.volume.hu
        i, j, k = (math.floor(at + 0.5) for at in path[0])
        if not all(0 <= at < n for at, n in zip((k, j, i), hu.shape, strict=True)):
            return ""
        around = hu[k, max(j - 1, 0) : j + 2, max(i - 1, 0) : i + 2]
        return _("{hu:.0f} HU · 3 × 3 mean {mean:.0f}").format(
            hu=float(hu[k, j, i]), mean=float(around.mean())
        )


class EllipseProbe(_PathTool):
    """Idle → (press) corner → (press) opposite corner, shown until the next press or Esc."""

    id: ClassVar[str] = "ellipse_probe"
    title: ClassVar[str] = mark("HU in an ellipse")
    key: ClassVar[str] = "W"
    places: ClassVar[int] = 2

    def hint(self) -> str:
        """Say what clicks do."""
        return _("Click two corners of an ellipse, or drag, to see its HU; nothing is kept")

    def _told(self, path: list[Vec3]) -> Reply:
        reply = super()._told(path)
        if len(path) < 2 or reply.preview is None:
            return reply
        outline = ellipse(path[0], path[1], self.scene.plane)
        shown = Preview(path_voxels=outline, words=reply.preview.words)
        return Reply(preview=shown, hint=reply.hint)

    def _said(self, path: list[Vec3]) -> str:
        if len(path) < 2:
            return ""
        plane, volume = self.scene.plane, self.scene.volume
        where = inside_outline(volume.hu, ellipse(path[0], path[1], plane), plane=plane)
        if not len(where):
            return ""
        values = volume.hu.ravel()[where].astype(np.float64)
        # In a slice, no gap between slices matters.
        is_measured = plane is Plane.AXIAL or self.scene.is_measured
        sides_mm = [mm for axis, mm in enumerate(self.scene.spacing_mm) if axis != plane.axis]
        return _("mean {mean:.0f} ± {sd:.0f} HU, {low:.0f} to {high:.0f} · {mm2} mm²").format(
            mean=values.mean(),
            sd=values.std(),
            low=values.min(),
            high=values.max(),
            mm2=f"{len(where) * sides_mm[0] * sides_mm[1]:.1f}" if is_measured else "–",
        )
