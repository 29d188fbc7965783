"""Where the ceilings of a scan are, so that one can look into its storeys from above."""

from dataclasses import dataclass, field
from typing import Self

import numpy as np

from annotator.geometry.drawing import Mask
from annotator.geometry.ground import Ground
from annotator.geometry.shifting import points_about
from annotator.geometry.survey import Survey, ceiling_m
from annotator.model.cloud import PointCloud
from annotator.model.shapes import Vec3

_BELOW_M = 0.25
"""Lamps and pipes go with the ceiling that they hang from."""


@dataclass(slots=True, eq=False)
class Overhead:
    """The ceilings of a scan; those of a ramp and of several storeys are each where they are.

    Attributes
    ----------
    origin_m
        Where the ground has its zero, in the world.
    usual_m
        World height of the ceiling over most of the floor.
    """

    ground: Ground
    origin_m: Vec3
    usual_m: float
    _last: tuple[PointCloud, Mask] | None = field(default=None, init=False, repr=False)

    @classmethod
    def found(cls, survey: Survey, origin_m: Vec3) -> Self | None:
        """Return what was found over a scan; None under open sky."""
        usual_m = ceiling_m(survey)
        return None if usual_m is None else cls(survey.ground, origin_m, usual_m + origin_m[2])

    def seen_below(self, cloud: PointCloud) -> Mask:
        """Return one byte per point, 0 for a ceiling's and for what hangs close below it.

        Of the cloud that was asked for last it is known already.
        """
        last = self._last
        if last is None or last[0] is not cloud:
            last = self._last = (cloud, self._looked_at(cloud))
        return last[1]

    def _looked_at(self, cloud: PointCloud) -> Mask:
        xyz_m = points_about(cloud, self.origin_m)
        return (~self.ground.is_overhead(xyz_m, _BELOW_M)).astype(np.uint8)
