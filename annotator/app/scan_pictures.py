"""Small pictures of scans from above and from the side, for timelines and grids."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from annotator.geometry.boxes import in_box_axes
from annotator.geometry.colouring import ColourMap, colour_map
from annotator.kernels import kernel
from annotator.model.cloud import PointCloud
from annotator.model.shapes import Box3D, Vec2, Vec3

Pixels = npt.NDArray[np.uint32]
Floats = npt.NDArray[np.float64]

BACKGROUND = 0xFF14161A
LOW_M, HIGH_M = 0.3, 2.3
_DOT_EVERY_PX = 160
"""Side of a picture of a box for which a point becomes one pixel larger."""
_COLOURS = np.concatenate(
    [[np.uint32(BACKGROUND)], colour_map(ColourMap.SPECTRUM).astype(np.uint32)]
)


@dataclass(frozen=True, slots=True)
class Window:
    """A part of the world that is drawn from above.

    Attributes
    ----------
    middle_m
        What is in the middle of the picture.
    width_m
        How much of the world its width shows.
    size_px
        Width and height of the picture.
    """

    middle_m: Vec2
    width_m: float
    size_px: tuple[int, int]

    @property
    def px_per_m(self) -> float:
        """The scale."""
        return self.size_px[0] / self.width_m

    @property
    def left_m(self) -> float:
        """World x of the left edge."""
        return self.middle_m[0] - self.width_m / 2

    @property
    def top_m(self) -> float:
        """World y of the upper edge."""
        return self.middle_m[1] + self.size_px[1] / self.px_per_m / 2

    def to_px(self, places_m: npt.ArrayLike) -> Floats:
        """Return where places, shape (N, 2) or more columns, are in the picture, (N, 2)."""
        places = np.asarray(places_m, np.float64)
        x, y = places[:, 0] - self.left_m, self.top_m - places[:, 1]
        return np.column_stack([x, y]) * self.px_per_m


def plan_picture(cloud: PointCloud, window: Window, *, dot_px: int = 1) -> Pixels:
    """Draw what stands in a scan from above: x to the right, y up, what is high in warm colours.

    Floor and ceiling would hide everything; points below `LOW_M` or above `HIGH_M` over the lowest
    level are left out.

    Parameters
    ----------
    cloud
        In world axes.
    dot_px
        How large a point is.

    Returns
    -------
    numpy.ndarray
        0xffRRGGBB, shape (height, width).
    """
    width, height = window.size_px
    left, top = window.left_m - cloud.origin_m[0], window.top_m - cloud.origin_m[1]
    low = _lowest_m(cloud)
    steps = len(_COLOURS) - 1
    found = _highest(
        cloud.xyz_m, left, top, window.px_per_m, width, height, low + LOW_M, low + HIGH_M, steps
    )
    return _dotted(found, dot_px)


def box_pictures(
    cloud: PointCloud, box: Box3D, *, room_m: float, side_px: int
) -> tuple[Pixels, Pixels, float]:
    """Draw what is around a box from above and from its left, both in the box's own axes.

    What is high is in warm colours, from the box's bottom to its top and half of what is above.

    Returns
    -------
    tuple
        The view from above (heading right, left up), the one from the side (heading right, height
        up), each ``side_px`` square about the box's middle, and pixels per metre.
    """
    local = Box3D(
        _less(box.center_m, cloud.origin_m), box.size_m, box.yaw_rad, box.pitch_rad, box.roll_rad
    )
    reach = max(box.size_m) / 2 + room_m
    offsets = np.abs(cloud.xyz_m[:, :2] - np.array(local.center_m[:2], np.float32))
    with np.errstate(invalid="ignore"):
        near = (offsets <= np.float32(1.5 * reach)).all(axis=1)
    own = in_box_axes(cloud.xyz_m[near], local)
    half = np.array(box.size_m) / 2 + room_m
    low = own[:, 2] > -box.size_m[2] / 2 + 0.1
    above = own[(own[:, 2] < half[2]) & low]
    beside = own[(np.abs(own[:, 1]) < half[1]) & (own[:, 2] < half[2])]
    per_m = side_px / (2 * reach)
    top = (box.size_m[2] + room_m) / 2
    pictures = [
        _coloured(own[:, [0, axis, 2]], reach, side_px, (-box.size_m[2] / 2, top))
        for own, axis in ((above, 1), (beside, 2))
    ]
    return pictures[0], pictures[1], per_m


def bulk_m(cloud: PointCloud) -> tuple[Vec2, float] | None:
    """Return the middle of nearly all points in the world, and how wide they lie; None of none."""
    sample = cloud.xyz_m[:: max(1, len(cloud) // 20_000), :2]
    sample = sample[np.isfinite(sample).all(axis=1)]
    if not len(sample):
        return None
    low, high = np.percentile(sample.astype(np.float64), (2, 98), axis=0)
    x, y = ((low + high) / 2 + np.array(cloud.origin_m[:2])).tolist()
    return (x, y), max(float((high - low).max()), 1.0)


def _lowest_m(cloud: PointCloud) -> float:
    """Return about where the floor is, in the cloud's own z."""
    heights = cloud.xyz_m[:: max(1, len(cloud) // 5_000), 2]
    heights = heights[np.isfinite(heights)]
    return float(np.percentile(heights, 4)) if len(heights) else 0.0


@kernel
def _highest(  # noqa: PLR0917 - kernels take no keywords
    xyz_m: npt.NDArray[np.float32],
    left: float,
    top: float,
    per_m: float,
    width: int,
    height: int,
    low_m: float,
    high_m: float,
    steps: int,
) -> npt.NDArray[np.int32]:
    found = np.zeros((height, width), np.int32)
    for i in range(len(xyz_m)):
        x, y = (xyz_m[i, 0] - left) * per_m, (top - xyz_m[i, 1]) * per_m
        z = xyz_m[i, 2]
        if 0 <= x < width and 0 <= y < height and low_m <= z <= high_m:
            level = 1 + int((z - low_m) / (high_m - low_m) * (steps - 1))
            found[int(y), int(x)] = max(found[int(y), int(x)], level)
    return found


def _coloured(places: Floats, reach_m: float, side_px: int, heights_m: Vec2) -> Pixels:
    """Draw (right, up, height) about a middle by height; what is beyond is as its end."""
    flat = np.ascontiguousarray(places, np.float32)
    low, high = heights_m
    flat[:, 2] = np.clip(flat[:, 2], low, high)
    per_m, steps = side_px / (2 * reach_m), len(_COLOURS) - 1
    found = _highest(flat, -reach_m, reach_m, per_m, side_px, side_px, low, high, steps)
    return _dotted(found, 1 + side_px // _DOT_EVERY_PX)


def _dotted(found: npt.NDArray[np.int32], dot_px: int) -> Pixels:
    """Return levels in colours, each point as large as is asked; what is higher is on top."""
    height, width = found.shape
    large = found.copy()
    for down in range(dot_px):
        for right in range(dot_px):
            part = large[down:, right:]
            np.maximum(part, found[: height - down, : width - right], out=part)
    return np.asarray(_COLOURS[large])


def _less(one: Vec3, other: Vec3) -> Vec3:
    return (one[0] - other[0], one[1] - other[1], one[2] - other[2])
