"""What is found out about a scan once, so that every fit on it is quick."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from annotator.commands.fitting import fit_object_at
from annotator.errors import AnnotatorError
from annotator.geometry.boxes import points_in_box
from annotator.geometry.ground import Ground, find_ground
from annotator.geometry.neighbours import PointIndex, index_points
from annotator.i18n import gettext as _
from annotator.model.cloud import PointCloud
from annotator.model.labels import Label
from annotator.model.shapes import Box3D, Cylinder3D, Shape, Vec2, Vec3


@dataclass(frozen=True, eq=False)
class Survey:
    """A scan with its index and ground."""

    cloud: PointCloud
    index: PointIndex

    @cached_property
    def ground(self) -> Ground:
        """Floors and ceilings."""
        return find_ground(self.cloud.xyz_m, self.index)

    def fit(self, at_m: Vec2 | Vec3, label: Label) -> Box3D:
        """Return the box of the object at a world place, (x, y) or (x, y, z).

        Raises
        ------
        AnnotatorError
            Where there is nothing to fit, with the reason.
        """
        fitted = fit_object_at(self.cloud, self.index, self.ground, at_m, label)
        return as_box(fitted.annotation.shape)

    def points_in(self, box: Box3D) -> int:
        """Count the scan's points in a box."""
        world_m = self.cloud.xyz_m + np.asarray(self.cloud.origin_m)
        return int(points_in_box(world_m, box).sum())


def survey(cloud: PointCloud) -> Survey:
    """Index a scan; its ground is found at the first fit."""
    return Survey(cloud, index_points(cloud.xyz_m))


def as_box(shape: Shape) -> Box3D:
    """Return the smallest upright box around a box or a cylinder."""
    match shape:
        case Box3D():
            return shape
        case Cylinder3D(center_m=center_m, radius_m=radius_m, height_m=height_m):
            return Box3D(center_m, (2 * radius_m, 2 * radius_m, height_m))
        case _:
            raise AnnotatorError(_("there is no box around such a shape"))
