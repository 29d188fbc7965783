"""Draws what a camera before the lidar sees of the garage, with KITTI's calibration."""

import colorsys
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from PIL import Image

from sample_data.garage_world import HEIGHT_M, Thing

WIDTH_PX, HEIGHT_PX, FOCAL_PX = 640, 360, 360.0
QUALITY = 82
_FINER = 2  # rays to a pixel, along and across
_LAMP_STEP_M, _LAMP_REACH_M = 8.0, 5.5
_FOG_M = 45.0
_BANDS_M = (0.3, 1.2)
Matrix = npt.NDArray[np.float64]
Floats = npt.NDArray[np.float32]

CAMERA_FROM_CLOUD = np.array(
    [[0.0, -1, 0, 0], [0, 0, -1, -0.12], [1, 0, 0, -0.27], [0, 0, 0, 1]], np.float64
)
"""``Tr_velo_to_cam``: the camera looks ahead, 0.27 m before and 0.12 m below the lidar."""

P2 = np.array(
    [[FOCAL_PX, 0, WIDTH_PX / 2, 0], [0, FOCAL_PX, HEIGHT_PX / 2, 0], [0, 0, 1, 0]], np.float64
)


class Met(NamedTuple):
    """What the camera's rays met, a row each: where, what, and which way its surface faces."""

    place_m: Floats
    thing: npt.NDArray[np.int64]
    normal: Floats
    range_m: Floats


def write_camera(
    folder: Path,
    name: str,
    scene: Any,  # noqa: ANN401 - Open3D has no types
    things: tuple[Thing, ...],
    pose: Matrix,
) -> None:
    """Write ``image_2/NAME.jpg`` and ``calib/NAME.txt`` as KITTI names them.

    Parameters
    ----------
    scene
        A ray casting scene with one geometry per thing, in order.
    pose
        World from the lidar's axes.
    """
    for part in ("image_2", "calib"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    met = _met(scene, pose @ np.linalg.inv(CAMERA_FROM_CLOUD))
    fine = _lit(met, things).reshape(HEIGHT_PX * _FINER, WIDTH_PX * _FINER, 3)
    image = fine.reshape(HEIGHT_PX, _FINER, WIDTH_PX, _FINER, 3).mean(axis=(1, 3))
    pixels = np.rint(255 * np.clip(image, 0, 1) ** (1 / 2.2)).astype(np.uint8)
    Image.fromarray(pixels).save(folder / "image_2" / f"{name}.jpg", quality=QUALITY)
    (folder / "calib" / f"{name}.txt").write_text(calibration_text(), "ascii")


def calibration_text() -> str:
    """Return the lines that KITTI's readers ask for."""
    lines = [(f"P{n}", P2) for n in range(4)]
    lines += [("R0_rect", np.eye(3)), ("Tr_velo_to_cam", CAMERA_FROM_CLOUD[:3])]
    lines += [("Tr_imu_to_velo", np.eye(4)[:3])]
    return "".join(f"{name}: {' '.join(f'{n:g}' for n in m.ravel())}\n" for name, m in lines)


def _met(scene: Any, world_from_camera: Matrix) -> Met:  # noqa: ANN401 - Open3D has no types
    import open3d  # noqa: PLC0415 - takes a second, so only when a garage is scanned

    u, v = np.meshgrid(
        (np.arange(WIDTH_PX * _FINER) + 0.5) / _FINER,
        (np.arange(HEIGHT_PX * _FINER) + 0.5) / _FINER,
    )
    ahead = np.stack([(u - P2[0, 2]) / FOCAL_PX, (v - P2[1, 2]) / FOCAL_PX, np.ones_like(u)], -1)
    ahead = ahead.reshape(-1, 3) / np.linalg.norm(ahead.reshape(-1, 3), axis=1, keepdims=True)
    world = (ahead @ world_from_camera[:3, :3].T).astype(np.float32)
    start = np.broadcast_to(world_from_camera[:3, 3].astype(np.float32), world.shape)
    tensor: Any = open3d.core.Tensor
    met = scene.cast_rays(tensor(np.concatenate([start, world], axis=1)))
    far = np.minimum(met["t_hit"].numpy(), 1e3)
    normal = met["primitive_normals"].numpy()
    facing = normal * -np.sign((normal * world).sum(axis=1, keepdims=True))
    things = met["geometry_ids"].numpy().astype(np.int64)
    return Met(start + far[:, None] * world, things, facing, far)


def _lit(met: Met, things: tuple[Thing, ...]) -> Floats:
    """Return linear colours: lamps hang under the ceiling in a grid, and far is dim."""
    thing = np.where(met.thing < len(things), met.thing, 0)
    colour = _paint(met, things, thing)
    lamp = (np.floor(met.place_m[:, :2] / _LAMP_STEP_M) + 0.5) * _LAMP_STEP_M
    beside = np.hypot(*(met.place_m[:, :2] - lamp).T)
    light = 0.35 + 0.65 * np.exp(-((beside / _LAMP_REACH_M) ** 2))
    light *= 0.55 + 0.30 * np.maximum(met.normal[:, 2], 0) + 0.15 * np.abs(met.normal[:, 0])
    light *= np.exp(-met.range_m / _FOG_M)
    shown = (colour * light[:, None]).astype(np.float32)
    shown[met.thing >= len(things)] = 0.02
    return np.asarray(shown)


def _paint(met: Met, things: tuple[Thing, ...], thing: npt.NDArray[np.int64]) -> Floats:
    colour = np.array([_colour(n, t) for n, t in enumerate(things)], np.float32)[thing]
    labels = np.array([t.label for t in things])[thing]
    x, y, z = met.place_m.T
    banded = (labels == "pillar") & (z > _BANDS_M[0]) & (z < _BANDS_M[1])
    stripe = np.mod(z * 5, 2) < 1
    colour[banded & stripe] = (0.85, 0.62, 0.04)
    colour[banded & ~stripe] = (0.03, 0.03, 0.03)
    heights = np.array([float(t.shape.get("size_m", (0, 0, HEIGHT_M))[2]) for t in things])[thing]
    is_car = labels == "car"
    glass = is_car & (z > 0.58 * heights) & (z < 0.94 * heights) & (np.abs(met.normal[:, 2]) < 0.9)
    colour[glass] = (0.05, 0.07, 0.09)
    colour[is_car & (z < 0.24)] = (0.02, 0.02, 0.02)
    line = (labels == "floor") & (np.abs(y - 16.0) < 0.08) & (np.mod(x, 3.0) < 1.6)
    colour[line] = (0.8, 0.8, 0.75)
    return np.asarray(colour)


def _colour(number: int, thing: Thing) -> tuple[float, float, float]:
    match thing.label:
        case "floor":
            return (0.16, 0.17, 0.18)
        case "ceiling":
            return (0.42, 0.42, 0.40)
        case "wall":
            return (0.50, 0.48, 0.43)
        case "pillar":
            return (0.62, 0.62, 0.60)
        case "movable":
            return (0.85, 0.28, 0.05)
        case "pedestrian":
            return (0.10, 0.25, 0.55)
        case _:
            return colorsys.hsv_to_rgb((0.61 * number) % 1.0, 0.65, 0.25 + 0.6 * thing.reflectance)
