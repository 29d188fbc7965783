"""Shifts shapes and points along the axes, and between a scan's own axes and the world's."""

from dataclasses import replace
from typing import TypeVar, cast

import numpy as np

from annotator.model.cloud import PointCloud, Points
from annotator.model.shapes import (
    Box3D,
    Cylinder3D,
    Focus,
    Point3D,
    Polygon3D,
    Polyline3D,
    Shape,
    Vec3,
)

S = TypeVar("S", bound=Shape)


def shifted(shape: S, by_m: Vec3) -> S:
    """Return a shape elsewhere; a focus stays where its voxels are."""
    return cast("S", _shifted(shape, by_m))


def in_world(shape: S, cloud: PointCloud) -> S:
    """Return in world axes a shape that was found in a scan's own."""
    return shifted(shape, cloud.origin_m)


def in_cloud(shape: S, cloud: PointCloud) -> S:
    """Return in a scan's own axes a shape of the world."""
    x, y, z = cloud.origin_m
    return shifted(shape, (-x, -y, -z))


def points_about(cloud: PointCloud, origin_m: Vec3) -> Points:
    """Return points in axes that begin elsewhere in the world, shape (N, 3), metres.

    They are the cloud's own where it begins there.
    """
    shift = np.subtract(cloud.origin_m, origin_m)
    return (cloud.xyz_m + shift).astype(np.float32) if shift.any() else cloud.xyz_m


def _shifted(shape: Shape, by_m: Vec3) -> Shape:
    match shape:
        case Box3D() | Cylinder3D():
            return replace(shape, center_m=_sum(shape.center_m, by_m))
        case Polyline3D() | Polygon3D():
            return replace(shape, vertices_m=tuple(_sum(v, by_m) for v in shape.vertices_m))
        case Point3D(at):
            return Point3D(_sum(at, by_m))
        case Focus():
            return shape


def _sum(one: Vec3, other: Vec3) -> Vec3:
    return (one[0] + other[0], one[1] + other[1], one[2] + other[2])
