"""A chest of tissue, bone and air in Hounsfield units, painted voxel by voxel from its geometry."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

Field = npt.NDArray[np.float32]
Mm = tuple[float, float, float]

AIR_HU, FAT_HU, MUSCLE_HU, BLOOD_HU, LUNG_HU = -1000.0, -100.0, 50.0, 42.0, -860.0
CORTEX_HU, MARROW_HU = 800.0, 320.0
SUPERSAMPLING = 5
"""Each voxel near a small object is the mean of 5 × 5 × 5 samples: partial volume."""


@dataclass(frozen=True, slots=True)
class Grid:
    """The voxels of the scan; the patient's axes run along them.

    Attributes
    ----------
    shape
        (slices, rows, columns).
    spacing_mm
        (z, y, x).
    """

    shape: tuple[int, int, int]
    spacing_mm: Mm

    @property
    def first_mm(self) -> Mm:
        """Centre of the first voxel, LPS (x, y, z); the scan is centred on the origin."""
        (nz, ny, nx), (dz, dy, dx) = self.shape, self.spacing_mm
        return -(nx - 1) / 2 * dx, -(ny - 1) / 2 * dy, -(nz - 1) / 2 * dz

    def axes_mm(self) -> tuple[Field, Field, Field]:
        """Return x, y, z of the voxel centres, shaped to combine into (slices, rows, columns)."""
        x, y, z = (
            np.asarray(first + step * np.arange(count), np.float32)
            for first, step, count in zip(
                self.first_mm, self.spacing_mm[::-1], self.shape[::-1], strict=True
            )
        )
        return x[None, None, :], y[None, :, None], z[:, None, None]

    def around(self, center_mm: Mm, radius_mm: float) -> tuple[slice, slice, slice]:
        """Return the part of the grid that a ball may touch, cut to the grid."""
        parts = []
        for axis in (2, 1, 0):
            step, first = self.spacing_mm[2 - axis], self.first_mm[axis]
            low = int(np.floor((center_mm[axis] - radius_mm - first) / step)) - 1
            high = int(np.ceil((center_mm[axis] + radius_mm - first) / step)) + 2
            parts.append(slice(max(low, 0), max(min(high, self.shape[2 - axis]), 0)))
        return parts[0], parts[1], parts[2]


@dataclass(slots=True, eq=False)
class Body:
    """The chest so far, and which of its voxels bone touches.

    Attributes
    ----------
    hu
        (slices, rows, columns), before the scanner blurs it and adds noise.
    bone
        True where a bone's partial volume reaches.
    """

    grid: Grid
    hu: Field
    bone: npt.NDArray[np.bool_] = field(init=False)

    def __post_init__(self) -> None:
        self.bone = np.zeros(self.grid.shape, bool)

    def blend(self, share: Field, hu: float) -> None:
        """Put a tissue into the whole volume, by the share of each voxel that it takes."""
        self.hu += share * (np.float32(hu) - self.hu)

    def ball(self, center_mm: Mm, radius_mm: float, hu: float) -> None:
        """Put a ball into the volume, exactly to the fifth of a voxel."""
        where = self.grid.around(center_mm, radius_mm)
        share = _ball_share(self.grid, where, center_mm, radius_mm)
        self.hu[where] += share * (np.float32(hu) - self.hu[where])

    def tube(self, line_mm: npt.NDArray[np.float64], radius_mm: float, hu: float) -> None:
        """Put a tube along a line of points, shape (N, 3), into the volume."""
        self.blend(_tube_share(self.grid, line_mm, radius_mm), hu)

    def bone_tube(self, line_mm: npt.NDArray[np.float64], radius_mm: float) -> None:
        """Put a long bone into the volume: dense outside, spongy within."""
        outer = _tube_share(self.grid, line_mm, radius_mm)
        self.bone |= outer > 0
        self.blend(outer, CORTEX_HU)
        self.blend(_tube_share(self.grid, line_mm, radius_mm - 1.8), MARROW_HU)


def empty_chest(grid: Grid) -> Body:
    """Return skin, fat, muscle, lungs, heart, great vessels, airway and bones; no nodule yet."""
    x, y, z = grid.axes_mm()
    body = Body(grid, np.full(grid.shape, AIR_HU, np.float32))
    body.blend(_ellipsoid(x, y, z, (0, 0, 0), (150, 105, 900)), FAT_HU)
    body.blend(_ellipsoid(x, y, z, (0, 0, 0), (140, 95, 900)), MUSCLE_HU)
    for side in (-1, 1):
        body.blend(_ellipsoid(x, y, z, (side * 72, 0, -10), LUNG_RADII_MM), LUNG_HU)
    body.blend(_ellipsoid(x, y, z, HEART_MM, HEART_RADII_MM), BLOOD_HU)
    _add_great_vessels(body)
    _add_bones(body)
    return body


LUNG_RADII_MM: Mm = (52, 74, 150)
HEART_MM: Mm = (18, -22, -40)
HEART_RADII_MM: Mm = (48, 42, 46)


def in_lung(at_mm: Mm, margin_mm: float) -> bool:
    """Tell whether a ball of this radius lies in lung, clear of the heart and the chest wall."""
    x, y, z = at_mm
    a, b, c = (r - margin_mm for r in LUNG_RADII_MM)
    inside = ((abs(x) - 72) / a) ** 2 + (y / b) ** 2 + ((z + 10) / c) ** 2 < 1
    near = zip(at_mm, HEART_MM, HEART_RADII_MM, strict=True)
    return inside and sum(((p - q) / (r + margin_mm)) ** 2 for p, q, r in near) > 1


def add_lung_vessels(body: Body, chance: np.random.Generator) -> None:
    """Grow vessels from both hila into the lungs, thinner at each fork."""
    for side in (-1, 1):
        for _ in range(7):
            way = np.array([side * chance.uniform(0.5, 1), *chance.uniform(-1, 1, 2)])
            _grow_vessel(body, chance, np.array([side * 38.0, 5.0, 0.0]), way, 3.0)


def _grow_vessel(
    body: Body,
    chance: np.random.Generator,
    start_mm: npt.NDArray[np.float64],
    way: npt.NDArray[np.float64],
    radius_mm: float,
) -> None:
    line = [start_mm]
    for _ in range(int(chance.integers(12, 20))):
        way = way / np.linalg.norm(way) + chance.normal(0, 0.12, 3)
        line.append(line[-1] + 1.5 * way / np.linalg.norm(way))
        x, y, z = (float(v) for v in line[-1])
        if not in_lung((x, y, z), 3.0) and len(line) > 8:
            break
    points = np.array(line)
    for at in points:
        body.ball((float(at[0]), float(at[1]), float(at[2])), radius_mm, BLOOD_HU)
    if radius_mm > 0.9 and len(line) > 10:
        for _ in range(2):
            _grow_vessel(body, chance, points[-1], way + chance.normal(0, 0.5, 3), radius_mm * 0.7)


def _add_great_vessels(body: Body) -> None:
    z = np.linspace(-80, 80, 120)
    straight = np.zeros_like(z)
    body.tube(np.stack([straight + 22, straight + 42, z], axis=1), 12.0, BLOOD_HU)  # aorta
    body.tube(np.stack([straight - 20, straight - 12, z[60:].repeat(2)], axis=1), 9.0, BLOOD_HU)
    body.tube(np.stack([straight, straight + 12, z[60:].repeat(2) - 5], axis=1), 8.0, AIR_HU)


def _add_bones(body: Body) -> None:
    low, high = body.grid.first_mm[2] + 8, -body.grid.first_mm[2] - 8
    spine = np.linspace(low, high, 90)
    body.bone_tube(np.stack([0 * spine, 0 * spine + 70, spine], axis=1), 14.0)
    breast = np.linspace(low + 10, high, 70)
    for x in (-7.0, 0.0, 7.0):
        body.bone_tube(np.stack([0 * breast + x, 0 * breast - 83, breast], axis=1), 6.0)
    for top in np.arange(low, high + 60, 24.0):
        for side in (-1, 1):
            _add_rib(body, float(top), side, (low, high))


def _add_rib(body: Body, top_mm: float, side: int, between_mm: tuple[float, float]) -> None:
    """Put a rib in, from the spine round to the side, lower in front; whole or not at all."""
    angle = np.radians(np.linspace(80, -50, 190))
    line = np.stack(
        [
            side * 131 * np.cos(angle),
            87 * np.sin(angle),
            top_mm - 45 * (80 - np.degrees(angle)) / 130,
        ],
        axis=1,
    )
    inside = (line[:, 2] > between_mm[0]) & (line[:, 2] < between_mm[1])
    if np.count_nonzero(inside) > 40:
        body.bone_tube(line[inside], 5.0)


def _ellipsoid(x: Field, y: Field, z: Field, center_mm: Mm, radii_mm: Mm) -> Field:
    """Return the share of each voxel in an ellipsoid, its edge one millimetre wide."""
    (cx, cy, cz), (a, b, c) = center_mm, radii_mm
    level = np.sqrt(((x - cx) / a) ** 2 + ((y - cy) / b) ** 2 + ((z - cz) / c) ** 2)
    return np.asarray(np.clip(0.5 + (1 - level) * min(radii_mm), 0, 1), np.float32)


def _tube_share(grid: Grid, line_mm: npt.NDArray[np.float64], radius_mm: float) -> Field:
    share = np.zeros(grid.shape, np.float32)
    x, y, z = grid.axes_mm()
    for cx, cy, cz in line_mm.tolist():
        k, j, i = where = grid.around((cx, cy, cz), radius_mm + 1)
        far = np.sqrt((x[..., i] - cx) ** 2 + (y[:, j] - cy) ** 2 + (z[k] - cz) ** 2)
        np.maximum(share[where], np.clip(0.5 + radius_mm - far, 0, 1), out=share[where])
    return share


def _ball_share(
    grid: Grid, where: tuple[slice, slice, slice], center_mm: Mm, radius_mm: float
) -> Field:
    within = (np.arange(SUPERSAMPLING) + 0.5) / SUPERSAMPLING - 0.5
    squares = []
    for axis, part in zip((2, 1, 0), where, strict=True):
        step, first = grid.spacing_mm[2 - axis], grid.first_mm[axis]
        at = first + step * (np.arange(part.start, part.stop)[:, None] + within)
        squares.append((at.ravel() - center_mm[axis]) ** 2)
    z, y, x = squares
    inside = z[:, None, None] + y[None, :, None] + x[None, None, :] <= radius_mm**2
    blocks = inside.reshape(
        where[0].stop - where[0].start,
        SUPERSAMPLING,
        where[1].stop - where[1].start,
        SUPERSAMPLING,
        where[2].stop - where[2].start,
        SUPERSAMPLING,
    )
    return np.asarray(blocks.mean(axis=(1, 3, 5)), np.float32)
