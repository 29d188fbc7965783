"""What every way to draw a scan promises."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from annotator.geometry.drawing import ALL_SEEN, ONE_SIZE, Entries, Mask, Pixels, Points
from annotator.geometry.projection import Camera, Size
from annotator.model.shapes import Vec3


@dataclass(frozen=True, slots=True, eq=False)
class ShownPoints:
    """What is drawn: a scan, and what of it.

    Attributes
    ----------
    xyz_m
        Shape (N, 3), about ``origin_m``; the scan's own array, never copied.
    colours
        A colour number per row, shape (N,), uint16.
    seen
        One byte per row, 0 where hidden; empty where all are seen.
    slab_m
        Lowest and highest world z that are drawn.
    sizes_px
        The side of each row's square, where they differ; only the software renderer has them.
    """

    xyz_m: Points
    colours: np.ndarray[tuple[int], np.dtype[np.uint16]]
    table: Pixels
    origin_m: Vec3 = (0.0, 0.0, 0.0)
    seen: Mask = field(default_factory=lambda: ALL_SEEN)
    slab_m: tuple[float, float] = (-np.inf, np.inf)
    point_px: int = 2
    sizes_px: Mask = field(default_factory=lambda: ONE_SIZE)

    @property
    def slab_in_cloud_m(self) -> tuple[float, float]:
        """The slab about the scan's origin, as the kernels want it."""
        return (self.slab_m[0] - self.origin_m[2], self.slab_m[1] - self.origin_m[2])


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """A drawn scan.

    Attributes
    ----------
    pixels
        0xffRRGGBB, shape (height, width).
    entries
        The row seen at each pixel; see `annotator.geometry.drawing`. Picking reads it, whichever
        way the pixels were drawn.
    is_whole
        False for a sketch: some points were left out to be quick.
    took_s
        How long it took.
    """

    camera: Camera
    pixels: Pixels
    entries: Entries
    is_whole: bool = True
    drawn: int = 0
    took_s: float = 0.0

    @property
    def size_px(self) -> Size:
        """Width and height."""
        return self.pixels.shape[1], self.pixels.shape[0]


class PointRenderer(Protocol):
    """Draws a scan without a window. Used by one thread at a time."""

    name: str

    def show(self, points: ShownPoints) -> None:
        """Draw this from now on."""

    def recolour(self, table: Pixels) -> None:
        """Use another table of colours from now on; the points are not projected again."""

    def draw(self, camera: Camera, size_px: Size) -> Picture:
        """Return the whole scan as it looks from a camera."""

    def sketch(self, camera: Camera, size_px: Size, *, budget_s: float) -> Picture:
        """Return a picture within about ``budget_s``, leaving out points where it must."""

    def refine(self, camera: Camera, size_px: Size) -> Iterator[Picture | None]:
        """Draw the whole scan in steps that may be given up between; the last one is whole.

        None where a step has nothing worth showing yet.
        """

    def shaded_again(self, picture: Picture) -> Picture:
        """Return a picture of this renderer in the present colours."""

    def close(self) -> None:
        """Give back threads and memory."""
