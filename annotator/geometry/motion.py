"""Where a box is between and beyond the places where it was seen."""

import math
from dataclasses import replace

from annotator.model.shapes import Box3D, Vec3


def interpolated(one: Box3D, other: Box3D, share: float) -> Box3D:
    """Return the box a share of the way from one to another; it turns the shorter way round.

    Parameters
    ----------
    share
        0 is ``one``, 1 is ``other``; beyond these the motion goes on as it was.

    Notes
    -----
    Sizes are not carried beyond the two, as they could become negative. Faces that are assumed
    in either stay assumed.
    """
    inner = min(max(share, 0.0), 1.0)
    return Box3D(
        _between(one.center_m, other.center_m, share),
        _between(one.size_m, other.size_m, inner),
        _turned(one.yaw_rad, other.yaw_rad, share),
        _turned(one.pitch_rad, other.pitch_rad, inner),
        _turned(one.roll_rad, other.roll_rad, inner),
        one.assumed | other.assumed,
    )


def foretold(known: list[tuple[int, Box3D]], frame: int) -> Box3D:
    """Return where a box will be if it moves on at constant velocity and turn.

    Parameters
    ----------
    known
        (frame, box) of the one or two nearest frames, the nearest first.

    Raises
    ------
    ValueError
        If nothing is known.
    """
    if not known:
        raise ValueError("a box that was never seen cannot be foretold")
    near, nearest = known[0]
    if len(known) == 1 or known[1][0] == near:
        return nearest
    far, before = known[1]
    moved = interpolated(before, nearest, (frame - far) / (near - far))
    return replace(moved, size_m=nearest.size_m, assumed=nearest.assumed)


def has_moved(one: Box3D, other: Box3D, *, by_m: float = 0.15, by_rad: float = 0.05) -> bool:
    """Tell whether two boxes of one object are further apart than its labels are exact."""
    turned = abs(math.remainder(one.yaw_rad - other.yaw_rad, math.tau))
    return math.dist(one.center_m, other.center_m) > by_m or turned > by_rad


def _between(one: Vec3, other: Vec3, share: float) -> Vec3:
    x, y, z = (a + share * (b - a) for a, b in zip(one, other, strict=True))
    return (x, y, z)


def _turned(one_rad: float, other_rad: float, share: float) -> float:
    return one_rad + share * math.remainder(other_rad - one_rad, math.tau)
