"""What boxes contain, and how much two of them share."""

import math
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from annotator.model.shapes import Box3D, Face, Vec3

Floats = npt.NDArray[np.float64]


def world_from_box(box: Box3D) -> Floats:
    """Return the (4, 4) pose that takes points in the box's own axes to world axes."""
    pose = np.eye(4)
    pose[:3, :3] = axes_of(box)
    pose[:3, 3] = box.center_m
    return pose


def box_from_world(box: Box3D) -> Floats:
    """Return the (4, 4) pose that takes world points into the box's own axes.

    Named destination-first: ``point_in_box = box_from_world @ point_in_world``.
    """
    pose = np.eye(4)
    pose[:3, :3] = axes_of(box).T
    pose[:3, 3] = -pose[:3, :3] @ np.asarray(box.center_m)
    return pose


def axes_of(box: Box3D) -> Floats:
    """Return (3, 3): the box's forward, left and up in the world, as columns."""
    return rotation(box.yaw_rad, box.pitch_rad, box.roll_rad)


def rotation(yaw_rad: float, pitch_rad: float = 0.0, roll_rad: float = 0.0) -> Floats:
    """Return the (3, 3) rotation Rz(yaw) · Ry(pitch) · Rx(roll)."""
    cy, sy = math.cos(yaw_rad), math.sin(yaw_rad)
    cp, sp = math.cos(pitch_rad), math.sin(pitch_rad)
    cr, sr = math.cos(roll_rad), math.sin(roll_rad)
    return np.array(
        [
            [cy * cp, cy * sp * sr - sy * cr, cy * sp * cr + sy * sr],
            [sy * cp, sy * sp * sr + cy * cr, sy * sp * cr - cy * sr],
            [-sp, cp * sr, cp * cr],
        ]
    )


def turned_round(box: Box3D) -> Box3D:
    """Return the same cuboid with its front where the back was."""
    return replace(
        box,
        yaw_rad=box.yaw_rad + math.pi,
        pitch_rad=-box.pitch_rad,
        roll_rad=-box.roll_rad,
        assumed=frozenset(_HALF.get(face, face) for face in box.assumed),
    )


def corners(box: Box3D) -> Floats:
    """Return the eight corners in world axes, shape (8, 3), metres.

    The first four are the bottom, counter-clockwise seen from above from front left; the other
    four lie above them.
    """
    length, width, height = (s / 2 for s in box.size_m)
    plan = ((length, width), (-length, width), (-length, -width), (length, -width))
    own = np.array([(x, y, z) for z in (-height, height) for x, y in plan])
    return np.asarray(own @ axes_of(box).T + np.asarray(box.center_m))


def in_box_axes(points_m: npt.NDArray[np.floating], box: Box3D) -> Floats:
    """Return points in the box's own axes, shape (N, 3), metres from its centre."""
    if points_m.ndim != 2 or points_m.shape[1] != 3:
        raise ValueError(f"points must be (N, 3), got {points_m.shape}")
    offsets = np.asarray(points_m, np.float64) - np.asarray(box.center_m)
    # not by @, whose threads would wait for each other longer than they reckon
    return np.asarray(np.einsum("ij,jk->ik", offsets, axes_of(box)))


def points_in_box(
    points_m: npt.NDArray[np.floating], box: Box3D, *, margin_m: float = 0.0
) -> npt.NDArray[np.bool_]:
    """Tell which points lie in a box; its faces count as inside.

    Parameters
    ----------
    points_m
        Points in world axes, shape (N, 3), in metres. A NaN point is outside.
    margin_m
        How far outside a face still counts as inside; negative asks for less than the box.

    Returns
    -------
    numpy.ndarray
        Shape (N,), true where a point is inside.

    Raises
    ------
    ValueError
        If ``points_m`` is not (N, 3).
    """
    half = np.asarray(box.size_m) / 2 + margin_m
    with np.errstate(invalid="ignore"):
        return np.asarray((np.abs(in_box_axes(points_m, box)) <= half).all(axis=1))


