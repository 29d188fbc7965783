"""Compiles the image kernels before somebody waits for them."""

from typing import cast

import numpy as np

from annotator.imaging.blood import blood_of
from annotator.imaging.bone import body_of
from annotator.imaging.brush import Brush, under_brush
from annotator.imaging.chest_wall import is_in_wall
from annotator.imaging.components import components, connected_parts
from annotator.imaging.cut_picture import Framing, picture
from annotator.imaging.growing import grow
from annotator.imaging.leaks import bright_beside, inner_voxels
from annotator.imaging.sites import sites_of
from annotator.imaging.slabs import Plane, cut
from annotator.imaging.windows import PRESETS
from annotator.model.volume import Hu

_SPACING_MM = (1.0, 1.0, 1.0)


def compile_kernels() -> None:
    """Run each kernel once on a few voxels; compiled code is kept in the user's cache.

    What is seen and clicked first comes first; volumes of fractional values are rare and last.
    """
    for kind in (np.int16, np.float32):
        hu = cast("Hu", np.full((3, 4, 5), 200, kind))
        _show(hu)
        grow(hu, (1, 1, 1), at_least_hu=130, spacing_mm=_SPACING_MM)
        under_brush(hu, Brush(1.0), (1, 1, 1), (2, 1, 1), spacing_mm=_SPACING_MM)
        _look_around(hu)
    connected_parts(np.arange(4), (3, 4, 5))


def _look_around(hu: Hu) -> None:
    """Find a candidate, say where it lies and what is around."""
    found = components(hu, at_least_hu=130)
    everything, body = np.ones(len(found), np.bool_), body_of(hu, _SPACING_MM)
    is_in_wall(found, hu, _SPACING_MM, body, everything)
    blood_of(hu, _SPACING_MM, body, at_least_hu=130)
    bright_beside(hu, np.arange(4), _SPACING_MM, 130)
    inner_voxels(hu, np.arange(4), _SPACING_MM, (130, 500))
    sites_of(found, hu, _SPACING_MM, np.ones(len(found)))


def _show(hu: Hu) -> None:
    labels = np.ones((4, 5), np.uint32)
    colors = np.array([0, 0x40FFFFFF], np.uint32)
    for plane in Plane:
        shown = cut(hu, plane, 1)
        out = np.zeros((4, 4), np.uint32)
        framing = Framing(0.0, 0.0, 1.0, 1.0)
        fitting = labels[: shown.shape[0], : shown.shape[1]].copy()
        picture(shown, PRESETS[0].window, framing, out, labels=fitting, colors=colors)
