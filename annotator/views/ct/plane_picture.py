"""What a plane of a CT is drawn from."""

from dataclasses import dataclass, replace

from annotator.imaging.cameras import PlaneCamera
from annotator.imaging.cut_picture import Argb, Labels, Styles
from annotator.imaging.orientation import Sides
from annotator.imaging.windows import Window
from annotator.model.shapes import Vec2, Vec3
from annotator.model.volume import Hu
from annotator.tools.tool import Preview


@dataclass(frozen=True, slots=True, eq=False)
class PlanePicture:
    """What a plane view draws; made by its owner each time it is drawn.

    Attributes
    ----------
    hu, labels
        The cut, laid as the camera's layout says: rows run down, columns to the right.
    path, words
        A tool's line through voxels (i, j, k), and what it writes beside voxels.
    corner
        Words in the upper left corner.
    lens_words
        What the lens shows, written below it.
    first
        Where, right and down, the cut's first pixel lies in the camera's voxels.
    gaps
        Slices above which the next is not one increment away, though it is drawn so.
    """

    hu: Hu
    window: Window
    labels: Labels | None = None
    colors: Argb | None = None
    styles: Styles | None = None
    is_inverted: bool = False
    sides: Sides | None = None
    lens_hu: Hu | None = None
    lens_window: Window | None = None
    lens_radius_px: float = 90.0
    lens_words: str = ""
    circle_px: tuple[Vec2, float] | None = None
    path: tuple[Vec3, ...] = ()
    path_is_closed: bool = False
    words: tuple[tuple[Vec3, str], ...] = ()
    corner: tuple[str, ...] = ()
    first: Vec2 = (0.0, 0.0)
    gaps: tuple[int, ...] = ()

    def with_preview(self, preview: Preview, camera: PlaneCamera) -> "PlanePicture":
        """Return the picture with what a tool draws over it, lines on their own cut alone."""
        is_here = all(camera.cut_of(voxel) == camera.index for voxel in preview.path_voxels)
        return replace(
            self,
            circle_px=preview.circle_px,
            path=preview.path_voxels if is_here else (),
            path_is_closed=preview.closed,
            words=preview.words if is_here else (),
        )
