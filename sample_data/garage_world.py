"""A parking garage as meshes, each with the shape that an annotator should give it."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Vec3 = tuple[float, float, float]
HEIGHT_M = 3.0
LENGTH_M, WIDTH_M = 48.0, 32.0


@dataclass(frozen=True, slots=True, eq=False)
class Mesh:
    """Triangles: vertices (V, 3) in metres and corner numbers (T, 3)."""

    vertices_m: npt.NDArray[np.float32]
    triangles: npt.NDArray[np.uint32]


@dataclass(frozen=True, slots=True, eq=False)
class Thing:
    """One object of the garage.

    Attributes
    ----------
    label
        Its class in the garage taxonomy.
    shape
        The true shape as the program's files say it: a box, a cylinder or a wall.
    mesh
        Its surface at the first scan.
    reflectance
        Share of light that comes back at right angles, 0 to 1.
    rcs_dbsm
        Radar cross section.
    velocity_m_s
        Of a moving one, along its heading.
    """

    label: str
    shape: dict[str, Any]
    mesh: Mesh
    reflectance: float = 0.4
    rcs_dbsm: float = 0.0
    velocity_m_s: Vec3 = (0.0, 0.0, 0.0)

    @property
    def is_moving(self) -> bool:
        """Tell whether it moves between scans."""
        return any(self.velocity_m_s)


def garage(chance: np.random.Generator) -> tuple[Thing, ...]:
    """Return all things of the garage; the floor's corner is the origin, z is up."""
    return (
        *_building(),
        *_walls(),
        *_pillars(),
        *_parked_cars(chance),
        *_moving(),
        *_movables(chance),
    )


def _building() -> Iterator[Thing]:
    floor = _box((LENGTH_M / 2, WIDTH_M / 2, -0.05), (LENGTH_M, WIDTH_M, 0.1))
    yield _thing("floor", floor, 0.25, -12)
    ramp = _prism([(40.0, 0.0), (47.8, 0.0), (47.8, 1.5)], 12.5, 19.5)
    yield Thing("floor", {"type": "ramp"}, ramp, 0.3, -10)
    for y in (8.2, 23.8):
        yield _thing("floor", _box((20, y, 0.06), (24, 0.3, 0.12)), 0.45, -5)  # kerbs
    roof = _box((LENGTH_M / 2, WIDTH_M / 2, HEIGHT_M + 0.1), (LENGTH_M, WIDTH_M, 0.2))
    yield _thing("ceiling", roof, 0.5, -8)
    for x in np.arange(8.0, LENGTH_M, 8.0):
        beam = _box((float(x), WIDTH_M / 2, HEIGHT_M - 0.2), (0.4, WIDTH_M, 0.4))
        yield _thing("ceiling", beam, 0.5, -5)


def _walls() -> Iterator[Thing]:
    long, wide, half = LENGTH_M, WIDTH_M, 0.1
    yield _wall((0, half), (long, half))
    yield _wall((0, wide - half), (long, wide - half))
    yield _wall((half, 0), (half, wide))
    yield _wall((long - half, 0), (long - half, wide))
    yield _wall((30, 25), (37, 25))  # a room that stands in the garage, with a gap for its door
    yield _wall((30, 25), (30, 27.5))
    yield _wall((30, 28.6), (30, 31.8))
    yield _wall((37, 25), (37, 31.8))


def _pillars() -> Iterator[Thing]:
    for n, x in enumerate((8.0, 16.0, 24.0, 32.0, 40.0)):
        for y in (8.2, 23.8):
            if n % 2:
                yield _round_pillar((x, y), 0.35)
            else:
                yield _thing("pillar", _box((x, y, HEIGHT_M / 2), (0.6, 0.6, HEIGHT_M)), 0.55, 2)


def _parked_cars(chance: np.random.Generator) -> Iterator[Thing]:
    for x in (4.0, 10.5, 13.5, 18.5, 21.3, 26.5, 34.5):
        at = (x + float(chance.uniform(-0.2, 0.2)), 4.2 + float(chance.uniform(-0.4, 0.4)))
        yield _car(at, math.pi / 2 + float(chance.normal(0, 0.03)), chance)
    for x in (5.0, 11.0, 14.0, 19.5, 27.0, 43.0):
        at = (x + float(chance.uniform(-0.2, 0.2)), 27.6 + float(chance.uniform(-0.4, 0.4)))
        yield _car(at, -math.pi / 2 + float(chance.normal(0, 0.03)), chance)


