"""Where places of the world are in a camera's image, and what of the world a pixel shows."""

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from annotator.geometry.vectors import vec3
from annotator.model.shapes import Vec2, Vec3

Floats = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]

NEAR_M = 0.1
_SAME_PX = 3.0


@dataclass(frozen=True)
class Pinhole:
    """A camera without distortion, as a projection matrix.

    Attributes
    ----------
    px_from_world
        Shape (3, 4): a world place (x, y, z, 1) to (u·w, v·w, w), where w is its depth in metres
        and (u, v) its pixel, from the upper left corner.
    size_px
        Width and height of the image.

    References
    ----------
    Hartley and Zisserman 2004, "Multiple View Geometry", 6.2: the depth is positive in front of a
    camera whose left 3 × 3 has a positive determinant, and in metres where its last row is a unit.
    """

    px_from_world: Floats
    size_px: tuple[int, int]

    def __post_init__(self) -> None:
        matrix = np.array(self.px_from_world, np.float64)
        if matrix.shape != (3, 4) or not np.isfinite(matrix).all():
            raise ValueError("a projection is (3, 4) and finite")
        length = float(np.linalg.norm(matrix[2, :3]))
        volume = float(np.linalg.det(matrix[:, :3]))
        if not length or not volume:
            raise ValueError("a projection that flattens the world is no camera's")
        matrix *= math.copysign(1 / length, volume)
        matrix.setflags(write=False)
        object.__setattr__(self, "px_from_world", matrix)

    @cached_property
    def eye_m(self) -> Vec3:
        """Where the camera stands."""
        matrix = self.px_from_world
        return vec3(np.asarray(-np.linalg.solve(matrix[:, :3], matrix[:, 3]), np.float64))

    def project(self, places_m: npt.ArrayLike) -> tuple[Floats, Floats]:
        """Return pixels, shape (N, 2), and depths in metres, shape (N,).

        Pixels are NaN for places that are not at least `NEAR_M` in front.
        """
        places = np.asarray(places_m, np.float64).reshape(-1, 3)
        seen = places @ self.px_from_world[:, :3].T + self.px_from_world[:, 3]
        depth = seen[:, 2]
        with np.errstate(all="ignore"):
            at_px = np.where((depth >= NEAR_M)[:, None], seen[:, :2] / depth[:, None], np.nan)
        return at_px, depth

    def project_lines(self, ends_m: Floats) -> tuple[Rows, Floats, Floats]:
        """Return what of lines lies in front of the camera.

        Parameters
        ----------
        ends_m
            Shape (n, 2, 3).

        Returns
        -------
        tuple
            Numbers of the lines of which something is left, shape (m,); their ends in pixels, cut
            at the near plane, shape (m, 2, 2); the depths of these ends, shape (m, 2).
        """
        matrix = self.px_from_world
        seen = ends_m @ matrix[:, :3].T + matrix[:, 3]
        lines = np.flatnonzero((seen[..., 2] >= NEAR_M).any(axis=1))
        one, other = seen[lines, 0], seen[lines, 1]
        cut = np.stack([_cut(one, other), _cut(other, one)], axis=1)
        return lines, cut[..., :2] / cut[..., 2:], cut[..., 2]

    def ray(self, at_px: Vec2) -> tuple[Vec3, Vec3]:
        """Return where the ray of a pixel starts, and its direction, a unit."""
        direction = np.linalg.solve(self.px_from_world[:, :3], np.array([*at_px, 1.0]))
        return self.eye_m, vec3(direction / np.linalg.norm(direction))

    def is_in_image(self, at_px: Floats) -> npt.NDArray[np.bool_]:
        """Tell which pixels, shape (N, 2), lie in the image."""
        with np.errstate(invalid="ignore"):
            return np.asarray(((at_px >= 0) & (at_px < np.array(self.size_px))).all(axis=1))


def nearest_to_ray(
    at_px: Floats, depth_m: Floats, pointed_px: Vec2, within_px: float
) -> int | None:
    """Return which of projected points a pixel shows: the foremost of those nearest to its ray.

    Parameters
    ----------
    at_px, depth_m
        As `Pinhole.project` returns them.
    within_px
        None is returned where no point is that near.
    """
    with np.errstate(invalid="ignore"):
        apart = np.hypot(at_px[:, 0] - pointed_px[0], at_px[:, 1] - pointed_px[1])
        apart = np.where(np.isfinite(apart), apart, np.inf)
    if not len(apart) or apart.min() > within_px:
        return None
    near = np.flatnonzero(apart <= max(float(apart.min()), _SAME_PX))
    return int(near[depth_m[near].argmin()])


def is_around(places_px: Floats, at_px: Vec2) -> bool:
    """Tell whether a pixel lies in the convex hull of places, shape (N, 2).

    It does where no half plane through it is without a place: the largest gap between the
    directions to the places is less than half a turn.
    """
    if len(places_px) < 3:
        return False
    away = places_px - np.asarray(at_px)
    turns = np.sort(np.arctan2(away[:, 1], away[:, 0]))
    gaps = np.diff(turns, append=turns[0] + math.tau)
    return bool(gaps.max() < math.pi)


def distance_to_lines(ends_px: Floats, at_px: Vec2) -> float:
    """Return how far a pixel is from the nearest of lines, shape (n, 2, 2); infinite of none."""
    if not len(ends_px):
        return math.inf
    start, way = ends_px[:, 0], ends_px[:, 1] - ends_px[:, 0]
    length = np.maximum((way**2).sum(axis=1), 1e-9)
    share = np.clip(((np.asarray(at_px) - start) * way).sum(axis=1) / length, 0, 1)
    return float(np.hypot(*(start + share[:, None] * way - at_px).T).min())


def _cut(end: Floats, other: Floats) -> Floats:
    """Move ends that lie behind the near plane along their lines onto it."""
    with np.errstate(all="ignore"):
        share = (NEAR_M - end[:, 2]) / (other[:, 2] - end[:, 2])
    is_behind = end[:, 2] < NEAR_M
    share = np.where(is_behind, share, 0.0)[:, None]
    moved = end + share * (other - end)
    moved[:, 2] = np.where(is_behind, NEAR_M, moved[:, 2])
    return np.asarray(moved)
