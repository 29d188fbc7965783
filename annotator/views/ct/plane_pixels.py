"""The pixels of one plane, composed whole or only where something changed."""

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QRect
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from annotator.imaging.cameras import PlaneCamera
from annotator.imaging.cut_picture import Argb, Framing, Lens, Part, picture
from annotator.model.shapes import Vec2
from annotator.views.ct.plane_picture import PlanePicture

SMOOTH_BELOW_PX = 8.0
"""Larger voxels are shown as they are, so that a click's voxel can be seen."""


class PlanePixels:
    """Keeps pixels as fine as a widget's screen, so that a part of them can be composed anew.

    Parameters
    ----------
    widget
        Where the pixels are shown; it says how many there are.

    Attributes
    ----------
    argb
        What is shown, shape (rows, columns), 0xAARRGGBB.
    """

    def __init__(self, widget: QWidget) -> None:
        self._widget = widget
        self.argb: Argb = np.zeros((1, 1), np.uint32)

    def compose(self, shown: PlanePicture, camera: PlaneCamera, lens_px: Vec2 | None) -> QImage:
        """Compose the whole picture, with the lens round a place on the widget if there is one."""
        ratio = self._widget.devicePixelRatioF()
        width = round(self._widget.width() * ratio)
        height = round(self._widget.height() * ratio)
        if self.argb.shape != (height, width):
            self.argb = np.zeros((height, width), np.uint32)
        self._draw(shown, camera, lens_px, None)
        return _image_of(self.argb)

    def compose_again(
        self,
        shown: PlanePicture,
        camera: PlaneCamera,
        lens_px: Vec2 | None,
        stale: Sequence[QRect],
    ) -> QImage:
        """Compose only what is stale; the image looks at the same pixels."""
        ratio = self._widget.devicePixelRatioF()
        height, width = self.argb.shape
        for part in stale:
            left, top = math.floor(part.left() * ratio), math.floor(part.top() * ratio)
            right = min(width, math.ceil((part.right() + 1) * ratio))
            bottom = min(height, math.ceil((part.bottom() + 1) * ratio))
            self._draw(shown, camera, lens_px, (max(0, left), max(0, top), right, bottom))
        return _image_of(self.argb)

    def _draw(
        self,
        shown: PlanePicture,
        camera: PlaneCamera,
        lens_px: Vec2 | None,
        part: Part | None,
    ) -> None:
        ratio = self._widget.devicePixelRatioF()
        height, width = self.argb.shape
        on_screen = _for_device(camera, ratio, (width, height))
        picture(
            shown.hu,
            shown.window,
            _shifted(on_screen.framing(), shown.first),
            self.argb,
            labels=shown.labels,
            colors=shown.colors,
            styles=shown.styles,
            is_inverted=shown.is_inverted,
            smooth=on_screen.px_per_voxel < SMOOTH_BELOW_PX * ratio,
            lens=_lens(shown, lens_px, ratio),
            part=part,
        )


def _lens(shown: PlanePicture, at_px: Vec2 | None, ratio: float) -> Lens | None:
    if at_px is None or shown.lens_window is None:
        return None
    hu = shown.hu if shown.lens_hu is None else shown.lens_hu
    at = (at_px[0] * ratio, at_px[1] * ratio)
    return Lens(hu, shown.lens_window, at, shown.lens_radius_px * ratio)


def _shifted(framing: Framing, first: Vec2) -> Framing:
    return replace(framing, left=framing.left - first[0], top=framing.top - first[1])


def _for_device(camera: PlaneCamera, ratio: float, size_px: Vec2) -> PlaneCamera:
    return replace(camera, px_per_mm=camera.px_per_mm * ratio, size_px=size_px)


def _image_of(pixels: npt.NDArray[np.uint32]) -> QImage:
    height, width = pixels.shape
    return QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_RGB32)
