"""Makes garages whose truth is known: what stands where, and what a scanner would see of it."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

LENGTH_M, WIDTH_M, HEIGHT_M = 60.0, 40.0, 3.0
NOISE_M = 0.01


@dataclass(frozen=True)
class TrueBox:
    """An object's box: centre (z above the world's zero), size and yaw; ``points`` show it."""

    label: str
    center_m: tuple[float, float, float]
    size_m: tuple[float, float, float]
    yaw_rad: float
    points: int = 0
    number: int = -1


@dataclass(frozen=True)
class TruePillar:
    axis_m: tuple[float, float]
    half_m: float
    round: bool
    number: int
    points: int = 0


@dataclass(frozen=True)
class TrueWall:
    ends_m: tuple[tuple[float, float], tuple[float, float]]
    """Of the face that is seen."""


@dataclass(frozen=True)
class Garage:
    xyz_m: npt.NDArray[np.float32]
    objects: npt.NDArray[np.int32]
    """Number of the object that each point is on; -1 for the building."""
    boxes: tuple[TrueBox, ...]
    pillars: tuple[TruePillar, ...]
    walls: tuple[TrueWall, ...]
    name: str = ""


@dataclass(frozen=True)
class Recipe:
    """Which garage to make.

    kind: "faces" samples the visible faces of ideal boxes evenly, without shadows; "rays" casts
    rays from a drive through the aisles at car-like bodies (or plain boxes), shadows included.
    """

    seed: int = 1
    points: int = 150_000
    pitch_m: float = 3.0
    dropouts: float = 0.1
    kind: str = "faces"
    bodies: str = "boxes"
    slope_deg: float = 0.0
    clutter: bool = True


AISLES_M = (10.0, 30.0)
ROWS_M = ((4.0, 1), (16.0, -1), (24.0, 1), (36.0, -1))
"""Middle of each row, and which way (±y) its aisle lies."""


def make(recipe: Recipe) -> Garage:
    """Build, look and disturb; the same recipe always gives the same points."""
    rng = np.random.default_rng([recipe.seed, int(recipe.pitch_m * 100), recipe.points])
    cars = _cars(rng, recipe)
    pillars = _pillars(rng, len(cars))
    clutter = _clutter(rng, len(cars) + len(pillars)) if recipe.clutter else []
    if recipe.kind == "rays":
        xyz, objects = _seen_by_rays(rng, recipe, cars, pillars, clutter)
    else:
        xyz, objects = _seen_faces(rng, recipe, cars, pillars, clutter)
    xyz += rng.normal(0, NOISE_M, xyz.shape)
    kept = rng.random(len(xyz)) >= recipe.dropouts
    xyz, objects = xyz[kept], objects[kept]
    rise = math.tan(math.radians(recipe.slope_deg))
    xyz[:, 2] += rise * xyz[:, 0]
    order = rng.permutation(len(xyz))
    xyz, objects = xyz[order], objects[order]
    counts = np.bincount(objects[objects >= 0], minlength=1000)
    boxes = tuple(
        TrueBox(
            b.label,
            (b.center_m[0], b.center_m[1], b.center_m[2] + rise * b.center_m[0]),
            b.size_m,
            b.yaw_rad,
            int(counts[b.number]),
            b.number,
        )
        for b in (*cars, *clutter)
    )
    pillars = [
        TruePillar(p.axis_m, p.half_m, p.round, p.number, int(counts[p.number])) for p in pillars
    ]
    corners = ((0.0, 0.0), (LENGTH_M, 0.0), (LENGTH_M, WIDTH_M), (0.0, WIDTH_M))
    walls = tuple(TrueWall((a, b)) for a, b in zip(corners, corners[1:] + corners[:1], strict=True))
    return Garage(xyz.astype(np.float32), objects, boxes, tuple(pillars), walls, str(recipe))


def _cars(rng: np.random.Generator, recipe: Recipe) -> list[TrueBox]:
    cars: list[TrueBox] = []
    per_row = min(int((LENGTH_M - 2) / recipe.pitch_m), 22)
    if recipe.pitch_m >= 3.0:
        per_row = 19
    for row, (y, aisle) in enumerate(ROWS_M):
        for slot in range(per_row):
            x = 2.0 + recipe.pitch_m * (slot + 0.5)
            length = float(np.clip(rng.normal(4.5, 0.25), 3.8, 5.1))
            width = float(np.clip(rng.normal(1.82, 0.05), 1.68, 1.95))
            height = float(np.clip(rng.normal(1.52, 0.08), 1.35, 1.8))
            free = recipe.pitch_m - width
            shift = float(rng.uniform(-1, 1) * min(0.15, max(0.0, free / 2 - 0.12)))
            turn = math.radians(rng.uniform(-2, 2) if recipe.pitch_m < 2.5 else rng.uniform(-3, 3))
            yaw = math.pi / 2 * aisle + turn
            cars.append(
                TrueBox(
                    "car",
                    (x + shift, y + float(rng.uniform(-0.2, 0.2)), height / 2),
                    (length, width, height),
                    yaw,
                    number=row * per_row + slot,
                )
            )
    return cars


def _pillars(rng: np.random.Generator, first: int) -> list[TruePillar]:
    unique: list[TruePillar] = []
    for i in range(7):
        x = 1.0 + 9.6 * i
        for y in (6.9, 13.1, 26.9, 33.1):
            half = 0.22 if rng.random() < 0.5 else 0.3
            unique.append(TruePillar((x, y), half, bool(rng.random() < 0.4), first + len(unique)))
    return unique


def _clutter(rng: np.random.Generator, first: int) -> list[TrueBox]:
    things: list[TrueBox] = []
    for n in range(12):
        size = (
            (0.3, 0.3, 0.6)
            if n % 2
            else tuple(float(v) for v in rng.uniform((0.6, 0.5, 0.8), (1.0, 0.7, 1.1)))
        )
        y = float(rng.choice(AISLES_M) + rng.uniform(-2.2, 2.2))
        things.append(
            TrueBox(
                "movable",
                (float(rng.uniform(3, 57)), y, size[2] / 2),
                size,  # type: ignore[arg-type]
                float(rng.uniform(-math.pi, math.pi)),
                number=first + n,
            )
        )
    return things


def _box_quads(box: TrueBox) -> list[tuple[Floats, Floats]]:
    """Faces of a box but its bottom, as ((4, 3) corners, outward normal)."""
    length, w, h = (s / 2 for s in box.size_m)
    c, s = math.cos(box.yaw_rad), math.sin(box.yaw_rad)
    turn = np.array([[c, -s, 0], [s, c, 0], [0, 0, 1]])
    faces = []
    for axis, sign in ((0, 1), (0, -1), (1, 1), (1, -1), (2, 1)):
        a, b = [k for k in range(3) if k != axis]
        half = np.array([length, w, h])
        corner = np.zeros((4, 3))
        corner[:, axis] = sign * half[axis]
        corner[:, a] = half[a] * np.array([-1, 1, 1, -1])
        corner[:, b] = half[b] * np.array([-1, -1, 1, 1])
        normal = np.zeros(3)
        normal[axis] = sign
        faces.append((corner @ turn.T + box.center_m, turn @ normal))
    return faces


def _sampled(rng: np.random.Generator, quad: Floats, n: int) -> Floats:
    u, v = rng.random((2, n, 1))
    return quad[0] + u * (quad[1] - quad[0]) + v * (quad[3] - quad[0])


def _sensors(rng: np.random.Generator) -> Floats:
    xs = np.linspace(4, 56, 6) + rng.uniform(-1, 1, 6)
    return np.array([(x, y + rng.uniform(-0.5, 0.5), 1.9) for y in AISLES_M for x in xs])


def _seen_faces(
    rng: np.random.Generator,
    recipe: Recipe,
    cars: list[TrueBox],
    pillars: list[TruePillar],
    clutter: list[TrueBox],
) -> tuple[Floats, npt.NDArray[np.int32]]:
    """Points spread evenly over the faces that one passing sensor could see, without shadows."""
    quads: list[tuple[Floats, int]] = []
    r = np.array
    quads.append((r([[0, 0, 0], [60, 0, 0], [60, 40, 0], [0, 40, 0]], float), -1))
    quads.append((r([[0, 0, 3], [60, 0, 3], [60, 40, 3], [0, 40, 3]], float), -1))
    corners = [(0, 0), (60, 0), (60, 40), (0, 40)]
    for (ax, ay), (bx, by) in zip(corners, corners[1:] + corners[:1], strict=True):
        quads.append((r([[ax, ay, 0], [bx, by, 0], [bx, by, 3], [ax, ay, 3]], float), -1))
    for box in (*cars, *clutter):
        aisle = min(AISLES_M, key=lambda y: abs(y - box.center_m[1]))
        sensor = np.array([box.center_m[0] + rng.uniform(-6, 6), aisle, 1.9])
        for quad, normal in _box_quads(box):
            if (sensor - quad.mean(axis=0)) @ normal > 0:
                quads.append((quad, box.number))
    round_ones = []
    for p in pillars:
        if p.round:
            round_ones.append(p)
            continue
        box = TrueBox("pillar", (*p.axis_m, 1.5), (2 * p.half_m, 2 * p.half_m, 3.0), 0.0)
        aisle = min(AISLES_M, key=lambda y: abs(y - p.axis_m[1]))
        sensor = np.array([p.axis_m[0] + rng.uniform(-6, 6), aisle, 1.9])
        for quad, normal in _box_quads(box)[:4]:
            if (sensor - quad.mean(axis=0)) @ normal > 0:
                quads.append((quad, p.number))
    areas = [np.linalg.norm(q[1] - q[0]) * np.linalg.norm(q[3] - q[0]) for q, _ in quads]
    areas += [math.pi * p.half_m * 3.0 for p in round_ones]
    share = recipe.points / sum(areas)
    xyz, objects = [], []
    for (quad, number), area in zip(quads, areas, strict=False):
        n = max(1, round(area * share))
        xyz.append(_sampled(rng, quad, n))
        objects.append(np.full(n, number, np.int32))
    for p in round_ones:
        n = max(1, round(math.pi * p.half_m * 3.0 * share))
        aisle = min(AISLES_M, key=lambda y: abs(y - p.axis_m[1]))
        middle = math.atan2(aisle - p.axis_m[1], rng.uniform(-6, 6))
        angle = middle + rng.uniform(-math.pi / 2, math.pi / 2, n)
        xyz.append(
            np.stack(
                [
                    p.axis_m[0] + p.half_m * np.cos(angle),
                    p.axis_m[1] + p.half_m * np.sin(angle),
                    rng.uniform(0, 3, n),
                ],
                axis=1,
            )
        )
        objects.append(np.full(n, p.number, np.int32))
    xyz, objects = np.concatenate(xyz), np.concatenate(objects)
    under = objects < 0
    under &= np.abs(xyz[:, 2]) < 1e-9
    hidden = np.zeros(len(xyz), bool)
    for box in cars:  # a floor is not seen through a car
        c, s = math.cos(box.yaw_rad), math.sin(box.yaw_rad)
        dx, dy = xyz[:, 0] - box.center_m[0], xyz[:, 1] - box.center_m[1]
        hidden |= (
            under
            & (np.abs(c * dx + s * dy) < box.size_m[0] / 2)
            & (np.abs(-s * dx + c * dy) < box.size_m[1] / 2)
        )
    return xyz[~hidden], objects[~hidden]


def _car_body(box: TrueBox, rng: np.random.Generator) -> list[Floats]:
    """Convex parts of a car-like body that just fill its box, each as (8, 3) corners or a prism."""
    length, w, h = box.size_m
    sort = rng.choice(["sedan", "suv", "hatch", "van"])
    belt = 0.60 * h
    roof = {
        "sedan": (-0.34, 0.13),
        "suv": (-0.49, 0.17),
        "hatch": (-0.47, 0.16),
        "van": (-0.5, 0.27),
    }
    base = {"sedan": (-0.43, 0.24), "suv": (-0.5, 0.28), "hatch": (-0.5, 0.28), "van": (-0.5, 0.38)}
    cut = 0.12 * w
    plan = np.array(
        [
            (length / 2, -w / 2 + 2 * cut),
            (length / 2, w / 2 - 2 * cut),
            (length / 2 - 1.5 * cut, w / 2),
            (-length / 2 + cut, w / 2),
            (-length / 2, w / 2 - cut),
            (-length / 2, -w / 2 + cut),
            (-length / 2 + cut, -w / 2),
            (length / 2 - 1.5 * cut, -w / 2),
        ]
    )
    body = [
        _prism(plan, plan, 0.18, belt * 0.92),
        _prism(plan, plan * (0.985, 0.94), belt * 0.92, belt),
    ]
    b0, b1 = (v * length for v in base[sort])
    t0, t1 = (v * length for v in roof[sort])
    low = np.array([(b1, -0.46 * w), (b1, 0.46 * w), (b0, 0.46 * w), (b0, -0.46 * w)])
    top = np.array([(t1, -0.36 * w), (t1, 0.36 * w), (t0, 0.36 * w), (t0, -0.36 * w)])
    body.append(_prism(low, top, belt, h))
    for x in (0.31 * length, -0.31 * length):
        for y in (0.42 * w, -0.42 * w):
            wheel = np.array(
                [(x + 0.3, y - 0.1), (x + 0.3, y + 0.1), (x - 0.3, y + 0.1), (x - 0.3, y - 0.1)]
            )
            body.append(_prism(wheel, wheel, 0.0, 0.4))
    c, s = math.cos(box.yaw_rad), math.sin(box.yaw_rad)
    turn = np.array([[c, -s, 0], [s, c, 0], [0, 0, 1]])
    at = np.array([box.center_m[0], box.center_m[1], 0.0])
    return [t @ turn.T + at for t in body]


def _prism(low: Floats, top: Floats, z0: float, z1: float) -> Floats:
    """Triangles (T, 3, 3) of a prism between two polygons of equal length."""
    n = len(low)
    a = np.column_stack([low, np.full(n, z0)])
    b = np.column_stack([top, np.full(n, z1)])
    tri = []
    for i in range(n):
        j = (i + 1) % n
        tri += [(a[i], a[j], b[j]), (a[i], b[j], b[i])]
    for i in range(1, n - 1):
        tri += [(b[0], b[i], b[i + 1]), (a[0], a[i + 1], a[i])]
    return np.array(tri)


def _seen_by_rays(
    rng: np.random.Generator,
    recipe: Recipe,
    cars: list[TrueBox],
    pillars: list[TruePillar],
    clutter: list[TrueBox],
) -> tuple[Floats, npt.NDArray[np.int32]]:
    """Cast rays from places along the drive; what is behind something is not seen."""
    import open3d as o3d  # noqa: PLC0415 - takes a second

    vertices: list[Floats] = []
    owners: list[npt.NDArray[np.int32]] = []

    def add(triangles: Floats, number: int) -> None:
        vertices.append(triangles.reshape(-1, 3))
        owners.append(np.full(len(triangles), number, np.int32))

    room = np.array([(0, 0), (60, 0), (60, 40), (0, 40)], float)
    add(_prism(room, room, 0.0, HEIGHT_M), -1)
    for car in cars:
        if recipe.bodies == "boxes":
            for quad, _ in _box_quads(car):
                add(np.array([quad[[0, 1, 2]], quad[[0, 2, 3]]]), car.number)
        else:
            for part in _car_body(car, rng):
                add(part, car.number)
    for thing in clutter:
        for quad, _ in _box_quads(thing):
            add(np.array([quad[[0, 1, 2]], quad[[0, 2, 3]]]), thing.number)
    for p in pillars:
        sides = 40 if p.round else 4
        angle = np.arange(sides) * math.tau / sides + (0 if p.round else math.pi / 4)
        reach = p.half_m if p.round else p.half_m * math.sqrt(2)
        ring = np.stack([np.cos(angle), np.sin(angle)], axis=1) * reach + p.axis_m
        add(_prism(ring, ring, 0.0, HEIGHT_M), p.number)
    corner = np.concatenate(vertices).astype(np.float32)
    owner = np.concatenate(owners)
    scene = o3d.t.geometry.RaycastingScene()
    scene.add_triangles(
        o3d.core.Tensor(corner),
        o3d.core.Tensor(np.arange(len(corner), dtype=np.uint32).reshape(-1, 3)),
    )
    sensors = _sensors(rng)
    per = int(recipe.points / len(sensors))
    xyz, objects = [], []
    for sensor in sensors:
        elevation = np.arcsin(rng.uniform(math.sin(-0.6), math.sin(0.35), per))
        azimuth = rng.uniform(0, math.tau, per)
        way = np.stack(
            [
                np.cos(elevation) * np.cos(azimuth),
                np.cos(elevation) * np.sin(azimuth),
                np.sin(elevation),
            ],
            axis=1,
        )
        rays = np.concatenate([np.tile(sensor, (per, 1)), way], axis=1).astype(np.float32)
        hit = scene.cast_rays(o3d.core.Tensor(rays))
        far = hit["t_hit"].numpy().astype(float)
        seen = np.isfinite(far) & (far < 45)
        xyz.append(sensor + way[seen] * far[seen, None])
        objects.append(owner[hit["primitive_ids"].numpy()[seen].astype(np.int64)])
    return np.concatenate(xyz), np.concatenate(objects)
