"""One line of a KITTI label file, exactly as the object development kit defines it."""

import math
import re
from dataclasses import dataclass

from annotator.i18n import gettext as _

DONT_CARE = "DontCare"
_UNKNOWN_M = (-1000.0, -1000.0, -1000.0)
_NUMBERS = (
    "truncated", "occluded", "alpha", "left", "top", "right", "bottom",
    "height", "width", "length", "x", "y", "z", "rotation_y",
)  # fmt: skip
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
_SMALLEST_M = 0.0001
_LARGEST = 1e9
"""Beyond the Earth's size in metres: damaged, whatever column it stands in."""


@dataclass(frozen=True, slots=True)
class KittiObject:
    """One object of a frame.

    Attributes
    ----------
    type
        Its class; any word.
    truncated
        0 to 1; −1 where nobody said.
    occluded
        0 visible, 1 partly, 2 largely, 3 unknown; −1 where nobody said.
    bbox_px
        Left, top, right, bottom in image 2.
    size_m
        Height, width, length: KITTI's order.
    location_m
        Centre of the BOTTOM face, in the rectified camera's axes.
    rotation_y_rad
        Turn about the camera's +y, which points down.
    """

    type: str
    truncated: float
    occluded: int
    bbox_px: tuple[float, float, float, float]
    size_m: tuple[float, float, float]
    location_m: tuple[float, float, float]
    rotation_y_rad: float

    @property
    def is_flat(self) -> bool:
        """Tell whether it is marked in the picture only, as DontCare regions are."""
        return self.type == DONT_CARE or max(self.size_m) <= 0 or self.location_m == _UNKNOWN_M


def line_of(thing: KittiObject) -> str:
    """Return an object as KITTI writes it: four decimals, six for angles, single spaces."""
    x, _y, z = thing.location_m
    alpha_rad = math.remainder(thing.rotation_y_rad - math.atan2(x, z), math.tau)
    return " ".join(
        (
            thing.type,
            f"{thing.truncated:.4f}",
            f"{thing.occluded}",
            _angle(alpha_rad),
            *(f"{n:.2f}" for n in thing.bbox_px),
            *(f"{n:.4f}" for n in thing.size_m),
            *(f"{n:.4f}" for n in thing.location_m),
            _angle(thing.rotation_y_rad),
        )
    )


def rounded_size_m(size_m: float) -> float:
    """Return a size as the file will hold it; never zero, which no box can be."""
    return max(round(size_m, 4), _SMALLEST_M)


def object_of(line: str) -> KittiObject:
    """Return the object that a line describes; results' sixteenth column is left out.

    Raises
    ------
    ValueError
        With what is wrong, in a person's words.
    """
    words = line.split()
    if len(words) not in (15, 16):
        text = _("it has {count} words where KITTI has 15")
        raise ValueError(text.format(count=len(words)))
    n = dict(zip(_NUMBERS, (_number(*pair) for pair in zip(_NUMBERS, words[1:], strict=False)),
                 strict=True))  # fmt: skip
    thing = KittiObject(
        type=words[0],
        truncated=n["truncated"],
        occluded=_whole("occluded", n["occluded"]),
        bbox_px=(n["left"], n["top"], n["right"], n["bottom"]),
        size_m=(n["height"], n["width"], n["length"]),
        location_m=(n["x"], n["y"], n["z"]),
        rotation_y_rad=n["rotation_y"],
    )
    if not thing.is_flat and min(thing.size_m) <= 0:
        raise ValueError(_("height, width and length must be positive"))
    return thing


def _angle(angle_rad: float) -> str:
    """Return six decimals that stay within −π and π: 3.141593 would be more than half a turn."""
    return f"{max(-3.141592, min(3.141592, angle_rad)):.6f}"


def _number(name: str, word: str) -> float:
    if not _NUMBER.fullmatch(word) or not math.isfinite(float(word)):
        raise ValueError(_("{name} is not a number: {word}").format(name=name, word=word[:40]))
    if abs(float(word)) > _LARGEST:
        raise ValueError(_("{name} is no size or place: {word}").format(name=name, word=word[:40]))
    return float(word)


def _whole(name: str, number: float) -> int:
    if number not in (-1, 0, 1, 2, 3):
        raise ValueError(_("{name} must be -1, 0, 1, 2 or 3").format(name=name))
    return int(number)
