"""The private block of our segmentations: which pixels their CT had, and by what rule.

UIDs and geometry do not tell a series from one whose pixels a program mirrored in place.

References
----------
DICOM PS3.5, 7.8 "Private Data Elements".
"""

from typing import Any

_GROUP, _CREATOR = 0x0099, "ANNOTATOR FOCI"
_SLICES, _PIXELS, _RULE = 0x01, 0x02, 0x03


def bind_pixels(dataset: Any, slices: int, pixels: str) -> None:  # noqa: ANN401 - pydicom has no types
    """Write down how many slices the series has and their hash; nothing where that is empty."""
    if pixels:
        block = dataset.private_block(_GROUP, _CREATOR, create=True)
        block.add_new(_SLICES, "UL", slices)
        block.add_new(_PIXELS, "LO", pixels)


def bind_rule(dataset: Any, rule: str) -> None:  # noqa: ANN401
    """Write down, as a Long String, by which rule the foci were marked and measured."""
    block = dataset.private_block(_GROUP, _CREATOR, create=True)
    block.add_new(_RULE, "LO", rule)


def bound_pixels(dataset: Any) -> tuple[int, str]:  # noqa: ANN401
    """Return the number of slices and their hash; 0 and nothing in another tool's file."""
    try:
        block = dataset.private_block(_GROUP, _CREATOR)
        return int(block[_SLICES].value), str(block[_PIXELS].value)
    except (KeyError, TypeError, ValueError):
        return 0, ""
