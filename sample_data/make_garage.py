"""Scan a garage with a simulated lidar, radar and camera along a drive, and write the truth.

Run ``python -m sample_data.make_garage`` in the repository to make ``sample_data/garage`` again.
"""

import argparse
import json
import math
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from sample_data.garage_camera import write_camera
from sample_data.garage_world import Thing, garage

HERE = Path(__file__).parent
SENSOR_HEIGHT_M = 1.8
FRAME_S = 0.5
TURN_S = 0.1
RANGE_NOISE_M = 0.02
VALUES = {"pillar": 1, "wall": 2, "car": 3, "movable": 4, "floor": 5, "ceiling": 6, "pedestrian": 7}
GHOST = 8
Matrix = npt.NDArray[np.float64]
Floats = npt.NDArray[np.float32]


class Echoes(NamedTuple):
    """What rays met: row numbers of the rays, distances, thing numbers, cosines of incidence."""

    ray: npt.NDArray[np.int64]
    range_m: Floats
    thing: npt.NDArray[np.int64]
    cosine: Floats


def make_garage(
    folder: Path, *, seed: int = 3, frames: int = 12, beams: int = 64, columns: int = 512
) -> dict[str, Any]:
    """Write scans, poses, images, point labels, radar scans and ``truth.json`` into ``folder``.

    Parameters
    ----------
    frames
        Scans along the drive, half a second apart.
    beams, columns
        Rays of one turn of the lidar: up and down, and around.

    Returns
    -------
    dict
        What ``truth.json`` says; see the README for its keys.
    """
    chance = np.random.default_rng(seed)
    things = garage(chance)
    poses = [_world_from_cloud(n * FRAME_S) for n in range(frames)]
    for name in ("scans", "labels", "scans_radar", "labels_radar"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    told = [
        _write_frame(folder, n, things, pose, chance, _rays(beams, columns), columns)
        for n, pose in enumerate(poses)
    ]
    rows = [" ".join(f"{v:.9g}" for v in pose[:3].ravel()) for pose in poses]
    (folder / "poses.txt").write_text("\n".join(rows) + "\n", "ascii")
    truth = {"seed": seed, "label_values": VALUES | {"ghost": GHOST}, "objects": _objects(things)}
    truth["frames"] = told
    (folder / "truth.json").write_text(_compact(truth) + "\n", "utf-8")
    return truth


def _objects(things: tuple[Thing, ...]) -> list[dict[str, Any]]:
    return [
        {
            "instance": n,
            "label": thing.label,
            "moving": thing.is_moving,
            "velocity_m_s": list(thing.velocity_m_s),
            "shape": thing.shape,
        }
        for n, thing in enumerate(things, start=1)
    ]


def _write_frame(
    folder: Path,
    number: int,
    things: tuple[Thing, ...],
    pose: Matrix,
    chance: np.random.Generator,
    rays: Floats,
    columns: int,
) -> dict[str, Any]:
    scene = _scene(things, number * FRAME_S)
    echoes = _cast(scene, pose, rays, chance)
    name = f"{number:06d}"
    _write_scan(folder / "scans" / f"{name}.pcd", echoes, rays, things, chance, columns)
    _write_labels(folder / "labels" / f"{name}.label", echoes.thing, things)
    write_camera(folder, name, scene, things, pose)
    radar = _radar(folder, name, scene, pose, things, chance)
    counts = np.bincount(echoes.thing, minlength=len(things))
    return {
        "file": f"scans/{name}.pcd",
        "time_s": number * FRAME_S,
        "points": int(counts.sum()),
        "radar_points": radar,
        "boxes": _boxes_in_cloud(things, number * FRAME_S, pose, counts),
    }


def _world_from_cloud(time_s: float) -> Matrix:
    """Return the pose of the sensor on a car that drives along the aisle and turns to the right."""
    turn = math.radians(4.0) * max(0.0, time_s - 2.0)
    x, y = 9.0 + 2.5 * time_s, 16.4 - 0.45 * max(0.0, time_s - 2.0) ** 2 / 2
    c, s = math.cos(-turn), math.sin(-turn)
    return np.array([[c, -s, 0, x], [s, c, 0, y], [0, 0, 1, SENSOR_HEIGHT_M], [0, 0, 0, 1]])


def _rays(beams: int, columns: int) -> Floats:
    """Return unit directions, shape (columns · beams, 3), in the order the lidar fires."""
    up = np.radians(np.linspace(-28.0, 22.0, beams))
    around = -np.linspace(0, math.tau, columns, endpoint=False)
    a, u = np.meshgrid(around, up, indexing="ij")
    rays = np.stack([np.cos(u) * np.cos(a), np.cos(u) * np.sin(a), np.sin(u)], axis=-1)
    return rays.reshape(-1, 3).astype(np.float32)


def _scene(things: tuple[Thing, ...], time_s: float) -> Any:  # noqa: ANN401 - Open3D has no types
    import open3d  # noqa: PLC0415 - takes a second, so only when a garage is scanned

    tensor: Any = open3d.core.Tensor
    scene = open3d.t.geometry.RaycastingScene(nthreads=1)
    for thing in things:
        moved = thing.mesh.vertices_m + np.float32(time_s) * np.array(thing.velocity_m_s)
        scene.add_triangles(tensor(moved.astype(np.float32)), tensor(thing.mesh.triangles))
    return scene


def _cast(
    scene: Any,  # noqa: ANN401 - Open3D has no types
    pose: Matrix,
    rays: Floats,
    chance: np.random.Generator,
) -> Echoes:
    import open3d  # noqa: PLC0415 - as above

    world = (rays @ pose[:3, :3].T).astype(np.float32)
    start = np.broadcast_to(pose[:3, 3].astype(np.float32), world.shape)
    tensor: Any = open3d.core.Tensor
    met = scene.cast_rays(tensor(np.concatenate([start, world], axis=1)))
    far = met["t_hit"].numpy()
    cosine = np.abs((met["primitive_normals"].numpy() * world).sum(axis=1))
    # Grazing and far echoes are lost most; some are lost at random.
    kept = np.isfinite(far) & (far > 0.6) & (far < 60)
    kept &= chance.random(len(far)) > 0.02 + 0.5 * np.exp(-cosine / 0.03)
    ray = np.flatnonzero(kept)
    return Echoes(ray, far[ray], met["geometry_ids"].numpy()[ray].astype(np.int64), cosine[ray])


def _write_scan(
    path: Path,
    echoes: Echoes,
    rays: Floats,
    things: tuple[Thing, ...],
    chance: np.random.Generator,
    columns: int,
) -> None:
    far = echoes.range_m + chance.normal(0, RANGE_NOISE_M, len(echoes.ray)).astype(np.float32)
    reflectance = np.array([t.reflectance for t in things])[echoes.thing]
    bright = 255 * reflectance * echoes.cosine**0.5 * chance.normal(1, 0.08, len(far))
    beams = len(rays) // columns
    rows = np.zeros(len(far), [*_XYZ, ("intensity", "<f4"), ("ring", "<u2"), ("time", "<f4")])
    rows["x"], rows["y"], rows["z"] = (rays[echoes.ray] * far[:, None]).T
    rows["intensity"] = np.rint(np.clip(bright, 0, 255))
    rows["ring"] = echoes.ray % beams
    rows["time"] = (echoes.ray // beams) / columns * TURN_S
    _write_pcd(path, rows)


_XYZ = [("x", "<f4"), ("y", "<f4"), ("z", "<f4")]


def _radar(
    folder: Path,
    name: str,
    scene: Any,  # noqa: ANN401 - Open3D has no types
    pose: Matrix,
    things: tuple[Thing, ...],
    chance: np.random.Generator,
) -> int:
    """Write a radar's points: coarse, noisy, with velocity along the ray and mirrored ghosts."""
    around = np.radians(chance.uniform(-60, 60, 600))
    up = np.radians(chance.uniform(-8, 8, 600))
    rays = np.stack(
        [np.cos(up) * np.cos(around), np.cos(up) * np.sin(around), np.sin(up)], axis=1
    ).astype(np.float32)
    echoes = _cast(scene, pose, rays, chance)
    strength = np.array([t.rcs_dbsm for t in things])[echoes.thing] + 15 * (echoes.cosine - 0.5)
    seen = strength + chance.normal(0, 3, len(strength)) > 0
    kept = Echoes(*(part[seen] for part in echoes))
    ghost = chance.random(len(kept.ray)) < 0.04
    far = kept.range_m * np.where(ghost, 1.7, 1.0) + chance.normal(0, 0.12, len(ghost))
    velocity = np.array([t.velocity_m_s for t in things])[kept.thing]
    toward = (rays[kept.ray] @ pose[:3, :3].T * velocity).sum(axis=1)
    rows = np.zeros(len(far), [*_XYZ, ("rcs", "<f4"), ("velocity", "<f4")])
    rows["x"], rows["y"], rows["z"] = (rays[kept.ray] * far[:, None]).T
    rows["rcs"] = strength[seen] + chance.normal(0, 2, len(far))
    rows["velocity"] = toward + chance.normal(0, 0.08, len(far))
    _write_pcd(folder / "scans_radar" / f"{name}.pcd", rows)
    _write_labels(folder / "labels_radar" / f"{name}.label", kept.thing, things, ghost)
    return len(far)


def _write_labels(
    path: Path,
    thing: npt.NDArray[np.int64],
    things: tuple[Thing, ...],
    ghost: npt.NDArray[np.bool_] | None = None,
) -> None:
    """Write the class in the lower and the instance in the upper 16 bits, as SemanticKITTI does."""
    classes = np.array([VALUES[t.label] for t in things])[thing]
    labels = classes | (thing + 1) << 16
    if ghost is not None:
        labels = np.where(ghost, GHOST, labels)
    path.write_bytes(labels.astype("<u4").tobytes())


def _write_pcd(path: Path, rows: npt.NDArray[Any]) -> None:
    names = rows.dtype.names or ()
    kinds = [rows.dtype[name] for name in names]
    header = [
        "# .PCD v0.7 - Point Cloud Data file format",
        "VERSION 0.7",
        f"FIELDS {' '.join(names)}",
        f"SIZE {' '.join(str(k.itemsize) for k in kinds)}",
        f"TYPE {' '.join(k.kind.upper() for k in kinds)}",
        f"COUNT {' '.join('1' for _ in kinds)}",
        f"WIDTH {len(rows)}",
        "HEIGHT 1",
        "VIEWPOINT 0 0 0 1 0 0 0",
        f"POINTS {len(rows)}",
        "DATA binary",
    ]
    path.write_bytes("\n".join(header).encode("ascii") + b"\n" + rows.tobytes())


def _boxes_in_cloud(
    things: tuple[Thing, ...], time_s: float, pose: Matrix, counts: npt.NDArray[np.int64]
) -> list[dict[str, Any]]:
    """Return the boxes and cylinders that have a point, in the axes of this scan."""
    cloud_from_world = np.linalg.inv(pose)
    heading = math.atan2(pose[1, 0], pose[0, 0])
    boxes = []
    for n, (thing, count) in enumerate(zip(things, counts.tolist(), strict=True), start=1):
        if "center_m" not in thing.shape or thing.label in {"floor", "ceiling"} or not count:
            continue
        at = np.array(thing.shape["center_m"]) + time_s * np.array(thing.velocity_m_s)
        shape = dict(thing.shape)
        center = cloud_from_world[:3, :3] @ at + cloud_from_world[:3, 3]
        shape["center_m"] = [round(v, 4) for v in center.tolist()]
        if "yaw_rad" in shape:
            shape["yaw_rad"] = round(math.remainder(shape["yaw_rad"] - heading, math.tau), 5)
        boxes.append({"instance": n, "label": thing.label, "points": count, "shape": shape})
    return boxes


def _compact(truth: dict[str, Any]) -> str:
    """Return JSON with one object a line."""
    lists = ("objects", "frames")
    parts = [f"{json.dumps(k)}: {json.dumps(v)}" for k, v in truth.items() if k not in lists]
    for key in lists:
        rows = ",\n".join(json.dumps(row) for row in truth[key])
        parts.append(f"{json.dumps(key)}: [\n{rows}\n]")
    return "{\n" + ",\n".join(parts) + "\n}"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", default=HERE / "garage")
    parser.add_argument("--seed", type=int, default=3)
    arguments = parser.parse_args()
    made = make_garage(arguments.folder, seed=arguments.seed)
    for frame in made["frames"]:
        print(frame["file"], frame["points"], "points,", frame["radar_points"], "of the radar")
