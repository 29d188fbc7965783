"""Draws points with Open3D's scene, for machines with a graphics card.

Picking reads a picture of rows that our own kernel draws, so it never depends on this.
"""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from annotator.app.renderers.renderer import Picture, ShownPoints
from annotator.app.renderers.software import SoftwareRenderer
from annotator.geometry.drawing import Pixels
from annotator.geometry.projection import Camera, Size

_NAME = "scan"
_CANVAS_STEP_PX = 256
# Filament belongs to the thread that started it, and ends the process when a canvas goes that was
# drawn on. So one thread draws for all views, and canvases stay for the next view.
_GRAPHICS = ThreadPoolExecutor(1, thread_name_prefix="open3d")
_CANVASES: dict[Size, Any] = {}
_FAR_M = 1e5
_BACKGROUND = (0.07, 0.08, 0.1, 1.0)


class Open3DRenderer:
    """Open3D's offscreen scene with post-processing, shadows and the sun off.

    Raises
    ------
    RuntimeError
        Where the system's graphics cannot be used, as without a Vulkan library.
    """

    name = "open3d"

    def __init__(self, size_px: Size = (1280, 800)) -> None:
        import open3d  # noqa: PLC0415 - takes a second

        self._open3d: Any = open3d
        self._canvas = _canvas_size(size_px)
        self._offscreen: Any = _GRAPHICS.submit(self._canvas_of, self._canvas).result()
        self._rows = SoftwareRenderer()
        self._points: ShownPoints | None = None
        self._kept = np.zeros(0, np.int64)
        self._geometry: Any = None

    def show(self, points: ShownPoints) -> None:
        """Draw this from now on; hidden points are left out of the scene."""
        before, self._points = self._points, points
        self._rows.show(points)
        if before is not None and _same_points(before, points):
            self.recolour(points.table)
            return
        self._kept = _kept_rows(points)
        self._geometry = self._as_geometry(points)
        _GRAPHICS.submit(self._put_geometry).result()

    def recolour(self, table: Pixels) -> None:
        """Use another table of colours from now on; only colours are sent to the scene."""
        if self._points is None or self._geometry is None or not len(self._kept):
            return
        self._points = replace(self._points, table=table)
        self._rows.recolour(table)
        self._geometry.point["colors"] = self._tensor(self._colours())
        flag = self._open3d.visualization.rendering.Scene.UPDATE_COLORS_FLAG
        scene = self._offscreen.scene.scene
        _GRAPHICS.submit(scene.update_geometry, _NAME, self._geometry, flag).result()

    def draw(self, camera: Camera, size_px: Size) -> Picture:
        """Return the whole scan as it looks from a camera."""
        began = time.perf_counter()
        rows = self._rows.draw(camera, size_px)
        pixels = self._pixels(camera, size_px)
        return replace(rows, pixels=pixels, took_s=time.perf_counter() - began)

    def sketch(self, camera: Camera, size_px: Size, *, budget_s: float) -> Picture:
        """Return a picture of the whole scan; only its rows are kept to the budget."""
        began = time.perf_counter()
        rows = self._rows.sketch(camera, size_px, budget_s=budget_s / 2)
        pixels = self._pixels(camera, size_px)
        return replace(rows, pixels=pixels, took_s=time.perf_counter() - began)

    def refine(self, camera: Camera, size_px: Size) -> Iterator[Picture | None]:
        """Draw the whole scan in one step."""
        yield self.draw(camera, size_px)

    def shaded_again(self, picture: Picture) -> Picture:
        """Return a picture in the present colours."""
        return replace(picture, pixels=self._pixels(picture.camera, picture.size_px))

    def close(self) -> None:
        """Give back threads and memory."""
        self._rows.close()
        _GRAPHICS.submit(self._offscreen.scene.clear_geometry).result()
        self._points = self._geometry = None

    def _canvas_of(self, size_px: Size) -> Any:  # noqa: ANN401
        """Return a canvas of a size, with nothing on it."""
        if size_px not in _CANVASES:
            rendering = self._open3d.visualization.rendering
            _CANVASES[size_px] = rendering.OffscreenRenderer(*size_px)
            _strip(_CANVASES[size_px].scene)
        _CANVASES[size_px].scene.clear_geometry()
        return _CANVASES[size_px]

    def _put_geometry(self) -> None:
        self._offscreen.scene.clear_geometry()
        if self._points is not None and self._geometry is not None and len(self._kept):
            material = self._material(self._points.point_px)
            self._offscreen.scene.add_geometry(_NAME, self._geometry, material)

    def _as_geometry(self, points: ShownPoints) -> Any:  # noqa: ANN401 - Open3D has no types
        cloud = self._open3d.t.geometry.PointCloud()
        cloud.point["positions"] = self._tensor(points.xyz_m[self._kept])
        cloud.point["colors"] = self._tensor(self._colours())
        return cloud

    def _colours(self) -> npt.NDArray[np.float32]:
        if self._points is None:
            return np.zeros((0, 3), np.float32)
        packed = self._points.table[self._points.colours[self._kept]]
        channels = [(packed >> shift & 255).astype(np.float32) for shift in (16, 8, 0)]
        return np.stack(channels, axis=1) / np.float32(255)

    def _tensor(self, values: npt.NDArray[np.generic]) -> Any:  # noqa: ANN401
        return self._open3d.core.Tensor(np.ascontiguousarray(values))

    def _material(self, point_px: int) -> Any:  # noqa: ANN401
        material = self._open3d.visualization.rendering.MaterialRecord()
        material.shader = "defaultUnlit"
        material.point_size = float(point_px)
        return material

    def _pixels(self, camera: Camera, size_px: Size) -> Pixels:
        return _GRAPHICS.submit(self._drawn, camera, size_px).result()

    def _drawn(self, camera: Camera, size_px: Size) -> Pixels:
        """Draw on a canvas that is a little too large, and cut the middle out."""
        canvas = _canvas_size(size_px)
        if canvas != self._canvas:
            self._offscreen.scene.clear_geometry()
            self._canvas, self._offscreen = canvas, self._canvas_of(canvas)
            self._put_geometry()
        self._place(camera, size_px, canvas)
        left, top = (canvas[0] - size_px[0]) // 2, (canvas[1] - size_px[1]) // 2
        rgb = np.asarray(self._offscreen.render_to_image())
        wide = rgb[top : top + size_px[1], left : left + size_px[0]].astype(np.uint32)
        return np.asarray(
            np.uint32(0xFF000000) | wide[..., 0] << 16 | wide[..., 1] << 8 | wide[..., 2]
        )

    def _place(self, camera: Camera, size_px: Size, canvas: Size) -> None:
        """Look as our camera does; the scene is drawn about the scan's own origin."""
        view = self._offscreen.scene.camera
        kind = type(view)
        left, right, bottom, top = _edges(camera, size_px, canvas)
        if camera.is_perspective:
            near = max(camera.distance_m / 1000, 0.05)
            scale = near / camera.focal_px(size_px[1])
            edges = (left * scale, right * scale, bottom * scale, top * scale)
            view.set_projection(kind.Projection.Perspective, *edges, near, _FAR_M)
        else:
            scale = 1 / camera.px_per_m(size_px[1])
            edges = (left * scale, right * scale, bottom * scale, top * scale)
            view.set_projection(kind.Projection.Ortho, *edges, -_FAR_M, _FAR_M)
        origin = np.asarray(self._points.origin_m if self._points else (0, 0, 0))
        _right, down, _forward = camera.axes()
        view.look_at(
            (np.asarray(camera.target_m) - origin).astype(np.float32),
            (np.asarray(camera.eye_m) - origin).astype(np.float32),
            (-down).astype(np.float32),
        )


