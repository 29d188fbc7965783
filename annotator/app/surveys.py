"""What is found out about a scan once, so that every click on it is quick."""

from dataclasses import dataclass, replace
from functools import cached_property

from annotator.geometry.fit import fit_box
from annotator.geometry.ground import Ground, find_ground
from annotator.geometry.neighbours import PointIndex, Rows, index_points
from annotator.model.cloud import PointCloud
from annotator.model.labels import Label
from annotator.model.shapes import Box3D, Vec3


@dataclass(frozen=True, eq=False)
class Survey:
    """A scan's index and ground, in the scan's own axes, without its origin."""

    cloud: PointCloud
    index: PointIndex

    @cached_property
    def ground(self) -> Ground:
        """Floors and ceilings."""
        return find_ground(self.cloud.xyz_m, self.index)

    def fit(self, at_m: tuple[float, ...], label: Label) -> tuple[Box3D, Rows]:
        """Fit a box at a world place, and return it with its points' rows.

        Parameters
        ----------
        at_m
            World (x, y) or (x, y, z), metres.

        Raises
        ------
        NoObjectError
            Where there is nothing to fit, with the reason.
        """
        origin = self.cloud.origin_m
        local = tuple(n - o for n, o in zip(at_m, origin, strict=False))
        fitted = fit_box(self.index, self.ground, local, label)  # type: ignore[arg-type]
        return moved(fitted.box, origin), fitted.rows


def survey(cloud: PointCloud) -> Survey:
    """Index a scan; its ground is found at the first fit."""
    return Survey(cloud, index_points(cloud.xyz_m))


def moved(box: Box3D, by_m: Vec3) -> Box3D:
    """Return a box shifted along the world axes."""
    x, y, z = box.center_m
    return replace(box, center_m=(x + by_m[0], y + by_m[1], z + by_m[2]))
