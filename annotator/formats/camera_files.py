"""Finds the camera image and the calibration of a scan where KITTI's folders put them."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import numpy as np
import numpy.typing as npt

from annotator.errors import FileError, FormatError
from annotator.formats.files import cannot_read
from annotator.formats.format import Calibration
from annotator.formats.kitti_calibration import (
    read_calibration,
    read_drive_calibration,
    read_raw_calibration,
)
from annotator.i18n import gettext as _

if TYPE_CHECKING:
    from PIL.Image import Image

T = TypeVar("T")
Pixels = npt.NDArray[np.uint32]

MOST_PX = 64_000_000
_IMAGES = (".png", ".jpg", ".jpeg")


@dataclass(frozen=True, slots=True)
class CameraFiles:
    """What lies beside a scan.

    Attributes
    ----------
    read
        Returns the calibration, or raises `FormatError`; None where there is none.
    """

    image: Path
    read: Callable[[], Calibration] | None = None


def camera_beside(scan: Path) -> CameraFiles | None:
    """Return the left colour camera's files of a scan; None where there is no image.

    ======================================= ============================= ======================
    scan                                    image                         calibration
    ======================================= ============================= ======================
    ``velodyne/N.bin`` (object)             ``image_2/N.png``             ``calib/N.txt``
    ``velodyne/N.bin`` (odometry)           ``image_2/N.png``             ``calib.txt``
    ``velodyne_points/data/N.bin`` (raw)    ``image_02/data/N.png``       two files above the drive
    ======================================= ============================= ======================

    The folder of the scans may have any name, and images may be JPEG.
    """
    folder, stem = scan.parent, scan.stem
    if folder.name == "data":
        return _of_raw(folder.parent.parent, stem)
    return _of_numbered(folder.parent, stem)


def read_image(path: Path) -> Pixels:
    """Read an image as 0xffRRGGBB, shape (height, width).

    Raises
    ------
    FileError
        If it cannot be read, is damaged, or has more than `MOST_PX` pixels.
    """
    rgb = _of_image(path, lambda image: np.asarray(image.convert("RGB"), np.uint32))
    packed = rgb[..., 0] << 16 | rgb[..., 1] << 8 | rgb[..., 2]
    return np.asarray(packed | 0xFF000000, np.uint32)


def image_size(path: Path) -> tuple[int, int]:
    """Return the width and height of an image without unpacking it.

    Raises
    ------
    FileError
        As `read_image` does.
    """
    return _of_image(path, lambda image: image.size)


def _of_image(path: Path, use: "Callable[[Image], T]") -> T:
    from PIL import Image, UnidentifiedImageError  # noqa: PLC0415 - only in the reading process

    try:
        with Image.open(path, formats=("PNG", "JPEG")) as image:
            if image.width * image.height > MOST_PX:
                raise _refused(path, _("it has more than 64 million pixels"))
            return use(image)
    except UnidentifiedImageError as error:
        raise _refused(path, _("it is no PNG or JPEG image")) from error
    except (SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise _refused(path, _("the image is damaged")) from error
    except OSError as error:
        if error.errno is not None:
            raise cannot_read(path, error) from error
        raise _refused(path, _("the image is damaged")) from error  # Pillow's word for cut off


def _of_numbered(root: Path, stem: str) -> CameraFiles | None:
    image = _image(root / "image_2", stem)
    if image is None:
        return None
    own, shared = root / "calib" / f"{stem}.txt", root / "calib.txt"
    if own.is_file():
        return CameraFiles(image, partial(read_calibration, own))
    if shared.is_file():
        return CameraFiles(image, partial(read_drive_calibration, shared))
    return CameraFiles(image)


def _of_raw(drive: Path, stem: str) -> CameraFiles | None:
    image = _image(drive / "image_02" / "data", stem)
    if image is None:
        return None
    for folder in (drive.parent, drive):
        cameras, scanner = folder / "calib_cam_to_cam.txt", folder / "calib_velo_to_cam.txt"
        if cameras.is_file() and scanner.is_file():
            return CameraFiles(image, partial(read_raw_calibration, cameras, scanner))
    return CameraFiles(image)


def _image(folder: Path, stem: str) -> Path | None:
    paths = (folder / f"{stem}{suffix}" for suffix in _IMAGES)
    return next((path for path in paths if path.is_file()), None)


def _refused(path: Path, problem: str) -> FileError:
    return FormatError(path, problem, _("export the image again as PNG or JPEG"))