def _moving() -> Iterator[Thing]:
    quiet = np.random.default_rng(5)
    yield _car((33.0, 13.2), math.pi, quiet, speed_m_s=3.0)
    yield _car((2.6, 19.0), 0.0, quiet, speed_m_s=2.0)
    walker = _box((22.0, 21.5, 0.86), (0.5, 0.6, 1.72), 0.4)
    yield _thing("pedestrian", walker, 0.35, -6, (1.1, 0.0, 0.0))


def _movables(chance: np.random.Generator) -> Iterator[Thing]:
    for x, y in ((14.0, 9.4), (25.5, 10.0), (29.0, 22.6), (7.0, 22.3)):
        yield _cart((x, y), float(chance.uniform(-math.pi, math.pi)))
    for x, y in ((9.5, 12.0), (17.0, 20.6), (20.0, 10.2), (31.0, 11.0), (38.5, 13.0), (38.5, 19.0)):
        yield _cone((x, y))


def _car(
    at_m: tuple[float, float],
    yaw_rad: float,
    chance: np.random.Generator,
    *,
    speed_m_s: float = 0.0,
) -> Thing:
    size = (float(chance.uniform(4.0, 4.9)), float(chance.uniform(1.72, 1.9)), 1.5)
    long, wide, high = size = (size[0], size[1], float(chance.uniform(1.42, 1.72)))
    front, back, waist, clear = long / 2, -long / 2, high * 0.56, 0.2
    lower = [(back, clear), (front, clear), (front, waist - 0.12), (front * 0.45, waist)]
    body = _prism([*lower, (back, waist)], -wide / 2, wide / 2)
    roof = [(back + 0.1, waist), (front * 0.42, waist), (front * 0.05, high), (back * 0.72, high)]
    cabin = _prism(roof, -wide / 2 + 0.12, wide / 2 - 0.12)
    wheels = [_wheel((x * long * 0.31, y * (wide / 2 - 0.11))) for x in (-1, 1) for y in (-1, 1)]
    mesh = _placed(_joined(body, cabin, *wheels), (*at_m, 0.0), yaw_rad)
    shape = _box_shape((*at_m, high / 2), (long, wide, high), yaw_rad)
    velocity = (speed_m_s * math.cos(yaw_rad), speed_m_s * math.sin(yaw_rad), 0.0)
    return Thing("car", shape, mesh, float(chance.uniform(0.2, 0.8)), 10.0, velocity)


def _cart(at_m: tuple[float, float], yaw_rad: float) -> Thing:
    tray = _prism([(-0.45, 0.25), (0.45, 0.25), (0.45, 0.6), (-0.45, 0.6)], -0.3, 0.3)
    handle = _prism([(-0.45, 0.6), (-0.4, 0.6), (-0.4, 1.0), (-0.45, 1.0)], -0.3, 0.3)
    wheels = [_wheel((x, y), 0.125) for x in (-0.3, 0.3) for y in (-0.25, 0.25)]
    mesh = _placed(_joined(tray, handle, *wheels), (*at_m, 0.0), yaw_rad)
    return Thing("movable", _box_shape((*at_m, 0.5), (0.9, 0.6, 1.0), yaw_rad), mesh, 0.7, 0.0)


def _cone(at_m: tuple[float, float]) -> Thing:
    base = _prism([(-0.2, 0.0), (0.2, 0.0), (0.2, 0.05), (-0.2, 0.05)], -0.2, 0.2)
    mesh = _placed(_joined(base, _frustum(0.16, 0.03, 0.05, 0.75)), (*at_m, 0.0), 0.0)
    return Thing("movable", _box_shape((*at_m, 0.375), (0.4, 0.4, 0.75), 0.0), mesh, 0.85, -10.0)


def _round_pillar(at_m: tuple[float, float], radius_m: float) -> Thing:
    mesh = _placed(_frustum(radius_m, radius_m, 0.0, HEIGHT_M), (*at_m, 0.0), 0.0)
    center = [*at_m, HEIGHT_M / 2]
    shape = {
        "type": "cylinder",
        "center_m": center,
        "radius_m": radius_m,
        "height_m": HEIGHT_M,
    }
    return Thing("pillar", shape, mesh, 0.55, 2.0)


