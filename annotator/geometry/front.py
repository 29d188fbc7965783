"""Tells which end of a car is its front: a bonnet is lower and longer than a boot."""

from itertools import pairwise

import numpy as np
import numpy.typing as npt

from annotator.geometry.boxes import in_box_axes, turned_round
from annotator.geometry.ground import Ground
from annotator.geometry.neighbours import PointIndex
from annotator.geometry.thinning import thinned_to
from annotator.model.labels import Label
from annotator.model.shapes import Box3D, Vec3

Floats = npt.NDArray[np.float64]

_CAR_LENGTHS_M, _CAR_HEIGHT_M = (3.0, 6.0), 2.3
_STRAY_M, _MOST = 0.3, 3.0  # how far cars differ from their outlines; what one point says at most
_BESIDE = 0.3  # what lies nearer to the sides, as a share of the width, is of doors and windows
_WHEELS = 0.15  # below this share of the height nothing tells front from back
_TOLD, _ON_NEITHER = 2.0, 0.12  # in nats, and in nats a point
_THIN_M, _FEWEST, _MOST_POINTS = 0.05, 5, 300
_AISLE_M, _FLOOR_M = 2.0, 0.08

_BACK = ((-0.5, 0.5), (-0.5, _WHEELS))
_OUTLINES = (
    # a saloon, a hatchback, a van
    (
        *((0.5, _WHEELS), (0.5, 0.44), (0.46, 0.52), (0.23, 0.62), (0.03, 0.98)),
        *((-0.12, 1.0), (-0.22, 0.97), (-0.37, 0.68), (-0.48, 0.65), *_BACK),
    ),
    (
        *((0.5, _WHEELS), (0.5, 0.44), (0.46, 0.52), (0.24, 0.62), (0.03, 0.98)),
        *((-0.12, 1.0), (-0.36, 0.97), (-0.47, 0.62), *_BACK),
    ),
    (
        *((0.5, _WHEELS), (0.5, 0.46), (0.47, 0.56), (0.36, 0.62), (0.18, 0.97)),
        *((0.05, 1.0), (-0.44, 1.0), (-0.49, 0.62), *_BACK),
    ),
)
"""Cars from the side, front to back: shares of the length from the middle, and of the height."""


def is_like_car(label: Label) -> bool:
    """Tell whether things of a class have a bonnet in front of a cabin, by their usual size."""
    if label.usual_size_m is None:
        return False
    length, _width, height = label.usual_size_m
    return _CAR_LENGTHS_M[0] <= length <= _CAR_LENGTHS_M[1] and height <= _CAR_HEIGHT_M


def is_front_told(points_m: npt.NDArray[np.floating], box: Box3D) -> bool:
    """Tell whether a car's own points show that its box heads to its front.

    Parameters
    ----------
    points_m
        The points in the box without the floor's, shape (N, 3), in the box's axes of the world.
    """
    return _bonnet_ahead(points_m, box) >= _TOLD


def misfit(points_m: npt.NDArray[np.floating], box: Box3D) -> float:
    """Return how badly points lie on a car in a box, whichever end is its front, in nats a point.

    Of few points it is the worse for it.
    """
    own = _own(points_m, box)
    ahead, behind = _misfit(own, box.size_m), _misfit(own * (-1, 1, 1), box.size_m)
    return (1.0 + min(ahead, behind)) / max(len(own), 1)


def headed(
    index: PointIndex, ground: Ground, points_m: npt.NDArray[np.floating], box: Box3D
) -> Box3D:
    """Return a car's box with its front where its points show a bonnet.

    Where they do not tell, it is guessed to be on the side of the aisle: where floor was seen.
    """
    ahead = _bonnet_ahead(points_m, box)
    if abs(ahead) < _TOLD:
        ahead = _floor_ahead(index, ground, box) or ahead
    return turned_round(box) if ahead < 0 else box


def _bonnet_ahead(points_m: npt.NDArray[np.floating], box: Box3D) -> float:
    """Return how much better points lie on a car that heads as a box does than on one turned.

    Returns
    -------
    float
        In nats, negative where the front is at the back, and 0 where they lie on neither.
    """
    own = _own(points_m, box)
    if len(own) < _FEWEST:
        return 0.0
    ahead, behind = _misfit(own, box.size_m), _misfit(own * (-1, 1, 1), box.size_m)
    return behind - ahead if min(ahead, behind) < _ON_NEITHER * len(own) else 0.0


def _own(points_m: npt.NDArray[np.floating], box: Box3D) -> Floats:
    """Return what of points tells a car's shape, in the box's axes, heights from its bottom."""
    own = thinned_to(in_box_axes(points_m, box), _THIN_M, _MOST_POINTS)
    own[:, 2] += box.size_m[2] / 2
    return np.asarray(own[own[:, 2] > _WHEELS * box.size_m[2]])


def _misfit(own: Floats, size_m: Vec3) -> float:
    """Return how far points lie from the car among the outlines that they fit best."""
    length, width, height = size_m
    beside = np.abs(own[:, 1]) > _BESIDE * width
    scales = np.array((length, height))
    return min(_off(own[:, ::2], beside, np.array(line) * scales) for line in _OUTLINES)


def _off(plan: Floats, beside: npt.NDArray[np.bool_], line: Floats) -> float:
    """Return how little points lie on an outline; those at the sides may lie below it as well."""
    below = plan[:, 1] < np.interp(plan[:, 0], line[::-1, 0], line[::-1, 1])
    off_m = np.where(beside & below, 0.0, _apart_m(plan, line))
    return float(np.minimum((off_m / _STRAY_M) ** 2 / 2, _MOST).sum())


def _apart_m(plan: Floats, line: Floats) -> Floats:
    apart = np.full(len(plan), np.inf)
    for start, end in pairwise(line):
        way = end - start
        share = np.clip((plan - start) @ way / (way @ way), 0.0, 1.0)
        apart = np.minimum(apart, np.hypot(*(plan - start - share[:, None] * way).T))
    return apart


def _floor_ahead(index: PointIndex, ground: Ground, box: Box3D) -> float:
    """Return how many more points of the floor lie before a box than behind it."""
    length, width, _height = box.size_m
    around = index.xyz_m[index.within(*box.center_m[:2], length / 2 + _AISLE_M)]
    floor = around[np.abs(ground.heights_m(around)) < _FLOOR_M]
    own = in_box_axes(floor, box)
    own = own[(np.abs(own[:, 1]) < width) & (np.abs(own[:, 0]) > length / 2)]
    return float(np.sign(own[:, 0]).sum())
