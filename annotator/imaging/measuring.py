"""The numbers of one focus."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from annotator.imaging.rules import CAL_130, Rule
from annotator.imaging.scoring import agatston, reference_rule
from annotator.model.layers import Where
from annotator.model.shapes import Vec3
from annotator.model.volume import Volume


@dataclass(frozen=True, slots=True)
class Measures:
    """What the rule card says about a focus.

    Attributes
    ----------
    area_mm2, long_mm, short_mm
        On the slice where the focus is largest: the pixels' area, the greatest distance between
        two points of them, and their extent across it. A pixel counts to its edges.
    slices
        (first, last) slice touched, from 0.
    center_lps_mm
        Mean of the voxel centres.
    threshold_hu
        The rule's, at the series' tube voltage.
    below
        How many voxels lie below that threshold, as after painting without an HU range.
    """

    voxels: int
    volume_mm3: float
    mean_hu: float
    max_hu: float
    area_mm2: float
    long_mm: float
    short_mm: float
    slices: tuple[int, int]
    largest_slice: int
    center_lps_mm: Vec3
    agatston: float
    threshold_hu: float
    below: int
    rule: str

    @property
    def margin_hu(self) -> float:
        """How far the brightest voxel is above the threshold."""
        return self.max_hu - self.threshold_hu


def measure_focus(volume: Volume, where: Where, rule: Rule = CAL_130) -> Measures:
    """Measure a focus.

    Parameters
    ----------
    where
        Sorted flat indices, at least one.

    Raises
    ------
    ValueError
        If there is no voxel.
    """
    if not len(where):
        raise ValueError("a focus without voxels has no measures")
    series = volume.series
    values = volume.hu.ravel()[where].astype(np.float64)
    k, j, i = np.unravel_index(where, series.shape)
    per_slice = np.bincount(k)
    largest = int(per_slice.argmax())
    on_it = k == largest
    _, row_mm, column_mm = series.spacing_mm
    long_mm, short_mm = axes_mm(j[on_it], i[on_it], (row_mm, column_mm))
    cuts = rule.cuts(series.kvp)
    touched = range(int(k[0]), int(k[-1]) + 1)
    places = [series.lps_of((i.mean(), j.mean(), n)) for n in touched]
    center = np.average(places, axis=0, weights=per_slice[touched.start :])
    return Measures(
        voxels=len(where),
        volume_mm3=len(where) * series.voxel_mm3,
        mean_hu=float(values.mean()),
        max_hu=float(values.max()),
        area_mm2=int(per_slice[largest]) * series.pixel_mm2,
        long_mm=long_mm,
        short_mm=short_mm,
        slices=(int(k[0]), int(k[-1])),
        largest_slice=largest,
        center_lps_mm=(float(center[0]), float(center[1]), float(center[2])),
        agatston=agatston(volume, where, reference_rule(rule, series.kvp)),
        threshold_hu=cuts[0],
        below=int(np.count_nonzero(values < cuts[0])),
        rule=rule.title(),
    )


def axes_mm(
    rows: npt.NDArray[np.int64], columns: npt.NDArray[np.int64], spacing_mm: tuple[float, float]
) -> tuple[float, float]:
    """Return the long and the short axis of some pixels of a slice, from edge to edge.

    Parameters
    ----------
    spacing_mm
        Between rows, between columns.
    """
    corners = _outer_corners(rows, columns) * np.array(spacing_mm)
    apart = corners[:, None] - corners[None]
    squared = (apart**2).sum(axis=2)
    a, b = np.unravel_index(int(squared.argmax()), squared.shape)
    long_mm = math.sqrt(float(squared[a, b]))
    along = (corners[b] - corners[a]) / long_mm
    across = corners @ np.array((-along[1], along[0]))
    return long_mm, float(across.max() - across.min())


def passes(measures: Measures, *, at_least_hu: float) -> bool:
    """Tell whether a focus reaches another published threshold."""
    return measures.max_hu >= at_least_hu


def _outer_corners(
    rows: npt.NDArray[np.int64], columns: npt.NDArray[np.int64]
) -> npt.NDArray[np.float64]:
    """Return the corners of the first and last pixel of each row: no other can be extreme."""
    found, at = np.unique(rows, return_inverse=True)
    first = np.full(len(found), np.iinfo(np.int64).max)
    last = np.full(len(found), -1)
    np.minimum.at(first, at, columns)
    np.maximum.at(last, at, columns)
    y = np.concatenate((found, found, found + 1, found + 1))
    x = np.concatenate((first, last + 1, first, last + 1))
    return np.stack((y, x), axis=1).astype(np.float64)
