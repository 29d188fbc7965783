"""Where a person looks from, and where on the screen a place in the world then is."""

import math
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from annotator.geometry.vectors import vec3
from annotator.model.shapes import Vec2, Vec3

Floats = npt.NDArray[np.float64]
Size = tuple[int, int]

NEAR_M = 0.05
_LEAST_FITTED_M = 0.5
"""From nearer than this a cuboid without extent, as of points in one spot, would not be seen."""
_FIELD_RAD = math.radians(50)
_NEAREST_M, _FARTHEST_M = 0.05, 1e6


class Projection(StrEnum):
    """How depth shows: far things smaller, or all things to one scale."""

    PERSPECTIVE = "perspective"
    ORTHOGRAPHIC = "orthographic"


class StandardView(StrEnum):
    """Six directions to look from; x of the world is "front"."""

    TOP = "top"
    BOTTOM = "bottom"
    FRONT = "front"
    REAR = "rear"
    LEFT = "left"
    RIGHT = "right"


# Azimuth and elevation of the eye. From above and below, x points up on the screen.
_ANGLES_RAD: dict[StandardView, Vec2] = {
    StandardView.TOP: (math.pi, math.pi / 2),
    StandardView.BOTTOM: (math.pi, -math.pi / 2),
    StandardView.FRONT: (0.0, 0.0),
    StandardView.REAR: (math.pi, 0.0),
    StandardView.LEFT: (math.pi / 2, 0.0),
    StandardView.RIGHT: (-math.pi / 2, 0.0),
}


