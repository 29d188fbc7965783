"""What a view of a scan works out from it: where it lies, what is seen of it, what a point says."""

import math

import numpy as np
import numpy.typing as npt

from annotator.app.cloud_settings import Look
from annotator.app.colours_in_words import field_in_words
from annotator.app.renderers.renderer import ShownPoints
from annotator.app.session import Session
from annotator.app.shown_scan import ShownScan
from annotator.geometry import colouring, drawing
from annotator.geometry.accumulating import placed
from annotator.geometry.uncertainty import sizes_px, spread_m
from annotator.model.cloud import PointCloud
from annotator.model.shapes import Vec3


def first_scan(session: Session) -> ShownScan:
    """Return the scan that is shown first; one without points where there is none."""
    clouds, poses = session.context.clouds, session.context.world_from_cloud
    if not clouds:
        return ShownScan(PointCloud(np.zeros((0, 3), np.float32)))
    if not poses:
        return ShownScan(clouds[0])
    return ShownScan(placed(clouds[0], poses[0]), world_from_sensor={0: poses[0]})


_NEARLY_ALL = (0.3, 99.7)
"""Percentiles: a far car is some hundred points, a stray is one."""


def has_places(cloud: PointCloud) -> bool:
    """Tell whether any point has three finite coordinates; a sample seldom leaves it open."""
    sample = cloud.xyz_m[:: max(1, len(cloud) // 1000)]
    return bool(np.isfinite(sample).all(axis=1).any() or cloud.finite().any())


def bulk_m(cloud: PointCloud) -> tuple[Vec3, Vec3] | None:
    """Return the extent of nearly all points; a stray far off must not make the rest tiny."""
    sample = cloud.xyz_m[:: max(1, len(cloud) // 50_000)]
    sample = sample[np.isfinite(sample).all(axis=1)]
    if not len(sample):
        return None
    low, high = np.percentile(sample.astype(np.float64), _NEARLY_ALL, axis=0) + cloud.origin_m
    return (low[0], low[1], low[2]), (high[0], high[1], high[2])


def shown_points(
    shown: ShownScan,
    look: Look,
    colours: colouring.Colours,
    seen: drawing.Mask,
    *,
    px_ratio: float,
) -> ShownPoints:
    """Return what is drawn of a scan.

    Parameters
    ----------
    seen
        One byte per drawn point, 0 where it is hidden; see `WantedRows`.
    px_ratio
        Pixels of the screen to one of the window.
    """
    cloud, (low, high) = shown.cloud, look.slab_m
    return ShownPoints(
        cloud.xyz_m,
        colours.numbers,
        colours.table,
        origin_m=cloud.origin_m,
        seen=seen,
        slab_m=(-math.inf if low is None else low, math.inf if high is None else high),
        point_px=round(look.point_px * px_ratio),
        sizes_px=_sizes_px(shown, round(look.point_px * px_ratio), on=look.sizes_by_doubt),
    )


def are_shown(points: ShownPoints) -> npt.NDArray[np.bool_]:
    """Tell which points are shown to somebody who looks the right way, shape (N,)."""
    low, high = points.slab_in_cloud_m
    shown = np.asarray((points.xyz_m[:, 2] >= low) & (points.xyz_m[:, 2] <= high))
    return shown & (points.seen > 0) if len(points.seen) else shown


def point_in_words(cloud: PointCloud, row: int | None, at_m: Vec3 | None) -> str:
    """Return a point's coordinates and what else the scan says of it."""
    if row is None or at_m is None:
        return ""
    x, y, z = at_m
    said = [f"x {x:.2f} y {y:.2f} z {z:.2f} m"]
    for name, values in cloud.fields.items():
        if np.ndim(values[row]) == 0:
            said.append(f"{field_in_words(name)} {values[row]:.6g}")
    return " · ".join(said)


def _sizes_px(shown: ShownScan, usual_px: int, *, on: bool) -> drawing.Mask:
    """Return how large each point is drawn, where that tells how sure its place is."""
    spread = spread_m(shown.cloud, shown.sensor_m or (0.0, 0.0, 0.0)) if on else None
    return drawing.ONE_SIZE if spread is None else sizes_px(spread, usual_px)
