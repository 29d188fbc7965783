"""The camera images of an item, read beside the window when their scans are looked at."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from annotator.app.ahead import Ahead
from annotator.app.child import reader
from annotator.app.child_side import Report
from annotator.errors import FileError
from annotator.formats.camera_files import (
    CameraFiles,
    Pixels,
    camera_beside,
    image_size,
    read_image,
)
from annotator.formats.format import Calibration, Context
from annotator.formats.kitti_calibration import calibration_beside, px_from_cloud
from annotator.geometry.pinhole import Pinhole
from annotator.i18n import gettext as _
from annotator.model.scans import paths_of

MOST_BYTES = 96 << 20


@dataclass(frozen=True, slots=True, eq=False)
class CameraImage:
    """What a camera saw at the time of a scan.

    Attributes
    ----------
    pixels
        0xffRRGGBB, shape (height, width).
    pinhole
        How it sees the world; None where there is no calibration that says so.
    fault
        Why it is None, as a sentence.
    """

    path: Path
    pixels: Pixels
    pinhole: Pinhole | None
    fault: str = ""


class CameraImages:
    """The images beside the scans of an item.

    Parameters
    ----------
    context
        With the scans, and their poses.
    """

    def __init__(self, context: Context, *, most_bytes: int = MOST_BYTES) -> None:
        self._poses = context.world_from_cloud
        self._files = tuple(
            camera_beside(path) if path is not None else None for path in paths_of(context.clouds)
        )
        self._ahead = Ahead(self._read, most_bytes, lambda image: image.pixels.nbytes)

    def __bool__(self) -> bool:
        """Tell whether any scan has an image."""
        return any(self._files)

    def has(self, frame: int) -> bool:
        """Tell whether a scan has an image."""
        return frame < len(self._files) and self._files[frame] is not None

    def get(self, frame: int) -> CameraImage:
        """Return a scan's image; may take a while.

        Raises
        ------
        FileError
            If it cannot be read.
        """
        return self._ahead.get(frame)

    def prepare(self, frames: Iterable[int]) -> None:
        """Read on a thread what will be looked at next."""
        self._ahead.prepare(frame for frame in frames if frame >= 0 and self.has(frame))

    def close(self) -> None:
        """Keep no image in memory."""
        self._ahead.forget()

    def _read(self, frame: int) -> CameraImage:
        files = self._files[frame]
        assert files is not None
        pixels = reader().run(read_image_in_child, files.image, about=files.image)
        try:
            pinhole = self._pinhole(files, frame, (pixels.shape[1], pixels.shape[0]))
        except FileError as fault:
            return CameraImage(files.image, pixels, None, str(fault))
        if pinhole is None:
            fault_text = _("No calibration lies beside it, so nothing is drawn into it")
            return CameraImage(files.image, pixels, None, fault_text)
        return CameraImage(files.image, pixels, pinhole)

    def _pinhole(self, files: CameraFiles, frame: int, size_px: tuple[int, int]) -> Pinhole | None:
        if files.read is None:
            return None
        matrix = px_from_cloud(files.read())
        if frame < len(self._poses):
            matrix = matrix @ np.linalg.inv(self._poses[frame])
        try:
            return Pinhole(matrix, size_px)
        except ValueError:
            raise FileError(
                files.image,
                _("its calibration is no camera's"),
                _("replace it by the data set's own calibration file"),
            ) from None


def calibration_of(scan: Path) -> Calibration | None:
    """Return the calibration beside a scan, and how large its picture is if there is one.

    Raises
    ------
    FormatError
        If the calibration is damaged; an image that is says so where it is shown.
    """
    calibration, files = calibration_beside(scan), camera_beside(scan)
    if calibration is None or files is None:
        return calibration
    try:
        size_px = reader().run(image_size_in_child, files.image, about=files.image)
    except FileError:
        return calibration
    return replace(calibration, size_px=size_px)


def image_size_in_child(_report: Report, path: Path) -> tuple[int, int]:
    """Return an image's size; runs in the reading process."""
    return image_size(path)


def read_image_in_child(_report: Report, path: Path) -> Pixels:
    """Read an image; runs in the reading process."""
    return read_image(path)
