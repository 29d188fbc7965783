"""The private block of our segmentations: which pixels their CT had and where, and by what rule.

UIDs and geometry do not tell a series from one whose pixels a program mirrored in place, nor
pixels one that a program moved.

References
----------
DICOM PS3.5, 7.8 "Private Data Elements".
"""

from typing import Any

import numpy as np

from annotator.formats.series_binding import Pixels
from annotator.model.volume import Affine

_GROUP, _CREATOR = 0x0099, "ANNOTATOR FOCI"
_SLICES, _PIXELS, _RULE, _EACH, _PLACE = 0x01, 0x02, 0x03, 0x04, 0x05
_UNREAD = "-"


def bind_pixels(dataset: Any, pixels: Pixels, lps_from_voxel: Affine) -> None:  # noqa: ANN401 - pydicom has no types
    """Write down what recognises the pixels, and where they lie; nothing where none were read."""
    if not pixels.slices:
        return
    block = dataset.private_block(_GROUP, _CREATOR, create=True)
    block.add_new(_SLICES, "UL", len(pixels.slices))
    block.add_new(_PIXELS, "LO", pixels.whole)
    block.add_new(_EACH, "UT", " ".join(each or _UNREAD for each in pixels.slices))
    block.add_new(_PLACE, "FD", lps_from_voxel.ravel().tolist())


def bind_rule(dataset: Any, rule: str) -> None:  # noqa: ANN401
    """Write down, as a Long String, by which rule the foci were marked and measured."""
    block = dataset.private_block(_GROUP, _CREATOR, create=True)
    block.add_new(_RULE, "LO", rule)


def bound_pixels(dataset: Any) -> tuple[int, Pixels]:  # noqa: ANN401
    """Return the number of slices and their hashes; 0 and nothing in another tool's file."""
    try:
        block = dataset.private_block(_GROUP, _CREATOR)
        each = str(block[_EACH].value).split() if _EACH in block else []
        slices = tuple("" if hash_ == _UNREAD else hash_ for hash_ in each)
        return int(block[_SLICES].value), Pixels(str(block[_PIXELS].value or ""), slices)
    except (KeyError, TypeError, ValueError):
        return 0, Pixels()


def bound_place(dataset: Any) -> Affine | None:  # noqa: ANN401
    """Return (4, 4), LPS mm from (column, row, slice, 1), as it was; None in an older file."""
    try:
        values = dataset.private_block(_GROUP, _CREATOR)[_PLACE].value
        place = np.array(values, np.float64).reshape(4, 4)
    except (KeyError, TypeError, ValueError):
        return None
    return place if np.isfinite(place).all() else None
