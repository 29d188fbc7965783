"""Shows one storey of a scan alone: the others lie over it, or below it."""

from dataclasses import dataclass

import numpy as np

from annotator.errors import AnnotatorError
from annotator.geometry.drawing import Mask
from annotator.geometry.ground import Ground
from annotator.geometry.shifting import points_about
from annotator.i18n import gettext as _
from annotator.model.cloud import PointCloud
from annotator.model.shapes import Vec3


@dataclass(frozen=True, slots=True)
class Storeys:
    """The storeys of a scan, from the lowest up; that of a ramp is where the ramp is.

    Attributes
    ----------
    origin_m
        Where the ground has its zero, in the world.
    """

    ground: Ground
    origin_m: Vec3

    def __len__(self) -> int:
        return len(self.ground.storeys)

    def after(self, storey: int | None) -> int | None:
        """Return the storey to show after one; None, for all, after the highest.

        Raises
        ------
        AnnotatorError
            If there are no several.
        """
        if len(self) == 1:
            raise AnnotatorError(_("This scan has a single storey"))
        following = 0 if storey is None else storey + 1
        return following if following < len(self) else None

    def alone(self, storey: int | None) -> "OneStorey | None":
        """Return a storey to be shown alone; None where all are, or where there is no such one."""
        return None if storey is None or not storey < len(self) > 1 else OneStorey(self, storey)


@dataclass(frozen=True, slots=True)
class OneStorey:
    """What is shown of a scan where one storey is shown alone; ``number`` counts from 0."""

    storeys: Storeys
    number: int

    def holds(self, place_m: Vec3) -> bool:
        """Tell whether a place in the world is in the storey."""
        own_m = np.subtract(place_m, self.storeys.origin_m).astype(np.float32)
        return bool(self.storeys.ground.is_in_storey(own_m[None], self.number)[0])

    def seen_in(self, cloud: PointCloud) -> Mask:
        """Return one byte per point, 0 for what is of another storey."""
        xyz_m = points_about(cloud, self.storeys.origin_m)
        return self.storeys.ground.is_in_storey(xyz_m, self.number).astype(np.uint8)
