"""What KITTI's columns say of a box in the camera's picture: where it is, how much is outside."""

from dataclasses import dataclass

import numpy as np

from annotator.geometry.pinhole import Pinhole
from annotator.geometry.wireframes import lines_of
from annotator.model.shapes import Box3D

Rectangle = tuple[float, float, float, float]

NO_PICTURE: Rectangle = (0.0, 0.0, 50.0, 50.0)
"""Two-dimensional box where there is no picture: trainers drop objects lower than 25 px."""

NOT_IN_PICTURE: Rectangle = (-1.0, -1.0, -1.0, -1.0)
"""Two-dimensional box of what the camera does not see; the development kit's "unknown"."""


@dataclass(frozen=True, slots=True)
class InPicture:
    """A box as a picture shows it.

    Attributes
    ----------
    bbox_px
        Left, top, right, bottom, within the picture, whose first pixel is 0.
    truncated
        How much of it is outside, 0 to 1.
    """

    bbox_px: Rectangle
    truncated: float

    @property
    def is_seen(self) -> bool:
        """Whether any of it is in the picture; true where there is none to tell by."""
        return self.bbox_px != NOT_IN_PICTURE


def in_picture(box: Box3D, pinhole: Pinhole | None) -> InPicture:
    """Return where a box is in a picture, by the rule of KITTI's own labels.

    It is the rectangle around all of the box that is before the camera, cut to the picture;
    truncated is the share of the rectangle that was cut off.

    Parameters
    ----------
    pinhole
        None where there is no picture.
    """
    if pinhole is None:
        return InPicture(NO_PICTURE, 0.0)
    _lines, ends_px, _depth_m = pinhole.project_lines(lines_of(box))
    if not len(ends_px):
        return InPicture(NOT_IN_PICTURE, 1.0)
    whole = np.stack((ends_px.min(axis=(0, 1)), ends_px.max(axis=(0, 1))))
    shown = np.clip(whole, 0, np.array(pinhole.size_px) - 1)
    share = float(np.prod(np.diff(shown, axis=0)) / np.prod(np.diff(whole, axis=0)))
    if share <= 0:
        return InPicture(NOT_IN_PICTURE, 1.0)
    left, top, right, bottom = (float(n) for n in shown.ravel())
    return InPicture((left, top, right, bottom), 1 - share)
