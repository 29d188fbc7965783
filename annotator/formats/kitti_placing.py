"""How the camera of a scan sees the world that labels are in."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from annotator.formats.format import Calibration, Context
from annotator.formats.frames import cloud_from_world
from annotator.formats.kitti_calibration import NO_CAMERA, rect_from_cloud
from annotator.geometry.pinhole import Pinhole

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Placing:
    """How a camera sees the world of the labels; without a pinhole it takes no pictures."""

    rect_from_world: Floats
    pinhole: Pinhole | None

    @classmethod
    def of(cls, calibration: Calibration, context: Context, frame: int) -> "Placing":
        """Return how a camera sees the world from where a scan was taken."""
        pose = rect_from_cloud(calibration) @ cloud_from_world(context, frame)
        return cls(pose, _pinhole(calibration.p2 @ pose, calibration.size_px))

    @classmethod
    def of_scan(cls, context: Context, frame: int) -> "Placing":
        """Return how the item's own camera does; its axes alone where it has none."""
        return cls.of(context.calibration or NO_CAMERA, context, frame)

    @property
    def has_picture(self) -> bool:
        """Whether there is a picture that boxes are in, or not."""
        return self.pinhole is not None

    @property
    def floor_turn(self) -> Floats:
        """(2, 2): a heading (cos, sin) in the world to its (x, z) in the camera's axes."""
        return self.rect_from_world[np.ix_((0, 2), (0, 1))]

    @property
    def looks_ahead(self) -> bool:
        """Whether headings on the floor can be told in the camera's plane."""
        return float(np.linalg.svd(self.floor_turn, compute_uv=False).min()) > 0.3


def _pinhole(px_from_world: Floats, size_px: tuple[int, int] | None) -> Pinhole | None:
    try:
        return None if size_px is None else Pinhole(px_from_world, size_px)
    except ValueError:  # no camera's: the Camera panel says so
        return None
