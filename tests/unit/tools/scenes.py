"""Makes scenes that tools of the cloud view work on, without a window."""

import json
import math
from collections.abc import Sequence
from functools import cache, partial
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from annotator.formats.points.reading import read_cloud
from annotator.geometry.lasso import inside
from annotator.geometry.projection import Camera, Projection
from annotator.geometry.survey import Survey, survey
from annotator.model.annotations import Annotation
from annotator.model.cloud import PointCloud
from annotator.model.document import Document
from annotator.model.edits import apply, parts
from annotator.model.labels import GARAGE
from annotator.model.shapes import Vec2, Vec3
from annotator.tools.cloud_scene import CloudScene
from annotator.tools.tool import Button, Keys, Pointer, Ray, Reply

GARAGE_FOLDER = Path(__file__).resolve().parents[3] / "sample_data" / "garage"
SIZE_PX = (800, 600)
FROM_ABOVE = Camera(
    target_m=(10, 6, 1), distance_m=25, azimuth_rad=-math.pi / 2, elevation_rad=math.radians(50)
)


def scene_of(cloud: PointCloud, *, survey: Survey | None, camera: Camera) -> CloudScene:
    def rows_inside(outline_px: Sequence[Vec2]) -> npt.NDArray[np.int64]:
        mask = inside(outline_px, SIZE_PX)
        places = camera.project(cloud.xyz_m + np.asarray(cloud.origin_m), SIZE_PX)[0]
        with np.errstate(invalid="ignore"):
            rows = np.flatnonzero(((places >= 0) & (places < SIZE_PX)).all(axis=1))
        at = places[rows].astype(int)
        return np.asarray(rows[mask[at[:, 1], at[:, 0]] > 0], np.int64)

    return CloudScene(
        Document(extents=((len(cloud),),)),
        cloud,
        GARAGE,
        lambda outline_px, **_how: partial(rows_inside, outline_px),
        label="car",
        camera=camera,
        size_px=SIZE_PX,
        survey=survey,
    )


def hall_points() -> npt.NDArray[np.float32]:
    """A hall 20 x 12 x 3 m: a wall at y = 0, a crate, a car, and four round pillars in a row."""
    rng = np.random.default_rng(1)
    floor = np.column_stack([rng.uniform((0, 0), (20, 12), (20_000, 2)), np.zeros(20_000)])
    wall = np.column_stack([rng.uniform(0, 20, 6000), np.zeros(6000), rng.uniform(0, 3, 6000)])
    parts_m = [floor, floor + np.array((0, 0, 3)), wall]
    for x in (2.0, 7.0, 12.0, 17.0):
        angle = rng.uniform(0, math.tau, 900)
        parts_m.append(
            np.column_stack(
                [x + 0.3 * np.cos(angle), 9 + 0.3 * np.sin(angle), rng.uniform(0, 3, 900)]
            )
        )
    parts_m += [_box_points(rng, (8, 4), (4.4, 1.8, 1.5)), _box_points(rng, (15, 5), (1, 1, 1))]
    points = np.concatenate(parts_m) + rng.normal(0, 0.006, (sum(map(len, parts_m)), 3))
    return points.astype(np.float32)


def _box_points(rng: np.random.Generator, at: Vec2, size: Vec3) -> npt.NDArray[np.float64]:
    half = np.array(size) / 2
    sides = []
    for axis in range(3):
        for sign in (-1, 1) if axis < 2 else (1,):
            face = rng.uniform(-half, half, (int(500 * half.prod() / half[axis]) + 200, 3))
            face[:, axis] = sign * half[axis]
            sides.append(face)
    return np.asarray(np.concatenate(sides) + np.array((at[0], at[1], half[2])))


@cache
def _hall(origin_m: Vec3, seen_from_m: Vec3 | None) -> tuple[PointCloud, Survey]:
    cloud = PointCloud(hall_points(), origin_m=origin_m)
    return cloud, survey(cloud.xyz_m, seen_from_m)


def hall(origin_m: Vec3 = (0, 0, 0), seen_from_m: Vec3 | None = None) -> CloudScene:
    cloud, survey = _hall(origin_m, seen_from_m)
    x, y, z = (a + b for a, b in zip(FROM_ABOVE.target_m, origin_m, strict=True))
    camera = Camera(
        target_m=(x, y, z),
        distance_m=25,
        azimuth_rad=FROM_ABOVE.azimuth_rad,
        elevation_rad=FROM_ABOVE.elevation_rad,
    )
    return scene_of(cloud, survey=survey, camera=camera)


@cache
def _garage(frame: int, seen_from_m: Vec3 | None) -> tuple[PointCloud, Survey]:
    cloud = read_cloud(GARAGE_FOLDER / "scans" / f"{frame:06d}.pcd")
    return cloud, survey(cloud.xyz_m, seen_from_m)


def garage(frame: int = 5, seen_from_m: Vec3 | None = None) -> CloudScene:
    cloud, survey = _garage(frame, seen_from_m)
    camera = Camera(
        target_m=(0, 0, 0),
        distance_m=60,
        elevation_rad=math.radians(60),
        projection=Projection.ORTHOGRAPHIC,
    )
    return scene_of(cloud, survey=survey, camera=camera)


def truth() -> dict[str, Any]:
    told: dict[str, Any] = json.loads((GARAGE_FOLDER / "truth.json").read_text("utf-8"))
    return told


def instances_of(frame: int) -> npt.NDArray[np.uint32]:
    """True instance of every point of a scan."""
    both = np.fromfile(GARAGE_FOLDER / "labels" / f"{frame:06d}.label", np.uint32)
    return np.asarray(both >> 16, np.uint32)


def at(
    scene: CloudScene,
    place_m: Vec3,
    *,
    keys: Keys = Keys.NONE,
    button: Button = Button.LEFT,
    on_point: bool = True,
) -> Pointer:
    """Point at a world place; ``on_point`` tells the scan's nearest point to be under it."""
    x, y = scene.to_px([place_m])[0].tolist()
    ray = Ray(*scene.camera.ray((x, y), scene.size_px))
    if not on_point:
        return Pointer((x, y), button, keys, ray)
    world = scene.cloud.xyz_m + np.asarray(scene.cloud.origin_m)
    row = int(np.nanargmin(np.linalg.norm(world - place_m, axis=1)))
    px, py, pz = world[row].astype(float).tolist()
    return Pointer((x, y), button, keys, ray, row, (px, py, pz))


def settled(reply: Reply | None) -> Reply:
    """Return the whole answer of a tool, worked out here and now."""
    assert reply is not None
    return reply.settled()


def do(scene: CloudScene, reply: Reply | None) -> list[Annotation]:
    """Apply a reply's edit as a session would, and return what it put."""
    assert reply is not None
    reply = reply.settled()
    assert reply.edit is not None
    assert reply.text
    apply(reply.edit, scene.document)
    if reply.instances is not None:
        scene.instances = reply.instances
    if reply.select is not None:
        scene.instances = ()
        ids = reply.select
        scene.selected = scene.document.annotations.get(ids[0]) if len(ids) == 1 else None
    return [put.annotation for put in parts(reply.edit) if hasattr(put, "annotation")]