def _canvas_size(size_px: Size) -> Size:
    """Return the next of few sizes, so that pulling at a window does not make a canvas a step."""
    width, height = (-(-side // _CANVAS_STEP_PX) * _CANVAS_STEP_PX + side % 2 for side in size_px)
    return width, height


def _edges(camera: Camera, size_px: Size, canvas: Size) -> tuple[float, float, float, float]:
    """Return the canvas's left, right, lower and upper edge seen from the target, px."""
    (x, y), (width, height) = camera.middle_px(size_px), canvas
    right, down = x - size_px[0] / 2, y - size_px[1] / 2
    return -width / 2 - right, width / 2 - right, down - height / 2, down + height / 2


def _strip(scene: Any) -> None:  # noqa: ANN401
    scene.set_background(_BACKGROUND)
    scene.view.set_post_processing(False)
    scene.view.set_shadowing(False)
    scene.scene.enable_sun_light(False)  # noqa: FBT003
    scene.scene.enable_indirect_light(False)  # noqa: FBT003


def _same_points(one: ShownPoints, other: ShownPoints) -> bool:
    return (
        one.xyz_m is other.xyz_m
        and one.colours is other.colours
        and one.seen is other.seen
        and one.slab_m == other.slab_m
        and one.point_px == other.point_px
    )


def _kept_rows(points: ShownPoints) -> npt.NDArray[np.int64]:
    low, high = points.slab_in_cloud_m
    height = points.xyz_m[:, 2]
    with np.errstate(invalid="ignore"):
        kept = np.isfinite(points.xyz_m).all(axis=1) & (height >= low) & (height <= high)
    if len(points.seen):
        kept &= points.seen > 0
    return np.flatnonzero(kept)