def ahead_m(box: Box3D, origin_m: Vec3, direction: Vec3) -> float | None:
    """Return how far ahead a ray of unit direction enters a box; None where it misses it.

    The slab method (Kay and Kajiya, 1986); 0 from inside.
    """
    pose, half = box_from_world(box), np.asarray(box.size_m) / 2
    start = pose[:3, :3] @ np.asarray(origin_m, float) + pose[:3, 3]
    along = pose[:3, :3] @ np.asarray(direction, float)
    with np.errstate(divide="ignore", invalid="ignore"):
        ends = np.stack([(-half - start) / along, (half - start) / along])
    is_level = np.abs(along) < 1e-12
    if np.any(is_level & (np.abs(start) > half)):
        return None
    nearest = float(np.where(is_level, -np.inf, ends.min(axis=0)).max())
    farthest = float(np.where(is_level, np.inf, ends.max(axis=0)).min())
    return max(nearest, 0.0) if farthest >= max(nearest, 0.0) else None


def iou_3d(one: Box3D, other: Box3D) -> float:
    """Return the shared volume over the joint volume of two upright boxes, 0 to 1, exactly.

    Pitch and roll are left out: benchmarks of this kind (KITTI) compare upright boxes.
    """
    low = max(b.center_m[2] - b.size_m[2] / 2 for b in (one, other))
    high = min(b.center_m[2] + b.size_m[2] / 2 for b in (one, other))
    shared = shared_area_m2(one, other) * max(0.0, high - low)
    return shared / (math.prod(one.size_m) + math.prod(other.size_m) - shared)


def iou_bev(one: Box3D, other: Box3D) -> float:
    """Return the shared area over the joint area of two footprints, 0 to 1."""
    shared = shared_area_m2(one, other)
    areas = sum(b.size_m[0] * b.size_m[1] for b in (one, other))
    return shared / (areas - shared)


def shared_area_m2(one: Box3D, other: Box3D) -> float:
    """Return the area that two footprints share, in square metres."""
    middle = one.center_m  # map coordinates would cost the products their digits
    return _area(_clipped(_footprint(one, middle), _footprint(other, middle)))


def yaw_error_rad(one: Box3D, other: Box3D) -> float:
    """Return the smallest turn between two headings, front and back not told apart."""
    return abs(math.remainder(one.yaw_rad - other.yaw_rad, math.pi))


def _footprint(box: Box3D, origin_m: Vec3) -> list[tuple[float, float]]:
    c, s = math.cos(box.yaw_rad), math.sin(box.yaw_rad)
    x, y = box.center_m[0] - origin_m[0], box.center_m[1] - origin_m[1]
    a, b = box.size_m[0] / 2, box.size_m[1] / 2
    plan = ((a, b), (-a, b), (-a, -b), (a, -b))
    return [(x + c * u - s * v, y + s * u + c * v) for u, v in plan]


def _clipped(
    subject: list[tuple[float, float]], clip: list[tuple[float, float]]
) -> list[tuple[float, float]]:
    """Cut a convex polygon by another (Sutherland and Hodgman 1974); both counter-clockwise."""
    for (ax, ay), (bx, by) in zip(clip, clip[1:] + clip[:1], strict=True):
        sides = [(bx - ax) * (y - ay) - (by - ay) * (x - ax) for x, y in subject]
        kept: list[tuple[float, float]] = []
        for i, (point, side) in enumerate(zip(subject, sides, strict=True)):
            before, side_before = subject[i - 1], sides[i - 1]
            if (side >= 0) != (side_before >= 0):
                t = side_before / (side_before - side)
                kept.append(
                    (before[0] + t * (point[0] - before[0]), before[1] + t * (point[1] - before[1]))
                )
            if side >= 0:
                kept.append(point)
        subject = kept
    return subject


def _area(polygon: list[tuple[float, float]]) -> float:
    pairs = zip(polygon, polygon[1:] + polygon[:1], strict=True)
    return abs(sum(ax * by - bx * ay for (ax, ay), (bx, by) in pairs)) / 2


_HALF = {
    Face.LEFT: Face.RIGHT,
    Face.RIGHT: Face.LEFT,
    Face.FRONT: Face.BACK,
    Face.BACK: Face.FRONT,
}
