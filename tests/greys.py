"""What a window makes of Hounsfield units, worked out again from the standard."""

import numpy as np
import numpy.typing as npt

from annotator.imaging.windows import Window


def standard_grey(hu: float, window: Window) -> float:
    """DICOM PS3.3 C.11.2.1.2.1, pseudo code, word for word."""
    center, width = window.center_hu, window.width_hu
    if hu <= center - 0.5 - (width - 1) / 2:
        return 0.0
    if hu > center - 0.5 + (width - 1) / 2:
        return 255.0
    return ((hu - (center - 0.5)) / (width - 1) + 0.5) * 255.0


def standard_greys(hu: npt.ArrayLike, window: Window) -> npt.NDArray[np.uint8]:
    """The same for many, rounded as a picture needs it."""
    greys = np.vectorize(standard_grey, otypes=[float])(hu, window)
    return np.asarray(np.floor(greys + 0.5), np.uint8)
