"""Draws the points around a box as seen along the box's own axes."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from annotator.app.renderers.renderer import ShownPoints
from annotator.geometry import drawing
from annotator.geometry.boxes import box_from_world, world_from_box
from annotator.geometry.drawing import NOTHING, Pixels, Points
from annotator.geometry.nearby import in_axes_of, rows_around
from annotator.geometry.projection import Camera, Projection, Size, StandardView
from annotator.model.shapes import Box3D, Vec2, Vec3
from annotator.tools.pane_box import AXES, Side

_VIEWS = {
    Side.TOP: StandardView.TOP,
    Side.SIDE: StandardView.RIGHT,
    Side.REAR: StandardView.REAR,
}
_DEPTH_AXIS = {Side.TOP: 2, Side.SIDE: 1, Side.REAR: 0}
_MOST = 60_000  # a colour number of its own for each point must fit in 16 bits
_LEAST_AROUND_M, _SHARE_AROUND = 1.2, 0.5
_ABOVE_FLOOR_M, _BESIDE_M = 0.06, 0.35
_BACKGROUND = np.uint32(0xFF101318)


@dataclass(frozen=True, slots=True, eq=False)
class NearPoints:
    """The points around a box.

    Attributes
    ----------
    own_m
        In the frame's own axes, shape (n, 3).
    colours
        Shape (n,), 0xffRRGGBB.
    """

    frame: Box3D
    own_m: Points
    colours: Pixels


def near(points: ShownPoints, frame: Box3D) -> NearPoints:
    """Return what lies around a box, thinned evenly where there is very much of it."""
    margin_m = around_m(frame)
    rows = rows_around(points.xyz_m, frame, origin_m=points.origin_m, margin_m=margin_m)
    if len(points.seen):
        rows = rows[points.seen[rows] > 0]
    rows = rows[:: math.ceil(len(rows) / _MOST) or 1]
    own = in_axes_of(points.xyz_m, rows, frame, origin_m=points.origin_m)
    return NearPoints(frame, own, points.table[points.colours[rows]])


def around_m(frame: Box3D) -> Vec3:
    """Return how far around a box points are shown, along its length, width and height."""
    x, y, z = (max(_LEAST_AROUND_M, _SHARE_AROUND * size) for size in frame.size_m)
    return (x, y, z)


def camera_of(side: Side, px_per_m: float, height_px: int, middle_m: Vec2) -> Camera:
    """Return the camera of a pane, in the frame's axes; ``middle_m`` is right and up on it."""
    camera = Camera(projection=Projection.ORTHOGRAPHIC).seen_from(_VIEWS[side])
    x, y, z = (np.asarray(middle_m) @ AXES[side]).tolist()
    return Camera(
        target_m=(x, y, z),
        distance_m=camera.focal_px(height_px) / px_per_m,
        azimuth_rad=camera.azimuth_rad,
        elevation_rad=camera.elevation_rad,
        projection=Projection.ORTHOGRAPHIC,
    )


def picture_of(
    points: NearPoints, side: Side, box: Box3D, camera: Camera, size_px: Size, *, point_px: int
) -> Pixels:
    """Return the pane's picture: what the box holds in full colour, the rest dimmed."""
    own = in_axes_of(points.own_m, np.arange(len(points.own_m)), _in_frame(box, points.frame))
    half = np.asarray(box.size_m, np.float32) / np.float32(2)
    inside = np.asarray((np.abs(own) <= half + 0.01).all(axis=1))
    kept = np.flatnonzero(_at_depth_of(own, half, side))
    colours = points.colours[kept]
    colours = np.where(inside[kept], colours, _dimmed(colours)).astype(np.uint32)
    entries = np.full((size_px[1], size_px[0]), NOTHING)
    lens = drawing.lens(camera, size_px, (0.0, 0.0, 0.0))
    near_m = np.ascontiguousarray(points.own_m[kept])
    drawing.splat(entries, near_m, 0, len(near_m), lens, point_px=point_px)
    pixels = np.empty(entries.shape, np.uint32)
    drawing.shade(
        entries,
        0,
        size_px[1],
        colours=np.arange(max(len(kept), 1)).astype(np.uint16),
        table=colours if len(colours) else np.zeros(1, np.uint32),
        background=np.full(size_px[1], _BACKGROUND),
        step_of_key=lens.step_of_key,
        strength=0.0,
        pixels=pixels,
    )
    return pixels


def _at_depth_of(own: Points, half: npt.NDArray[np.float32], side: Side) -> npt.NDArray[np.bool_]:
    """Tell which points lie about as deep as the box; from above the floor is left out."""
    axis = _DEPTH_AXIS[side]
    low = -half[axis] + _ABOVE_FLOOR_M if side is Side.TOP else -half[axis] - _BESIDE_M
    return np.asarray((own[:, axis] >= low) & (own[:, axis] <= half[axis] + _BESIDE_M))


def _in_frame(box: Box3D, frame: Box3D) -> Box3D:
    """Return a box as it stands in the axes of another."""
    pose = box_from_world(frame) @ world_from_box(box)
    turn = pose[:3, :3]
    x, y, z = pose[:3, 3].tolist()
    return Box3D(
        (x, y, z),
        box.size_m,
        math.atan2(turn[1, 0], turn[0, 0]),
        -math.asin(float(np.clip(turn[2, 0], -1, 1))),
        math.atan2(turn[2, 1], turn[2, 2]),
    )


def _dimmed(colours: Pixels) -> Pixels:
    """Return colours at three eighths of their light."""
    quarter = colours >> np.uint32(2) & np.uint32(0x3F3F3F)
    eighth = colours >> np.uint32(3) & np.uint32(0x1F1F1F)
    return np.asarray(np.uint32(0xFF000000) | (quarter + eighth))