def _wall(start_m: tuple[float, float], end_m: tuple[float, float]) -> Thing:
    (x0, y0), (x1, y1) = start_m, end_m
    size = (math.hypot(x1 - x0, y1 - y0), 0.2, HEIGHT_M)
    yaw = math.atan2(y1 - y0, x1 - x0)
    mesh = _box(((x0 + x1) / 2, (y0 + y1) / 2, HEIGHT_M / 2), size, yaw)[1]
    shape = {
        "type": "polyline",
        "vertices_m": [[float(x0), float(y0), 0.0], [float(x1), float(y1), 0.0]],
        "height_m": HEIGHT_M,
        "thickness_m": 0.2,
    }
    return Thing("wall", shape, mesh, 0.6, 5.0)


def _thing(
    label: str,
    box: tuple[dict[str, Any], Mesh],
    reflectance: float,
    rcs_dbsm: float,
    velocity_m_s: Vec3 = (0.0, 0.0, 0.0),
) -> Thing:
    return Thing(label, box[0], box[1], reflectance, rcs_dbsm, velocity_m_s)


def _box(center_m: Vec3, size_m: Vec3, yaw_rad: float = 0.0) -> tuple[dict[str, Any], Mesh]:
    long, wide, high = (s / 2 for s in size_m)
    outline = [(-long, -high), (long, -high), (long, high), (-long, high)]
    mesh = _placed(_prism(outline, -wide, wide), center_m, yaw_rad)
    return _box_shape(center_m, size_m, yaw_rad), mesh


def _box_shape(center_m: Vec3, size_m: Vec3, yaw_rad: float) -> dict[str, Any]:
    return {
        "type": "box",
        "center_m": [float(v) for v in center_m],
        "size_m": [float(v) for v in size_m],
        "yaw_rad": math.remainder(yaw_rad, math.tau),
    }


def _prism(outline_m: list[tuple[float, float]], right_m: float, left_m: float) -> Mesh:
    """Return a convex outline in (x, z) drawn out along y."""
    n = len(outline_m)
    sides = [[(x, y, z) for x, z in outline_m] for y in (right_m, left_m)]
    caps = [(0, i, i + 1) for i in range(1, n - 1)]
    rim = [(i, (i + 1) % n) for i in range(n)]
    triangles = [
        *caps,
        *((a + n, c + n, b + n) for a, b, c in caps),
        *((a, a + n, b) for a, b in rim),
        *((b, a + n, b + n) for a, b in rim),
    ]
    return Mesh(np.array(sides, np.float32).reshape(-1, 3), np.array(triangles, np.uint32))


def _frustum(foot_m: float, top_m: float, low_m: float, high_m: float) -> Mesh:
    """Return an upright round column of 24 sides; the ends are open, as nothing looks in."""
    turn = np.linspace(0, math.tau, 24, endpoint=False)
    rings = [
        np.stack([r * np.cos(turn), r * np.sin(turn), np.full(24, z)], axis=1)
        for r, z in ((foot_m, low_m), (top_m, high_m))
    ]
    a = np.arange(24)
    b = (a + 1) % 24
    triangles = np.concatenate([np.stack([a, b, a + 24], 1), np.stack([b, b + 24, a + 24], 1)])
    return Mesh(np.concatenate(rings).astype(np.float32), triangles.astype(np.uint32))


def _wheel(at_m: tuple[float, float], radius_m: float = 0.32) -> Mesh:
    turn = np.linspace(0, math.tau, 16, endpoint=False)
    outline = [(at_m[0] + radius_m * math.cos(t), radius_m + radius_m * math.sin(t)) for t in turn]
    return _prism(outline, at_m[1] - 0.1, at_m[1] + 0.1)


def _joined(*meshes: Mesh) -> Mesh:
    starts = np.cumsum([0, *(len(m.vertices_m) for m in meshes[:-1])]).tolist()
    triangles = [m.triangles + np.uint32(s) for m, s in zip(meshes, starts, strict=True)]
    return Mesh(np.concatenate([m.vertices_m for m in meshes]), np.concatenate(triangles))


def _placed(mesh: Mesh, at_m: Vec3, yaw_rad: float) -> Mesh:
    c, s = math.cos(yaw_rad), math.sin(yaw_rad)
    turned = mesh.vertices_m @ np.array([[c, s, 0], [-s, c, 0], [0, 0, 1]], np.float32)
    return Mesh((turned + np.array(at_m, np.float32)).astype(np.float32), mesh.triangles)
