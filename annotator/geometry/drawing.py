"""Draws points into a picture whose entries are row numbers, and shades that picture.

An entry is 64 bits: the depth key above, the row below, so that the least entry at a pixel is
the nearest point. The key grows with depth. In perspective it is the bit pattern of the depth in
metres, which for positive floats grows as its logarithm does: 2**23 to an octave. In orthographic
projection it is linear, 2**20 to the height of the screen.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from annotator.geometry.projection import NEAR_M, Camera, Size
from annotator.kernels import kernel
from annotator.model.shapes import Vec3

Points = npt.NDArray[np.float32]
Entries = npt.NDArray[np.uint64]
Pixels = npt.NDArray[np.uint32]
Rows = npt.NDArray[np.int32]
Mask = npt.NDArray[np.uint8]

NOTHING = np.uint64(0xFFFFFFFFFFFFFFFF)
ALL_ROWS: Rows = np.zeros(0, np.int32)
ALL_SEEN: Mask = np.zeros(0, np.uint8)
ONE_SIZE: Mask = np.zeros(0, np.uint8)
_MIDDLE_KEY = 1 << 31
_KEYS_PER_HEIGHT = 1 << 20
_KEYS_PER_OCTAVE = 1 << 23


@dataclass(frozen=True, slots=True, eq=False)
class Lens:
    """A camera as the kernels want it: float32, about the scan's own origin.

    Attributes
    ----------
    screen_from_cloud
        Shape (4, 4); see `Camera.screen_from_world`.
    keys_per_m
        Depth keys to a metre in orthographic projection; 0 in perspective.
    """

    screen_from_cloud: npt.NDArray[np.float32]
    keys_per_m: float

    @property
    def step_of_key(self) -> float:
        """How far one key goes, as an even measure of depth for shading."""
        return 4.0 / _KEYS_PER_HEIGHT if self.keys_per_m else 1.0 / _KEYS_PER_OCTAVE

    def keys(self, depth_m: npt.NDArray[np.floating]) -> npt.NDArray[np.int64]:
        """Return the depth keys of depths."""
        depth = np.asarray(depth_m, np.float32)
        if self.keys_per_m:
            linear = np.clip(depth * np.float32(self.keys_per_m), -2.0e9, 2.0e9)
            return np.asarray(_MIDDLE_KEY + linear.astype(np.int64))
        return np.maximum(depth, np.float32(0)).view(np.uint32).astype(np.int64)

    def keys_within(self, share: float) -> int:
        """Return how many keys a relative depth (or share of the screen's height) spans."""
        return int(share * (_KEYS_PER_HEIGHT if self.keys_per_m else _KEYS_PER_OCTAVE))


def lens(camera: Camera, size_px: Size, origin_m: Vec3) -> Lens:
    """Return what the kernels need to draw a scan with this origin."""
    world_from_cloud = np.eye(4)
    world_from_cloud[:3, 3] = origin_m
    screen = (camera.screen_from_world(size_px) @ world_from_cloud).astype(np.float32)
    if camera.is_perspective:
        return Lens(screen, 0.0)
    return Lens(screen, _KEYS_PER_HEIGHT * camera.px_per_m(size_px[1]) / size_px[1])


def splat(
    entries: Entries,
    xyz_m: Points,
    start: int,
    stop: int,
    seen_by: Lens,
    *,
    point_px: int,
    slab_m: tuple[float, float] = (-np.inf, np.inf),
    rows: Rows = ALL_ROWS,
    seen: Mask = ALL_SEEN,
    sizes_px: Mask = ONE_SIZE,
) -> None:
    """Draw some points into a picture as squares; the nearest stays.

    Parameters
    ----------
    entries
        Shape (height, width), changed in place. Never shared between threads.
    xyz_m
        Points about the scan's origin, shape (N, 3); a NaN point is not drawn.
    start, stop
        Which of ``xyz_m``.
    slab_m
        Lowest and highest z that are drawn, about the scan's origin.
    rows
        The row of each point of ``xyz_m``; empty where they are 0 to N.
    seen
        One byte per row, zero where it is hidden; empty where all are seen.
    sizes_px
        The side of each row's square, at most ``point_px``; empty where all have that one.
    """
    low, high = np.float32(slab_m[0]), np.float32(slab_m[1])
    keys = np.float32(seen_by.keys_per_m)
    _splat(
        entries,
        xyz_m,
        start,
        stop,
        seen_by.screen_from_cloud,
        keys,
        low,
        high,
        rows,
        seen,
        point_px,
        sizes_px,
    )


def merge(buffers: Entries, start: int, stop: int, entries: Entries) -> None:
    """Keep the nearest of several pictures, shape (n, height, width), in some of their lines."""
    _merge(buffers, start, stop, entries)


def shade(
    entries: Entries,
    start: int,
    stop: int,
    *,
    colours: npt.NDArray[np.uint16],
    table: Pixels,
    background: Pixels,
    step_of_key: float,
    strength: float,
    pixels: Pixels,
) -> None:
    """Colour some lines of a picture, darker where something near stands before it.

    Parameters
    ----------
    colours
        The colour number of each row, shape (N,).
    table
        The colour of each number, 0xffRRGGBB. Recolouring is another table: nothing is projected.
    background
        The colour of nothing, one for each line.
    strength
        Of the eye-dome lighting; 0 switches it off.

    References
    ----------
    C. Boucheny, "Visualisation scientifique de grands volumes de données: pour une approche
    perceptive", Grenoble 2009: eye-dome lighting.
    """
    step = np.float32(step_of_key * strength)
    _shade(entries, start, stop, colours, table, background, step, pixels)


@kernel
def _splat(  # noqa: C901, PLR0912, PLR0917 - one nest of loops, compiled; kernels take no keywords
    entries: Entries,
    xyz: Points,
    start: int,
    stop: int,
    screen: npt.NDArray[np.float32],
    keys_per_m: np.float32,
    low: np.float32,
    high: np.float32,
    rows: Rows,
    seen: Mask,
    point_px: int,
    sizes: Mask,
) -> None:
    height, width = entries.shape
    x0, x1, x2, x3 = screen[0, 0], screen[0, 1], screen[0, 2], screen[0, 3]
    y0, y1, y2, y3 = screen[1, 0], screen[1, 1], screen[1, 2], screen[1, 3]
    z0, z1, z2, z3 = screen[2, 0], screen[2, 1], screen[2, 2], screen[2, 3]
    w0, w1, w2, w3 = screen[3, 0], screen[3, 1], screen[3, 2], screen[3, 3]
    half = np.float32((point_px - 1) * 0.5)
    one, near, least = np.float32(1), np.float32(NEAR_M), np.float32(-point_px)
    right, bottom = np.float32(width), np.float32(height)
    inner_right, inner_bottom = np.float32(width - 1), np.float32(height - 1)
    renamed, masked, linear = len(rows) > 0, len(seen) > 0, keys_per_m > 0
    sized, side = len(sizes) > 0, point_px
    flat, is_usual = entries.reshape(-1), point_px == 2 and not sized
    for i in range(start, stop):
        z = xyz[i, 2]
        if not (low <= z <= high):  # "not": NaN is outside too
            continue
        x, y = xyz[i, 0], xyz[i, 1]
        w = w0 * x + w1 * y + w2 * z + w3
        if not (w >= near):
            continue
        scale = one / w
        u = (x0 * x + x1 * y + x2 * z + x3) * scale - half
        v = (y0 * x + y1 * y + y2 * z + y3) * scale - half
        if not (least < u < right and least < v < bottom):
            continue
        row = rows[i] if renamed else i
        if masked and seen[row] == 0:
            continue
        depth = z0 * x + z1 * y + z2 * z + z3
        if linear:
            key = np.int64(min(max(depth * keys_per_m, -2.0e9), 2.0e9)) + _MIDDLE_KEY
        else:
            key = np.int64(np.float32(depth).view(np.uint32))
        entry = (np.uint64(key) << np.uint64(32)) | np.uint64(row)
        if is_usual and 0 <= u < inner_right and 0 <= v < inner_bottom:
            # The usual size, wholly inside: without loops and clamps a fifth of the time is saved.
            at = int(v) * width + int(u)
            for corner in (at, at + 1, at + width, at + width + 1):
                if entry < flat[corner]:  # noqa: PLR1730 - min would always write
                    flat[corner] = entry
            continue
        if sized:
            side = int(sizes[row])
            smaller = np.float32((point_px - side) * 0.5)
            u, v = u + smaller, v + smaller
        left, top = int(np.floor(u)), int(np.floor(v))
        for line in range(max(top, 0), min(top + side, height)):
            for column in range(max(left, 0), min(left + side, width)):
                if entry < entries[line, column]:  # noqa: PLR1730 - min would always write
                    entries[line, column] = entry


@kernel
def _merge(buffers: Entries, start: int, stop: int, entries: Entries) -> None:
    count, _height, width = buffers.shape
    for line in range(start, stop):
        for column in range(width):
            nearest = buffers[0, line, column]
            for other in range(1, count):
                nearest = min(nearest, buffers[other, line, column])
            entries[line, column] = nearest


@kernel
def _shade(  # noqa: PLR0917 - kernels take no keywords
    entries: Entries,
    start: int,
    stop: int,
    colours: npt.NDArray[np.uint16],
    table: Pixels,
    background: Pixels,
    step: np.float32,
    pixels: Pixels,
) -> None:
    height, width = entries.shape
    for line in range(start, stop):
        up, down = max(line - 1, 0), min(line + 1, height - 1)
        for column in range(width):
            entry = entries[line, column]
            if entry == NOTHING:
                pixels[line, column] = background[line]
                continue
            colour = table[colours[entry & np.uint64(0xFFFFFFFF)]]
            key = np.int64(entry >> np.uint64(32))
            left, right = max(column - 1, 0), min(column + 1, width - 1)
            before = np.int64(0)
            for near in (
                entries[up, column],
                entries[down, column],
                entries[line, left],
                entries[line, right],
            ):
                nearer = key - np.int64(near >> np.uint64(32))
                if nearer > 0:
                    before += nearer
            # 1 / (1 + x) for exp(-x): as good to the eye, and quicker.
            light = np.uint32(np.float32(256) / (np.float32(1) + np.float32(before) * step))
            red = (((colour >> np.uint32(16)) & np.uint32(255)) * light) >> np.uint32(8)
            green = (((colour >> np.uint32(8)) & np.uint32(255)) * light) >> np.uint32(8)
            blue = ((colour & np.uint32(255)) * light) >> np.uint32(8)
            pixels[line, column] = (
                np.uint32(0xFF000000) | (red << np.uint32(16)) | (green << np.uint32(8)) | blue
            )
