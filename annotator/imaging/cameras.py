"""Where a plane of a volume is looked at: screen pixels to voxels and back."""

from dataclasses import dataclass, replace

from annotator.imaging.cut_picture import Framing
from annotator.imaging.orientation import Layout
from annotator.imaging.shear import Shear
from annotator.model.shapes import Vec2, Vec3


@dataclass(frozen=True, slots=True)
class PlaneCamera:
    """Looks at one cut of a volume.

    Attributes
    ----------
    center
        Continuous voxel (i, j, k) in the middle of the picture; along the layout's depth it is
        the cut that is shown.
    px_per_mm
        Scale, the same both ways whatever the voxels' shape.
    size_px
        Width and height of the picture.
    spacing_mm
        (z, y, x), as a series has it.
    shear
        How slices of a tilted gantry lie; for cuts across them, whose centre and index are then
        counted on straightened cuts.
    """

    layout: Layout
    center: Vec3
    px_per_mm: float
    size_px: Vec2
    spacing_mm: Vec3
    shear: Shear | None = None

    def __post_init__(self) -> None:
        if not self.px_per_mm > 0:
            raise ValueError(f"a scale must be positive, got {self.px_per_mm} px/mm")

    @property
    def index(self) -> int:
        """The cut that is shown."""
        return round(self.center[self.layout.depth])

    def voxel_at(self, at_px: Vec2) -> Vec3:
        """Return the continuous voxel (i, j, k) under a place on the screen."""
        straight = self._straight_at(at_px)
        return straight if self.shear is None else self.shear.stored(straight)

    def cut_of(self, voxel: Vec3) -> int:
        """Return the number of the cut that a voxel lies on."""
        straight = voxel if self.shear is None else self.shear.straight(voxel)
        return round(straight[self.layout.depth])

    def _straight_at(self, at_px: Vec2) -> Vec3:
        voxel = list(self.center)
        voxel[self.layout.right] += (at_px[0] - self.size_px[0] / 2) * self._right_per_px
        voxel[self.layout.down] += (at_px[1] - self.size_px[1] / 2) * self._down_per_px
        voxel[self.layout.depth] = self.index
        return (voxel[0], voxel[1], voxel[2])

    def px_of(self, voxel: Vec3) -> Vec2:
        """Return where a voxel, or its shadow on the cut, is on the screen."""
        if self.shear is not None:
            voxel = self.shear.straight(voxel)
        right, down = self.layout.right, self.layout.down
        return (
            self.size_px[0] / 2 + (voxel[right] - self.center[right]) / self._right_per_px,
            self.size_px[1] / 2 + (voxel[down] - self.center[down]) / self._down_per_px,
        )

    def framing(self) -> Framing:
        """Return which part of the cut, laid as the layout says, fills the picture."""
        corner = self._straight_at((0.0, 0.0))
        return Framing(
            left=corner[self.layout.right],
            top=corner[self.layout.down],
            columns_per_px=self._right_per_px,
            rows_per_px=self._down_per_px,
        )

    def moved_to(self, index: int) -> "PlaneCamera":
        """Look at another cut."""
        center = list(self.center)
        center[self.layout.depth] = float(index)
        return replace(self, center=(center[0], center[1], center[2]))

    def panned(self, by_px: Vec2) -> "PlaneCamera":
        """Let the picture follow the pointer."""
        width, height = self.size_px
        middle = self._straight_at((width / 2 - by_px[0], height / 2 - by_px[1]))
        return replace(self, center=middle)

    def zoomed(self, factor: float, at_px: Vec2) -> "PlaneCamera":
        """Enlarge; what is under the pointer stays there."""
        held = self.voxel_at(at_px)
        px_per_mm = min(max(self.px_per_mm * factor, 0.05), 200.0)
        nearer = replace(self, px_per_mm=px_per_mm)
        now = nearer.px_of(held)
        return nearer.panned((at_px[0] - now[0], at_px[1] - now[1]))

    def fitted(self, shape: tuple[int, int, int]) -> "PlaneCamera":
        """Show the whole cut of a volume of (slices, rows, columns) as large as it fits."""
        extents = shape[::-1]
        right, down = self.layout.right, self.layout.down
        width_mm, height_mm = extents[right] * self._mm(right), extents[down] * self._mm(down)
        center = list(self.center)
        center[right], center[down] = (extents[right] - 1) / 2, (extents[down] - 1) / 2
        scale = min(self.size_px[0] / width_mm, self.size_px[1] / height_mm)
        return replace(self, center=(center[0], center[1], center[2]), px_per_mm=max(scale, 1e-3))

    @property
    def px_per_voxel(self) -> float:
        """How large the larger side of a voxel is on the screen."""
        return self.px_per_mm * max(self._mm(self.layout.right), self._mm(self.layout.down))

    @property
    def _right_per_px(self) -> float:
        return self.layout.right_sign / (self.px_per_mm * self._mm(self.layout.right))

    @property
    def _down_per_px(self) -> float:
        return self.layout.down_sign / (self.px_per_mm * self._mm(self.layout.down))

    def _mm(self, axis: int) -> float:
        return self.spacing_mm[2 - axis]
