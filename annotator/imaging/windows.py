"""Says which Hounsfield units are told apart, and as which grey."""

from dataclasses import dataclass

import numpy as np

from annotator.i18n import mark as _
from annotator.model.volume import Hu


@dataclass(frozen=True, slots=True)
class Window:
    """Which Hounsfield units are told apart: DICOM's window centre and width.

    Attributes
    ----------
    center_hu, width_hu
        PS3.3 C.11.2.1.2; the width is at least 1.
    """

    center_hu: float
    width_hu: float

    def __post_init__(self) -> None:
        if not self.width_hu >= 1:
            raise ValueError(f"window width must be at least 1, got {self.width_hu}")

    def line(self) -> tuple[float, float]:
        """Return (slope, offset): grey = slope · hu + offset, cut off at 0 and 255.

        DICOM PS3.3 C.11.2.1.2.1 "Default LINEAR Function"; its half-unit shifts are the
        standard's. A width of 1 is a step, drawn as a slope so steep that no voxel lies on it.
        """
        if self.width_hu == 1:
            return 1e9, -1e9 * (self.center_hu - 0.5)
        slope = 255.0 / (self.width_hu - 1)
        return slope, 127.5 - slope * (self.center_hu - 0.5)


@dataclass(frozen=True, slots=True)
class Preset:
    """A window with a name; the title is translated where it is shown."""

    name: str
    title: str
    window: Window


# Lung, mediastinum and bone as most stations have them; calcium spans 0 to 600 HU, so that
# 130 HU falls at 22 % grey and 400 HU is bright.
PRESETS = (
    Preset("lung", _("Lung"), Window(-600, 1500)),
    Preset("mediastinum", _("Mediastinum"), Window(40, 400)),
    Preset("bone", _("Bone"), Window(400, 2000)),
    Preset("calcium", _("Calcium"), Window(300, 600)),
)


def window_of(hu: Hu) -> Window:
    """Return a window that spans the middle 98 % of some values, as a dragged region asks for."""
    low, high = np.percentile(hu, (1, 99))
    return Window(center_hu=float(low + high) / 2, width_hu=max(1.0, float(high - low)))