@dataclass(frozen=True, slots=True)
class Camera:
    """An eye that looks at a target; up on the screen is up in the world.

    Attributes
    ----------
    target_m
        What is looked at, world metres.
    distance_m
        From the eye to the target. In orthographic projection it sets the scale, so that
        changing the projection keeps the target's size on the screen.
    azimuth_rad, elevation_rad
        Direction from the target to the eye: counter-clockwise from +x, and above the horizon.
    field_rad
        Angle between the upper and the lower edge of a screen that looks straight ahead.
    middle_share
        Where on the screen the target is: right of and below the middle, in heights of the screen.
        A view whose edges moved, but not its picture, has its target beside the middle.
    """

    target_m: Vec3 = (0.0, 0.0, 0.0)
    distance_m: float = 20.0
    azimuth_rad: float = math.radians(215)
    elevation_rad: float = math.radians(35)
    projection: Projection = Projection.PERSPECTIVE
    field_rad: float = _FIELD_RAD
    middle_share: Vec2 = (0.0, 0.0)

    def __post_init__(self) -> None:
        angles = (self.azimuth_rad, self.elevation_rad)
        numbers = (*self.target_m, self.distance_m, *angles, *self.middle_share)
        if not all(math.isfinite(n) for n in numbers):
            raise ValueError("a camera cannot stand at infinity")
        if self.distance_m <= 0 or not 0 < self.field_rad < math.pi:
            raise ValueError("a camera needs a positive distance and a field below 180°")
        if abs(self.elevation_rad) > math.pi / 2 + 1e-9:
            raise ValueError("a camera cannot be tilted over the zenith")

    @property
    def is_perspective(self) -> bool:
        """Whether far things look smaller."""
        return self.projection is Projection.PERSPECTIVE

    @property
    def eye_m(self) -> Vec3:
        """Where the eye is, world metres."""
        return vec3(np.asarray(self.target_m) - self.distance_m * self.axes()[2])

    def axes(self) -> Floats:
        """Return the screen's right, down and forward directions in the world, shape (3, 3)."""
        ca, sa = math.cos(self.azimuth_rad), math.sin(self.azimuth_rad)
        ce, se = math.cos(self.elevation_rad), math.sin(self.elevation_rad)
        return np.array([[-sa, ca, 0.0], [se * ca, se * sa, -ce], [-ce * ca, -ce * sa, -se]])

    def camera_from_world(self) -> Floats:
        """Return the (4, 4) pose into the eye's axes: x right, y down, z forward, metres."""
        pose = np.eye(4)
        pose[:3, :3] = self.axes()
        pose[:3, 3] = -self.axes() @ np.asarray(self.eye_m)
        return pose

    def focal_px(self, height_px: float) -> float:
        """Return the pixels that a metre at one metre's depth covers."""
        return height_px / 2 / math.tan(self.field_rad / 2)

    def px_per_m(self, height_px: float) -> float:
        """Return the pixels that a metre at the target covers."""
        return self.focal_px(height_px) / self.distance_m

    def middle_px(self, size_px: Size) -> Vec2:
        """Return where on a screen the target is."""
        width, height = size_px
        right, down = self.middle_share
        return width / 2 + right * height, height / 2 + down * height

    def screen_from_world(self, size_px: Size) -> Floats:
        """Return the (4, 4) projection of homogeneous world points onto a screen.

        Of a product's rows, x and y are pixels times w (x right, y down, from the top left
        corner), and z is the depth in metres: from the eye in perspective, from the target in
        orthographic projection, where w is 1 and nothing lies behind the eye.
        """
        x, y = self.middle_px(size_px)
        pose = self.camera_from_world()
        projection = np.eye(4)
        if self.is_perspective:
            focal = self.focal_px(size_px[1])
            projection[0] = (focal, 0, x, 0)
            projection[1] = (0, focal, y, 0)
            projection[3] = (0, 0, 1, 0)
        else:
            scale = self.px_per_m(size_px[1])
            projection[0] = (scale, 0, 0, x)
            projection[1] = (0, scale, 0, y)
            projection[2] = (0, 0, 1, -self.distance_m)
        return projection @ pose

    def project(self, points_m: npt.ArrayLike, size_px: Size) -> tuple[Floats, Floats]:
        """Return screen positions, shape (N, 2), px, and depths, shape (N,), m.

        Positions of points at or behind the eye are NaN.
        """
        points = np.asarray(points_m, np.float64).reshape(-1, 3)
        screen = self.screen_from_world(size_px)
        product = points @ screen[:, :3].T + screen[:, 3]
        w = product[:, 3:]
        with np.errstate(divide="ignore", invalid="ignore"):
            at_px = np.where(w >= NEAR_M, product[:, :2] / w, np.nan)
        return at_px, product[:, 2]

    def ray(self, at_px: Vec2, size_px: Size) -> tuple[Vec3, Vec3]:
        """Return the origin and the unit direction of what lies under a pixel, world metres."""
        right, down, forward = self.axes()
        middle = self.middle_px(size_px)
        x, y = at_px[0] - middle[0], at_px[1] - middle[1]
        if self.is_perspective:
            direction = forward + (x * right + y * down) / self.focal_px(size_px[1])
            return self.eye_m, vec3(direction / np.linalg.norm(direction))
        offset = (x * right + y * down) / self.px_per_m(size_px[1])
        return vec3(np.asarray(self.eye_m) + offset), vec3(forward)

    def at_depth_of(self, place_m: Vec3, at_px: Vec2, size_px: Size) -> Vec3:
        """Return the world point under a pixel that is as far ahead as ``place_m``."""
        origin, direction = (np.asarray(v) for v in self.ray(at_px, size_px))
        forward = self.axes()[2]
        ahead = float((np.asarray(place_m) - origin) @ forward / (direction @ forward))
        if self.is_perspective:
            ahead = max(ahead, NEAR_M)
        return vec3(origin + ahead * direction)

    def orbited(self, turn_rad: float, rise_rad: float, about_m: Vec3 | None = None) -> "Camera":
        """Return a camera that went around a place, which keeps its place on the screen."""
        half = math.pi / 2
        turned = replace(
            self,
            azimuth_rad=math.remainder(self.azimuth_rad + turn_rad, math.tau),
            elevation_rad=min(max(self.elevation_rad + rise_rad, -half), half),
        )
        if about_m is None:
            return turned
        about = np.asarray(about_m)
        seen = self.axes() @ (np.asarray(self.target_m) - about)
        return replace(turned, target_m=vec3(about + turned.axes().T @ seen))

    def panned(self, from_px: Vec2, to_px: Vec2, size_px: Size, place_m: Vec3) -> "Camera":
        """Return a camera that moved sideways: what was at one pixel is now at the other.

        ``place_m`` says how deep the thing that is dragged lies.
        """
        start = np.asarray(self.at_depth_of(place_m, from_px, size_px))
        end = np.asarray(self.at_depth_of(place_m, to_px, size_px))
        return replace(self, target_m=vec3(np.asarray(self.target_m) + start - end))

    def zoomed(self, factor: float, about_m: Vec3) -> "Camera":
        """Return a camera whose distance to a place is ``factor`` times as large.

        The place stays where it is on the screen.
        """
        distance = min(max(self.distance_m * factor, _NEAREST_M), _FARTHEST_M)
        about, target = np.asarray(about_m), np.asarray(self.target_m)
        moved = about + (target - about) * (distance / self.distance_m)
        return replace(self, target_m=vec3(moved), distance_m=distance)

    def fitted(self, low_m: Vec3, high_m: Vec3, size_px: Size) -> "Camera":
        """Return a camera, looking the same way, with an upright cuboid just in the screen."""
        straight = self.centred()
        low, high = np.asarray(low_m, float), np.asarray(high_m, float)
        corners = np.array([[x, y, z] for x in (0, 1) for y in (0, 1) for z in (0, 1)])
        offsets = ((corners - 0.5) * (high - low)) @ self.axes().T
        slope_y = math.tan(straight.field_rad / 2)
        slope_x = slope_y * size_px[0] / max(size_px[1], 1)
        need = np.maximum(abs(offsets[:, 0]) / slope_x, abs(offsets[:, 1]) / slope_y)
        if self.is_perspective:
            need = need - offsets[:, 2]
        distance = min(max(1.05 * float(need.max()), _LEAST_FITTED_M), _FARTHEST_M)
        return replace(straight, target_m=vec3((low + high) / 2), distance_m=distance)

    def seen_from(self, view: StandardView) -> "Camera":
        """Return a camera that looks at the same target from a standard direction."""
        azimuth, elevation = _ANGLES_RAD[view]
        return replace(self.centred(), azimuth_rad=azimuth, elevation_rad=elevation)

    def centred(self) -> "Camera":
        """Return a camera with the target in the middle, as large, and with the usual field."""
        wider = math.tan(_FIELD_RAD / 2) / math.tan(self.field_rad / 2)
        return replace(
            self,
            middle_share=(0.0, 0.0),
            field_rad=_FIELD_RAD,
            distance_m=self.distance_m / wider,
        )

    def reframed(self, before_px: Size, after_px: Size, moved_px: Vec2) -> "Camera":
        """Return a camera for a screen with other edges, on which everything stays where it was.

        Parameters
        ----------
        before_px, after_px
            Size of the screen before and now.
        moved_px
            How far its top left corner moved right and down.
        """
        (x, y), (width, height) = self.middle_px(before_px), after_px
        right, down = x - moved_px[0] - width / 2, y - moved_px[1] - height / 2
        slope = math.tan(self.field_rad / 2) * height / before_px[1]
        return replace(
            self,
            middle_share=(right / height, down / height),
            field_rad=2 * math.atan(slope),
        )

    def looks_like(self, other: "Camera") -> bool:
        """Tell whether another camera sees the same, perhaps on a screen with other edges."""
        return self == replace(other, middle_share=self.middle_share, field_rad=self.field_rad)

    def projected(self, projection: Projection) -> "Camera":
        """Return the same camera with another projection."""
        return replace(self, projection=projection)
