"""Where the slices of a series lie: their order, their spacing and their affine.

References
----------
DICOM PS3.3, C.7.6.2.1.1 "Image Position and Image Orientation". The increment between slices is
the difference of their positions along the normal, never SliceThickness (PS3.3, C.7.6.2.1.1).
"""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from annotator.formats.dicom.headers import Header
from annotator.model.shapes import Vec3
from annotator.model.volume import Affine

# Decimal strings round a position to about 1e-3 mm; a real gantry tilt is whole degrees.
_TILT_RAD = np.deg2rad(0.2)
_SHIFT_MM = 0.1
_SAME_PLACE_MM = 0.01


@dataclass(frozen=True, slots=True, eq=False)
class Geometry:
    """Where the slices of a stack lie.

    Attributes
    ----------
    normal
        Unit normal of the slices, LPS.
    along_mm
        Shape (slices,): where each slice lies on the normal, rising.
    increment_mm
        The median distance of neighbours along the normal; 0 for one slice.
    tilt_rad
        Angle between the normal and the way from slice to slice; 0 where it is rounding.
    sideways_mm
        How far the worst slice is off the straight line through the stack.
    """

    normal: npt.NDArray[np.float64]
    along_mm: npt.NDArray[np.float64]
    increment_mm: float
    tilt_rad: float
    sideways_mm: float

    @property
    def gaps_mm(self) -> npt.NDArray[np.float64]:
        """Distances of neighbours along the normal, shape (slices - 1,)."""
        return np.diff(self.along_mm)


def normal_of(header: Header) -> npt.NDArray[np.float64]:
    """Return the unit normal of a slice: across × down."""
    orientation = np.asarray(header.orientation, np.float64)
    normal = np.cross(orientation[:3], orientation[3:])
    return np.asarray(normal / np.linalg.norm(normal))


def in_order(headers: Sequence[Header]) -> list[Header]:
    """Sort slices of one orientation along their normal; equal places by their own number."""
    normal = normal_of(headers[0])
    return sorted(headers, key=lambda header: (_along(header, normal), header.number, header.path))


def without_twins(headers: Sequence[Header]) -> tuple[list[Header], list[Header]]:
    """Split ordered slices into the first at each place and the others at places taken."""
    normal = normal_of(headers[0])
    kept = [headers[0]]
    twins: list[Header] = []
    for header in headers[1:]:
        apart = _along(header, normal) - _along(kept[-1], normal)
        (twins if apart < _SAME_PLACE_MM else kept).append(header)
    return kept, twins


def measured(headers: Sequence[Header]) -> Geometry:
    """Measure a stack of ordered slices, each at its own place."""
    normal = normal_of(headers[0])
    positions = np.array([header.position_mm for header in headers])
    along = positions @ normal
    if len(headers) == 1:
        return Geometry(normal, along, 0.0, 0.0, 0.0)
    step = _step(positions, normal)
    line = positions[0] + np.outer(along - along[0], step)
    sideways = float(np.linalg.norm(positions - line, axis=1).max())
    tilt = float(np.arctan(np.linalg.norm(step - normal)))
    drift = (along[-1] - along[0]) * np.tan(tilt)
    tilted = tilt > _TILT_RAD and drift > _SHIFT_MM
    return Geometry(normal, along, _increment(np.diff(along)), tilt if tilted else 0.0, sideways)


def spacing_of(header: Header, geometry: Geometry) -> Vec3:
    """Return (z, y, x) in mm. One slice alone has no increment: its thickness stands in."""
    z = geometry.increment_mm or header.thickness_mm or 1.0
    return z, header.spacing_mm[0], header.spacing_mm[1]


def lps_from_voxel(headers: Sequence[Header], geometry: Geometry) -> Affine:
    """Return the (4, 4) affine of (column, row, slice) indices; sheared where it is tilted."""
    first = headers[0]
    z, y, x = spacing_of(first, geometry)
    orientation = np.asarray(first.orientation)
    step = geometry.normal
    if geometry.tilt_rad:
        step = _step(np.array([header.position_mm for header in headers]), geometry.normal)
    affine = np.eye(4)
    affine[:3, 0] = orientation[:3] * x
    affine[:3, 1] = orientation[3:] * y
    affine[:3, 2] = step * z
    affine[:3, 3] = first.position_mm
    return affine


def _step(
    positions: npt.NDArray[np.float64], normal: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """Return the way from first to last for each millimetre along the normal."""
    way = positions[-1] - positions[0]
    return np.asarray(way / (way @ normal))


def _increment(gaps_mm: npt.NDArray[np.float64]) -> float:
    """Return the lower median: a distance that occurs, which a mean of two would not be."""
    return round(float(statistics.median_low(gaps_mm.tolist())), 6)


def _along(header: Header, normal: npt.NDArray[np.float64]) -> float:
    x, y, z = header.position_mm
    return float(x * normal[0] + y * normal[1] + z * normal[2])
